import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeGbk, encodeGbk } from '../../protocol/bytes/gbk.ts';
import { fromHex, toHex } from '../../protocol/bytes/hex.ts';

/** Bytes that like to meet: lead bytes, trail bytes, backslashes, `x`, hex digits, controls. */
const troublesome = fc.array(
  fc.oneof(
    fc.integer({ min: 0, max: 255 }),
    fc.constantFrom(0x5c, 0x78, 0x41, 0x30, 0x80, 0x81, 0xfe, 0xff, 0x7f, 0x40, 0x0a, 0xb2, 0xe2),
  ),
  { maxLength: 40 },
);

describe('GBK text', () => {
  it('gives back every byte string', () => {
    fc.assert(
      fc.property(troublesome, (values) => {
        const bytes = Uint8Array.from(values);
        expect(encodeGbk(decodeGbk(bytes))).toEqual(bytes);
      }),
      { numRuns: 2000 },
    );
  });

  it('gives back every pair of bytes', () => {
    const wrong: string[] = [];
    for (let pair = 0; pair < 0x1_0000; pair++) {
      const bytes = Uint8Array.of(pair >> 8, pair & 0xff);
      const back = encodeGbk(decodeGbk(bytes));
      if (back === undefined || toHex(back) !== toHex(bytes)) wrong.push(toHex(bytes));
    }
    expect(wrong).toEqual([]);
  });

  it('holds no control character, so that a console shows it as it is', () => {
    fc.assert(
      fc.property(troublesome, (values) => {
        expect(decodeGbk(Uint8Array.from(values))).not.toMatch(/\p{Cc}/u);
      }),
    );
  });

  it.each([
    ['CFFBB7D1', '消费'],
    ['B2E2CAD4C9CCBBA7', '测试商户'],
    ['435550', 'CUP'],
    ['81', '\\x81'],
    ['8120', '\\x81 '],
    ['CFFBB7', '消\\xB7'],
    ['5C', '\\\\'],
    ['5C783431', '\\\\x41'],
    ['1B5B316D', '\\x1B[1m'],
    ['FFCFFB', '\\xFF消'],
  ])('%s reads %j', (hex, text) => {
    expect(decodeGbk(fromHex(hex))).toBe(text);
    expect(toHex(encodeGbk(text)!)).toBe(hex);
  });

  it('reads a range of bytes and no byte behind it', () => {
    expect(decodeGbk(fromHex('41CFFBB7D1'), 1, 4)).toBe('消\\xB7');
  });

  it.each(['\\', '\\x', '\\xg1', '\\xab', 'a\\n', '😀', '\n', '\u0000', 'ñ'])(
    'has no bytes for %j',
    (text) => {
      expect(encodeGbk(text)).toBeUndefined();
    },
  );
});
