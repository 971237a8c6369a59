import { describe, expect, it } from 'vitest';
import { cardBox } from '../../../emulator/bench/card-box.ts';
import { simulatedBench } from '../../../emulator/bench/simulated-bench.ts';
import { TEST_INSTITUTION } from '../../../emulator/bench/test-institution.ts';
import { parseCivilTime, toEpochMs } from '../../../emulator/world/civil-time.ts';
import { checkLaws, LAW_TABLE } from '../../../scenarios/laws/law-table.ts';
import { frame, HostDesk, reversalOf, saleFields, settlementFields, TID } from './host-desk.ts';
import { readTotalsField } from '../../../protocol/message/totals-field.ts';

const START_MS = toEpochMs(parseCivilTime('2026-01-15 09:30')!);
const debit = cardBox([]).present(TEST_INSTITUTION.cards[0]!, { entry: 'swipe', pin: '123456' });

function bench() {
  const made = simulatedBench({ seed: 1, startMs: START_MS });
  const sale = made.perform(TID, { verb: 'sale', amountFen: 10_000, card: debit });
  return { ...made, rrn: sale.rrn! };
}

describe('the arrival enquiry', () => {
  it('says compliance review when an amount is frozen, also after the rest was paid', () => {
    const { perform, host, rrn, world } = bench();
    perform(TID, { verb: 'settle' });
    world.advance(86_400_000);
    const order = { scope: 'amount', mid: '898110000000001', amountFen: 5000 } as const;
    host.control.freeze({ ...order, reason: 'review', by: 'li' });
    expect(host.control.enquire({ rrn })).toMatchObject({ cause: 'compliance-review' });
    expect(host.control.payOut()?.[0]).toMatchObject({ paidFen: 4950, heldFen: 5000 });
    expect(host.control.enquire({ rrn })).toMatchObject({
      cause: 'compliance-review',
      evidence: 'hold H000001',
    });
    host.control.release('H000001', 'wang');
    host.control.payOut();
    expect(host.control.enquire({ rrn })).toMatchObject({ cause: 'arrived' });
  });
});

describe('a freeze of a sale that is not due', () => {
  it('is whole, also when a debt has taken part of its money: that is owed (I-22, I-23)', () => {
    const { perform, host, rrn, world } = bench();
    const sell = (): string => perform(TID, { verb: 'sale', amountFen: 10_000, card: debit }).rrn!;
    const settleAndPay = (days: number): void => {
      perform(TID, { verb: 'settle' });
      world.advance(days * 86_400_000);
      host.control.payOut();
    };
    settleAndPay(1);
    const frozen = sell();
    perform(TID, { verb: 'settle' });
    const refunded = host.control.refunds.apply({
      requestNo: 'q',
      mid: '898110000000001',
      of: { rrn },
      category: 'transaction',
      isFailure: false,
      goods: 'none',
      way: 'self-service',
      route: 'host',
      papers: ['slip'],
      contact: 'sms',
      amountFen: 5000,
    });
    expect(refunded).toMatchObject({ kind: 'case', view: { state: 'sent' } });
    const order = { scope: 'transaction', rrn: frozen, reason: 'review', by: 'li' } as const;
    expect(host.control.freeze(order)).toMatchObject({ outcome: 'frozen', heldFen: 9950 });
    sell();
    settleAndPay(3);
    // Of the second sale 50.00 pay the debt, 49.50 are paid out.
    const { heldFen, owedFen, paidFen, payableFen } = host.control.merchant('898110000000001');
    expect({ heldFen, owedFen, paidFen, payableFen }).toEqual({
      heldFen: 9950,
      owedFen: 0,
      paidFen: 9950 + 4950,
      payableFen: 0,
    });
    const view = { host: host.state, terminals: new Map() };
    expect(checkLaws([...LAW_TABLE.keys()], view)).toEqual([]);
  });
});

describe('a settlement that is repeated because its answer was lost', () => {
  it('is paid once, and the laws would see it twice (I-17)', () => {
    const { perform, host, terminals, world } = bench();
    terminals.faults.order({ fault: 'answer-lost', mti: '0500', times: 1 });
    expect(perform(TID, { verb: 'settle' }).outcome).toBe('unknown');
    expect(perform(TID, { verb: 'settle' }).outcome).toBe('balanced');
    world.advance(86_400_000);
    expect(host.control.payOut()?.[0]).toMatchObject({ paidFen: 9950 });
    const view = { host: host.state, terminals: new Map() };
    expect(checkLaws([...LAW_TABLE.keys()], view)).toEqual([]);
    host.state.ledger.balances.add('merchant/898110000000001/payable', 9950);
    expect(checkLaws(['I-17'], view)).toHaveLength(2);
  });
});

describe('field 48', () => {
  it('holds the totals of foreign cards as well', () => {
    const field = `${'0'.repeat(31)}000000099999001${'0'.repeat(15)}0`;
    expect(readTotalsField(field)?.foreign).toMatchObject({ debitFen: 99_999, debitCount: 1 });
  });
});

describe('a reversal', () => {
  it.each([
    ['another card', { 2: '6228484123456789011' }],
    ['another entry mode', { 22: '802' }],
    ['another authorisation code', { 38: '999999' }],
  ])('with %s than its sale gets 25 and moves nothing (F075)', (_, changes) => {
    const desk = new HostDesk();
    expect(desk.rc('0200', saleFields())).toBe('00');
    const before = desk.books;
    expect(desk.rc('0400', reversalOf(saleFields(), changes))).toBe('25');
    expect(desk.books).toEqual(before);
  });

  it('ends what the same sale gets when it is sent again (I-06)', () => {
    const desk = new HostDesk();
    expect(desk.rc('0200', saleFields())).toBe('00');
    expect(desk.rc('0400', reversalOf(saleFields()))).toBe('00');
    expect(desk.rc('0200', saleFields())).toBe('12');
  });
});

describe('a settlement verdict', () => {
  it('is not balanced when only the foreign totals differ (I-14)', () => {
    const desk = new HostDesk();
    const foreign = `${'0'.repeat(31)}000000099999001${'0'.repeat(15)}0`;
    const answer = desk.ask(frame('0500', settlementFields(foreign), 'none'));
    expect(readTotalsField(answer.fields[48]!)).toMatchObject({
      domesticFlag: '1',
      foreignFlag: '2',
    });
    expect(desk.state.terminals.get(TID)?.batchNo).toBe('000001');
  });
});
