import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import { forgetAnswer, type AnswerForm } from './answers.ts';
import { RrnIndex } from './rrn-index.ts';
import type { ChipCompletion, HostEvent, TransactionRecord } from './host-event.ts';
import { TransactionIndex } from './transaction-index.ts';
import { UnpaidSales } from './unpaid-sales.ts';

/** pending: another party was asked, and has not said what becomes of it. */
export type TransactionStatus = 'pending' | 'active' | 'voided' | 'reversed' | 'declined';

export interface Transaction extends Omit<
  TransactionRecord,
  'rc' | 'voucher' | 'feeFen' | 'surchargeFen'
> {
  /** These are known for certain when it is no longer pending. */
  feeFen: number;
  surchargeFen?: number;
  rc: string;
  voucher?: string;
  /** Why it was declined, where another party was asked. */
  why?: string;
  /** Its answer left so late; `lateMs` after its terminal had given up. */
  slow?: { readonly delayMs: number; readonly lateMs: number };
  status: TransactionStatus;
  /** What was claimed back of it, with what a refund costs where the holder bears that. */
  refundedFen: number;
  /** Of its fee and surcharge, what has come back with refunds (I-20). */
  feeBackFen: number;
  surchargeBackFen: number;
  /** Its batch is closed. */
  isSettled: boolean;
  /** Of its request, and what was answered to it, while its batch is open. */
  fingerprint: string | undefined;
  answerForm: AnswerForm | undefined;
  payoutId: string | undefined;
  /** What its chip ended with, as the batch upload tells; wrong when its cryptogram is. */
  completion?: ChipCompletion;
  /** Counts from 0, in the order in which they came. */
  readonly place: number;
}

/** What became of every transaction; the journal alone makes it, no institution is needed. */
export interface TransactionBook {
  readonly transactions: TransactionIndex;
  readonly byRrn: RrnIndex;
  /** The one that came last. */
  latest: Transaction | undefined;
  /** By merchant. */
  readonly unpaid: Map<string, UnpaidSales>;
  /** Merchants to whom a sale was ever promised for a day that is no working day. */
  readonly promised: Set<string>;
  /** Sales that an order names whose bank has not said yes. */
  readonly ordered: Map<string, readonly Transaction[]>;
}

/** What a sale brings its merchant: the amount without fee and surcharge (I-20). */
export function netOf({ amountFen, feeFen, surchargeFen = 0 }: TransactionRecord): number {
  return amountFen - feeFen - surchargeFen;
}

export function emptyBook(): TransactionBook {
  const transactions = new TransactionIndex();
  return {
    transactions,
    byRrn: new RrnIndex(transactions),
    latest: undefined,
    unpaid: new Map(),
    promised: new Set(),
    ordered: new Map(),
  };
}

/** What an event of the journal does to the transactions; most do nothing. */
export function applyToBook(book: TransactionBook, event: HostEvent): void {
  switch (event.kind) {
    case 'sale-approved':
      remember(book, event.transaction, 'active');
      return;
    case 'transaction-declined':
      remember(book, event.transaction, 'declined');
      return;
    case 'transaction-pending':
      remember(book, event.transaction, 'pending');
      return;
    case 'pending-approved': {
      const found = findTransaction(book, event.id);
      found.status = 'active';
      if (event.voucher !== undefined) found.voucher = event.voucher;
      return;
    }
    case 'pending-refused': {
      const found = findTransaction(book, event.id);
      found.status = 'declined';
      found.rc = event.rc;
      found.why = event.why;
      found.feeFen = 0;
      delete found.surchargeFen;
      return;
    }
    case 'answer-slow': {
      const found = findTransaction(book, event.id);
      found.slow = { delayMs: event.delayMs, lateMs: event.lateMs };
      return;
    }
    case 'void-approved':
      remember(book, event.transaction, 'active');
      findTransaction(book, event.transaction.originalId).status = 'voided';
      return;
    case 'refund-approved':
      remember(book, event.transaction, 'active');
      noteRefund(findTransaction(book, event.transaction.originalId), event.transaction);
      return;
    case 'transaction-reversed': {
      const reversed = findTransaction(book, event.id);
      reversed.status = 'reversed';
      if (reversed.kind === 'void') findTransaction(book, reversed.originalId).status = 'active';
      return;
    }
    case 'batch-closed':
      for (const transaction of book.transactions.close(event.tid, event.batchNo)) {
        transaction.isSettled = true;
        forgetAnswer(transaction);
        const { mid, status } = transaction;
        if (status !== 'active' && status !== 'pending') book.unpaid.get(mid)?.noteGone();
      }
      return;
    case 'payout-ordered': {
      const { id: payoutId, transactionIds } = event.payout;
      const sales = transactionIds.map((id) => findTransaction(book, id));
      for (const sale of sales) {
        sale.payoutId = payoutId;
        book.unpaid.get(sale.mid)?.noteGone();
      }
      book.ordered.set(payoutId, sales);
      return;
    }
    case 'paid-out':
      book.ordered.delete(event.id);
      return;
    case 'payout-returned': {
      // All of a payout are one merchant's.
      const sales = book.ordered.get(event.id) ?? [];
      book.unpaid.get(sales[0]?.mid ?? '')?.putBack(sales);
      book.ordered.delete(event.id);
      return;
    }
    case 'chip-completed':
      findTransaction(book, event.id).completion = event.completion;
      return;
    default:
      return;
  }
}

function noteRefund(sale: Transaction, { amountFen, refund }: TransactionRecord): void {
  sale.refundedFen += amountFen + (refund?.payer === 'holder' ? refund.feeFen : 0);
  sale.feeBackFen += refund?.feeBackFen ?? 0;
  sale.surchargeBackFen += refund?.surchargeBackFen ?? 0;
}

/** The one that came last, where it has these numbers. */
export function latestAt(
  { latest }: Pick<TransactionBook, 'latest'>,
  { tid, batchNo, stan }: Pick<Transaction, 'tid' | 'batchNo' | 'stan'>,
): Transaction | undefined {
  const isIt = latest?.stan === stan && latest.tid === tid && latest.batchNo === batchNo;
  return isIt ? latest : undefined;
}

/** @throws E_JOURNAL when an event names one that is not there */
export function findTransaction(book: TransactionBook, id: string | undefined): Transaction {
  const found = book.transactions.get(id ?? '');
  if (found === undefined) throw unknownInJournal(`transaction ${id ?? '?'}`);
  return found;
}

export function unknownInJournal(what: string): CountersignError {
  return new CountersignError('E_JOURNAL', { text: `an event names ${what}, which cannot be` });
}

function remember(
  book: TransactionBook,
  record: TransactionRecord,
  status: TransactionStatus,
): void {
  const place = book.transactions.size;
  const transaction = transactionOf(record, status, place);
  if (!book.transactions.add(transaction)) {
    throw unknownInJournal(`a second transaction ${record.id}`);
  }
  if (record.kind === 'sale' && status !== 'declined') {
    let unpaid = book.unpaid.get(record.mid);
    if (unpaid === undefined) book.unpaid.set(record.mid, (unpaid = new UnpaidSales()));
    unpaid.add(transaction);
    if (unpaid.hasPromises) book.promised.add(record.mid);
  }
  book.latest = transaction;
}

/** One text for all that say the same: a journal that is read has a new one for each transaction. */
function shared(text: string): string {
  const known = texts.get(text);
  if (known !== undefined) return known;
  if (texts.size === MOST_TEXTS) texts.clear();
  texts.set(text, text);
  return text;
}

const MOST_TEXTS = 10_000;
const texts = new Map<string, string>();

/** Members of a record that it may do without. */
type Optional =
  | 'surchargeFen'
  | 'noSignature'
  | 'wallet'
  | 'voucher'
  | 'atc'
  | 'originalId'
  | 'refund';

/** Every member of a record is copied by its name, here or in {@link copyOptional}. */
type Copied = Required<Omit<TransactionRecord, Optional>> &
  Begun & { -readonly [Member in Optional]?: NonNullable<TransactionRecord[Member]> };
/** What a transaction has that its record has not. */
type Begun = Omit<Transaction, keyof TransactionRecord>;

/** Member by member, which is several times quicker than a copy of all of them. */
function transactionOf(
  record: TransactionRecord,
  status: TransactionStatus,
  place: number,
): Transaction {
  const transaction: Copied = {
    status,
    refundedFen: 0,
    feeBackFen: 0,
    surchargeBackFen: 0,
    isSettled: false,
    fingerprint: undefined,
    answerForm: undefined,
    payoutId: undefined,
    place,
    id: record.id,
    kind: record.kind,
    tid: record.tid,
    mid: shared(record.mid),
    batchNo: record.batchNo,
    stan: record.stan,
    rrn: record.rrn,
    authCode: record.authCode,
    date: record.date,
    settlementDate: record.settlementDate,
    cardId: record.cardId,
    cardMasked: shared(record.cardMasked),
    amountFen: record.amountFen,
    feeFen: record.feeFen,
    entry: record.entry,
    entryDigits: record.entryDigits,
    rc: record.rc,
    // Most are sales: what is added later is kept in an object of its own.
    tariffLine: record.tariffLine === undefined ? undefined : shared(record.tariffLine),
    dueOn: record.dueOn,
  };
  copyOptional(transaction, record);
  return transaction;
}

function copyOptional(transaction: Copied, record: Pick<TransactionRecord, Optional>): void {
  if (record.surchargeFen !== undefined) transaction.surchargeFen = record.surchargeFen;
  if (record.noSignature !== undefined) transaction.noSignature = record.noSignature;
  if (record.wallet !== undefined) transaction.wallet = record.wallet;
  if (record.voucher !== undefined) transaction.voucher = record.voucher;
  if (record.atc !== undefined) transaction.atc = record.atc;
  if (record.originalId !== undefined) transaction.originalId = record.originalId;
  if (record.refund !== undefined) transaction.refund = record.refund;
}
