import type { PayoutOrder } from './payout-bank.ts';

/** Every change of the bank's books; what a scenario makes of its line is none. */
export type BankEvent =
  | { readonly kind: 'order-executed'; readonly order: PayoutOrder }
  /** An account that it does not know from now on, or knows again. */
  | { readonly kind: 'account-set'; readonly account: string; readonly isKnown: boolean };

export interface BankBook {
  /** By number. */
  readonly executed: Map<string, PayoutOrder>;
  readonly unknownAccounts: Set<string>;
}

export function emptyBankBook(): BankBook {
  return { executed: new Map(), unknownAccounts: new Set() };
}

/** The only way the bank's books change. */
export function applyToBank(book: BankBook, event: BankEvent): void {
  switch (event.kind) {
    case 'order-executed':
      book.executed.set(event.order.id, event.order);
      return;
    case 'account-set':
      if (event.isKnown) book.unknownAccounts.delete(event.account);
      else book.unknownAccounts.add(event.account);
      return;
    default:
      event satisfies never;
  }
}
