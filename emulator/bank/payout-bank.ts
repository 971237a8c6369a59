import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import { forgetfulStore } from '../world/forgetful-store.ts';
import type { Store } from '../world/store.ts';
import { applyToBank, emptyBankBook, type BankEvent } from './bank-book.ts';

/** What the acquirer asks of the bank that pays the merchants out. */
export interface PayoutOrder {
  /** The bank knows an order by its number: the same one again is not executed again. */
  readonly id: string;
  readonly account: string;
  readonly fen: number;
}

/** unreachable: nobody knows whether it was executed. */
export type PayoutResult =
  | { readonly kind: 'paid' }
  | { readonly kind: 'rejected'; readonly reason: string }
  | { readonly kind: 'unreachable'; readonly reason: string };

/** The bank as the host meets it. */
export interface PayoutBank {
  execute(order: PayoutOrder): PayoutResult;
}

/** The bank as a scenario sets it. */
export interface BankDesk {
  /** Answers this many orders with a failure from now on. */
  fail(times: number): void;
  /** An account that it does not know from now on, or knows again. */
  setAccount(account: string, isKnown: boolean): void;
  /** Paid to an account so far, in fen. */
  paidFen(account: string): number;
}

/**
 * A payout bank of its own: what it has executed it never forgets, whatever its client does, and with a
 * store whatever becomes of its process.
 */
export function payoutBank(store: Store<BankEvent> = forgetfulStore()): PayoutBank & BankDesk {
  const book = emptyBankBook();
  for (const event of store.replay()) applyToBank(book, event);
  const { executed, unknownAccounts } = book;
  const record = (event: BankEvent): void => {
    store.append([event]);
    applyToBank(book, event);
  };
  let failures = 0;
  return {
    execute(order) {
      if (failures > 0) {
        failures--;
        return { kind: 'unreachable', reason: 'the bank does not answer' };
      }
      const earlier = executed.get(order.id);
      if (earlier !== undefined) {
        const isSame = earlier.account === order.account && earlier.fen === order.fen;
        return isSame
          ? { kind: 'paid' }
          : { kind: 'rejected', reason: `order ${order.id} was another one` };
      }
      if (unknownAccounts.has(order.account)) {
        return { kind: 'rejected', reason: `account ${order.account} is unknown` };
      }
      const { id, account, fen } = order;
      try {
        record({ kind: 'order-executed', order: { id, account, fen } });
      } catch (error) {
        if (!(error instanceof CountersignError)) throw error;
        return { kind: 'unreachable', reason: 'the bank cannot keep its books' };
      }
      return { kind: 'paid' };
    },
    fail(times) {
      failures = times;
    },
    setAccount(account, isKnown) {
      record({ kind: 'account-set', account, isKnown });
    },
    paidFen: (account) =>
      [...executed.values()]
        .filter((order) => order.account === account)
        .reduce((sum, { fen }) => sum + fen, 0),
  };
}
