import { formatYuan } from '../../../protocol/message/amount.ts';
import { daysBetween } from '../../world/civil-time.ts';
import { balance } from '../books/ledger.ts';
import type { HostState } from '../host-state.ts';
import { frozenHolds, heldOf, leftOf } from '../risk/held-money.ts';
import { workingDaysBetween } from '../settlement/working-days.ts';
import type { Transaction } from '../transaction-book.ts';
import type { RefundCase } from './case-book.ts';
import type { CaseRecord, RefusalReason, SalesChannel } from './case-events.ts';
import { whyNotDevice } from './device-desk.ts';
import { missingPapers } from './papers.ts';
import type { RefundPolicy } from './refund-policy.ts';
import { policyOf, remainingOf, sharesOf } from './refund-terms.ts';

export interface Refusal {
  readonly reason: RefusalReason;
  readonly why: string;
}

/** Where a sale of another channel is refunded, as people and terminals are told. */
export const CHANNEL_TITLES: Readonly<
  Record<SalesChannel, { readonly zh: string; readonly en: string }>
> = {
  'web-shop': { zh: '请到网上商城办理', en: 'it was sold in the web shop: refund it there' },
  'other-acquirer': {
    zh: '请到原收单机构办理',
    en: 'another acquirer processed it: refund it there',
  },
  wallet: { zh: '请用扫码原渠道退款', en: 'it was paid with a code: refund it in that wallet' },
};

/** Why an application is refused under the policy that it names; nothing when it is not. */
export function whyRefused(state: HostState, asked: RefundCase): Refusal | undefined {
  if (asked.orderId !== undefined) return whyNotDevice(state, asked);
  const policy = policyOf(state, asked);
  const missing = missingPapers(policy, asked);
  if (missing.length > 0) {
    return { reason: 'incomplete', why: `missing: ${missing.join(', ')}` };
  }
  if (asked.channel !== undefined) {
    return { reason: 'other-channel', why: CHANNEL_TITLES[asked.channel].en };
  }
  const sale = state.transactions.get(asked.saleId ?? '');
  if (sale === undefined) return { reason: 'nothing-left', why: 'the sale is gone' };
  if (sharesOf(asked).toCardFen <= 0 && asked.amountFen > 0) {
    return { reason: 'amount', why: 'its fee would take all of it' };
  }
  return (
    whyNotRefundable(state, sale, asked) ??
    whyNotInTime(policy, sale, asked) ??
    (asked.isFailure
      ? whyNotWhole(state, sale, asked)
      : whyNotByGoods(state, policy, sale, asked)) ??
    whyShort(state, sale, asked)
  );
}

/** Whether a person has to look at it. */
export function needsReview(state: HostState, asked: CaseRecord): boolean {
  const { reviewed } = policyOf(state, asked);
  return asked.way === 'manual' || asked.isFailure || reviewed.includes(asked.category);
}

/** Why the money cannot go back at all, now or when the case was opened. */
export function whyNotRefundable(
  state: HostState,
  sale: Transaction,
  { amountFen }: CaseRecord,
): Refusal | undefined {
  if (sale.status === 'declined') {
    return {
      reason: 'nothing-debited',
      why: `nothing was debited: it was declined, RC ${sale.rc}`,
    };
  }
  const remainingFen = remainingOf(state, sale);
  if (sale.status !== 'active' || remainingFen <= 0) {
    const fate = sale.status === 'active' ? 'refunded' : sale.status;
    return { reason: 'nothing-left', why: `the sale is ${fate}` };
  }
  if (amountFen > remainingFen) {
    return { reason: 'amount', why: `${formatYuan(remainingFen)} of the sale is left` };
  }
  return undefined;
}

function whyNotInTime(
  { windowDays }: RefundPolicy,
  sale: Transaction,
  { appliedOn }: CaseRecord,
): Refusal | undefined {
  const days = daysBetween(sale.date, appliedOn);
  if (days >= 0 && days <= windowDays) return undefined;
  return { reason: 'window', why: `day ${days} after the sale; ${windowDays} are allowed` };
}

/** Of a payment that had failed, everything goes back (B05). */
function whyNotWhole(
  state: HostState,
  sale: Transaction,
  { amountFen }: CaseRecord,
): Refusal | undefined {
  const remainingFen = remainingOf(state, sale);
  if (amountFen === remainingFen) return undefined;
  return {
    reason: 'full-only',
    why: `whatever was debited goes back: ${formatYuan(remainingFen)}`,
  };
}

function whyNotByGoods(
  state: HostState,
  { goods: rules, manualDays }: RefundPolicy,
  sale: Transaction,
  { goods, way, amountFen, appliedOn }: CaseRecord,
): Refusal | undefined {
  const rule = rules[goods];
  if (rule === 'partial' && amountFen >= remainingOf(state, sale)) {
    return { reason: 'partial-only', why: 'the return is not confirmed: a part of it only' };
  }
  if (rule !== 'manual') return undefined;
  const { from, to } = manualDays;
  const range = `from ${from} to ${to} working days after the sale`;
  if (way !== 'manual') {
    return {
      reason: 'manual-only',
      why: `the return is not confirmed: apply to a person ${range}`,
    };
  }
  const days = workingDaysBetween(sale.date, appliedOn);
  if (days < from) return { reason: 'too-early', why: `working day ${days}; ${range}` };
  if (days > to) return { reason: 'too-late', why: `working day ${days}; ${range}` };
  return undefined;
}

/**
 * A sale that was paid out on its own day can only be refunded from what its merchant has earned since,
 * or at his debt, as far as the policy lets him owe (B12).
 */
export function whyShort(
  state: HostState,
  sale: Transaction,
  asked: CaseRecord,
): Refusal | undefined {
  const { fromMerchantFen } = sharesOf(asked);
  const { debtLimitFen } = policyOf(state, asked);
  return isShort(state, sale, fromMerchantFen, debtLimitFen)
    ? {
        reason: 'merchant-balance',
        why: 'it was paid out at once, and the merchant has not enough since',
      }
    : undefined;
}

export function isShort(
  state: HostState,
  { id, mid, date, payoutId }: Transaction,
  fen: number,
  debtLimitFen: number,
): boolean {
  const payout = state.payouts.get(payoutId ?? '');
  if (payout === undefined || payout.date !== date) return false;
  const { ledger } = state;
  const unsettledFen = balance(ledger, 'unsettled', { mid }) - frozenUnsettled(state, mid);
  // What is frozen of the sale itself comes free with its refund; the rest of it stands for what is owed.
  const heldFen = heldOf(state, id);
  const freedFen = Math.min(heldFen, fen);
  const owedFen = -balance(ledger, 'receivable', { mid });
  const debtFen = Math.max(0, owedFen - (heldFen - freedFen));
  const thereFen = balance(ledger, 'payable', { mid }) + unsettledFen + freedFen;
  return fen > thereFen - debtFen + debtLimitFen;
}

/** What sales of open batches are to bring that are frozen by name: it is held as soon as it is settled. */
function frozenUnsettled(state: HostState, mid: string): number {
  const named = new Set(
    frozenHolds(state, mid).flatMap(({ transactionId }) => transactionId ?? []),
  );
  return [...named].reduce((sum, id) => {
    const sale = state.transactions.get(id);
    const isOpen = sale?.status === 'active' && !sale.isSettled;
    return isOpen ? sum + leftOf(state, sale) : sum;
  }, 0);
}
