import type { HostEvent, TransactionRecord } from '../host-event.ts';
import { findTransaction, type TransactionBook } from '../transaction-book.ts';

/** What a terminal or a merchant may take in; what is absent is without limit. Limits of cards are the issuer's. */
export interface Limits {
  readonly singleFen?: number;
  readonly dailyFen?: number;
  readonly monthlyFen?: number;
  readonly dailyCount?: number;
  readonly monthlyCount?: number;
}

/** Sales of one day or month that are in force, or wait for another party. */
export interface Used {
  fen: number;
  count: number;
}

export interface LimitBook {
  /** By terminal or merchant. */
  readonly limits: Map<string, Limits>;
  /** By terminal or merchant, then by day (`2026-01-15`) and by month (`2026-01`). */
  readonly used: Map<string, Map<string, Used>>;
  /** Of these, by terminal or merchant, those of the day that was last written to. */
  readonly lastUsed: Map<string, UsedNow>;
}

interface UsedNow {
  readonly date: string;
  readonly day: Used;
  readonly month: Used;
}

export function emptyLimits(): LimitBook {
  return { limits: new Map(), used: new Map(), lastUsed: new Map() };
}

const NOTHING_USED: Readonly<Used> = { fen: 0, count: 0 };

/** The month of an ISO date, `2026-01`. */
export function monthOf(isoDate: string): string {
  return isoDate.slice(0, 7);
}

export function usedOf({ used }: LimitBook, who: string, period: string): Readonly<Used> {
  return used.get(who)?.get(period) ?? NOTHING_USED;
}

/** What an event of the journal does to the limits; most do nothing. */
export function applyToLimits(book: LimitBook & TransactionBook, event: HostEvent): void {
  switch (event.kind) {
    case 'limits-set':
      book.limits.set(event.who, event.limits);
      return;
    // A sale that waits for another party takes its part at once, so that two cannot take the same.
    case 'sale-approved':
    case 'transaction-pending':
      use(book, event.transaction, 1);
      return;
    case 'pending-refused':
      use(book, findTransaction(book, event.id), -1);
      return;
    // Given back on the day and in the month of the sale, whenever it is undone (I-34).
    case 'void-approved':
      use(book, findTransaction(book, event.transaction.originalId), -1);
      return;
    case 'transaction-reversed': {
      const reversed = findTransaction(book, event.id);
      if (reversed.kind === 'sale') use(book, reversed, -1);
      if (reversed.kind === 'void') use(book, findTransaction(book, reversed.originalId), 1);
      return;
    }
    default:
      return;
  }
}

function use(
  book: LimitBook,
  { tid, mid, date, amountFen }: Pick<TransactionRecord, 'tid' | 'mid' | 'date' | 'amountFen'>,
  sign: 1 | -1,
): void {
  useOf(book, tid, date, sign * amountFen, sign);
  useOf(book, mid, date, sign * amountFen, sign);
}

function useOf(book: LimitBook, who: string, date: string, fen: number, sales: number): void {
  const last = book.lastUsed.get(who);
  const { day, month } = last?.date === date ? last : usedOn(book, who, date);
  day.fen += fen;
  day.count += sales;
  month.fen += fen;
  month.count += sales;
}

function usedOn({ used, lastUsed }: LimitBook, who: string, date: string): UsedNow {
  let periods = used.get(who);
  if (periods === undefined) used.set(who, (periods = new Map<string, Used>()));
  const now = { date, day: periodOf(periods, date), month: periodOf(periods, monthOf(date)) };
  lastUsed.set(who, now);
  return now;
}

function periodOf(periods: Map<string, Used>, period: string): Used {
  let soFar = periods.get(period);
  if (soFar === undefined) periods.set(period, (soFar = { fen: 0, count: 0 }));
  return soFar;
}
