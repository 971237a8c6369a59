import { describe, expect, it } from 'vitest';
import { simulatedBench, type SimulatedBench } from '../../../emulator/bench/simulated-bench.ts';
import { TEST_INSTITUTION } from '../../../emulator/bench/test-institution.ts';
import type { HostEvent } from '../../../emulator/host/host-event.ts';
import { bootHost } from '../../../emulator/host/host-state.ts';
import {
  checkRules,
  type RiskCondition,
  type RiskRule,
} from '../../../emulator/host/risk/rules.ts';
import type { OperationResult } from '../../../emulator/terminal/operation-result.ts';
import { parseCivilTime, toEpochMs } from '../../../emulator/world/civil-time.ts';
import { memoryStore } from '../../../emulator/world/simulated/memory-store.ts';
import { accountOf, TID } from './host-desk.ts';

function benchAt(time: string): SimulatedBench {
  return simulatedBench({ seed: 1, startMs: toEpochMs(parseCivilTime(time)!) });
}

function sell(
  bench: SimulatedBench,
  amountFen: number,
  cardId = 'debit',
  tid = TID,
): OperationResult {
  const card = bench.cards.present(accountOf(cardId), { entry: 'swipe', pin: '123456' });
  return bench.perform(tid, { verb: 'sale', amountFen, card });
}

function rule(...when: RiskCondition[]): RiskRule {
  return { name: 'r', when, outcome: { kind: 'decline', rc: '62' } };
}

describe('a rule looks back', () => {
  // The host's second in which a request arrives is its time.
  it.each([
    [600, '62'],
    [601, '00'],
  ])('ten minutes and no further: after %i seconds %s', (seconds, rc) => {
    const bench = benchAt('2026-01-15 09:30:00');
    expect(bench.perform(TID, { verb: 'sign-in' }).outcome).toBe('approved');
    bench.world.advance(500);
    const { risk } = bench.host.control;
    risk.setRules([rule({ kind: 'same-card', times: 2, withinMinutes: 10 })], 'li');
    const startMs = bench.world.clock.civilMs();
    sell(bench, 100);
    bench.world.advance(startMs + seconds * 1000 - bench.world.clock.civilMs());
    expect(sell(bench, 100)).toMatchObject({ rc });
  });

  it('to cards of its own terminal, and to a card at any terminal', () => {
    const bench = benchAt('2026-01-15 09:30');
    const { risk } = bench.host.control;
    risk.setRules([rule({ kind: 'many-cards', cards: 2, withinMinutes: 5 })], 'li');
    expect(sell(bench, 100, 'debit').rc).toBe('00');
    expect(sell(bench, 100, 'debit').rc).toBe('00');
    expect(sell(bench, 100, 'credit', '10000002').rc).toBe('00');
    expect(sell(bench, 100, 'credit').rc).toBe('62');
    risk.setRules([rule({ kind: 'same-card', times: 4, withinMinutes: 5 })], 'li');
    expect(sell(bench, 100, 'credit').rc).toBe('00');
    expect(sell(bench, 100, 'credit', '10000002').rc).toBe('62');
  });

  it('over a full hour', () => {
    const bench = benchAt('2026-01-15 09:58');
    const { risk } = bench.host.control;
    risk.setRules([rule({ kind: 'same-card', times: 2, withinMinutes: 5 })], 'li');
    sell(bench, 100);
    bench.world.advance(180_000);
    expect(sell(bench, 100).rc).toBe('62');
  });

  it('not to the same time of the day before', () => {
    const bench = benchAt('2026-01-15 09:58');
    const { risk } = bench.host.control;
    risk.setRules([rule({ kind: 'same-card', times: 2, withinMinutes: 5 })], 'li');
    sell(bench, 100);
    bench.world.advance(86_400_000);
    expect(sell(bench, 100).rc).toBe('00');
  });

  it('over midnight', () => {
    const bench = benchAt('2026-01-15 23:58');
    bench.host.control.risk.setRules(
      [rule({ kind: 'same-card', times: 2, withinMinutes: 5 })],
      'li',
    );
    sell(bench, 100);
    bench.world.advance(180_000);
    expect(sell(bench, 100).rc).toBe('62');
  });
});

describe('night', () => {
  it.each([
    ['00:59:30', 60, 120, '00'],
    ['01:00:00', 60, 120, '62'],
    ['01:59:30', 60, 120, '62'],
    ['02:00:00', 60, 120, '00'],
    ['23:59:00', 1380, 0, '62'],
    ['00:00:00', 1380, 0, '00'],
    ['00:00:00', 1380, 1, '62'],
    ['12:00:00', 0, 1440, '62'],
  ])('at %s, between minutes %i and %i, answers %s', (time, fromMinutes, toMinutes, rc) => {
    const bench = benchAt(`2026-01-15 ${time}`);
    bench.host.control.risk.setRules([rule({ kind: 'night', fromMinutes, toMinutes })], 'li');
    expect(sell(bench, 100).rc).toBe(rc);
  });
});

describe('a sheet of rules', () => {
  it.each<[string, RiskRule[]]>([
    ['two rules are named r', [rule({ kind: 'above', fen: 1 }), rule({ kind: 'above', fen: 2 })]],
    ['a rule has no name', [{ ...rule({ kind: 'above', fen: 1 }), name: ' ' }]],
    ['r has no condition: it would stop every sale', [rule()]],
    ['r: fen -1 of above', [rule({ kind: 'above', fen: -1 })]],
    ['r: multipleFen 0 of round-sum', [rule({ kind: 'round-sum', multipleFen: 0 })]],
    ['r: cards 0 of many-cards', [rule({ kind: 'many-cards', cards: 0, withinMinutes: 5 })]],
    ['r: toMinutes 1441 of night', [rule({ kind: 'night', fromMinutes: 0, toMinutes: 1441 })]],
  ])('is refused: %s', (why, rules) => {
    expect(checkRules(rules)).toBe(why);
  });

  it('is one of several versions, which are all known after a restart, with what they met', () => {
    const store = memoryStore<HostEvent>();
    const bench = simulatedBench({
      seed: 1,
      startMs: toEpochMs(parseCivilTime('2026-01-15 09:30')!),
      hostStore: store,
    });
    const { risk } = bench.host.control;
    sell(bench, 10_000);
    expect(bench.host.state.reviews.size).toBe(0);
    const held: RiskRule = { ...rule({ kind: 'above', fen: 500 }), outcome: { kind: 'hold' } };
    risk.setRules([held], 'li');
    sell(bench, 501);
    risk.setRules([], 'wang');
    sell(bench, 501);
    risk.closeReview('V000001', 'confirmed', { by: 'wang', note: 'no answer' });
    const { state } = bootHost(TEST_INSTITUTION, store.replay());
    expect(state.sheets.map(({ version, rules, at }) => [version, rules.length, at])).toEqual([
      [1, 1, '2026-01-15 09:30:00'],
      [2, 0, '2026-01-15 09:30:00'],
    ]);
    expect([...state.reviews.values()]).toEqual([
      {
        id: 'V000001',
        transactionId: `${TID}-000001-000003`,
        holdId: 'H000001',
        version: 1,
        hits: [{ rule: 'r', evidence: '5.01 is above 5.00' }],
        at: '2026-01-15 09:30:00',
        state: 'confirmed',
        closedBy: 'wang',
        note: 'no answer',
      },
    ]);
    expect([...state.attempts]).toEqual([...bench.host.state.attempts]);
  });
});
