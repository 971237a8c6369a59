import { isCutOff } from '../issuer/channel.ts';
import { adjustmentsInForce } from '../adjustments/adjustment-book.ts';
import { businessDate, commit, type HostStep } from '../host-step.ts';
import { sealedNow } from '../archive/sealed-now.ts';
import type { HostState } from '../host-state.ts';
import { addWorkingDays } from '../settlement/working-days.ts';
import type { RefundCase } from './case-book.ts';
import type { RefundCaseEvent } from './case-events.ts';
import { needsReview, whyNotRefundable, whyRefused, whyShort, type Refusal } from './judge-case.ts';
import { refundDevice, whyDeviceGone } from './device-desk.ts';
import { approveRefund, freedBy, hostRefund } from './refund-entry.ts';
import { policyOf, sharesOf, termsOf } from './refund-terms.ts';
import { tellCase } from './tell-case.ts';

/** Whoever decides by rule. */
const RULE = 'rule';

type Move = Extract<RefundCaseEvent, { kind: 'refund-moved' }>;

export function move(
  step: HostStep,
  moved: RefundCase,
  to: Move['to'],
  by: string,
  more: Partial<Pick<Move, 'reason' | 'why' | 'dueOn'>> = {},
): void {
  const on = businessDate(step);
  commit(step, { kind: 'refund-moved', caseId: moved.id, to, on, by, ...more });
  tellCase(step, moved);
}

export function refuse(step: HostStep, refused: RefundCase, by: string, refusal: Refusal): void {
  move(step, refused, 'refused', by, refusal);
}

/** Takes a case as far as rules alone can: judged, agreed, sent (B02, B17). */
export function proceed(step: HostStep, moved: RefundCase): void {
  if (moved.state === 'applied' && !step.state.isRefundMaintenance) judge(step, moved);
  if (isAgreedByRule(step.state, moved)) move(step, moved, 'agreed', RULE);
  if (moved.state !== 'agreed') return;
  if (moved.route === 'host') send(step, moved);
  else if (moved.saleId !== undefined) endIfGone(step, moved, moved.saleId);
}

/** A case for the terminal whose money has gone another way meanwhile. */
function endIfGone(step: HostStep, moved: RefundCase, saleId: string): void {
  const sale = step.state.transactions.get(saleId);
  // A void in an open batch can be reversed.
  if (sale?.status !== 'active' && sale?.isSettled !== true) return;
  // What people have moved by hand can be taken back by hand (A14): until then it waits.
  if (adjustmentsInForce(step.state, saleId).length > 0) return;
  const refusal = whyNotRefundable(step.state, sale, moved);
  if (refusal !== undefined) refuse(step, moved, RULE, refusal);
}

function judge(step: HostStep, judged: RefundCase): void {
  const refusal = whyRefused(step.state, judged);
  if (refusal !== undefined) {
    refuse(step, judged, RULE, refusal);
    return;
  }
  const { reviewDays } = policyOf(step.state, judged);
  const dueOn = addWorkingDays(businessDate(step), reviewDays);
  const isRuled = !needsReview(step.state, judged) && hasConsents(judged);
  if (isRuled) move(step, judged, 'agreed', RULE);
  else move(step, judged, 'under-review', RULE, { dueOn });
}

/** What only waited for both sides to agree to its fee. */
function isAgreedByRule(state: HostState, asked: RefundCase): boolean {
  return asked.state === 'under-review' && !needsReview(state, asked) && hasConsents(asked);
}

/** Both sides know what it costs, where it costs something (B08). */
export function hasConsents({
  feeFen,
  consents,
}: Pick<RefundCase, 'feeFen' | 'consents'>): boolean {
  return feeFen === 0 || (consents.has('holder') && consents.has('merchant'));
}

/** Both signatures are under the agreement, where the policy wants one (B20). */
export function isSigned(state: HostState, asked: RefundCase): boolean {
  const { signed } = policyOf(state, asked);
  const { holder, merchant } = asked.signatures;
  return !signed.includes(asked.category) || (holder !== undefined && merchant !== undefined);
}

/** Why an agreed refund waits; nothing when it can go out. */
export function whyWaits(state: HostState, asked: RefundCase): string | undefined {
  if (!isSigned(state, asked)) return 'the agreement is not signed by both sides';
  if (state.isRefundMaintenance) return 'the refund desk is in maintenance';
  const sale = state.transactions.get(asked.saleId ?? '');
  // The money for a device goes by no issuer.
  if (sale === undefined) return undefined;
  if (isCutOff(state, sale)) return 'the channel to the issuer is closed';
  // Until its batch is closed the terminal may still undo it (spec 6.4); then the money would go twice.
  if (asked.isFailure && !sale.isSettled) return 'its batch is open: it can still be reversed';
  return whyShort(state, sale, asked)?.why;
}

/**
 * Sends an agreed refund on the original route, if nothing holds it up. A sale that was voided or
 * refunded in another way meanwhile ends the case.
 */
export function send(step: HostStep, sent: RefundCase): void {
  const { state } = step;
  if (sent.orderId !== undefined) {
    const gone = whyDeviceGone(state, sent);
    if (gone !== undefined) refuse(step, sent, RULE, gone);
    else if (whyWaits(state, sent) === undefined) {
      refundDevice(step, sent);
      tellCase(step, sent);
    }
    return;
  }
  const sale = state.transactions.get(sent.saleId ?? '');
  if (sale === undefined) return;
  const refusal = whyNotRefundable(state, sale, sent);
  if (refusal !== undefined) {
    refuse(step, sent, RULE, refusal);
    return;
  }
  if (whyWaits(state, sent) !== undefined) return;
  const { toCardFen } = sharesOf(sent);
  const record = hostRefund(step, sale, sent.id, toCardFen);
  const terms = termsOf(step, sale, toCardFen, sent);
  approveRefund(step, sale, record, terms, freedBy(step, sale, toCardFen, terms));
  afterRefund(step, sent);
}

/** What a refund brings with it: its agreement goes to the archive, and the holder hears of it. */
export function afterRefund(step: HostStep, sent: RefundCase): void {
  archiveAgreement(step, sent);
  tellCase(step, sent);
}

function archiveAgreement(step: HostStep, { id: by, refundId = '', signatures }: RefundCase): void {
  const { holder, merchant } = signatures;
  const refund = step.state.transactions.get(refundId);
  if (refund === undefined || holder === undefined || merchant === undefined) return;
  const seal = sealedNow(step, refund, { kind: 'agreement', holder, merchant, by });
  commit(step, { kind: 'agreement-filed', id: refundId, holder, merchant, by, seal });
}
