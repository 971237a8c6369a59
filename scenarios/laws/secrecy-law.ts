import { toHex } from '../../protocol/bytes/hex.ts';
import type { HostState } from '../../emulator/host/host-state.ts';
import type { TerminalRecord } from '../../emulator/terminal/terminal-record.ts';
import type { Law } from './law.ts';

/** Hex digits of a picture that are looked for, and how far apart: a piece of 32 is always found. */
const PIECE = 24;
const APART = 8;
/** Fewer different digits than this are no picture's alone. */
const LEAST_DIGITS = 7;

/** What nobody may read: by value, in upper case, with a name that can be told. */
function secretsOf(
  host: HostState,
  terminals: ReadonlyMap<string, TerminalRecord>,
): Map<string, string> {
  const secrets = new Map<string, string>();
  const add = (value: string | undefined, name: string): void => {
    if (value !== undefined && value.length >= 8) secrets.set(value.toUpperCase(), name);
  };
  const { cards, terminals: accounts, issuers, zonePinKey } = host.institution;
  for (const { id, pan, track2 } of cards) {
    add(pan, `the number of card ${id}`);
    add(track2, `the track of card ${id}`);
    add(track2.split(/[D=]/)[1], `the end of the track of card ${id}`);
  }
  for (const { tid, tmk } of accounts) add(tmk, `the master key of ${tid}`);
  for (const { bin, imk } of issuers) add(imk, `the key of the issuer of ${bin}`);
  add(zonePinKey, 'the zone key');
  for (const [tid, { keys }] of terminals) {
    for (const [name, key] of Object.entries(keys ?? {}))
      add(toHex(key as Uint8Array), `the ${name} of ${tid}`);
  }
  for (const [tid, { keys, earlierKeys }] of host.terminals) {
    for (const each of [keys, earlierKeys]) {
      for (const [name, key] of Object.entries(each?.raw ?? {})) {
        add(toHex(key), `the ${name} of ${tid}`);
      }
    }
  }
  const pictures = [...host.archive.signatures].map(
    ([id, { pieces }]) => [id, pieces.join('')] as const,
  );
  const signed = [...host.refundCases.values()].flatMap(({ id, signatures }) =>
    Object.values(signatures).map((picture) => [`the agreement of ${id}`, picture] as const),
  );
  for (const [id, image] of [...pictures, ...signed]) {
    for (let at = 0; at + PIECE <= image.length; at += APART) {
      const piece = image.slice(at, at + PIECE);
      if (new Set(piece).size >= LEAST_DIGITS) add(piece, `the signature of ${id}`);
    }
  }
  return secrets;
}

export const nothingSecretTold: Law = {
  id: 'I-36',
  title: {
    zh: '日志与报告中无卡号、磁道、密钥、签名图像明文',
    en: 'no card number, track, key or picture of a signature in anything that is told',
  },
  violations({ host, terminals, told = [] }) {
    if (told.length === 0) return [];
    const text = told.join('\n').toUpperCase();
    const found = new Set<string>();
    for (const [value, name] of secretsOf(host, terminals)) {
      if (text.includes(value)) found.add(`${name} was told`);
    }
    return [...found];
  },
};
