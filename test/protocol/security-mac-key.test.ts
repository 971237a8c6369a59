import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { messageVectors, securityVectors, vectorBodyHex, ENVELOPE_BYTES } from '../vectors.ts';
import { asciiBytes, asciiText } from '../../protocol/bytes/ascii.ts';
import { fromHex, toHex } from '../../protocol/bytes/hex.ts';
import { MAC_ALGORITHMS } from '../../protocol/dialect/mac-spec.ts';
import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import { aesCipher, cipherOf, desCipher, sm4Cipher } from '../../protocol/security/block-cipher.ts';
import { macKey, type KeyFamily, type MacSpec } from '../../protocol/security/mac-key.ts';
import { sealMac, verifyMac } from '../../protocol/security/mac.ts';

type MacVector = (typeof securityVectors.mac)[number] & {
  readonly full?: string;
  readonly f64BinaryForm?: string;
  readonly f64AsciiForm?: string;
  readonly f64?: string;
};

const VECTORS: readonly MacVector[] = securityVectors.mac;
const DOUBLE = '0123456789ABCDEFFEDCBA9876543210';
const SINGLE = DOUBLE.slice(0, 16);

function mac(spec: MacSpec, family: KeyFamily, key: string, mab: Uint8Array): string {
  return toHex(macKey(spec, family, fromHex(key)).compute(mab));
}

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof CountersignError) return `${error.code} ${error.message} ${error.hint}`;
  }
  return 'nothing thrown';
}

describe('a block', () => {
  // FIPS 197 appendix C, GB/T 32907 appendix A, and what spec 4.1 says of DES.
  it.each([
    ['aes', '000102030405060708090A0B0C0D0E0F', '69C4E0D86A7B0430D8CDB78070B4C55A'],
    ['aes', '000102030405060708090A0B0C0D0E0F1011121314151617', 'DDA97CA4864CDFE06EAF70A0EC0D7191'],
    [
      'aes',
      '000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F',
      '8EA2B7CA516745BFEAFC49904B496089',
    ],
  ] as const)('of %s under %s is the published one', (family, key, encrypted) => {
    const cipher = cipherOf(family, fromHex(key));
    const clear = fromHex('00112233445566778899AABBCCDDEEFF');
    expect(toHex(cipher.encrypt(clear))).toBe(encrypted);
    expect(cipher.decrypt(fromHex(encrypted))).toEqual(Buffer.from(clear));
    expect([cipher.family, cipher.blockBytes, cipher.keyBytes]).toEqual([
      family,
      16,
      key.length / 2,
    ]);
  });

  it('of SM4 and of DES is the published one', () => {
    const sm4 = cipherOf('sm4', fromHex(DOUBLE));
    expect(toHex(sm4.encrypt(fromHex(DOUBLE)))).toBe('681EDF34D206965E86B3E94F536E4246');
    const des = cipherOf('des', fromHex('1111111111111111'));
    expect(toHex(des.encrypt(new Uint8Array(8)))).toBe('82E13665B4624DF5');
    expect([sm4.family, des.family, des.blockBytes]).toEqual(['sm4', 'des', 8]);
  });

  it.each([0, 8, 15, 17, 31, 33])('of AES takes no key of %i bytes', (length) => {
    expect(codeOf(() => aesCipher(new Uint8Array(length)))).toMatch(/^E_KEY_LENGTH .*16, 24 or 32/);
  });

  it('that is cut is refused, and does not spoil the next one', () => {
    const cipher = desCipher(fromHex(DOUBLE));
    const due = toHex(desCipher(fromHex(DOUBLE)).encrypt(new Uint8Array(8)));
    for (const length of [0, 1, 7, 9]) {
      const block = new Uint8Array(length);
      expect(codeOf(() => cipher.encrypt(block))).toMatch(/^E_INTERNAL/);
      expect(codeOf(() => cipher.decrypt(block))).toMatch(/^E_INTERNAL/);
      expect(codeOf(() => cipher.encryptChained(block))).toMatch(/^E_INTERNAL/);
    }
    expect(toHex(cipher.encrypt(new Uint8Array(8)))).toBe(due);
    expect(toHex(cipher.encryptChained(new Uint8Array(8)))).toBe(due);
    expect(toHex(cipher.decrypt(fromHex(due)))).toBe('00'.repeat(8));
  });
});

describe('a MAC of the vectors', () => {
  const ALGORITHMS: Readonly<Record<string, readonly MacSpec['algorithm'][]>> = {
    'X9.9-CBC': ['x9.9', 'iso9797-1'],
    'X9.19': ['x9.19', 'iso9797-3'],
  };
  const chained = VECTORS.filter(({ algorithm }) => ALGORITHMS[algorithm] !== undefined);
  const folded = VECTORS.filter(({ data, algorithm }) => data && algorithm.startsWith('CUP'));

  it('are six chained ones and ten of UnionPay', () => {
    expect([chained.length, folded.length]).toEqual([6, 10]);
  });

  it.each(chained)('$name, in both forms', ({ algorithm, key, data, full, ...due }) => {
    const mab = fromHex(data!);
    for (const name of ALGORITHMS[algorithm]!) {
      const binary = mac({ algorithm: name, output: 'binary' }, 'des', key, mab);
      expect([name, binary]).toEqual([name, full]);
      expect(binary).toBe(due.f64BinaryForm);
      expect(mac({ algorithm: name, output: 'hex' }, 'des', key, mab)).toBe(due.f64AsciiForm);
      expect(mac({ algorithm: name }, 'des', key, mab)).toBe(due.f64AsciiForm);
    }
  });

  it.each(folded)('$name', ({ algorithm, key, data, enc2, f64 }) => {
    const family = algorithm === 'CUP-SM4' ? 'sm4' : 'des';
    const mab = fromHex(data!);
    expect(mac({ algorithm: 'unionpay-ecb' }, family, key, mab)).toBe(f64);
    const binary = mac({ algorithm: 'unionpay-ecb', output: 'binary' }, family, key, mab);
    expect(binary).toBe(enc2!.slice(0, 16));
  });
});

describe('a published MAC', () => {
  const [aligned, cut] = ['Now is the time for all ', 'Now is the time for it'].map(asciiBytes);

  // ISO/IEC 9797-1:1999 annex B; under algorithm 1 with padding 2 the numbers are our own.
  it.each([
    ['iso9797-1', 1, aligned, '70A30640CC76DD8B'],
    ['iso9797-1', 1, cut, 'E45B3AD2B7CC0856'],
    ['iso9797-1', 2, aligned, '10E1F0F108341B6D'],
    ['iso9797-1', 2, cut, 'A924C72136149211'],
    ['iso9797-3', 1, aligned, 'A1C72E74EA3FA9B6'],
    ['iso9797-3', 1, cut, '2E2B1428CC78254F'],
    ['iso9797-3', 2, aligned, 'E9086230CA3BE796'],
    ['iso9797-3', 2, cut, '5A692CE64F404145'],
  ] as const)('of %s with padding %i comes out', (algorithm, padding, text, due) => {
    const key = algorithm === 'iso9797-1' ? SINGLE : DOUBLE;
    expect(mac({ algorithm, padding, output: 'binary' }, 'des', key, text!)).toBe(due);
  });

  // RFC 4493 chapter 4.
  it.each([
    [0, 'BB1D6929E9593728'],
    [16, '070A16B46B4D4144'],
    [40, 'DFA66747DE9AE630'],
    [64, '51F0BEBF7E3B9D92'],
  ])('of AES-CMAC over %i bytes comes out', (length, due) => {
    const message = fromHex(
      '6BC1BEE22E409F96E93D7E117393172AAE2D8A571E03AC9C9EB76FAC45AF8E51' +
        '30C81C46A35CE411E5FBC1191A0A52EFF69F2445DF4F9B17AD2B417BE66C3710',
    ).subarray(0, length);
    const key = '2B7E151628AED2A6ABF7158809CF4F3C';
    expect(mac({ algorithm: 'aes-cmac', output: 'binary' }, 'aes', key, message)).toBe(due);
    const characters = toHex(asciiBytes(due.slice(0, 8)));
    expect(mac({ algorithm: 'aes-cmac' }, 'aes', key, message)).toBe(characters);
  });
});

/** Every algorithm with a key that fits it. */
const EVERY: readonly (readonly [MacSpec, KeyFamily, string])[] = [
  [{ algorithm: 'unionpay-ecb' }, 'des', SINGLE],
  [{ algorithm: 'unionpay-ecb', output: 'binary' }, 'des', DOUBLE],
  [{ algorithm: 'unionpay-ecb' }, 'sm4', DOUBLE],
  [{ algorithm: 'x9.9' }, 'des', SINGLE],
  [{ algorithm: 'x9.9' }, 'des', DOUBLE],
  [{ algorithm: 'x9.19', output: 'binary' }, 'des', DOUBLE],
  [{ algorithm: 'iso9797-1', padding: 2 }, 'des', DOUBLE],
  [{ algorithm: 'iso9797-3', padding: 2 }, 'des', DOUBLE],
  [{ algorithm: 'aes-cmac' }, 'aes', DOUBLE],
  [{ algorithm: 'aes-cmac', output: 'binary' }, 'aes', DOUBLE + SINGLE],
  [{ algorithm: 'aes-cmac' }, 'aes', DOUBLE + DOUBLE],
];

describe.each(EVERY)('the MAC %j under a %s key of %s', (spec, family, key) => {
  it('depends on every byte and on none of the messages before, and changes none', () => {
    const kept = macKey(spec, family, fromHex(key));
    for (const length of [1, 7, 8, 9, 16, 17, 40]) {
      const mab = new Uint8Array(length).map((_each, at) => at * 7);
      const copy = mab.slice();
      const sound = toHex(kept.compute(mab));
      expect(mab).toEqual(copy);
      for (let at = 0; at < length; at++) {
        mab[at]! ^= 0x10;
        expect([at, toHex(kept.compute(mab))]).not.toEqual([at, sound]);
        mab[at]! ^= 0x10;
      }
      expect(toHex(kept.compute(mab))).toBe(sound);
      expect(mac(spec, family, key, mab)).toBe(sound);
    }
  });

  it('ends where it is told to', () => {
    const kept = macKey(spec, family, fromHex(key));
    const mab = new Uint8Array(40).map((_each, at) => at * 7);
    for (const end of [1, 8, 9, 16, 39]) {
      expect(toHex(kept.compute(mab, end))).toBe(toHex(kept.compute(mab.slice(0, end))));
    }
  });

  it('gives eight bytes of its own, which may be changed', () => {
    const kept = macKey(spec, family, fromHex(key));
    const mab = asciiBytes('twenty-four bytes are it');
    const first = kept.compute(mab);
    const before = toHex(first);
    expect(first).toHaveLength(8);
    first.fill(0);
    expect(toHex(kept.compute(mab))).toBe(before);
    if (spec.output !== 'binary') expect(asciiText(kept.compute(mab))).toMatch(/^[0-9A-F]{8}$/);
  });

  it('seals a message so that it verifies, and no bit of it may change', () => {
    const sealer = macKey(spec, family, fromHex(key));
    const message = new Uint8Array(30).map((_each, at) => 255 - at);
    sealMac(sealer, message);
    expect(verifyMac(sealer, message)).toBe(true);
    for (let bit = 0; bit < message.length * 8; bit++) {
      const changed = message.slice();
      changed[bit >> 3]! ^= 1 << (bit & 7);
      expect([bit, verifyMac(sealer, changed)]).toEqual([bit, false]);
    }
  });
});

describe('a MAC key', () => {
  it('knows its algorithm', () => {
    const spec: MacSpec = { algorithm: 'iso9797-3', padding: 2, output: 'binary' };
    expect(macKey(spec, 'des', fromHex(DOUBLE)).spec).toBe(spec);
    expect(new Set(EVERY.map(([{ algorithm }]) => algorithm))).toEqual(new Set(MAC_ALGORITHMS));
  });

  it.each([
    ['unionpay-ecb', 'aes', 16, 'DES or SM4'],
    ['unionpay-ecb', 'sm4', 8, ''],
    ['unionpay-ecb', 'des', 24, ''],
    ['x9.9', 'des', 7, ''],
    ['x9.9', 'sm4', 16, '8 or 16 bytes'],
    ['x9.9', 'aes', 16, '8 or 16 bytes'],
    ['iso9797-1', 'sm4', 16, '8 or 16 bytes'],
    ['x9.19', 'des', 8, 'of 16 bytes'],
    ['x9.19', 'sm4', 16, 'of 16 bytes'],
    ['iso9797-3', 'des', 24, 'of 16 bytes'],
    ['iso9797-3', 'aes', 16, 'of 16 bytes'],
    ['aes-cmac', 'des', 16, 'an AES key'],
    ['aes-cmac', 'sm4', 16, 'an AES key'],
    ['aes-cmac', 'aes', 8, '16, 24 or 32'],
  ] as const)('of %s is no %s key of %i bytes', (algorithm, family, length, hint) => {
    const key = new Uint8Array(length).fill(0xab);
    const error = codeOf(() => macKey({ algorithm }, family, key));
    expect(error).toMatch(/^E_KEY_LENGTH/);
    expect(error).toContain(hint);
    expect(error).not.toMatch(/abab/i);
  });

  it('needs no padding where there is none: x9.9 and x9.19 ignore one', () => {
    const mab = asciiBytes('eight by');
    for (const [algorithm, key] of [
      ['x9.9', SINGLE],
      ['x9.19', DOUBLE],
    ] as const) {
      const plain = mac({ algorithm }, 'des', key, mab);
      expect(mac({ algorithm, padding: 2 }, 'des', key, mab)).toBe(plain);
    }
  });

  it('of 3DES with equal halves is that of single DES, in every algorithm', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (mab) => {
        const single = mac({ algorithm: 'x9.9' }, 'des', SINGLE, mab);
        for (const algorithm of ['x9.9', 'x9.19', 'iso9797-1', 'iso9797-3'] as const) {
          expect(mac({ algorithm }, 'des', SINGLE + SINGLE, mab)).toBe(single);
        }
      }),
      { numRuns: 50, seed: 3 },
    );
  });
});

describe('a message with a MAC', () => {
  it('is sealed by a bare cipher as by a key of unionpay-ecb', () => {
    for (const [family, cipher] of [
      ['des', desCipher(fromHex(DOUBLE))],
      ['sm4', sm4Cipher(fromHex(DOUBLE))],
    ] as const) {
      const key = macKey({ algorithm: 'unionpay-ecb' }, family, fromHex(DOUBLE));
      const [one, other] = [new Uint8Array(50).fill(9), new Uint8Array(50).fill(9)];
      sealMac(cipher, one);
      sealMac(key, other);
      expect(one).toEqual(other);
      expect(verifyMac(cipher, other)).toBe(true);
      expect(verifyMac(key, one)).toBe(true);
    }
  });

  it('of the vectors verifies under its published key', () => {
    const sealed = messageVectors.messages.filter(({ mac: known }) => known !== undefined);
    let verified = 0;
    for (const vector of sealed) {
      const known = vector.mac!;
      const message = fromHex(vectorBodyHex(vector)).subarray(ENVELOPE_BYTES);
      const family = known.algorithm.includes('SM4') ? 'sm4' : 'des';
      const key = securityVectors.keys[known.key] ?? known.key;
      const sealer = macKey({ algorithm: 'unionpay-ecb' }, family, fromHex(key));
      expect([vector.name, verifyMac(sealer, message)]).toEqual([vector.name, true]);
      verified++;
    }
    expect(verified).toBeGreaterThan(20);
  });

  it('is never right when there is nothing but a MAC, or less', () => {
    const sealer = macKey({ algorithm: 'x9.9' }, 'des', fromHex(SINGLE));
    const alone = sealer.compute(new Uint8Array(0));
    expect(verifyMac(sealer, alone)).toBe(false);
    for (let length = 0; length < 8; length++) {
      expect(verifyMac(sealer, new Uint8Array(length))).toBe(false);
    }
  });

  it('in lower case is not right: characters count', () => {
    const sealer = desCipher(fromHex(DOUBLE));
    const message = new Uint8Array(24).fill(1);
    sealMac(sealer, message);
    const lower = asciiBytes(asciiText(message, 16).toLowerCase());
    expect(toHex(lower)).not.toBe(toHex(message, 16));
    message.set(lower, 16);
    expect(verifyMac(sealer, message)).toBe(false);
  });
});
