import { describe, expect, it } from 'vitest';
import { beginStep, endStep, type HostStep } from '../../../emulator/host/host-step.ts';
import type { HostState } from '../../../emulator/host/host-state.ts';
import { freeze } from '../../../emulator/host/risk/freeze.ts';
import { unpaidSales } from '../../../emulator/host/risk/held-money.ts';
import {
  notePayout,
  openPayouts,
  orderPayouts,
} from '../../../emulator/host/settlement/payouts.ts';
import { hostTotals } from '../../../emulator/host/batches/batch-totals.ts';
import { seededRandom } from '../../../emulator/world/seeded-random.ts';
import type { Message } from '../../../protocol/message/message.ts';
import {
  frame,
  HostDesk,
  MID,
  reversalOf,
  saleFields,
  settlementFields,
  TID,
  totals,
  voidFields,
} from './host-desk.ts';

const DAY_MS = 86_400_000;

/** Found the slow way: among all transactions that ever were. */
function searched(state: HostState): string[] {
  return [...state.transactions.values()]
    .filter(({ kind, status, payoutId }) => {
      return kind === 'sale' && status === 'active' && payoutId === undefined;
    })
    .map(({ id }) => id);
}

/** Days of one terminal: sales, voids, reversals of both, settlements, payouts that come back. */
class Days {
  readonly desk = new HostDesk();
  readonly #random;
  #stan = 1;
  #batch = 1;
  #sales: Message[] = [];

  constructor(seed: number) {
    this.#random = seededRandom(seed);
  }

  get #f60(): string {
    return String(this.#batch).padStart(6, '0');
  }

  step(): void {
    const stan = String(++this.#stan).padStart(6, '0');
    const sale = this.#sales[this.#random.below(this.#sales.length + 1)];
    const here = { 11: stan, 60: `22${this.#f60}00060` };
    switch (this.#random.below(9)) {
      case 0:
        if (sale !== undefined) this.#void(stan, sale);
        return;
      case 1:
        this.desk.ask(frame('0200', saleFields(here)));
        this.desk.ask(frame('0400', reversalOf(saleFields(here))));
        return;
      case 2:
        this.#settle(stan);
        return;
      case 3:
        this.#payOut();
        return;
      case 4: {
        // Stays behind while newer ones are paid.
        const rrn = sale?.fields[37] ?? '';
        this.#office((step) => freeze(step, { scope: 'transaction', rrn, reason: 'a', by: 'li' }));
        return;
      }
      default: {
        const fields = saleFields({ ...here, 4: '000000000500' });
        this.#sales.push(this.desk.ask(frame('0200', fields)));
      }
    }
  }

  #void(stan: string, sale: Message): void {
    const fields = voidFields(sale, {
      11: stan,
      60: `23${this.#f60}00060`,
      61: this.#f60 + (sale.fields[11] ?? ''),
    });
    this.desk.ask(frame('0200', fields));
    if (this.#random.below(2) === 0) this.desk.ask(frame('0400', reversalOf(fields)));
  }

  #settle(stan: string): void {
    const { debitFen, debitCount, creditFen, creditCount } = hostTotals(
      this.desk.state,
      TID,
      this.#f60,
    );
    const field48 = totals([debitFen, debitCount], [creditFen, creditCount]);
    const fields = settlementFields(field48, { 11: stan, 60: `00${this.#f60}201` });
    this.desk.ask(frame('0500', fields, 'none'));
    this.#batch++;
    this.#sales = [];
  }

  #payOut(): void {
    // Not every sale is due.
    this.desk.nowMs += this.#random.below(3) * DAY_MS;
    this.#office(orderPayouts);
    for (const { id } of openPayouts(this.desk.state)) {
      const isBack = this.#random.below(2) === 0;
      this.#office((step) =>
        notePayout(step, id, isBack ? { kind: 'rejected', reason: 'closed' } : { kind: 'paid' }),
      );
    }
  }

  #office(act: (step: HostStep) => unknown): void {
    const env = { clock: { civilMs: () => this.desk.nowMs }, random: this.#random, isTraced: true };
    const step = beginStep(this.desk.state, env);
    act(step);
    for (const effect of endStep(step)) {
      if (effect.kind === 'persist') this.desk.journal.push(...effect.events);
    }
  }
}

describe('the unpaid sales of a merchant', () => {
  it.each([1, 2, 3, 4, 5, 6])('are those that a search among all finds, in order (%i)', (seed) => {
    const days = new Days(seed);
    const { state } = days.desk;
    let most = 0;
    for (let steps = 0; steps < 60; steps++) {
      days.step();
      const found = unpaidSales(state, MID).map(({ id }) => id);
      expect(found).toEqual(searched(state));
      most = Math.max(most, found.length);
    }
    expect(most).toBeGreaterThan(5);
    expect(unpaidSales(days.desk.rebooted(), MID).map(({ id }) => id)).toEqual(searched(state));
  });

  it('leave nothing behind: what is paid or undone is not looked at again', () => {
    const days = new Days(7);
    for (let steps = 0; steps < 200; steps++) days.step();
    const { transactions, unpaid, ordered } = days.desk.state;
    expect(unpaid.get(MID)!.size).toBeLessThan(transactions.size / 3);
    expect(ordered.size).toBe(0);
  });
});
