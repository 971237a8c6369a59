import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../protocol/bytes/hex.ts';
import { desCipher, sm4Cipher } from '../../protocol/security/block-cipher.ts';
import { unionpayMac, unionpayMacStages } from '../../protocol/security/mac.ts';

const CIPHERS = [
  ['single DES', () => desCipher(fromHex('0123456789ABCDEF'))],
  ['3DES', () => desCipher(fromHex('0123456789ABCDEF8899AABBCCDDEEFF'))],
  ['SM4', () => sm4Cipher(fromHex('0123456789ABCDEFFEDCBA9876543210'))],
] as const;

describe.each(CIPHERS)('the MAC under %s', (_, cipherOf) => {
  it('is the same in one call as step by step, message after message', () => {
    const kept = cipherOf();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (mab) => {
        expect(unionpayMac(kept, mab)).toBe(unionpayMacStages(cipherOf(), mab).mac);
      }),
      { numRuns: 200, seed: 1 },
    );
  });

  it('covers every byte, of every length up to three blocks', () => {
    const kept = cipherOf();
    for (let length = 1; length <= 3 * kept.blockBytes; length++) {
      const mab = new Uint8Array(length).fill(0x5a);
      const sound = unionpayMac(kept, mab);
      for (let at = 0; at < length; at++) {
        mab[at]! ^= 1;
        expect(unionpayMac(kept, mab)).not.toBe(sound);
        mab[at]! ^= 1;
      }
      expect(unionpayMac(kept, mab)).toBe(sound);
    }
  });

  it('leaves the message as it is', () => {
    const mab = new Uint8Array(40).map((_each, at) => at);
    unionpayMac(cipherOf(), mab);
    expect(toHex(mab, 0, 4)).toBe('00010203');
    expect(mab).toEqual(new Uint8Array(40).map((_each, at) => at));
  });

  it('chains two blocks as two calls do, whatever was encrypted before', () => {
    const kept = cipherOf();
    const size = kept.blockBytes;
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 2 * size, maxLength: 2 * size }), (blocks) => {
        const first = kept.encrypt(blocks.slice(0, size));
        const mixed = first.map((byte, at) => byte ^ blocks[size + at]!);
        const due = toHex(kept.encrypt(mixed));
        expect(toHex(kept.encryptChained(blocks.slice()))).toBe(due);
      }),
      { numRuns: 50, seed: 2 },
    );
  });
});
