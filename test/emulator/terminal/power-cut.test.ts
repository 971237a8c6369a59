import { describe, expect, it } from 'vitest';
import { payoutBank } from '../../../emulator/bank/payout-bank.ts';
import { benchTerminals } from '../../../emulator/bench/bench.ts';
import { TEST_INSTITUTION } from '../../../emulator/bench/test-institution.ts';
import { runHost } from '../../../emulator/host/run-host.ts';
import type { Command } from '../../../emulator/terminal/command.ts';
import type { OperationResult } from '../../../emulator/terminal/operation-result.ts';
import type { TerminalEntry } from '../../../emulator/terminal/terminal-record.ts';
import { memoryStore } from '../../../emulator/world/simulated/memory-store.ts';
import { simulatedWorld } from '../../../emulator/world/simulated/simulated-world.ts';
import type { Store } from '../../../emulator/world/store.ts';
import { checkLaws, LAW_TABLE } from '../../../scenarios/laws/law-table.ts';
import { SALE, testCard } from './terminal-desk.ts';

const TID = '10000001';

class PowerCut extends Error {}

/** A store in front of which the power fails: before the append that is counted down to. */
function failingStore(): Store<TerminalEntry> & { left: number; appends: number } {
  const inner = memoryStore<TerminalEntry>();
  return {
    left: Number.POSITIVE_INFINITY,
    appends: 0,
    append(entries) {
      if (this.left-- <= 0) throw new PowerCut();
      this.appends++;
      inner.append(entries);
    },
    replay: () => inner.replay(),
  };
}

/** Terminal and host in a simulated world whose terminal can lose power between two entries. */
function setUp() {
  const world = simulatedWorld({ seed: 5, startMs: Date.UTC(2026, 0, 15, 1, 30) });
  const host = runHost(world, {
    institution: TEST_INSTITUTION,
    store: memoryStore(),
    endpoint: 'host:1',
    bank: payoutBank(),
  });
  const store = failingStore();
  const terminals = benchTerminals(world, () => 'host:1', {
    institution: TEST_INSTITUTION,
    terminalStore: () => store,
  });
  /** Undefined when the power failed on the way. */
  const perform = (command: Command): OperationResult | undefined => {
    const ended: OperationResult[] = [];
    try {
      terminals.operate(TID, command, (result) => ended.push(result));
      world.runUntil(() => ended.length > 0);
    } catch (error) {
      if (!(error instanceof PowerCut)) throw error;
      store.left = Number.POSITIVE_INFINITY;
      terminals.powerCut(TID);
    }
    return ended[0];
  };
  const record = () => terminals.running().get(TID)!.record;
  const broken = () =>
    checkLaws([...LAW_TABLE.keys()], { host: host.state, terminals: new Map([[TID, record()]]) });
  return { world, host, store, terminals, perform, record, broken };
}

type SetUp = ReturnType<typeof setUp>;

const REFUND = (sale: OperationResult): Command => ({
  verb: 'refund',
  amountFen: 3000,
  rrn: sale.rrn!,
  date: sale.date!,
  card: testCard('debit'),
  password: '123456',
});
const VOID = (sale: OperationResult): Command => ({
  verb: 'void',
  stan: sale.stan!,
  card: testCard('debit'),
  password: '123456',
});

const OPERATIONS: [string, (sale: OperationResult) => Command, ((bench: SetUp) => void)?][] = [
  ['a sale', () => SALE],
  ['a void', VOID],
  ['a refund', REFUND],
  ['a settlement', () => ({ verb: 'settle' })],
  [
    'a sale behind a reversal',
    () => SALE,
    ({ terminals, perform }) => {
      terminals.faults.order({ fault: 'answer-cut', mti: '0200', times: 1 });
      perform(SALE);
    },
  ],
  [
    'an unbalanced settlement with its upload',
    () => ({ verb: 'settle' }),
    ({ terminals, perform }) => {
      terminals.faults.order({ fault: 'answer-cut', mti: '0200', times: 1 });
      perform(SALE);
      terminals.faults.order({ fault: 'request-lost', mti: '0400', times: 3 });
      perform(SALE);
    },
  ],
  [
    'a sale behind an advice',
    () => SALE,
    ({ terminals, perform, host }) => {
      const [original] = [...host.state.transactions.values()];
      const { rrn, date } = original!;
      terminals.faults.order({ fault: 'answer-cut', mti: '0220', times: 1 });
      const mmdd = date.slice(5).replace('-', '');
      perform(REFUND({ rrn, date: mmdd } as OperationResult));
    },
  ],
];

describe.each(OPERATIONS)('power lost at the terminal during %s (G09)', (what, command, before) => {
  const isUnbalanced = what.includes('unbalanced');
  const prepared = (): { bench: SetUp; run: () => OperationResult | undefined } => {
    const bench = setUp();
    bench.perform({ verb: 'sign-in' });
    const sale = bench.perform(SALE)!;
    before?.(bench);
    return { bench, run: () => bench.perform(command(sale)) };
  };

  const healthy = prepared();
  const appendsBefore = healthy.bench.store.appends;
  healthy.run();
  const count = healthy.bench.store.appends - appendsBefore;

  it('is tried between every two entries', () => {
    expect(count).toBeGreaterThan(2);
  });

  it.each(Array.from({ length: count }, (_, index) => index))(
    'after %i entries leaves both sides agreed once the terminal trades on',
    (entries) => {
      const { bench, run } = prepared();
      bench.store.left = entries;
      expect(run()?.outcome).toBe('power-lost');
      // Whatever hangs goes out, then a sale and a settlement show that all is well.
      for (let attempt = 0; attempt < 3 && bench.record().settlement !== undefined; attempt++) {
        bench.perform({ verb: 'settle' });
      }
      expect(bench.perform(SALE)).toMatchObject({ outcome: 'approved' });
      expect(bench.broken()).toEqual([]);
      const { outcome } = bench.perform({ verb: 'settle' })!;
      if (!isUnbalanced) expect(outcome).toBe('balanced');
      expect(bench.perform(SALE)).toMatchObject({ outcome: 'approved' });
      expect(bench.perform({ verb: 'settle' })).toMatchObject({ outcome: 'balanced' });
      expect(bench.broken()).toEqual([]);
    },
  );
});
