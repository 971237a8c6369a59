import { isWorkingDay } from './settlement/working-days.ts';
import type { Transaction } from './transaction-book.ts';

/**
 * Sales of one merchant that no payout names, the oldest first, but for those that ended otherwise with
 * their batch: what is frozen and what is paid is looked for here, not among all that ever were. A sale
 * says itself that it is none of them any more; it is taken out when there are many such.
 */
export class UnpaidSales {
  #sales: Transaction[] = [];
  #gone = 0;
  #lastOffDay = '';

  /** The latest day that is no working day and on which a sale was promised; empty where none was. */
  get lastOffDay(): string {
    return this.#lastOffDay;
  }

  /** How many are looked through. */
  get size(): number {
    return this.#sales.length;
  }

  all(): Transaction[] {
    return this.#sales.filter(isUnpaid);
  }

  add(sale: Transaction): void {
    this.#sales.push(sale);
    const { dueOn } = sale;
    if (dueOn !== undefined && dueOn > this.#lastOffDay && !isWorkingDay(dueOn)) {
      this.#lastOffDay = dueOn;
    }
  }

  /** One of them is paid or undone. */
  noteGone(): void {
    this.#gone++;
    if (this.#gone > MOST_GONE && this.#gone * 2 > this.#sales.length) this.#hold(this.all());
  }

  /** These are unpaid again, each in its place. */
  putBack(sales: readonly Transaction[]): void {
    const others = this.all();
    for (const sale of sales) sale.payoutId = undefined;
    this.#hold([...sales, ...others].toSorted((one, other) => one.place - other.place));
  }

  #hold(sales: Transaction[]): void {
    this.#sales = sales;
    this.#gone = 0;
  }
}

const MOST_GONE = 32;

function isUnpaid({ payoutId, isSettled, status }: Transaction): boolean {
  return payoutId === undefined && (!isSettled || status === 'active' || status === 'pending');
}
