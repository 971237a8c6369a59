import { describe, expect, it } from 'vitest';
import { sampleStrokes } from '../../emulator/signature/sample-strokes.ts';
import { seededRandom } from '../../emulator/world/seeded-random.ts';
import { fromHex, toHex } from '../../protocol/bytes/hex.ts';
import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import { blackCount, sameBitmap } from '../../protocol/jbig/bitmap.ts';
import { decodeJbig } from '../../protocol/jbig/decode-jbig.ts';
import { encodeJbig } from '../../protocol/jbig/encode-jbig.ts';
import { stampFeature } from '../../protocol/signature/feature-stamp.ts';
import { rasterise } from '../../protocol/signature/rasterise.ts';
import { anyBitmap, anyOptions } from './any-image.ts';
import { jbigVectors } from './jbig-vectors.ts';

const SAMPLES = jbigVectors.jbig.filter(({ bieHex }) => bieHex.length < 400);

describe('a damaged stream', () => {
  it('of which any bit is flipped is refused, or gives an image of the size that it says', () => {
    let accepted = 0;
    let refused = 0;
    for (const { bieHex } of SAMPLES) {
      const bytes = fromHex(bieHex);
      for (let bit = 0; bit < bytes.length * 8; bit++) {
        const flipped = bytes.slice();
        flipped[bit >> 3]! ^= 0x80 >> (bit & 7);
        try {
          const { bitmap, header: said } = decodeJbig(flipped);
          expect([bitmap.width, bitmap.height <= said.height]).toEqual([said.width, true]);
          expect(bitmap.rows).toHaveLength(Math.ceil(bitmap.width / 8) * bitmap.height);
          accepted++;
        } catch (error) {
          if (!(error instanceof CountersignError)) throw error;
          expect(error.code).toMatch(/^E_JBIG_(?:HEADER|LIMIT|MARKER|TRUNCATED|TRAILING)$/);
          expect(error.offset).toBeGreaterThanOrEqual(0);
          expect(error.offset).toBeLessThanOrEqual(flipped.length);
          refused++;
        }
      }
    }
    expect([accepted > 1000, refused > 1000]).toEqual([true, true]);
  });
});

describe('encoding and decoding again', () => {
  it('gives the same image, for all sizes up to 70×70 and any options', () => {
    const random = seededRandom(1);
    for (let width = 1; width <= 70; width++) {
      for (let height = 1; height <= 70; height++) {
        const image = anyBitmap(random, width, height);
        const options = anyOptions(random, height);
        const stream = encodeJbig(image, options);
        const { bitmap, consumedBytes } = decodeJbig(stream);
        if (sameBitmap(bitmap, image) && consumedBytes === stream.length) continue;
        expect.fail(`${width}×${height} ${JSON.stringify(options)} ${toHex(image.rows)}`);
      }
    }
  });
});

describe('a sample signature', () => {
  it('is another for each of hundreds of seeds, fits into one message, and comes back from it', () => {
    const seen = new Set<string>();
    for (let seed = 1; seed <= 300; seed++) {
      const script = seed % 2 === 0 ? 'latin' : 'chinese';
      const bitmap = rasterise(sampleStrokes(seededRandom(seed), { script }));
      expect(blackCount(bitmap)).toBeGreaterThan(300);
      stampFeature(bitmap, '543288EE');
      const packed = encodeJbig(bitmap);
      expect(packed.length).toBeLessThanOrEqual(900);
      expect(sameBitmap(decodeJbig(packed).bitmap, bitmap)).toBe(true);
      seen.add(packed.join());
    }
    expect(seen.size).toBe(300);
  });
});
