import { formatYuan } from '../../../protocol/message/amount.ts';
import { balance, postingsOf, type Posting } from '../books/ledger.ts';
import type { HoldRecord, HoldScope } from '../host-event.ts';
import type { HostState } from '../host-state.ts';
import type { Hold } from './hold-book.ts';
import { commit, hostMoment, type HostStep } from '../host-step.ts';
import { heldOf, leftOf } from './held-money.ts';

export interface FreezeOrder {
  readonly scope: HoldScope;
  /** A transaction is named by its reference number, the other scopes by merchant. */
  readonly rrn?: string;
  readonly mid?: string;
  readonly amountFen?: number;
  readonly reason: string;
  readonly by: string;
  /** By hand, without a case of compliance. */
  readonly isManual?: boolean;
}

export type FreezeOutcome =
  | { readonly outcome: 'frozen'; readonly holdId: string; readonly heldFen: number }
  | { readonly outcome: 'refused'; readonly why: string };

/**
 * Freezes settled money, or a sale whose money will be settled; never more than is there (F119), but
 * for a sale that is paid out already: the merchant owes that.
 * A merchant's freeze also stops his payouts while it lasts.
 */
export function freeze(step: HostStep, order: FreezeOrder): FreezeOutcome {
  const { state } = step;
  const sale =
    order.scope === 'transaction'
      ? state.transactions.get(state.byRrn.get(order.rrn ?? '') ?? '')
      : undefined;
  if (order.scope === 'transaction' && (sale?.kind !== 'sale' || sale.status !== 'active')) {
    return { outcome: 'refused', why: 'no active sale has this reference number' };
  }
  const mid = sale?.mid ?? order.mid ?? '';
  if (!state.merchants.has(mid)) return { outcome: 'refused', why: 'the merchant is unknown' };
  if (order.amountFen !== undefined && order.amountFen <= 0) {
    return { outcome: 'refused', why: 'the amount must be above zero' };
  }
  const payableFen = Math.max(0, balance(state.ledger, 'payable', { mid }));
  const wantedFen =
    sale === undefined
      ? (order.amountFen ?? payableFen)
      : sale.isSettled
        ? leftOf(state, sale) - heldOf(state, sale.id)
        : 0;
  // What of this sale has left, paid out or gone with a debt, is owed from now on, and the hold is whole (A13).
  const isPaid = sale?.payoutId !== undefined;
  const thereFen = Math.max(0, isPaid ? 0 : Math.min(wantedFen, payableFen));
  const owedFen = sale === undefined ? 0 : Math.max(0, wantedFen - thereFen);
  const heldFen = thereFen + owedFen;
  const hold: HoldRecord = {
    id: `H${String(state.holds.size + 1).padStart(6, '0')}`,
    scope: order.scope,
    mid,
    ...(sale === undefined ? {} : { transactionId: sale.id }),
    reason: order.reason,
    by: order.by,
    at: hostMoment(step).dateTime,
    ...(order.isManual === true ? { isManual: true } : {}),
  };
  const { postings } = state.institution;
  commit(step, {
    kind: 'hold-placed',
    hold,
    heldFen,
    postings: [
      ...postingsOf(postings, 'hold-placed', { mid }, { held: thereFen }),
      ...postingsOf(postings, 'receivable-placed', { mid }, { held: owedFen }),
    ],
  });
  return { outcome: 'frozen', holdId: hold.id, heldFen };
}

export type ReleaseOutcome =
  | { readonly outcome: 'released'; readonly releasedFen: number }
  | { readonly outcome: 'taken'; readonly takenFen: number }
  | { readonly outcome: 'returned'; readonly returnedFen: number }
  | { readonly outcome: 'no-effect'; readonly why: string }
  | { readonly outcome: 'refused'; readonly why: string };

/**
 * Ends a freeze or lets go of part of it, by another person than the one who placed it (A11). What the
 * merchant still owes for it is cancelled first; the rest is due to him again.
 */
export function release(
  step: HostStep,
  holdId: string,
  by: string,
  amountFen?: number,
): ReleaseOutcome {
  const { state } = step;
  const found = endable(state, holdId, by, amountFen);
  if ('outcome' in found) return found;
  const { hold, fen } = found;
  const at = hostMoment(step).dateTime;
  const postings = letGo(state, hold.mid, fen);
  commit(step, { kind: 'hold-released', holdId, by, at, fen, postings });
  return { outcome: 'released', releasedFen: fen };
}

/** Frozen money comes free: what the merchant still owes for it is cancelled first. */
export function letGo(state: HostState, mid: string, fen: number): Posting[] {
  const { postings } = state.institution;
  const owedFen = Math.max(0, -balance(state.ledger, 'receivable', { mid }));
  const cancelledFen = Math.min(owedFen, fen);
  return [
    ...postingsOf(postings, 'receivable-cancelled', { mid }, { held: cancelledFen }),
    ...postingsOf(postings, 'hold-released', { mid }, { held: fen - cancelledFen }),
  ];
}

/** The merchant has lost the dispute: what is held, or part of it, goes back through the network. */
export function take(
  step: HostStep,
  holdId: string,
  by: string,
  amountFen?: number,
): ReleaseOutcome {
  const { state } = step;
  const found = endable(state, holdId, by, amountFen);
  if ('outcome' in found) return found;
  const { hold, fen } = found;
  const { postings } = state.institution;
  commit(step, {
    kind: 'hold-taken',
    holdId,
    by,
    at: hostMoment(step).dateTime,
    fen,
    postings: postingsOf(postings, 'hold-taken', { mid: hold.mid }, { held: fen }),
  });
  return { outcome: 'taken', takenFen: fen };
}

/** The hold and how much of it ends, or why none does. */
export function endable(
  state: HostState,
  holdId: string,
  by: string,
  amountFen: number | undefined,
): { readonly hold: Hold; readonly fen: number } | Extract<ReleaseOutcome, { why: string }> {
  const hold = state.holds.get(holdId);
  if (hold === undefined) return { outcome: 'refused', why: `there is no hold ${holdId}` };
  if (hold.state !== 'frozen') {
    return {
      outcome: 'no-effect',
      why: `${holdId} was ${hold.state} by ${hold.releasedBy ?? '?'}`,
    };
  }
  if (hold.by === by) {
    return { outcome: 'refused', why: `${by} placed the freeze: another person must release it` };
  }
  const fen = amountFen ?? hold.heldFen;
  if (amountFen !== undefined && (!Number.isSafeInteger(fen) || fen <= 0)) {
    return { outcome: 'refused', why: 'the amount must be above zero' };
  }
  if (fen > hold.heldFen) {
    return { outcome: 'refused', why: `${holdId} holds ${formatYuan(hold.heldFen)}` };
  }
  return { hold, fen };
}
