import { describe, expect, it } from 'vitest';
import { desCipher } from '../../../protocol/security/block-cipher.ts';
import { encryptPin } from '../../../protocol/security/pin-block.ts';
import { VECTOR_KEYS } from '../terminal/terminal-desk.ts';
import { TEST_INSTITUTION } from '../../../emulator/bench/test-institution.ts';
import {
  accountOf,
  frame,
  HostDesk,
  keyedSale,
  pinBlock,
  reversalOf,
  saleFields,
  saleFrame,
  sessionOpened,
  voidFields,
} from './host-desk.ts';

describe('the issuer', () => {
  it('counts wrong PINs: 55, 55, 75, and then not even the right one (F03)', () => {
    const desk = new HostDesk();
    const before = desk.books;
    const ask = (stan: string, pin: string): string =>
      desk.rc('0200', saleFields({ 11: stan, 52: pinBlock(pin) }));
    expect(ask('000002', '123457')).toBe('55');
    expect(ask('000003', '000000')).toBe('55');
    expect(ask('000004', '1234567')).toBe('75');
    expect(ask('000005', '123456')).toBe('75');
    expect(desk.books).toEqual(before);
  });

  it('knows the PIN in every form of its block, one after the other', () => {
    const desk = new HostDesk();
    const withoutPan = (pin: string): string =>
      encryptPin(desCipher(VECTOR_KEYS.pik), { format: 'x9.8-no-pan' }, pin);
    const blocks: [string, string, string][] = [
      ['2', pinBlock('123456'), '00'],
      ['1', withoutPan('123456'), '00'],
      ['1', pinBlock('123456'), '99'],
      ['2', withoutPan('123456'), '99'],
      ['1', withoutPan('123457'), '55'],
      ['2', pinBlock('12345'), '55'],
      ['2', pinBlock('123456'), '00'],
    ];
    for (const [at, [form, block, rc]] of blocks.entries()) {
      const changes = { 11: `00001${at}`, 52: block, 53: `${form}600000000000000` };
      expect([at, desk.rc('0200', saleFields(changes))]).toEqual([at, rc]);
    }
  });

  it('says 99 to a PIN for a card whose number no issuer could translate it for', () => {
    const cards = TEST_INSTITUTION.cards.map((card) =>
      card.id === 'debit' ? { ...card, pan: '6225881' } : card,
    );
    const desk = new HostDesk([sessionOpened()], { ...TEST_INSTITUTION, cards });
    const block = encryptPin(desCipher(VECTOR_KEYS.pik), { format: 'x9.8-no-pan' }, '123456');
    const pin = { 2: '6225881', 22: '011', 26: '06', 52: block, 53: '1600000000000000' };
    expect(desk.rc('0200', keyedSale('debit', '000000010000', pin))).toBe('99');
  });

  it('forgets wrong PINs after a right one', () => {
    const desk = new HostDesk();
    const codes = ['111111', '222222', '123456', '111111', '222222'].map((pin, index) =>
      desk.rc('0200', saleFields({ 11: `00001${index}`, 52: pinBlock(pin) })),
    );
    expect(codes).toEqual(['55', '55', '00', '55', '55']);
  });

  it('counts a wrong PIN once when its request is repeated', () => {
    const desk = new HostDesk();
    const wrong = saleFrame({ 52: pinBlock('111111') });
    for (let repeat = 0; repeat < 5; repeat++) expect(desk.ask(wrong).fields[39]).toBe('55');
    expect(desk.rc('0200', saleFields({ 11: '000003' }))).toBe('00');
  });

  it('says 99 to a PIN block under another key or for another card, without a count', () => {
    const desk = new HostDesk();
    for (let stan = 2; stan < 7; stan++) {
      const block = stan % 2 === 0 ? '0123456789ABCDEF' : pinBlock('123456', '6228484123456789011');
      expect(desk.rc('0200', saleFields({ 11: `00000${stan}`, 52: block }))).toBe('99');
    }
    expect(desk.rc('0200', saleFields({ 11: '000009' }))).toBe('00');
  });

  it('says 30 when field 22 announces a PIN and none is there', () => {
    const desk = new HostDesk();
    expect(desk.rc('0200', saleFields({ 26: undefined, 52: undefined }))).toBe('30');
  });

  it.each([
    ['lost', '41'],
    ['stolen', '43'],
    ['restricted', '62'],
    ['expired', '54'],
  ])('says no to a %s card with %s', (cardId, rc) => {
    const desk = new HostDesk();
    const before = desk.books;
    expect(desk.rc('0200', keyedSale(cardId, '000000000100'))).toBe(rc);
    expect(desk.books).toEqual(before);
  });

  it.each([
    ['another one', '2712', '54'],
    ['one that is past', '2512', '54'],
    ['a month that there is not', '3013', '30'],
    ['a month 00', '3000', '30'],
    ['no digits', '30D2', '30'],
  ])('looks at the expiry on the track: %s gets its refusal', (_, expiry, rc) => {
    const desk = new HostDesk();
    const { pan, track2 } = accountOf('debit');
    const track = `${pan}D${expiry}${track2.slice(pan.length + 5)}`;
    expect(desk.rc('0200', saleFields({ 35: track }))).toBe(rc);
  });

  it('has no right PIN for a card whose PIN is none, and counts', () => {
    for (const pin of ['', '123', '1234567890123', 'abcd']) {
      const cards = TEST_INSTITUTION.cards.map((card) => {
        return card.id === 'debit' ? { ...card, pin } : card;
      });
      const desk = new HostDesk(undefined, { ...TEST_INSTITUTION, cards });
      const ask = (stan: string): string => desk.rc('0200', saleFields({ 11: stan }));
      expect(['000002', '000003', '000004', '000005'].map(ask)).toEqual(['55', '55', '75', '75']);
    }
  });

  it('accepts a card up to the last day of its month', () => {
    const desk = new HostDesk();
    desk.nowMs = Date.UTC(2030, 11, 31, 15, 59, 59);
    expect(desk.rc('0200', keyedSale('debit', '000000000100', { 11: '000003' }))).toBe('00');
    desk.nowMs += 1000;
    expect(desk.rc('0200', keyedSale('debit', '000000000100', { 11: '000004' }))).toBe('54');
  });

  it('says 14 to an unknown card, and to fields 2 and 35 that disagree', () => {
    const desk = new HostDesk();
    const before = desk.books;
    expect(desk.rc('0200', keyedSale('debit', '000000000100', { 2: '6228480000000000604' }))).toBe(
      '14',
    );
    expect(desk.rc('0200', saleFields({ 2: accountOf('credit').pan, 11: '000003' }))).toBe('14');
    expect(desk.books).toEqual(before);
  });

  it.each([
    ['limited', '000000050000', '00'],
    ['limited', '000000050001', '61'],
    ['low', '000000050000', '00'],
    ['low', '000000050001', '51'],
    ['debit', '000001000000', '00'],
    ['debit', '000001000001', '51'],
  ])('judges card %s at its boundary: %s fen get %s', (cardId, amount, rc) => {
    const desk = new HostDesk();
    const before = desk.books;
    expect(desk.rc('0200', keyedSale(cardId, amount))).toBe(rc);
    if (rc !== '00') expect(desk.books).toEqual(before);
  });

  it('adds up the day: at the daily limit yes, one fen more no, next day again (F01)', () => {
    const desk = new HostDesk();
    const ask = (stan: string, amount: string): string =>
      desk.rc('0200', keyedSale('limited', amount, { 11: stan }));
    expect(ask('000002', '000000050000')).toBe('00');
    expect(ask('000003', '000000030001')).toBe('61');
    expect(ask('000004', '000000030000')).toBe('00');
    expect(ask('000005', '000000000001')).toBe('61');
    desk.nowMs += 86_400_000;
    expect(ask('000006', '000000000001')).toBe('00');
  });

  it('gives the limit back after a void and after a reversal (I-34)', () => {
    const desk = new HostDesk();
    const first = keyedSale('limited', '000000050000');
    const sale = desk.ask(frame('0200', first));
    const pan = accountOf('limited').pan;
    const voided = voidFields(sale, { 2: pan, 11: '000003', 35: undefined, 22: '012' });
    expect(desk.rc('0200', voided)).toBe('00');
    const second = keyedSale('limited', '000000050000', { 11: '000004' });
    expect(desk.rc('0200', second)).toBe('00');
    expect(desk.rc('0400', reversalOf(second, { 2: pan }))).toBe('00');
    expect(desk.rc('0200', keyedSale('limited', '000000050000', { 11: '000005' }))).toBe('00');
  });
});
