import { describe, expect, it } from 'vitest';
import { ChipCard, type ChipProfile, type Tags } from '../../../emulator/card/chip-card.ts';
import { readScript, scriptResult } from '../../../emulator/card/issuer-script.ts';
import { fromHex, toHex } from '../../../protocol/bytes/hex.ts';
import {
  applicationCryptogram,
  cryptogramInput,
  deriveCardKey,
  responseCryptogram,
  sessionKey,
} from '../../../protocol/security/emv-cryptogram.ts';
import { completeChip, reversalChip } from '../../../emulator/terminal/chip/complete-chip.ts';
import { decodeTags, encodeTlv } from '../../../protocol/structure/ber-tlv.ts';
import { securityVectors } from '../../vectors.ts';

const vector = securityVectors.arqc.find(({ tags }) => tags !== undefined)!;
const IMK = fromHex(vector.imk!);
const PROFILE: ChipProfile = { pan: vector.pan!, psn: vector.psn!, imk: IMK, atc: 0x156 };

/** What the terminal of the vector says. */
const TERMINAL: Tags = new Map(
  Object.entries(vector.tags!).filter(([tag]) => !['82', '9F36', '9F10'].includes(tag)),
);

const SCRIPT = '9F180400000001860F04DA9F580A00000005000000000000';

/** A card with its first request out, and the issuer's right answer to it. */
function asked(changes: Partial<ChipProfile> = {}) {
  const card = new ChipCard({ ...PROFILE, ...changes });
  const own = card.request(TERMINAL)!;
  const sk = sessionKey(deriveCardKey(IMK, PROFILE.pan, PROFILE.psn), own.get('9F36')!);
  const proof = `${responseCryptogram(sk, own.get('9F26')!, '00')}3030`;
  return { card, own, sk, proof };
}

/** Whether a cryptogram is that of these tags. */
function isGenuine(sk: Uint8Array, terminal: Tags, own: Tags): boolean {
  const input = cryptogramInput(new Map([...terminal, ...own]));
  return applicationCryptogram(sk, input) === own.get('9F26');
}

describe('a chip', () => {
  it('asks with the cryptogram of the vector', () => {
    const { own } = asked();
    expect(Object.fromEntries(own)).toMatchObject({
      '9F26': vector.arqc,
      '9F27': '80',
      '9F36': '0157',
      '9F10': vector.tags!['9F10'],
      82: '7C00',
    });
  });

  it('counts each transaction, and gives none when it has counted to its end', () => {
    const card = new ChipCard({ ...PROFILE, atc: 0xfffd });
    expect(card.request(TERMINAL)?.get('9F36')).toBe('FFFE');
    expect(card.request(TERMINAL)?.get('9F36')).toBe('FFFF');
    expect(card.request(TERMINAL)).toBeUndefined();
  });

  it('completes with a TC over what has changed meanwhile', () => {
    const { card, sk, proof, own } = asked();
    expect(card.authenticateIssuer(proof)).toBe(true);
    const terminal = new Map(TERMINAL).set('95', '0000048000');
    const last = card.complete(terminal, true);
    expect(last.get('9F27')).toBe('40');
    expect(last.get('9F10')).toBe('0701010360000001'.padEnd(16, '0') + '0A010000000000ED538FE4');
    expect(last.get('9F26')).not.toBe(own.get('9F26'));
    expect(isGenuine(sk, terminal, last)).toBe(true);
    expect(isGenuine(sk, TERMINAL, last)).toBe(false);
  });

  it('gives an AAC when the terminal declines', () => {
    const { card, sk, proof } = asked();
    card.authenticateIssuer(proof);
    const last = card.complete(TERMINAL, false);
    expect(last.get('9F27')).toBe('00');
    expect(last.get('9F10')!.slice(6, 14)).toBe('03200000');
    expect(isGenuine(sk, TERMINAL, last)).toBe(true);
  });

  it('does not believe an issuer with any bit of its answer wrong, and completes with an AAC', () => {
    for (let bit = 0; bit < 64; bit++) {
      const { card, proof } = asked();
      const wrong = fromHex(proof);
      wrong[bit >> 3]! ^= 1 << (bit & 7);
      expect([bit, card.authenticateIssuer(toHex(wrong))]).toEqual([bit, false]);
      const last = card.complete(TERMINAL, true);
      expect(last.get('9F27')).toBe('00');
      expect(last.get('9F10')!.slice(6, 14)).toBe('03280000');
    }
  });

  it.each([
    ['an answer for another response code', (proof: string) => `${proof.slice(0, 16)}3035`],
    ['an answer that is cut', (proof: string) => proof.slice(0, 18)],
    ['an answer that is too long', (proof: string) => `${proof}00`],
    ['an empty answer', () => ''],
  ])('does not believe %s', (_, spoil) => {
    const { card, proof } = asked();
    expect(card.authenticateIssuer(spoil(proof))).toBe(false);
    expect(card.complete(TERMINAL, true).get('9F27')).toBe('00');
  });

  it('listens to the issuer once a transaction', () => {
    const { card, proof } = asked();
    expect(card.authenticateIssuer(`${'0'.repeat(16)}3030`)).toBe(false);
    expect(card.authenticateIssuer(proof)).toBe(false);
    expect(card.complete(TERMINAL, true).get('9F27')).toBe('00');
  });

  it('does not take the answer to an earlier transaction', () => {
    const { card, proof } = asked();
    card.request(TERMINAL);
    expect(card.authenticateIssuer(proof)).toBe(false);
  });

  it('completes without the issuer, unless it is one that needs him', () => {
    expect(asked().card.complete(TERMINAL, true).get('9F27')).toBe('40');
    expect(asked({ needsIssuer: true }).card.complete(TERMINAL, true).get('9F27')).toBe('00');
    const { card, proof } = asked({ needsIssuer: true });
    card.authenticateIssuer(proof);
    expect(card.complete(TERMINAL, true).get('9F27')).toBe('40');
  });

  it('completes a transaction once, and none that was not begun', () => {
    const { card } = asked();
    card.complete(TERMINAL, true);
    expect(card.complete(TERMINAL, true).get('9F27')).toBe('00');
    expect(new ChipCard(PROFILE).complete(TERMINAL, true).get('9F27')).toBe('00');
    expect(new ChipCard(PROFILE).authenticateIssuer('00'.repeat(10))).toBe(false);
  });
});

describe('an issuer script', () => {
  it('is run by a card that believes its issuer, before and after the last cryptogram', () => {
    const { card, proof } = asked();
    card.authenticateIssuer(proof);
    expect(scriptResult(card.runScript(SCRIPT))).toBe('2000000001');
    card.complete(TERMINAL, true);
    expect(scriptResult(card.runScript(SCRIPT))).toBe('2000000001');
  });

  it('fails at its first command without the issuer behind it', () => {
    expect(scriptResult(asked().card.runScript(SCRIPT))).toBe('1100000001');
  });

  it.each([
    ['its second command is none', '9F180400000002860404DA0000860200B4', '1200000002'],
    ['it has no identifier', '860404DA0000', '2000000000'],
    ['it has no commands', '9F180400000003', '2000000003'],
    ['it cannot be read', '9F1804000000', '0000000000'],
  ])('has its result when %s', (_, script, result) => {
    const { card, proof } = asked();
    card.authenticateIssuer(proof);
    expect(scriptResult(card.runScript(script))).toBe(result);
  });

  it('is read with its commands in order', () => {
    expect(readScript('9F180400000002860404DA0000860404180000').commands).toEqual([
      '04DA0000',
      '04180000',
    ]);
  });
});

describe('the terminal beside a chip', () => {
  const request = (own: Tags) => ({
    52: '00',
    55: encodeTlv([...new Map([...TERMINAL, ...own])].map(([tag, value]) => ({ tag, value }))),
  });

  it.each([
    ['a damaged answer', '91FF', false, '6800'],
    ['an answer without field 55', undefined, true, '6800'],
    ['an empty answer', '', true, '6800'],
  ])('with %s asks for %s', (_, answered, isApproved, tsi) => {
    const { card, own } = asked();
    const end = completeChip(card, request(own), answered === undefined ? {} : { 55: answered });
    expect(end).toMatchObject({ isApproved, tsi });
  });

  it('says that the holder was not verified where no PIN was entered', () => {
    const { card, own } = asked();
    const { 55: chip } = request(own);
    expect(completeChip(card, { 55: chip }, {}).tsi).toBe('2800');
  });

  it('runs each script of each kind, and marks where one failed', () => {
    const failing = encodeTlv([{ tag: '86', value: '0200B4' }]);
    const run = (items: { tag: string; value: string }[]) => {
      const { card, own, proof } = asked();
      return completeChip(card, request(own), {
        55: encodeTlv([{ tag: '91', value: proof }, ...items]),
      });
    };
    const two = run([
      { tag: '72', value: SCRIPT },
      { tag: '72', value: failing },
    ]);
    expect(two).toMatchObject({ scripts: '20000000011100000000', tvr: '0000000010', tsi: '7C00' });
    // The cryptogram came before: what goes up with it is what it covers.
    expect(tagsOf(two.chip).get('95')).toBe('0000000000');
    const before = run([{ tag: '71', value: failing }]);
    expect(before).toMatchObject({ scripts: '1100000000', tvr: '0000000020' });
    expect(tagsOf(before.chip).get('95')).toBe('0000000020');
  });

  it('keeps the results of scripts in a reversal after the card has refused', () => {
    expect([...tagsOf(reversalChip('95050000000020DF31052000000001', true)).keys()]).toEqual([
      '95',
      'DF31',
    ]);
  });
});

function tagsOf(hex: string): Tags {
  return decodeTags(hex);
}
