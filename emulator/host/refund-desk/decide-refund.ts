import { readPath } from '../../../protocol/structure/field-structure.ts';
import { daysBetween } from '../../world/civil-time.ts';
import type { TransactionRecord } from '../host-event.ts';
import type { HostStep } from '../host-step.ts';
import type { Request } from '../switch/request.ts';
import { voucherOf } from '../wallet/payment-code.ts';
import type { Transaction } from '../transaction-book.ts';
import { openCaseOf, type RefundCase } from './case-book.ts';
import { isSigned } from './case-steps.ts';
import { CHANNEL_TITLES, isShort } from './judge-case.ts';
import { policyNow, policyOf, refundFee, remainingOf, sharesOf } from './refund-terms.ts';

export type RefundDecision =
  | {
      readonly kind: 'refused';
      readonly rc: string;
      readonly why?: string;
      /** For the remark of the acquirer in the answer, 20 bytes of GBK at most. */
      readonly remark?: string;
    }
  | {
      readonly kind: 'agreed';
      readonly original: Transaction;
      /** The case that it executes; absent for a refund that nobody has applied for. */
      readonly refundCase?: RefundCase;
    };

type Refused = Extract<RefundDecision, { kind: 'refused' }>;

function refused(rc: string, why?: string): Refused {
  return { kind: 'refused', rc, ...(why === undefined ? {} : { why }) };
}

/**
 * A refund by the wire: same merchant, card, reference number and date as an active sale, inside
 * the window, together at most the sale (spec 5.2, I-10…I-12). A case that is open on the sale decides
 * for it: agreed, and for this amount.
 */
export function decideRefund(
  step: HostStep,
  request: Request,
  record: TransactionRecord,
): RefundDecision {
  const { state } = step;
  const { dialect } = state.institution;
  const rrn = request.message.fields[37] ?? '';
  const original = state.transactions.get(state.byRrn.get(rrn) ?? '');
  if (original === undefined) return notHere(step, request, rrn);
  if (original.kind !== 'sale' || original.mid !== request.mid) return refused('25');
  const date = readPath(dialect, request.message, '61.3');
  if (date !== original.date.slice(5).replace('-', '')) return refused('25');
  if (original.status !== 'active') return refused('25');
  if (original.cardId !== record.cardId) return refused('14');
  if (original.voucher !== voucherOf(dialect, request.message)) return refused('25');
  const refundCase = openCaseOf(state, original.id);
  const barred =
    refundCase === undefined
      ? whyNotUnasked(step, original, record)
      : whyNotByCase(step, refundCase, request);
  if (barred !== undefined) return barred;
  // What a dispute has sent back cannot be refunded as well.
  const remainingFen = remainingOf(state, original);
  if (remainingFen <= 0) return refused('25');
  // A case claims its fee as well, where the holder bears that.
  if ((refundCase?.amountFen ?? request.amountFen) > remainingFen) return refused('61');
  const policy = refundCase === undefined ? policyNow(step) : policyOf(state, refundCase);
  const fromMerchantFen = request.amountFen + (refundCase?.feeFen ?? 0);
  if (isShort(state, original, fromMerchantFen, policy.debtLimitFen)) {
    return refused('61', 'it was paid out at once, and the merchant has not enough since');
  }
  return { kind: 'agreed', original, ...(refundCase === undefined ? {} : { refundCase }) };
}

/** Sold in another channel: not found here, and the answer says where to go (B16). */
function notHere({ state }: HostStep, { mid }: Request, rrn: string): Refused {
  const other = state.otherSales.get(rrn);
  if (other?.mid !== mid) return refused('25');
  const { zh, en } = CHANNEL_TITLES[other.channel];
  return { ...refused('25', en), remark: zh };
}

/** Without an application the holder can do at the terminal what no person has to agree to. */
function whyNotUnasked(
  step: HostStep,
  sale: Transaction,
  { date, amountFen }: TransactionRecord,
): Refused | undefined {
  const policy = policyNow(step);
  const days = daysBetween(sale.date, date);
  if (days < 0 || days > policy.windowDays) return refused('22');
  if (refundFee(policy, sale, amountFen, date) > 0) {
    return refused('22', 'a refund costs a fee now: both sides have to agree to it first');
  }
  if (policy.reviewed.includes('transaction') || policy.signed.includes('transaction')) {
    return refused('22', 'a refund has to be applied for first');
  }
  return undefined;
}

/** The window was judged when the case was opened; what counts now is what was agreed. */
function whyNotByCase(
  { state }: HostStep,
  refundCase: RefundCase,
  { amountFen }: Request,
): Refused | undefined {
  const { id, state: stands } = refundCase;
  // As after a full refund: nothing of the sale is free to be refunded now.
  if (stands !== 'agreed') return refused('25', `${id} on this sale is ${stands}`);
  if (!isSigned(state, refundCase)) return refused('25', `the agreement of ${id} is not signed`);
  const { toCardFen } = sharesOf(refundCase);
  return amountFen === toCardFen ? undefined : refused('64', `${id} is for another amount`);
}
