import type { PayoutResult } from '../../bank/payout-bank.ts';
import { balance, postingsOf, type Posting } from '../books/ledger.ts';
import type { PayoutRecord } from '../host-event.ts';
import type { HostState } from '../host-state.ts';
import { partsOf } from './part-book.ts';
import type { Payout } from './payout-book.ts';
import { businessDate, commit, type HostStep } from '../host-step.ts';
import {
  firstOf,
  freeParts,
  frozenHolds,
  frozenParts,
  unpaidOf,
  unpaidSales,
} from '../risk/held-money.ts';
import type { Hold } from '../risk/hold-book.ts';
import { feeOf } from '../tariff/rate.ts';
import { USUAL_CONTRACT } from '../tariff/tariff.ts';
import type { Transaction } from '../transaction-book.ts';
import { isPaidOn } from './close-day.ts';
import { dueDayOf, isInstant, isWindowOpen } from './instant.ts';

/** What a payout run came to for one merchant. */
export interface PayoutLine {
  readonly mid: string;
  /** Confirmed by the bank in this run. */
  readonly paidFen: number;
  readonly heldFen: number;
  /** On its way, and not confirmed. */
  readonly openFen: number;
  /** Of what was confirmed: made on the day of its sales, and what that cost beside. */
  readonly instantFen: number;
  readonly feeFen: number;
  /** Why money is on its way, has come back, or does not leave; empty when nothing is wrong. */
  readonly problem: string;
}

/**
 * Orders what is due to every merchant today. Frozen money stays, a debt is taken first, and a
 * merchant under a freeze of his own gets nothing (I-21, I-23). The money is on its way from here on:
 * whatever becomes of this program, the order is repeated under its number and never made anew.
 *
 * @param isAsked somebody asks for this run; others leave those alone who are paid on working days
 */
export function orderPayouts(step: HostStep, isAsked = true): Payout[] {
  const { state } = step;
  const today = businessDate(step);
  const ordered: Payout[] = [];
  const underway = partsUnderway(state);
  for (const mid of state.merchants.keys()) {
    if (wholeFreeze(state, mid) !== undefined) continue;
    if (!isAsked && !isPaidOn(state, mid, today)) continue;
    recover(step, mid);
    undoRecovery(step, mid);
    for (const payout of payoutsDue(step, mid, today, underway)) {
      const id = `P${String(state.payouts.size + 1).padStart(6, '0')}`;
      const account = state.accounts.get(mid) ?? '';
      const record: PayoutRecord = { id, mid, account, date: today, ...payout };
      const postings = payoutPostings(state, 'payout-ordered', record);
      commit(step, { kind: 'payout-ordered', payout: record, postings });
      ordered.push(state.payouts.get(id)!);
    }
  }
  return ordered;
}

/** A freeze of the merchant himself, which stops his payouts while it lasts. */
function wholeFreeze(state: HostState, mid: string): Hold | undefined {
  return frozenHolds(state, mid).find(({ scope }) => scope === 'merchant');
}

/** What a merchant owes is taken first from what is due to him (I-21). */
function recover(step: HostStep, mid: string): void {
  const { state } = step;
  const owedFen = -balance(state.ledger, 'receivable', { mid });
  const amount = Math.min(owedFen, Math.max(0, balance(state.ledger, 'payable', { mid })));
  if (amount <= 0) return;
  const { postings } = state.institution;
  const free = freeParts(state, mid, unpaidSales(state, mid));
  const freeFen = free.reduce((sum, { fen }) => sum + fen, 0);
  // First what is no sale's that could be paid: money of frozen ones that a bank has sent back.
  const strayFen = Math.max(0, balance(state.ledger, 'payable', { mid }) - freeFen);
  const parts = firstOf(free, Math.max(0, amount - strayFen));
  commit(step, {
    kind: 'receivable-recovered',
    mid,
    postings: postingsOf(postings, 'receivable-recovered', { mid }, { amount }),
    ...(parts.length === 0 ? {} : { parts }),
  });
}

/** Payable money that is no sale's is that of sales whose money a debt has taken, the oldest first. */
function undoRecovery(step: HostStep, mid: string): void {
  const { state } = step;
  const unpaid = unpaidSales(state, mid);
  const taken = unpaid.map(({ id }) => {
    return { transactionId: id, fen: partsOf(state, id).owedFen };
  });
  const free = freeParts(state, mid, unpaid).reduce((sum, { fen }) => sum + fen, 0);
  const strayFen = balance(state.ledger, 'payable', { mid }) - free;
  const parts = firstOf(taken, Math.max(0, strayFen));
  if (parts.length > 0) commit(step, { kind: 'recovery-undone', mid, parts });
}

type PayoutDue = Pick<
  PayoutRecord,
  'amountFen' | 'transactionIds' | 'isInstant' | 'feeFen' | 'parts'
>;

/**
 * What is due to a merchant: all that is payable but for the money of sales that are not due yet, and
 * as an instant payout what was promised for today, in its window and sale by sale as far as what is
 * payable covers it (I-24).
 */
function payoutsDue(
  step: HostStep,
  mid: string,
  today: string,
  underway: ReadonlySet<string>,
): PayoutDue[] {
  const { state } = step;
  const { due, partly, instant, laterFen } = dueSales(state, mid, today, underway);
  const payableFen = balance(state.ledger, 'payable', { mid }) - laterFen;
  const instantFen = sumUnpaid(state, instant);
  // What has been due for longer comes first; a shortage is that of the instant ones.
  const dueFen = Math.min(payableFen, sumUnpaid(state, due));
  const amountFen = Math.max(0, dueFen, payableFen - instantFen);
  const parts = firstOf(freeParts(state, mid, partly), amountFen - sumUnpaid(state, due));
  const usual = {
    amountFen,
    transactionIds: due.map(({ id }) => id),
    ...(parts.length === 0 ? {} : { parts }),
  };
  const payouts: PayoutDue[] = amountFen === 0 ? [] : [usual];
  if (!isWindowOpen(step)) return payouts;
  const coverFen = Math.max(0, payableFen - amountFen);
  const covered = coveredBy(state, coverFen, instant);
  const coveredFen = Math.min(coverFen, sumUnpaid(state, covered));
  const { instantFee } = state.contracts.get(mid) ?? USUAL_CONTRACT;
  const feeFen = instantFee === undefined ? 0 : feeOf(instantFee, coveredFen);
  // What would cost more than it brings waits for T+1.
  if (coveredFen <= feeFen) return payouts;
  const transactionIds = covered.map(({ id }) => id);
  const fee = feeFen === 0 ? {} : { feeFen };
  return [...payouts, { amountFen: coveredFen - feeFen, transactionIds, isInstant: true, ...fee }];
}

/** The oldest sales that so much money covers together; of the last one a debt may have taken part. */
function coveredBy(
  state: HostState,
  coverFen: number,
  sales: readonly Transaction[],
): Transaction[] {
  let leftFen = coverFen;
  return sales.filter((sale) => {
    const isCovered = leftFen > 0;
    leftFen -= unpaidOf(state, sale);
    return isCovered;
  });
}

/** Sales of which a part is on its way to a bank: what they bring besides is paid in parts as well. */
function partsUnderway(state: HostState): Set<string> {
  return new Set(
    openPayouts(state).flatMap(({ parts = [] }) => parts.map(({ transactionId }) => transactionId)),
  );
}

function sumUnpaid(state: HostState, sales: readonly Transaction[]): number {
  return sales.reduce((sum, sale) => sum + unpaidOf(state, sale), 0);
}

/**
 * Settled sales that no payout names, with nothing frozen of them: those due by a date, and those that
 * were promised for that very day; and the money of those that are not due yet, but for what of it is
 * frozen and so is not payable anyway.
 */
function dueSales(
  state: HostState,
  mid: string,
  today: string,
  underway: ReadonlySet<string>,
): {
  readonly due: readonly Transaction[];
  /** Due as well, but for what of them is frozen. */
  readonly partly: readonly Transaction[];
  readonly instant: readonly Transaction[];
  readonly laterFen: number;
} {
  const { parts } = frozenParts(state, mid);
  const unpaid = unpaidSales(state, mid).filter(
    (each) => each.isSettled && unpaidOf(state, each) > 0,
  );
  const isToday = (sale: Transaction): boolean => isInstant(sale) && sale.dueOn === today;
  const isPartly = ({ id }: Transaction): boolean => parts.has(id) || underway.has(id);
  const free = unpaid.filter((sale) => !isPartly(sale));
  const due = free.filter((sale) => dueDayOf(sale, today) <= today && !isToday(sale));
  const laterFen = unpaid
    .filter((sale) => dueDayOf(sale, today) > today)
    .reduce((sum, sale) => sum + Math.max(0, unpaidOf(state, sale) - (parts.get(sale.id) ?? 0)), 0);
  const inPart = unpaid.filter(isPartly);
  // Of one that was promised for today and is frozen in part the rest waits with it.
  const waitingFen = inPart
    .filter(isToday)
    .reduce((sum, sale) => sum + Math.max(0, unpaidOf(state, sale) - (parts.get(sale.id) ?? 0)), 0);
  const partly = inPart.filter((sale) => dueDayOf(sale, today) <= today && !isToday(sale));
  return { due, partly, instant: free.filter(isToday), laterFen: laterFen + waitingFen };
}

function payoutPostings(
  state: HostState,
  event: 'payout-ordered' | 'payout-returned' | 'paid-out',
  { mid, amountFen, feeFen = 0 }: PayoutRecord,
): Posting[] {
  const amounts = { amount: amountFen + feeFen, net: amountFen, fee: feeFen };
  return postingsOf(state.institution.postings, event, { mid }, amounts);
}

/** Orders that the bank has not confirmed, in the order in which they were made. */
export function openPayouts(state: HostState): Payout[] {
  return [...state.openPayouts.values()];
}

/** What the bank has said: paid, back to what is due, or still on its way. */
export function notePayout(step: HostStep, id: string, result: PayoutResult): void {
  const { state } = step;
  const payout = state.payouts.get(id);
  if (payout?.state !== 'ordered') return;
  switch (result.kind) {
    case 'paid':
      commit(step, {
        kind: 'paid-out',
        id,
        on: businessDate(step),
        postings: payoutPostings(state, 'paid-out', payout),
      });
      return;
    case 'rejected':
      commit(step, {
        kind: 'payout-returned',
        id,
        reason: result.reason,
        postings: payoutPostings(state, 'payout-returned', payout),
      });
      return;
    case 'unreachable':
      commit(step, { kind: 'payout-failed', id, reason: result.reason });
      return;
    default:
      result satisfies never;
  }
}

/** The run as its people read it, a line a merchant. */
export function payoutLines(state: HostState, touched: readonly string[]): PayoutLine[] {
  const inRun = byMerchant(touched.flatMap((id) => state.payouts.get(id) ?? []));
  const open = byMerchant(openPayouts(state));
  const sum = (payouts: readonly Payout[]): number =>
    payouts.reduce((total, { amountFen }) => total + amountFen, 0);
  return [...state.merchants.keys()].map((mid) => {
    const own = inRun.get(mid) ?? [];
    const paid = own.filter((payout) => payout.state === 'paid');
    const stop = wholeFreeze(state, mid);
    const stopped = stop === undefined ? '' : `frozen as a whole by ${stop.id}`;
    return {
      mid,
      paidFen: sum(paid),
      instantFen: sum(paid.filter((payout) => payout.isInstant === true)),
      feeFen: paid.reduce((total, { feeFen = 0 }) => total + feeFen, 0),
      heldFen: balance(state.ledger, 'held', { mid }),
      openFen: sum(open.get(mid) ?? []),
      problem: own.map((payout) => payout.problem ?? '').find((text) => text !== '') ?? stopped,
    };
  });
}

function byMerchant(payouts: readonly Payout[]): Map<string, Payout[]> {
  const groups = new Map<string, Payout[]>();
  for (const payout of payouts) {
    groups.set(payout.mid, [...(groups.get(payout.mid) ?? []), payout]);
  }
  return groups;
}
