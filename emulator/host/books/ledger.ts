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

/** Who owns an account, and the names that were made of it so far, by owner. */
interface AccountNames {
  readonly owner: keyof Owners | undefined;
  readonly template: string;
  readonly made: Map<string, string>;
}

const NAMES = Object.fromEntries(
  Object.entries(CHART).map(([role, { name }]) => {
    const owner = /\{(card|mid|wallet)\}/.exec(name)?.[1] as keyof Owners | undefined;
    return [role, { owner, template: name, made: new Map() }];
  }),
) as Record<AccountRole, AccountNames>;

/** `card/debit`, `merchant/898…/payable`, `acquirer/fees`; every posting asks for it, so it is kept. */
export function accountName(role: AccountRole, owners: Owners): string {
  const { owner, template, made } = NAMES[role];
  if (owner === undefined) return template;
  const whose = owners[owner] ?? '?';
  const known = made.get(whose);
  if (known !== undefined) return known;
  const name = template.replace(`{${owner}}`, () => whose);
  made.set(whose, name);
  return name;
}

/** The postings of an event by its rule; lines of nothing are left out. */
export function postingsOf(
  rules: PostingRules,
  event: PostingEvent,
  owners: Owners,
  amounts: Amounts,
): Posting[] {
  const postings: Posting[] = [];
  for (const { account, sign, of } of rules[event]) {
    const fen = amounts[of] ?? 0;
    if (fen === 0) continue;
    postings.push({ account: accountName(account, owners), fen: sign === '+' ? fen : -fen });
  }
  return postings;
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
