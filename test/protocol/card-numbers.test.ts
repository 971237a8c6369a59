import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { maskCardNumbers } from '../../protocol/bytes/card-number.ts';
import { messageVector } from '../vectors.ts';

describe('card numbers in a text', () => {
  it.each([
    ['a card of 16 digits', '6225881234567898', '622588******7898'],
    ['one of 15 that begins with 3', '378282246310005', '378282*****0005'],
    ['a merchant, though its last digit would be right', '898110000000002', '898110000000002'],
    ['digits without a right check digit', '6225881234567890', '6225881234567890'],
  ])('%s', (_, number, shown) => {
    expect(maskCardNumbers(`number ${number}, given`)).toBe(`number ${shown}, given`);
  });
});

describe('the sample of the README', () => {
  it('is the sale of the vectors', () => {
    const sample = readFileSync(new URL('../../docs/samples/sale.hex', import.meta.url), 'utf8');
    expect(sample.trim()).toBe(messageVector('sale-mag-pin-request').hex);
  });
});
