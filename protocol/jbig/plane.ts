import { lastByteMask, rowBytesOf, type Bitmap } from './bitmap.ts';

/**
 * The rows of an image as the templates read them: each with a byte of white behind it, and a white
 * row in front of all, which stands for whatever is above the first line or was forgotten.
 */
export interface Plane {
  readonly width: number;
  readonly height: number;
  /** Bytes that hold pixels of a row. */
  readonly rowBytes: number;
  /** Bytes from a row to the next. */
  readonly stride: number;
  readonly cells: Uint8Array;
}

/** Offset of the white row. */
export const WHITE_ROW = 0;

export function makePlane(width: number, height: number): Plane {
  const rowBytes = rowBytesOf(width);
  const stride = rowBytes + 1;
  return { width, height, rowBytes, stride, cells: new Uint8Array(stride * (height + 1)) };
}

/** Offset of a row; of the white one for what lies above `first`. */
export function rowAt(plane: Plane, y: number, first: number): number {
  return y < first ? WHITE_ROW : plane.stride * (y + 1);
}

/** The rows of a bitmap; what stands in their spare bits is left out. */
export function planeOf({ width, height, rows }: Bitmap): Plane {
  const plane = makePlane(width, height);
  const { cells, stride, rowBytes } = plane;
  const mask = lastByteMask(width);
  for (let y = 0; y < height; y++) {
    const at = rowAt(plane, y, 0);
    cells.set(rows.subarray(y * rowBytes, (y + 1) * rowBytes), at);
    cells[at + stride - 2]! &= mask;
  }
  return plane;
}

export function bitmapOf(plane: Plane): Bitmap {
  const { width, height, cells, rowBytes } = plane;
  const rows = new Uint8Array(rowBytes * height);
  for (let y = 0; y < height; y++) {
    const at = rowAt(plane, y, 0);
    rows.set(cells.subarray(at, at + rowBytes), y * rowBytes);
  }
  return { width, height, rows };
}

/** Whether two rows hold the same pixels. */
export function sameRow({ cells, rowBytes }: Plane, at: number, other: number): boolean {
  for (let each = 0; each < rowBytes; each++) {
    if (cells[at + each] !== cells[other + each]) return false;
  }
  return true;
}
