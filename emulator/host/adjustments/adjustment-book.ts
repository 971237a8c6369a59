import type { HostEvent } from '../host-event.ts';
import { findTransaction, unknownInJournal, type TransactionBook } from '../transaction-book.ts';

/** holder: from the merchant back to the card (贷记调整). merchant: from the card again (请款). */
export type AdjustedTo = 'holder' | 'merchant';

export interface AdjustmentRecord {
  readonly id: string;
  /** The sale whose money is moved. */
  readonly transactionId: string;
  readonly to: AdjustedTo;
  readonly amountFen: number;
  readonly reason: string;
  readonly by: string;
  /** Civil time at the host, `2026-01-15 09:30:00`. */
  readonly at: string;
  /** The adjustment that it takes back; that one stays as it is. */
  readonly correctsId?: string;
}

export interface Adjustment extends AdjustmentRecord {
  state: 'proposed' | 'booked' | 'rejected';
  /** Who has booked it, or turned it down. */
  decidedBy: string | undefined;
}

/** Every adjustment that was ever proposed, by number. */
export interface AdjustmentBook {
  readonly adjustments: Map<string, Adjustment>;
}

export function emptyAdjustments(): AdjustmentBook {
  return { adjustments: new Map() };
}

/** What an event of the journal does to the adjustments; most do nothing. */
export function applyToAdjustments(book: AdjustmentBook & TransactionBook, event: HostEvent): void {
  switch (event.kind) {
    case 'adjustment-proposed':
      book.adjustments.set(event.adjustment.id, {
        ...event.adjustment,
        state: 'proposed',
        decidedBy: undefined,
      });
      return;
    case 'adjustment-booked': {
      const adjustment = findAdjustment(book, event.adjustmentId);
      adjustment.state = 'booked';
      adjustment.decidedBy = event.by;
      // The holder has it back as if it were refunded: neither can be given twice (I-10).
      const { to, amountFen, transactionId } = adjustment;
      const sale = findTransaction(book, transactionId);
      sale.refundedFen += to === 'holder' ? amountFen : -amountFen;
      return;
    }
    case 'adjustment-rejected': {
      const adjustment = findAdjustment(book, event.adjustmentId);
      adjustment.state = 'rejected';
      adjustment.decidedBy = event.by;
      return;
    }
    default:
      return;
  }
}

function findAdjustment(book: AdjustmentBook, id: string): Adjustment {
  const found = book.adjustments.get(id);
  if (found === undefined) throw unknownInJournal(`adjustment ${id}`);
  return found;
}

/** Booked adjustments of a sale that nothing has taken back, the oldest first. */
export function adjustmentsInForce(book: AdjustmentBook, transactionId: string): Adjustment[] {
  const booked = [...book.adjustments.values()].filter(
    (each) => each.transactionId === transactionId && each.state === 'booked',
  );
  const corrected = new Set(booked.map(({ correctsId }) => correctsId));
  return booked.filter(({ id, correctsId }) => correctsId === undefined && !corrected.has(id));
}

/** What people have given back of a sale by hand, less what they have taken again. */
export function adjustedFen(book: AdjustmentBook, transactionId: string): number {
  let sumFen = 0;
  for (const { state, to, amountFen, transactionId: saleId } of book.adjustments.values()) {
    if (state !== 'booked' || saleId !== transactionId) continue;
    sumFen += to === 'holder' ? amountFen : -amountFen;
  }
  return sumFen;
}
