import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { securityVectors } from '../vectors.ts';
import { fromHex } from '../../protocol/bytes/hex.ts';
import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import { desCipher, sm4Cipher, type BlockCipher } from '../../protocol/security/block-cipher.ts';
import {
  decryptTrack,
  encryptTrack,
  isClearTrack,
  trackBlock,
} from '../../protocol/security/track-cipher.ts';

interface TrackVector {
  readonly name: string;
  readonly key: string;
  readonly clear: string;
  readonly start: number;
  readonly block: string;
  readonly result: string;
}

const { trackEncryption } = securityVectors as unknown as { trackEncryption: TrackVector[] };
const TDK = desCipher(fromHex(securityVectors.keys['TDK']!));
const TDK_SM4 = sm4Cipher(fromHex(securityVectors.keys['TDK_sm4']!));

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof CountersignError) return `${error.code} ${error.message}`;
  }
  return 'nothing thrown';
}

describe('the block of a track', () => {
  it('has three vectors', () => expect(trackEncryption).toHaveLength(3));

  it.each(trackEncryption)('$name', ({ key, clear, start, block, result }) => {
    const tdk = key === 'TDK_sm4' ? TDK_SM4 : TDK;
    expect(clear.slice(start, start + tdk.blockBytes * 2)).toBe(block);
    expect(trackBlock(tdk, clear.length)).toEqual({ start, end: start + block.length });
    expect(encryptTrack(tdk, clear)).toBe(result);
    expect(decryptTrack(tdk, result)).toBe(clear);
  });

  it.each([
    ['DES', TDK, 18],
    ['SM4', TDK_SM4, 34],
  ] as [string, BlockCipher, number][])('of %s is everywhere but at the ends', (_, tdk, least) => {
    const digits = fc.array(fc.constantFrom(...'0123456789D'), {
      minLength: least,
      maxLength: 104,
    });
    fc.assert(
      fc.property(digits, (characters) => {
        const track = characters.join('');
        const sent = encryptTrack(tdk, track);
        const after = track.length % 2 === 1 ? 1 : 2;
        const before = track.length - after - tdk.blockBytes * 2;
        expect(sent).toMatch(/^[0-9A-F]+$/);
        expect(sent).toHaveLength(track.length);
        expect(sent.slice(0, before)).toBe(track.slice(0, before));
        expect(sent.slice(-after)).toBe(track.slice(-after));
        expect(sent).not.toBe(track);
        expect(decryptTrack(tdk, sent)).toBe(track);
      }),
      { numRuns: 200, seed: 4 },
    );
  });

  it.each([
    ['DES', 17, TDK],
    ['SM4', 33, TDK_SM4],
  ] as [string, number, BlockCipher][])('of %s needs more than %i digits', (_, most, tdk) => {
    for (const turn of [encryptTrack, decryptTrack]) {
      for (const length of [0, 1, most - 1, most]) {
        const error = codeOf(() => turn(tdk, '4'.repeat(length)));
        expect(error).toMatch(/^E_TRACK /);
        expect(error).toContain(`${length} digits where ${most + 1} are the least`);
      }
      expect(turn(tdk, '4'.repeat(most + 1))).toHaveLength(most + 1);
    }
  });

  it('refuses what no track has, and does not show it', () => {
    const track = '6225881234567898D3012101123456789000';
    for (const bad of ['=', 'A', 'd', ' ', 'F', '\n']) {
      const spoilt = track.replace('D', bad);
      const error = codeOf(() => encryptTrack(TDK, spoilt));
      expect(error).toMatch(/^E_TRACK /);
      expect(error).not.toContain('622588');
    }
    expect(codeOf(() => decryptTrack(TDK, track.replace('D', '=')))).toMatch(/^E_TRACK /);
    expect(codeOf(() => decryptTrack(TDK, track.replace('D', 'g')))).toMatch(/^E_TRACK /);
  });
});

describe('a clear track', () => {
  it.each([
    ['6225881234567898D3012101123456789000', true],
    ['9962258812345678980123D156', false],
    ['996228484123456789011D1561560000000', true],
    ['996225881234567898D1561560000000', true],
    ['6225881234567898=3012101123456789000', false],
    ['6225881234567898D301210B123456789000', false],
    ['6225881234567898F3012101123456789000', false],
    ['62258812345678983012101123456789000', false],
    ['D3012', false],
    ['', false],
  ])('%s: %s', (track, isClear) => {
    expect(isClearTrack(track)).toBe(isClear);
  });

  it('does not come out under another key', () => {
    const other = desCipher(fromHex(securityVectors.keys['PIK']!));
    const sent = encryptTrack(TDK, '6225881234567898D3012101123456789000');
    expect(isClearTrack(decryptTrack(TDK, sent))).toBe(true);
    expect(isClearTrack(decryptTrack(other, sent))).toBe(false);
  });
});
