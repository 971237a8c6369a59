import type { Title } from '../../events/party-event.ts';
import type { HostState } from '../host-state.ts';
import { arrivalOf } from './arrival.ts';
import type { Complaint, RefundCase } from './case-book.ts';
import type { CaseState, RefusalReason } from './case-events.ts';
import { hasConsents, isSigned, whyWaits } from './case-steps.ts';
import { policyAt } from './refund-policy.ts';
import { policyOf, policyVersions, sharesOf } from './refund-terms.ts';

/** A case as merchant and holder may see it at any time (B23). */
export interface CaseView {
  readonly caseId: string;
  readonly state: CaseState;
  readonly amountFen: number;
  /** What it costs, what the card gets, and what the merchant gives (B08). */
  readonly feeFen: number;
  readonly toCardFen: number;
  readonly fromMerchantFen: number;
  /** The business date of every state that it has been in. */
  readonly dates: RefundCase['dates'];
  readonly reason?: RefusalReason;
  readonly why?: string;
  readonly next: Title;
  /** Once sent: between which days the money arrives. */
  readonly earliest?: string;
  readonly latest?: string;
  /** Reference number of the refund. */
  readonly refundRrn?: string;
  /** The policy that decides, and the one in force now when it is another (B18). */
  readonly policy: string;
  readonly policyNow: string;
  readonly complaint?: Complaint;
}

/** @param now civil time in the institution's zone, `2026-01-15 09:30:00` */
export function viewOf(state: HostState, shown: RefundCase, now: string): CaseView {
  const { id, amountFen, feeFen, dates, refusal, refundId, complaintId } = shown;
  const refund = state.transactions.get(refundId ?? '');
  const complaint = state.complaints.get(complaintId ?? '');
  const arrival =
    dates.sent === undefined ? undefined : arrivalOf(policyOf(state, shown), dates.sent);
  return {
    caseId: id,
    state: shown.state,
    amountFen,
    feeFen,
    ...sharesOf(shown),
    dates,
    ...(refusal ?? whyOpen(state, shown)),
    next: nextOf(state, shown),
    ...(arrival === undefined ? {} : { earliest: arrival.earliest, latest: arrival.latest }),
    ...(refund === undefined || refund.rrn === '' ? {} : { refundRrn: refund.rrn }),
    policy: shown.policyFrom,
    policyNow: policyAt(policyVersions(state), now)?.from ?? shown.policyFrom,
    ...(complaint === undefined ? {} : { complaint }),
  };
}

/** The newest case of a sale, whatever became of it. */
export function caseOfSale(state: HostState, saleId: string | undefined): RefundCase | undefined {
  return [...state.refundCases.values()].findLast((each) => each.saleId === saleId);
}

function whyOpen(state: HostState, shown: RefundCase): { readonly why?: string } {
  const why = shown.state === 'agreed' ? whyWaits(state, shown) : undefined;
  return why === undefined ? {} : { why };
}

const NEXT: Readonly<Record<CaseState, Title>> = {
  applied: { zh: '系统恢复后继续受理', en: 'it is decided when the desk is back' },
  'under-review': { zh: '等待审核', en: 'it waits for its review' },
  agreed: { zh: '等待退款发出', en: 'it waits to be sent' },
  sent: { zh: '款项原路退回途中', en: 'the money is on its way to the card' },
  arrived: { zh: '无需处理', en: 'nothing is left to do' },
  refused: { zh: '如有异议可投诉', en: 'whoever disagrees can complain' },
  withdrawn: { zh: '无需处理', en: 'nothing is left to do' },
};

const CONSENT: Title = {
  zh: '等待双方确认退款费用',
  en: 'both sides have to agree to its fee',
};
const SIGN: Title = { zh: '等待双方签署退款协议', en: 'both sides have to sign the agreement' };
const AT_TERMINAL: Title = {
  zh: '请在终端办理退货',
  en: 'make the refund at the terminal',
};

function nextOf(state: HostState, shown: RefundCase): Title {
  const isOpen = shown.state === 'under-review' || shown.state === 'agreed';
  if (isOpen && !hasConsents(shown)) return CONSENT;
  if (shown.state !== 'agreed') return NEXT[shown.state];
  if (!isSigned(state, shown)) return SIGN;
  return shown.route === 'terminal' ? AT_TERMINAL : NEXT.agreed;
}
