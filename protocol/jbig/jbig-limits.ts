import { CountersignError } from '../errors/countersign-error.ts';
import { BITMAP_LIMITS, type BitmapLimits } from './bitmap.ts';

/** How large an image a stream may ask for; judged before anything is allocated. */
export interface JbigLimits extends BitmapLimits {
  readonly stripes: number;
  /**
   * Pixels that a byte may stand for in an image of more than {@link FREE_PIXELS}: a short stream
   * must not ask for much work. Blank scans have more; who expects them raises it.
   */
  readonly pixelsPerByte: number;
}

export const JBIG_LIMITS: JbigLimits = { ...BITMAP_LIMITS, stripes: 4096, pixelsPerByte: 8192 };

/** So many pixels any stream may have: some hundredths of a second. */
export const FREE_PIXELS = 1024 * 1024;

/** @throws E_JBIG_LIMIT at the byte that says the width */
export function checkWidth(width: number, limits: JbigLimits): void {
  if (width > limits.width) refuse(`width ${width}, limit ${limits.width}`, 4);
}

/**
 * Judges an image whose true height is known.
 * @param offset of the height, in the header or behind NEWLEN
 * @throws E_JBIG_LIMIT
 */
export function checkArea(
  width: number,
  height: number,
  offset: number,
  lengthBytes: number,
  limits: JbigLimits,
): void {
  if (height > limits.height) refuse(`height ${height}, limit ${limits.height}`, offset);
  const pixels = width * height;
  if (pixels > limits.pixels) {
    refuse(`${width}×${height} = ${pixels} pixels, limit ${limits.pixels}`, offset);
  }
  const most = Math.max(FREE_PIXELS, lengthBytes * limits.pixelsPerByte);
  if (pixels <= most) return;
  refuse(`${width}×${height} pixels from ${lengthBytes} bytes, limit ${most}`, offset);
}

/** @throws E_JBIG_LIMIT */
export function checkStripes(count: number, offset: number, limits: JbigLimits): void {
  if (count > limits.stripes) refuse(`${count} stripes, limit ${limits.stripes}`, offset);
}

function refuse(text: string, offset: number): never {
  throw new CountersignError('E_JBIG_LIMIT', { text, offset });
}
