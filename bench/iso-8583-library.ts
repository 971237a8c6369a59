import { createRequire } from 'node:module';
import { loadDialect, type DialectSource } from '../protocol/dialect/load-dialect.ts';
import type { Message } from '../protocol/message/message.ts';
import format from './iso-8583-npm.json' with { type: 'json' };

/** Field 0 is the message type; binary values are hex, which it reads in lower case. */
export type Iso8583Fields = Record<string, string>;

interface Iso8583Message {
  getIsoJSON(bytes: Buffer, config: { lenHeader: boolean }): Iso8583Fields;
  getRawMessage(): Buffer | { error: string };
}

// The package is CommonJS and has no types.
const Iso8583 = createRequire(import.meta.url)('iso_8583') as new (
  fields?: Iso8583Fields,
) => Iso8583Message;

/** What the package reads and writes, as a dialect of ours. */
export const ISO_8583_NPM = loadDialect(format as DialectSource, () => undefined);

/** The package keeps nothing of a message that it has read, so one reader does for all. */
const reader = new Iso8583();

/** Decodes; the result has a member `error` where the package refuses. */
export function unpackIso8583(bytes: Buffer): Iso8583Fields {
  return reader.getIsoJSON(bytes, { lenHeader: false });
}

/** Encodes; it needs an object of its own for every message. */
export function packIso8583(fields: Iso8583Fields): Buffer | { error: string } {
  return new Iso8583(fields).getRawMessage();
}

/** A message in the notation of the package. */
export function iso8583Fields({ mti, fields }: Message): Iso8583Fields {
  return { 0: mti, ...fields };
}

/** What the package has read in our notation: its hex is in lower case. */
export function messageOfIso8583(read: Iso8583Fields): Message {
  const fields: { [field: number]: string } = {};
  for (const [key, value] of Object.entries(read)) {
    if (key === '0') continue;
    const isBytes = ISO_8583_NPM.fields[Number(key)]?.class === 'b';
    fields[Number(key)] = isBytes ? value.toUpperCase() : value;
  }
  return { mti: read[0] ?? '', fields };
}
