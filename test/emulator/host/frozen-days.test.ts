import { describe, expect, it } from 'vitest';
import { cardBox } from '../../../emulator/bench/card-box.ts';
import { simulatedBench } from '../../../emulator/bench/simulated-bench.ts';
import { TEST_INSTITUTION } from '../../../emulator/bench/test-institution.ts';
import { balance } from '../../../emulator/host/books/ledger.ts';
import { bootHost } from '../../../emulator/host/host-state.ts';
import type { HostEvent } from '../../../emulator/host/host-event.ts';
import { dueDayOf, isInstant } from '../../../emulator/host/settlement/instant.ts';
import { partsOf } from '../../../emulator/host/settlement/part-book.ts';
import type { Transaction } from '../../../emulator/host/transaction-book.ts';
import {
  civilTime,
  isoDate,
  parseCivilTime,
  toEpochMs,
} from '../../../emulator/world/civil-time.ts';
import { seededRandom } from '../../../emulator/world/seeded-random.ts';
import { memoryStore } from '../../../emulator/world/simulated/memory-store.ts';
import { checkLaws, LAW_TABLE } from '../../../scenarios/laws/law-table.ts';
import { MID, TID } from './host-desk.ts';

const DAY_MS = 86_400_000;
const START_MS = toEpochMs(parseCivilTime('2026-01-15 10:30')!);
const INSTITUTION = {
  ...TEST_INSTITUTION,
  cards: TEST_INSTITUTION.cards.map((card) => ({ ...card, openingFen: 100_000_000 })),
};

/** Days of one merchant on which his money is sold, settled, frozen, let go, taken, refunded and paid. */
class FrozenDays {
  readonly store = memoryStore<HostEvent>();
  readonly bench = simulatedBench({
    seed: 1,
    startMs: START_MS,
    institution: INSTITUTION,
    hostStore: this.store,
  });
  /** What was done, for reading a failure. */
  readonly log: string[] = [];
  readonly #random;
  readonly #card = cardBox([]).present(INSTITUTION.cards[0]!, { entry: 'swipe', pin: '123456' });
  readonly #sales: { rrn: string; date: string }[] = [];

  constructor(seed: number) {
    this.#random = seededRandom(seed);
    // Some merchants have promised a deposit, some are paid on the same day.
    const term = seed % 3 === 0 ? { term: { kind: 'D', days: 0 } as const } : {};
    const deposit =
      seed % 2 === 0
        ? { device: 'big-pos' as const, deposit: { amountFen: 15_000, turnoverFen: 120_000 } }
        : { device: 'e-signature' as const };
    const why = this.control.setContract(MID, { ...deposit, ...term }, 'li');
    if (why !== undefined) throw new Error(why);
  }

  get control() {
    return this.bench.host.control;
  }

  get state() {
    return this.bench.host.state;
  }

  get today(): string {
    return isoDate(civilTime(this.bench.world.clock.civilMs()));
  }

  act(): void {
    const { control } = this;
    const sale = this.#sales[this.#random.below(this.#sales.length || 1)];
    const [name, what] = this.#choice([
      ['sell', () => this.#sell()],
      ['sell', () => this.#sell()],
      ['settle', () => this.bench.perform(TID, { verb: 'settle' }).outcome],
      ['freeze', () => sale && control.freeze({ scope: 'transaction', rrn: sale.rrn, ...REVIEW })],
      ['freeze', () => sale && control.freeze({ scope: 'transaction', rrn: sale.rrn, ...REVIEW })],
      [
        'amount',
        () => {
          const amountFen = 1 + this.#random.below(20_000);
          return [amountFen, control.freeze({ scope: 'amount', mid: MID, amountFen, ...REVIEW })];
        },
      ],
      ['merchant', () => control.freeze({ scope: 'merchant', mid: MID, ...REVIEW })],
      ['release', () => this.#end((id, fen) => control.release(id, 'wang', fen))],
      ['release', () => this.#end((id, fen) => control.release(id, 'wang', fen))],
      ['take', () => this.#end((id, fen) => control.take(id, 'wang', fen))],
      ['return', () => this.#end((id) => control.returnHold(id, 'wang'))],
      ['refund', () => sale && this.#refund(sale)],
      ['pay', () => this.payOut()],
      ['pay', () => this.payOut()],
      ['day', () => this.bench.world.advance(DAY_MS)],
      ['day', () => this.bench.world.advance(DAY_MS)],
    ]);
    this.log.push(`${name} ${JSON.stringify(what()) ?? ''}`);
  }

  /** A payout run, and what must hold of each. */
  payOut(): unknown {
    const { state } = this;
    const before = state.payouts.size;
    const frozen = new Set(
      [...state.holds.values()]
        .filter((hold) => hold.state === 'frozen')
        .map(({ transactionId }) => transactionId),
    );
    const isWhole = [...state.holds.values()].some(
      (hold) => hold.scope === 'merchant' && hold.state === 'frozen',
    );
    // Now and then the bank knows the account no more, and the money comes back.
    const isBack = this.#random.below(4) === 0;
    this.bench.host.bank.setAccount('bank-a/0001', !isBack);
    const lines = this.control.payOut();
    const made = [...state.payouts.values()].slice(before);
    for (const { transactionIds } of made) {
      expect(transactionIds.filter((id) => frozen.has(id))).toEqual([]);
    }
    if (isWhole) expect(made).toEqual([]);
    else if (!isBack) {
      expect(balance(state.ledger, 'payable', { mid: MID })).toBeLessThanOrEqual(this.laterFen());
    }
    return [isBack, lines?.[0]];
  }

  /** What sales that are not due bring, but for what is frozen of them by name and has gone otherwise. */
  laterFen(): number {
    const { state } = this;
    let sumFen = 0;
    for (const sale of state.transactions.values()) {
      const isLater = sale.payoutId === undefined && !this.isDue(sale);
      if (sale.kind !== 'sale' || sale.status !== 'active' || !sale.isSettled || !isLater) continue;
      const { amountFen, feeFen, refundedFen, feeBackFen } = sale;
      const { disputedFen, seizedFen, depositFen, owedFen, paidFen } = partsOf(state, sale.id);
      const gone = refundedFen + disputedFen + seizedFen + depositFen + owedFen + paidFen;
      const heldFen = [...state.holds.values()]
        .filter((hold) => hold.transactionId === sale.id && hold.state === 'frozen')
        .reduce((sum, hold) => sum + hold.heldFen, 0);
      sumFen += Math.max(0, amountFen - feeFen + feeBackFen - gone - heldFen);
    }
    return sumFen;
  }

  /** What was promised for this day waits for the next one where any of it is frozen. */
  isDue(sale: Transaction): boolean {
    const isToday = isInstant(sale) && sale.dueOn === this.today;
    return !isToday && dueDayOf(sale, this.today) <= this.today;
  }

  broken(): string[] {
    return checkLaws([...LAW_TABLE.keys()], { host: this.state, terminals: new Map() });
  }

  #sell(): unknown {
    const amountFen = 1000 * (1 + this.#random.below(20));
    const result = this.bench.perform(TID, { verb: 'sale', amountFen, card: this.#card });
    if (result.rrn !== undefined) this.#sales.push({ rrn: result.rrn, date: result.date ?? '' });
    return [amountFen, result.outcome, result.rrn];
  }

  #refund({ rrn, date }: { readonly rrn: string; readonly date: string }): unknown {
    const amountFen = 1000 * (1 + this.#random.below(8));
    const card = cardBox([]).present(INSTITUTION.cards[0]!, { entry: 'swipe' });
    const refund = { verb: 'refund', amountFen, rrn, date, card, password: '123456' } as const;
    const { outcome, rc } = this.bench.perform(TID, refund);
    return [rrn, amountFen, outcome, rc];
  }

  /** One of the freezes that are in force, whole or in part. */
  #end(end: (id: string, fen: number | undefined) => unknown): unknown {
    const frozen = [...this.state.holds.values()].filter((hold) => hold.state === 'frozen');
    const hold = frozen[this.#random.below(frozen.length || 1)];
    if (hold === undefined) return undefined;
    const fen = this.#random.below(2) === 0 ? undefined : 1 + this.#random.below(hold.heldFen + 1);
    return [hold.id, fen, end(hold.id, fen)];
  }

  #choice<Item>(all: readonly Item[]): Item {
    return all[this.#random.below(all.length)]!;
  }
}

const REVIEW = { reason: 'review', by: 'li' } as const;
/** The first ones, and some that were hard to get right: sales paid in part, lacks that were taken. */
const SEEDS = [...Array(150).keys(), 156, 1568, 3009, 3347, 3657, 7884];

describe('days of freezes', () => {
  it.each(SEEDS)('keep what is frozen, pay what is due, and lose nothing (%i)', (seed) => {
    const days = new FrozenDays(seed);
    const { control, state, bench } = days;
    try {
      for (let steps = 0; steps < 60; steps++) {
        days.act();
        expect(days.broken()).toEqual([]);
      }
      // In the end everything is let go and settled, and all of it arrives or has gone for a reason.
      bench.perform(TID, { verb: 'settle' });
      for (const { id, state: held } of state.holds.values()) {
        if (held === 'frozen') control.release(id, 'wang');
        expect(days.broken()).toEqual([]);
      }
      bench.host.bank.setAccount('bank-a/0001', true);
      for (let day = 0; day < 12; day++) {
        bench.world.advance(DAY_MS);
        control.payOut();
        expect(days.broken()).toEqual([]);
      }
      expect(control.merchant(MID)).toMatchObject({ heldFen: 0, transitFen: 0 });
      expect(balance(state.ledger, 'payable', { mid: MID })).toBeLessThanOrEqual(0);
      const causes = [...state.transactions.values()]
        .filter(({ kind, status }) => kind === 'sale' && status === 'active')
        .map(({ rrn }) => control.enquire({ rrn }))
        .filter(({ cause }) => cause !== 'arrived' && cause !== 'refunded');
      for (const { cause, evidence } of causes) {
        expect([cause, evidence]).toEqual([
          expect.stringMatching(/^(not-due-yet|compliance-review|system-delay)$/),
          expect.stringMatching(
            /kept as the deposit|went to what the merchant owed|set off against refunds/,
          ),
        ]);
      }
      const again = bootHost(INSTITUTION, days.store.replay()).state;
      expect([...again.parts]).toEqual([...state.parts]);
      expect([...again.holds]).toEqual([...state.holds]);
    } catch (error) {
      throw new Error(`${days.log.join('\n')}\n${String(error)}`, { cause: error });
    }
  });
});
