import type { PayoutResult } from '../../bank/payout-bank.ts';
import { balance, postingsOf } from '../books/ledger.ts';
import type { PayoutRecord } from '../host-event.ts';
import type { HostState } from '../host-state.ts';
import type { Payout } from './payout-book.ts';
import { businessDate, commit, type HostStep } from '../host-step.ts';
import { frozenParts, leftOf, unpaidSales } from '../risk/held-money.ts';
import type { Transaction } from '../transaction-book.ts';

/** What a payout run came to for one merchant. */
export interface PayoutLine {
  readonly mid: string;
  /** Confirmed by the bank in this run. */
  readonly paidFen: number;
  readonly heldFen: number;
  /** On its way, and not confirmed. */
  readonly openFen: number;
  /** Why money is on its way, or has come back; empty when nothing is wrong. */
  readonly problem: string;
}

/**
 * Orders what is due to every merchant today. Frozen money stays, a debt is taken first, and a
 * merchant under a freeze of his own gets nothing (I-21, I-23). The money is on its way from here on:
 * whatever becomes of this program, the order is repeated under its number and never made anew.
 */
export function orderPayouts(step: HostStep): Payout[] {
  const { state } = step;
  const today = businessDate(step);
  const ordered: Payout[] = [];
  for (const mid of state.merchants.keys()) {
    const isStopped = [...state.holds.values()].some(
      (hold) => hold.scope === 'merchant' && hold.mid === mid && hold.state === 'frozen',
    );
    if (isStopped) continue;
    recover(step, mid);
    const { due, laterFen } = dueSales(state, mid, today);
    const amountFen = Math.max(0, balance(state.ledger, 'payable', { mid }) - laterFen);
    if (amountFen === 0) continue;
    const payout: PayoutRecord = {
      id: `P${String(state.payouts.size + 1).padStart(6, '0')}`,
      mid,
      account: state.accounts.get(mid) ?? '',
      amountFen,
      date: today,
      transactionIds: due.map(({ id }) => id),
    };
    commit(step, {
      kind: 'payout-ordered',
      payout,
      postings: postingsOf(
        state.institution.postings,
        'payout-ordered',
        { mid },
        { amount: amountFen },
      ),
    });
    ordered.push(state.payouts.get(payout.id)!);
  }
  return ordered;
}

/** What a merchant owes is taken first from what is due to him (I-21). */
function recover(step: HostStep, mid: string): void {
  const { state } = step;
  const owedFen = -balance(state.ledger, 'receivable', { mid });
  const amount = Math.min(owedFen, Math.max(0, balance(state.ledger, 'payable', { mid })));
  if (amount <= 0) return;
  const { postings } = state.institution;
  commit(step, {
    kind: 'receivable-recovered',
    mid,
    postings: postingsOf(postings, 'receivable-recovered', { mid }, { amount }),
  });
}

/**
 * Settled sales that no payout names: those due by a date with nothing frozen of them, and the money
 * of those that are not due yet, but for what of it is frozen and so is not payable anyway.
 */
function dueSales(
  state: HostState,
  mid: string,
  today: string,
): { readonly due: readonly Transaction[]; readonly laterFen: number } {
  const parts = frozenParts(state, mid);
  const unpaid = unpaidSales(state, mid).filter(
    (each) => each.isSettled && leftOf(state, each) > 0,
  );
  const due = unpaid.filter(({ id, dueOn = '' }) => dueOn <= today && !parts.has(id));
  const laterFen = unpaid
    .filter(({ dueOn = '' }) => dueOn > today)
    .reduce((sum, sale) => sum + Math.max(0, leftOf(state, sale) - (parts.get(sale.id) ?? 0)), 0);
  return { due, laterFen };
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
  const { postings } = state.institution;
  const amounts = { amount: payout.amountFen };
  const owners = { mid: payout.mid };
  switch (result.kind) {
    case 'paid':
      commit(step, {
        kind: 'paid-out',
        id,
        on: businessDate(step),
        postings: postingsOf(postings, 'paid-out', owners, amounts),
      });
      return;
    case 'rejected':
      commit(step, {
        kind: 'payout-returned',
        id,
        reason: result.reason,
        postings: postingsOf(postings, 'payout-returned', owners, amounts),
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
    return {
      mid,
      paidFen: sum(own.filter((payout) => payout.state === 'paid')),
      heldFen: balance(state.ledger, 'held', { mid }),
      openFen: sum(open.get(mid) ?? []),
      problem: own.map((payout) => payout.problem ?? '').find((text) => text !== '') ?? '',
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
