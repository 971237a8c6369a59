import type { Random } from '../emulator/world/random.ts';
import { makeBitmap, setPixel, type Bitmap } from '../protocol/jbig/bitmap.ts';

/** What an image for tests and timings looks like. */
export type Motif =
  | 'noise'
  | 'sparse'
  | 'dense'
  | 'mixed'
  | 'rare'
  | 'strokes'
  | 'bands'
  | 'white'
  | 'black';

export const MOTIFS: readonly Motif[] = [
  'noise',
  'sparse',
  'dense',
  'mixed',
  'rare',
  'strokes',
  'bands',
  'white',
  'black',
];

/** An image that is the same for the same random numbers. */
export function drawBitmap(random: Random, motif: Motif, width: number, height: number): Bitmap {
  const bitmap = makeBitmap(width, height);
  if (motif === 'strokes') drawStrokes(random, bitmap, 3 + random.below(8));
  // Black pixels of a thousand.
  let shade = { noise: 500, sparse: 25, dense: 950 }[motif as string] ?? 0;
  let isBand = false;
  for (let y = 0; y < height; y++) {
    // Bands repeat lines, as typical prediction wants them.
    if (random.below(5) === 0) isBand = !isBand;
    if (motif === 'mixed' && y % 8 === 0) shade = random.below(1001);
    if (motif === 'rare' && y % 96 === 0) shade = shade === 1 ? 999 : 1;
    for (let x = 0; x < width; x++) {
      const isBlack =
        motif === 'black' ||
        (motif === 'bands' && isBand && (x >> 2) % 3 === 0) ||
        (shade > 0 && random.below(1000) < shade);
      if (isBlack) setPixel(bitmap, x, y);
    }
  }
  return bitmap;
}

/** A 320×138 image such as a terminal sends: some letters of a pen two pixels wide. */
export function drawSignature(random: Random, width = 320, height = 138): Bitmap {
  const bitmap = makeBitmap(width, height);
  drawStrokes(random, bitmap, 8);
  return bitmap;
}

/** Curves of a pen whose direction changes little from step to step. */
function drawStrokes(random: Random, bitmap: Bitmap, count: number): void {
  for (let stroke = 0; stroke < count; stroke++) {
    let x = ((stroke + random.below(100) / 100) * bitmap.width) / count;
    let y = random.below(bitmap.height);
    let angle = random.below(628) / 100;
    let turn = 0;
    for (let step = 0; step < bitmap.height * 1.5; step++) {
      turn = Math.max(-0.2, Math.min(0.2, turn + (random.below(101) - 50) / 1000));
      angle += turn;
      x += Math.cos(angle);
      y += Math.sin(angle);
      const [left, top] = [Math.round(x), Math.round(y)];
      setPixel(bitmap, left, top);
      setPixel(bitmap, left + 1, top);
      setPixel(bitmap, left, top + 1);
      setPixel(bitmap, left + 1, top + 1);
    }
  }
}
