import { describe, expect, it } from 'vitest';
import { fits } from '../../scenarios/run/compare.ts';
import { didYouMean, suggest } from '../../scenarios/language/suggest.ts';

describe('an expectation', () => {
  it.each([
    ['00', '00', true],
    ['00', '0', false],
    ['00', '51', false],
    ['00', undefined, false],
    ['present', '123456', true],
    ['present', undefined, false],
    ['absent', undefined, true],
    ['absent', '123456', false],
    ['absent', 'absent', false],
    ['9 900.00', '9900.00', true],
    ['9900', '9 900.00', true],
    ['9 900.00', '9 900.01', false],
    ['9 900.0', '9 900.00', true],
    ['100.00', '100', false],
    ['000123', '123', false],
    ['-1.00', '1.00', false],
    ['0200 0210', '0200  0210', true],
    ['0200 0210', '02000210', false],
    [' 00 ', '00', true],
    ['contains too late', 'the answer left 75 s after, 15 s  too late', true],
    ['contains too  late', 'not late', false],
    ['contains x', undefined, false],
    ['contains', 'contains', true],
    ['', '', true],
    ['', undefined, false],
    ['next 000001', '000002', true],
    ['next 999999', '000001', true],
    ['next 000001', '000001', false],
    ['next 000001', undefined, false],
  ])('of %j, seeing %j, fits: %j', (expected, got, verdict) => {
    expect(fits(expected, got)).toBe(verdict);
  });
});

describe('a suggestion', () => {
  const words = ['sale', 'settle', 'sign-in', 'sign-off', 'void', 'refund'];
  it.each([
    ['sael', 'sale'],
    ['Sale', 'sale'],
    ['sign-on', 'sign-in'],
    ['sette', 'settle'],
    ['refnud', 'refund'],
  ])('for %j is %j', (word, meant) => {
    expect(suggest(word, words)).toBe(meant);
    expect(didYouMean(word, words)).toBe(`did you mean "${meant}"?`);
  });

  it('is not made for what is far from everything', () => {
    expect(suggest('chargeback-now', words)).toBeUndefined();
    expect(didYouMean('xyzzy', [])).toBe('');
  });
});
