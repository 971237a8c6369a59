import type { HostState } from '../host-state.ts';
import type { Act } from '../host-step.ts';
import { setLimits } from './check-limits.ts';
import { usedOf, type Limits, type Used } from './limit-book.ts';
import type { Review } from './review-book.ts';
import { closeReview, setRules, type ReviewOutcome } from './review-desk.ts';
import type { RiskRule, RuleSheet } from './rules.ts';

/** Where people set what is let pass, and look at what was not. */
export interface RiskDesk {
  /** What a terminal or a merchant may take in; undefined when it is set, else why it is not. */
  setLimits(who: string, limits: Limits, by: string): string | undefined;
  /** Sales in force of a terminal or merchant on a day (`2026-01-15`) or in a month (`2026-01`). */
  used(who: string, period: string): Used;
  /** Puts rules in force; undefined when they are, else why they are not. */
  setRules(rules: readonly RiskRule[], by: string): string | undefined;
  /** The rules in force; undefined before the first are set. */
  rules(): RuleSheet | undefined;
  closeReview(
    id: string,
    verdict: 'cleared' | 'confirmed',
    order: { readonly by: string; readonly note: string },
  ): ReviewOutcome;
  /** The review of a sale, by the id of the transaction. */
  reviewOf(transactionId: string): Review | undefined;
}

export function riskDesk(state: HostState, act: Act): RiskDesk {
  return {
    setLimits: (who, limits, by) => act((step) => setLimits(step, who, limits, by)),
    used: (who, period) => usedOf(state, who, period),
    setRules: (rules, by) => act((step) => setRules(step, rules, by)),
    rules: () => state.sheets.at(-1),
    closeReview: (id, verdict, order) => act((step) => closeReview(step, id, verdict, order)),
    reviewOf: (transactionId) =>
      [...state.reviews.values()].find((each) => each.transactionId === transactionId),
  };
}
