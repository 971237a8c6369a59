import { CODE_PAGES, type CodePage } from '../bytes/code-page.ts';
import { encodeGbk } from '../bytes/gbk.ts';
import { HEX_CODES, hexValue } from '../bytes/hex.ts';
import { CountersignError } from '../errors/countersign-error.ts';
import type { ErrorCode } from '../errors/error-table.ts';
import type { Codec } from './codec.ts';
import { PREFIX_BCD, PREFIX_BINARY } from './compile-field.ts';
import {
  KIND_BCD,
  KIND_BINARY,
  KIND_GBK,
  KIND_HEX,
  KIND_SIGNED,
  KIND_TEXT,
  KIND_TRACK,
  KIND_UNDEFINED,
  SLOTS,
  SLOT_FILL,
  SLOT_FIXED,
  SLOT_IS_RIGHT,
  SLOT_KIND,
  SLOT_MASK,
  SLOT_MAX,
  SLOT_MIN,
  SLOT_PAD_NIBBLE,
  SLOT_PAGE,
  SLOT_PREFIX_BYTES,
  SLOT_PREFIX_CODE,
  SLOT_PREFIX_SELF,
  SLOT_PREFIX_UNIT,
  SLOT_TRIM,
  UNIT_BCD_BYTES,
  UNIT_HEX_CHARACTERS,
} from './slots.ts';

/** Bytes that grow as fields are written; one is used again for every message. */
export interface Output {
  bytes: Uint8Array;
}

/** The longest prefix and the sign of x+n. */
const EXTRA_BYTES = 8;

/**
 * Writes one field with its prefix at `at`.
 * @returns the offset behind it
 * @throws E_FIELD_VALUE, E_LENGTH_OVER_MAX, E_LENGTH_UNDER_MIN with the path
 */
export function writeField(
  codec: Codec,
  output: Output,
  at: number,
  field: number,
  value: string,
  parentPath = '',
): number {
  const { table } = codec;
  const base = field * SLOTS;
  const kind = table[base + SLOT_KIND]!;
  const path = parentPath + field;
  if (kind === KIND_UNDEFINED) throw new CountersignError('E_UNDEFINED_FIELD', { path });
  if (kind === KIND_GBK) return writeGbk(table, base, output, at, path, value);
  const text = table[base + SLOT_FILL] === 0 ? value : filled(table, base, path, value);
  const isBytes = kind === KIND_BINARY || kind === KIND_HEX;
  if (isBytes && text.length % 2 === 1) throw wrongValue(path, 'an odd number of hex digits');
  const size = isBytes ? text.length >> 1 : text.length;
  const fixed = table[base + SLOT_FIXED]!;
  if (fixed >= 0) {
    if (size !== fixed) throw wrongValue(path, `length ${size} where ${fixed} is due`);
  } else {
    checkSize(size, table[base + SLOT_MIN]!, table[base + SLOT_MAX]!, path);
  }
  reserve(output, at + EXTRA_BYTES + 2 * text.length);
  const from = fixed >= 0 ? at : writePrefix(table, base, output.bytes, at, path, size);
  switch (kind) {
    case KIND_TEXT:
      return writeText(table, base, output.bytes, from, path, text);
    case KIND_TRACK:
      checkTrack(codec, base, path, text);
      return writeDigits(table, base, output.bytes, from, path, text, 0);
    case KIND_BCD:
      return writeDigits(table, base, output.bytes, from, path, text, 0);
    case KIND_BINARY:
      return writeBytes(output.bytes, from, path, text);
    case KIND_HEX:
      return writeHex(table, base, output.bytes, from, path, text);
    default:
      return writeSigned(table, base, output.bytes, from, path, text);
  }
}

export function wrongValue(path: string, text: string): CountersignError {
  return new CountersignError('E_FIELD_VALUE', { path, text });
}

function checkSize(size: number, min: number, max: number, path: string): void {
  if (size >= min && size <= max) return;
  const isOver = size > max;
  const code: ErrorCode = isOver ? 'E_LENGTH_OVER_MAX' : 'E_LENGTH_UNDER_MIN';
  const text = isOver ? `${size} where ${max} is the most` : `${size} where ${min} is the least`;
  throw new CountersignError(code, { path, text });
}

/** Makes room for so many bytes. @returns the bytes to write to from now on */
export function reserve(output: Output, lengthBytes: number): Uint8Array {
  if (output.bytes.length < lengthBytes) {
    const grown = new Uint8Array(lengthBytes + (lengthBytes >> 1));
    grown.set(output.bytes);
    output.bytes = grown;
  }
  return output.bytes;
}

/** A short value of a fixed field filled up; one that a reader would trim differently is refused. */
function filled(table: Int32Array, base: number, path: string, value: string): string {
  const size = table[base + SLOT_FIXED]!;
  const fill = String.fromCharCode(table[base + SLOT_FILL]!);
  const isRight = table[base + SLOT_IS_RIGHT] === 1;
  const edge = isRight ? value[0] : value.at(-1);
  if (table[base + SLOT_TRIM] === 1 && edge === fill) {
    throw wrongValue(path, `its ${isRight ? 'first' : 'last'} character is the fill of the field`);
  }
  if (value.length >= size) return value;
  return isRight ? value.padStart(size, fill) : value.padEnd(size, fill);
}

function writePrefix(
  table: Int32Array,
  base: number,
  bytes: Uint8Array,
  at: number,
  path: string,
  size: number,
): number {
  const prefixBytes = table[base + SLOT_PREFIX_BYTES]!;
  const code = table[base + SLOT_PREFIX_CODE]!;
  const unit = table[base + SLOT_PREFIX_UNIT]!;
  let value = size;
  if (unit === UNIT_HEX_CHARACTERS) value = size * 2;
  else if (unit === UNIT_BCD_BYTES) {
    if (size % 2 === 1 && table[base + SLOT_PAD_NIBBLE] !== 15) {
      throw wrongValue(path, 'an odd number of digits cannot be told from its pad here');
    }
    value = (size + 1) >> 1;
  }
  value += table[base + SLOT_PREFIX_SELF]!;
  const to = at + prefixBytes;
  for (let each = to - 1; each >= at; each--) {
    if (code === PREFIX_BINARY) {
      bytes[each] = value & 0xff;
      value = Math.floor(value / 256);
    } else if (code === PREFIX_BCD) {
      const two = value % 100;
      bytes[each] = (Math.floor(two / 10) << 4) | (two % 10);
      value = Math.floor(value / 100);
    } else {
      bytes[each] = CODE_PAGES[code]!.fromAscii[48 + (value % 10)]!;
      value = Math.floor(value / 10);
    }
  }
  return to;
}

function writeText(
  table: Int32Array,
  base: number,
  bytes: Uint8Array,
  from: number,
  path: string,
  text: string,
): number {
  const pageNumber = table[base + SLOT_PAGE]!;
  const page = CODE_PAGES[pageNumber]!;
  const mask = table[base + SLOT_MASK]!;
  const { length } = text;
  let common = mask;
  let every = 0;
  if (pageNumber === 0) {
    for (let each = 0; each < length; each++) {
      const code = text.charCodeAt(each);
      every |= code;
      common &= page.flags[code & 0xff]!;
      bytes[from + each] = code;
    }
  } else {
    for (let each = 0; each < length; each++) {
      const code = text.charCodeAt(each);
      every |= code;
      const byte = page.fromAscii[code & 0x7f]!;
      common &= page.flags[byte]!;
      bytes[from + each] = byte;
    }
  }
  if ((common === 0 && length > 0) || every > 0x7f) throw wrongText(page, mask, path, text);
  return from + length;
}

const CLASS_TEXTS: Readonly<Record<number, string>> = {
  1: 'digits',
  2: 'letters',
  4: 'letters and digits',
  8: 'letters, digits and blanks',
  16: 'printable ASCII characters',
  32: 'digits and a separator',
  64: 'upper-case hex digits',
};

function wrongText(page: CodePage, mask: number, path: string, text: string): CountersignError {
  for (let each = 0; each < text.length; each++) {
    const code = text.charCodeAt(each);
    const byte = code > 0x7f ? 0 : page.fromAscii[code]!;
    if (byte !== 0 && (page.flags[byte]! & mask) !== 0) continue;
    const shown = JSON.stringify(text[each]);
    return wrongValue(path, `character ${shown} at ${each} where ${CLASS_TEXTS[mask]!} are due`);
  }
  return wrongValue(path, `not ${CLASS_TEXTS[mask]!}`);
}

/** Whether a track holds what only an encrypted one does. */
export function isOddTrack(text: string): boolean {
  return /[ABCEF]/.test(text);
}

/** What a reader would take for something else must not be written. */
function checkTrack(codec: Codec, base: number, path: string, text: string): void {
  if (codec.encryptedTrack === undefined && isOddTrack(text)) {
    throw wrongValue(path, 'a track in clear holds digits and D only');
  }
  const isByteCounted = codec.table[base + SLOT_PREFIX_UNIT] === UNIT_BCD_BYTES;
  const edge = codec.table[base + SLOT_IS_RIGHT] === 1 ? text[0] : text.at(-1);
  if (isByteCounted && text.length % 2 === 0 && edge === 'F') {
    throw wrongValue(path, 'an F at its edge would be read as the pad');
  }
}

/** BCD digits from `first` on; tracks may hold any nibble, since an encrypted one does. */
function writeDigits(
  table: Int32Array,
  base: number,
  bytes: Uint8Array,
  from: number,
  path: string,
  text: string,
  first: number,
): number {
  const isTrack = table[base + SLOT_KIND] === KIND_TRACK;
  const size = text.length - first;
  const pad = table[base + SLOT_PAD_NIBBLE]!;
  let at = from;
  let each = first;
  if (size % 2 === 1 && table[base + SLOT_IS_RIGHT] === 1) {
    bytes[at++] = (pad << 4) | digitAt(text, each++, isTrack, path);
  }
  for (; each + 1 < text.length; each += 2) {
    const high = text.charCodeAt(each) - 48;
    const low = text.charCodeAt(each + 1) - 48;
    bytes[at++] =
      high >>> 0 < 10 && low >>> 0 < 10
        ? (high << 4) | low
        : (digitAt(text, each, isTrack, path) << 4) | digitAt(text, each + 1, isTrack, path);
  }
  if (each < text.length) bytes[at++] = (digitAt(text, each, isTrack, path) << 4) | pad;
  return at;
}

function digitAt(text: string, at: number, isTrack: boolean, path: string): number {
  const value = text.charCodeAt(at) > 0x7f ? -1 : hexValue(text.charCodeAt(at));
  const isUpper = text[at]! < 'a';
  if (value >= 0 && (value < 10 || (isTrack && isUpper))) return value;
  const due = isTrack ? 'digits, D or upper-case hex' : 'digits';
  throw wrongValue(path, `character ${JSON.stringify(text[at])} at ${at} where ${due} are due`);
}

function writeBytes(bytes: Uint8Array, from: number, path: string, hex: string): number {
  let at = from;
  for (let each = 0; each < hex.length; each += 2) {
    bytes[at++] = (hexAt(hex, each, path) << 4) | hexAt(hex, each + 1, path);
  }
  return at;
}

function hexAt(hex: string, at: number, path: string): number {
  const code = hex.charCodeAt(at);
  const value = code > 0x46 ? -1 : hexValue(code);
  if (value >= 0) return value;
  const shown = JSON.stringify(hex[at]);
  throw wrongValue(path, `character ${shown} at ${at} where upper-case hex digits are due`);
}

function writeHex(
  table: Int32Array,
  base: number,
  bytes: Uint8Array,
  from: number,
  path: string,
  hex: string,
): number {
  const { fromAscii } = CODE_PAGES[table[base + SLOT_PAGE]!]!;
  for (let each = 0; each < hex.length; each++) {
    bytes[from + each] = fromAscii[HEX_CODES[hexAt(hex, each, path)]!]!;
  }
  return from + hex.length;
}

function writeSigned(
  table: Int32Array,
  base: number,
  bytes: Uint8Array,
  from: number,
  path: string,
  text: string,
): number {
  if (text === '') return from;
  if (text[0] !== 'C' && text[0] !== 'D')
    throw wrongValue(path, 'its first character is no C or D');
  const page = CODE_PAGES[table[base + SLOT_PAGE]!]!;
  bytes[from] = page.fromAscii[text.charCodeAt(0)]!;
  if (table[base + SLOT_KIND] === KIND_SIGNED) {
    return writeDigits(table, base, bytes, from + 1, path, text, 1);
  }
  for (let each = 1; each < text.length; each++) {
    bytes[from + each] = page.fromAscii[48 + digitAt(text, each, false, path)]!;
  }
  return from + text.length;
}

function writeGbk(
  table: Int32Array,
  base: number,
  output: Output,
  at: number,
  path: string,
  value: string,
): number {
  let body = encodeGbk(value);
  if (body === undefined) throw wrongValue(path, 'a character has no GBK form');
  const edge = table[base + SLOT_IS_RIGHT] === 1 ? body[0] : body.at(-1);
  if (table[base + SLOT_TRIM] === 1 && edge === table[base + SLOT_FILL]) {
    throw wrongValue(path, 'a character at its edge is the fill of the field');
  }
  const fixed = table[base + SLOT_FIXED]!;
  const fill = table[base + SLOT_FILL]!;
  if (fixed > body.length && fill !== 0) {
    const whole = new Uint8Array(fixed).fill(fill);
    whole.set(body, table[base + SLOT_IS_RIGHT] === 1 ? fixed - body.length : 0);
    body = whole;
  }
  reserve(output, at + EXTRA_BYTES + body.length);
  let from = at;
  if (fixed >= 0) {
    if (body.length !== fixed) {
      throw wrongValue(path, `length ${body.length} bytes where ${fixed} is due`);
    }
  } else {
    checkSize(body.length, table[base + SLOT_MIN]!, table[base + SLOT_MAX]!, path);
    from = writePrefix(table, base, output.bytes, at, path, body.length);
  }
  output.bytes.set(body, from);
  return from + body.length;
}
