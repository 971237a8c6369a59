import { describe, expect, it } from 'vitest';
import { messageVector } from '../../vectors.ts';
import { TEST_INSTITUTION } from '../../../emulator/bench/test-institution.ts';
import type { Institution } from '../../../emulator/host/host-config.ts';
import { fromHex, toHex } from '../../../protocol/bytes/hex.ts';
import { decodeTlv, encodeTlv } from '../../../protocol/structure/ber-tlv.ts';
import { frame, HostDesk, sessionOpened, type FieldChanges } from './host-desk.ts';
import type { FieldValues, Message } from '../../../protocol/message/message.ts';

/** The chip sale of the vectors: 100.00, STAN 000004, ATC 0157. */
function chipSale(changes: FieldChanges = {}): FieldValues {
  const fields: FieldValues = {};
  for (const [key, value] of Object.entries(messageVector('sale-ic-request').fields)) {
    if (key !== '64') fields[Number(key)] = typeof value === 'string' ? value : value.hex;
  }
  for (const [key, value] of Object.entries(changes)) {
    if (value === undefined) delete fields[Number(key)];
    else fields[Number(key)] = value;
  }
  return fields;
}

const CHIP = chipSale()[55]!;

/** Field 55 with tags changed, taken away or added. */
function chip(changes: Readonly<Record<string, string | undefined>>): string {
  const items = decodeTlv(CHIP).filter(({ tag }) => !(tag in changes));
  const added = Object.entries(changes).flatMap(([tag, value]) =>
    value === undefined ? [] : [{ tag, value }],
  );
  return encodeTlv([...items, ...added]);
}

function ask(desk: HostDesk, fields: FieldValues, mti = '0200'): Message {
  return desk.ask(frame(mti, fields));
}

function policed(policy: Partial<Institution['policy']>): HostDesk {
  const institution = { ...TEST_INSTITUTION, policy: { ...TEST_INSTITUTION.policy, ...policy } };
  return new HostDesk([sessionOpened()], institution);
}

describe('a chip sale', () => {
  it('of the vectors is approved with the answer of the vectors in field 55', () => {
    const answer = ask(new HostDesk(), chipSale());
    expect(answer.fields).toMatchObject({
      39: '00',
      55: messageVector('sale-ic-response').fields['55'],
    });
  });

  it('is the same answer when it is repeated, and its counter does not stand against it', () => {
    const desk = new HostDesk();
    const first = ask(desk, chipSale());
    expect(ask(desk, chipSale()).fields).toMatchObject({ 39: '00', 37: first.fields[37] });
    expect(desk.state.cards.get('credit')?.atc).toBe(0x157);
  });

  it('is refused when its counter was used before, also after a restart', () => {
    const desk = new HostDesk();
    ask(desk, chipSale());
    const again = chipSale({ 11: '000005' });
    expect(ask(desk, again).fields[39]).toBe('05');
    expect(desk.refusals.at(-1)?.text).toContain('counter');
    expect(ask(new HostDesk(desk.journal), again).fields[39]).toBe('05');
  });

  it('is refused with any bit of its cryptogram wrong, and nothing is booked', () => {
    const desk = new HostDesk();
    const before = desk.books;
    const cryptogram = '6444FB0F8E35A3D2';
    for (let bit = 0; bit < 64; bit += 5) {
      const wrong = fromHex(cryptogram);
      wrong[bit >> 3]! ^= 1 << (bit & 7);
      const stan = String(100 + bit).padStart(6, '0');
      const fields = chipSale({ 11: stan, 55: chip({ '9F26': toHex(wrong) }) });
      expect([bit, ask(desk, fields).fields[39]]).toEqual([bit, '05']);
    }
    expect(desk.books).toEqual(before);
    expect(desk.refusals.at(-1)?.text).toContain('9F26 is wrong');
    expect(desk.state.cards.get('credit')?.atc).toBe(-1);
  });

  it.each<[string, FieldChanges, RegExp]>([
    ['over another amount', { 4: '000000020000' }, /9F02 is not the amount/],
    ['of another amount in its chip', { 55: chip({ '9F02': '000000020000' }) }, /9F26 is wrong/],
    ['over another date', { 55: chip({ '9A': '260116' }) }, /9F26 is wrong/],
    ['with another TVR', { 55: chip({ 95: '8000000000' }) }, /9F26 is wrong/],
    ['with another unpredictable number', { 55: chip({ '9F37': '1A2B3C4E' }) }, /9F26 is wrong/],
    ['with another counter', { 55: chip({ '9F36': '0158' }) }, /9F26 is wrong/],
    ['of the other card with this number', { 23: '002' }, /9F26 is wrong/],
    ['with a TC instead of a request', { 55: chip({ '9F27': '40' }) }, /9F27/],
    ['without cryptogram', { 55: chip({ '9F26': undefined }) }, /9F26 is wrong/],
    ['without 9F10', { 55: chip({ '9F10': undefined }) }, /9F10 has 0 bytes/],
    ['with a 9F10 that is too short', { 55: chip({ '9F10': '07010103A000' }) }, /9F10 has 6 bytes/],
    [
      'with cryptogram version 17',
      { 55: chip({ '9F10': '07011703A00000010A010000000000ED538FE4' }) },
      /version 17/,
    ],
    [
      'with an SM4 chip',
      { 55: chip({ '9F10': '07010103A00000040A010000000000ED538FE4' }) },
      /algorithm 04/,
    ],
    ['without a counter', { 55: chip({ '9F36': undefined }) }, /missing.*9F36/],
  ])('%s is refused with 05 and the reason', (_, changes, why) => {
    const desk = new HostDesk();
    const before = desk.view();
    expect(ask(desk, chipSale(changes)).fields).toMatchObject({ 39: '05' });
    expect(desk.refusals.at(-1)?.text).toMatch(why);
    // Reasons name tags, never values.
    expect(JSON.stringify(desk.refusals)).not.toContain('6444FB0F8E35A3D2');
    expect((desk.view() as { balances: unknown }).balances).toEqual(
      (before as { balances: unknown }).balances,
    );
  });

  it('without field 55 is a format error', () => {
    expect(ask(new HostDesk(), chipSale({ 55: undefined })).fields[39]).toBe('30');
  });

  it('of a BIN whose issuer key is not there is refused', () => {
    const desk = new HostDesk([sessionOpened()], { ...TEST_INSTITUTION, issuers: [] });
    expect(ask(desk, chipSale()).fields[39]).toBe('05');
    expect(desk.refusals.at(-1)?.text).toContain('no issuer key');
  });

  it('that is declined has no answer for the chip', () => {
    const answer = ask(new HostDesk(), chipSale({ 52: '0123456789ABCDEF' }));
    expect(answer.fields[39]).toBe('99');
    expect(answer.fields[55]).toBeUndefined();
  });

  it('with a PIN and no field 26 is a format error', () => {
    expect(ask(new HostDesk(), chipSale({ 26: undefined })).fields[39]).toBe('30');
  });

  it('gets the refusal of its policy', () => {
    const desk = policed({ cryptogramRefused: 'A7' });
    expect(ask(desk, chipSale({ 55: chip({ '9F37': '00000000' }) })).fields[39]).toBe('A7');
  });
});

describe('a card whose track was changed', () => {
  it('is refused with 59: its track is not the one that the issuer made', () => {
    const desk = new HostDesk();
    const before = desk.books;
    const track = '6228484123456789011D30122200000000013';
    expect(ask(desk, chipSale({ 35: track })).fields[39]).toBe('59');
    expect(desk.books).toEqual(before);
    expect(JSON.stringify(desk.events)).not.toContain('30122200000000013');
  });
});

describe('the stripe of a chip card', () => {
  const swiped = (condition: string): FieldValues =>
    chipSale({
      2: undefined,
      22: '021',
      23: undefined,
      55: undefined,
      60: `220000010006${condition}`,
    });

  it.each([
    ['allowed', '0', '00'],
    ['allowed', '2', '00'],
    ['after-failure', '0', '45'],
    ['after-failure', '1', '45'],
    ['after-failure', '2', '00'],
    ['refused', '2', '45'],
  ] as const)('where it is %s, with condition %s gets %s', (chipCardSwiped, condition, rc) => {
    expect(ask(policed({ chipCardSwiped }), swiped(condition)).fields[39]).toBe(rc);
  });

  it('of a card without chip is nobody’s concern', () => {
    const desk = policed({ chipCardSwiped: 'refused' });
    const fields: FieldValues = {};
    for (const [key, value] of Object.entries(messageVector('sale-mag-pin-request').fields)) {
      if (key !== '64') fields[Number(key)] = typeof value === 'string' ? value : value.hex;
    }
    expect(ask(desk, fields).fields[39]).toBe('00');
  });
});
