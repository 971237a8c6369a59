import { CountersignError } from '../../../protocol/errors/countersign-error.ts';
import { CHART } from './chart-of-accounts.ts';
import type { AccountRole, AmountName, PostingEvent, PostingRules } from './posting-rules.ts';

export interface Posting {
  readonly account: string;
  /** Positive: money arrives. */
  readonly fen: number;
}

/** Whose card, which merchant and which wallet an event concerns. */
export interface Owners {
  readonly card?: string;
  readonly mid?: string;
  readonly wallet?: string;
}

export type Amounts = Partial<Record<AmountName, number>>;

/** Balances by account name, and what made them. */
export interface Ledger {
  readonly balances: Map<string, number>;
  entryCount: number;
  /** The entries themselves, for laws; a host that runs for long has them in its journal alone. */
  readonly entries: (readonly Posting[])[] | undefined;
}

export function emptyLedger(keepsEntries = true): Ledger {
  return { balances: new Map(), entryCount: 0, entries: keepsEntries ? [] : undefined };
}

/** `card/debit`, `merchant/898…/payable`, `acquirer/fees` */
export function accountName(
  role: AccountRole,
  { card = '?', mid = '?', wallet = '?' }: Owners,
): string {
  return CHART[role].name.replace('{card}', card).replace('{mid}', mid).replace('{wallet}', wallet);
}

/** The postings of an event by its rule; lines of nothing are left out. */
export function postingsOf(
  rules: PostingRules,
  event: PostingEvent,
  owners: Owners,
  amounts: Amounts,
): Posting[] {
  return rules[event].flatMap(({ account, sign, of }) => {
    const fen = amounts[of] ?? 0;
    return fen === 0
      ? []
      : { account: accountName(account, owners), fen: sign === '+' ? fen : -fen };
  });
}

/**
 * Enters postings; they must balance, in whole fen (I-01, I-37).
 * @throws E_BOOKS and leaves the ledger as it was
 */
export function post(ledger: Ledger, postings: readonly Posting[]): void {
  if (postings.length === 0) return;
  let sum = 0;
  for (const { account, fen } of postings) {
    if (!Number.isSafeInteger(fen)) {
      throw new CountersignError('E_BOOKS', { text: `${fen} fen on ${account}` });
    }
    sum += fen;
  }
  if (sum !== 0) {
    const text = postings.map(({ account, fen }) => `${account} ${fen}`).join(', ');
    throw new CountersignError('E_BOOKS', { text: `an entry is off by ${sum} fen: ${text}` });
  }
  for (const { account, fen } of postings) {
    ledger.balances.set(account, (ledger.balances.get(account) ?? 0) + fen);
  }
  ledger.entryCount++;
  ledger.entries?.push(postings);
}

export function balance(ledger: Ledger, role: AccountRole, owners: Owners): number {
  return ledger.balances.get(accountName(role, owners)) ?? 0;
}
