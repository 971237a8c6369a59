import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../protocol/bytes/hex.ts';
import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import { makeBitmap, sameBitmap } from '../../protocol/jbig/bitmap.ts';
import { decodeJbig } from '../../protocol/jbig/decode-jbig.ts';
import { encodeJbig } from '../../protocol/jbig/encode-jbig.ts';
import { LETTER, header, place, refusal } from './jbig-refusal.ts';
import { jbigVectors } from './jbig-vectors.ts';

const SAMPLES = jbigVectors.jbig.filter(({ bieHex }) => bieHex.length < 400);

describe('a damaged stream', () => {
  it('that is cut anywhere is refused as truncated, at its end', () => {
    for (const { bieHex } of SAMPLES) {
      const bytes = fromHex(bieHex);
      for (let length = 0; length < bytes.length; length++) {
        const { code, offset } = refusal(bytes.subarray(0, length));
        expect([code, offset]).toEqual(['E_JBIG_TRUNCATED', length]);
      }
    }
  });

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

  it('with bytes behind it is refused there, unless they are allowed', () => {
    const hex = header() + LETTER;
    expect(place(`${hex}00`)).toBe('E_JBIG_TRAILING 28');
    expect(place(`${hex}FF02`)).toBe('E_JBIG_TRAILING 28');
    const { consumedBytes } = decodeJbig(fromHex(`${hex}0000`), { allowTrailing: true });
    expect(consumedBytes).toBe(28);
  });
});

describe('a header', () => {
  it.each([
    ['a lowest layer', `01000100${header().slice(8)}`, 0, 'layer 0'],
    ['layers above', `00010100${header().slice(8)}`, 1, 'layer 0'],
    ['no plane', `00000000${header().slice(8)}`, 2, 'one plane'],
    ['two planes', `00000200${header().slice(8)}`, 2, 'one plane'],
    ['a fill byte', `00000101${header().slice(8)}`, 3, 'start of a JBIG stream'],
    ['width 0', header({ w: '00000000' }), 4, 'at least one pixel'],
    ['height 0', header({ h: '00000000' }), 8, 'at least one pixel'],
    ['stripes of 0 lines', header({ l0: '00000000' }), 12, 'a stripe at least one line'],
    ['MX 128', header({ rest: '80000008' }), 16, 'at most 127'],
    ['option 80', header({ rest: '00000088' }), 19, '40 LRLTWO'],
    ['option 01', header({ rest: '00000009' }), 19, '40 LRLTWO'],
    ['option 02', header({ rest: '0000000A' }), 19, '40 LRLTWO'],
    ['options 05', header({ rest: '0000000D' }), 19, '40 LRLTWO'],
    ['options 07', header({ rest: '0000000F' }), 19, '40 LRLTWO'],
  ])('with %s is refused', (_what, hex, offset, hint) => {
    const seen = refusal(fromHex(hex + LETTER));
    expect([seen.code, seen.offset]).toEqual(['E_JBIG_HEADER', offset]);
    expect(seen.hint).toContain(hint);
  });

  it('may have any order, MY and options without effect', () => {
    const due = decodeJbig(fromHex(header() + LETTER)).bitmap;
    for (const rest of ['7FFFFF08', '0000030C', '00000018', '0008001C']) {
      expect(sameBitmap(decodeJbig(fromHex(header({ rest }) + LETTER)).bitmap, due)).toBe(true);
    }
  });

  it('may be followed by a table, which is passed over whole', () => {
    const due = decodeJbig(fromHex(header() + LETTER)).bitmap;
    const table = 'FF'.repeat(1728);
    const hex = header({ rest: '0000000E' });
    const { bitmap, consumedBytes } = decodeJbig(fromHex(hex + table + LETTER));
    expect([sameBitmap(bitmap, due), consumedBytes]).toEqual([true, 1748 + 8]);
    expect(place(hex + table.slice(2))).toBe('E_JBIG_TRUNCATED 1747');
    expect(place(hex + table)).toBe('E_JBIG_TRUNCATED 1748');
  });
});

describe('a limit', () => {
  const WHITE = 'FF02';

  it.each([
    ['width', header({ w: '00001001' }), 4],
    ['width of 2^32 - 1', header({ w: 'FFFFFFFF' }), 4],
    ['height', header({ h: '00001001' }), 8],
    ['height of 2^32 - 1', header({ h: 'FFFFFFFF', l0: 'FFFFFFFF' }), 8],
    ['pixels', header({ w: '00001000', h: '00001000', l0: 'FFFFFFFF' }), 8],
    ['pixels of a short stream', header({ w: '00001000', h: '00000101', l0: '00001000' }), 8],
    ['both sides of 2^32 - 1', header({ w: 'FFFFFFFF', h: 'FFFFFFFF', l0: 'FFFFFFFF' }), 4],
  ])('of %s is judged by the header alone', (_what, hex, offset) => {
    expect(place(hex + WHITE)).toBe(`E_JBIG_LIMIT ${offset}`);
    // Before anything else is read.
    expect(place(hex)).toBe(`E_JBIG_LIMIT ${offset}`);
  });

  it('is reached exactly by what is allowed', () => {
    const { bitmap } = decodeJbig(
      fromHex(header({ w: '00001000', h: '00000100', l0: '00001000' }) + WHITE),
    );
    expect([bitmap.width, bitmap.height]).toEqual([4096, 256]);
    const tall = header({ w: '00000001', h: '00001000', l0: '00001000' });
    expect(decodeJbig(fromHex(tall + WHITE)).bitmap.height).toBe(4096);
  });

  it('is an option', () => {
    const hex = header() + LETTER;
    expect(place(hex, { width: 7 })).toBe('E_JBIG_LIMIT 4');
    expect(place(hex, { height: 7 })).toBe('E_JBIG_LIMIT 8');
    expect(place(hex, { pixels: 63 })).toBe('E_JBIG_LIMIT 8');
    expect(place(hex, { stripes: 0 })).toBe('E_JBIG_LIMIT 12');
    expect(decodeJbig(fromHex(hex), { pixels: 64, stripes: 1 }).bitmap.width).toBe(8);
    const large = fromHex(header({ w: '00001000', h: '00000400', l0: '00001000' }) + WHITE);
    const refused = refusal(large);
    expect([refused.code, refused.message]).toEqual([
      'E_JBIG_LIMIT',
      expect.stringContaining('from 22 bytes, limit 1048576'),
    ]);
    expect(decodeJbig(large, { pixelsPerByte: 200_000 }).bitmap.height).toBe(1024);
  });

  it('of the stripes holds before they are counted out, and while they are', () => {
    const many = header({ h: '00000005', l0: '00000001' });
    expect(place(many, { stripes: 4 })).toBe('E_JBIG_LIMIT 12');
    expect(decodeJbig(fromHex(many + WHITE.repeat(5)), { stripes: 5 }).bitmap.height).toBe(5);
    const variable = header({ h: 'FFFFFFFF', l0: '00000001', rest: '00000028' });
    expect(place(variable + WHITE.repeat(6), { stripes: 5 })).toBe('E_JBIG_LIMIT 12');
    const ended = `${variable + WHITE.repeat(5)}FF0500000005${WHITE}`;
    expect(place(ended, { stripes: 4 })).toBe('E_JBIG_LIMIT 12');
    expect(decodeJbig(fromHex(ended), { stripes: 5 }).bitmap.height).toBe(5);
  });

  it('of the true height counts where NEWLEN says it', () => {
    const variable = header({ h: 'FFFFFFFF', l0: 'FFFFFFFF', rest: '00000028' });
    expect(place(`${variable}FF0500001001${WHITE}`)).toBe('E_JBIG_LIMIT 22');
    expect(place(`${variable}${WHITE}FF05FFFFFFFF${WHITE}`)).toBe('E_JBIG_LIMIT 24');
    expect(place(variable + WHITE)).toBe('E_JBIG_LIMIT 8');
  });

  it('is judged in no time, however much is declared', () => {
    const before = performance.now();
    for (let round = 0; round < 2000; round++) {
      place(header({ w: 'FFFFFFFF', h: 'FFFFFFFF', l0: '00000001', rest: '00000028' }) + WHITE);
      place(header({ h: 'FFFFFFFF', l0: '00000001' }));
    }
    expect(performance.now() - before).toBeLessThan(2000);
  });
});

describe('data of a stripe', () => {
  it('may be longer than needed by what an encoder leaves in its registers, not by more', () => {
    const due = decodeJbig(fromHex(header() + LETTER)).bitmap;
    for (const surplus of ['', '00', '000000', '010203']) {
      const hex = `${header()}69837015D3A3${surplus}FF02`;
      expect(sameBitmap(decodeJbig(fromHex(hex)).bitmap, due)).toBe(true);
    }
    expect(place(`${header()}69837015D3A30000000000FF02`)).toBe('E_JBIG_TRAILING 28');
    expect(place(`${header()}69837015D3A300000203FF00FF02`)).toBe('E_JBIG_TRAILING 28');
    const two = `${header({ l0: '00000003' })}698370FF0277FCC0010203040506FF028AFF02`;
    const { code, offset, message } = refusal(fromHex(two), { allowTrailing: true });
    expect([code, offset]).toEqual(['E_JBIG_TRAILING', 30]);
    expect(message).toContain('lines 3 to 5 leave 4 of their bytes unread');
  });

  it('is judged in whole stripes above a NEWLEN too', () => {
    const start = header({ l0: '00000004', rest: '00000028' });
    const hex = `${start}698370000000000000FF02FF0500000006FF02`;
    expect(place(hex)).toBe('E_JBIG_TRAILING 25');
  });

  it('may be longer where NEWLEN has cut its lines off', () => {
    const start = header({ l0: '00000008', rest: '00000028' });
    for (const hex of [
      `${start}69837015D3A3FF02FF0500000001FF02`,
      `${start}FF050000000169837015D3A3FF02`,
      `${start}69837015D3A3FF02FF0500000007 0102030405FF02`,
    ]) {
      expect(decodeJbig(fromHex(hex)).bitmap.height).toBeLessThan(8);
    }
  });
});

describe('the number of stripes', () => {
  const stripes = '698370FF02 77FCC0FF02 8AFF02';

  it('is that of the header: fewer are truncated, more are trailing', () => {
    const hex = header({ l0: '00000003' });
    expect(decodeJbig(fromHex(hex + stripes)).bitmap.height).toBe(8);
    expect(place(`${hex}698370FF02 77FCC0FF02`)).toBe('E_JBIG_TRUNCATED 30');
    expect(place(`${hex}${stripes}FF02`)).toBe('E_JBIG_TRAILING 33');
    expect(place(header({ h: '0000000A', l0: '00000003' }) + stripes)).toBe('E_JBIG_TRUNCATED 33');
    expect(place(header({ h: '00000006', l0: '00000003' }) + stripes)).toBe('E_JBIG_TRAILING 30');
  });
});

describe('the encoder', () => {
  const image = makeBitmap(8, 8);

  it.each([
    [{ linesPerStripe: 0 }],
    [{ linesPerStripe: 1.5 }],
    [{ linesPerStripe: 2 ** 32 }],
    [{ mx: 128 }],
    [{ mx: -1 }],
    [{ order: 256 }],
    [{ keptOptions: 0x40 }],
    [{ keptOptions: 0x02 }],
    [{ declaredHeight: 7 }],
    [{ declaredHeight: 2 ** 32 }],
    [{ moves: [{ line: 0, tx: 3 }] }],
    [{ mx: 9, moves: [{ line: 0, tx: 2 }] }],
    [{ mx: 9, moves: [{ line: 8, tx: 3 }] }],
    [{ mx: 9, moves: [{ line: -1, tx: 3 }] }],
    [{ mx: 9, moves: [{ line: 0, tx: 3.5 }] }],
    [{ mx: 9, moves: [{ line: 0, tx: Number.NaN }] }],
  ])('refuses impossible options %j', (options) => {
    expect(() => encodeJbig(image, options)).toThrow(
      expect.objectContaining({ code: 'E_JBIG_HEADER' }),
    );
  });

  it('writes the largest values that a header has', () => {
    const options = { order: 255, mx: 127, linesPerStripe: 0xffffffff, declaredHeight: 0xffffffff };
    const stream = encodeJbig(image, { ...options, keptOptions: 0x34 });
    expect(toHex(stream)).toBe('0000010000000008FFFFFFFFFFFFFFFF7F00FF3CFF02FF0500000008FF02');
    expect(decodeJbig(stream).header).toMatchObject({ order: 255, options: 0x3c });
  });

  it('refuses rows that do not fit, and sizes that do not exist', () => {
    for (const bad of [
      { width: 8, height: 8, rows: new Uint8Array(7) },
      { width: 9, height: 8, rows: new Uint8Array(8) },
      { width: 0, height: 8, rows: new Uint8Array(0) },
      { width: 8, height: 1.5, rows: new Uint8Array(2) },
    ]) {
      expect(() => encodeJbig(bad)).toThrow(expect.objectContaining({ code: 'E_BITMAP' }));
    }
  });
});
