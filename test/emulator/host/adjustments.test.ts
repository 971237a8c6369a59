import { beforeEach, describe, expect, it } from 'vitest';
import { simulatedBench, type SimulatedBench } from '../../../emulator/bench/simulated-bench.ts';
import { TEST_INSTITUTION } from '../../../emulator/bench/test-institution.ts';
import type { HostEvent } from '../../../emulator/host/host-event.ts';
import { bootHost } from '../../../emulator/host/host-state.ts';
import { DOCUMENTED_REFUND_POLICY } from '../../../emulator/host/refund-desk/refund-policy.ts';
import type { OperationResult } from '../../../emulator/terminal/operation-result.ts';
import { memoryStore } from '../../../emulator/world/simulated/memory-store.ts';
import { checkLaws, LAW_TABLE } from '../../../scenarios/laws/law-table.ts';
import { accountOf, MID, START_MS, TID } from './host-desk.ts';

const store = { now: memoryStore<HostEvent>() };
let bench: SimulatedBench;
let sale: OperationResult;

function sell(amountFen: number, cardId: string): OperationResult {
  const card = bench.cards.present(accountOf(cardId), { entry: 'swipe', pin: '123456' });
  return bench.perform(TID, { verb: 'sale', amountFen, card });
}

function laws(): string[] {
  return checkLaws([...LAW_TABLE.keys()], { host: bench.host.state, terminals: new Map() });
}

/** Proposes and books; what became of the booking. */
function adjusted(amountFen: number, to: 'holder' | 'merchant', rrn = sale.rrn!): string {
  const { adjustments } = bench.host.control;
  const proposed = adjustments.propose({ rrn, to, amountFen, reason: 'a reason', by: 'li' });
  if (proposed.outcome !== 'proposed') return 'why' in proposed ? proposed.why : proposed.outcome;
  const booked = adjustments.book(proposed.adjustmentId, 'wang');
  return 'why' in booked ? booked.why : booked.outcome;
}

beforeEach(() => {
  store.now = memoryStore<HostEvent>();
  bench = simulatedBench({ seed: 1, startMs: START_MS, hostStore: store.now });
  sale = sell(10_000, 'low');
  expect(bench.perform(TID, { verb: 'settle' }).outcome).toBe('balanced');
});

describe('an adjustment', () => {
  it('moves money once, is bounded by the sale, and is known after a restart', () => {
    expect(adjusted(6000, 'holder')).toBe('booked');
    expect(adjusted(4001, 'holder')).toBe('40.00 of the sale is left');
    expect(adjusted(6001, 'merchant')).toBe('60.00 was given back');
    expect(adjusted(1000, 'merchant')).toBe('booked');
    expect(adjusted(5000, 'holder')).toBe('booked');
    expect(adjusted(1, 'holder')).toBe('0.00 of the sale is left');
    expect(bench.host.control.card('low', '2026-01-15')?.availableFen).toBe(50_000);
    expect(laws()).toEqual([]);
    const { state } = bootHost(TEST_INSTITUTION, store.now.replay());
    expect([...state.adjustments]).toEqual([...bench.host.state.adjustments]);
    expect([...state.ledger.balances]).toEqual([...bench.host.state.ledger.balances]);
  });

  it('is looked at again when it is booked: of two that are proposed only one fits', () => {
    const { adjustments } = bench.host.control;
    const order = { rrn: sale.rrn!, to: 'holder', amountFen: 6000, reason: 'r', by: 'li' } as const;
    expect([adjustments.propose(order), adjustments.propose(order)]).toEqual([
      { outcome: 'proposed', adjustmentId: 'A000001' },
      { outcome: 'proposed', adjustmentId: 'A000002' },
    ]);
    expect(adjustments.book('A000002', 'wang')).toEqual({ outcome: 'booked' });
    expect(adjustments.book('A000001', 'wang')).toEqual({
      outcome: 'refused',
      why: '40.00 of the sale is left',
    });
    expect(laws()).toEqual([]);
  });

  it('takes from the card what it was given, not what its refund has cost', () => {
    const fee = { ppm: 20_000, freeDays: 0, payer: 'holder' } as const;
    const refundPolicies = [{ ...DOCUMENTED_REFUND_POLICY, fee }];
    const institution = { ...TEST_INSTITUTION, refundPolicies };
    bench = simulatedBench({ seed: 1, startMs: START_MS, institution });
    sale = sell(10_000, 'low');
    bench.perform(TID, { verb: 'settle' });
    bench.world.advance(86_400_000);
    const { refunds } = bench.host.control;
    refunds.apply({
      requestNo: 'q-1',
      mid: MID,
      of: { rrn: sale.rrn! },
      category: 'transaction',
      isFailure: false,
      goods: 'none',
      way: 'self-service',
      route: 'host',
      papers: ['slip'],
      contact: 'sms',
    });
    refunds.consent('R000001', 'holder', 200);
    expect(refunds.consent('R000001', 'merchant', 200)).toMatchObject({ view: { state: 'sent' } });
    expect(adjusted(9801, 'merchant')).toBe('98.00 was given back');
    expect(adjusted(9800, 'merchant')).toBe('booked');
    expect(bench.host.control.card('low', '2026-01-16')?.availableFen).toBe(40_000);
    expect(laws()).toEqual([]);
  });

  it('that takes another back is not taken back itself', () => {
    const { adjustments } = bench.host.control;
    expect(adjusted(6000, 'holder')).toBe('booked');
    adjustments.proposeCorrection('A000001', { reason: 'wrong sale', by: 'li' });
    adjustments.book('A000002', 'wang');
    expect(adjustments.proposeCorrection('A000002', { reason: 'right sale', by: 'li' })).toEqual({
      outcome: 'refused',
      why: 'A000002 is a correction itself',
    });
    expect(laws()).toEqual([]);
  });

  it('takes no money from a card that has spent it', () => {
    expect(adjusted(10_000, 'holder')).toBe('booked');
    expect(sell(49_999, 'low').outcome).toBe('approved');
    expect(adjusted(2, 'merchant')).toBe('the card has not the money');
    expect(adjusted(1, 'merchant')).toBe('booked');
    expect(laws()).toEqual([]);
  });

  it('leaves a dispute its money: what was taken is not given as well', () => {
    const { control } = bench.host;
    const order = { scope: 'transaction', rrn: sale.rrn!, reason: 'r', by: 'li' } as const;
    expect(control.freeze(order).outcome).toBe('frozen');
    expect(adjusted(1, 'holder')).toBe('it is frozen: return it, or release it first');
    expect(control.take('H000001', 'wang', 4000).outcome).toBe('taken');
    control.release('H000001', 'wang');
    expect(adjusted(6001, 'holder')).toBe('60.00 of the sale is left');
    expect(adjusted(5950, 'holder')).toBe('booked');
    expect(laws()).toEqual([]);
  });

  it.each<[string, string, number, string]>([
    ['nothing', 'no active sale has this reference number', 100, '000000000000'],
    ['half a fen', 'the amount must be above zero', 0.5, ''],
    ['less than nothing', 'the amount must be above zero', -100, ''],
  ])('of %s is refused: %s', (_what, why, amountFen, rrn) => {
    expect(adjusted(amountFen, 'holder', rrn === '' ? sale.rrn : rrn)).toBe(why);
    expect(bench.host.state.adjustments.size).toBe(0);
  });

  it('needs a reason, both ways', () => {
    const { adjustments } = bench.host.control;
    const order = { rrn: sale.rrn!, to: 'holder', amountFen: 1, by: 'li' } as const;
    expect(adjustments.propose({ ...order, reason: ' ' })).toMatchObject({ outcome: 'refused' });
    adjustments.propose({ ...order, reason: 'r' });
    const rejected = adjustments.reject('A000001', { by: 'wang', reason: '' });
    expect(rejected).toMatchObject({ outcome: 'refused', why: 'a reason is missing' });
    expect(adjustments.reject('A000009', { by: 'wang', reason: 'r' })).toMatchObject({
      why: 'there is no adjustment A000009',
    });
  });
});
