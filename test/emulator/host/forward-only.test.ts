import { describe, expect, it } from 'vitest';
import { CountersignError } from '../../../protocol/errors/countersign-error.ts';
import { simulatedBench, type SimulatedBench } from '../../../emulator/bench/simulated-bench.ts';
import { TEST_INSTITUTION } from '../../../emulator/bench/test-institution.ts';
import { dayOf } from '../../../emulator/host/event-day.ts';
import { forwardOnly, notBefore } from '../../../emulator/host/forward-only.ts';
import type { HostEvent } from '../../../emulator/host/host-event.ts';
import {
  civilTime,
  isoDate,
  parseCivilTime,
  toEpochMs,
} from '../../../emulator/world/civil-time.ts';
import { memoryStore } from '../../../emulator/world/simulated/memory-store.ts';
import type { WholeStore } from '../../../emulator/world/store.ts';
import { accountOf, MID, TID } from './host-desk.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 1440 * MINUTE_MS;
const { policy } = TEST_INSTITUTION;

function msOf(time: string): number {
  return toEpochMs(parseCivilTime(time)!);
}

/** A journal with a sale, and what else was done, from a time on. */
function journalFrom(
  time: string,
  act: (bench: SimulatedBench) => void = () => undefined,
): WholeStore<HostEvent> {
  const hostStore = memoryStore<HostEvent>();
  const bench = simulatedBench({ seed: 1, startMs: msOf(time), hostStore });
  const card = bench.cards.present(accountOf('debit'), { entry: 'swipe', pin: '123456' });
  const sale = bench.perform(TID, { verb: 'sale', amountFen: 10_000, card });
  expect(sale.outcome).toBe('approved');
  act(bench);
  return hostStore;
}

/** What a start at a time is told; empty where it may begin. */
function refusalAt(store: WholeStore<HostEvent>, time: string): string {
  const read: HostEvent[] = [];
  try {
    read.push(...forwardOnly(store, { civilMs: () => msOf(time) }, policy).replay());
  } catch (error) {
    const { code, message, hint } = error as CountersignError;
    expect(hint).toMatch(/--clock now.*--clock "/);
    return `${code} ${message.split(': ').slice(1).join(': ')}; ${hint}`;
  }
  expect(read).toEqual(store.replay());
  return '';
}

describe('a host whose clock is behind its journal', () => {
  it.each([
    ['2026-01-15 09:30', '2026-01-15 00:00', ''],
    ['2026-01-15 09:30', '2026-01-15 09:30', ''],
    ['2026-01-15 09:30', '2026-03-01 00:00', ''],
    ['2026-01-15 09:30', '2026-01-14 22:59:59', 'its last day is 2026-01-15'],
    // Settlement of the 15th, on the 14th: the day itself would go back.
    ['2026-01-15 00:10', '2026-01-14 23:30', 'its last day is 2026-01-15'],
    // Behind the cut-off it is the next settlement day.
    ['2026-01-15 23:30', '2026-01-15 23:00', ''],
    ['2026-01-15 23:30', '2026-01-15 22:59:59', 'its last settlement day is 2026-01-16'],
    ['2026-12-31 23:30', '2026-12-31 09:00', 'its last settlement day is 2027-01-01'],
  ])('after a sale at %s does not begin at %s where that goes back', (sale, start, expected) => {
    const refusal = refusalAt(journalFrom(sale), start);
    if (expected === '') expect(refusal).toBe('');
    else expect(refusal).toMatch(`E_CLOCK_BEHIND ${expected}, and the clock says ${start}`);
  });

  it('names a time at which it may begin', () => {
    const store = journalFrom('2026-01-15 23:30');
    const [, time = ''] = /--clock "([^"]+)"/.exec(refusalAt(store, '2026-01-14 09:30')) ?? [];
    expect(time).toBe('2026-01-16 00:00');
    expect(refusalAt(store, time)).toBe('');
  });

  it('does not begin on a day that was closed, though nothing was sold after that', () => {
    const closed = journalFrom('2026-01-15 22:50', (bench) => {
      bench.perform(TID, { verb: 'settle' });
      bench.world.advance(11 * MINUTE_MS);
    });
    expect(closed.replay().at(-1)?.kind).toBe('day-closed');
    expect(refusalAt(closed, '2026-01-15 22:55')).toMatch('settlement day is 2026-01-16');
    expect(refusalAt(closed, '2026-01-15 23:01')).toBe('');
  });

  it.each<[string, (bench: SimulatedBench) => void]>([
    [
      'a freeze',
      ({ host }) =>
        host.control.freeze({ scope: 'merchant', mid: MID, reason: 'review', by: 'li' }),
    ],
    [
      'an order of a device',
      ({ host }) =>
        host.control.refunds.orderDevice({
          mid: MID,
          device: 'big-pos',
          priceFen: 30_000,
          depositFen: 0,
        }),
    ],
  ])('knows the day of %s', (_, act) => {
    const store = journalFrom('2026-01-15 09:30', (bench) => {
      bench.world.advance(3 * DAY_MS);
      act(bench);
    });
    expect(refusalAt(store, '2026-01-17 09:30')).toMatch('its last day is 2026-01-18');
  });

  it('adds nothing before it has judged, and judges once', () => {
    const store = journalFrom('2026-01-15 09:30');
    const before = store.replay().length;
    let nowMs = msOf('2026-01-15 10:00');
    const judged = forwardOnly(store, { civilMs: () => nowMs }, policy);
    expect([...judged.replay()]).toHaveLength(before);
    nowMs -= DAY_MS;
    expect([...judged.replay()]).toHaveLength(before);
    const startMs = msOf('2026-01-14 09:30');
    const start = (): unknown =>
      simulatedBench({
        seed: 1,
        startMs,
        hostStore: forwardOnly(store, { civilMs: () => startMs }, policy),
      });
    expect(start).toThrow(CountersignError);
    expect(store.replay()).toHaveLength(before);
  });
});

describe('the days that a journal tells of', () => {
  it('are those on which its events were written', () => {
    const hostStore = memoryStore<HostEvent>();
    const days: string[] = [];
    let bench: SimulatedBench | undefined;
    const watched = {
      replay: hostStore.replay,
      append(events: readonly HostEvent[]) {
        hostStore.append(events);
        const said = events.map(dayOf).filter((day) => day !== undefined);
        if (bench === undefined || said.length === 0) return;
        const today = isoDate(civilTime(bench.world.clock.civilMs()));
        expect(said).toEqual(said.map(() => today));
        days.push(today);
      },
    };
    bench = simulatedBench({ seed: 1, startMs: msOf('2026-01-15 22:00'), hostStore: watched });
    const card = bench.cards.present(accountOf('debit'), { entry: 'swipe', pin: '123456' });
    for (let day = 0; day < 6; day++) {
      bench.perform(TID, { verb: 'sale', amountFen: 10_000, card });
      bench.perform(TID, { verb: 'settle' });
      bench.host.control.payOut();
      bench.world.advance(DAY_MS);
    }
    expect(days).toEqual(days.toSorted());
    expect(new Set(days).size).toBe(6);
  });
});

describe('a clock that goes on where the journal ends', () => {
  it.each([
    // Not behind: it stays as it was asked for.
    ['2026-01-15 09:30', '2026-01-15 08:00', '2026-01-15 08:00'],
    ['2026-01-15 09:30', '2026-02-01 12:00', '2026-02-01 12:00'],
    ['2026-01-15 09:30', '2026-01-13 12:00', '2026-01-15 00:00'],
    // Behind the cut-off trade is of the next day.
    ['2026-01-15 23:10', '2026-01-15 20:00', '2026-01-16 00:00'],
  ])('a sale at %s, asked for %s: %s', (sale, asked, due) => {
    const store = journalFrom(sale);
    expect(notBefore(store, msOf(asked), policy)).toBe(msOf(due));
    expect(refusalAt(store, due)).toBe('');
  });

  it('is the last moment that is told, where one is', () => {
    const store = journalFrom('2026-01-15 09:30', ({ host, world }) => {
      world.advance(2 * DAY_MS);
      const order = { scope: 'merchant', mid: MID, reason: 'review', by: 'li' } as const;
      host.control.freeze(order);
    });
    const [hold] = store.replay().filter((event) => event.kind === 'hold-placed');
    const at = (hold as Extract<HostEvent, { kind: 'hold-placed' }>).hold.at;
    expect(notBefore(store, msOf('2026-01-16 09:30'), policy)).toBe(msOf(at));
  });

  it('goes on from where the clock was moved to, on the same day too', () => {
    const store = journalFrom('2026-01-15 09:30', ({ world, host }) => {
      world.advance(11 * 60 * MINUTE_MS);
      host.control.settlement.clockMoved();
    });
    const at = notBefore(store, msOf('2026-01-15 10:00'), policy);
    expect(civilTime(at)).toMatchObject({ hour: 20, minute: 30 });
    expect(notBefore(store, msOf('2026-01-15 21:00'), policy)).toBe(msOf('2026-01-15 21:00'));
  });
});
