import { describe, expect, it } from 'vitest';
import { TEST_INSTITUTION } from '../../../emulator/bench/test-institution.ts';
import {
  frame,
  HostDesk,
  keyedSale,
  refundFields,
  reversalOf,
  saleFields,
  saleFrame,
  sessionOpened,
  settlementFields,
  totals,
  voidFields,
} from './host-desk.ts';

function settle(desk: HostDesk, field48: string): string {
  const answer = desk.ask(frame('0500', settlementFields(field48), 'none'));
  return answer.fields[48] ?? `rc ${answer.fields[39] ?? ''}`;
}

describe('a reversal (I-04 to I-07)', () => {
  it('gives everything back: card, merchant, fee, limit, totals', () => {
    const desk = new HostDesk();
    const before = desk.books as { balances: [string, number][] };
    expect(desk.rc('0200', saleFields())).toBe('00');
    expect(desk.rc('0400', reversalOf(saleFields()))).toBe('00');
    const after = desk.books as { balances: [string, number][]; spent: unknown };
    const zeros = after.balances.filter(([, fen]) => fen !== 0);
    expect(zeros).toEqual(before.balances);
    expect(settle(desk, totals([0, 0], [0, 0]))[30]).toBe('1');
  });

  it('that comes twice, or ten times, has one effect', () => {
    const desk = new HostDesk();
    desk.ask(saleFrame());
    expect(desk.rc('0400', reversalOf(saleFields()))).toBe('00');
    const after = desk.books;
    for (let repeat = 0; repeat < 9; repeat++) {
      expect(desk.rc('0400', reversalOf(saleFields()))).toBe('00');
    }
    expect(desk.books).toEqual(after);
  });

  it('before its original gets 00, and the late original is refused', () => {
    const desk = new HostDesk();
    const before = desk.books;
    expect(desk.rc('0400', reversalOf(saleFields()))).toBe('00');
    expect(desk.rc('0400', reversalOf(saleFields()))).toBe('00');
    expect(desk.rc('0200', saleFields())).toBe(TEST_INSTITUTION.policy.lateOriginal);
    expect(desk.rc('0200', saleFields())).toBe(TEST_INSTITUTION.policy.lateOriginal);
    expect(desk.books).toEqual(before);
    expect(desk.rc('0200', saleFields({ 11: '000003' }))).toBe('00');
  });

  it('before its original void keeps the void from happening', () => {
    const desk = new HostDesk();
    const sale = desk.ask(saleFrame());
    const voided = voidFields(sale);
    const before = desk.books;
    expect(desk.rc('0400', reversalOf(voided))).toBe('00');
    expect(desk.rc('0200', voided)).toBe(TEST_INSTITUTION.policy.lateOriginal);
    expect(desk.books).toEqual(before);
  });

  it('of a void puts the sale in force again, and it can be voided again (C05)', () => {
    const desk = new HostDesk();
    const sale = desk.ask(saleFrame());
    const before = desk.books as { balances: unknown };
    const voided = voidFields(sale);
    expect(desk.rc('0200', voided)).toBe('00');
    for (let repeat = 0; repeat < 3; repeat++) {
      expect(desk.rc('0400', reversalOf(voided))).toBe('00');
    }
    expect((desk.books as { balances: unknown }).balances).toEqual(before.balances);
    expect(desk.state.transactions.get('10000001-000001-000002')?.status).toBe('active');
    expect(desk.rc('0200', voidFields(sale, { 11: '000008' }))).toBe('00');
  });

  it.each([
    ['another amount', { 4: '000000010001' }, '64'],
    ['another kind, a void', { 3: '200000', 60: '2300000100060', 61: '000001000002' }, '12'],
    ['the codes of a refund', { 3: '200000', 60: '2500000100060' }, '12'],
    ['the codes of nothing', { 3: '990000' }, '12'],
  ])('with %s is refused and changes nothing', (_what, changes, rc) => {
    const desk = new HostDesk();
    desk.ask(saleFrame());
    const before = desk.books;
    expect(desk.rc('0400', reversalOf(saleFields(), changes))).toBe(rc);
    expect(desk.books).toEqual(before);
  });

  it('of a declined sale gets 12 and changes nothing', () => {
    const desk = new HostDesk();
    const declined = keyedSale('low', '000000050001');
    expect(desk.rc('0200', declined)).toBe('51');
    const before = desk.books;
    expect(desk.rc('0400', reversalOf(declined, { 2: declined[2] }))).toBe('12');
    expect(desk.books).toEqual(before);
  });

  it('of a sale that was voided or refunded meanwhile gets 12 (I-09)', () => {
    for (const how of ['void', 'refund']) {
      const desk = new HostDesk();
      const sale = desk.ask(saleFrame());
      if (how === 'void') expect(desk.rc('0200', voidFields(sale))).toBe('00');
      else expect(desk.rc('0220', refundFields(sale))).toBe('00');
      const before = desk.books;
      expect(desk.rc('0400', reversalOf(saleFields()))).toBe('12');
      expect(desk.books).toEqual(before);
    }
  });

  it('after settlement gets 25 and changes nothing', () => {
    const desk = new HostDesk();
    desk.ask(saleFrame());
    expect(settle(desk, totals([10_000, 1], [0, 0]))[30]).toBe('1');
    const before = desk.books;
    expect(desk.rc('0400', reversalOf(saleFields()))).toBe('25');
    expect(desk.books).toEqual(before);
  });

  it('of a refund gets 12: advices are never reversed', () => {
    const desk = new HostDesk();
    const sale = desk.ask(saleFrame());
    const refund = refundFields(sale);
    expect(desk.rc('0220', refund)).toBe('00');
    const before = desk.books;
    expect(desk.rc('0400', reversalOf(refund))).toBe('12');
    expect(desk.books).toEqual(before);
  });

  it('finds its original by STAN and batch, whatever field 61 says', () => {
    const desk = new HostDesk();
    desk.ask(saleFrame());
    desk.ask(saleFrame({ 11: '000003' }));
    expect(desk.rc('0400', reversalOf(saleFields(), { 61: '000001000003' }))).toBe('00');
    expect(desk.state.transactions.get('10000001-000001-000002')?.status).toBe('reversed');
    expect(desk.state.transactions.get('10000001-000001-000003')?.status).toBe('active');
  });

  it('of another terminal does not touch this one’s sale', () => {
    const desk = new HostDesk([sessionOpened(), sessionOpened('10000002')]);
    desk.ask(saleFrame());
    const before = desk.books;
    expect(desk.rc('0400', reversalOf(saleFields(), { 41: '10000002' }))).toBe('00');
    expect(desk.books).toEqual(before);
  });
});

describe('a void (C03, C04)', () => {
  it.each([
    ['another STAN', { 61: '000001000077' }, '25'],
    ['another batch in field 61', { 61: '000002000002' }, '25'],
    ['another reference number', { 37: '093000999999' }, '25'],
    ['another card', { 2: '6228484123456789011', 35: undefined, 22: '012' }, '14'],
    ['a fen less', { 4: '000000009999' }, '64'],
    ['a fen more', { 4: '000000010001' }, '64'],
  ])('with %s is refused and moves nothing', (_what, changes, rc) => {
    const desk = new HostDesk();
    const sale = desk.ask(saleFrame());
    const before = desk.books;
    expect(desk.rc('0200', voidFields(sale, changes))).toBe(rc);
    expect(desk.books).toEqual(before);
  });

  it('a second time, of a void, of a refunded sale and after settlement gets 25', () => {
    const desk = new HostDesk();
    const sale = desk.ask(saleFrame());
    const voided = desk.ask(frame('0200', voidFields(sale, { 11: '000006' })));
    expect(voided.fields[39]).toBe('00');
    const refunded = desk.ask(saleFrame({ 11: '000010' }));
    expect(desk.rc('0220', refundFields(refunded))).toBe('00');
    const before = desk.books;
    expect(desk.rc('0200', voidFields(sale, { 11: '000020' }))).toBe('25');
    expect(desk.rc('0200', voidFields(voided, { 11: '000021' }))).toBe('25');
    expect(desk.rc('0200', voidFields(refunded, { 11: '000022' }))).toBe('25');
    expect(desk.books).toEqual(before);
  });
});

describe('a refund (B01, B09, B10)', () => {
  it('together never exceeds the sale: the last fen yes, one more no (I-10)', () => {
    const desk = new HostDesk();
    const sale = desk.ask(saleFrame());
    const ask = (stan: string, amount: string): string =>
      desk.rc('0220', refundFields(sale, { 4: amount, 11: stan }));
    expect(ask('000010', '000000010001')).toBe('61');
    expect(ask('000011', '000000006000')).toBe('00');
    expect(ask('000012', '000000004001')).toBe('61');
    expect(ask('000013', '000000004000')).toBe('00');
    expect(ask('000014', '000000000001')).toBe('25');
  });

  it.each([
    [0, '00'],
    [30, '00'],
    [31, '22'],
  ])('%i days after the sale gets %s', (days, rc) => {
    const desk = new HostDesk();
    const sale = desk.ask(saleFrame());
    desk.nowMs += days * 86_400_000;
    expect(desk.rc('0220', refundFields(sale))).toBe(rc);
  });

  it.each([
    ['another card', { 2: '6228484123456789011', 35: undefined, 22: '012' }, '14'],
    ['another reference number', { 37: '093000999999' }, '25'],
    ['another date', { 61: '0000000000000116' }, '25'],
  ])('with %s is refused and moves nothing', (_what, changes, rc) => {
    const desk = new HostDesk();
    const sale = desk.ask(saleFrame());
    const before = desk.books;
    expect(desk.rc('0220', refundFields(sale, changes))).toBe(rc);
    expect(desk.books).toEqual(before);
  });

  it('of a voided sale, a reversed one, a void and a refund gets 25', () => {
    const desk = new HostDesk();
    const sale = desk.ask(saleFrame());
    const voided = desk.ask(frame('0200', voidFields(sale)));
    const other = desk.ask(saleFrame({ 11: '000010' }));
    expect(desk.rc('0400', reversalOf(saleFields({ 11: '000010' })))).toBe('00');
    const third = desk.ask(saleFrame({ 11: '000011' }));
    const refund = desk.ask(frame('0220', refundFields(third, { 11: '000012' })));
    expect(refund.fields[39]).toBe('00');
    const before = desk.books;
    for (const [index, original] of [sale, voided, other, refund].entries()) {
      const stan = `00002${index}`;
      expect(desk.rc('0220', refundFields(original, { 11: stan, 4: '000000000100' }))).toBe('25');
    }
    expect(desk.books).toEqual(before);
  });
});

describe('the settlement verdict (I-14)', () => {
  const day = (): HostDesk => {
    const desk = new HostDesk();
    const sale = desk.ask(saleFrame());
    desk.ask(saleFrame({ 11: '000003' }));
    expect(desk.rc('0200', voidFields(sale))).toBe('00');
    expect(desk.rc('0200', keyedSale('low', '000000050001', { 11: '000009' }))).toBe('51');
    return desk;
  };
  const right: [[number, number], [number, number]] = [
    [20_000, 2],
    [10_000, 1],
  ];

  it('is balanced when all four numbers agree, and the next batch begins', () => {
    const desk = day();
    const verdict = settle(desk, totals(...right));
    expect(verdict).toBe(`${totals(...right).slice(0, 30)}1${'0'.repeat(30)}1`);
    expect(desk.state.terminals.get('10000001')?.batchNo).toBe('000002');
  });

  it.each([
    ['debit amount', [20_001, 2], [10_000, 1]],
    ['debit count', [20_000, 3], [10_000, 1]],
    ['credit amount', [20_000, 2], [9999, 1]],
    ['credit count', [20_000, 2], [10_000, 0]],
    ['both amounts, by the same sum', [20_100, 2], [10_100, 1]],
    ['the sides, exchanged', [10_000, 1], [20_000, 2]],
  ] as [string, [number, number], [number, number]][])(
    'is not balanced when %s differs, and names the host’s own numbers',
    (_what, debit, credit) => {
      const desk = day();
      const before = desk.books;
      const verdict = settle(desk, totals(debit, credit));
      expect(verdict[30]).toBe('2');
      expect(verdict.slice(0, 30)).toBe(totals(...right).slice(0, 30));
      expect(desk.books).toEqual(before);
      expect(desk.state.terminals.get('10000001')?.batchNo).toBe('000001');
    },
  );

  it('is said again for the closed batch, without closing another', () => {
    const desk = day();
    const first = settle(desk, totals(...right));
    const before = desk.books;
    expect(settle(desk, totals(...right))).toBe(first);
    expect(settle(desk, totals([1, 1], [0, 0]))[30]).toBe('2');
    expect(desk.books).toEqual(before);
    expect(desk.state.terminals.get('10000001')?.batchNo).toBe('000002');
  });

  it('is not given for a batch that is neither open nor the last', () => {
    const desk = day();
    for (const batch of ['000000', '000003', '000900']) {
      const fields = settlementFields(totals(...right), { 60: `00${batch}201` });
      expect(desk.ask(frame('0500', fields, 'none')).fields[39]).toBe('77');
    }
    expect(desk.state.terminals.get('10000001')?.batchNo).toBe('000001');
  });

  it.each(['0'.repeat(61), '0'.repeat(63), '00'])('is refused for totals of %j', (field48) => {
    const desk = day();
    const before = desk.view();
    const answer = desk.ask(frame('0500', settlementFields(field48), 'none'));
    expect(answer.fields[39]).toBe('30');
    expect(desk.view()).toEqual(before);
  });
});
