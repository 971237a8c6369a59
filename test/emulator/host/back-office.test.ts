import { describe, expect, it } from 'vitest';
import { cardBox } from '../../../emulator/bench/card-box.ts';
import { TEST_INSTITUTION } from '../../../emulator/bench/test-institution.ts';
import { simulatedBench, type SimulatedBench } from '../../../emulator/bench/simulated-bench.ts';
import type { PartyEvent } from '../../../emulator/events/party-event.ts';
import { DOCUMENTED_REFUND_POLICY } from '../../../emulator/host/refund-desk/refund-policy.ts';
import type { OperationResult } from '../../../emulator/terminal/operation-result.ts';
import { checkLaws, LAW_TABLE } from '../../../scenarios/laws/law-table.ts';
import { accountOf, MID, START_MS, TID } from './host-desk.ts';

const DAY_MS = 86_400_000;

/** A bench after a settled sale of 100.00 (fee 0.50). */
function settledSale(): { bench: SimulatedBench; sale: OperationResult; events: PartyEvent[] } {
  const events: PartyEvent[] = [];
  const bench = simulatedBench({ seed: 1, startMs: START_MS, publish: (e) => events.push(e) });
  const sale = sell(bench, 10_000);
  expect(bench.perform(TID, { verb: 'settle' }).outcome).toBe('balanced');
  // Thursday's money is due on Friday.
  bench.world.advance(DAY_MS);
  return { bench, sale, events };
}

function sell(bench: SimulatedBench, amountFen: number): OperationResult {
  const card = cardBox([]).present(accountOf('debit'), { entry: 'swipe', pin: '123456' });
  const sale = bench.perform(TID, { verb: 'sale', amountFen, card });
  expect(sale.outcome).toBe('approved');
  return sale;
}

const REVIEW = { reason: 'review', by: 'li' } as const;

describe('a freeze (A10, A11, I-22)', () => {
  it('takes exactly the net of the sale out of the payout, once', () => {
    const { bench, sale } = settledSale();
    const { control } = bench.host;
    const first = control.freeze({ scope: 'transaction', rrn: sale.rrn!, ...REVIEW });
    expect(first).toEqual({ outcome: 'frozen', holdId: 'H000001', heldFen: 9950 });
    const second = control.freeze({ scope: 'transaction', rrn: sale.rrn!, ...REVIEW });
    expect(second).toMatchObject({ heldFen: 0 });
    expect(control.payOut()?.[0]).toMatchObject({ mid: MID, paidFen: 0, heldFen: 9950 });
  });

  it('of a sale that another freeze holds is not returned: that one could be taken as well', () => {
    const { bench, sale } = settledSale();
    const { control, state } = bench.host;
    const order = { scope: 'transaction', rrn: sale.rrn!, ...REVIEW } as const;
    control.freeze(order);
    control.freeze(order);
    for (const [mine, other] of [
      ['H000001', 'H000002'],
      ['H000002', 'H000001'],
    ] as const) {
      expect(control.returnHold(mine, 'wang')).toEqual({
        outcome: 'refused',
        why: `${other} is on the sale as well: release that first`,
      });
    }
    expect(control.release('H000001', 'wang')).toMatchObject({ releasedFen: 0 });
    expect(control.returnHold('H000002', 'wang')).toMatchObject({ returnedFen: 10_000 });
    expect(control.merchant(MID)).toMatchObject({ heldFen: 0 });
    expect(checkLaws([...LAW_TABLE.keys()], { host: state, terminals: new Map() })).toEqual([]);
  });

  it('never takes more than is there (F119)', () => {
    const { bench } = settledSale();
    const { control } = bench.host;
    const order = { scope: 'amount', mid: MID, amountFen: 1_000_000, ...REVIEW } as const;
    expect(control.freeze(order)).toMatchObject({ heldFen: 9950 });
    expect(control.freeze(order)).toEqual({
      outcome: 'refused',
      why: 'nothing is due to the merchant that could be frozen',
    });
    expect(control.merchant(MID)).toMatchObject({ payableFen: 0, heldFen: 9950 });
  });

  it('after the payout is owed, and a refund of it takes the hold with it (A13)', () => {
    const { bench, sale } = settledSale();
    const { control } = bench.host;
    expect(control.payOut()?.[0]?.paidFen).toBe(9950);
    const order = { scope: 'transaction', rrn: sale.rrn!, ...REVIEW } as const;
    expect(control.freeze(order)).toMatchObject({ outcome: 'frozen', heldFen: 9950 });
    expect(control.merchant(MID)).toMatchObject({ payableFen: 0, heldFen: 9950, owedFen: 9950 });
    const refund = bench.perform(TID, {
      verb: 'refund',
      amountFen: 10_000,
      rrn: sale.rrn!,
      date: sale.date!,
      card: cardBox([]).present(accountOf('debit'), { entry: 'swipe' }),
      password: '123456',
    });
    expect(refund.outcome).toBe('approved');
    // The card has 100.00 back; the merchant had 99.50, and owes all of it.
    expect(control.merchant(MID)).toMatchObject({ payableFen: -50, heldFen: 0, owedFen: 9950 });
    const view = { host: bench.host.state, terminals: new Map() };
    expect(checkLaws([...LAW_TABLE.keys()], view)).toEqual([]);
  });

  it.each([0, -1, 0.5, Number.NaN])('is not ended by %d fen of it', (fen) => {
    const { bench, sale } = settledSale();
    const { control } = bench.host;
    control.freeze({ scope: 'transaction', rrn: sale.rrn!, ...REVIEW });
    expect(control.release('H000001', 'wang', fen)).toMatchObject({ outcome: 'refused' });
    expect(control.take('H000001', 'wang', fen)).toMatchObject({ outcome: 'refused' });
    expect(control.merchant(MID)).toMatchObject({ payableFen: 0, heldFen: 9950 });
  });

  it('before the settlement holds the sale when it is settled', () => {
    const bench = simulatedBench({ seed: 1, startMs: START_MS });
    const sale = sell(bench, 10_000);
    sell(bench, 20_000);
    const { control } = bench.host;
    control.freeze({ scope: 'transaction', rrn: sale.rrn!, ...REVIEW });
    expect(bench.perform(TID, { verb: 'settle' }).outcome).toBe('balanced');
    expect(control.merchant(MID)).toMatchObject({ payableFen: 19_900, heldFen: 9950 });
  });

  it('before the settlement holds what a refund has left of the sale, with the fee that came back', () => {
    const refundPolicies = [{ ...DOCUMENTED_REFUND_POLICY, saleFee: 'returned' as const }];
    const institution = { ...TEST_INSTITUTION, refundPolicies };
    const bench = simulatedBench({ seed: 1, startMs: START_MS, institution });
    const { rrn = '', date = '' } = sell(bench, 10_000);
    bench.host.control.freeze({ scope: 'transaction', rrn, ...REVIEW });
    const card = cardBox([]).present(accountOf('debit'), { entry: 'swipe' });
    const command = { verb: 'refund', amountFen: 4000, rrn, date, card } as const;
    expect(bench.perform(TID, { ...command, password: '123456' }).outcome).toBe('approved');
    bench.perform(TID, { verb: 'settle' });
    // 99.50 less 40.00, and 0.20 of the fee.
    expect(bench.host.control.merchant(MID)).toMatchObject({ payableFen: 0, heldFen: 5970 });
    bench.world.advance(DAY_MS);
    expect(bench.host.control.payOut()?.[0]).toMatchObject({ paidFen: 0, heldFen: 5970 });
  });

  it('of money that is owed cancels that much of the debt when part of it is released', () => {
    const { bench, sale } = settledSale();
    const { control } = bench.host;
    control.payOut();
    control.freeze({ scope: 'transaction', rrn: sale.rrn!, ...REVIEW });
    expect(control.release('H000001', 'wang', 4000)).toMatchObject({ releasedFen: 4000 });
    expect(control.merchant(MID)).toMatchObject({ payableFen: 0, heldFen: 5950, owedFen: 5950 });
  });

  it('is released once, by somebody else', () => {
    const { bench, sale } = settledSale();
    const { control } = bench.host;
    control.freeze({ scope: 'transaction', rrn: sale.rrn!, ...REVIEW });
    expect(control.release('H000001', 'li')).toMatchObject({ outcome: 'refused' });
    expect(control.release('H000009', 'wang')).toMatchObject({ outcome: 'refused' });
    expect(control.release('H000001', 'wang')).toEqual({ outcome: 'released', releasedFen: 9950 });
    expect(control.release('H000001', 'wang')).toMatchObject({ outcome: 'no-effect' });
    expect(control.payOut()?.[0]).toMatchObject({ paidFen: 9950, heldFen: 0 });
    expect(control.payOut()?.[0]).toMatchObject({ paidFen: 0 });
  });

  it.each([
    { scope: 'transaction', rrn: '000000000000' },
    { scope: 'merchant', mid: '000000000000000' },
    { scope: 'amount', mid: '' },
  ] as const)('of something unknown is refused: %j', (order) => {
    const { bench } = settledSale();
    expect(bench.host.control.freeze({ ...order, ...REVIEW })).toMatchObject({
      outcome: 'refused',
    });
  });

  it.each([0, -500])('of %d fen is refused', (amountFen) => {
    const { bench } = settledSale();
    const { control } = bench.host;
    const order = { scope: 'amount', mid: MID, amountFen, ...REVIEW } as const;
    expect(control.freeze(order)).toMatchObject({ outcome: 'refused' });
    expect(control.merchant(MID)).toMatchObject({ payableFen: 9950, heldFen: 0 });
  });

  it.each([0.5, Number.NaN])('of %d fen is refused by the books, which stay whole', (amountFen) => {
    const { bench } = settledSale();
    const { control } = bench.host;
    const order = { scope: 'amount', mid: MID, amountFen, ...REVIEW } as const;
    expect(() => control.freeze(order)).toThrow(/books/);
    expect(control.merchant(MID)).toMatchObject({ payableFen: 9950, heldFen: 0 });
    expect(control.payOut()?.[0]?.paidFen).toBe(9950);
  });
});

describe('a payout (I-21)', () => {
  it('carries a debt on and takes it from what is earned later', () => {
    const { bench, sale } = settledSale();
    const { control } = bench.host;
    control.payOut();
    const refund = bench.perform(TID, {
      verb: 'refund',
      amountFen: 10_000,
      rrn: sale.rrn!,
      date: sale.date!,
      card: cardBox([]).present(accountOf('debit'), { entry: 'swipe' }),
      password: '123456',
    });
    expect(refund.outcome).toBe('approved');
    expect(control.payOut()?.[0]?.paidFen).toBe(0);
    expect(control.merchant(MID).payableFen).toBe(-10_000);
    sell(bench, 20_000);
    bench.perform(TID, { verb: 'settle' });
    // Friday's on Monday.
    bench.world.advance(2 * DAY_MS);
    expect(control.payOut()?.[0]?.paidFen).toBe(0);
    bench.world.advance(DAY_MS);
    expect(control.payOut()?.[0]?.paidFen).toBe(9900);
  });
});

describe('an enquiry (A17)', () => {
  it('gives the same answer by reference number and by terminal, batch and STAN', () => {
    const { bench, sale } = settledSale();
    const { control } = bench.host;
    const byRrn = control.enquire({ rrn: sale.rrn! });
    expect(byRrn).toMatchObject({ found: true, status: 'active', cause: 'not-due-yet' });
    expect(control.enquire({ tid: TID, batchNo: '000001', stan: sale.stan! })).toEqual(byRrn);
  });

  it('says clearly that something is not found', () => {
    const { bench } = settledSale();
    expect(bench.host.control.enquire({ rrn: '999999999999' })).toEqual({
      found: false,
      status: 'unknown',
      cause: undefined,
      evidence: 'not found',
      events: [],
      next: expect.objectContaining({ zh: '查无此交易，请核对查询条件' }) as unknown,
    });
  });
});

describe('what the parties publish', () => {
  it('holds no card number, track, PIN block or key (I-36)', () => {
    const { events } = settledSale();
    const text = JSON.stringify(events);
    expect(text).toContain('622588******7898');
    expect(text).not.toContain('6225881234567898');
    expect(text).not.toMatch(/D3012\d/);
    expect(text).not.toContain('0123456789ABCDEF');
  });
});
