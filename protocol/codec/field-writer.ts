import { CODE_PAGES } from '../bytes/code-page.ts';
import { toHex } from '../bytes/hex.ts';
import { CountersignError } from '../errors/countersign-error.ts';
import type { Codec } from './codec.ts';
import { indexMessage } from './index-message.ts';
import { MessageIndex } from './message-index.ts';
import { isOddTrack, reserve, wrongValue, writeField, type Output } from './write-field.ts';
import { writeBytesQuick, writeQuick } from './write-quick.ts';

/** Room for a length prefix and a sign. */
const EXTRA_BYTES = 16;

/**
 * Writes one message after another: fields first, then message type and bitmaps in front of them,
 * because only then their number is known. It allocates nothing as long as there is room.
 */
export class FieldWriter implements Output {
  /** What is written to; it moves when it is too small. */
  bytes: Uint8Array;
  readonly #codec: Codec;
  /** Bytes that message type and all bitmaps of the dialect take. */
  readonly #headBytes: number;
  readonly #bitmapBytes: number;
  /** The highest field that has a bit. */
  readonly #most: number;
  readonly #words = new Int32Array(6);
  #fieldsAt = 0;
  #at = 0;
  #last = 0;
  /** A track that only an encrypted one can be, or 0. */
  #oddTrack = 0;

  constructor(codec: Codec) {
    this.bytes = new Uint8Array(0);
    this.#codec = codec;
    this.#most = codec.bitmaps * 64;
    this.#bitmapBytes = codec.bitmapCode === 0 ? 8 : 16;
    this.#headBytes = (codec.mtiPage < 0 ? 2 : 4) + codec.bitmaps * this.#bitmapBytes;
  }

  /** Offset behind the last field. */
  get end(): number {
    return this.#at;
  }

  /** Begins a message that may use `bytes` from `at` on. */
  begin(bytes: Uint8Array, at: number): void {
    this.bytes = bytes;
    this.#fieldsAt = at + this.#headBytes;
    this.#at = this.#fieldsAt;
    this.#last = 0;
    this.#oddTrack = 0;
    for (let each = 0; each < this.#codec.bitmaps * 2; each++) this.#words[each] = 0;
    if (this.#at > bytes.length) reserve(this, this.#at);
  }

  /**
   * Writes a field; its number is higher than that of the one before.
   * @throws E_UNDEFINED_FIELD, E_FIELD_VALUE, E_LENGTH_OVER_MAX, E_LENGTH_UNDER_MIN
   */
  put(field: number, value: string | Uint8Array): void {
    if (!(field > this.#last && field <= this.#most)) this.#refuse(field);
    const { table } = this.#codec;
    const at = this.#at;
    let { bytes } = this;
    let to = -1;
    if (typeof value === 'string') {
      // Twice the text is more than any encoding of it takes.
      const most = at + 2 * value.length + EXTRA_BYTES;
      if (most > bytes.length) bytes = reserve(this, most);
      to = writeQuick(table, bytes, at, field, value);
    } else if (value instanceof Uint8Array) {
      // By another name than the length of a text, so that V8 keeps the two apart.
      const most = at + value.byteLength + EXTRA_BYTES;
      if (most > bytes.length) bytes = reserve(this, most);
      to = writeBytesQuick(table, bytes, at, field, value);
    }
    if (to < 0) to = this.#putSlowly(field, value);
    this.#at = to;
    this.#last = field;
    this.#words[(field - 1) >> 5]! |= FIRST_BIT >>> ((field - 1) & 31);
  }

  /**
   * Writes the message type and the bitmaps.
   * @returns the offset of the message type
   * @throws E_BAD_MTI; E_FIELD_VALUE for an encrypted track that no field announces
   */
  finish(mti: string): number {
    const { bytes } = this;
    const words = this.#words;
    const bitmaps = (words[4]! | words[5]!) !== 0 ? 3 : (words[2]! | words[3]!) !== 0 ? 2 : 1;
    const bitmapAt = this.#fieldsAt - bitmaps * this.#bitmapBytes;
    const start = writeMti(this.#codec, bytes, bitmapAt, mti);
    for (let word = 0; word < bitmaps * 2; word++) {
      // The first bits of the first two bitmaps announce the next one.
      const isAnnouncing = word % 2 === 0 && word < bitmaps * 2 - 2;
      const bits = isAnnouncing ? words[word]! | FIRST_BIT : words[word]!;
      writeWord(this.#codec, bytes, bitmapAt + (word * this.#bitmapBytes) / 2, bits);
    }
    if (this.#oddTrack !== 0) this.#checkTrack(start);
    return start;
  }

  #putSlowly(field: number, value: string | Uint8Array): number {
    const codec = this.#codec;
    const text = textOf(codec, field, value);
    const to = writeField(codec, this, this.#at, field, text);
    // A track that is not plain digits and D never takes the quick way.
    const isFirst = this.#oddTrack === 0 && codec.encryptedTrack !== undefined;
    if (isFirst && codec.tracks.includes(field) && isOddTrack(text)) this.#oddTrack = field;
    return to;
  }

  #refuse(field: number): never {
    const path = String(field);
    if (field > this.#last || field <= 0) throw new CountersignError('E_UNDEFINED_FIELD', { path });
    throw wrongValue(path, `behind field ${this.#last}: fields are written in ascending order`);
  }

  /** A track that only an encrypted one can be needs the field that says so: readers look at it. */
  #checkTrack(start: number): void {
    const index = new MessageIndex(this.#codec);
    if (indexMessage(index, this.bytes, start, this.#at)) return;
    const text = `field ${this.#codec.encryptedTrack!.field} does not say that tracks are encrypted`;
    throw wrongValue(String(this.#oddTrack), text);
  }
}

/** A value as the text that the long way takes: bytes are for fields of class b. */
function textOf(codec: Codec, field: number, value: string | Uint8Array): string {
  if (typeof value === 'string') return value;
  const path = String(field);
  if (!(value instanceof Uint8Array)) throw wrongValue(path, 'neither a text nor bytes');
  if (codec.fields[field]?.class === 'b') return toHex(value);
  if (codec.fields[field] === undefined) throw new CountersignError('E_UNDEFINED_FIELD', { path });
  throw wrongValue(path, 'bytes where a text is due');
}

const FIRST_BIT = 1 << 31;

/** Writes the message type in front of `to`. @returns its offset */
function writeMti(codec: Codec, bytes: Uint8Array, to: number, mti: string): number {
  let value = 0;
  let isWrong = mti.length !== 4;
  for (let each = 0; each < mti.length; each++) {
    const digit = mti.charCodeAt(each) - 48;
    if (digit < 0 || digit > 9) isWrong = true;
    value = value * 16 + digit;
  }
  if (isWrong) throw new CountersignError('E_BAD_MTI', { path: 'MTI', text: mti });
  if (codec.mtiPage < 0) {
    bytes[to - 2] = value >> 8;
    bytes[to - 1] = value & 0xff;
    return to - 2;
  }
  const { fromAscii } = CODE_PAGES[codec.mtiPage]!;
  for (let each = 0; each < 4; each++) bytes[to - 4 + each] = fromAscii[mti.charCodeAt(each)]!;
  return to - 4;
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
