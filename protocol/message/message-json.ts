import type { Dialect } from '../dialect/dialect.ts';
import { CountersignError } from '../errors/countersign-error.ts';
import { usualEnvelope, type Envelope } from '../framing/envelope.ts';
import { readPath } from '../structure/field-structure.ts';
import { writePath } from '../structure/write-path.ts';
import type { Message } from './message.ts';

/** A message as it is written in JSON, and what is to stand around its bytes. */
export interface WrittenMessage {
  readonly message: Message;
  /** Absent for bare bytes. */
  readonly envelope?: Envelope;
  /** Whether a length prefix is wanted. */
  readonly isFramed: boolean;
}

/**
 * Reads `{ "mti": "0200", "fields": { "3": "000000", "60.1": "22" } }`. Values are text, keyed by
 * field number or by the path of what is inside; a path may repeat what its field says, but not
 * contradict it. `tpdu`, `header` and `length` ask for an envelope and a prefix; other members, such
 * as the names that `decode --json` adds, are for readers.
 * @throws E_JSON, E_PATH, E_FIELD_VALUE, E_UNDEFINED_FIELD
 */
export function messageFromJson(dialect: Dialect, json: unknown): WrittenMessage {
  const { mti, fields, tpdu, header, length } = membersOf(json, 'a message');
  if (typeof mti !== 'string') throw wrong('mti', 'the message type is missing, or no text');
  const given = membersOf(fields ?? {}, 'fields');
  let message: Message = { mti, fields: {} };
  const paths = Object.keys(given).filter((key) => key.includes('.'));
  const numbers = Object.keys(given).filter((key) => !key.includes('.'));
  // Fields first: what is inside of one may depend on another.
  for (const key of [...numbers, ...paths]) {
    const value = given[key];
    if (typeof value !== 'string') throw wrong(key, 'the value is no text');
    const own = key.split('.')[0]!;
    const known = key.includes('.') ? readPath(dialect, message, key) : undefined;
    if (known === value) continue;
    if (key.includes('.') && given[own] !== undefined) {
      throw new CountersignError('E_FIELD_VALUE', { path: key, text: `field ${own} says another` });
    }
    message = writePath(dialect, message, key, value);
  }
  const isFramed = length !== undefined;
  const usual = usualEnvelope(dialect.framing);
  if (tpdu === undefined && header === undefined && !isFramed) return { message, isFramed };
  const envelope = {
    tpdu: hexOf('tpdu', tpdu ?? usual.tpdu, usual.tpdu.length),
    header: hexOf('header', header ?? usual.header, usual.header.length),
  };
  return { message, envelope, isFramed };
}

function membersOf(json: unknown, what: string): { readonly [key: string]: unknown } {
  if (typeof json === 'object' && json !== null && !Array.isArray(json)) {
    return json as { readonly [key: string]: unknown };
  }
  throw wrong('', `${what} is an object`);
}

function hexOf(name: string, value: unknown, digits: number): string {
  if (typeof value === 'string' && value.length === digits && /^[0-9A-F]*$/.test(value)) {
    return value;
  }
  throw wrong(name, `${digits} upper-case hex digits are due`);
}

function wrong(path: string, text: string): CountersignError {
  return new CountersignError('E_JSON', { text, ...(path === '' ? {} : { path }) });
}
