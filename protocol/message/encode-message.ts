import { CODE_PAGES } from '../bytes/code-page.ts';
import { codecOf, type Codec } from '../codec/codec.ts';
import { isOddTrack, reserve, writeField, type Output } from '../codec/write-field.ts';
import type { Dialect } from '../dialect/dialect.ts';
import { CountersignError } from '../errors/countersign-error.ts';
import type { Message } from './message.ts';

/** Written anew for every message and copied out of: encoding is synchronous. */
const output: Output = { bytes: new Uint8Array(4096) };

/** Message type and three bitmaps in hex. */
const HEAD_BYTES = 4 + 3 * 16;

/**
 * Bytes of a message: message type, bitmaps, fields in ascending order.
 * @throws E_BAD_MTI, E_FIELD_VALUE, E_UNDEFINED_FIELD, E_LENGTH_OVER_MAX, E_LENGTH_UNDER_MIN with
 *   the field
 */
export function encodeMessage(dialect: Dialect, message: Message): Uint8Array {
  const codec = codecOf(dialect);
  reserve(output, HEAD_BYTES);
  const bitmapAt = writeMti(codec, output.bytes, message.mti);
  const { fields } = message;
  const { defined } = codec;
  let bitmaps = 1;
  for (let each = defined.length - 1; each >= 0; each--) {
    const field = defined[each]!;
    if (field <= 64) break;
    if (fields[field] === undefined) continue;
    bitmaps = field > 128 ? 3 : 2;
    break;
  }
  const bitmapBytes = codec.bitmapCode === 0 ? 8 : 16;
  let at = bitmapAt + bitmaps * bitmapBytes;
  const words = [0, 0, 0, 0, 0, 0];
  let written = 0;
  for (let each = 0; each < defined.length; each++) {
    const field = defined[each]!;
    const value = fields[field];
    if (value === undefined) continue;
    at = writeField(codec, output, at, field, value);
    words[(field - 1) >> 5]! |= 0x80000000 >>> ((field - 1) & 31);
    written++;
  }
  refuseStrangers(codec, fields, written);
  if (codec.encryptedTrack !== undefined) checkTracks(codec, fields);
  if (bitmaps > 1) words[0]! |= 0x80000000;
  if (bitmaps > 2) words[2]! |= 0x80000000;
  writeBitmaps(codec, output.bytes, bitmapAt, words, bitmaps);
  return output.bytes.slice(0, at);
}

function writeMti(codec: Codec, bytes: Uint8Array, mti: string): number {
  if (!/^\d{4}$/.test(mti)) throw new CountersignError('E_BAD_MTI', { path: 'MTI', text: mti });
  if (codec.mtiPage < 0) {
    bytes[0] = ((mti.charCodeAt(0) & 15) << 4) | (mti.charCodeAt(1) & 15);
    bytes[1] = ((mti.charCodeAt(2) & 15) << 4) | (mti.charCodeAt(3) & 15);
    return 2;
  }
  const { fromAscii } = CODE_PAGES[codec.mtiPage]!;
  for (let each = 0; each < 4; each++) bytes[each] = fromAscii[mti.charCodeAt(each)]!;
  return 4;
}

/** A value whose field the dialect does not know must not get lost. */
function refuseStrangers(codec: Codec, fields: Message['fields'], written: number): void {
  let keys = 0;
  for (const _ in fields) keys++;
  if (keys === written) return;
  for (const [path, value] of Object.entries(fields)) {
    if (value !== undefined && !codec.defined.includes(Number(path))) {
      throw new CountersignError('E_UNDEFINED_FIELD', { path });
    }
  }
}

/** A track that only an encrypted one can be needs the flag that says so: readers look at it. */
function checkTracks(codec: Codec, fields: Message['fields']): void {
  const { field: flagField, digit, value } = codec.encryptedTrack!;
  if (fields[flagField]?.[digit - 1] === value) return;
  for (const field of codec.tracks) {
    const track = fields[field];
    if (track === undefined || !isOddTrack(track)) continue;
    const text = `field ${flagField} does not say that tracks are encrypted`;
    throw new CountersignError('E_FIELD_VALUE', { path: String(field), text });
  }
}

function writeBitmaps(
  codec: Codec,
  bytes: Uint8Array,
  at: number,
  words: readonly number[],
  bitmaps: number,
): void {
  for (let each = 0; each < bitmaps * 8; each++) {
    const byte = (words[each >> 2]! >>> (24 - (each & 3) * 8)) & 0xff;
    if (codec.bitmapCode === 0) {
      bytes[at + each] = byte;
      continue;
    }
    const { fromAscii } = CODE_PAGES[codec.bitmapCode === 1 ? 0 : 1]!;
    bytes[at + each * 2] = fromAscii[HEX_CODES[byte >> 4]!]!;
    bytes[at + each * 2 + 1] = fromAscii[HEX_CODES[byte & 15]!]!;
  }
}

const HEX_CODES = [...'0123456789ABCDEF'].map((digit) => digit.charCodeAt(0));
