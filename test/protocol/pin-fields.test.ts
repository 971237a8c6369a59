import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../protocol/bytes/hex.ts';
import { asciiBytes } from '../../protocol/bytes/ascii.ts';
import { decryptPin } from '../../protocol/security/pin-block.ts';
import { pinBlockOf, pinFields } from '../../protocol/security/pin-fields.ts';
import { sessionKeys } from '../../protocol/security/session-keys.ts';

const PAN = '6228484123456789011';
const PIK = fromHex('11223344556677889900AABBCCDDEEFF');
const MAK = fromHex('A0B1C2D3E4F5061728394A5B6C7D8E9F');
const SM4 = sessionKeys('006', { pik: PIK, mak: MAK });
const TRIPLE = sessionKeys('003', { pik: PIK, mak: MAK });

/** The PIN block of the vectors under SM4 (assumed layout). */
const BLOCK = '1E588A12796443B0B871FCCA0E2EA99E';
const MARK = toHex(asciiBytes('SM016'));

describe('a PIN in a request', () => {
  it('is field 52 under 3DES', () => {
    const fields = pinFields(TRIPLE, '123456', PAN);
    expect(Object.keys(fields)).toEqual(['52']);
    const { zone, block } = pinBlockOf(TRIPLE, fields, PAN);
    expect(decryptPin(zone.key, zone.form, block)).toBe('123456');
  });

  it('is zeros in field 52 and the block of the vectors in field 62 under SM4', () => {
    expect(pinFields(SM4, '123456', PAN)).toEqual({ 52: '0'.repeat(16), 62: MARK + BLOCK });
  });

  it('is found in field 62, or in field 63 where one variant has it', () => {
    for (const fields of [{ 62: MARK + BLOCK }, { 63: `SM016${text(BLOCK)}` }]) {
      const { zone, block } = pinBlockOf(SM4, fields, PAN);
      expect(block).toBe(BLOCK);
      expect(decryptPin(zone.key, zone.form, block)).toBe('123456');
    }
  });

  it.each([
    ['no block', {}],
    ['another mark', { 62: toHex(asciiBytes('SM008')) + BLOCK }],
    ['a block that is cut', { 62: MARK + BLOCK.slice(2) }],
    ['a block that is too long', { 62: `${MARK}${BLOCK}00` }],
    ['only field 52', { 52: '0'.repeat(16) }],
  ])('is refused under SM4 with %s', (_, fields) => {
    expect(() => pinBlockOf(SM4, fields, PAN)).toThrow(
      expect.objectContaining({ code: 'E_PIN_BLOCK' }),
    );
  });
});

/** Bytes as the characters that stand for them. */
function text(hex: string): string {
  return String.fromCharCode(...fromHex(hex));
}
