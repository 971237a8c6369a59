import { formatYuan } from '../../../protocol/message/amount.ts';
import { balance, postingsOf } from '../books/ledger.ts';
import type { HostState } from '../host-state.ts';
import { commit, hostMoment, type HostStep } from '../host-step.ts';
import { remainingOf } from '../refund-desk/refund-terms.ts';
import { frozenOn } from '../risk/held-money.ts';
import type { Transaction } from '../transaction-book.ts';
import type { AdjustedTo, AdjustmentRecord } from './adjustment-book.ts';

export interface AdjustmentOrder {
  /** Reference number of the sale. */
  readonly rrn: string;
  readonly to: AdjustedTo;
  readonly amountFen: number;
  readonly reason: string;
  readonly by: string;
}

export type AdjustmentOutcome =
  | { readonly outcome: 'proposed'; readonly adjustmentId: string }
  | { readonly outcome: 'booked' | 'rejected' }
  | { readonly outcome: 'no-effect' | 'refused'; readonly why: string };

/**
 * Proposes to move money of a settled sale by hand. Nothing moves before another person has agreed:
 * that is all an operator can do about a refund that has gone wrong (A14).
 */
export function propose(step: HostStep, order: AdjustmentOrder): AdjustmentOutcome {
  const { rrn, ...more } = order;
  const transactionId = step.state.byRrn.get(rrn) ?? '';
  return enter(step, { transactionId, ...more });
}

/** Proposes the mirror of a booked adjustment: an entry of its own, the wrong one stays as it is. */
export function proposeCorrection(
  step: HostStep,
  correctsId: string,
  { reason, by }: { readonly reason: string; readonly by: string },
): AdjustmentOutcome {
  const { adjustments } = step.state;
  const wrong = adjustments.get(correctsId);
  if (wrong?.state !== 'booked') return refused(`no booked adjustment is ${correctsId}`);
  if (wrong.correctsId !== undefined) return refused(`${correctsId} is a correction itself`);
  const earlier = [...adjustments.values()].find(
    (each) => each.correctsId === correctsId && each.state !== 'rejected',
  );
  if (earlier !== undefined) return refused(`${correctsId} is corrected by ${earlier.id}`);
  const { transactionId, amountFen } = wrong;
  const to = wrong.to === 'holder' ? 'merchant' : 'holder';
  return enter(step, { transactionId, to, amountFen, reason, by, correctsId });
}

function enter(step: HostStep, proposed: Omit<AdjustmentRecord, 'id' | 'at'>): AdjustmentOutcome {
  const { state } = step;
  if (proposed.reason.trim() === '') return refused('a reason is missing');
  const why = whyNot(state, proposed);
  if (why !== undefined) return refused(why);
  const id = `A${String(state.adjustments.size + 1).padStart(6, '0')}`;
  const at = hostMoment(step).dateTime;
  commit(step, { kind: 'adjustment-proposed', adjustment: { id, ...proposed, at } });
  return { outcome: 'proposed', adjustmentId: id };
}

/** Another person agrees, and the money moves; what was possible when it was proposed is looked at again. */
export function book(step: HostStep, id: string, by: string): AdjustmentOutcome {
  const { state } = step;
  const found = decidable(state, id, by);
  if ('outcome' in found) return found;
  const why = whyNot(state, found);
  if (why !== undefined) return refused(why);
  const sale = state.transactions.get(found.transactionId)!;
  commit(step, {
    kind: 'adjustment-booked',
    adjustmentId: id,
    transactionId: found.transactionId,
    by,
    at: hostMoment(step).dateTime,
    on: hostMoment(step).settlementIso,
    postings: postingsOf(
      state.institution.postings,
      found.to === 'holder' ? 'adjusted-to-holder' : 'adjusted-to-merchant',
      { card: sale.cardId, mid: sale.mid },
      { amount: found.amountFen },
    ),
  });
  return { outcome: 'booked' };
}

export function reject(
  step: HostStep,
  id: string,
  { by, reason }: { readonly by: string; readonly reason: string },
): AdjustmentOutcome {
  const found = decidable(step.state, id, by);
  if ('outcome' in found) return found;
  if (reason.trim() === '') return refused('a reason is missing');
  const at = hostMoment(step).dateTime;
  const { transactionId } = found;
  commit(step, { kind: 'adjustment-rejected', adjustmentId: id, transactionId, by, reason, at });
  return { outcome: 'rejected' };
}

function decidable(
  state: HostState,
  id: string,
  by: string,
): AdjustmentRecord | Extract<AdjustmentOutcome, { why: string }> {
  const found = state.adjustments.get(id);
  if (found === undefined) return refused(`there is no adjustment ${id}`);
  if (found.state !== 'proposed') {
    return { outcome: 'no-effect', why: `${id} was ${found.state} by ${found.decidedBy ?? '?'}` };
  }
  return found.by === by ? refused(`${by} proposed it: another person must decide`) : found;
}

/** Why the money of a sale cannot be moved like this, now. */
function whyNot(
  state: HostState,
  { transactionId, to, amountFen }: Omit<AdjustmentRecord, 'id' | 'at'>,
): string | undefined {
  const sale = state.transactions.get(transactionId);
  if (sale?.kind !== 'sale' || sale.status !== 'active') {
    return 'no active sale has this reference number';
  }
  if (sale.wallet !== undefined) return 'it was paid by code: its wallet gives it back';
  if (!sale.isSettled) return 'its batch is open: void it';
  if (!Number.isSafeInteger(amountFen) || amountFen <= 0) return 'the amount must be above zero';
  // Frozen money has a way of its own back to the card.
  if (frozenOn(state, sale.id).length > 0) return 'it is frozen: return it, or release it first';
  if (to === 'holder') {
    const leftFen = remainingOf(state, sale);
    return amountFen > leftFen ? `${formatYuan(leftFen)} of the sale is left` : undefined;
  }
  const givenFen = sale.refundedFen - costOf(state, sale);
  if (amountFen > givenFen) return `${formatYuan(givenFen)} was given back`;
  const availableFen = balance(state.ledger, 'card', { card: sale.cardId });
  return amountFen > availableFen ? 'the card has not the money' : undefined;
}

/** What the holder has borne of the cost of its refunds: he never had that. */
function costOf(state: HostState, sale: Transaction): number {
  return [...state.transactions.values()]
    .filter(({ originalId, refund }) => originalId === sale.id && refund?.payer === 'holder')
    .reduce((sum, { refund }) => sum + (refund?.feeFen ?? 0), 0);
}

function refused(why: string): { readonly outcome: 'refused'; readonly why: string } {
  return { outcome: 'refused', why };
}
