import { describe, expect, it } from 'vitest';
import { simulatedBench, type SimulatedBench } from '../../../emulator/bench/simulated-bench.ts';
import { TEST_INSTITUTION } from '../../../emulator/bench/test-institution.ts';
import type { CrashPoint } from '../../../emulator/host/crash-points.ts';
import type { HostEvent } from '../../../emulator/host/host-event.ts';
import { momentOf } from '../../../emulator/host/host-moment.ts';
import { settleDayOf } from '../../../emulator/host/settlement/clearing-book.ts';
import { parseCivilTime, toEpochMs } from '../../../emulator/world/civil-time.ts';
import { memoryStore } from '../../../emulator/world/simulated/memory-store.ts';
import { checkLaws } from '../../../scenarios/laws/law-table.ts';
import { accountOf, MID, TID } from './host-desk.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

function benchAt(time: string): { bench: SimulatedBench; closings: () => HostEvent[] } {
  const hostStore = memoryStore<HostEvent>();
  const bench = simulatedBench({ seed: 1, startMs: toEpochMs(parseCivilTime(time)!), hostStore });
  return {
    bench,
    closings: () => hostStore.replay().filter(({ kind }) => kind === 'day-closed'),
  };
}

function settledSale(bench: SimulatedBench, amountFen = 10_000): void {
  const card = bench.cards.present(accountOf('debit'), { entry: 'swipe', pin: '123456' });
  expect(bench.perform(TID, { verb: 'sale', amountFen, card }).outcome).toBe('approved');
  expect(bench.perform(TID, { verb: 'settle' }).outcome).toBe('balanced');
}

describe('the cut-off', () => {
  it('closes the day at 23:00 by its alarm, once, and a day with nothing in it not at all', () => {
    const { bench, closings } = benchAt('2026-01-15 22:00');
    settledSale(bench);
    bench.world.advance(59 * MINUTE_MS);
    expect(closings()).toEqual([]);
    bench.world.advance(MINUTE_MS);
    expect(closings()).toMatchObject([
      {
        day: '2026-01-15',
        at: '2026-01-15 23:00:00',
        totals: { sales: 1, salesFen: 10_000, refunds: 0, feesFen: 50, netFen: 9950 },
      },
    ]);
    bench.world.advance(72 * HOUR_MS);
    expect(closings()).toHaveLength(1);
  });

  it('puts what is settled behind it into the next day', () => {
    const { bench, closings } = benchAt('2026-12-31 22:59');
    settledSale(bench, 100);
    bench.world.advance(MINUTE_MS);
    settledSale(bench, 300);
    bench.world.advance(24 * HOUR_MS);
    expect(closings()).toMatchObject([
      { day: '2026-12-31', totals: { salesFen: 100 } },
      { day: '2027-01-01', at: '2027-01-01 23:00:00', totals: { salesFen: 300 } },
    ]);
  });

  it('closes the older of two open days first, each at its own time', () => {
    const { bench, closings } = benchAt('2026-01-15 22:50');
    settledSale(bench);
    const { clock } = bench.world;
    // Nothing has happened since the first cut-off when the second day gets its sale.
    const days = (): unknown[] => closings().map((event) => 'day' in event && event.day);
    bench.host.state.openDays.add('2026-01-16');
    bench.host.state.alarmsSet.clear();
    bench.world.advance(11 * MINUTE_MS);
    expect(clock.civilMs()).toBeGreaterThan(toEpochMs(parseCivilTime('2026-01-15 23:00')!));
    expect(days()).toEqual(['2026-01-15']);
    bench.world.advance(24 * HOUR_MS);
    expect(days()).toEqual(['2026-01-15', '2026-01-16']);
  });

  it.each<[CrashPoint, number]>([
    ['before-commit', 0],
    ['after-commit', 0],
  ])('is made once, though the host dies at %s after %i', (point, passes) => {
    const { bench, closings } = benchAt('2026-01-15 22:00');
    settledSale(bench);
    bench.host.crash.arm(point, passes);
    bench.world.advance(HOUR_MS);
    settledSale(bench, 500);
    bench.world.advance(24 * HOUR_MS);
    expect(bench.host.crash.pending).toBe(0);
    expect(closings().map((event) => 'day' in event && event.day)).toEqual([
      '2026-01-15',
      '2026-01-16',
    ]);
    const view = { host: bench.host.state, terminals: new Map() };
    expect(checkLaws(['I-01', 'I-17'], view)).toEqual([]);
  });

  it('is made up for first when the host was down over it', () => {
    const store = memoryStore<HostEvent>();
    const before = simulatedBench({
      seed: 1,
      startMs: toEpochMs(parseCivilTime('2026-01-15 22:00')!),
      hostStore: store,
    });
    settledSale(before);
    const length = store.replay().length;
    const after = simulatedBench({
      seed: 2,
      startMs: toEpochMs(parseCivilTime('2026-01-17 08:00')!),
      hostStore: store,
    });
    const [first] = store.replay().slice(length);
    expect(first).toMatchObject({
      kind: 'day-closed',
      day: '2026-01-15',
      at: '2026-01-17 08:00:00',
    });
    expect(after.host.state.openDays.size).toBe(0);
  });

  it('leaves a file that a law would see changed afterwards', () => {
    const { bench } = benchAt('2026-01-15 22:00');
    settledSale(bench);
    bench.world.advance(2 * HOUR_MS);
    const { state } = bench.host;
    const view = { host: state, terminals: new Map() };
    expect(checkLaws(['I-17'], view)).toEqual([]);
    state.cleared.get('2026-01-15')!.push({ ...state.cleared.get('2026-01-15')![0]! });
    expect(checkLaws(['I-17'], view)).toEqual([
      'I-17 the file of 2026-01-15 is not the one that it was closed with',
      `I-17 ${TID}-000001-000002 stands in 2 files, 1 is due`,
      `I-17 ${MID}: files bring 199.00, books 99.50`,
    ]);
  });
});

describe('the settlement day of a transaction', () => {
  it.each([
    ['2026-01-15', '0115', '2026-01-15'],
    ['2026-01-15', '0116', '2026-01-16'],
    ['2026-01-31', '0201', '2026-02-01'],
    ['2026-12-31', '0101', '2027-01-01'],
    ['2028-02-28', '0229', '2028-02-29'],
  ])('of %s with field 15 %s is %s', (date, settlementDate, day) => {
    expect(settleDayOf({ date, settlementDate })).toBe(day);
  });
});

describe('the payouts of the morning', () => {
  it.each<[CrashPoint, number]>([
    ['payout-ordered', 0],
    ['payout-executed', 0],
    ['before-commit', 0],
    ['before-commit', 1],
    ['before-commit', 2],
    ['after-commit', 2],
  ])('pay once, though the host dies at %s after %i', (point, passes) => {
    const hostStore = memoryStore<HostEvent>();
    const startMs = toEpochMs(parseCivilTime('2026-01-15 10:00')!);
    const bench = simulatedBench({ seed: 1, startMs, hostStore });
    settledSale(bench);
    expect(bench.host.control.settlement.setPayoutRun(510, 'li')).toBeUndefined();
    // Behind the cut-off, which is an act of its own.
    bench.world.advance(14 * HOUR_MS);
    bench.host.crash.arm(point, passes);
    bench.world.advance(24 * HOUR_MS);
    expect(bench.host.crash.pending).toBe(0);
    expect(bench.host.bank.paidFen('bank-a/0001')).toBe(9950);
    expect(bench.host.control.merchant(MID)).toMatchObject({ payableFen: 0, paidFen: 9950 });
    const runs = hostStore.replay().filter(({ kind }) => kind === 'payout-run-done');
    expect(runs).toEqual([
      { kind: 'payout-run-done', day: '2026-01-15' },
      { kind: 'payout-run-done', day: '2026-01-16' },
    ]);
  });

  it('are made at their time, on working days, and not when they are switched off', () => {
    const startMs = toEpochMs(parseCivilTime('2026-01-16 08:00')!);
    const hostStore = memoryStore<HostEvent>();
    const bench = simulatedBench({ seed: 1, startMs, hostStore });
    const { settlement } = bench.host.control;
    settlement.setPayoutRun(510, 'li');
    const runs = (): string[] =>
      hostStore.replay().flatMap((event) => (event.kind === 'payout-run-done' ? [event.day] : []));
    bench.world.advance(29 * MINUTE_MS);
    expect(runs()).toEqual([]);
    bench.world.advance(MINUTE_MS);
    expect(runs()).toEqual(['2026-01-16']);
    // Something happens on the Saturday as well.
    bench.world.advance(26 * HOUR_MS);
    expect(bench.perform(TID, { verb: 'sign-in' }).outcome).toBe('approved');
    expect(runs()).toEqual(['2026-01-16']);
    bench.world.advance(70 * HOUR_MS);
    expect(runs()).toEqual(['2026-01-16', '2026-01-19', '2026-01-20']);
    settlement.setPayoutRun(undefined, 'li');
    bench.world.advance(4 * 24 * HOUR_MS);
    expect(runs()).toHaveLength(3);
  });

  it.each([-1, 1440, 0.5])('have no time %d', (minutes) => {
    const { bench } = benchAt('2026-01-16 08:00');
    expect(bench.host.control.settlement.setPayoutRun(minutes, 'li')).toBe(
      'there is no such time of day',
    );
  });
});

describe('a moment', () => {
  it('is that of the policy that is asked for, also within the same second', () => {
    const { policy } = TEST_INSTITUTION;
    const atMs = toEpochMs(parseCivilTime('2026-01-15 22:30')!);
    const early = { ...policy, cutOffMinutes: 22 * 60 };
    const days = [policy, early, policy].map((each) => momentOf(atMs, each).settlementIso);
    expect(days).toEqual(['2026-01-15', '2026-01-16', '2026-01-15']);
  });
});
