import type { HostEvent } from '../host-event.ts';
import { findTransaction, type TransactionBook } from '../transaction-book.ts';

/** What one settlement day comes to, in fen. */
export interface DayTotals {
  readonly sales: number;
  readonly salesFen: number;
  readonly refunds: number;
  readonly refundsFen: number;
  /** Moved by hand: back to holders, less what was taken from them again. */
  readonly adjustments: number;
  readonly adjustmentsFen: number;
  readonly feesFen: number;
  readonly surchargesFen: number;
  /** What is left for the merchants. */
  readonly netFen: number;
}

export type ClearingEvent =
  | {
      readonly kind: 'day-closed';
      /** Settlement day, ISO. */
      readonly day: string;
      readonly at: string;
      readonly totals: DayTotals;
      /** Over the rows of the day's clearing file, as hex: made again, it is the same file. */
      readonly fileHash: string;
    }
  /** When the payouts of a day are made without being asked for: minutes after midnight. */
  | { readonly kind: 'payout-run-set'; readonly atMinutes: number | null; readonly by: string }
  | { readonly kind: 'payout-run-done'; readonly day: string }
  /** The clock was moved on by hand: the host goes on from there, also after a restart. */
  | { readonly kind: 'clock-moved'; readonly at: string };

/** A transaction, or an adjustment, that is cleared. */
export interface ClearedItem {
  readonly kind: 'transaction' | 'adjustment';
  readonly id: string;
}

export interface ClearingBook {
  /** What belongs to each settlement day, in the order in which it was settled. */
  readonly cleared: Map<string, ClearedItem[]>;
  /** Days that are closed, with the hash of their file. */
  readonly closedDays: Map<string, Extract<ClearingEvent, { kind: 'day-closed' }>>;
  /** Days with something in them that are not closed. */
  readonly openDays: Set<string>;
  payoutRunAt: number | undefined;
  payoutRunDone: string;
}

export function emptyClearing(): ClearingBook {
  return {
    cleared: new Map(),
    closedDays: new Map(),
    openDays: new Set(),
    payoutRunAt: undefined,
    payoutRunDone: '',
  };
}

/** What an event of the journal does to the settlement days; most do nothing. */
export function applyToClearing(book: ClearingBook & TransactionBook, event: HostEvent): void {
  switch (event.kind) {
    // Sales and refunds of a terminal are cleared when their batch is settled, whatever day they are of.
    case 'batch-closed':
      for (const { id, kind, status } of book.transactions.in(event.tid, event.batchNo)) {
        if (status === 'active' && kind !== 'void') clear(book, event.on, 'transaction', id);
      }
      return;
    case 'refund-approved': {
      const { id, batchNo } = event.transaction;
      if (batchNo === '') clear(book, settleDayOf(findTransaction(book, id)), 'transaction', id);
      return;
    }
    case 'adjustment-booked':
      clear(book, event.on, 'adjustment', event.adjustmentId);
      return;
    case 'day-closed':
      book.closedDays.set(event.day, event);
      book.openDays.delete(event.day);
      return;
    case 'payout-run-set':
      book.payoutRunAt = event.atMinutes ?? undefined;
      return;
    case 'payout-run-done':
      book.payoutRunDone = event.day;
      return;
    default:
      return;
  }
}

function clear(book: ClearingBook, day: string, kind: ClearedItem['kind'], id: string): void {
  const items = book.cleared.get(day);
  if (items === undefined) book.cleared.set(day, [{ kind, id }]);
  else items.push({ kind, id });
  book.openDays.add(day);
}

/** The settlement day of a transaction as an ISO date: its field 15, on its own day or the next ones. */
export function settleDayOf({
  date,
  settlementDate,
}: {
  readonly date: string;
  readonly settlementDate: string;
}): string {
  const year = Number(date.slice(0, 4));
  const monthAndDay = `${settlementDate.slice(0, 2)}-${settlementDate.slice(2)}`;
  // Over New Year it is a day of the next year.
  return monthAndDay < date.slice(5) ? `${year + 1}-${monthAndDay}` : `${year}-${monthAndDay}`;
}
