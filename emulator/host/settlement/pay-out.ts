import { balance, postingsOf } from '../books/ledger.ts';
import type { PayoutRecord } from '../host-event.ts';
import { businessDate, commit, type HostStep } from '../host-step.ts';
import { heldSales } from '../risk/freeze.ts';

export interface PayoutLine {
  readonly mid: string;
  readonly paidFen: number;
  readonly heldFen: number;
}

/**
 * Pays every merchant what is due to him; frozen money stays, a debt is carried on (I-21, I-23).
 * A merchant under a freeze of his own is paid nothing.
 */
export function payOut(step: HostStep): PayoutLine[] {
  const { state } = step;
  const lines: PayoutLine[] = [];
  for (const mid of state.merchants.keys()) {
    const isStopped = [...state.holds.values()].some(
      (hold) => hold.scope === 'merchant' && hold.mid === mid && hold.state === 'frozen',
    );
    const payableFen = balance(state.ledger, 'payable', { mid });
    const paidFen = isStopped ? 0 : Math.max(0, payableFen);
    const heldFen = balance(state.ledger, 'held', { mid });
    lines.push({ mid, paidFen, heldFen });
    if (paidFen === 0) continue;
    const kept = heldSales(state, mid);
    const payout: PayoutRecord = {
      id: `P${String(state.payouts.length + 1).padStart(6, '0')}`,
      mid,
      amountFen: paidFen,
      date: businessDate(step),
      transactionIds: [...state.transactions.values()]
        .filter((each) => each.mid === mid && each.kind === 'sale' && each.status === 'active')
        .filter((each) => each.isSettled && each.payoutId === undefined)
        .filter(({ id }) => !kept.has(id))
        .map(({ id }) => id),
    };
    commit(step, {
      kind: 'paid-out',
      payout,
      postings: postingsOf(state.institution.postings, 'paid-out', { mid }, { amount: paidFen }),
    });
  }
  return lines;
}
