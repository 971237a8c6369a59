import { MOTIFS, drawBitmap } from '../../bench/draw-bitmap.ts';
import type { Random } from '../../emulator/world/random.ts';
import type { Bitmap } from '../../protocol/jbig/bitmap.ts';
import type { EncodeJbigOptions } from '../../protocol/jbig/encode-jbig.ts';

/** Any options that an encoder may be given for an image. */
export function anyOptions(random: Random, height: number): EncodeJbigOptions {
  const template = random.below(2) === 0 ? 2 : 3;
  const least = template === 2 ? 5 : 3;
  const lineOf = (): number => random.below(height);
  const tx = (): number => (random.below(4) === 0 ? 0 : least + random.below(60));
  return {
    template,
    typicalPrediction: random.below(2) === 0,
    linesPerStripe: random.below(3) === 0 ? 128 : 1 + random.below(height + 3),
    resetEachStripe: random.below(3) === 0,
    order: random.below(16),
    mx: 64,
    keptOptions: random.below(2) === 0 ? 0 : 0x14,
    ...(random.below(4) === 0 ? { moves: [{ line: lineOf(), tx: tx() }] } : {}),
    ...(random.below(8) === 0 ? { moves: [7, 7].map(() => ({ line: lineOf(), tx: tx() })) } : {}),
    ...(random.below(5) === 0 ? { comment: random.bytes(random.below(9)) } : {}),
    ...(random.below(5) === 0 ? { declaredHeight: height + random.below(50) } : {}),
  };
}

export function anyBitmap(random: Random, width: number, height: number): Bitmap {
  return drawBitmap(random, MOTIFS[random.below(MOTIFS.length)]!, width, height);
}
