import { describe, expect, it } from 'vitest';
import { sampleStrokes } from '../../emulator/signature/sample-strokes.ts';
import { seededRandom } from '../../emulator/world/seeded-random.ts';
import {
  blackCount,
  getPixel,
  makeBitmap,
  setPixel,
  sameBitmap,
} from '../../protocol/jbig/bitmap.ts';
import { decodeJbig } from '../../protocol/jbig/decode-jbig.ts';
import { encodeJbig } from '../../protocol/jbig/encode-jbig.ts';
import {
  carriesFeature,
  stampFeature,
  stampPlace,
} from '../../protocol/signature/feature-stamp.ts';
import { rasterise, USUAL_RASTER } from '../../protocol/signature/rasterise.ts';
import { readStrokes, type Strokes } from '../../protocol/signature/strokes.ts';

const POINT = { x: 10, y: 20, time: 5, pressure: 0.7 };

/** What the signature_pad library emits. */
const GROUPS = [
  { penColor: 'black', dotSize: 0, minWidth: 0.5, maxWidth: 2.5, points: [POINT, POINT] },
  { penColor: 'black', points: [{ x: 1, y: 2, time: 3, pressure: 0 }] },
];

describe('strokes', () => {
  it('are read as signature_pad emits them', () => {
    const { width, height, strokes } = readStrokes(GROUPS, { width: 400, height: 200 });
    expect([width, height]).toEqual([400, 200]);
    expect(strokes[0]).toEqual([
      { x: 10, y: 20, timeMs: 5, pressure: 0.7 },
      { x: 10, y: 20, timeMs: 5, pressure: 0.7 },
    ]);
    // A pad that feels nothing says 0.
    expect(strokes[1]![0]!.pressure).toBe(0.5);
  });

  it('are read in our own form, which says its size', () => {
    const drawn: Strokes = {
      width: 300,
      height: 100,
      strokes: [[{ x: 1, y: 2, timeMs: 3, pressure: 1 }]],
    };
    expect(readStrokes(JSON.parse(JSON.stringify(drawn)))).toEqual(drawn);
  });

  it.each<[string, unknown, string]>([
    ['a text', 'strokes', 'strokes'],
    ['nothing', null, 'strokes'],
    ['no list', { strokes: {} }, 'strokes'],
    ['a stroke that is a number', { strokes: [7] }, 'strokes[0]'],
    ['a group without points', [{ penColor: 'black' }], '[0]'],
    ['a point that is a list', [[[1, 2]]], '[0][0]'],
    ['a point without y', [[{ x: 1 }]], '[0][0].y'],
    ['a coordinate that is a text', [[{ x: '1', y: 1 }]], '[0][0].x'],
    ['a pressure that is no number', [[{ x: 1, y: 1, pressure: 'hard' }]], '[0][0].pressure'],
    ['a pad without width', { width: 0, strokes: [] }, 'width'],
    ['a pad that is too large', { height: 1e9, strokes: [] }, 'height'],
    ['too many strokes', Array.from({ length: 501 }, () => []), 'strokes'],
    ['too many points', [Array.from({ length: 20_001 }, () => ({ x: 1, y: 1 }))], '[0]'],
  ])('with %s are refused at their place', (_, found, path) => {
    expect(() => readStrokes(found)).toThrow(expect.objectContaining({ code: 'E_STROKES', path }));
  });
});

describe('the picture of a signature', () => {
  const line = (points: readonly [number, number, number][]): Strokes => ({
    width: 316,
    height: 134,
    strokes: [points.map(([x, y, pressure], at) => ({ x, y, timeMs: at, pressure }))],
  });

  it('has the pen where it was, in the middle of the picture', () => {
    const bitmap = rasterise(line([[100, 50, 0]]));
    // Two pixels of margin on each side.
    expect(getPixel(bitmap, 102, 52)).toBe(1);
    expect(blackCount(bitmap)).toBe(1);
  });

  it('has a thicker line where the pen was pressed harder', () => {
    const across = (pressure: number): number =>
      blackCount(
        rasterise(
          line([
            [50, 60, pressure],
            [250, 60, pressure],
          ]),
        ),
      );
    expect(across(0)).toBeGreaterThanOrEqual(200);
    expect(across(1)).toBeGreaterThan(across(0.5));
    expect(across(0.5)).toBeGreaterThan(across(0));
    expect(across(1)).toBeLessThan(4 * across(0));
  });

  it('joins the points of a stroke, and not one stroke with the next', () => {
    const joined = rasterise(
      line([
        [50, 60, 0],
        [60, 60, 0],
      ]),
    );
    for (let x = 52; x <= 62; x++) expect([x, getPixel(joined, x, 62)]).toEqual([x, 1]);
    const [one, other] = line([
      [50, 60, 0],
      [60, 60, 0],
    ]).strokes[0]!;
    const apart = rasterise({ width: 316, height: 134, strokes: [[one!], [other!]] });
    expect(blackCount(apart)).toBe(2);
  });

  it('keeps its proportions in a picture of another shape', () => {
    const square: Strokes = {
      width: 100,
      height: 100,
      strokes: [
        [
          { x: 0, y: 0, timeMs: 0, pressure: 0 },
          { x: 100, y: 100, timeMs: 1, pressure: 0 },
        ],
      ],
    };
    const { width, height } = { width: 320, height: 138 };
    const bitmap = rasterise(square, { ...USUAL_RASTER, width, height });
    const columns = Array.from({ length: width }, (_, x) =>
      Array.from({ length: height }, (__, y) => getPixel(bitmap, x, y)).includes(1),
    );
    expect(columns.indexOf(true)).toBe(93);
    expect(columns.lastIndexOf(true)).toBeLessThanOrEqual(227);
  });

  it('leaves out what lies outside the pad, however far, in no time', () => {
    const wild = rasterise(
      line([
        [-1e9, 5, 1],
        [1e9, 5, 1],
        [Number.MAX_VALUE, -Number.MAX_VALUE, 1],
      ]),
    );
    expect(blackCount(wild)).toBeLessThan(1000);
    expect(blackCount(rasterise({ width: 320, height: 138, strokes: [] }))).toBe(0);
  });
});

describe('the feature code in a picture', () => {
  it('can be seen again, with strokes over it as well', () => {
    const bitmap = makeBitmap(320, 138);
    expect(stampFeature(bitmap, '00151007')).toBe(true);
    expect(carriesFeature(bitmap, '00151007')).toBe(true);
    bitmap.rows.fill(0xff, 0, 2000);
    expect(carriesFeature(bitmap, '00151007')).toBe(true);
  });

  it('is another in every digit', () => {
    const digits = [...'0123456789ABCDEF'];
    for (const digit of digits) {
      const bitmap = makeBitmap(64, 64);
      stampFeature(bitmap, digit);
      const alike = digits.filter((other) => {
        const single = makeBitmap(64, 64);
        stampFeature(single, other);
        return sameBitmap(bitmap, single);
      });
      expect(alike).toEqual([digit]);
    }
  });

  it('is gone when one of its pixels is', () => {
    const bitmap = makeBitmap(128, 64);
    stampFeature(bitmap, '543288EE');
    const place = stampPlace(128, 64, 8)!;
    const found = Array.from({ length: 64 }, (_, y) =>
      Array.from({ length: 128 }, (__, x) => [x, y] as const),
    )
      .flat()
      .filter(([x, y]) => getPixel(bitmap, x, y) === 1);
    expect(found[0]![1]).toBeGreaterThanOrEqual(place.top);
    for (const [x, y] of found) {
      const spoilt = { ...bitmap, rows: bitmap.rows.slice() };
      spoilt.rows[y * 16 + (x >> 3)]! ^= 0x80 >> (x & 7);
      expect(carriesFeature(spoilt, '543288EE')).toBe(false);
    }
  });

  it('is as large as fits, and is left out of a picture that is too small', () => {
    expect(stampPlace(320, 138, 8)?.scale).toBe(3);
    expect(stampPlace(128, 64, 8)?.scale).toBe(2);
    expect(stampPlace(47, 14, 8)?.scale).toBe(1);
    expect(stampPlace(46, 64, 8)).toBeUndefined();
    expect(stampFeature(makeBitmap(20, 20), '00151007')).toBe(false);
    // A black picture has every pixel of any stamp, and shows none.
    for (const [width, height] of [
      [320, 138],
      [64, 10],
      [47, 9],
    ] as const) {
      const black = makeBitmap(width, height);
      for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) setPixel(black, x, y);
      expect(carriesFeature(black, '00151007')).toBe(false);
    }
    expect(carriesFeature(makeBitmap(20, 20), '00151007')).toBe(false);
  });
});

describe('a sample signature', () => {
  it.each(['chinese', 'latin'] as const)('in %s script is itself again with its seed', (script) => {
    const draw = (seed: number) => rasterise(sampleStrokes(seededRandom(seed), { script }));
    expect(sameBitmap(draw(1), draw(1))).toBe(true);
    expect(sameBitmap(draw(1), draw(2))).toBe(false);
  });

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

  it('has points in time and pressures from 0 to 1, within its pad', () => {
    const { width, height, strokes } = sampleStrokes(seededRandom(7), { script: 'chinese' });
    const points = strokes.flat();
    expect(readStrokes({ width, height, strokes })).toEqual({ width, height, strokes });
    for (const [at, { timeMs, pressure }] of points.entries()) {
      expect(pressure).toBeGreaterThan(0);
      expect(pressure).toBeLessThanOrEqual(1);
      if (at > 0) expect(timeMs).toBeGreaterThan(points[at - 1]!.timeMs);
    }
  });
});
