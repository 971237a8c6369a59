import { CountersignError } from '../../protocol/errors/countersign-error.ts';

/** A hash that somebody has noted of a chain, looked for while the chain is read. */
export interface NotedHash {
  /** Hears the hash after each link in turn. */
  hear(place: number, hash: string): void;
  /** After how many links the chain had it; absent while it is nowhere. */
  readonly at: number | undefined;
}

/** Why a noted hash may be nowhere in a chain that is whole. */
export const LOST =
  'its end was cut off, the folder was put back to an earlier time, or the hash is of another journal';

/** Of a chain without links. */
const NOTHING = '0'.repeat(64);

/** What `--last` asks for; undefined when it was not given. @throws E_USAGE when it is no hash */
export function notedHash(last: string | undefined): NotedHash | undefined {
  if (last === undefined) return undefined;
  if (!/^[0-9a-fA-F]{64}$/.test(last)) {
    const hint = 'the hash that an earlier verify has shown, 64 hex digits';
    throw new CountersignError('E_USAGE', { text: `--last ${last.slice(0, 40)}`, hint });
  }
  const wanted = last.toLowerCase();
  let at = wanted === NOTHING ? 0 : undefined;
  return {
    hear(place, hash) {
      if (hash === wanted) at = place;
    },
    get at() {
      return at;
    },
  };
}

/** Since the note was made: `as noted after group 59; 12 groups since then, all as they were written`. */
export function sinceText(link: string, at: number, links: number, done: string): string {
  const grown = links - at;
  const noted = at === 0 ? 'as noted while it was empty' : `as noted after ${link} ${at}`;
  if (grown === 0) return at === 0 ? 'as noted, still empty' : `${noted}, the last one`;
  const since = grown === 1 ? `1 ${link} since then` : `${grown} ${link}s since then`;
  return `${noted}; ${since}, all as they were ${done}`;
}
