import type { HostEvent, PayoutRecord } from '../host-event.ts';
import { unknownInJournal, type TransactionBook } from '../transaction-book.ts';

/** Money on its way to a merchant's bank, there, or back. */
export interface Payout extends PayoutRecord {
  state: 'ordered' | 'paid' | 'returned';
  /** Times that the bank was asked. */
  attempts: number;
  /** What the bank said last, when it was not yes. */
  problem: string | undefined;
  /** ISO date of the bank's confirmation. */
  paidOn: string | undefined;
  /** Its place among all that were ever ordered, from 1 on. */
  readonly place: number;
  /** How many had been ordered when it came back. */
  returnedAt: number | undefined;
}

/** Every payout that was ever ordered, by number, in the order in which they were made. */
export interface PayoutBook {
  readonly payouts: Map<string, Payout>;
  /** Those that the bank has not answered for. */
  readonly openPayouts: Map<string, Payout>;
}

export function emptyPayouts(): PayoutBook {
  return { payouts: new Map(), openPayouts: new Map() };
}

/** What an event of the journal does to the payouts; most do nothing. */
export function applyToPayouts(
  book: PayoutBook & Pick<TransactionBook, 'ordered'>,
  event: HostEvent,
): void {
  switch (event.kind) {
    case 'payout-ordered': {
      const sales = book.ordered.get(event.payout.id);
      const payout: Payout = {
        ...event.payout,
        // The texts that the sales have: those of a journal that is read are others.
        transactionIds: sales?.map(({ id }) => id) ?? [],
        state: 'ordered',
        attempts: 0,
        problem: undefined,
        paidOn: undefined,
        place: book.payouts.size + 1,
        returnedAt: undefined,
      };
      book.payouts.set(payout.id, payout);
      book.openPayouts.set(payout.id, payout);
      return;
    }
    case 'paid-out': {
      const payout = findPayout(book, event.id);
      payout.state = 'paid';
      book.openPayouts.delete(event.id);
      payout.attempts++;
      payout.problem = undefined;
      payout.paidOn = event.on;
      return;
    }
    case 'payout-returned':
    case 'payout-failed': {
      const payout = findPayout(book, event.id);
      if (event.kind === 'payout-returned') {
        payout.state = 'returned';
        payout.returnedAt = book.payouts.size;
        book.openPayouts.delete(event.id);
      }
      payout.attempts++;
      payout.problem = event.reason;
      return;
    }
    default:
      return;
  }
}

function findPayout(book: PayoutBook, id: string): Payout {
  const found = book.payouts.get(id);
  if (found === undefined) throw unknownInJournal(`payout ${id}`);
  return found;
}
