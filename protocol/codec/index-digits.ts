import { NIBBLE_BIT, NIBBLE_FLAGS } from '../bytes/nibbles.ts';
import { refuse, type MessageIndex } from './message-index.ts';
import {
  KIND_TRACK,
  SLOTS,
  SLOT_IS_RIGHT,
  SLOT_KIND,
  SLOT_PAD_NIBBLE,
  SLOT_PREFIX_UNIT,
  UNIT_BCD_BYTES,
} from './slots.ts';

/** Whether one nibble of the field is a pad: of an odd count, or F where bytes are counted. */
function hasPad(index: MessageIndex, field: number, at: number, to: number, size: number): boolean {
  if ((size & 1) === 1) return true;
  if (index.codec.table[field * SLOTS + SLOT_PREFIX_UNIT] !== UNIT_BCD_BYTES) return false;
  return unpadded(index, field, at, to) < size;
}

/** Digits of a byte-counted field: one fewer when its pad nibble is F. */
export function unpadded(index: MessageIndex, field: number, at: number, to: number): number {
  const { bytes } = index;
  const { table } = index.codec;
  const base = field * SLOTS;
  const digits = (to - at) * 2;
  if (digits === 0 || table[base + SLOT_PAD_NIBBLE] !== 15) return digits;
  const pad = table[base + SLOT_IS_RIGHT] === 1 ? bytes[at]! >> 4 : bytes[to - 1]! & 15;
  return pad === 15 ? digits - 1 : digits;
}

export function isDigits(
  index: MessageIndex,
  field: number,
  at: number,
  to: number,
  size: number,
): boolean {
  const { bytes } = index;
  const { table } = index.codec;
  const base = field * SLOTS;
  let common: number = NIBBLE_BIT.decimal;
  if (!hasPad(index, field, at, to, size)) {
    for (let each = at; each < to; each++) common &= NIBBLE_FLAGS[bytes[each]!]!;
    return common !== 0 || to === at || refuseDigits(index, field, at, to, 0, 0);
  }
  const isRight = table[base + SLOT_IS_RIGHT] === 1;
  const padAt = isRight ? at : to - 1;
  const pad = isRight ? bytes[padAt]! >> 4 : bytes[padAt]! & 15;
  if (!isPad(index, field, pad, padAt)) return false;
  const from = isRight ? at + 1 : at;
  const until = isRight ? to : to - 1;
  for (let each = from; each < until; each++) common &= NIBBLE_FLAGS[bytes[each]!]!;
  const half = isRight ? NIBBLE_BIT.lowDecimal : NIBBLE_BIT.highDecimal;
  if (common !== 0 && (NIBBLE_FLAGS[bytes[padAt]!]! & half) !== 0) return true;
  return refuseDigits(index, field, at, to, isRight ? 1 : 0, isRight ? 0 : 1);
}

function isPad(index: MessageIndex, field: number, pad: number, padAt: number): boolean {
  const due = index.codec.table[field * SLOTS + SLOT_PAD_NIBBLE]!;
  if (pad === due) return true;
  if (index.tolerance?.padNibble(field) !== true) {
    return refuse(index, 'E_BAD_PAD', field, padAt, pad, due) > 0;
  }
  index.passed.push({ code: 'E_BAD_PAD', field, offset: padAt });
  return true;
}

/** Names the first nibble that is no digit, pads left out. */
function refuseDigits(
  index: MessageIndex,
  field: number,
  at: number,
  to: number,
  skipFirst: number,
  skipLast: number,
): boolean {
  const { bytes } = index;
  const last = (to - at) * 2 - skipLast;
  for (let nibble = skipFirst; nibble < last; nibble++) {
    const byte = bytes[at + (nibble >> 1)]!;
    const value = nibble % 2 === 0 ? byte >> 4 : byte & 15;
    if (value > 9) return refuse(index, 'E_BAD_BCD', field, at + (nibble >> 1), value, 0) > 0;
  }
  return refuse(index, 'E_BAD_BCD', field, at, bytes[at]!, 0) > 0;
}

/**
 * Track digits; whatever else they hold is noted and judged when the message has been read, because
 * whether a track is encrypted stands in a later field.
 */
export function isTrack(
  index: MessageIndex,
  field: number,
  at: number,
  to: number,
  size: number,
): boolean {
  const { bytes } = index;
  const { table } = index.codec;
  const base = field * SLOTS;
  let common: number = NIBBLE_BIT.track;
  if (!hasPad(index, field, at, to, size)) {
    for (let each = at; each < to; each++) common &= NIBBLE_FLAGS[bytes[each]!]!;
    if (common === 0 && to > at) index.oddTrack = field;
    return true;
  }
  const isRight = table[base + SLOT_IS_RIGHT] === 1;
  const padAt = isRight ? at : to - 1;
  const pad = isRight ? bytes[padAt]! >> 4 : bytes[padAt]! & 15;
  if (!isPad(index, field, pad, padAt)) return false;
  const half = isRight ? NIBBLE_BIT.lowTrack : NIBBLE_BIT.highTrack;
  for (let each = isRight ? at + 1 : at; each < (isRight ? to : to - 1); each++) {
    common &= NIBBLE_FLAGS[bytes[each]!]!;
  }
  if (common === 0 || (NIBBLE_FLAGS[bytes[padAt]!]! & half) === 0) index.oddTrack = field;
  return true;
}

/** Names the first nibble of the first track in clear that is neither digit nor separator. */
export function refuseTrack(index: MessageIndex): boolean {
  const { bytes, codec } = index;
  for (let each = 0; each < index.count; each++) {
    const field = index.numbers[each]!;
    const base = field * SLOTS;
    if (codec.table[base + SLOT_KIND] !== KIND_TRACK) continue;
    const at = index.offsets[field]!;
    const size = index.sizes[field]!;
    const first = size % 2 === 1 && codec.table[base + SLOT_IS_RIGHT] === 1 ? 1 : 0;
    for (let nibble = first; nibble < first + size; nibble++) {
      const byte = bytes[at + (nibble >> 1)]!;
      const value = nibble % 2 === 0 ? byte >> 4 : byte & 15;
      if (value < 10 || value === 13) continue;
      index.count = each;
      return refuse(index, 'E_BAD_BCD', field, at + (nibble >> 1), value, 0) > 0;
    }
  }
  return true;
}
