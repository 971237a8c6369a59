import { numberOf } from '../../../protocol/bytes/digits.ts';
import { dayNumber } from '../../world/civil-time.ts';
import type { HostEvent, TransactionRecord } from '../host-event.ts';
import {
  findTransaction,
  unknownInJournal,
  type Transaction,
  type TransactionBook,
} from '../transaction-book.ts';
import { MOST_ATTEMPTS, type RuleHit, type RuleSheet } from './rules.ts';

/** A sale that a rule has stopped on its way to the merchant, for a person to look at. */
export interface ReviewRecord {
  readonly id: string;
  readonly transactionId: string;
  readonly holdId: string;
  /** The sheet whose rules it has met. */
  readonly version: number;
  readonly hits: readonly RuleHit[];
  readonly at: string;
}

export interface Review extends ReviewRecord {
  /** cleared: its money is let go. confirmed: the hold stays, for the money to be taken or returned. */
  state: 'open' | 'cleared' | 'confirmed';
  closedBy: string | undefined;
  note: string | undefined;
}

/** A sale that was asked for, whatever came of it. */
export interface Attempt {
  readonly id: string;
  /** Name of the card, or its masked number where no issuer knows it. */
  readonly card: string;
  /** Seconds since 1970 in civil time at the host. */
  readonly atSeconds: number;
}

export interface ReviewBook {
  /** Sheets of rules, the one in force last; none is in force before the first. */
  readonly sheets: RuleSheet[];
  readonly reviews: Map<string, Review>;
  /** Sales that were asked for, by terminal and by card: the latest of them, and some before. */
  readonly attempts: Map<string, Transaction[]>;
  /** Day of the first approved sale by merchant. */
  readonly firstTrade: Map<string, string>;
}

export function emptyReviews(): ReviewBook {
  return { sheets: [], reviews: new Map(), attempts: new Map(), firstTrade: new Map() };
}

/** What an event of the journal does to rules and reviews; most do nothing. */
export function applyToReviews(book: ReviewBook & TransactionBook, event: HostEvent): void {
  switch (event.kind) {
    case 'risk-rules-set':
      book.sheets.push(event.sheet);
      return;
    case 'sale-approved':
      traded(book, event.transaction);
      attempted(book);
      return;
    case 'pending-approved':
      traded(book, findTransaction(book, event.id));
      return;
    case 'transaction-pending':
    case 'transaction-declined':
      if (event.transaction.kind === 'sale') attempted(book);
      return;
    case 'review-opened':
      book.reviews.set(event.review.id, {
        ...event.review,
        state: 'open',
        closedBy: undefined,
        note: undefined,
      });
      return;
    case 'review-closed': {
      const review = book.reviews.get(event.reviewId);
      if (review === undefined) throw unknownInJournal(`review ${event.reviewId}`);
      review.state = event.verdict;
      review.closedBy = event.by;
      review.note = event.note;
      return;
    }
    default:
      return;
  }
}

type Asked = Pick<TransactionRecord, 'id' | 'cardId' | 'cardMasked' | 'date' | 'rrn'>;

export function attemptOf({ id, cardId, cardMasked, date, rrn }: Asked): Attempt {
  // A reference number begins with the host's time, hhmmss.
  const time = numberOf(rrn.slice(0, 6));
  const hours = Math.floor(time / 10_000);
  const minutes = Math.floor(time / 100) % 100;
  const atSeconds = dayOf(date) * 86_400 + hours * 3600 + minutes * 60 + (time % 100);
  return { id, card: nameOfCard({ cardId, cardMasked }), atSeconds };
}

function nameOfCard({ cardId, cardMasked }: Pick<Asked, 'cardId' | 'cardMasked'>): string {
  return cardId === '' ? cardMasked : cardId;
}

/** Days since 1970 of an ISO date: of the same one for every sale of a day. */
function dayOf(date: string): number {
  if (date !== lastDate) {
    const [year = 0, month = 1, day = 1] = date.split('-').map(Number);
    lastDay = dayNumber(year, month, day);
    lastDate = date;
  }
  return lastDay;
}

let lastDate = '';
let lastDay = 0;

/** The latest attempts of a terminal or a card, as many as rules look at. */
export function latestAttempts({ attempts }: ReviewBook, key: string): readonly Attempt[] {
  return attempts.get(key)?.slice(-MOST_ATTEMPTS).map(attemptOf) ?? [];
}

function traded(
  { firstTrade }: ReviewBook,
  { mid, date }: Pick<TransactionRecord, 'mid' | 'date'>,
): void {
  if (!firstTrade.has(mid)) firstTrade.set(mid, date);
}

/** The sale that came last was asked for: the fold of the transactions has just entered it. */
function attempted({ attempts, latest: sale }: ReviewBook & TransactionBook): void {
  // A payment code is another one every time, and names nobody.
  if (sale === undefined || sale.entry === 'qr') return;
  attemptedBy(attempts, sale.tid, sale);
  attemptedBy(attempts, nameOfCard(sale), sale);
}

function attemptedBy(attempts: ReviewBook['attempts'], key: string, sale: Transaction): void {
  const latest = attempts.get(key);
  if (latest === undefined) attempts.set(key, [sale]);
  // Many at once: every one that is taken off the front moves all behind it.
  else if (latest.push(sale) >= 2 * MOST_ATTEMPTS) latest.splice(0, MOST_ATTEMPTS);
}
