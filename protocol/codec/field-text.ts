import { CODE_PAGES } from '../bytes/code-page.ts';
import { decodeGbk } from '../bytes/gbk.ts';
import { HEX_PAIRS } from '../bytes/hex.ts';
import { hexOfEight, shortCharacters, shortDigits } from '../bytes/short-text.ts';
import { characterSlice, digitSlice, hexSlice, nibbleSlice } from '../bytes/slice-text.ts';
import type { MessageIndex } from './message-index.ts';
import {
  CUT_BYTES,
  CUT_CHARACTERS,
  CUT_DIGITS_LEFT,
  KIND_BCD,
  KIND_BINARY,
  KIND_GBK,
  KIND_HEX,
  KIND_SIGNED_TEXT,
  KIND_TEXT,
  KIND_TRACK,
  SLOTS,
  SLOT_CUT,
  SLOT_FILL,
  SLOT_IS_RIGHT,
  SLOT_KIND,
  SLOT_PAGE,
  SLOT_TRIM,
  USUAL_FIELDS,
} from './slots.ts';

/** The value of one field that the index has found, as text. */
export function fieldText(index: MessageIndex, field: number): string {
  const { bytes } = index;
  const { table } = index.codec;
  const base = field * SLOTS;
  const at = index.offsets[field]!;
  const to = index.ends[field]!;
  switch (table[base + SLOT_CUT]) {
    case CUT_CHARACTERS:
      return shortCharacters(bytes, at, to - at) ?? characterSlice(bytes, at, to);
    case CUT_DIGITS_LEFT: {
      const digits = shortDigits(bytes, at, index.sizes[field]!);
      if (digits !== undefined) return digits;
      break;
    }
    case CUT_BYTES:
      return to - at === 8 ? hexOfEight(bytes, at) : hexSlice(bytes, at, to);
  }
  return longText(index, field, at, to);
}

/** The same for what is not so usual. */
function longText(index: MessageIndex, field: number, at: number, to: number): string {
  const { bytes } = index;
  const { table } = index.codec;
  const base = field * SLOTS;
  const size = index.sizes[field]!;
  switch (table[base + SLOT_KIND]) {
    case KIND_TEXT:
    case KIND_SIGNED_TEXT:
      return trimmed(table, base, pageText(table[base + SLOT_PAGE]!, bytes, at, to));
    case KIND_BCD:
    case KIND_TRACK: {
      const isTrack = table[base + SLOT_KIND] === KIND_TRACK;
      const all = (to - at) * 2;
      const spare = table[base + SLOT_IS_RIGHT] === 1 ? all - size : 0;
      const short = isTrack || size !== all ? undefined : shortDigits(bytes, at, size);
      const digits = short ?? digitSlice(bytes, at, spare, size);
      return table[base + SLOT_TRIM] === 0 ? digits : trimmed(table, base, digits);
    }
    case KIND_BINARY:
      return hexSlice(bytes, at, to);
    case KIND_HEX:
      return pageText(table[base + SLOT_PAGE]!, bytes, at, to);
    case KIND_GBK:
      return trimmed(table, base, decodeGbk(bytes, at, to));
    default: {
      if (size === 0) return '';
      const sign = pageText(table[base + SLOT_PAGE]!, bytes, at, at + 1);
      return sign + digitsOf(table, base, nibbleSlice(bytes, at + 1, to), size - 1);
    }
  }
}

/** `size` of the nibbles: the spare one is on the left when the digits stand right. */
export function digitsOf(table: Int32Array, base: number, nibbles: string, size: number): string {
  if (nibbles.length === size) return nibbles;
  return table[base + SLOT_IS_RIGHT] === 1 ? nibbles.slice(-size) : nibbles.slice(0, size);
}

export function pageText(page: number, bytes: Uint8Array, at: number, to: number): string {
  if (page === 0) return shortCharacters(bytes, at, to - at) ?? characterSlice(bytes, at, to);
  const { toAscii } = CODE_PAGES[page]!;
  const ascii = new Uint8Array(to - at);
  for (let each = at; each < to; each++) ascii[each - at] = toAscii[bytes[each]!]!;
  return characterSlice(ascii, 0, ascii.length);
}

/** Takes the fill off where the field asks for it. */
export function trimmed(table: Int32Array, base: number, text: string): string {
  if (table[base + SLOT_TRIM] === 0) return text;
  const fill = table[base + SLOT_FILL]!;
  if (table[base + SLOT_IS_RIGHT] === 1) {
    let at = 0;
    while (at < text.length && text.charCodeAt(at) === fill) at++;
    return text.slice(at);
  }
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === fill) end--;
  return text.slice(0, end);
}

/**
 * Empty records that have room for fields up to 64, 128 and 192: a copy of one keeps the room, where
 * an empty literal grows three times on the way to field 64. V8 makes room for half as much again and
 * 16 more when an element is added: these are the elements after which there is just enough.
 */
const ROOMY = [32, 75, 117].map((element) => {
  const fields: { [field: number]: string } = { [element]: '' };
  delete fields[element];
  return fields;
});

/** An empty record with room for fields up to the highest: those of the first bitmap when it is not told. */
export function roomyFields(highest: number = USUAL_FIELDS): { [field: number]: string } {
  return { ...ROOMY[(highest - 1) >> 6] };
}

/**
 * The same fields in a record with room. A literal whose field numbers lie far apart is a shape of its
 * own to V8 each time that it is made, and whatever has read four such shapes reads every record
 * slowly from then on: what goes to code that all messages go through is copied first.
 */
export function withRoom(fields: { readonly [field: number]: string }): {
  [field: number]: string;
} {
  const roomy = roomyFields();
  for (const field in fields) roomy[Number(field)] = fields[field]!;
  return roomy;
}

/**
 * V8 keeps the room in a copy only once it has seen a few hundred of them. Whoever has been given a
 * record without room before, and has had to make some, writes slowly from then on.
 */
const COPIES_UNTIL_ROOMY = 500;
for (let copies = 0; copies < COPIES_UNTIL_ROOMY; copies++) roomyFields(1);

/** The message type of an indexed message. */
export function mtiText({ bytes, codec, start }: MessageIndex): string {
  let high = bytes[start]!;
  let low = bytes[start + 1]!;
  if (codec.mtiPage >= 0) {
    const { toAscii } = CODE_PAGES[codec.mtiPage]!;
    high = (toAscii[high]! - 48) * 16 + toAscii[low]! - 48;
    low = (toAscii[bytes[start + 2]!]! - 48) * 16 + toAscii[bytes[start + 3]!]! - 48;
  }
  const row = (MTI_TEXTS[high] ??= []);
  return (row[low] ??= HEX_PAIRS[high]! + HEX_PAIRS[low]!);
}

/** One text for all messages of a type, by its two bytes of BCD. */
const MTI_TEXTS: string[][] = [];
