import { formatYuan } from '../../../protocol/message/amount.ts';
import { balance, postingsOf, type Posting } from '../books/ledger.ts';
import type { HoldRecord, HoldScope, SalePart } from '../host-event.ts';
import type { HostState } from '../host-state.ts';
import { partsOf } from '../settlement/part-book.ts';
import type { Transaction } from '../transaction-book.ts';
import type { Hold } from './hold-book.ts';
import { commit, hostMoment, type HostStep } from '../host-step.ts';
import {
  firstOf,
  freezableOf,
  frozenHolds,
  frozenParts,
  heldOf,
  keptByOthers,
  lacksOf,
  leftOf,
  owedFor,
  unpaidOf,
  unpaidSales,
} from './held-money.ts';

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
 * for a sale whose money has left: the merchant owes that. What another freeze holds of the sale it
 * leaves there until that one lets go.
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
  if (order.amountFen !== undefined && order.scope !== 'amount') {
    return { outcome: 'refused', why: 'an amount belongs to a freeze of an amount' };
  }
  if (sale?.isSettled === true && leftOf(state, sale) <= 0) {
    return { outcome: 'refused', why: 'nothing of the sale is left to freeze' };
  }
  const payableFen = Math.max(0, balance(state.ledger, 'payable', { mid }));
  const { thereFen, owedFen } =
    sale === undefined
      ? { thereFen: Math.min(order.amountFen ?? payableFen, payableFen), owedFen: 0 }
      : freezableNow(state, sale, payableFen);
  if (order.scope === 'amount' && thereFen === 0) {
    return { outcome: 'refused', why: 'nothing is due to the merchant that could be frozen' };
  }
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

/**
 * What a freeze of a sale can take now, and what the merchant owes for it: all that has left, paid out
 * or gone with a debt, so that the hold is whole (A13); but nothing for what another freeze holds.
 */
function freezableNow(
  state: HostState,
  sale: Transaction,
  payableFen: number,
): { readonly thereFen: number; readonly owedFen: number } {
  const heldFen = heldOf(state, sale.id);
  const wantedFen = Math.max(0, freezableOf(state, sale) - heldFen);
  if (sale.payoutId !== undefined) return { thereFen: 0, owedFen: wantedFen };
  const lacks = lacksOf(state, sale.mid);
  const lackFen = lacks.find(({ transactionId }) => transactionId === sale.id)?.fen ?? 0;
  const ownFen = Math.max(0, unpaidOf(state, sale) - heldFen - lackFen);
  const thereFen = Math.min(wantedFen, payableFen, ownFen);
  const unheldFen = heldByAmounts(state, sale.mid) - sumOf(lacks, 'fen');
  const moreFen = Math.max(0, unpaidOf(state, sale) - heldFen - thereFen - lackFen);
  const keptFen = lackFen + Math.min(unheldFen, moreFen);
  return { thereFen, owedFen: Math.max(0, wantedFen - thereFen - keptFen) };
}

/** What freezes that name no sale hold. */
function heldByAmounts(state: HostState, mid: string): number {
  const amounts = frozenHolds(state, mid).filter(
    ({ transactionId }) => transactionId === undefined,
  );
  return sumOf(amounts, 'heldFen');
}

function sumOf<Name extends string>(
  all: readonly Readonly<Record<Name, number>>[],
  name: Name,
): number {
  return all.reduce((sum, each) => sum + each[name], 0);
}

export type ReleaseOutcome =
  | { readonly outcome: 'released'; readonly releasedFen: number }
  | { readonly outcome: 'taken'; readonly takenFen: number }
  | { readonly outcome: 'returned'; readonly returnedFen: number }
  | { readonly outcome: 'no-effect'; readonly why: string }
  | { readonly outcome: 'refused'; readonly why: string };

/**
 * Ends a freeze or lets go of part of it, by another person than the one who placed it (A11). What
 * another freeze lacks of this money stays frozen with it (I-23); then what the merchant still owes for
 * it is cancelled; the rest is due to him again.
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
  const holdMoves = keptByOthers(state, hold, fen);
  const freeFen = fen - sumOf(holdMoves, 'fen');
  const postings = letGo(state, hold, freeFen);
  const parts = owedParts(state, hold, postings);
  commit(step, {
    kind: 'hold-released',
    holdId,
    by,
    at,
    fen,
    postings,
    ...(amountFen !== undefined && keepsMore(state, hold, fen) ? { isPart: true } : {}),
    ...(holdMoves.length === 0 ? {} : { holdMoves }),
    ...(parts.length === 0 ? {} : { parts }),
  });
  return { outcome: 'released', releasedFen: freeFen };
}

/** Whether a freeze that lets go so much is to keep more of its sale, which another one has now. */
function keepsMore(state: HostState, hold: Hold, fen: number): boolean {
  const sale = state.transactions.get(hold.transactionId ?? '');
  return sale !== undefined && freezableOf(state, sale) > hold.releasedFen + fen;
}

/**
 * A sale that was paid out before it was frozen is paid: what comes free of it is the money of those
 * sales that a debt had taken.
 */
function owedParts(state: HostState, hold: Hold, postings: readonly Posting[]): SalePart[] {
  const sale = state.transactions.get(hold.transactionId ?? '');
  const fen = balanceOf(postings, hold.mid);
  if (sale?.payoutId === undefined || fen <= 0) return [];
  const owed = unpaidSales(state, hold.mid).map(({ id }) => {
    return { transactionId: id, fen: partsOf(state, id).owedFen };
  });
  return firstOf([...owed, ...owedOfPaid(state, hold.mid)], fen);
}

/** What a debt had taken of sales whose rest has been paid since. */
function owedOfPaid({ parts, transactions }: HostState, mid: string): SalePart[] {
  return [...parts].flatMap(([transactionId, { owedFen }]) => {
    const sale = transactions.get(transactionId);
    const isPaid = sale?.mid === mid && sale.payoutId !== undefined;
    return isPaid && owedFen > 0 ? [{ transactionId, fen: owedFen }] : [];
  });
}

/** What postings add to what is payable to a merchant. */
function balanceOf(postings: readonly Posting[], mid: string): number {
  return sumOf(
    postings.filter(({ account }) => account === `merchant/${mid}/payable`),
    'fen',
  );
}

/** Frozen money comes free: what the merchant still owes for it is cancelled first. */
export function letGo(state: HostState, hold: Hold, fen: number): Posting[] {
  const { postings } = state.institution;
  const { mid } = hold;
  const owedFen = Math.max(0, -balance(state.ledger, 'receivable', { mid }));
  const cancelledFen = owedFen === 0 ? 0 : Math.min(owedFen, owedFor(state, hold), fen);
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
  if (fen === 0) return { outcome: 'refused', why: whyEmpty(state, hold) };
  const { postings } = state.institution;
  const parts =
    hold.transactionId === undefined
      ? firstOf(frozenParts(state, hold.mid).ofAmounts.get(hold.id) ?? [], fen)
      : [];
  commit(step, {
    kind: 'hold-taken',
    holdId,
    by,
    at: hostMoment(step).dateTime,
    fen,
    postings: postingsOf(postings, 'hold-taken', { mid: hold.mid }, { held: fen }),
    ...(parts.length === 0 ? {} : { parts }),
  });
  return { outcome: 'taken', takenFen: fen };
}

/** Why nothing can be taken of a freeze that holds nothing. */
function whyEmpty(state: HostState, { id, transactionId, mid }: Hold): string {
  const sale = state.transactions.get(transactionId ?? '');
  if (sale?.isSettled === false) {
    return `${id} holds nothing yet: the batch of the sale is open`;
  }
  const lacks = lacksOf(state, mid).some((lack) => lack.transactionId === transactionId);
  const isElsewhere = lacks || (sale !== undefined && heldOf(state, sale.id) > 0);
  return isElsewhere ? `${id} holds nothing: another freeze has the money` : `${id} holds nothing`;
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
