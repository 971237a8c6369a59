import { describe, expect, it } from 'vitest';
import { drawBitmap } from '../../bench/draw-bitmap.ts';
import { seededRandom } from '../../emulator/world/seeded-random.ts';
import { fromHex, toHex } from '../../protocol/bytes/hex.ts';
import { sameBitmap } from '../../protocol/jbig/bitmap.ts';
import { decodeJbig } from '../../protocol/jbig/decode-jbig.ts';
import { encodeJbig } from '../../protocol/jbig/encode-jbig.ts';
import { inspectJbig } from '../../protocol/jbig/inspect-jbig.ts';
import { LETTER, header, place, refusal } from './jbig-refusal.ts';

describe('a marker', () => {
  it.each([
    ['FF01, which is reserved', 'FF01FF02', 20],
    ['FF01 inside data', '6983FF0115FF02', 22],
    ['ABORT', 'FF04', 20],
    ['ABORT inside data', '698370FF04', 23],
    ['one that nobody knows', '69FF08FF02', 21],
    ['FF before FF', '69FFFF02', 21],
    ['a comment inside data', '69FF0700000000FF02', 21],
    ['NEWLEN without VLENGTH', 'FF0500000008FF02', 20],
    ['ATMOVE with MX 0', 'FF06000000000300 FF02', 20],
  ])('is refused: %s', (_what, stripes, offset) => {
    expect(place(header() + stripes)).toBe(`E_JBIG_MARKER ${offset}`);
  });

  it('is told with the stripe that it damages', () => {
    const start = `${header({ l0: '00000003' })}698370FF02`;
    expect(refusal(fromHex(`${start}69FF08`)).message).toContain('FF08 inside stripe 2 (byte 26)');
    expect(refusal(fromHex(`${start}69`)).message).toContain('inside stripe 2 (byte 26)');
  });

  it('cut in two is truncated, as is a segment', () => {
    for (const end of ['69FF', 'FF', 'FF07', 'FF070000', 'FF0700000003 6161', 'FF06000000']) {
      const hex = header({ rest: '7F000008' }) + end;
      const length = fromHex(hex).length;
      expect(place(hex)).toBe(`E_JBIG_TRUNCATED ${length}`);
    }
    const hex = `${header()}FF07FFFFFFFF${LETTER}`;
    const { message } = refusal(fromHex(hex));
    expect(message).toContain('a comment of 4294967295 bytes, 8 left');
  });
});

describe('a comment', () => {
  it('may stand before any stripe, may be empty, may look like markers', () => {
    const hex =
      `${header({ l0: '00000003' })}FF0700000000 FF0700000002FF02 698370FF02` +
      'FF0700000004FF01FF04 77FCC0FF02 8AFF02';
    const { bitmap } = decodeJbig(fromHex(hex));
    expect(toHex(bitmap.rows)).toBe('003C42427E424200');
    const { segments, isReproduced } = inspectJbig(fromHex(hex));
    expect(segments.map(({ kind, offset }) => [kind, offset])).toEqual([
      ['comment', 20],
      ['comment', 26],
      ['comment', 39],
    ]);
    expect(isReproduced).toBe(false);
  });
});

describe('NEWLEN', () => {
  const start = header({ h: '00000014', l0: '00000004', rest: '00000028' });
  const first = '698370FF02';
  const second = '65D26940FF02';
  const newlen = (height: string): string => `FF05${height}`;

  it('may come before the stripe that it cuts, or behind it with an empty one', () => {
    for (const hex of [
      `${start}${first}${newlen('00000008')}${second}`,
      `${start}${newlen('00000008')}${first}${second}`,
      `${start}${first}${second}${newlen('00000008')}FF02`,
      `${start}${first}${second}${newlen('00000008')}FF03`,
    ]) {
      const { bitmap, consumedBytes } = decodeJbig(fromHex(hex));
      expect(toHex(bitmap.rows)).toBe('003C42427E424200');
      expect(consumedBytes).toBe(hex.length / 2);
    }
  });

  it('may lie within the stripe before, and no further back', () => {
    for (const [height, rows] of [
      ['00000005', '003C42427E'],
      ['00000007', '003C42427E4242'],
    ]) {
      const hex = `${start}${first}${second}${newlen(height!)}FF02`;
      expect(toHex(decodeJbig(fromHex(hex)).bitmap.rows)).toBe(rows);
    }
    const tooFar = `${start}${first}${second}${newlen('00000004')}FF02`;
    expect(place(tooFar)).toBe('E_JBIG_MARKER 31');
  });

  it('may follow a last stripe that seemed to be whole', () => {
    const full = header({ h: '00000008', l0: '00000004', rest: '00000028' });
    const hex = `${full}${first}${second}`;
    expect(decodeJbig(fromHex(hex)).bitmap.height).toBe(8);
    expect(decodeJbig(fromHex(`${hex}${newlen('00000006')}FF02`)).bitmap.height).toBe(6);
    expect(place(`${hex}${newlen('00000006')}`)).toBe('E_JBIG_TRUNCATED 37');
    expect(place(`${hex}FF02`)).toBe('E_JBIG_TRAILING 31');
  });

  it('is refused when it is larger, 0, or comes twice', () => {
    expect(place(`${start}${newlen('00000015')}${first}`)).toBe('E_JBIG_MARKER 20');
    expect(place(`${start}${newlen('00000000')}${first}`)).toBe('E_JBIG_MARKER 20');
    const twice = `${start}${newlen('00000008')}${first}${newlen('00000008')}${second}`;
    expect(place(twice)).toBe('E_JBIG_MARKER 31');
    const behind = `${start}${newlen('00000008')}${first}${second}${newlen('00000008')}FF02`;
    expect(place(behind)).toBe('E_JBIG_TRAILING 37');
  });

  it('ends an image whose height nobody knew', () => {
    for (const l0 of ['00000004', 'FFFFFFFF']) {
      const image = drawBitmap(seededRandom(1), 'strokes', 8, 8);
      const linesPerStripe = Number.parseInt(l0, 16);
      const stream = encodeJbig(image, { linesPerStripe, declaredHeight: 0xffffffff });
      expect(toHex(stream)).toContain(`FFFFFFFF${l0}00000028`);
      expect(sameBitmap(decodeJbig(stream).bitmap, image)).toBe(true);
    }
  });
});

describe('ATMOVE', () => {
  const wide = header({ rest: '10000008' });
  const two = header({ rest: '10000048' });
  const move = (line: string, tx: string, ty = '00'): string => `FF06${line}${tx}${ty}`;

  it.each([
    ['a line beyond the stripe', header({ l0: '00000008', rest: '10000008' }), '00000008', '03'],
    ['more than MX', wide, '00000000', '11'],
    ['a pixel of the template, three lines', wide, '00000000', '02'],
    ['a pixel of the template, two lines', two, '00000000', '04'],
    ['the right, which is not known', wide, '00000000', 'FD'],
  ])('is refused to %s', (_what, start, line, tx) => {
    expect(place(start + move(line, tx) + LETTER)).toBe('E_JBIG_MARKER 20');
  });

  it('is refused upwards, which nobody uses', () => {
    expect(place(header({ rest: '10100008' }) + move('00000000', '03', '01') + LETTER)).toBe(
      'E_JBIG_MARKER 20',
    );
  });

  it('is refused out of order', () => {
    const moves = move('00000003', '03') + move('00000002', '04');
    expect(place(wide + moves + LETTER)).toBe('E_JBIG_MARKER 28');
  });

  it('to 0, or below the last line, changes nothing', () => {
    const due = decodeJbig(fromHex(header() + LETTER)).bitmap;
    for (const moves of [move('00000000', '00'), move('00000009', '05'), '']) {
      expect(sameBitmap(decodeJbig(fromHex(wide + moves + LETTER)).bitmap, due)).toBe(true);
    }
  });

  it('holds for the stripes to come, and not behind SDRST', () => {
    const image = drawBitmap(seededRandom(2), 'noise', 40, 12);
    const moves = [{ line: 2, tx: 9 }];
    const options = { linesPerStripe: 4, mx: 9 };
    const kept = encodeJbig(image, { ...options, moves });
    const again = encodeJbig(image, { ...options, moves: [...moves, { line: 4, tx: 9 }] });
    // The second says what is so already: it is longer by itself alone.
    expect(again.length - kept.length).toBe(8);
    const reset = { ...options, resetEachStripe: true };
    const once = encodeJbig(image, { ...reset, moves });
    const none = encodeJbig(image, reset);
    expect(toHex(once).slice(-40)).toBe(toHex(none).slice(-40));
    expect(sameBitmap(decodeJbig(once).bitmap, image)).toBe(true);
  });
});
