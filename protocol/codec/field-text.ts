import { CODE_PAGES } from '../bytes/code-page.ts';
import { decodeGbk } from '../bytes/gbk.ts';
import { characterSlice, hexSlice, nibbleSlice } from '../bytes/slice-text.ts';
import type { MessageIndex } from './message-index.ts';
import { KIND, SLOT, SLOTS } from './slots.ts';

/** The value of one field that the index has found, as text. */
export function fieldText(index: MessageIndex, field: number): string {
  const { bytes } = index;
  const { table } = index.codec;
  const base = field * SLOTS;
  const at = index.offsets[field]!;
  const to = index.ends[field]!;
  const size = index.sizes[field]!;
  switch (table[base + SLOT.kind]) {
    case KIND.text:
    case KIND.signedText:
      return trimmed(table, base, pageText(table[base + SLOT.page]!, bytes, at, to));
    case KIND.bcd:
    case KIND.track: {
      const digits = digitsOf(table, base, nibbleSlice(bytes, at, to), size);
      return trimmed(table, base, digits.toUpperCase());
    }
    case KIND.binary:
      return hexSlice(bytes, at, to);
    case KIND.hex:
      return pageText(table[base + SLOT.page]!, bytes, at, to);
    case KIND.gbk:
      return trimmed(table, base, decodeGbk(bytes, at, to));
    default: {
      if (size === 0) return '';
      const sign = pageText(table[base + SLOT.page]!, bytes, at, at + 1);
      return sign + digitsOf(table, base, nibbleSlice(bytes, at + 1, to), size - 1);
    }
  }
}

/** `size` of the nibbles: the spare one is on the left when the digits stand right. */
export function digitsOf(table: Int32Array, base: number, nibbles: string, size: number): string {
  if (nibbles.length === size) return nibbles;
  return table[base + SLOT.isRight] === 1 ? nibbles.slice(-size) : nibbles.slice(0, size);
}

export function pageText(page: number, bytes: Uint8Array, at: number, to: number): string {
  if (page === 0) return characterSlice(bytes, at, to);
  const { toAscii } = CODE_PAGES[page]!;
  const ascii = new Uint8Array(to - at);
  for (let each = at; each < to; each++) ascii[each - at] = toAscii[bytes[each]!]!;
  return characterSlice(ascii, 0, ascii.length);
}

/** Takes the fill off where the field asks for it. */
export function trimmed(table: Int32Array, base: number, text: string): string {
  if (table[base + SLOT.trim] === 0) return text;
  const fill = table[base + SLOT.fill]!;
  if (table[base + SLOT.isRight] === 1) {
    let at = 0;
    while (at < text.length && text.charCodeAt(at) === fill) at++;
    return text.slice(at);
  }
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === fill) end--;
  return text.slice(0, end);
}

/**
 * All values of an indexed message. The bytes are turned into text once, not once a field: one
 * string of characters, one of nibbles, and every value is a piece of them.
 */
export function allTexts(index: MessageIndex): { [field: number]: string } {
  const { table } = index.codec;
  const { bytes, start, count, numbers, offsets, sizes, ends } = index;
  const fields: { [field: number]: string } = {};
  let characters: string | undefined;
  let nibbles: string | undefined;
  for (let each = 0; each < count; each++) {
    const field = numbers[each]!;
    const base = field * SLOTS;
    const kind = table[base + SLOT.kind]!;
    const at = offsets[field]! - start;
    if (kind === KIND.text && table[base + SLOT.page] === 0) {
      characters ??= characterSlice(bytes, start, index.end);
      const text = characters.slice(at, at + sizes[field]!);
      fields[field] = table[base + SLOT.trim] === 0 ? text : trimmed(table, base, text);
    } else if (kind === KIND.bcd && table[base + SLOT.trim] === 0) {
      nibbles ??= nibbleSlice(bytes, start, index.end);
      const size = sizes[field]!;
      const first = table[base + SLOT.isRight] === 1 ? (ends[field]! - start) * 2 - size : at * 2;
      fields[field] = nibbles.slice(first, first + size);
    } else {
      fields[field] = fieldText(index, field);
    }
  }
  return fields;
}

/** The message type of an indexed message. */
export function mtiText({ bytes, codec, start }: MessageIndex): string {
  if (codec.mtiPage < 0) return nibbleSlice(bytes, start, start + 2);
  return pageText(codec.mtiPage, bytes, start, start + 4);
}
