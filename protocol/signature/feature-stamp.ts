import { getPixel, setPixel, type Bitmap } from '../jbig/bitmap.ts';

/** Hex digits, five pixels wide and seven high; a row is five bits, the left one highest. */
const GLYPHS: Readonly<Record<string, readonly number[]>> = {
  '0': [0x0e, 0x11, 0x13, 0x15, 0x19, 0x11, 0x0e],
  '1': [0x04, 0x0c, 0x04, 0x04, 0x04, 0x04, 0x0e],
  '2': [0x0e, 0x11, 0x01, 0x06, 0x08, 0x10, 0x1f],
  '3': [0x1f, 0x02, 0x04, 0x02, 0x01, 0x11, 0x0e],
  '4': [0x02, 0x06, 0x0a, 0x12, 0x1f, 0x02, 0x02],
  '5': [0x1f, 0x10, 0x1e, 0x01, 0x01, 0x11, 0x0e],
  '6': [0x06, 0x08, 0x10, 0x1e, 0x11, 0x11, 0x0e],
  '7': [0x1f, 0x01, 0x02, 0x04, 0x08, 0x08, 0x08],
  '8': [0x0e, 0x11, 0x11, 0x0e, 0x11, 0x11, 0x0e],
  '9': [0x0e, 0x11, 0x11, 0x0f, 0x01, 0x02, 0x0c],
  A: [0x0e, 0x11, 0x11, 0x1f, 0x11, 0x11, 0x11],
  B: [0x1e, 0x11, 0x11, 0x1e, 0x11, 0x11, 0x1e],
  C: [0x0e, 0x11, 0x10, 0x10, 0x10, 0x11, 0x0e],
  D: [0x1e, 0x11, 0x11, 0x11, 0x11, 0x11, 0x1e],
  E: [0x1f, 0x10, 0x10, 0x1e, 0x10, 0x10, 0x1f],
  F: [0x1f, 0x10, 0x10, 0x1e, 0x10, 0x10, 0x10],
};

const GLYPH_WIDTH = 5;
const GLYPH_HEIGHT = 7;
const ADVANCE = 6;
const MOST_SCALE = 3;

/** Where the stamp stands in a picture of this size, and how many pixels one of its own takes. */
export interface StampPlace {
  readonly left: number;
  readonly top: number;
  readonly scale: number;
}

/** In the middle, as large as leaves half of the picture free (spec 7.4); undefined where none fits. */
export function stampPlace(
  width: number,
  height: number,
  characters: number,
): StampPlace | undefined {
  const [wide, high] = [characters * ADVANCE - 1, GLYPH_HEIGHT];
  const fitting = Math.min(Math.floor(width / wide), Math.floor(height / 2 / high), MOST_SCALE);
  const scale = Math.max(fitting, width >= wide && height >= high ? 1 : 0);
  if (scale < 1) return undefined;
  return {
    left: Math.floor((width - wide * scale) / 2),
    top: Math.floor((height - high * scale) / 2),
    scale,
  };
}

/**
 * Burns the feature code into a picture, so that it serves for no other transaction.
 * @returns false where the picture is too small for it
 */
export function stampFeature(bitmap: Bitmap, code: string): boolean {
  const place = stampPlace(bitmap.width, bitmap.height, code.length);
  if (place === undefined) return false;
  eachInk(place, code, (x, y) => setPixel(bitmap, x, y));
  return true;
}

/**
 * Whether a picture shows the stamp: every pixel of it is black, as strokes only add to it, and at
 * least half of what lies between its characters is white. A stroke may make one character look like
 * another that has its pixels and more; that cannot be told apart.
 */
export function carriesFeature(bitmap: Bitmap, code: string): boolean {
  const place = stampPlace(bitmap.width, bitmap.height, code.length);
  if (place === undefined) return false;
  let [ink, missing] = [0, 0];
  eachInk(place, code, (x, y) => {
    ink++;
    if (!getPixel(bitmap, x, y)) missing++;
  });
  if (missing > 0) return false;
  const [width, height] = [(code.length * ADVANCE - 1) * place.scale, GLYPH_HEIGHT * place.scale];
  let black = 0;
  for (let y = place.top; y < place.top + height; y++) {
    for (let x = place.left; x < place.left + width; x++) if (getPixel(bitmap, x, y)) black++;
  }
  return (black - ink) * 2 <= width * height - ink;
}

function eachInk(
  { left, top, scale }: StampPlace,
  code: string,
  visit: (x: number, y: number) => void,
): void {
  for (const [index, character] of [...code].entries()) {
    const glyph = GLYPHS[character] ?? [];
    for (const [row, bits] of glyph.entries()) {
      for (let column = 0; column < GLYPH_WIDTH; column++) {
        if ((bits & (1 << (GLYPH_WIDTH - 1 - column))) === 0) continue;
        for (let dy = 0; dy < scale; dy++) {
          for (let dx = 0; dx < scale; dx++) {
            visit(left + (index * ADVANCE + column) * scale + dx, top + row * scale + dy);
          }
        }
      }
    }
  }
}
