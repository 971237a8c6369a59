import type { HostEvent, SalePart } from '../host-event.ts';
import { latestAt, type Transaction, type TransactionBook } from '../transaction-book.ts';
import { transactionId } from '../transaction-index.ts';
import type { RefundBook } from '../refund-desk/case-book.ts';
import type { UpstreamBook } from '../upstream/upstream-book.ts';
import { TransactionRefs, type PackedRef } from './transaction-refs.ts';

/** An event by its place in the journal, counted from 1. */
export interface EventRef {
  readonly number: number;
  readonly kind: HostEvent['kind'];
}

/** A reference is one number, since every sale of a long life has some: its place times this, and its kind. */
const MOST_KINDS = 128;
const kinds: HostEvent['kind'][] = [];
const kindNumbers = new Map<HostEvent['kind'], number>();

function packed(number: number, kind: HostEvent['kind']): PackedRef {
  let kindNumber = kindNumbers.get(kind);
  if (kindNumber === undefined) {
    kindNumber = kinds.push(kind) - 1;
    kindNumbers.set(kind, kindNumber);
  }
  return number * MOST_KINDS + kindNumber;
}

function unpacked(ref: PackedRef): EventRef {
  return { number: Math.floor(ref / MOST_KINDS), kind: kinds[ref % MOST_KINDS]! };
}

/** Where in the journal each thing is spoken of. */
export interface EvidenceBook {
  /** Events in the journal so far, which is the number of the last one. */
  eventCount: number;
  /**
   * By what they are about: `hold H000001`, `payout P000001`, `batch 10000001-000001`, or the id of a
   * transaction that is not there (yet).
   */
  readonly evidence: Map<string, PackedRef[]>;
  readonly ofTransactions: TransactionRefs;
}

export function emptyEvidence(): EvidenceBook {
  return { eventCount: 0, evidence: new Map(), ofTransactions: new TransactionRefs() };
}

/** What tells whom an event is about, where it does not say so itself. */
type Known = TransactionBook &
  Pick<UpstreamBook, 'walletOrders'> &
  Pick<RefundBook, 'refundCases' | 'complaints'>;

/** Every event counts; those about a transaction, its batch, hold or payout can be found again. */
export function applyToEvidence(book: EvidenceBook & Known, event: HostEvent): void {
  book.eventCount++;
  const { eventCount: number, evidence, ofTransactions } = book;
  const own = latestOf(book, event);
  if (own !== undefined) {
    ofTransactions.add(own.place, packed(number, event.kind));
    return;
  }
  const subjects = subjectsOf(book, event);
  if (subjects.length === 0) return;
  const ref = packed(number, event.kind);
  for (const subject of subjects) {
    const transaction = book.transactions.get(subject);
    if (transaction !== undefined) {
      ofTransactions.add(transaction.place, ref);
      continue;
    }
    const earlier = evidence.get(subject);
    if (earlier === undefined) evidence.set(subject, [ref]);
    else earlier.push(ref);
  }
}

/** The events about these subjects, each once, in the order of the journal. */
export function eventsAbout(
  book: EvidenceBook & TransactionBook,
  subjects: readonly string[],
): EventRef[] {
  const found = new Set(
    subjects.flatMap((subject) => [
      ...(book.evidence.get(subject) ?? []),
      ...book.ofTransactions.of(book.transactions.get(subject)?.place ?? -1),
    ]),
  );
  return [...found].toSorted((one, other) => one - other).map(unpacked);
}

const NOBODY: readonly string[] = [];

/** The transaction that an event is about, where it is the one that came last, as it mostly is. */
function latestOf(book: Known, event: HostEvent): Transaction | undefined {
  switch (event.kind) {
    // The fold before this one has just entered it.
    case 'sale-approved':
    case 'transaction-declined':
    case 'transaction-pending':
      return book.latest;
    case 'exchange-answered':
      return latestAt(book, event);
    default:
      return undefined;
  }
}

function subjectsOf(book: Known, event: HostEvent): readonly string[] {
  switch (event.kind) {
    case 'void-approved':
      return withOriginal(book, event.transaction.id, event.transaction.originalId);
    case 'refund-approved': {
      const { id, originalId } = event.transaction;
      return [...withOriginal(book, id, originalId), ...event.holdMoves.map(holdSubject)];
    }
    // What undoes a void is about its sale as well.
    case 'transaction-reversed':
      return withOriginal(book, event.id, book.transactions.get(event.id)?.originalId);
    case 'reversal-noted':
    case 'pending-approved':
    case 'pending-refused':
    case 'answer-slow':
    case 'chip-completed':
    case 'signature-received':
    case 'signature-refused':
    case 'signature-exempted':
    case 'agreement-filed':
      return [event.id];
    case 'exchange-answered': {
      const id = transactionId(event.tid, event.batchNo, event.stan);
      return book.transactions.has(id) ? [id] : NOBODY;
    }
    case 'wallet-order-made':
      return [event.order.orderNo];
    // An order that is over is forgotten, by the fold after this one.
    case 'wallet-order-freed':
    case 'wallet-order-dropped':
    case 'wallet-order-done':
    case 'wallet-order-failed': {
      const order = book.walletOrders.get(event.key);
      return order === undefined ? NOBODY : [order.orderNo];
    }
    case 'batch-closed':
      return [batchSubject(event), ...event.holdMoves.map(holdSubject)];
    case 'batch-disputed':
      return [batchSubject(event)];
    case 'hold-placed':
      return [holdSubject({ holdId: event.hold.id })];
    case 'hold-released':
      return [
        holdSubject(event),
        ...(event.holdMoves ?? []).map(holdSubject),
        ...salesOf(event.parts),
      ];
    case 'hold-taken':
      return [holdSubject(event), ...salesOf(event.parts)];
    case 'hold-returned':
      return [holdSubject(event)];
    case 'receivable-recovered':
    case 'recovery-undone':
    case 'deposit-frozen':
      return salesOf(event.parts);
    case 'deposit-returned':
      return [...(event.holdMoves ?? []).map(holdSubject), ...salesOf(event.parts)];
    case 'rule-refused':
    case 'review-closed':
    case 'adjustment-booked':
    case 'adjustment-rejected':
    case 'retrieval-answered':
      return [event.transactionId];
    case 'review-opened':
      return [event.review.transactionId];
    case 'adjustment-proposed':
      return [event.adjustment.transactionId];
    case 'retrieval-requested':
      return [event.retrieval.transactionId];
    case 'refund-applied':
      return event.case.saleId === undefined ? NOBODY : [event.case.saleId];
    case 'refund-moved':
    case 'refund-consented':
    case 'refund-signed':
      return saleOfCase(book, event.caseId);
    case 'complaint-opened':
      return saleOfCase(book, event.complaint.caseId);
    case 'complaint-closed':
      return saleOfCase(book, book.complaints.get(event.id)?.caseId);
    case 'payout-ordered':
      return [payoutSubject(event.payout), ...salesOf(event.payout.parts)];
    case 'paid-out':
    case 'payout-returned':
    case 'payout-failed':
      return [payoutSubject(event)];
    default:
      return NOBODY;
  }
}

function salesOf(parts: readonly SalePart[] | undefined): readonly string[] {
  return parts?.map(({ transactionId: id }) => id) ?? NOBODY;
}

function saleOfCase({ refundCases }: Known, caseId: string | undefined): readonly string[] {
  const saleId = refundCases.get(caseId ?? '')?.saleId;
  return saleId === undefined ? NOBODY : [saleId];
}

function withOriginal(
  { transactions }: TransactionBook,
  id: string,
  originalId: string | undefined,
): readonly string[] {
  return originalId !== undefined && transactions.has(originalId) ? [id, originalId] : [id];
}

export function batchSubject({ tid, batchNo }: { tid: string; batchNo: string }): string {
  return `batch ${tid}-${batchNo}`;
}

export function holdSubject({ holdId }: { holdId: string }): string {
  return `hold ${holdId}`;
}

export function payoutSubject({ id }: { id: string }): string {
  return `payout ${id}`;
}
