import { describe, expect, it } from 'vitest';
import { isDigits, sixDigits } from '../../protocol/bytes/digits.ts';

describe('a number of six digits', () => {
  it('has its zeros in front', () => {
    const numbers = [0, 7, 10, 99, 100, 999, 1000, 1001, 99_999, 100_000, 999_000, 999_999];
    for (const number of numbers) expect(sixDigits(number)).toBe(String(number).padStart(6, '0'));
  });
});

describe('digits', () => {
  it.each([
    ['', 0, Infinity, true],
    ['', 1, 4, false],
    ['0', 1, 1, true],
    ['0123456789', 0, Infinity, true],
    ['1234', 4, 12, true],
    ['123', 4, 12, false],
    ['123456789012', 4, 12, true],
    ['1234567890123', 4, 12, false],
    ['12/4', 4, 4, false],
    ['12:4', 4, 4, false],
    ['12\u0664\u0664', 4, 4, false],
    ['1234\n', 4, 5, false],
    [' 123', 4, 4, false],
  ])('%j, from %d to %d: %s', (text, least, most, is) => {
    expect(isDigits(text, least, most)).toBe(is);
  });
});
