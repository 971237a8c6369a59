import { daysBetween } from '../../world/civil-time.ts';
import { adjustedFen } from '../adjustments/adjustment-book.ts';
import { businessDate, hostMoment, type HostStep } from '../host-step.ts';
import type { HostState } from '../host-state.ts';
import { takenOf } from '../risk/held-money.ts';
import { feeOf } from '../tariff/rate.ts';
import { unknownInJournal, type Transaction } from '../transaction-book.ts';
import { arrivalOf } from './arrival.ts';
import type { RefundCase } from './case-book.ts';
import type { CaseRecord } from './case-events.ts';
import {
  DOCUMENTED_REFUND_POLICY,
  policyAt,
  type FeePayer,
  type RefundPolicy,
  type RefundPolicyVersion,
} from './refund-policy.ts';

/** What a refund moves beside its amount; on record with it. */
export interface RefundTerms {
  /** Absent for money that a review returns (A12). */
  readonly caseId?: string;
  /** Since when the policy holds that has decided. */
  readonly policyFrom: string;
  /** What the refund costs, and who bears it. */
  readonly feeFen: number;
  readonly payer: FeePayer;
  /** Of the sale's own fee and surcharge, what comes back with this refund. */
  readonly feeBackFen: number;
  readonly surchargeBackFen: number;
  /** ISO date on which the holder has the money. */
  readonly arrivesOn: string;
}

/** All versions, those of the institution and those that were entered since. */
export function policyVersions(state: HostState): readonly RefundPolicyVersion[] {
  return [...state.institution.refundPolicies, ...state.refundPolicies];
}

export function policyNow(step: HostStep): RefundPolicyVersion {
  const at = hostMoment(step).dateTime;
  return policyAt(policyVersions(step.state), at) ?? DOCUMENTED_REFUND_POLICY;
}

/** The policy that a case names. @throws E_JOURNAL when there is none */
export function policyOf(state: HostState, { policyFrom }: CaseRecord): RefundPolicyVersion {
  const found = policyVersions(state).findLast(({ from }) => from === policyFrom);
  if (found !== undefined) return found;
  if (policyFrom === DOCUMENTED_REFUND_POLICY.from) return DOCUMENTED_REFUND_POLICY;
  throw unknownInJournal(`the refund policy of ${policyFrom}`);
}

/** What refunds have left of a sale, and disputes too (I-10). */
export function remainingOf(state: HostState, sale: Transaction): number {
  return sale.amountFen - sale.refundedFen - takenOf(state, sale.id);
}

/** What a refund costs that is applied for on a day (B08): nothing within the free days. */
export function refundFee(
  { fee }: RefundPolicy,
  sale: Pick<Transaction, 'date'>,
  amountFen: number,
  appliedOn: string,
): number {
  if (daysBetween(sale.date, appliedOn) <= fee.freeDays) return 0;
  return feeOf({ ppm: fee.ppm }, amountFen);
}

/** What the card gets of a claim, and what the merchant gives for it. */
export function sharesOf({ amountFen, feeFen, payer }: CaseRecord): {
  readonly toCardFen: number;
  readonly fromMerchantFen: number;
} {
  const toCardFen = payer === 'holder' ? amountFen - feeFen : amountFen;
  return { toCardFen, fromMerchantFen: toCardFen + feeFen };
}

/**
 * What comes with a refund of so much to the card. The sale's own fee comes back in proportion to all
 * that was refunded so far, so that it does not matter how a refund is cut (I-20).
 */
export function termsOf(
  step: HostStep,
  sale: Transaction,
  toCardFen: number,
  refundCase: RefundCase | undefined,
): RefundTerms {
  const policy = refundCase === undefined ? policyNow(step) : policyOf(step.state, refundCase);
  const { feeFen = 0, payer = policy.fee.payer } = refundCase ?? {};
  // What people have moved by hand brings no fee back, neither then nor with the next refund.
  const refundedFen = sale.refundedFen - adjustedFen(step.state, sale.id);
  const claimedFen = refundedFen + toCardFen + (payer === 'holder' ? feeFen : 0);
  const back = (fen: number, backFen: number): number => {
    if (refundCase?.isFailure === true) return fen - backFen;
    if (policy.saleFee === 'kept') return 0;
    const due = Number((BigInt(fen) * BigInt(claimedFen)) / BigInt(sale.amountFen));
    return Math.max(0, Math.min(fen, due) - backFen);
  };
  const { usual } = arrivalOf(policy, businessDate(step));
  return {
    ...(refundCase === undefined ? {} : { caseId: refundCase.id }),
    policyFrom: policy.from,
    feeFen,
    payer,
    feeBackFen: back(sale.feeFen, sale.feeBackFen),
    surchargeBackFen: back(sale.surchargeFen ?? 0, sale.surchargeBackFen),
    arrivesOn: usual,
  };
}
