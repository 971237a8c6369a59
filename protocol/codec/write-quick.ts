import { ASCII_PAGE } from '../bytes/code-page.ts';
import { NIBBLE_BIT, NIBBLE_FLAGS } from '../bytes/nibbles.ts';
import { CAN_WRITE_CHARACTERS, writeCharacters } from '../bytes/slice-text.ts';
import { PREFIX_ASCII, PREFIX_BCD } from './compile-field.ts';
import {
  SLOTS,
  SLOT_CHECK,
  SLOT_FIXED,
  SLOT_MASK,
  SLOT_MAX,
  SLOT_MIN,
  SLOT_PREFIX_BYTES,
  SLOT_PREFIX_CODE,
  SLOT_PREFIX_SELF,
  SLOT_WRITE,
  WRITE_ASCII,
  WRITE_BYTES,
  WRITE_DIGITS_LEFT,
  WRITE_DIGITS_RIGHT,
  WRITE_SLOWLY,
  WRITE_TRACK_RIGHT,
} from './slots.ts';

/** Byte by two upper-case hex digits, seven bits of each; -1 where one of them is none. */
const HEX_BYTES = new Int16Array(1 << 14).fill(-1);
/** The same for two digits of a track. */
const TRACK_BYTES = new Int16Array(1 << 14).fill(-1);

/** Long texts go through here: one call for all of their characters. */
const scratch = new Uint8Array(2048);
const scratchPairs = new Uint16Array(scratch.buffer);
/** Byte by two hex digits as they lie in {@link scratchPairs}. */
const HEX_BY_PAIR = new Int16Array(1 << 16).fill(-1);

for (let byte = 0; byte < 256; byte++) {
  const digits = '0123456789ABCDEF';
  const high = digits.charCodeAt(byte >> 4);
  const low = digits.charCodeAt(byte & 15);
  const key = (high << 7) | low;
  HEX_BYTES[key] = byte;
  if ((NIBBLE_FLAGS[byte]! & NIBBLE_BIT.track) !== 0) TRACK_BYTES[key] = byte;
  scratch[0] = high;
  scratch[1] = low;
  HEX_BY_PAIR[scratchPairs[0]!] = byte;
}

/**
 * Writes a value of the common kinds in one pass: ASCII text, BCD digits, bytes. There must be room.
 *
 * @returns the offset behind the field, or -1 when only the long way tells what is right or wrong
 */
export function writeQuick(
  table: Int32Array,
  bytes: Uint8Array,
  start: number,
  field: number,
  value: string,
): number {
  const base = field * SLOTS;
  const way = table[base + SLOT_WRITE]!;
  if (way === WRITE_SLOWLY) return -1;
  const fixed = table[base + SLOT_FIXED]!;
  const { length } = value;
  const size = way === WRITE_BYTES ? length >> 1 : length;
  let at = start;
  if (fixed < 0) {
    at = writePrefix(table, base, bytes, start, size);
    if (at < 0) return -1;
  } else if (size !== fixed) return -1;
  switch (way) {
    case WRITE_ASCII:
      return writeAscii(bytes, at, value, table[base + SLOT_MASK]!);
    case WRITE_BYTES:
      return writeBytes(bytes, at, value);
    case WRITE_DIGITS_LEFT:
      return writeDigits(bytes, at, value, false);
    case WRITE_DIGITS_RIGHT:
      return writeDigits(bytes, at, value, true);
    default:
      return writeTrack(bytes, at, value, way === WRITE_TRACK_RIGHT);
  }
}

/**
 * Writes bytes that are given as bytes. There must be room.
 *
 * @returns the offset behind the field, or -1 when only the long way tells what is right or wrong
 */
export function writeBytesQuick(
  table: Int32Array,
  bytes: Uint8Array,
  start: number,
  field: number,
  value: Uint8Array,
): number {
  const base = field * SLOTS;
  if (table[base + SLOT_CHECK] !== 0) return -1;
  const { length } = value;
  const fixed = table[base + SLOT_FIXED]!;
  if (fixed >= 0 && length !== fixed) return -1;
  const at = fixed >= 0 ? start : writePrefix(table, base, bytes, start, length);
  if (at < 0) return -1;
  bytes.set(value, at);
  return at + length;
}

function writePrefix(
  table: Int32Array,
  base: number,
  bytes: Uint8Array,
  at: number,
  size: number,
): number {
  if (size < table[base + SLOT_MIN]! || size > table[base + SLOT_MAX]!) return -1;
  const code = table[base + SLOT_PREFIX_CODE]!;
  const to = at + table[base + SLOT_PREFIX_BYTES]!;
  let left = size + table[base + SLOT_PREFIX_SELF]!;
  if (code === PREFIX_BCD) {
    for (let each = to - 1; each >= at; each--) {
      const tens = ((left / 10) | 0) % 10;
      bytes[each] = (tens << 4) | (left % 10);
      left = (left / 100) | 0;
    }
    return to;
  }
  if (code !== PREFIX_ASCII) return -1;
  for (let each = to - 1; each >= at; each--) {
    bytes[each] = 0x30 + (left % 10);
    left = (left / 10) | 0;
  }
  return to;
}

/** From so many digits on the call for all of them is worth it. */
const MANY_DIGITS = 64;

function writeBytes(bytes: Uint8Array, at: number, hex: string): number {
  const { length } = hex;
  if (length % 2 === 1) return -1;
  const isLong = length >= MANY_DIGITS && length <= scratch.length && CAN_WRITE_CHARACTERS;
  if (!isLong) return writePairs(HEX_BYTES, bytes, at, hex, 0, length);
  if (writeCharacters(scratch, hex) !== length) return -1;
  let found = 0;
  for (let each = 0; each < length >> 1; each++) {
    const byte = HEX_BY_PAIR[scratchPairs[each]!]!;
    found |= byte;
    bytes[at + each] = byte;
  }
  return found < 0 ? -1 : at + (length >> 1);
}

function writeAscii(bytes: Uint8Array, at: number, value: string, mask: number): number {
  const { flags } = ASCII_PAGE;
  const { length } = value;
  let common = mask;
  let each = 0;
  for (; each + 1 < length; each += 2) {
    const first = value.charCodeAt(each);
    const second = value.charCodeAt(each + 1);
    // Beyond the page there are no flags, and so none in common.
    common &= flags[first]! & flags[second]!;
    bytes[at + each] = first;
    bytes[at + each + 1] = second;
  }
  if (each < length) {
    const last = value.charCodeAt(each);
    common &= flags[last]!;
    bytes[at + each] = last;
  }
  return common === 0 && length > 0 ? -1 : at + length;
}

/** Two digits a byte, from one position to before another. */
function writePairs(
  pairs: Int16Array,
  bytes: Uint8Array,
  at: number,
  value: string,
  from: number,
  end: number,
): number {
  let every = 0;
  let found = 0;
  let to = at;
  let each = from;
  for (; each < end; each += 2) {
    const high = value.charCodeAt(each);
    const low = value.charCodeAt(each + 1);
    every |= high | low;
    const byte = pairs[(high << 7) | low]!;
    found |= byte;
    bytes[to++] = byte;
  }
  return found < 0 || every > 0x7f ? -1 : to;
}

/** Digits two a byte; an odd number has the pad nibble 0 behind them, or in front when they stand right. */
function writeDigits(bytes: Uint8Array, at: number, value: string, isRight: boolean): number {
  const { length } = value;
  let to = at;
  let each = 0;
  // Negative as soon as a character is below 0 or above 9.
  let every = 0;
  if ((length & 1) === 1 && isRight) {
    const first = value.charCodeAt(each++) - 0x30;
    every |= first | (9 - first);
    bytes[to++] = first;
  }
  for (; each + 1 < length; each += 2) {
    const high = value.charCodeAt(each) - 0x30;
    const low = value.charCodeAt(each + 1) - 0x30;
    every |= high | low | (9 - high) | (9 - low);
    bytes[to++] = (high << 4) | low;
  }
  if (each < length) {
    const last = value.charCodeAt(each) - 0x30;
    every |= last | (9 - last);
    bytes[to++] = last << 4;
  }
  return every < 0 ? -1 : to;
}

/** A track: digits and D; only its pad nibble, and so its last digit when it is odd, is no pair. */
function writeTrack(bytes: Uint8Array, at: number, value: string, isRight: boolean): number {
  const { length } = value;
  if ((length & 1) === 0) return writePairs(TRACK_BYTES, bytes, at, value, 0, length);
  if (isRight) {
    const first = value.charCodeAt(0) - 0x30;
    if (first < 0 || first > 9) return -1;
    bytes[at] = first;
    return writePairs(TRACK_BYTES, bytes, at + 1, value, 1, length);
  }
  const to = writePairs(TRACK_BYTES, bytes, at, value, 0, length - 1);
  const last = value.charCodeAt(length - 1) - 0x30;
  if (to < 0 || last < 0 || last > 9) return -1;
  bytes[to] = last << 4;
  return to + 1;
}
