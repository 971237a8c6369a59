import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatYuan, parseYuan } from '../../protocol/message/amount.ts';

describe('amounts', () => {
  it.each([
    [0, '0.00'],
    [1, '0.01'],
    [10, '0.10'],
    [100, '1.00'],
    [12345, '123.45'],
    [-1, '-0.01'],
    [-10050, '-100.50'],
    [Number.MAX_SAFE_INTEGER, '90071992547409.91'],
  ])('%i fen reads %s yuan', (fen, yuan) => {
    expect(formatYuan(fen)).toBe(yuan);
    expect(parseYuan(yuan)).toBe(fen);
  });

  it('come back whole from their text, with and without separators', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.constantFrom(' ', ','), (fen, separator) => {
        const text = formatYuan(fen);
        expect(parseYuan(text)).toBe(fen);
        expect(parseYuan(text.replaceAll(/(?<=\d)(?=(\d{3})+\.)/g, separator))).toBe(fen);
      }),
    );
  });

  it.each([
    ['100', 10_000],
    ['100.5', 10_050],
    ['10 000.00', 1_000_000],
    ['1,234,567.89', 123_456_789],
    ['0.29', 29],
    ['1.1', 110],
    [' 5 ', 500],
  ])('%j is %i fen', (text, fen) => {
    expect(parseYuan(text)).toBe(fen);
  });

  it.each([
    '',
    '.',
    '.5',
    '5.',
    '1.234',
    '1,23',
    '12 34',
    '1e3',
    '0x10',
    '￥5',
    '一百',
    '--5',
    '+5',
    '5 元',
    'Infinity',
    'NaN',
    '90071992547409.92',
    '9'.repeat(40),
  ])('%j is no amount', (text) => {
    expect(parseYuan(text)).toBeUndefined();
  });
});
