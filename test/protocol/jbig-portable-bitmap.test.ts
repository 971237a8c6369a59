import { describe, expect, it } from 'vitest';
import { MOTIFS, drawBitmap } from '../../bench/draw-bitmap.ts';
import { seededRandom } from '../../emulator/world/seeded-random.ts';
import { toHex } from '../../protocol/bytes/hex.ts';
import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import {
  blackCount,
  checkBitmap,
  getPixel,
  makeBitmap,
  sameBitmap,
  setPixel,
  type BitmapLimits,
} from '../../protocol/jbig/bitmap.ts';
import { readPortableBitmap, writePortableBitmap } from '../../protocol/jbig/portable-bitmap.ts';

function bytesOf(text: string, ...more: number[]): Uint8Array {
  return Uint8Array.from([...Array.from(text, (each) => each.charCodeAt(0)), ...more]);
}

function place(bytes: Uint8Array, limits: Partial<BitmapLimits> = {}): string {
  try {
    readPortableBitmap(bytes, limits);
  } catch (error) {
    if (error instanceof CountersignError) return `${error.code} ${error.offset}`;
    throw error;
  }
  throw new Error(`${toHex(bytes)} is accepted`);
}

describe('a bitmap', () => {
  it('has pixels that are set and cleared one by one, and white all around', () => {
    const bitmap = makeBitmap(11, 3);
    expect([bitmap.rows.length, blackCount(bitmap)]).toEqual([6, 0]);
    setPixel(bitmap, 0, 0);
    setPixel(bitmap, 10, 0);
    setPixel(bitmap, 8, 2);
    expect(toHex(bitmap.rows)).toBe('802000000080');
    expect(blackCount(bitmap)).toBe(3);
    for (const [x, y] of [
      [-1, 0],
      [0, -1],
      [11, 0],
      [0, 3],
    ] as const) {
      setPixel(bitmap, x, y);
      expect(getPixel(bitmap, x, y)).toBe(0);
    }
    expect(toHex(bitmap.rows)).toBe('802000000080');
    expect([getPixel(bitmap, 10, 0), getPixel(bitmap, 9, 0)]).toEqual([1, 0]);
    setPixel(bitmap, 10, 0, false);
    expect(toHex(bitmap.rows)).toBe('800000000080');
  });

  it('does not go on in the next row where the width is whole bytes', () => {
    const bitmap = { width: 8, height: 2, rows: Uint8Array.of(0, 0x80) };
    expect([getPixel(bitmap, 8, 0), getPixel(bitmap, 0, 1)]).toEqual([0, 1]);
    setPixel(bitmap, 8, 0, false);
    setPixel(bitmap, -1, 1);
    expect(toHex(bitmap.rows)).toBe('0080');
  });

  it('is the same as another when size and pixels are, whatever the spare bits', () => {
    const bitmap = { width: 3, height: 2, rows: Uint8Array.of(0xa0, 0x40) };
    expect(sameBitmap(bitmap, { ...bitmap, rows: Uint8Array.of(0xbf, 0x5f) })).toBe(true);
    expect(sameBitmap(bitmap, { ...bitmap, rows: Uint8Array.of(0xa0, 0x60) })).toBe(false);
    expect(sameBitmap(bitmap, { ...bitmap, width: 4 })).toBe(false);
    expect(sameBitmap(bitmap, { ...bitmap, height: 1 })).toBe(false);
    expect(blackCount({ ...bitmap, rows: Uint8Array.of(0xff, 0xff) })).toBe(6);
    const wide = { width: 9, height: 1, rows: Uint8Array.of(0xff, 0xff) };
    expect(blackCount(wide)).toBe(9);
  });

  it('has sides from 1 and rows that fit them', () => {
    for (const side of [0, -1, 1.5, Number.NaN]) {
      expect(() => makeBitmap(side, 1)).toThrow('width');
      expect(() => makeBitmap(1, side)).toThrow('height');
    }
    expect(() => checkBitmap({ width: 9, height: 2, rows: new Uint8Array(3) })).toThrow(
      '3 bytes of rows where 9×2 has 4',
    );
  });
});

describe('a PBM file', () => {
  const DUE = '8040';

  it.each([
    ['as everybody writes it', bytesOf('P4\n2 2\n', 0x80, 0x40)],
    ['with padded numbers', bytesOf('P4\n       002\n         2\n', 0x80, 0x40)],
    ['with comments', bytesOf('P4# one\n# two 9 9\n2# three\n#\n 2\n', 0x80, 0x40)],
    ['with a comment as its last blank', bytesOf('P4 2 2# pixels follow\n', 0x80, 0x40)],
    ['with blanks of all kinds', bytesOf('P4\t\v\f\r\n2\r\n2\r', 0x80, 0x40)],
    ['with spare bits set', bytesOf('P4 2 2 ', 0xbf, 0x7f)],
    ['of digits', bytesOf('P1\n2 2\n1 0\n0 1\n')],
    ['of digits without blanks', bytesOf('P1 2 2 1001')],
    ['of digits with comments', bytesOf('P1 2 2 1# 1\n0 # 0 1\n01#')],
  ])('is read: %s', (_what, bytes) => {
    const bitmap = readPortableBitmap(bytes);
    expect([bitmap.width, bitmap.height, toHex(bitmap.rows)]).toEqual([2, 2, DUE]);
  });

  it('takes the first blank behind the height as the only one: pixels may look like blanks', () => {
    const bitmap = readPortableBitmap(bytesOf('P4 8 2 \n#'));
    expect(toHex(bitmap.rows)).toBe('0A23');
  });

  it.each([
    ['nothing', '', 0],
    ['half a magic', 'P', 0],
    ['grey values', 'P5 2 2 255 ', 0],
    ['another magic', 'Q4 2 2 ', 0],
    ['no blank behind the magic', 'P42 2 ', 2],
    ['no numbers', 'P4', 2],
    ['no width', 'P4 x 2 ', 3],
    ['no height', 'P4 2 ', 5],
    ['a negative height', 'P4 2 -2 ', 5],
    ['width 0', 'P4 0 2 ', 3],
    ['height 0', 'P4 2 00 ', 5],
    ['a width over the limit', 'P4 4097 1 ', 3],
    ['a height over the limit', 'P4 1 4097 ', 5],
    ['an endless width', `P4 ${'9'.repeat(5000)} 1 `, 3],
    ['too many pixels', 'P4 4096 4096 ', 3],
    ['a letter behind the height', 'P4 2 2x', 6],
    ['an end behind the height', 'P4 2 2', 6],
    ['a comment without pixels', 'P4 2 2#', 7],
    ['a byte too few', 'P4 2 2 x', 8],
    ['a byte too many', 'P4 2 2 xyz', 9],
    ['a digit too few', 'P1 2 2 1 01', 11],
    ['a digit too many', 'P1 2 2 1001 1', 12],
    ['a pixel 2', 'P1 2 2 1 201', 9],
    ['too few bytes for its digits', 'P1 2000 2000 1', 14],
  ])('is refused with its byte: %s', (_what, text, offset) => {
    expect(place(bytesOf(text))).toBe(`E_PBM ${offset}`);
  });

  it('may be larger where the limits are', () => {
    const bytes = bytesOf('P4 4097 1 ', ...new Uint8Array(513));
    expect(readPortableBitmap(bytes, { width: 5000 }).width).toBe(4097);
    expect(place(bytesOf('P4 9 9 '), { pixels: 80 })).toBe('E_PBM 3');
  });

  it.each(['P4', 'P1'] as const)('is written as %s and read again', (form) => {
    const random = seededRandom(1);
    for (let round = 0; round < 200; round++) {
      const motif = MOTIFS[random.below(MOTIFS.length)]!;
      const bitmap = drawBitmap(random, motif, 1 + random.below(150), 1 + random.below(20));
      const bytes = writePortableBitmap(bitmap, form);
      const again = readPortableBitmap(Buffer.from(bytes));
      expect(sameBitmap(again, bitmap)).toBe(true);
      bytes.fill(0);
      expect(sameBitmap(again, bitmap)).toBe(true);
    }
  });

  it('is written in clear lines of 70 digits at most, and without spare bits', () => {
    const digits = writePortableBitmap(makeBitmap(71, 2), 'P1');
    const line = '0'.repeat(70);
    expect(String.fromCharCode(...digits)).toBe(`P1\n71 2\n${line}\n0\n${line}\n0\n`);
    const spare = { width: 3, height: 2, rows: Uint8Array.of(0xff, 0xff) };
    expect(toHex(writePortableBitmap(spare))).toBe('50340A3320320AE0E0');
    expect(() => writePortableBitmap({ ...spare, width: 9 })).toThrow('rows');
  });

  it('that is damaged is refused as one, or is an image: nothing else happens', () => {
    const random = seededRandom(2);
    const samples = [bytesOf('P4 # c\n 9 3\n', 1, 2, 3, 4, 5, 6), bytesOf('P1\n3 2\n101\n010\n')];
    for (let round = 0; round < 20_000; round++) {
      const bytes = samples[round % 2]!.slice(0, 1 + random.below(20));
      for (let each = random.below(3); each >= 0; each--) {
        bytes[random.below(bytes.length)] = random.below(3) === 0 ? random.below(256) : 0x30;
      }
      try {
        const { width, height, rows } = readPortableBitmap(bytes);
        expect(rows).toHaveLength(Math.ceil(width / 8) * height);
      } catch (error) {
        expect(error).toMatchObject({ code: 'E_PBM' });
      }
    }
  });
});
