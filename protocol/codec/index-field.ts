import { CODE_PAGES } from '../bytes/code-page.ts';
import { findBadGbk } from '../bytes/gbk.ts';
import { NIBBLE_BIT, NIBBLE_FLAGS } from '../bytes/nibbles.ts';
import {
  KIND_BCD,
  KIND_GBK,
  KIND_HEX,
  KIND_SIGNED,
  KIND_SIGNED_TEXT,
  KIND_TEXT,
  KIND_TRACK,
  KIND_UNDEFINED,
  SLOTS,
  SLOT_FIXED,
  SLOT_KIND,
  SLOT_MASK,
  SLOT_MAX,
  SLOT_MIN,
  SLOT_PAGE,
  SLOT_PREFIX_BYTES,
  SLOT_PREFIX_CODE,
  SLOT_PREFIX_SELF,
  SLOT_PREFIX_UNIT,
  UNIT_BCD_BYTES,
  UNIT_HEX_CHARACTERS,
} from './slots.ts';
import { isDigits, isTrack, unpadded } from './index-digits.ts';
import { PREFIX_BCD, PREFIX_BINARY } from './compile-field.ts';
import { refuse, type MessageIndex } from './message-index.ts';

/**
 * Finds and judges one field.
 * @returns the offset behind it, or -1 with the reason in `index`
 */
export function indexField(index: MessageIndex, field: number, start: number): number {
  const { bytes, end } = index;
  const { table } = index.codec;
  const base = field * SLOTS;
  const kind = table[base + SLOT_KIND]!;
  if (kind === KIND_UNDEFINED) return refuse(index, 'E_UNDEFINED_FIELD', field, start, 0, 0);
  let at = start;
  let size = table[base + SLOT_FIXED]!;
  if (size < 0) {
    size = readPrefix(index, field, at);
    if (size < 0) return -1;
    at += table[base + SLOT_PREFIX_BYTES]!;
  }
  const width = widthOf(kind, size);
  const to = at + width;
  if (to > end) {
    const isAbsent = start === end;
    const code = isAbsent ? 'E_BIT_WITHOUT_DATA' : 'E_TRUNCATED';
    return refuse(index, code, field, end, end - at, width);
  }
  index.offsets[field] = at;
  switch (kind) {
    case KIND_TEXT: {
      const { flags } = CODE_PAGES[table[base + SLOT_PAGE]!]!;
      let common = table[base + SLOT_MASK]!;
      for (let each = at; each < to; each++) common &= flags[bytes[each]!]!;
      if (common === 0 && to > at) return refuseText(index, field, at);
      break;
    }
    case KIND_BCD:
      if (!isDigits(index, field, at, to, size)) return -1;
      break;
    case KIND_TRACK:
      if (!isTrack(index, field, at, to, size)) return -1;
      break;
    case KIND_HEX: {
      const { flags } = CODE_PAGES[table[base + SLOT_PAGE]!]!;
      for (let each = at; each < to; each++) {
        if ((flags[bytes[each]!]! & table[base + SLOT_MASK]!) === 0) {
          return refuse(index, 'E_BAD_HEX', field, each, bytes[each]!, 0);
        }
      }
      break;
    }
    case KIND_GBK: {
      const wrong = findBadGbk(bytes, at, to);
      if (wrong < 0) break;
      if (index.tolerance?.charset(field) !== true) {
        return refuse(index, 'E_BAD_CHARSET', field, wrong, bytes[wrong]!, 0);
      }
      index.passed.push({ code: 'E_BAD_CHARSET', field, offset: wrong });
      break;
    }
    case KIND_SIGNED:
    case KIND_SIGNED_TEXT:
      if (!isSigned(index, field, at, to, size)) return -1;
      break;
  }
  if (table[base + SLOT_PREFIX_UNIT] === UNIT_BCD_BYTES) {
    size = unpadded(index, field, at, to);
    if (!isInLimits(index, field, size, start)) return -1;
  }
  index.sizes[field] = size;
  return to;
}

/** Bytes that a value takes. */
function widthOf(kind: number, size: number): number {
  switch (kind) {
    case KIND_BCD:
    case KIND_TRACK:
      return (size + 1) >> 1;
    case KIND_HEX:
      return size * 2;
    case KIND_SIGNED:
      return size === 0 ? 0 : 1 + (size >> 1);
    default:
      return size;
  }
}

/** Digits of a byte-counted field are known only when its pad has been seen. */
function isInLimits(index: MessageIndex, field: number, size: number, start: number): boolean {
  const { table } = index.codec;
  const min = table[field * SLOTS + SLOT_MIN]!;
  const max = table[field * SLOTS + SLOT_MAX]!;
  if (size > max) return refuse(index, 'E_LENGTH_OVER_MAX', field, start, size, max) > 0;
  return size >= min || refuse(index, 'E_LENGTH_UNDER_MIN', field, start, size, min) > 0;
}

function readPrefix(index: MessageIndex, field: number, at: number): number {
  const { bytes, end } = index;
  const { table } = index.codec;
  const base = field * SLOTS;
  const prefixBytes = table[base + SLOT_PREFIX_BYTES]!;
  const code = table[base + SLOT_PREFIX_CODE]!;
  if (end - at < prefixBytes) {
    const error = at === end ? 'E_BIT_WITHOUT_DATA' : 'E_TRUNCATED';
    return refuse(index, error, field, end, end - at, prefixBytes);
  }
  let value = 0;
  for (let each = at; each < at + prefixBytes; each++) {
    const byte = bytes[each]!;
    if (code === PREFIX_BINARY) value = value * 256 + byte;
    else if (code === PREFIX_BCD) {
      if ((NIBBLE_FLAGS[byte]! & NIBBLE_BIT.decimal) === 0) {
        return refuse(index, 'E_BAD_LENGTH', field, each, byte, 0);
      }
      value = value * 100 + (byte >> 4) * 10 + (byte & 15);
    } else {
      const digit = CODE_PAGES[code]!.toAscii[byte]! - 48;
      if (digit < 0 || digit > 9) return refuse(index, 'E_BAD_LENGTH', field, each, byte, 0);
      value = value * 10 + digit;
    }
  }
  const self = table[base + SLOT_PREFIX_SELF]!;
  if (value < self) return refuse(index, 'E_LENGTH_UNDER_MIN', field, at, value, self);
  return inUnits(index, field, value - self, at);
}

/** What the prefix says as digits, characters or bytes of the value, within its limits. */
function inUnits(index: MessageIndex, field: number, counted: number, at: number): number {
  const { table } = index.codec;
  const base = field * SLOTS;
  const unit = table[base + SLOT_PREFIX_UNIT]!;
  const min = table[base + SLOT_MIN]!;
  const max = table[base + SLOT_MAX]!;
  let size = counted;
  if (unit === UNIT_BCD_BYTES) {
    // An odd number of digits has one more on the wire, its pad.
    if (counted > (max + 1) >> 1) {
      return refuse(index, 'E_LENGTH_OVER_MAX', field, at, counted, (max + 1) >> 1);
    }
    if (counted < (min + 1) >> 1) {
      return refuse(index, 'E_LENGTH_UNDER_MIN', field, at, counted, (min + 1) >> 1);
    }
    return counted * 2;
  }
  if (unit === UNIT_HEX_CHARACTERS) {
    if (counted % 2 === 1) return refuse(index, 'E_BAD_LENGTH', field, at, counted, 0);
    size = counted / 2;
  }
  if (size > max) return refuse(index, 'E_LENGTH_OVER_MAX', field, at, size, max);
  if (size < min) return refuse(index, 'E_LENGTH_UNDER_MIN', field, at, size, min);
  return size;
}

function isSigned(
  index: MessageIndex,
  field: number,
  at: number,
  to: number,
  size: number,
): boolean {
  const { bytes } = index;
  const { table } = index.codec;
  const base = field * SLOTS;
  if (to === at) return true;
  const { toAscii, flags } = CODE_PAGES[table[base + SLOT_PAGE]!]!;
  const sign = toAscii[bytes[at]!]!;
  if (sign !== 0x43 && sign !== 0x44) {
    return refuse(index, 'E_BAD_SIGN', field, at, bytes[at]!, 0) > 0;
  }
  if (table[base + SLOT_KIND] === KIND_SIGNED) {
    return isDigits(index, field, at + 1, to, size - 1);
  }
  for (let each = at + 1; each < to; each++) {
    if ((flags[bytes[each]!]! & table[base + SLOT_MASK]!) === 0) {
      return refuse(index, 'E_BAD_CLASS', field, each, bytes[each]!, 0) > 0;
    }
  }
  return true;
}

/** Names the first character outside the class, or outside the code page. */
function refuseText(index: MessageIndex, field: number, at: number): number {
  const { bytes } = index;
  const { table } = index.codec;
  const base = field * SLOTS;
  const { flags, encoding } = CODE_PAGES[table[base + SLOT_PAGE]!]!;
  const mask = table[base + SLOT_MASK]!;
  let each = at;
  while ((flags[bytes[each]!]! & mask) !== 0) each++;
  const byte = bytes[each]!;
  const isStranger = flags[byte] === 0 && (encoding !== 'ascii' || byte > 0x7f);
  const code = isStranger ? 'E_BAD_CHARSET' : mask === 1 ? 'E_BAD_DIGIT' : 'E_BAD_CLASS';
  return refuse(index, code, field, each, byte, 0);
}
