import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, hexValue, toHex } from '../../protocol/bytes/hex.ts';
import { CountersignError } from '../../protocol/errors/countersign-error.ts';

describe('hex', () => {
  it('gives back all bytes, upper or lower case, with blanks between digits', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 60 }),
        fc.constantFrom('', ' ', '\t', '\r\n'),
        fc.boolean(),
        (bytes, blank, isLower) => {
          const text = toHex(bytes);
          expect(text).toBe(Buffer.from(bytes).toString('hex').toUpperCase());
          const written = [...(isLower ? text.toLowerCase() : text)].join(blank);
          expect(fromHex(written)).toEqual(bytes);
        },
      ),
    );
  });

  it('writes a range of bytes', () => {
    expect(toHex(Uint8Array.of(1, 0xab, 0xff, 2), 1, 3)).toBe('ABFF');
  });

  it.each(['ABC', '1 2 3', '0'])('refuses the odd number of digits in %j', (text) => {
    expect(() => fromHex(text)).toThrow(expect.objectContaining({ code: 'E_HEX' }));
  });

  it.each(['0G', 'xx', '12-34', '１２', '0x12', '1\u00A02'])('refuses %j', (text) => {
    expect(() => fromHex(text)).toThrow(CountersignError);
  });

  it('knows the value of the 22 digits and of no other character', () => {
    for (let code = 0; code < 0x300; code++) {
      const digit = String.fromCharCode(code);
      const expected = /[0-9a-fA-F]/.test(digit) ? Number.parseInt(digit, 16) : -1;
      expect(hexValue(code)).toBe(expected);
    }
  });
});
