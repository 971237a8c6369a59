import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { simulatedBench, type SimulatedBench } from '../../../emulator/bench/simulated-bench.ts';
import { TEST_INSTITUTION } from '../../../emulator/bench/test-institution.ts';
import type { HostEvent } from '../../../emulator/host/host-event.ts';
import { bootHost } from '../../../emulator/host/host-state.ts';
import {
  DOCUMENTED_REFUND_POLICY,
  type RefundPolicy,
} from '../../../emulator/host/refund-desk/refund-policy.ts';
import type { OperationResult } from '../../../emulator/terminal/operation-result.ts';
import { memoryStore } from '../../../emulator/world/simulated/memory-store.ts';
import { checkLaws, LAW_TABLE } from '../../../scenarios/laws/law-table.ts';
import { accountOf, MID, START_MS, TID } from './host-desk.ts';

const DAY_MS = 86_400_000;

/** One thing that happens; `pick` is a sale, a case or a hold, modulo their number. */
interface Act {
  readonly what: (typeof WHATS)[number];
  readonly pick: number;
  readonly fen: number;
}

const WHATS = [
  'sell',
  'sell-lost',
  'void',
  'settle',
  'wire',
  'apply',
  'apply',
  'apply-manual',
  'apply-failed',
  'apply-terminal',
  'agree',
  'agree',
  'refuse',
  'consent',
  'consent',
  'withdraw',
  'execute',
  'complain',
  'uphold',
  'maintenance',
  'channel',
  'day',
  'freeze',
  'release',
  'return',
  'take',
  'payout',
] as const;

const ACTS = fc.array(
  fc.record({
    what: fc.constantFrom(...WHATS),
    pick: fc.nat({ max: 3 }),
    fen: fc.constantFrom(1, 3000, 5000, 9999, 10_000, 10_001),
  }),
  { minLength: 5, maxLength: 25, size: 'max' },
);

const POLICIES: readonly Partial<RefundPolicy>[] = [
  {},
  { saleFee: 'returned' },
  { fee: { ppm: 20_000, freeDays: 0, payer: 'merchant' }, saleFee: 'returned' },
  { fee: { ppm: 20_000, freeDays: 0, payer: 'holder' } },
  { fee: { ppm: 20_000, freeDays: 0, payer: 'holder' }, saleFee: 'returned' },
];

class Day {
  readonly bench: SimulatedBench;
  readonly journal = memoryStore<HostEvent>();
  readonly sales: OperationResult[] = [];
  readonly seen = new Map<string, number>();
  requests = 0;
  isKept = false;
  isClosed = false;

  constructor(policy: Partial<RefundPolicy>) {
    const refundPolicies = [{ ...DOCUMENTED_REFUND_POLICY, ...policy }];
    const institution = { ...TEST_INSTITUTION, refundPolicies };
    this.bench = simulatedBench({
      seed: 1,
      startMs: START_MS,
      institution,
      hostStore: this.journal,
    });
  }

  play({ what, pick, fen }: Act): void {
    const { bench } = this;
    const { control, state } = bench.host;
    const { refunds } = control;
    const at = <Item>(items: readonly Item[]): Item | undefined => items[pick % items.length];
    const sale = at(this.sales);
    const caseId = at([...state.refundCases.keys()]) ?? '';
    const hold = at([...state.holds.keys()]) ?? '';
    const by = `p${pick}`;
    const card = bench.cards.present(accountOf('debit'), { entry: 'swipe', pin: '123456' });
    switch (what) {
      case 'sell-lost':
        bench.terminals.faults.order({ fault: 'answer-lost', mti: '0200', times: 1 });
        this.sales.push(bench.perform(TID, { verb: 'sale', amountFen: 10_000, card }));
        return;
      case 'sell':
        this.sales.push(bench.perform(TID, { verb: 'sale', amountFen: 10_000, card }));
        return;
      case 'void':
        bench.perform(TID, { verb: 'void', stan: sale?.stan ?? '', card, password: '123456' });
        return;
      case 'settle':
        bench.perform(TID, { verb: 'settle' });
        return;
      case 'wire': {
        const { rrn = '', date = '' } = sale ?? {};
        const command = { verb: 'refund', amountFen: fen, rrn, date, card } as const;
        if (rrn === '') return;
        this.note(`wire ${bench.perform(TID, { ...command, password: '123456' }).rc ?? '?'}`);
        return;
      }
      case 'apply':
      case 'apply-manual':
      case 'apply-failed':
      case 'apply-terminal': {
        this.requests++;
        const { batchNo = '', stan = '', rrn = '' } = sale ?? {};
        const isFailure = what === 'apply-failed';
        const answer = refunds.apply({
          requestNo: `q-${this.requests}`,
          mid: MID,
          of: isFailure ? { transactionId: `${TID}-${batchNo}-${stan}` } : { rrn },
          category: 'transaction',
          isFailure,
          goods: 'none',
          way: what === 'apply-manual' ? 'manual' : 'self-service',
          route: what === 'apply-terminal' ? 'terminal' : 'host',
          papers: ['slip', 'failure-slip'],
          contact: 'sms',
          ...(isFailure ? {} : { amountFen: fen }),
        });
        this.note(answer.kind === 'case' ? `applied ${answer.view.state}` : 'turned away');
        return;
      }
      case 'agree':
      case 'refuse':
        refunds.review(caseId, { agrees: what === 'agree', by, why: 'because' });
        return;
      case 'consent': {
        const { feeFen = 0 } = state.refundCases.get(caseId) ?? {};
        refunds.consent(caseId, 'holder', feeFen);
        refunds.consent(caseId, 'merchant', feeFen);
        return;
      }
      case 'withdraw':
        refunds.withdraw(caseId, by);
        return;
      case 'execute':
        this.note(`executed ${refunds.execute(caseId).kind}`);
        return;
      case 'complain':
        refunds.complain(caseId, { by, text: 'no' });
        return;
      case 'uphold':
        refunds.closeComplaint(at([...state.complaints.keys()]) ?? '', { by, isUpheld: true });
        return;
      case 'maintenance':
        this.isKept = !this.isKept;
        refunds.setMaintenance(this.isKept, by);
        return;
      case 'channel':
        this.isClosed = !this.isClosed;
        control.setChannel(!this.isClosed);
        return;
      case 'day':
        bench.world.advance(DAY_MS);
        refunds.dayPasses();
        return;
      case 'freeze':
        control.freeze({ scope: 'transaction', rrn: sale?.rrn ?? '', reason: 'review', by });
        return;
      case 'release':
        control.release(hold, by, fen > 9000 ? undefined : fen);
        return;
      case 'return':
        this.note(control.returnHold(hold, by).outcome);
        return;
      case 'take':
        this.note(control.take(hold, by, fen > 9000 ? undefined : fen).outcome);
        return;
      case 'payout':
        control.payOut();
        return;
      default:
        what satisfies never;
    }
  }

  note(what: string): void {
    this.seen.set(what, (this.seen.get(what) ?? 0) + 1);
  }

  get broken(): string[] {
    const { host, terminals } = this.bench;
    const records = [...terminals.running()].map(([tid, { record }]) => [tid, record] as const);
    return checkLaws([...LAW_TABLE.keys()], { host: host.state, terminals: new Map(records) });
  }
}

describe('cases, refunds at the terminal, holds, voids and reversals in any order', () => {
  it.each(POLICIES)('break no law under %j, and the journal tells the same', (policy) => {
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(ACTS, (acts) => {
        const day = new Day(policy);
        for (const act of acts) {
          day.play(act);
          expect(day.broken).toEqual([]);
        }
        const { state } = day.bench.host;
        const again = bootHost(state.institution, day.journal.replay()).state;
        expect([...again.refundCases]).toEqual([...state.refundCases]);
        expect([...again.ledger.balances]).toEqual([...state.ledger.balances]);
        for (const [what, count] of day.seen) seen.set(what, (seen.get(what) ?? 0) + count);
        day.bench.terminals.stop();
      }),
      { numRuns: 150, seed: 7 },
    );
    // What never happens proves nothing.
    const hit = [...seen.keys()];
    expect(hit).toEqual(expect.arrayContaining(['applied sent', 'wire 00', 'wire 25', 'returned']));
  });
});
