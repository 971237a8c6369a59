import { ASCII_PAGE, CLASS_BIT, CODE_PAGES } from '../bytes/code-page.ts';
import { concatBytes } from '../bytes/concat-bytes.ts';
import { hexValue } from '../bytes/hex.ts';
import { NIBBLE_BIT, NIBBLE_FLAGS } from '../bytes/nibbles.ts';
import type { Codec } from './codec.ts';
import { PREFIX_ASCII, PREFIX_BCD, QUICK_FLAGS } from './compile-field.ts';
import { indexField } from './index-field.ts';
import { refuseTrack } from './index-digits.ts';
import { fieldText } from './field-text.ts';
import { characterSlice, hexSlice } from '../bytes/slice-text.ts';
import {
  CUT_BYTES,
  CUT_CHARACTERS,
  CUT_DIGITS_RIGHT,
  CUT_NONE,
  QUICK_CHECK,
  QUICK_CUT,
  QUICK_MASK,
  QUICK_WIDTH,
  SLOTS,
  SLOT_FIXED,
  SLOT_IS_RIGHT,
  SLOT_MAX,
  SLOT_MIN,
  SLOT_PREFIX_BYTES,
  SLOT_PREFIX_CODE,
  SLOT_PREFIX_SELF,
  SLOT_QUICK,
  WIDTH_HALF,
  WIDTH_SAME,
} from './slots.ts';
import {
  BITMAP_FIELD,
  NO_FIELD,
  refuse,
  type MessageIndex,
  type Tolerance,
} from './message-index.ts';

/**
 * Walks over one message once: finds every field and judges every byte of it. The one place where
 * a message is accepted or refused; texts are made later, of what is asked for.
 *
 * @returns false when the message is refused; `index` then says why and holds the fields before it
 */
export function indexMessage(
  index: MessageIndex,
  bytes: Uint8Array,
  start: number,
  end: number,
  tolerance?: Tolerance,
): boolean {
  const at = indexHead(index, bytes, start, end, tolerance);
  return at >= 0 && indexFields(index, at);
}

/**
 * Reads message type and bitmaps; `index.numbers` then names the fields.
 *
 * @returns the offset of the first field, or -1 with the reason in `index`
 */
export function indexHead(
  index: MessageIndex,
  bytes: Uint8Array,
  start: number,
  end: number,
  tolerance?: Tolerance,
): number {
  index.bytes = bytes;
  index.tolerance = tolerance;
  index.start = start;
  index.end = end;
  index.count = 0;
  index.hasMti = false;
  index.code = undefined;
  index.oddTrack = 0;
  if (index.passed.length > 0) index.passed.length = 0;
  const bitmapAt = indexMti(index);
  if (bitmapAt < 0) return -1;
  index.hasMti = true;
  const at = indexBitmaps(index, bitmapAt);
  if (at < 0) index.count = 0;
  return at;
}

type IndexFields = (
  index: MessageIndex,
  from: number,
  texts?: { [field: number]: string },
) => boolean;

/**
 * Walks over the fields that `index.numbers` names; sub-messages come in here. A field whose bytes
 * all have the flag of its class is accepted on the quick way; whatever is not is judged by
 * {@link indexField}, which alone refuses.
 *
 * @param texts gets the values as text, made on the way
 */
export const indexFields: IndexFields = fieldsIndexer();

/** Made once, with its tables inside: what the compiler sees to be constant it does not fetch every time. */
function fieldsIndexer(): IndexFields {
  /** Flags of bytes, 256 for every check. */
  const flags = concatBytes(QUICK_FLAGS);

  return (index, from, texts) => {
    const { count, start, end, numbers, offsets, sizes, ends, bytes } = index;
    const { table } = index.codec;
    // Named in front of the loops: V8 sees only then that it is constant inside of them.
    const allFlags = flags;
    // The whole message as text, made once; every value is a piece of it.
    let characters = '';
    let nibbles = '';
    let at = from;
    for (let each = 0; each < count; each++) {
      const field = numbers[each]!;
      const base = field * SLOTS;
      let size = table[base + SLOT_FIXED]!;
      let value = at;
      if (size < 0 && isQuickPrefix(table[base + SLOT_PREFIX_CODE]!)) {
        size = quickPrefix(table, base, bytes, at, end);
        value += table[base + SLOT_PREFIX_BYTES]!;
      }
      const quick = size < 0 ? -1 : table[base + SLOT_QUICK]!;
      if (quick >= 0) {
        const check = quick & QUICK_CHECK;
        const width = (quick >> QUICK_WIDTH) & 15;
        const to =
          value + (width === WIDTH_SAME ? size : width === WIDTH_HALF ? (size + 1) >> 1 : size * 2);
        if (to <= end) {
          let common = quick >> QUICK_MASK;
          if (check > 0) {
            const row = check << 8;
            let byte = value;
            for (; byte + 3 < to; byte += 4) {
              common &=
                allFlags[row | bytes[byte]!]! &
                allFlags[row | bytes[byte + 1]!]! &
                allFlags[row | bytes[byte + 2]!]! &
                allFlags[row | bytes[byte + 3]!]!;
            }
            for (; byte < to; byte++) common &= allFlags[row | bytes[byte]!]!;
            const isOdd = width === WIDTH_HALF && (size & 1) === 1;
            if (isOdd && !hasZeroPad(table, base, bytes, value, to)) common = 0;
          }
          if (common !== 0) {
            offsets[field] = value;
            sizes[field] = size;
            ends[field] = to;
            at = to;
            if (texts === undefined) continue;
            const cut = (quick >> QUICK_CUT) & 0xff;
            if (cut === CUT_CHARACTERS) {
              if (characters === '') characters = characterSlice(bytes, start, end);
              texts[field] = characters.substring(value - start, to - start);
            } else if (cut === CUT_NONE) texts[field] = fieldText(index, field);
            else {
              if (nibbles === '') nibbles = hexSlice(bytes, start, end);
              const spare = cut === CUT_BYTES ? 0 : size & 1;
              const left = cut === CUT_DIGITS_RIGHT ? spare : 0;
              texts[field] = nibbles.substring(
                (value - start) * 2 + left,
                (to - start) * 2 - spare + left,
              );
            }
            continue;
          }
        }
      }
      const next = indexField(index, field, at);
      if (next < 0) {
        index.count = each;
        return false;
      }
      ends[field] = next;
      at = next;
      if (texts !== undefined) texts[field] = fieldText(index, field);
    }
    if (at < end) return refuse(index, 'E_TRAILING', NO_FIELD, at, end - at, 0) > 0;
    return index.oddTrack === 0 || isEncrypted(index) || refuseTrack(index);
  };
}

function isQuickPrefix(code: number): boolean {
  return code === PREFIX_BCD || code === PREFIX_ASCII;
}

/** The number in a decimal prefix when it is a number within the limits of the field, or -1. */
function quickPrefix(
  table: Int32Array,
  base: number,
  bytes: Uint8Array,
  at: number,
  end: number,
): number {
  const to = at + table[base + SLOT_PREFIX_BYTES]!;
  if (to > end) return -1;
  const code = table[base + SLOT_PREFIX_CODE]!;
  const first = bytes[at]!;
  let size = 0;
  // One or two BCD bytes are by far the most.
  if (code === PREFIX_BCD && to - at <= 2) {
    const last = bytes[to - 1]!;
    if ((NIBBLE_FLAGS[first]! & NIBBLE_FLAGS[last]! & NIBBLE_BIT.decimal) === 0) return -1;
    size = (last >> 4) * 10 + (last & 15);
    if (to - at === 2) size += ((first >> 4) * 10 + (first & 15)) * 100;
    return inLimits(table, base, size);
  }
  for (let each = at; each < to; each++) {
    const byte = bytes[each]!;
    if (code === PREFIX_BCD) {
      if ((NIBBLE_FLAGS[byte]! & NIBBLE_BIT.decimal) === 0) return -1;
      size = size * 100 + (byte >> 4) * 10 + (byte & 15);
    } else {
      if (byte < 0x30 || byte > 0x39) return -1;
      size = size * 10 + byte - 0x30;
    }
  }
  return inLimits(table, base, size);
}

function inLimits(table: Int32Array, base: number, said: number): number {
  const size = said - table[base + SLOT_PREFIX_SELF]!;
  return size >= table[base + SLOT_MIN]! && size <= table[base + SLOT_MAX]! ? size : -1;
}

function hasZeroPad(
  table: Int32Array,
  base: number,
  bytes: Uint8Array,
  at: number,
  to: number,
): boolean {
  return table[base + SLOT_IS_RIGHT] === 1 ? bytes[at]! < 0x10 : (bytes[to - 1]! & 15) === 0;
}

function indexMti(index: MessageIndex): number {
  const { bytes, codec, end, start: at } = index;
  const isBcd = codec.mtiPage < 0;
  const size = isBcd ? 2 : 4;
  if (end - at < size) return refuse(index, 'E_TRUNCATED', 0, end, end - at, size);
  const flags = isBcd ? NIBBLE_FLAGS : CODE_PAGES[codec.mtiPage]!.flags;
  const due = isBcd ? NIBBLE_BIT.decimal : CLASS_BIT.n;
  for (let each = at; each < at + size; each++) {
    if ((flags[bytes[each]!]! & due) === 0) {
      return refuse(index, 'E_BAD_MTI', 0, each, bytes[each]!, 0);
    }
  }
  return at + size;
}

function indexBitmaps(index: MessageIndex, from: number): number {
  const { codec, bytes, end } = index;
  const size = codec.bitmapCode === 0 ? 8 : 16;
  let at = from;
  let isMore = true;
  index.count = 0;
  for (let each = 2; each < codec.bitmaps * 2; each++) index.words[each] = 0;
  for (let bitmap = 0; isMore; bitmap++) {
    if (end - at < size) return refuse(index, 'E_TRUNCATED', BITMAP_FIELD, end, end - at, size);
    if (size === 16 && !isHex(index, at)) return -1;
    const before = index.count;
    const high = word(codec, bytes, at);
    const low = word(codec, bytes, at + (size >> 1));
    // The first bit of the first two bitmaps announces the next one.
    isMore = high < 0 && bitmap < 2;
    if (isMore && bitmap + 1 >= codec.bitmaps) {
      return refuse(index, 'E_BAD_BITMAP', bitmap * 64 + 1, at, bitmap, 0);
    }
    const fields = isMore ? high & 0x7fffffff : high;
    index.words[bitmap * 2] = fields;
    index.words[bitmap * 2 + 1] = low;
    addBits(fields, bitmap * 64, index);
    addBits(low, bitmap * 64 + 32, index);
    if (bitmap > 0 && index.count === before && !isMore) {
      return refuse(index, 'E_EMPTY_BITMAP', BITMAP_FIELD, at, bitmap, 0);
    }
    at += size;
  }
  return at;
}

function addBits(bits: number, base: number, index: MessageIndex): void {
  const { numbers } = index;
  let { count } = index;
  let left = bits;
  while (left !== 0) {
    const bit = Math.clz32(left);
    numbers[count++] = base + bit + 1;
    left &= ~(0x80000000 >>> bit);
  }
  index.count = count;
}

/** 32 bits of a bitmap, from four bytes or eight hex digits. */
function word(codec: Codec, bytes: Uint8Array, at: number): number {
  if (codec.bitmapCode === 0) {
    return (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
  }
  const { toAscii } = hexPage(codec);
  let value = 0;
  for (let each = at; each < at + 8; each++) {
    value = (value << 4) | hexValue(toAscii[bytes[each]!]!);
  }
  return value;
}

function isHex(index: MessageIndex, at: number): boolean {
  const { bytes } = index;
  const { flags } = hexPage(index.codec);
  for (let each = at; each < at + 16; each++) {
    if ((flags[bytes[each]!]! & CLASS_BIT.hex) === 0) {
      return refuse(index, 'E_BAD_HEX', BITMAP_FIELD, each, bytes[each]!, 0) > 0;
    }
  }
  return true;
}

/** Hex digits are the same in every EBCDIC page. */
function hexPage(codec: Codec): (typeof CODE_PAGES)[number] {
  return codec.bitmapCode === 1 ? ASCII_PAGE : CODE_PAGES[1]!;
}

/** Whether the message itself says that its tracks are encrypted (spec 3.5, 4.6). */
function isEncrypted(index: MessageIndex): boolean {
  const flag = index.codec.encryptedTrack;
  if (flag === undefined || !index.has(flag.field)) return false;
  return fieldText(index, flag.field)[flag.digit - 1] === flag.value;
}
