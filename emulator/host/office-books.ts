import {
  applyToAdjustments,
  emptyAdjustments,
  type AdjustmentBook,
} from './adjustments/adjustment-book.ts';
import type { AdjustmentEvent } from './adjustments/adjustment-events.ts';
import {
  applyToRetrievals,
  emptyRetrievals,
  type RetrievalBook,
} from './evidence/retrieval-book.ts';
import type { RetrievalEvent } from './evidence/retrieval-events.ts';
import type { HostEvent } from './host-event.ts';
import {
  applyToDeposits,
  emptyDeposits,
  type DepositBook,
  type DepositEvent,
} from './settlement/deposit-book.ts';
import {
  applyToClearing,
  emptyClearing,
  type ClearingBook,
  type ClearingEvent,
} from './settlement/clearing-book.ts';
import { applyToLimits, emptyLimits, type LimitBook } from './risk/limit-book.ts';
import { applyToReviews, emptyReviews, type ReviewBook } from './risk/review-book.ts';
import type { RiskEvent } from './risk/risk-events.ts';
import type { TransactionBook } from './transaction-book.ts';

/** What the rooms of the back office remember; each is a fold of the journal. */
export interface OfficeBooks
  extends LimitBook, ReviewBook, AdjustmentBook, RetrievalBook, DepositBook, ClearingBook {}

/** Events that are about these rooms alone, but for the postings that some carry. */
export type OfficeEvent =
  | RiskEvent
  | AdjustmentEvent
  | RetrievalEvent
  | DepositEvent
  | ClearingEvent;

export function emptyOffice(): OfficeBooks {
  return {
    ...emptyLimits(),
    ...emptyReviews(),
    ...emptyAdjustments(),
    ...emptyRetrievals(),
    ...emptyDeposits(),
    ...emptyClearing(),
  };
}

/** The only way these rooms change. */
export function applyToOffice(books: OfficeBooks & TransactionBook, event: HostEvent): void {
  applyToLimits(books, event);
  applyToReviews(books, event);
  applyToAdjustments(books, event);
  applyToRetrievals(books, event);
  applyToDeposits(books, event);
  applyToClearing(books, event);
}

const KINDS: Readonly<Record<OfficeEvent['kind'], true>> = {
  'limits-set': true,
  'risk-rules-set': true,
  'rule-refused': true,
  'review-opened': true,
  'review-closed': true,
  'adjustment-proposed': true,
  'adjustment-booked': true,
  'adjustment-rejected': true,
  'retrieval-requested': true,
  'retrieval-answered': true,
  'deposit-frozen': true,
  'deposit-returned': true,
  'day-closed': true,
  'payout-run-set': true,
  'payout-run-done': true,
  'clock-moved': true,
};

export function isOfficeEvent(event: HostEvent): event is OfficeEvent {
  return Object.hasOwn(KINDS, event.kind);
}

/** What people of the back office have done, in a few words. */
export function officeText(event: OfficeEvent): string {
  switch (event.kind) {
    case 'limits-set':
      return `${event.who}, by ${event.by}`;
    case 'risk-rules-set':
      return `version ${event.sheet.version}, by ${event.by}`;
    case 'rule-refused':
      return `${event.transactionId}: ${event.hit.rule}`;
    case 'review-opened':
      return `${event.review.id} of ${event.review.transactionId}`;
    case 'review-closed':
      return `${event.reviewId} ${event.verdict}, by ${event.by}: ${event.note}`;
    case 'adjustment-proposed': {
      const { id, by, reason } = event.adjustment;
      return `${id}, by ${by}: ${reason}`;
    }
    case 'adjustment-booked':
    case 'adjustment-rejected':
      return `${event.adjustmentId}, by ${event.by}`;
    case 'retrieval-requested':
      return `${event.retrieval.id}, by ${event.retrieval.by}: ${event.retrieval.reason}`;
    case 'retrieval-answered':
      return `${event.retrievalId} with ${event.evidence}, by ${event.by}`;
    case 'deposit-frozen':
    case 'deposit-returned':
      return `${event.mid}, ${event.fen} fen`;
    case 'day-closed':
      return `${event.day}, ${event.totals.sales} sales, ${event.totals.refunds} refunds`;
    case 'payout-run-set':
      return `${event.atMinutes ?? 'off'}, by ${event.by}`;
    case 'payout-run-done':
      return event.day;
    case 'clock-moved':
      return event.at;
    default:
      return event satisfies never;
  }
}
