import type { Transaction, TransactionBook } from '../transaction-book.ts';
import { transactionId } from '../transaction-index.ts';

export interface TransactionKeys {
  readonly tid: string;
  readonly batchNo: string;
  readonly stan: string;
}

/** What an enquiry may ask with: one transaction, or all of a card on a day. */
export type Asked =
  | { readonly rrn: string }
  | TransactionKeys
  /** The issuer's name for the card, or its masked number; the business date of the host, ISO. */
  | { readonly card: string; readonly date: string };

/** The transactions that are asked for, in the order in which they came; none is an answer as well. */
export function findAsked(book: TransactionBook, asked: Asked): Transaction[] {
  if ('card' in asked) {
    const { card, date } = asked;
    return [...book.transactions.values()].filter(
      (each) => each.date === date && (each.cardId === card || each.cardMasked === card),
    );
  }
  const id =
    'rrn' in asked
      ? book.byRrn.get(asked.rrn)
      : transactionId(asked.tid, asked.batchNo, asked.stan);
  const found = book.transactions.get(id ?? '');
  return found === undefined ? [] : [found];
}

/**
 * What can name a card, or a payment code, in an enquiry: its masked number, or the issuer's name for
 * the card. A whole number is neither, so that it need not be sent, logged or kept.
 */
export const CARD_NAME = '\\d{6}\\*{3,14}\\d{4}|[A-Za-z][A-Za-z0-9-]{0,39}';

const WHOLE_NAME = new RegExp(`^(?:${CARD_NAME})$`);

export function namesCard(text: string): boolean {
  return WHOLE_NAME.test(text);
}
