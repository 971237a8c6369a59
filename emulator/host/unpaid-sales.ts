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
  /** Of these, what was promised for a day that is no working day. */
  #promised: Transaction[] = [];

  get hasPromises(): boolean {
    return this.#promised.length > 0;
  }

  /** Whether one of them was promised for a day that is no working day, up to this one. */
  isPromisedBy(day: string): boolean {
    return this.#promised.some(
      (sale) => isUnpaid(sale) && sale.status === 'active' && sale.dueOn! <= day,
    );
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
    if (isOnOffDay(sale)) this.#promised.push(sale);
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
    this.#promised = sales.filter(isOnOffDay);
    this.#gone = 0;
  }
}

const MOST_GONE = 32;

/** Promised for a day that is no working day, as under a term of calendar days (D+1, spec 8.1). */
function isOnOffDay({ dueOn }: Transaction): boolean {
  return dueOn !== undefined && !isWorkingDay(dueOn);
}

function isUnpaid({ payoutId, isSettled, status }: Transaction): boolean {
  return payoutId === undefined && (!isSettled || status === 'active' || status === 'pending');
}
