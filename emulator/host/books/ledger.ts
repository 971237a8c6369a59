import { CountersignError } from '../../../protocol/errors/countersign-error.ts';
import { Balances } from './balances.ts';
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
  readonly balances: Balances;
  entryCount: number;
  /** The entries themselves, for laws; a host that runs for long has them in its journal alone. */
  readonly entries: (readonly Posting[])[] | undefined;
}

export function emptyLedger(keepsEntries = true): Ledger {
  return { balances: new Balances(), entryCount: 0, entries: keepsEntries ? [] : undefined };
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
  return nameFor(NAMES[role], owners);
}

function nameFor({ owner, template, made }: AccountNames, owners: Owners): string {
  if (owner === undefined) return template;
  const whose = (owner === 'card' ? owners.card : owners[owner]) ?? '?';
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
  for (const { names, isPlus, of } of linesOf(rules, event)) {
    const fen = amountOf(amounts, of) ?? 0;
    if (fen === 0) continue;
    postings.push({ account: nameFor(names, owners), fen: isPlus ? fen : -fen });
  }
  return postings;
}

/** A line of a rule with the names of its account at hand. */
interface ReadyLine {
  readonly names: AccountNames;
  readonly isPlus: boolean;
  readonly of: AmountName;
}

const readyRules = new WeakMap<PostingRules, Map<PostingEvent, readonly ReadyLine[]>>();

function linesOf(rules: PostingRules, event: PostingEvent): readonly ReadyLine[] {
  let ready = readyRules.get(rules);
  if (ready === undefined) readyRules.set(rules, (ready = new Map<PostingEvent, ReadyLine[]>()));
  let lines = ready.get(event);
  if (lines === undefined) {
    lines = rules[event].map(({ account, sign, of }) => {
      return { names: NAMES[account], isPlus: sign === '+', of };
    });
    ready.set(event, lines);
  }
  return lines;
}

/** By name: to look for a name that differs from line to line takes V8 several times as long. */
function amountOf(amounts: Amounts, of: AmountName): number | undefined {
  switch (of) {
    case 'amount':
      return amounts.amount;
    case 'fee':
      return amounts.fee;
    case 'surcharge':
      return amounts.surcharge;
    case 'net':
      return amounts.net;
    case 'held':
      return amounts.held;
    default:
      return of satisfies never;
  }
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
    ledger.balances.add(account, fen);
  }
  ledger.entryCount++;
  ledger.entries?.push(postings);
}

export function balance(ledger: Ledger, role: AccountRole, owners: Owners): number {
  return ledger.balances.get(accountName(role, owners)) ?? 0;
}
