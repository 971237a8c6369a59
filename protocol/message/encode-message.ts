import { CODE_PAGES } from '../bytes/code-page.ts';
import { codecOf, type Codec } from '../codec/codec.ts';
import { isOddTrack, reserve, writeField, type Output } from '../codec/write-field.ts';
import { writeQuick } from '../codec/write-quick.ts';
import type { Dialect } from '../dialect/dialect.ts';
import { CountersignError } from '../errors/countersign-error.ts';
import type { Message } from './message.ts';

/** Room that many messages are written into, one behind the other: making room costs more than writing. */
const ROOM_BYTES = 16_384;
/** What a message must find free to begin; a longer one moves to a room of its own. */
const FREE_BYTES = 2048;

const output: Output = { bytes: new Uint8Array(ROOM_BYTES) };
let free = 0;

/** Message type and three bitmaps in hex. */
const HEAD_BYTES = 4 + 3 * 16;

/**
 * Bytes of a message: message type, bitmaps, fields in ascending order. They may share their
 * ArrayBuffer with other messages, as those of a Buffer do.
 *
 * @throws E_BAD_MTI, E_FIELD_VALUE, E_UNDEFINED_FIELD, E_LENGTH_OVER_MAX, E_LENGTH_UNDER_MIN with
 *   the field; fields are looked for up to the bitmap behind the last one of the dialect
 */
export function encodeMessage(dialect: Dialect, message: Message): Uint8Array {
  const codec = codecOf(dialect);
  // A room that grew for one long message is not kept for the next.
  if (output.bytes.length > ROOM_BYTES || output.bytes.length - free < FREE_BYTES) {
    output.bytes = new Uint8Array(ROOM_BYTES);
    free = 0;
  }
  const start = free;
  const end = writeMessage(codec, message, start);
  free = end;
  return new Uint8Array(output.bytes.buffer, start, end - start);
}

function writeMessage(codec: Codec, message: Message, start: number): number {
  const { fields } = message;
  const { table } = codec;
  const bitmapAt = writeMti(codec, output.bytes, start, message.mti);
  const bitmaps = bitmapsOf(fields, codec.bitmaps);
  if (bitmaps > codec.bitmaps) refuseStrangers(codec, fields);
  const bitmapBytes = codec.bitmapCode === 0 ? 8 : 16;
  let at = bitmapAt + bitmaps * bitmapBytes;
  let isAllQuick = true;
  for (let word = 0; word < bitmaps * 2; word++) {
    // The first bits of the first two bitmaps announce the next one.
    let bits = word % 2 === 0 && word / 2 < bitmaps - 1 ? FIRST_BIT : 0;
    for (let bit = 0; bit < 32; bit++) {
      const field = word * 32 + bit + 1;
      const value = fields[field];
      if (value === undefined) continue;
      // Twice the text is more than any prefix, sign and value take.
      const most = at + 2 * value.length + HEAD_BYTES;
      if (most > output.bytes.length) reserve(output, most);
      const to = writeQuick(table, output.bytes, at, field, value);
      if (to >= 0) at = to;
      else {
        at = writeField(codec, output, at, field, value);
        isAllQuick = false;
      }
      bits |= 1 << (31 - bit);
    }
    writeWord(codec, output.bytes, bitmapAt + (word * bitmapBytes) / 2, bits);
  }
  // A track that is not plain digits and D never takes the quick way.
  if (!isAllQuick && codec.encryptedTrack !== undefined) checkTracks(codec, fields);
  return at;
}

const FIRST_BIT = 1 << 31;

/** How many bitmaps the fields need. */
function bitmapsOf(fields: Message['fields'], most: number): number {
  if (fields[0] !== undefined) throw new CountersignError('E_UNDEFINED_FIELD', { path: '0' });
  // One bitmap more than there is: a field there must not get lost.
  for (let bitmap = Math.min(3, most + 1); bitmap > 1; bitmap--) {
    for (let field = bitmap * 64; field > (bitmap - 1) * 64; field--) {
      if (fields[field] !== undefined) return bitmap;
    }
  }
  return 1;
}

function writeMti(codec: Codec, bytes: Uint8Array, at: number, mti: string): number {
  let value = 0;
  let isWrong = mti.length !== 4;
  for (let each = 0; each < mti.length; each++) {
    const digit = mti.charCodeAt(each) - 48;
    if (digit < 0 || digit > 9) isWrong = true;
    value = value * 16 + digit;
  }
  if (isWrong) throw new CountersignError('E_BAD_MTI', { path: 'MTI', text: mti });
  if (codec.mtiPage < 0) {
    bytes[at] = value >> 8;
    bytes[at + 1] = value & 0xff;
    return at + 2;
  }
  const { fromAscii } = CODE_PAGES[codec.mtiPage]!;
  for (let each = 0; each < 4; each++) bytes[at + each] = fromAscii[mti.charCodeAt(each)]!;
  return at + 4;
}

/** A value whose field has no bit in this dialect must not get lost. */
function refuseStrangers(codec: Codec, fields: Message['fields']): never {
  const path = Object.keys(fields).find((key) => Number(key) > codec.bitmaps * 64) ?? '';
  throw new CountersignError('E_UNDEFINED_FIELD', { path });
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

/** 32 bits of a bitmap, as four bytes or eight hex digits. */
function writeWord(codec: Codec, bytes: Uint8Array, at: number, bits: number): void {
  if (codec.bitmapCode === 0) {
    bytes[at] = bits >>> 24;
    bytes[at + 1] = bits >>> 16;
    bytes[at + 2] = bits >>> 8;
    bytes[at + 3] = bits;
    return;
  }
  const { fromAscii } = CODE_PAGES[codec.bitmapCode === 1 ? 0 : 1]!;
  for (let each = 0; each < 8; each++) {
    bytes[at + each] = fromAscii[HEX_CODES[(bits >>> (28 - each * 4)) & 15]!]!;
  }
}

const HEX_CODES = [...'0123456789ABCDEF'].map((digit) => digit.charCodeAt(0));
