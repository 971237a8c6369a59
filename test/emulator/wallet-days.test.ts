import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { simulatedBench, type SimulatedBench } from '../../emulator/bench/simulated-bench.ts';
import type { LinkFault } from '../../emulator/faults/faulty-network.ts';
import type { WebFault } from '../../emulator/faults/faulty-web.ts';
import type { CrashPoint } from '../../emulator/host/crash-points.ts';
import type { OperationResult } from '../../emulator/terminal/operation-result.ts';
import { TEST_PAYERS } from '../../emulator/wallet/test-payers.ts';
import { checkLaws } from '../../scenarios/laws/law-table.ts';
import { packedStore } from './host/packed-store.ts';

const TID = '10000001';
const START_MS = Date.UTC(2026, 0, 15, 1, 30);

type Act =
  | { kind: 'scan'; payer: number; fen: number }
  | { kind: 'sale'; fen: number }
  | { kind: 'void' | 'refund'; which: number }
  | { kind: 'settle' }
  | { kind: 'power-cut' }
  | { kind: 'link'; fault: LinkFault; mti: string }
  | { kind: 'web'; fault: WebFault; times: number }
  | { kind: 'crash'; point: CrashPoint; passes: number }
  | { kind: 'issuer'; losesAnswers: boolean; delayMs: number }
  | { kind: 'slow'; delayMs: number }
  | { kind: 'wait'; seconds: number };

const ACTS: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('scan' as const),
      payer: fc.nat(TEST_PAYERS.length - 1),
      fen: fc.integer({ min: 1, max: 20_000 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('sale' as const),
      fen: fc.integer({ min: 1, max: 20_000 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom('void' as const, 'refund' as const),
      which: fc.nat(9),
    }),
  },
  fc.constant({ kind: 'settle' } as const),
  fc.constant({ kind: 'power-cut' } as const),
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('link' as const),
      fault: fc.constantFrom<LinkFault>(
        'request-lost',
        'answer-lost',
        'answer-cut',
        'request-late',
        'power-cut',
      ),
      mti: fc.constantFrom('0200', '0220', '0400', '0500'),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('web' as const),
      fault: fc.constantFrom<WebFault>(
        'call-late',
        'unavailable',
        'call-lost',
        'answer-lost',
        'dropped',
      ),
      times: fc.integer({ min: 1, max: 12 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('crash' as const),
      point: fc.constantFrom<CrashPoint>('before-commit', 'after-commit', 'after-answer'),
      passes: fc.nat(4),
    }),
  },
  fc.record({
    kind: fc.constant('issuer' as const),
    losesAnswers: fc.boolean(),
    delayMs: fc.constantFrom(0, 20_000, 39_000, 50_000),
  }),
  fc.record({ kind: fc.constant('slow' as const), delayMs: fc.constantFrom(1000, 59_000, 75_000) }),
  fc.record({ kind: fc.constant('wait' as const), seconds: fc.constantFrom(1, 30, 300) }),
);

function play(bench: SimulatedBench, act: Act, paid: OperationResult[]): void {
  const { host, terminals, world } = bench;
  const operate = (command: Parameters<SimulatedBench['perform']>[1]): OperationResult =>
    bench.perform(TID, command);
  switch (act.kind) {
    case 'scan': {
      const { code } = TEST_PAYERS[act.payer]!;
      const result = operate({ verb: 'scan', amountFen: act.fen, code });
      if (result.outcome === 'approved') paid.push(result);
      return;
    }
    case 'sale': {
      const card = bench.cards.present(host.state.institution.cards[0]!, { entry: 'swipe' });
      operate({ verb: 'sale', amountFen: act.fen, card });
      return;
    }
    case 'void':
    case 'refund': {
      const of = paid[act.which % Math.max(1, paid.length)];
      if (of === undefined) return;
      const { stan = '', rrn = '', date = '', voucher = '', amountFen = 0 } = of;
      const password = '123456';
      if (act.kind === 'void') operate({ verb: 'void', stan, card: undefined, password });
      else {
        const part = Math.max(1, Math.floor(amountFen / 2));
        operate({ verb: 'refund', amountFen: part, rrn, date, card: undefined, voucher, password });
      }
      return;
    }
    case 'settle':
      operate({ verb: 'settle' });
      return;
    case 'power-cut':
      if (terminals.running().has(TID)) terminals.powerCut(TID);
      return;
    case 'link':
      terminals.faults.order({ fault: act.fault, mti: act.mti, times: 1 });
      return;
    case 'web':
      host.web.order({ fault: act.fault, times: act.times });
      return;
    case 'crash':
      host.crash.arm(act.point, act.passes);
      return;
    case 'issuer':
      host.control.setIssuerLine(act);
      return;
    case 'slow':
      host.control.slowAnswers(act.delayMs, 1);
      return;
    case 'wait':
      world.advance(act.seconds * 1000);
      return;
    default:
      act satisfies never;
  }
}

/** The network heals, everybody finishes what he has begun. */
function comeToRest({ host, terminals, world, perform }: SimulatedBench): void {
  terminals.faults.clear();
  host.web.clear();
  host.control.setIssuerLine({ delayMs: 0, losesAnswers: false });
  world.advance(3_600_000 * 2);
  for (let turn = 0; turn < 4; turn++) {
    const { outcome } = perform(TID, { verb: 'settle' });
    if (outcome === 'balanced') break;
  }
  world.advance(3_600_000 * 2);
}

describe('days with payments by code', () => {
  it('end with wallets, terminal and host of one mind, whatever breaks on the way', () => {
    fc.assert(
      fc.property(
        fc.nat(1_000_000),
        fc.array(ACTS, { minLength: 4, maxLength: 24 }),
        // An impatient terminal reverses what is still being asked for.
        fc.constantFrom(60_000, 3000),
        (seed, acts, responseTimeoutMs) => {
          const bench = simulatedBench({
            seed,
            startMs: START_MS,
            terminal: { responseTimeoutMs },
            hostStore: packedStore(),
          });
          const paid: OperationResult[] = [];
          try {
            for (const act of acts) {
              try {
                play(bench, act, paid);
              } catch (error) {
                // A back office act in the moment of a power cut.
                if ((error as { code?: string }).code !== 'E_HOST_DOWN') throw error;
              }
            }
            bench.host.crash.arm('payout-executed', 1_000_000);
            comeToRest(bench);
            const { host, terminals } = bench;
            const records = new Map(
              [...terminals.running()].map(([tid, terminal]) => [tid, terminal.record]),
            );
            expect(host.state.pending.size).toBe(0);
            expect([...host.state.walletOrders.keys()]).toEqual([]);
            const laws = ['I-01', 'I-02', 'I-07', 'I-09', 'I-10', 'I-17', 'I-18', 'I-34'];
            const view = { host: host.state, terminals: records, wallet: host.wallet };
            expect(checkLaws(laws, view)).toEqual([]);
          } finally {
            bench.terminals.stop();
          }
        },
      ),
      { numRuns: 150 },
    );
  });
});
