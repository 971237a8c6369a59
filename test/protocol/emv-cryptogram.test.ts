import { describe, expect, it } from 'vitest';
import { securityVectors } from '../vectors.ts';
import { fromHex, toHex } from '../../protocol/bytes/hex.ts';
import { featureCode } from '../../protocol/message/feature-code.ts';
import {
  applicationCryptogram,
  cryptogramInput,
  deriveCardKey,
  readIssuerApplication,
  responseCryptogram,
  sessionKey,
} from '../../protocol/security/emv-cryptogram.ts';

const computed = securityVectors.arqc.find(({ tags }) => tags !== undefined)!;
const TAGS = new Map(Object.entries(computed.tags!));

describe('the cryptogram of a chip', () => {
  it('has three vectors, two of them published', () => {
    expect(securityVectors.arqc.map(({ name }) => name)).toHaveLength(3);
  });

  it.each(securityVectors.arqc)('$name: keys, cryptogram and answer', (vector) => {
    const { imk, pan, psn, udk, sk, acPadded, arqc, arc, arpc } = vector;
    const atc = vector.atc ?? vector.tags!['9F36']!;
    if (imk !== undefined) expect(toHex(deriveCardKey(fromHex(imk), pan!, psn!))).toBe(udk);
    const key = sessionKey(fromHex(udk), atc);
    expect(toHex(key)).toBe(sk);
    // The vectors list the padded input; the pad is 80 and zeros.
    const input = fromHex(vector.acInput ?? acPadded.replace(/80(00)*$/, ''));
    expect(applicationCryptogram(key, input)).toBe(arqc);
    expect(responseCryptogram(key, arqc, arc)).toBe(arpc);
  });

  it('covers the listed tags in their order and the CVR', () => {
    expect(toHex(cryptogramInput(TAGS))).toBe(computed.acInput);
  });

  it('changes with every covered byte, and with nothing else', () => {
    const key = fromHex(computed.sk);
    for (const [tag, value] of TAGS) {
      for (let at = 0; at < value.length / 2; at++) {
        // Key index, discretionary part: not covered.
        if (tag === '9F10' && (at < 3 || at > 6)) continue;
        const bytes = fromHex(value);
        bytes[at]! ^= 1;
        const changed = new Map(TAGS).set(tag, toHex(bytes));
        const cryptogram = applicationCryptogram(key, cryptogramInput(changed));
        expect([tag, at, cryptogram]).not.toEqual([tag, at, computed.arqc]);
      }
    }
    const other = new Map(TAGS).set('9F33', 'E0E1C8').set('9F26', '0000000000000000');
    expect(applicationCryptogram(key, cryptogramInput(other))).toBe(computed.arqc);
  });

  it.each([...TAGS.keys()])('needs tag %s', (tag) => {
    const lacking = new Map(TAGS);
    lacking.delete(tag);
    expect(() => cryptogramInput(lacking)).toThrow(
      expect.objectContaining({ code: 'E_CRYPTOGRAM', path: `55.${tag}` }),
    );
  });

  it.each([
    ['a short amount', '9F02', '0000010000', '55.9F02'],
    ['a long counter', '9F36', '000157', '55.9F36'],
    ['a 9F10 that is too short', '9F10', '07010103A000', '55.9F10'],
    ['a 9F10 that says it is short', '9F10', '06010103A0000001', '55.9F10'],
    ['an empty 9F10', '9F10', '', '55.9F10'],
    ['cryptogram version 17', '9F10', '07011703A00000010A010000000000ED538FE4', '55.9F10'],
    ['an SM4 card', '9F10', '07010103A00000040A010000000000ED538FE4', '55.9F10'],
  ])('refuses %s with its place', (_, tag, value, path) => {
    expect(() => cryptogramInput(new Map(TAGS).set(tag, value))).toThrow(
      expect.objectContaining({ code: 'E_CRYPTOGRAM', path }),
    );
  });

  it('reads what a card says of itself', () => {
    expect(readIssuerApplication(TAGS.get('9F10')!)).toEqual({
      keyIndex: '01',
      version: '01',
      cvr: '03A00000',
      algorithm: '01',
    });
  });

  it('pads a short card number on the left and takes the last digits of a long one', () => {
    const imk = fromHex('9E15204313F7318ACB79B90BD986AD29');
    const short = deriveCardKey(imk, '6228000100001', '01');
    expect(toHex(short)).toBe(toHex(deriveCardKey(imk, '06228000100001', '01')));
    const long = deriveCardKey(imk, '6228484123456789011', '01');
    expect(toHex(long)).toBe(toHex(deriveCardKey(imk, '84123456789011', '01')));
  });
});

describe('the feature code of a transaction', () => {
  it.each(securityVectors.featureCode)('$name', ({ settleDate, rrn, expected }) => {
    expect(featureCode(settleDate, rrn)).toBe(expected);
  });
});
