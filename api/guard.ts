import { timingSafeEqual } from 'node:crypto';
import { CountersignError } from '../protocol/errors/countersign-error.ts';
import { digest } from '../protocol/security/digest.ts';

/** Headers of a call, by name in lower case. */
export type HeaderOf = (name: string) => string | undefined;

export interface Gate {
  readonly token: string;
  /** `name:port` under which the API may be called. */
  readonly hosts: readonly string[];
}

/**
 * Lets a call in, before anybody asks what it wants. The name in `Host` is ours, so that no page can
 * reach us under a name of its own; a browser says where a call comes from, and only our own pages
 * may (F141-F143).
 * @throws E_API_ORIGIN
 */
export function checkOrigin(header: HeaderOf, { hosts }: Gate): void {
  const host = header('host')?.toLowerCase();
  if (host === undefined || !hosts.includes(host)) {
    throw new CountersignError('E_API_ORIGIN', { text: 'the Host header names another host' });
  }
  const origin = header('origin');
  if (origin !== undefined && origin.toLowerCase() !== `http://${host}`) {
    throw new CountersignError('E_API_ORIGIN', { text: 'a page of another origin calls' });
  }
  const site = header('sec-fetch-site');
  if (site !== undefined && site !== 'same-origin' && site !== 'none') {
    throw new CountersignError('E_API_ORIGIN', { text: 'a page of another site calls' });
  }
}

/**
 * Whether the caller has the token; the time it takes does not tell how much of it was right.
 * @throws E_API_TOKEN
 */
export function checkToken(header: HeaderOf, { token }: Gate): void {
  const [, given = ''] = /^bearer +(\S+)$/i.exec(header('authorization') ?? '') ?? [];
  const isRight = timingSafeEqual(Buffer.from(digest(given)), Buffer.from(digest(token)));
  if (!isRight || token === '') throw new CountersignError('E_API_TOKEN');
}

/** A form or a plain text can be sent by any page; JSON cannot. @throws E_API_MEDIA */
export function checkMedia(header: HeaderOf): void {
  const type = header('content-type') ?? '';
  if (/^application\/json(?:; *charset="?utf-8"?)?$/i.test(type.trim())) return;
  throw new CountersignError('E_API_MEDIA');
}
