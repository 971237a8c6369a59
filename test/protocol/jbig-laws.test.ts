import { describe, expect, it } from 'vitest';
import { MOTIFS, drawBitmap } from '../../bench/draw-bitmap.ts';
import type { Random } from '../../emulator/world/random.ts';
import { seededRandom } from '../../emulator/world/seeded-random.ts';
import { toHex } from '../../protocol/bytes/hex.ts';
import {
  getPixel,
  lastByteMask,
  sameBitmap,
  setPixel,
  type Bitmap,
} from '../../protocol/jbig/bitmap.ts';
import { decodeJbig } from '../../protocol/jbig/decode-jbig.ts';
import { encodeJbig, type EncodeJbigOptions } from '../../protocol/jbig/encode-jbig.ts';
import { inspectJbig } from '../../protocol/jbig/inspect-jbig.ts';
import { bitmapOf, planeOf } from '../../protocol/jbig/plane.ts';
import {
  firstContext,
  makeLine,
  movedContext,
  nextContext,
  placeLine,
  type Template,
} from '../../protocol/jbig/template.ts';

/** Any options that an encoder may be given for an image. */
function anyOptions(random: Random, height: number): EncodeJbigOptions {
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

function anyBitmap(random: Random, width: number, height: number): Bitmap {
  return drawBitmap(random, MOTIFS[random.below(MOTIFS.length)]!, width, height);
}

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

  it('shows with which options it was done', () => {
    const random = seededRandom(2);
    for (let round = 0; round < 500; round++) {
      const [width, height] = [1 + random.below(40), 1 + random.below(40)];
      const options = anyOptions(random, height);
      const stream = encodeJbig(anyBitmap(random, width, height), options);
      const { isReproduced } = inspectJbig(stream);
      if (!isReproduced) expect.fail(`${width}×${height} ${JSON.stringify(options)}`);
    }
  });

  it('gives images that other encoders may give: spare bits do not matter', () => {
    const random = seededRandom(3);
    for (let width = 1; width <= 17; width++) {
      const image = drawBitmap(random, 'noise', width, 9);
      const rowBytes = Math.ceil(width / 8);
      const rows = image.rows.map((byte, at) =>
        (at + 1) % rowBytes === 0 ? byte | (~lastByteMask(width) & 0xff) : byte,
      );
      const dirty = { ...image, rows };
      for (const options of [{}, { template: 2 }, { typicalPrediction: false }] as const) {
        const stream = encodeJbig(dirty, options);
        expect(toHex(stream)).toBe(toHex(encodeJbig(image, options)));
        expect(toHex(decodeJbig(stream).bitmap.rows)).toBe(toHex(image.rows));
      }
      expect(toHex(dirty.rows)).toBe(toHex(rows));
    }
  });

  it('gives a bitmap that shares no memory with the stream', () => {
    const image = drawBitmap(seededRandom(4), 'noise', 30, 30);
    const stream = encodeJbig(image);
    const { bitmap } = decodeJbig(stream);
    stream.fill(0);
    expect(sameBitmap(bitmap, image)).toBe(true);
    expect(bitmap.rows.buffer.byteLength).toBe(bitmap.rows.length);
  });

  it('reads a Buffer, a view into a larger buffer, and a stream followed by others', () => {
    const image = drawBitmap(seededRandom(5), 'strokes', 33, 21);
    const stream = encodeJbig(image, { linesPerStripe: 6, declaredHeight: 30 });
    const large = new Uint8Array(stream.length + 40).fill(0xff);
    large.set(stream, 20);
    const view = large.subarray(20, 20 + stream.length);
    expect(sameBitmap(decodeJbig(view).bitmap, image)).toBe(true);
    expect(sameBitmap(decodeJbig(Buffer.from(stream)).bitmap, image)).toBe(true);
    const { bitmap, consumedBytes } = decodeJbig(large.subarray(20), { allowTrailing: true });
    expect([sameBitmap(bitmap, image), consumedBytes]).toEqual([true, stream.length]);
  });
});

describe('stripes', () => {
  it('that are reset do not know of each other: each is decoded as an image of its own', () => {
    const image = drawBitmap(seededRandom(6), 'strokes', 60, 40);
    const options = { linesPerStripe: 10, resetEachStripe: true };
    const whole = inspectJbig(encodeJbig(image, options));
    for (const { line, dataBytes } of whole.stripes) {
      const rows = image.rows.subarray(line * 8, (line + 10) * 8);
      const alone = encodeJbig({ width: 60, height: 10, rows }, options);
      expect(alone).toHaveLength(20 + dataBytes + 2);
    }
    const kept = encodeJbig(image, { linesPerStripe: 10 });
    expect(kept.length).toBeLessThan(whole.totalBytes);
  });

  it('of 128 lines are the default, three lines of template, typical prediction', () => {
    const image = drawBitmap(seededRandom(7), 'strokes', 60, 130);
    const { header, stripes, template } = inspectJbig(encodeJbig(image));
    expect(header).toEqual({
      width: 60,
      height: 130,
      linesPerStripe: 128,
      mx: 0,
      my: 0,
      order: 0,
      options: 8,
    });
    expect([template, stripes.map(({ lines }) => lines)]).toEqual([3, [128, 2]]);
  });
});

/** The pixels of a context, highest bit first, as steps from the coded pixel. */
const PIXELS: Readonly<Record<Template, readonly (readonly [dx: number, dy: number])[]>> = {
  3: [
    [-1, -2],
    [0, -2],
    [1, -2],
    [-2, -1],
    [-1, -1],
    [0, -1],
    [1, -1],
    [2, -1],
    [-2, 0],
    [-1, 0],
  ],
  2: [
    [-3, -1],
    [-2, -1],
    [-1, -1],
    [0, -1],
    [1, -1],
    [2, -1],
    [-4, 0],
    [-3, 0],
    [-2, 0],
    [-1, 0],
  ],
};

describe.each([2, 3] as const)('the template of %i lines', (template) => {
  const [width, height] = [19, 6];
  const image = drawBitmap(seededRandom(8), 'noise', width, height);
  const plane = planeOf(image);
  const line = makeLine();

  /** Pixel by pixel from the bitmap; above `first` all is white. */
  const due = (x: number, y: number, first: number, tx: number): number =>
    PIXELS[template].reduce((context, [dx, dy]) => {
      const isMoved = tx !== 0 && dx === 2;
      const [px, py] = isMoved ? [x - tx, y] : [x + dx, y + dy];
      return context * 2 + (py < first ? 0 : getPixel(image, px, py));
    }, 0);

  it.each([
    [0, 0],
    [3, 0],
    [0, 7],
    [3, 9],
  ])('has the ten pixels that it should, lines from %i on, adaptive pixel at -%i', (first, tx) => {
    for (let y = first; y < height; y++) {
      placeLine(line, plane, y, first, tx);
      let context = firstContext(template, plane, line);
      for (let x = 0; x < width; x++) {
        const seen = tx === 0 ? context : movedContext(template, plane, line, context, x);
        expect(seen).toBe(due(x, y, first, tx));
        context = nextContext(template, plane, line, context, x, getPixel(image, x, y));
      }
    }
  });

  it('leaves the image as it is', () => {
    expect(sameBitmap(bitmapOf(plane), image)).toBe(true);
  });
});

describe('a change of one pixel', () => {
  it('changes the stream, whichever it is', () => {
    const image = drawBitmap(seededRandom(9), 'strokes', 13, 11);
    const streams = new Set([toHex(encodeJbig(image))]);
    for (let y = 0; y < 11; y++) {
      for (let x = 0; x < 13; x++) {
        const changed = { ...image, rows: image.rows.slice() };
        setPixel(changed, x, y, getPixel(image, x, y) === 0);
        streams.add(toHex(encodeJbig(changed)));
      }
    }
    expect(streams.size).toBe(13 * 11 + 1);
  });
});
