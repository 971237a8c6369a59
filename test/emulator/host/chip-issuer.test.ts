import { describe, expect, it } from 'vitest';
import { messageVector } from '../../vectors.ts';
import { TEST_INSTITUTION } from '../../../emulator/bench/test-institution.ts';
import type { Institution } from '../../../emulator/host/host-config.ts';
import { fromHex, toHex } from '../../../protocol/bytes/hex.ts';
import {
  applicationCryptogram,
  cryptogramInput,
  deriveCardKey,
  sessionKey,
} from '../../../protocol/security/emv-cryptogram.ts';
import { decodeTags, decodeTlv, encodeTlv } from '../../../protocol/structure/ber-tlv.ts';
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
    ['of another card with this number', { 23: '002' }, /field 23/],
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

/** The chip sale with other tags under a cryptogram that is right: what a strange terminal sends. */
function signed(changes: Readonly<Record<string, string>>, fields: FieldChanges = {}): FieldValues {
  const changed = decodeTags(chip(changes));
  const imk = fromHex(TEST_INSTITUTION.issuers[0]!.imk);
  const sk = sessionKey(deriveCardKey(imk, '6228484123456789011', '01'), changed.get('9F36')!);
  changed.set('9F26', applicationCryptogram(sk, cryptogramInput(changed)));
  const items = [...changed].map(([tag, value]) => ({ tag, value }));
  return chipSale({ 55: encodeTlv(items), ...fields });
}

describe('a cryptogram that is right for something else', () => {
  it('is approved when it is for this', () => {
    expect(ask(new HostDesk(), signed({})).fields[39]).toBe('00');
  });

  it.each<[string, Record<string, string>, RegExp]>([
    ['a refund', { '9C': '20' }, /9C/],
    ['a balance', { '9C': '31' }, /9C/],
    ['cash', { '9F03': '000000000100' }, /9F03/],
    ['another country', { '9F1A': '0840' }, /9F1A/],
    ['another currency', { '5F2A': '0840' }, /5F2A/],
    ['a day a year ago', { '9A': '250115' }, /9A/],
    ['a day that there is not', { '9A': '991399' }, /9A/],
    ['three days from now', { '9A': '260118' }, /9A/],
  ])('such as %s, is refused', (_, changes, why) => {
    const desk = new HostDesk();
    const before = desk.books;
    expect(ask(desk, signed(changes)).fields[39]).toBe('05');
    expect(desk.refusals.at(-1)?.text).toMatch(why);
    expect(desk.books).toEqual(before);
  });

  it('such as a day off by the clock of the terminal, is taken', () => {
    expect(ask(new HostDesk(), signed({ '9A': '260116' })).fields[39]).toBe('00');
  });
});

describe('a way of reading that is not one of the usual', () => {
  const asSwipe = { 2: undefined, 23: undefined, 55: undefined };

  it.each([
    ['00', '30'],
    ['03', '30'],
    ['92', '30'],
    ['95', '30'],
    ['96', '30'],
    ['98', '30'],
    ['91', '30'],
  ])('%s without chip data gets %s and books nothing', (digits, rc) => {
    const desk = new HostDesk();
    const before = desk.books;
    const fields = chipSale({ 55: undefined, 22: `${digits}2`, 26: undefined, 52: undefined });
    expect([rc, '05']).toContain(ask(desk, fields).fields[39]);
    expect(desk.books).toEqual(before);
  });

  it('80 is the stripe of a card whose chip has failed', () => {
    const fields = chipSale({ ...asSwipe, 22: '801' });
    expect(ask(policed({ chipCardSwiped: 'after-failure' }), fields).fields[39]).toBe('00');
    expect(ask(policed({ chipCardSwiped: 'refused' }), fields).fields[39]).toBe('45');
  });

  it('90 is the stripe', () => {
    const fields = chipSale({ ...asSwipe, 22: '901' });
    expect(ask(policed({ chipCardSwiped: 'after-failure' }), fields).fields[39]).toBe('45');
  });

  it('95 is a chip, and proves itself as one', () => {
    expect(ask(new HostDesk(), chipSale({ 22: '951' })).fields[39]).toBe('00');
    const wrong = chipSale({ 22: '951', 55: chip({ '9F37': '00000000' }) });
    expect(ask(new HostDesk(), wrong).fields[39]).toBe('05');
  });
});

describe('what a request says of its card', () => {
  it.each<[string, FieldChanges, string]>([
    ['a later expiry', { 14: '3112' }, '54'],
    ['an earlier one that is not past', { 14: '2712' }, '54'],
    ['one that is past', { 14: '2512' }, '54'],
    ['a month that there is not', { 14: '3013' }, '30'],
    ['no month', { 14: '3000' }, '30'],
    ['the sequence of another card', { 23: '101' }, '05'],
    ['a third track of another card', { 36: `99${'6'.repeat(19)}D${'1'.repeat(40)}` }, '14'],
    [
      'a track without a separator',
      { 2: undefined, 35: '6228484123456789011530122200000000012' },
      '14',
    ],
  ])('with %s gets its refusal, on the same line', (_, changes, rc) => {
    const desk = new HostDesk();
    const before = desk.books;
    expect(ask(desk, chipSale(changes)).fields[39]).toBe(rc);
    expect(desk.books).toEqual(before);
    expect(desk.closed.size).toBe(0);
  });

  it('is answered with 77 when nobody is signed in, an encrypted track or not', () => {
    for (const track of ['62256810ABCDEF12', '6225881234567898DBF6C06A7F5E1BA200']) {
      const desk = new HostDesk([]);
      const fields = chipSale({ 2: undefined, 22: '021', 23: undefined, 35: track, 55: undefined });
      const answer = ask(desk, { ...fields, 53: '2610000000000000' });
      expect(answer.fields[39]).toBe('77');
      expect(answer.fields[2]).toBeUndefined();
      expect(desk.closed.size).toBe(0);
    }
  });

  it('is answered with 30 when its encrypted track decrypts to none', () => {
    const desk = new HostDesk();
    const track = '622588ABCDEF0123456789ABCDEF0123456';
    const fields = chipSale({ 2: undefined, 22: '021', 23: undefined, 35: track, 55: undefined });
    expect(ask(desk, { ...fields, 53: '2610000000000000' }).fields[39]).toBe('30');
    expect(desk.closed.size).toBe(0);
  });
});

describe('the result of a script', () => {
  const told = (sale: Message, changes: FieldChanges = {}): FieldValues => {
    const fields: FieldValues = {};
    for (const [key, value] of Object.entries(messageVector('script-result-notice').fields)) {
      if (key !== '64') fields[Number(key)] = typeof value === 'string' ? value : value.hex;
    }
    Object.assign(fields, { 37: sale.fields[37], 60: '0000000195160', 61: '000001000004' });
    for (const [key, value] of Object.entries(changes)) {
      if (value === undefined) delete fields[Number(key)];
      else fields[Number(key)] = value;
    }
    return fields;
  };
  const scripted = (): HostDesk => {
    const cards = TEST_INSTITUTION.cards.map((card) =>
      card.id === 'credit' ? { ...card, script: '9F180400000000860404DA0000' } : card,
    );
    return new HostDesk([sessionOpened()], { ...TEST_INSTITUTION, cards });
  };
  const isDone = (desk: HostDesk): boolean => desk.state.cards.get('credit')!.isScriptDone;

  it('of the vectors is taken for the sale that the script came with', () => {
    const desk = scripted();
    const sale = ask(desk, chipSale());
    expect(sale.fields[55]).toContain('720D9F180400000000860404DA0000');
    expect(ask(desk, told(sale), '0620').fields[39]).toBe('00');
    expect(isDone(desk)).toBe(true);
    const next = ask(desk, signed({ '9F36': '0158' }, { 11: '000005' }));
    expect(decodeTlv(next.fields[55]!).map(({ tag }) => tag)).toEqual(['9F36', '91']);
  });

  it.each<[string, FieldChanges, string]>([
    ['of a sale that there is not', { 61: '000001000099' }, '25'],
    ['with another reference number', { 37: '000000000000' }, '25'],
    ['of another card', { 2: '6225881234567898' }, '25'],
    ['that is empty', { 55: 'DF3100' }, '30'],
    ['that is too short', { 55: 'DF310420000000' }, '30'],
    ['that is no result', { 55: 'DF31059900000000' }, '30'],
    ['that is missing', { 55: '95050000000000' }, '30'],
  ])('%s changes nothing', (_, changes, rc) => {
    const desk = scripted();
    const sale = ask(desk, chipSale());
    expect(ask(desk, told(sale, changes), '0620').fields[39]).toBe(rc);
    expect(isDone(desk)).toBe(false);
  });

  it('of a card without a script is refused', () => {
    const desk = new HostDesk();
    const sale = ask(desk, chipSale());
    expect(ask(desk, told(sale), '0620').fields[39]).toBe('25');
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
