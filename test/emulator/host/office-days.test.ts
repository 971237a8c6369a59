import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { simulatedBench, type SimulatedBench } from '../../../emulator/bench/simulated-bench.ts';
import { TEST_INSTITUTION } from '../../../emulator/bench/test-institution.ts';
import type { Institution } from '../../../emulator/host/host-config.ts';
import type { HostEvent } from '../../../emulator/host/host-event.ts';
import { bootHost } from '../../../emulator/host/host-state.ts';
import { addDays } from '../../../emulator/host/settlement/working-days.ts';
import type { MerchantContract } from '../../../emulator/host/tariff/tariff.ts';
import { memoryStore } from '../../../emulator/world/simulated/memory-store.ts';
import { checkLaws, LAW_TABLE } from '../../../scenarios/laws/law-table.ts';
import { accountOf, MID, START_MS, TID } from './host-desk.ts';

/** What happens in the back office, and between its acts; `pick` chooses among what is there. */
type Act =
  | { readonly do: 'sale' | 'refund' | 'adjust'; readonly pick: number; readonly fen: number }
  | { readonly do: 'void' | 'freeze' | 'release' | 'take' | 'return'; readonly pick: number }
  | { readonly do: 'book' | 'correct' | 'contract'; readonly pick: number }
  | { readonly do: 'settle' | 'payout' }
  | { readonly do: 'advance'; readonly hours: number };

const CONTRACTS: readonly MerchantContract[] = [
  { device: 'e-signature' },
  { device: 'e-signature', term: { kind: 'D', days: 0 } },
  { device: 'mpos', term: { kind: 'D', days: 0 }, instantFee: { ppm: 200, fixedFen: 200 } },
  { device: 'big-pos', deposit: { amountFen: 30_000, turnoverFen: 200_000 } },
];

const pick = fc.nat(20);
const fen = fc.constantFrom(1, 199, 5000, 20_000, 60_000);
const ACT: fc.Arbitrary<Act> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('sale'), pick, fen }) },
  { weight: 6, arbitrary: fc.constant({ do: 'settle' } as const) },
  { weight: 5, arbitrary: fc.constant({ do: 'payout' } as const) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('advance'), hours: fc.constantFrom(1, 13, 24) }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('refund', 'adjust'), pick, fen }) },
  {
    weight: 10,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'void',
        'freeze',
        'release',
        'take',
        'return',
        'book',
        'correct',
        'contract',
      ),
      pick,
    }),
  },
) as fc.Arbitrary<Act>;

function play(bench: SimulatedBench, act: Act): string {
  const { control, state } = bench.host;
  const card = bench.cards.present(accountOf('debit'), { entry: 'swipe', pin: '123456' });
  const sales = [...state.transactions.values()].filter(({ kind }) => kind === 'sale');
  const picked = 'pick' in act ? act.pick : 0;
  const sale = sales[picked % Math.max(1, sales.length)];
  const hold = `H${String((picked % Math.max(1, state.holds.size)) + 1).padStart(6, '0')}`;
  const adjustment = `A${String((picked % Math.max(1, state.adjustments.size)) + 1).padStart(6, '0')}`;
  switch (act.do) {
    case 'sale':
      return bench.perform(TID, { verb: 'sale', amountFen: act.fen, card }).outcome;
    case 'settle':
      return bench.perform(TID, { verb: 'settle' }).outcome;
    case 'payout':
      if (picked % 4 === 3) bench.host.bank.fail(1);
      return control.payOut()?.[0]?.problem === '' ? 'done' : 'problem';
    case 'advance':
      bench.world.advance(act.hours * 3_600_000);
      return 'done';
    case 'refund': {
      const { rrn = '', date = '2026-01-15' } = sale ?? {};
      const command = {
        verb: 'refund',
        amountFen: act.fen,
        rrn,
        date: date.slice(5).replace('-', ''),
        card,
        password: '123456',
      } as const;
      return sale === undefined ? 'none' : bench.perform(TID, command).outcome;
    }
    case 'adjust': {
      const to = act.pick % 3 === 0 ? 'merchant' : 'holder';
      const order = {
        rrn: sale?.rrn ?? '',
        to,
        amountFen: act.fen,
        reason: 'r',
        by: 'li',
      } as const;
      return control.adjustments.propose(order).outcome;
    }
    case 'void': {
      const command = { verb: 'void', stan: sale?.stan ?? '', card, password: '123456' } as const;
      return bench.perform(TID, command).outcome;
    }
    case 'freeze': {
      const order = { reason: 'r', by: 'li' };
      const scopes = [
        { scope: 'transaction', rrn: sale?.rrn ?? '' },
        { scope: 'transaction', rrn: sale?.rrn ?? '' },
        { scope: 'amount', mid: MID, amountFen: 7000 },
        { scope: 'merchant', mid: MID },
      ] as const;
      return control.freeze({ ...scopes[picked % 4]!, ...order }).outcome;
    }
    case 'release':
      return control.release(hold, 'wang', picked % 3 === 0 ? 100 : undefined).outcome;
    case 'take':
      return control.take(hold, 'wang', picked % 3 === 0 ? 100 : undefined).outcome;
    case 'return':
      return control.returnHold(hold, 'wang').outcome;
    case 'book':
      return control.adjustments.book(adjustment, 'wang').outcome;
    case 'correct':
      return control.adjustments.proposeCorrection(adjustment, { reason: 'r', by: 'li' }).outcome;
    case 'contract':
      return control.setContract(MID, CONTRACTS[picked % CONTRACTS.length]!, 'li') ?? 'entered';
    default:
      return act satisfies never;
  }
}

/** Over any days the parts add up, what is left is where the next begins, and in the end it is the books. */
function statementsAddUp({ host }: SimulatedBench): void {
  const { settlement } = host.control;
  const merchant = host.control.merchant(MID);
  let closingFen = 0;
  for (let from = '2026-01-14'; from < '2026-03-20'; from = addDays(from, 3)) {
    const found = settlement.statement(MID, { from, to: addDays(from, 2) });
    const moved = Object.values(found.lines).reduce((sum, { fen: each }) => sum + each, 0);
    expect(found.openingFen).toBe(closingFen);
    expect(found.openingFen + moved).toBe(found.closingFen);
    ({ closingFen } = found);
  }
  const { payableFen, heldFen, depositFen, transitFen, owedFen } = merchant;
  expect(closingFen).toBe(payableFen + heldFen + depositFen + transitFen - owedFen);
}

/** Refunds that cost something, give the sale's fee back, and may leave a debt. */
const DEARER: Institution = {
  ...TEST_INSTITUTION,
  refundPolicies: TEST_INSTITUTION.refundPolicies.map((policy) => ({
    ...policy,
    fee: { ppm: 20_000, freeDays: 0, payer: 'merchant' },
    saleFee: 'returned',
    debtLimitFen: 100_000,
  })),
};

const DAYS = fc.array(ACT, { minLength: 15, maxLength: 45, size: 'max' });

const ALL_LAWS = [...LAW_TABLE.keys()];

describe('days of the back office', () => {
  it('keep every law after every act, and come back the same from the journal', () => {
    const outcomes = new Map<string, number>();
    fc.assert(
      fc.property(DAYS, fc.boolean(), (acts, isDearer) => {
        const hostStore = memoryStore<HostEvent>();
        const institution = isDearer ? DEARER : TEST_INSTITUTION;
        const bench = simulatedBench({ seed: 1, startMs: START_MS, hostStore, institution });
        for (const act of acts) {
          const before = bench.host.control.merchant(MID).payableFen;
          const outcome = `${act.do} ${play(bench, act)}`;
          // A payout takes no more than there is (I-21).
          const after = bench.host.control.merchant(MID).payableFen;
          if (act.do === 'payout') expect(after).toBeGreaterThanOrEqual(Math.min(0, before));
          outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
          const { state } = bench.host;
          const terminals = new Map(
            [...bench.terminals.running()].map(([tid, { record }]) => [tid, record]),
          );
          expect(checkLaws(ALL_LAWS, { host: state, terminals })).toEqual([]);
        }
        const { state, bank, control } = bench.host;
        expect(bank.paidFen('bank-a/0001')).toBe(control.merchant(MID).paidFen);
        statementsAddUp(bench);
        const again = bootHost(institution, hostStore.replay()).state;
        for (const book of [
          'ledger',
          'holds',
          'payouts',
          'adjustments',
          'deposits',
          'cleared',
        ] as const) {
          expect([book, again[book]]).toEqual([book, state[book]]);
        }
      }),
      { numRuns: 120 },
    );
    // What was meant to be tried was reached.
    for (const outcome of [
      'sale approved',
      'settle balanced',
      'payout done',
      'refund approved',
      'void approved',
      'freeze frozen',
      'release released',
      'take taken',
      'return returned',
      'adjust proposed',
      'book booked',
      'correct proposed',
      'contract entered',
    ]) {
      expect([outcome, (outcomes.get(outcome) ?? 0) > 0]).toEqual([outcome, true]);
    }
  });
});
