import { describe, expect, it } from 'vitest';
import { MOTIFS, drawBitmap } from '../../bench/draw-bitmap.ts';
import { seededRandom } from '../../emulator/world/seeded-random.ts';
import { fromHex, toHex } from '../../protocol/bytes/hex.ts';
import { makeBitmap, setPixel } from '../../protocol/jbig/bitmap.ts';
import { encodeJbig } from '../../protocol/jbig/encode-jbig.ts';
import { encodeLine } from '../../protocol/jbig/encode-line.ts';
import { inspectJbig } from '../../protocol/jbig/inspect-jbig.ts';
import { planeOf } from '../../protocol/jbig/plane.ts';
import { QmEncoder } from '../../protocol/jbig/qm-encoder.ts';
import { makeLine, placeLine } from '../../protocol/jbig/template.ts';

describe('inspecting a stream', () => {
  it('tells header, stripes and coder', () => {
    // The letter of 8×8 in three stripes: white, then eight rows of which 2-3 and 5-6 are alike.
    const hex = '0000010000000008000000080000000300000008698370FF0277FCC0FF028AFF02';
    expect(inspectJbig(fromHex(hex))).toEqual({
      totalBytes: 33,
      consumedBytes: 33,
      header: {
        width: 8,
        height: 8,
        linesPerStripe: 3,
        mx: 0,
        my: 0,
        order: 0,
        options: 8,
      },
      height: 8,
      template: 3,
      hasTypicalPrediction: true,
      stripes: [
        { line: 0, lines: 3, dataOffset: 20, dataBytes: 3, end: 'SDNORM', typicalLines: 1 },
        { line: 3, lines: 3, dataOffset: 25, dataBytes: 3, end: 'SDNORM', typicalLines: 1 },
        { line: 6, lines: 2, dataOffset: 30, dataBytes: 1, end: 'SDNORM', typicalLines: 1 },
      ],
      segments: [],
      // Eight decisions on typical lines, five lines of eight pixels.
      coder: { decisions: 48, lpsCount: expect.any(Number), contextsUsed: expect.any(Number) },
      blackPixels: 18,
      isReproduced: true,
    });
  });

  it('counts decisions, surprises and contexts of images whose numbers are known', () => {
    const white = makeBitmap(40, 10);
    expect(inspectJbig(encodeJbig(white)).coder).toEqual({
      decisions: 10,
      lpsCount: 1,
      contextsUsed: 1,
    });
    expect(inspectJbig(encodeJbig(white, { typicalPrediction: false })).coder).toEqual({
      decisions: 400,
      lpsCount: 0,
      contextsUsed: 1,
    });
    // A dot in the middle is seen from ten pixels, by nine and one that are its neighbours.
    const dot = makeBitmap(41, 9);
    setPixel(dot, 20, 4);
    for (const template of [2, 3] as const) {
      const options = { template, typicalPrediction: false };
      expect(inspectJbig(encodeJbig(dot, options)).coder).toEqual({
        decisions: 41 * 9,
        lpsCount: 1,
        contextsUsed: 11,
      });
    }
  });

  it('knows contexts of an adaptive pixel that was moved', () => {
    const dots = makeBitmap(41, 1);
    setPixel(dots, 5, 0);
    const options = { typicalPrediction: false, mx: 20 };
    const count = (tx: number): number =>
      inspectJbig(encodeJbig(dots, { ...options, moves: [{ line: 0, tx }] })).coder.contextsUsed;
    // None, one pixel and two pixels to the left; and twenty to the left where it is moved.
    expect([count(0), count(20)]).toEqual([3, 4]);
  });

  it('counts what an encoder of the same lines does', () => {
    const random = seededRandom(3);
    for (let round = 0; round < 60; round++) {
      const template = round % 2 === 0 ? 3 : 2;
      const [width, height] = [1 + random.below(60), 1 + random.below(30)];
      const image = drawBitmap(random, MOTIFS[round % MOTIFS.length]!, width, height);
      const contexts = new Set<number>();
      let lpsCount = 0;
      class WatchedEncoder extends QmEncoder {
        override encode(context: number, bit: number): void {
          contexts.add(context);
          if ((this.contexts[context]! & 1) !== bit) lpsCount++;
          super.encode(context, bit);
        }
      }
      const [plane, line, encoder] = [planeOf(image), makeLine(), new WatchedEncoder()];
      for (let y = 0; y < height; y++) {
        placeLine(line, plane, y, 0, 0);
        encodeLine(encoder, template, plane, line);
      }
      const { coder } = inspectJbig(encodeJbig(image, { template, typicalPrediction: false }));
      const decisions = width * height;
      expect(coder).toEqual({ decisions, lpsCount, contextsUsed: contexts.size });
    }
  });

  it('tells marker segments with their places', () => {
    const image = drawBitmap(seededRandom(1), 'noise', 20, 9);
    const stream = encodeJbig(image, {
      linesPerStripe: 4,
      mx: 9,
      moves: [{ line: 5, tx: 9 }],
      comment: Uint8Array.of(0x68, 0x69),
      declaredHeight: 12,
    });
    const { segments, header, height, stripes } = inspectJbig(stream);
    expect([header.height, height, header.options]).toEqual([12, 9, 0x28]);
    expect(segments).toEqual([
      { kind: 'comment', offset: 20, bytes: Uint8Array.of(0x68, 0x69) },
      { kind: 'adaptive-move', offset: expect.any(Number), line: 5, tx: 9 },
      { kind: 'new-length', offset: stream.length - 8, height: 9 },
    ]);
    expect(toHex(stream.subarray(segments[1]!.offset)).slice(0, 16)).toBe('FF06000000010900');
    expect(stripes.map(({ line, lines }) => [line, lines])).toEqual([
      [0, 4],
      [4, 4],
      [8, 1],
      [12, 0],
    ]);
    expect(stripes[3]).toMatchObject({ dataBytes: 0, dataOffset: stream.length - 2 });
  });

  it('says when our encoder would have written other bytes', () => {
    const hex = '0000010000000008000000080000008000000008698370';
    expect(inspectJbig(fromHex(`${hex}15D3A3FF02`)).isReproduced).toBe(true);
    // One bit less precise, the same image.
    expect(inspectJbig(fromHex(`${hex}15D3A301FF02`))).toMatchObject({
      blackPixels: 18,
      isReproduced: false,
    });
  });

  it('leaves alone what stands behind, if it may', () => {
    const stream = fromHex('0000010000000001000000010000008000000008E0FF020000');
    expect(inspectJbig(stream, { allowTrailing: true })).toMatchObject({
      totalBytes: 25,
      consumedBytes: 23,
      isReproduced: true,
    });
    expect(() => inspectJbig(stream)).toThrow('2 left');
  });
});
