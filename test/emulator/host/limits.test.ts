import { describe, expect, it } from 'vitest';
import { usedOf } from '../../../emulator/host/risk/limit-book.ts';
import { simulatedBench, type SimulatedBench } from '../../../emulator/bench/simulated-bench.ts';
import { bootHost } from '../../../emulator/host/host-state.ts';
import { TEST_INSTITUTION } from '../../../emulator/bench/test-institution.ts';
import type { HostEvent } from '../../../emulator/host/host-event.ts';
import { memoryStore } from '../../../emulator/world/simulated/memory-store.ts';
import { checkLaws } from '../../../scenarios/laws/law-table.ts';
import { accountOf, MID, START_MS, TID } from './host-desk.ts';
import type { OperationResult } from '../../../emulator/terminal/operation-result.ts';

function sell(bench: SimulatedBench, amountFen: number): OperationResult {
  const card = bench.cards.present(accountOf('debit'), { entry: 'swipe', pin: '123456' });
  return bench.perform(TID, { verb: 'sale', amountFen, card });
}

function undo(bench: SimulatedBench, stan = ''): OperationResult {
  const card = bench.cards.present(accountOf('debit'), { entry: 'swipe', pin: '' });
  return bench.perform(TID, { verb: 'void', stan, card, password: '123456' });
}

describe('what a terminal and its merchant have taken in', () => {
  it('is given back by a void, taken again when the void is reversed, and known after a restart', () => {
    const store = memoryStore<HostEvent>();
    const bench = simulatedBench({ seed: 1, startMs: START_MS, hostStore: store });
    const { control, state } = bench.host;
    const { stan } = sell(bench, 700);
    sell(bench, 50);
    expect(control.risk.used(TID, '2026-01-15')).toEqual({ fen: 750, count: 2 });
    bench.terminals.faults.order({ fault: 'answer-lost', mti: '0200', times: 1 });
    expect(undo(bench, stan).outcome).toBe('unknown');
    expect(control.risk.used(MID, '2026-01')).toEqual({ fen: 50, count: 1 });
    // The reversal of the void goes first, and puts the sale in force again.
    sell(bench, 1);
    for (const who of [TID, MID]) {
      for (const period of ['2026-01-15', '2026-01']) {
        expect(control.risk.used(who, period)).toEqual({ fen: 751, count: 3 });
      }
    }
    control.risk.setLimits(TID, { dailyCount: 3 }, 'li');
    expect(sell(bench, 1)).toMatchObject({ outcome: 'declined', rc: '65' });
    const { state: again } = bootHost(TEST_INSTITUTION, store.replay());
    expect([...again.used]).toEqual([...state.used]);
    expect([...again.limits]).toEqual([[TID, { dailyCount: 3 }]]);
    expect(usedOf(again, '10000002', '2026-01')).toEqual({ fen: 0, count: 0 });
  });

  it('refuses a limit that is no whole number, and stays as it was', () => {
    const { host } = simulatedBench({ seed: 1, startMs: START_MS });
    const { risk } = host.control;
    for (const dailyFen of [-1, 0.5, Number.NaN]) {
      expect(risk.setLimits(TID, { dailyFen }, 'li')).toContain('is no limit');
    }
    expect(risk.setLimits('', { dailyFen: 1 }, 'li')).toBe(' is unknown');
    expect(host.state.limits.size).toBe(0);
  });

  it('is judged by a law of its own', () => {
    const bench = simulatedBench({ seed: 1, startMs: START_MS });
    sell(bench, 700);
    const view = { host: bench.host.state, terminals: new Map() };
    expect(checkLaws(['I-34'], view)).toEqual([]);
    bench.host.state.used.get(MID)!.set('2026-01', { fen: 700, count: 2 });
    expect(checkLaws(['I-34'], view)).toEqual([`I-34 ${MID} 2026-01: used 7.00/2, sales 7.00/1`]);
  });
});
