import { CountersignError } from '../../../protocol/errors/countersign-error.ts';
import { formatYuan } from '../../../protocol/message/amount.ts';
import { featureCode } from '../../../protocol/message/feature-code.ts';
import { readImage } from '../archive/read-image.ts';
import type { HostState } from '../host-state.ts';
import { businessDate, commit, type HostStep } from '../host-step.ts';
import type { CaseOutcome } from './apply-refund.ts';
import type { RefundCase } from './case-book.ts';
import type { CaseSide, CaseState } from './case-events.ts';
import { hasConsents, move, proceed, refuse, send, whyWaits } from './case-steps.ts';
import { policyOf } from './refund-terms.ts';

/** Longest text and name that a record takes. */
const MOST_TEXT = 200;

export interface Review {
  readonly agrees: boolean;
  readonly by: string;
  /** Why it is refused. */
  readonly why?: string;
}

/** A person decides (B03, B19). */
export function reviewCase(step: HostStep, caseId: string, review: Review): CaseOutcome {
  const found = caseIn(step.state, caseId, ['under-review']);
  if (typeof found === 'string') return refused(found);
  const { agrees, by, why = '' } = review;
  const bad = whyNotText(by, 'a name') ?? (agrees ? undefined : whyNotText(why, 'a reason'));
  if (bad !== undefined) return refused(bad);
  if (!agrees) refuse(step, found, by, { reason: 'review', why });
  else if (!hasConsents(found)) {
    return refused(`both sides have to agree to its fee of ${formatYuan(found.feeFen)} first`);
  } else {
    move(step, found, 'agreed', by);
    proceed(step, found);
  }
  return { kind: 'case', case: found };
}

/** One side agrees to what the refund costs, and says how much that is (B08). */
export function consent(
  step: HostStep,
  caseId: string,
  side: CaseSide,
  feeFen: number,
): CaseOutcome {
  const found = caseIn(step.state, caseId, ['under-review']);
  if (typeof found === 'string') return refused(found);
  if (found.feeFen !== feeFen) return refused(`its fee is ${formatYuan(found.feeFen)}`);
  if (!found.consents.has(side)) commit(step, { kind: 'refund-consented', caseId, side, feeFen });
  proceed(step, found);
  return { kind: 'case', case: found };
}

/**
 * One side signs the agreement; with the second signature it takes effect, at once (B20). A signature
 * carries the feature code of the sale, and the two are different pictures.
 *
 * @param picture JBIG as hex
 */
export function signAgreement(
  step: HostStep,
  caseId: string,
  side: CaseSide,
  picture: string,
): CaseOutcome {
  const { state } = step;
  const found = caseIn(state, caseId, ['under-review', 'agreed']);
  if (typeof found === 'string') return refused(found);
  if (!policyOf(state, found).signed.includes(found.category)) {
    return refused('this refund needs no agreement');
  }
  if (found.signatures[side] !== undefined) return refused(`the ${side} has signed already`);
  const why = whyNotPicture(state, found, picture, side);
  if (why !== undefined) return refused(why);
  const on = businessDate(step);
  commit(step, { kind: 'refund-signed', caseId, side, picture, on });
  proceed(step, found);
  return { kind: 'case', case: found };
}

/** The applicant wants it no more; money that was sent does not come back. */
export function withdraw(step: HostStep, caseId: string, by: string): CaseOutcome {
  const found = caseIn(step.state, caseId, ['applied', 'under-review', 'agreed']);
  if (typeof found === 'string') return refused(found);
  const bad = whyNotText(by, 'a name');
  if (bad !== undefined) return refused(bad);
  move(step, found, 'withdrawn', by);
  return { kind: 'case', case: found };
}

/** Sends an agreed refund now, on the original route, whatever route was planned. */
export function execute(step: HostStep, caseId: string): CaseOutcome {
  const { state } = step;
  const found = caseIn(state, caseId, ['agreed']);
  if (typeof found === 'string') return refused(found);
  const why = whyWaits(state, found);
  if (why !== undefined) return refused(why);
  send(step, found);
  return { kind: 'case', case: found };
}

export function caseIn(
  state: HostState,
  caseId: string,
  states: readonly CaseState[],
): RefundCase | string {
  const found = state.refundCases.get(caseId);
  if (found === undefined) return `there is no case ${caseId}`;
  return states.includes(found.state) ? found : `${caseId} is ${found.state}`;
}

export function refused(why: string): Extract<CaseOutcome, { kind: 'refused' }> {
  return { kind: 'refused', why };
}

export function whyNotText(text: string, what: string): string | undefined {
  if (text.trim() === '') return `${what} is missing`;
  return text.length > MOST_TEXT ? `${what} of more than ${MOST_TEXT} characters` : undefined;
}

function whyNotPicture(
  state: HostState,
  { saleId = '', signatures }: RefundCase,
  picture: string,
  side: CaseSide,
): string | undefined {
  if (Object.values(signatures).includes(picture)) return 'both signatures are the same picture';
  const { settlementDate = '', rrn = '' } = state.transactions.get(saleId) ?? {};
  try {
    const { hasFeature } = readImage(picture, featureCode(settlementDate, rrn));
    return hasFeature ? undefined : `the signature of the ${side} is not of this sale`;
  } catch (error) {
    if (!(error instanceof CountersignError)) throw error;
    return `the signature of the ${side}: ${error.code} ${error.message}`;
  }
}
