import { CountersignError } from '../errors/countersign-error.ts';

/** A black-and-white image. */
export interface Bitmap {
  /** Pixels in a row, at least 1. */
  readonly width: number;
  /** Rows, at least 1. */
  readonly height: number;
  /** Rows of ceil(width / 8) bytes, bit 7 first, 1 = black; the spare bits of a row are 0. */
  readonly rows: Uint8Array;
}

/** The largest images that are read; whoever knows better gives limits of their own. */
export interface BitmapLimits {
  readonly width: number;
  readonly height: number;
  readonly pixels: number;
}

export const BITMAP_LIMITS: BitmapLimits = { width: 4096, height: 4096, pixels: 4 * 1024 * 1024 };

/** Bytes in a row. */
export function rowBytesOf(width: number): number {
  return Math.ceil(width / 8);
}

/** A white bitmap. @throws E_BITMAP when a side is no whole number from 1 */
export function makeBitmap(width: number, height: number): Bitmap {
  checkSide(width, 'width');
  checkSide(height, 'height');
  return { width, height, rows: new Uint8Array(rowBytesOf(width) * height) };
}

function checkSide(side: number, name: string): void {
  if (Number.isInteger(side) && side >= 1) return;
  throw new CountersignError('E_BITMAP', { text: `${name} ${side}` });
}

/** @throws E_BITMAP when the sides are impossible or the rows do not fit them */
export function checkBitmap({ width, height, rows }: Bitmap): void {
  checkSide(width, 'width');
  checkSide(height, 'height');
  const due = rowBytesOf(width) * height;
  if (rows.length === due) return;
  const text = `${rows.length} bytes of rows where ${width}×${height} has ${due}`;
  throw new CountersignError('E_BITMAP', { text });
}

/** 1 = black, 0 = white; all around the image is white. */
export function getPixel({ width, height, rows }: Bitmap, x: number, y: number): number {
  if (x < 0 || y < 0 || x >= width || y >= height) return 0;
  return (rows[y * rowBytesOf(width) + (x >> 3)]! >> (7 - (x & 7))) & 1;
}

/** Makes a pixel black, or white; one outside the image is left out. */
export function setPixel(
  { width, height, rows }: Bitmap,
  x: number,
  y: number,
  isBlack = true,
): void {
  if (x < 0 || y < 0 || x >= width || y >= height) return;
  const at = y * rowBytesOf(width) + (x >> 3);
  const bit = 0x80 >> (x & 7);
  rows[at] = isBlack ? rows[at]! | bit : rows[at]! & ~bit;
}

/** Whether two bitmaps have the same size and pixels. */
export function sameBitmap(left: Bitmap, right: Bitmap): boolean {
  if (left.width !== right.width || left.height !== right.height) return false;
  return firstDifference(left, right) < 0;
}

function firstDifference({ width, rows }: Bitmap, right: Bitmap): number {
  const rowBytes = rowBytesOf(width);
  const last = lastByteMask(width);
  return rows.findIndex((byte, at) => {
    const mask = (at + 1) % rowBytes === 0 ? last : 0xff;
    return ((byte ^ right.rows[at]!) & mask) !== 0;
  });
}

/** How many pixels are black. */
export function blackCount({ width, rows }: Bitmap): number {
  const rowBytes = rowBytesOf(width);
  const last = lastByteMask(width);
  let count = 0;
  for (const [at, byte] of rows.entries()) {
    let left = (at + 1) % rowBytes === 0 ? byte & last : byte;
    for (; left !== 0; left &= left - 1) count++;
  }
  return count;
}

/** The bits of the last byte of a row that are pixels. */
export function lastByteMask(width: number): number {
  return (0xff << (rowBytesOf(width) * 8 - width)) & 0xff;
}
