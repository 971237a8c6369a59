import { asciiBytes } from '../bytes/ascii.ts';
import { concatBytes } from '../bytes/concat-bytes.ts';
import { CountersignError } from '../errors/countersign-error.ts';
import {
  BITMAP_LIMITS,
  checkBitmap,
  lastByteMask,
  makeBitmap,
  getPixel,
  rowBytesOf,
  setPixel,
  type Bitmap,
  type BitmapLimits,
} from './bitmap.ts';

const HASH = 0x23;
const ZERO = 0x30;

/**
 * Reads a PBM image, binary (P4) or of digits (P1).
 * @throws E_PBM with the byte; sizes are judged before anything is allocated
 */
export function readPortableBitmap(bytes: Uint8Array, limits: Partial<BitmapLimits> = {}): Bitmap {
  const form = bytes[0] === 0x50 ? bytes[1] : undefined;
  if (form !== 0x31 && form !== 0x34) throw refusal('it begins with neither P4 nor P1', 0);
  if (!isSeparator(bytes[2])) throw refusal('no blank behind the first two characters', 2);
  const most = { ...BITMAP_LIMITS, ...limits };
  const width = readNumber(bytes, 2, 'width', most.width);
  const height = readNumber(bytes, width.end, 'height', most.height);
  const pixels = width.value * height.value;
  if (pixels > most.pixels) {
    throw refusal(`${width.value}×${height.value}, limit ${most.pixels} pixels`, width.start);
  }
  const raster = endOfHeader(bytes, height.end);
  return form === 0x34
    ? readBinary(bytes, raster, width.value, height.value)
    : readDigits(bytes, raster, width.value, height.value);
}

interface HeaderNumber {
  readonly value: number;
  readonly start: number;
  readonly end: number;
}

function readNumber(bytes: Uint8Array, offset: number, name: string, most: number): HeaderNumber {
  const start = skipBlanks(bytes, offset);
  let value = 0;
  let end = start;
  for (; end < bytes.length && isDigit(bytes[end]!); end++) {
    value = value * 10 + bytes[end]! - ZERO;
    if (value > most) throw refusal(`${name} over ${most}`, start);
  }
  if (end === start) throw refusal(`no ${name}`, start);
  if (value === 0) throw refusal(`${name} 0`, start);
  return { value, start, end };
}

/** One blank ends the header, or a comment with its line feed. */
function endOfHeader(bytes: Uint8Array, offset: number): number {
  if (bytes[offset] === HASH) return Math.min(bytes.length, endOfComment(bytes, offset) + 1);
  if (isBlank(bytes[offset])) return offset + 1;
  throw refusal('no blank behind the height', offset);
}

function readBinary(bytes: Uint8Array, offset: number, width: number, height: number): Bitmap {
  const rowBytes = rowBytesOf(width);
  const due = rowBytes * height;
  const left = bytes.length - offset;
  if (left < due) throw refusal(`${due} bytes of pixels needed, ${left} left`, bytes.length);
  if (left > due) throw refusal(`${left - due} bytes are left behind the pixels`, offset + due);
  // A Buffer's own slice would be a view of what was given.
  const rows = Uint8Array.prototype.slice.call(bytes, offset);
  const mask = lastByteMask(width);
  for (let at = rowBytes - 1; at < due; at += rowBytes) rows[at]! &= mask;
  return { width, height, rows };
}

function readDigits(bytes: Uint8Array, offset: number, width: number, height: number): Bitmap {
  const due = width * height;
  const left = bytes.length - offset;
  if (left < due) throw refusal(`${due} digits of pixels needed, ${left} bytes left`, bytes.length);
  const bitmap = makeBitmap(width, height);
  let at = offset;
  for (let index = 0; index < due; index++) {
    at = skipBlanks(bytes, at);
    const digit = at < bytes.length ? bytes[at]! - ZERO : -1;
    if (digit !== 0 && digit !== 1) throw refusal(`pixel ${index} is neither 0 nor 1`, at);
    if (digit === 1) setPixel(bitmap, index % width, Math.floor(index / width));
    at++;
  }
  at = skipBlanks(bytes, at);
  if (at < bytes.length) throw refusal('something is left behind the pixels', at);
  return bitmap;
}

/** To the next byte that is neither blank nor part of a comment. */
function skipBlanks(bytes: Uint8Array, offset: number): number {
  let at = offset;
  while (at < bytes.length && isSeparator(bytes[at])) {
    at = bytes[at] === HASH ? endOfComment(bytes, at) : at + 1;
  }
  return at;
}

/** The line feed that ends a comment, or the end of everything. */
function endOfComment(bytes: Uint8Array, offset: number): number {
  let at = offset;
  while (at < bytes.length && bytes[at] !== 0x0a && bytes[at] !== 0x0d) at++;
  return at;
}

function isSeparator(byte: number | undefined): boolean {
  return byte === HASH || isBlank(byte);
}

/** Space, tab, line feed, vertical tab, form feed, carriage return. */
function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || (byte !== undefined && byte >= 0x09 && byte <= 0x0d);
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= ZERO + 9;
}

function refusal(text: string, offset: number): CountersignError {
  return new CountersignError('E_PBM', { text, offset });
}

const MOST_COLUMNS = 70;

/** A bitmap as PBM, binary (P4) or of digits (P1). */
export function writePortableBitmap(bitmap: Bitmap, form: 'P4' | 'P1' = 'P4'): Uint8Array {
  checkBitmap(bitmap);
  const { width, height, rows } = bitmap;
  const head = asciiBytes(`${form}\n${width} ${height}\n`);
  if (form === 'P1') return concatBytes([head, asciiBytes(digitLines(bitmap))]);
  const bytes = concatBytes([head, rows]);
  const rowBytes = rowBytesOf(width);
  const mask = lastByteMask(width);
  for (let at = head.length + rowBytes - 1; at < bytes.length; at += rowBytes) bytes[at]! &= mask;
  return bytes;
}

function digitLines(bitmap: Bitmap): string {
  let text = '';
  for (let y = 0; y < bitmap.height; y++) {
    for (let x = 0; x < bitmap.width; x++) {
      text += getPixel(bitmap, x, y);
      if ((x + 1) % MOST_COLUMNS === 0 || x + 1 === bitmap.width) text += '\n';
    }
  }
  return text;
}
