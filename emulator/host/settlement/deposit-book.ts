import type { Posting } from '../books/ledger.ts';
import type { HoldMove, HostEvent, SalePart } from '../host-event.ts';
import { unknownInJournal, type TransactionBook } from '../transaction-book.ts';

/** What a big POS costs its merchant until he has made a turnover with it (D07). */
export interface DepositTerms {
  readonly amountFen: number;
  /** Turnover of settled sales, from the contract on, at which it goes back. */
  readonly turnoverFen: number;
}

export interface Deposit extends DepositTerms {
  /** Taken from what was due to the merchant so far, and not returned. */
  heldFen: number;
  turnedOverFen: number;
  isReturned: boolean;
}

/** The deposit of each merchant whose contract has one; he has one, once. */
export interface DepositBook {
  readonly deposits: Map<string, Deposit>;
}

export type DepositEvent = {
  /** frozen: part of it, or all, out of what is due to the merchant. returned: all that is held. */
  readonly kind: 'deposit-frozen' | 'deposit-returned';
  readonly mid: string;
  readonly fen: number;
  readonly at: string;
  readonly postings: readonly Posting[];
  /** Whose money it was, and is again when it comes back. */
  readonly parts?: readonly SalePart[];
  /** Of what comes back, what freezes keep of those sales. */
  readonly holdMoves?: readonly HoldMove[];
};

export function emptyDeposits(): DepositBook {
  return { deposits: new Map() };
}

/** What an event of the journal does to the deposits; most do nothing. */
export function applyToDeposits(book: DepositBook & TransactionBook, event: HostEvent): void {
  switch (event.kind) {
    case 'contract-set': {
      const { deposit } = event.contract;
      if (deposit === undefined || book.deposits.has(event.mid)) return;
      const fresh = { heldFen: 0, turnedOverFen: 0, isReturned: false };
      book.deposits.set(event.mid, { ...deposit, ...fresh });
      return;
    }
    case 'batch-closed':
      for (const { kind, status, mid, amountFen } of book.transactions.in(
        event.tid,
        event.batchNo,
      )) {
        const deposit = book.deposits.get(mid);
        if (deposit !== undefined && kind === 'sale' && status === 'active') {
          deposit.turnedOverFen += amountFen;
        }
      }
      return;
    case 'deposit-frozen':
      findDeposit(book, event.mid).heldFen += event.fen;
      return;
    case 'deposit-returned': {
      const deposit = findDeposit(book, event.mid);
      deposit.heldFen -= event.fen;
      deposit.isReturned = true;
      return;
    }
    default:
      return;
  }
}

function findDeposit(book: DepositBook, mid: string): Deposit {
  const found = book.deposits.get(mid);
  if (found === undefined) throw unknownInJournal(`the deposit of ${mid}`);
  return found;
}
