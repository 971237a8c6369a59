import { CODE_PAGES } from '../bytes/code-page.ts';
import { HEX_CODES, toHex } from '../bytes/hex.ts';
import type { FieldSpec } from '../dialect/dialect.ts';
import { CountersignError } from '../errors/countersign-error.ts';
import type { Codec } from './codec.ts';
import { indexMessage } from './index-message.ts';
import { MessageIndex } from './message-index.ts';
import { MOST_FIELDS, USUAL_FIELDS } from './slots.ts';
import { isOddTrack, wrongValue, writeField, type Output } from './write-field.ts';
import { writeQuick } from './write-quick.ts';

/** By field number; what is undefined is not there. */
type FieldsToWrite = Readonly<Record<number, string | Uint8Array | undefined>>;

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
  /** Fields are looked for so far: one bitmap further than there are any, where each is refused. */
  readonly #most: number;
  /** The bits of the bitmaps that a message has, 32 in each. */
  readonly #words = new Int32Array(6);
  #at = 0;
  /** A track that only an encrypted one can be, or 0. */
  #oddTrack = 0;

  constructor(codec: Codec) {
    this.bytes = new Uint8Array(0);
    this.#codec = codec;
    const { bitmaps, bitmapCode, mtiPage } = codec;
    this.#headBytes = (mtiPage < 0 ? 2 : 4) + bitmaps * 2 * WORD_BYTES[bitmapCode]!;
    this.#most = Math.min(bitmaps * 64 + 64, MOST_FIELDS);
  }

  /** Offset behind the last field. */
  get end(): number {
    return this.#at;
  }

  /**
   * Writes a message that may use `bytes` from `from` on, where its head fits. Fields are looked for
   * one bitmap further than there are any, and refused there: they must not get lost.
   *
   * @returns the offset of the message type
   * @throws E_BAD_MTI, E_UNDEFINED_FIELD, E_LENGTH_OVER_MAX, E_LENGTH_UNDER_MIN; E_FIELD_VALUE, also
   *   for an encrypted track that no field announces
   */
  write(bytes: Uint8Array, from: number, mti: string, fields: FieldsToWrite): number {
    const { table } = this.#codec;
    const words = this.#words;
    const fieldsAt = from + this.#headBytes;
    this.bytes = bytes;
    this.#oddTrack = 0;
    let room = bytes;
    let at = fieldsAt;
    if (fields[0] !== undefined) throw new CountersignError('E_UNDEFINED_FIELD', { path: '0' });
    for (let word = 0; word < 2; word++) {
      const first = word * 32 + 1;
      let bits = 0;
      for (let field = first; field < first + 32; field++) {
        // Most are not there; to ask for that is far cheaper than to fetch nothing.
        if (!(field in fields)) continue;
        const value = fields[field];
        if (value === undefined) continue;
        let to = writeQuick(table, room, at, field, value);
        if (to < 0) {
          to = this.#putSlowly(at, field, value);
          room = this.bytes;
        }
        at = to;
        bits |= FIRST_BIT >>> (field - first);
      }
      words[word] = bits;
    }
    this.#at = at;
    let bitmaps = 1;
    for (let field = USUAL_FIELDS + 1; field <= this.#most; field += 8) {
      if (hasOneOfEight(fields, field)) bitmaps = this.#putEight(fields, field, bitmaps);
    }
    const start = writeHead(this.#codec, this.bytes, fieldsAt, mti, words, bitmaps);
    if (this.#oddTrack !== 0) this.#checkTrack(start);
    return start;
  }

  /** Writes fields behind the first bitmap, where there are any. @returns how many bitmaps there are now */
  #putEight(fields: FieldsToWrite, first: number, before: number): number {
    const words = this.#words;
    let bitmaps = before;
    for (let field = first; field < first + 8; field++) {
      const value = fields[field];
      if (value === undefined) continue;
      const to = writeQuick(this.#codec.table, this.bytes, this.#at, field, value);
      this.#at = to < 0 ? this.#putSlowly(this.#at, field, value) : to;
      while (bitmaps * 64 < field) {
        words.fill(0, bitmaps * 2, bitmaps * 2 + 2);
        bitmaps++;
      }
      words[(field - 1) >> 5]! |= FIRST_BIT >>> ((field - 1) & 31);
    }
    return bitmaps;
  }

  #putSlowly(at: number, field: number, value: string | Uint8Array): number {
    const codec = this.#codec;
    const text = textOf(codec.fields[field], String(field), value);
    const to = writeField(codec, this, at, field, text);
    // A track that is not plain digits and D never takes the quick way.
    const isFirst = this.#oddTrack === 0 && codec.encryptedTrack !== undefined;
    if (isFirst && codec.tracks.includes(field) && isOddTrack(text)) this.#oddTrack = field;
    return to;
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
function textOf(spec: FieldSpec | undefined, path: string, value: string | Uint8Array): string {
  if (spec === undefined) throw new CountersignError('E_UNDEFINED_FIELD', { path });
  if (typeof value === 'string') return value;
  if (!(value instanceof Uint8Array)) throw wrongValue(path, 'neither a text nor bytes');
  if (spec.class !== 'b') throw wrongValue(path, 'bytes where a text is due');
  return toHex(value);
}

const FIRST_BIT = 1 << 31;
/** Bytes of half a bitmap: binary, hex in ASCII, hex in EBCDIC. */
const WORD_BYTES = [4, 8, 8];

/** Mostly there is none: to ask so is cheaper than in a loop. */
function hasOneOfEight(fields: FieldsToWrite, first: number): boolean {
  return (
    first in fields ||
    first + 1 in fields ||
    first + 2 in fields ||
    first + 3 in fields ||
    first + 4 in fields ||
    first + 5 in fields ||
    first + 6 in fields ||
    first + 7 in fields
  );
}

/** Writes message type and bitmaps in front of the fields. @returns the offset of the message type */
function writeHead(
  codec: Codec,
  bytes: Uint8Array,
  fieldsAt: number,
  mti: string,
  words: Int32Array,
  bitmaps: number,
): number {
  const value = mti === lastMti ? lastMtiValue : mtiValue(mti);
  // The first bits of the first two bitmaps announce the next one.
  for (let each = 1; each < bitmaps; each++) words[each * 2 - 2]! |= FIRST_BIT;
  const count = bitmaps * 2;
  let at = fieldsAt;
  if (codec.bitmapCode === 0) {
    at -= count * 4;
    for (let word = 0; word < count; word++) {
      const bits = words[word]!;
      const to = at + word * 4;
      bytes[to] = bits >>> 24;
      bytes[to + 1] = bits >>> 16;
      bytes[to + 2] = bits >>> 8;
      bytes[to + 3] = bits;
    }
  } else {
    at -= count * 8;
    const { fromAscii } = CODE_PAGES[codec.bitmapCode === 1 ? 0 : 1]!;
    for (let digit = 0; digit < count * 8; digit++) {
      const nibble = (words[digit >> 3]! >>> (28 - (digit & 7) * 4)) & 15;
      bytes[at + digit] = fromAscii[HEX_CODES[nibble]!]!;
    }
  }
  if (codec.mtiPage < 0) {
    bytes[at - 2] = value >> 8;
    bytes[at - 1] = value;
    return at - 2;
  }
  const { fromAscii } = CODE_PAGES[codec.mtiPage]!;
  for (let each = 0; each < 4; each++) bytes[at - 4 + each] = fromAscii[mti.charCodeAt(each)]!;
  return at - 4;
}

/** The digits of a message type as BCD. @throws E_BAD_MTI */
function mtiValue(mti: string): number {
  let value = 0;
  let isWrong = mti.length !== 4;
  for (let each = 0; each < mti.length; each++) {
    const digit = mti.charCodeAt(each) - 48;
    if (digit < 0 || digit > 9) isWrong = true;
    value = value * 16 + digit;
  }
  if (isWrong) throw new CountersignError('E_BAD_MTI', { path: 'MTI', text: mti });
  lastMti = mti;
  lastMtiValue = value;
  return value;
}

/** Whoever writes a message of a type mostly writes another one of it. */
let lastMti = '0200';
let lastMtiValue = 0x0200;
