import { ASCII_PAGE, CLASS_BIT } from '../bytes/code-page.ts';
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
  WRITE_BYTES,
  WRITE_DIGITS,
  WRITE_GBK,
  WRITE_RIGHT,
  WRITE_SLOWLY,
  WRITE_TRACK,
} from './slots.ts';

/**
 * Writes a value of the common kinds in one pass: ASCII text, BCD digits, tracks, bytes.
 *
 * @returns the offset behind the field, or -1 when only the long way tells what is right or wrong, or
 *   when there may be too little room
 */
export type WriteQuick = (
  table: Int32Array,
  bytes: Uint8Array,
  start: number,
  field: number,
  value: string | Uint8Array,
) => number;

/**
 * Made once, with its tables inside: what the compiler sees to be constant it does not fetch for every
 * field. All ways are one function: of several, it would inline others with every change of a caller.
 */
function quickWriter(): WriteQuick {
  /** Free bytes that a field needs beyond twice its value, which no encoding of it exceeds. */
  const extraBytes = 16;
  /** From so many hex digits on a call for all of them is worth it, up to what it has room for. */
  const manyDigits = 64;
  const mostDigits = CAN_WRITE_CHARACTERS ? 2048 : 0;
  const { flags } = ASCII_PAGE;
  /** Two characters of seven bits each; the byte that they make, and the ways that take them. */
  const pairs = new Uint16Array(1 << 14);
  const bcd = Uint8Array.from({ length: 100 }, (_, value) => ((value / 10) << 4) | (value % 10));
  const scratch = new Uint8Array(mostDigits);
  const scratchPairs = new Uint16Array(scratch.buffer);
  /** Bytes by two hex digits as they lie in the scratch; -1 where one of them is none. */
  const hexPairs = new Int16Array(1 << 16).fill(-1);
  const one = new Uint8Array(2);
  const oneAsPair = new Uint16Array(one.buffer);
  for (let byte = 0; byte < 256; byte++) {
    const digits = '0123456789ABCDEF';
    one[0] = digits.charCodeAt(byte >> 4);
    one[1] = digits.charCodeAt(byte & 15);
    const kinds = NIBBLE_FLAGS[byte]!;
    const isDecimal = (kinds & NIBBLE_BIT.decimal) !== 0;
    const isTrack = (kinds & NIBBLE_BIT.track) !== 0;
    const ways = WRITE_BYTES | (isDecimal ? WRITE_DIGITS : 0) | (isTrack ? WRITE_TRACK : 0);
    pairs[(one[0] << 7) | one[1]] = ways | byte;
    hexPairs[oneAsPair[0]!] = byte;
  }

  /** @returns the offset behind the prefix, or -1 */
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
      if (to - at === 1) {
        bytes[at] = bcd[left]!;
        return to;
      }
      for (let each = to - 1; each >= at; each--) {
        const rest = (left / 100) | 0;
        bytes[each] = bcd[left - rest * 100]!;
        left = rest;
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

  function writeManyDigits(bytes: Uint8Array, at: number, hex: string): number {
    const { length } = hex;
    if (length % 2 === 1 || writeCharacters(scratch, hex) !== length) return -1;
    let found = 0;
    for (let each = 0; each < length >> 1; each++) {
      const byte = hexPairs[scratchPairs[each]!]!;
      found |= byte;
      bytes[at + each] = byte;
    }
    return found < 0 ? -1 : at + (length >> 1);
  }

  function writeBytes(
    table: Int32Array,
    bytes: Uint8Array,
    start: number,
    field: number,
    value: Uint8Array,
  ): number {
    const base = field * SLOTS;
    const { length } = value;
    if (table[base + SLOT_CHECK] !== 0 || start + length + extraBytes > bytes.length) return -1;
    const fixed = table[base + SLOT_FIXED]!;
    if (fixed >= 0 && length !== fixed) return -1;
    const at = fixed >= 0 ? start : writePrefix(table, base, bytes, start, length);
    if (at < 0) return -1;
    bytes.set(value, at);
    return at + length;
  }

  return function writeQuick(table, bytes, start, field, value) {
    if (typeof value !== 'string') {
      return value instanceof Uint8Array ? writeBytes(table, bytes, start, field, value) : -1;
    }
    const base = field * SLOTS;
    const way = table[base + SLOT_WRITE]!;
    const { length } = value;
    if (way === WRITE_SLOWLY || start + 2 * length + extraBytes > bytes.length) return -1;
    const size = way === WRITE_BYTES ? length >> 1 : length;
    const fixed = table[base + SLOT_FIXED]!;
    let at = start;
    if (fixed < 0) {
      at = writePrefix(table, base, bytes, start, size);
      if (at < 0) return -1;
    } else if (size !== fixed) return -1;
    let each = 0;
    /** All bits of all characters: beyond the tables there are no flags. */
    let every = 0;
    if (way <= WRITE_GBK) {
      let common = way === WRITE_GBK ? CLASS_BIT.anp : table[base + SLOT_MASK]!;
      for (; each + 1 < length; each += 2) {
        const first = value.charCodeAt(each);
        const second = value.charCodeAt(each + 1);
        // Beyond the page there are no flags, and so none in common.
        common &= flags[first]! & flags[second]!;
        bytes[at++] = first;
        bytes[at++] = second;
      }
      if (each < length) {
        const last = value.charCodeAt(each);
        common &= flags[last]!;
        bytes[at++] = last;
      }
      return common === 0 ? -1 : at;
    }
    if (way === WRITE_BYTES && length >= manyDigits && length <= mostDigits) {
      return writeManyDigits(bytes, at, value);
    }
    const end = at + ((length + 1) >> 1);
    if ((length & 1) === 1) {
      // An odd number of digits has the pad nibble 0 behind it, or in front when it stands right.
      const isRight = (way & WRITE_RIGHT) !== 0;
      const digit = value.charCodeAt(isRight ? 0 : length - 1) - 0x30;
      if (digit < 0 || digit > 9 || way === WRITE_BYTES) return -1;
      if (isRight) {
        bytes[at++] = digit;
        each = 1;
      } else bytes[end - 1] = digit << 4;
    }
    /** The ways that take every pair. */
    let ways = way;
    // Two pairs a turn of the loop, which has questions of its own.
    for (; each + 3 < length; each += 4) {
      const first = value.charCodeAt(each);
      const second = value.charCodeAt(each + 1);
      const third = value.charCodeAt(each + 2);
      const fourth = value.charCodeAt(each + 3);
      every |= first | second | third | fourth;
      const pair = pairs[((first << 7) | second) & 0x3fff]!;
      const next = pairs[((third << 7) | fourth) & 0x3fff]!;
      ways &= pair & next;
      bytes[at++] = pair;
      bytes[at++] = next;
    }
    if (each + 1 < length) {
      const high = value.charCodeAt(each);
      const low = value.charCodeAt(each + 1);
      every |= high | low;
      const pair = pairs[((high << 7) | low) & 0x3fff]!;
      ways &= pair;
      bytes[at] = pair;
    }
    return every > 0x7f || ways <= 0xff ? -1 : end;
  };
}

export const writeQuick: WriteQuick = quickWriter();
