import { createCipheriv, createDecipheriv } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { desCipher } from '../../protocol/security/block-cipher.ts';
import { desBlock, desSchedule } from '../../protocol/security/des.ts';
import { fromHex, toHex } from '../../protocol/bytes/hex.ts';

/** The same key in the form that OpenSSL takes: K K K, K1 K2 K1, or as it is. */
function full(key: Uint8Array): Uint8Array {
  const part = (at: number): Uint8Array => key.subarray(at % key.length, (at % key.length) + 8);
  return Buffer.concat([part(0), part(8), part(16)]);
}

const bytes = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: length, maxLength: length });
const key = fc.constantFrom(8, 16, 24).chain(bytes);
/** Short ones are worked in place, long ones by the runtime's cipher; 96 bytes is where it changes. */
const blocks = fc.constantFrom(1, 2, 3, 11, 12, 13, 40).chain((count) => bytes(count * 8));

describe('DES', () => {
  it('is what OpenSSL makes of any key and block, both ways', () => {
    fc.assert(
      fc.property(key, bytes(8), (secret, block) => {
        const forward = Uint8Array.from(block);
        desBlock(desSchedule(secret, 'encrypt'), forward, 0);
        const theirs = createCipheriv('des-ede3', full(secret), null).setAutoPadding(false);
        expect(toHex(forward)).toBe(toHex(theirs.update(block)));
        const backward = Uint8Array.from(block);
        desBlock(desSchedule(secret, 'decrypt'), backward, 0);
        const back = createDecipheriv('des-ede3', full(secret), null).setAutoPadding(false);
        expect(toHex(backward)).toBe(toHex(back.update(block)));
      }),
    );
  });

  it('knows the vector of FIPS 81', () => {
    const block = new TextEncoder().encode('Now is t');
    desBlock(desSchedule(fromHex('0123456789ABCDEF'), 'encrypt'), block, 0);
    expect(toHex(block)).toBe('3FA40E8A984D4815');
  });

  it('works a block where it lies, and nothing beside it', () => {
    const row = new Uint8Array(24).fill(7);
    desBlock(desSchedule(fromHex('0123456789ABCDEF'), 'encrypt'), row, 8);
    expect(toHex(row.subarray(0, 8))).toBe('07'.repeat(8));
    expect(toHex(row.subarray(16))).toBe('07'.repeat(8));
  });

  it('gives the same of one key however long the texts are, and in whatever order', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(8, 16).chain(bytes),
        fc.array(blocks, { minLength: 1 }),
        (secret, texts) => {
          const ours = desCipher(secret);
          for (const text of texts) {
            const before = toHex(text);
            const ecb = createCipheriv('des-ede3', full(secret), null).setAutoPadding(false);
            expect(toHex(ours.encrypt(text))).toBe(toHex(ecb.update(text)));
            const back = createDecipheriv('des-ede3', full(secret), null).setAutoPadding(false);
            expect(toHex(ours.decrypt(text))).toBe(toHex(back.update(text)));
            expect(toHex(text), 'encrypt and decrypt leave it as it was').toBe(before);
            const cbc = createCipheriv('des-ede3-cbc', full(secret), new Uint8Array(8));
            const chained = cbc.setAutoPadding(false).update(text).subarray(-8);
            expect(toHex(ours.encryptChained(Uint8Array.from(text)))).toBe(toHex(chained));
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  it.each([8, 16])('keeps a key of %i bytes as it was given', (size) => {
    const given = new Uint8Array(size).map((_each, at) => at * 31);
    for (const secret of [given.slice(), Buffer.from(given)]) {
      const ours = desCipher(secret);
      expect(ours.keyBytes).toBe(size);
      secret.fill(0);
      const same = desCipher(given);
      for (const length of [8, 200]) {
        const text = new Uint8Array(length).map((_each, at) => at);
        expect(toHex(ours.encrypt(text))).toBe(toHex(same.encrypt(text)));
        expect(toHex(ours.decrypt(text))).toBe(toHex(same.decrypt(text)));
      }
    }
  });

  it.each([1, 7, 9, 95, 97, 0])('refuses %i bytes, which are no whole blocks', (length) => {
    const cipher = desCipher(fromHex('0123456789ABCDEF'));
    for (const work of ['encrypt', 'decrypt', 'encryptChained'] as const) {
      expect(() => cipher[work](new Uint8Array(length))).toThrow('no whole blocks');
    }
    expect(toHex(cipher.encrypt(new Uint8Array(8)))).toBe('D5D44FF720683D0D');
  });
});
