import type { Dialect } from '../dialect/dialect.ts';
import { CountersignError } from '../errors/countersign-error.ts';
import { usualEnvelope, type Envelope } from '../framing/envelope.ts';
import { isHexText } from '../structure/content.ts';
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
  const message = messageOf(dialect, mti, given);
  const isFramed = length !== undefined;
  const usual = usualEnvelope(dialect.framing);
  if (tpdu === undefined && header === undefined && !isFramed) return { message, isFramed };
  const envelope = {
    tpdu: hexOf('tpdu', tpdu ?? usual.tpdu, usual.tpdu.length),
    header: hexOf('header', header ?? usual.header, usual.header.length),
  };
  return { message, envelope, isFramed };
}

/**
 * Fields first, then what is inside of them: what a part is may depend on another field, and a part
 * on the one before it, so whatever cannot be written yet is tried again when others have been.
 */
function messageOf(
  dialect: Dialect,
  mti: string,
  given: { readonly [key: string]: unknown },
): Message {
  let message: Message = { mti, fields: {} };
  let waiting: string[] = [];
  for (const [key, value] of Object.entries(given)) {
    if (typeof value !== 'string') throw wrong(key, 'the value is no text');
    if (key.includes('.')) waiting.push(key);
    else message = writeWhole(dialect, message, key, value);
  }
  while (waiting.length > 0) {
    const late: string[] = [];
    let why: CountersignError | undefined;
    for (const key of waiting) {
      try {
        message = writeInside(dialect, message, key, given);
      } catch (error) {
        if (!(error instanceof CountersignError) || error.code !== 'E_PATH') throw error;
        why ??= error;
        late.push(key);
      }
    }
    if (why !== undefined && late.length === waiting.length) throw why;
    // The next round goes the other way, so that an order from last to first takes two.
    waiting = late.reverse();
  }
  return message;
}

function writeWhole(dialect: Dialect, message: Message, key: string, value: string): Message {
  if (!/^[1-9]\d*$/.test(key)) {
    const text = 'a field is named by its number';
    throw new CountersignError('E_UNDEFINED_FIELD', { path: key, text });
  }
  if (dialect.fields[Number(key)]?.class === 'b' && !isHexText(value)) {
    const text = 'not upper-case hex; masked output cannot be written, decode with --unmask';
    throw new CountersignError('E_FIELD_VALUE', { path: key, text });
  }
  return writePath(dialect, message, key, value);
}

function writeInside(
  dialect: Dialect,
  message: Message,
  key: string,
  given: { readonly [key: string]: unknown },
): Message {
  const value = given[key] as string;
  if (readPath(dialect, message, key) === value) return message;
  const own = key.split('.')[0]!;
  if (Object.hasOwn(given, own)) {
    throw new CountersignError('E_FIELD_VALUE', { path: key, text: `field ${own} says another` });
  }
  return writePath(dialect, message, key, value);
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
