import { commit, hostMoment, type HostStep } from '../host-step.ts';
import { release } from './freeze.ts';
import { checkRules, type RiskRule } from './rules.ts';

export type ReviewOutcome =
  | { readonly outcome: 'cleared'; readonly releasedFen: number }
  | { readonly outcome: 'confirmed' }
  | { readonly outcome: 'no-effect' | 'refused'; readonly why: string };

/** Puts rules in force in place of those before; returns why they are refused, or nothing. */
export function setRules(
  step: HostStep,
  rules: readonly RiskRule[],
  by: string,
): string | undefined {
  const why = checkRules(rules);
  if (why !== undefined) return why;
  const version = step.state.sheets.length + 1;
  const at = hostMoment(step).dateTime;
  commit(step, { kind: 'risk-rules-set', sheet: { version, at, rules }, by });
  return undefined;
}

/** A person has looked: the money is let go, or stays held until it is taken or returned. */
export function closeReview(
  step: HostStep,
  id: string,
  verdict: 'cleared' | 'confirmed',
  order: { readonly by: string; readonly note: string },
): ReviewOutcome {
  const review = step.state.reviews.get(id);
  if (review === undefined) return { outcome: 'refused', why: `there is no review ${id}` };
  if (review.state !== 'open') {
    return { outcome: 'no-effect', why: `${id} was ${review.state} by ${review.closedBy ?? '?'}` };
  }
  if (order.note.trim() === '') return { outcome: 'refused', why: 'a reason is missing' };
  const at = hostMoment(step).dateTime;
  const { transactionId } = review;
  commit(step, { kind: 'review-closed', reviewId: id, transactionId, verdict, ...order, at });
  if (verdict === 'confirmed') return { outcome: 'confirmed' };
  const released = release(step, review.holdId, order.by);
  const releasedFen = released.outcome === 'released' ? released.releasedFen : 0;
  return { outcome: 'cleared', releasedFen };
}
