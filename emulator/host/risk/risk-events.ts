import type { Limits } from './limit-book.ts';
import type { ReviewRecord } from './review-book.ts';
import type { RuleHit, RuleSheet } from './rules.ts';

/** What people decide about risk, and what the host has found by their rules. */
export type RiskEvent =
  | {
      /** What a terminal or a merchant may take in, from now on; it replaces what was set before. */
      readonly kind: 'limits-set';
      /** Terminal or merchant number. */
      readonly who: string;
      readonly limits: Limits;
      readonly by: string;
    }
  | { readonly kind: 'risk-rules-set'; readonly sheet: RuleSheet; readonly by: string }
  | {
      /** A rule has declined a sale; the decline itself follows. */
      readonly kind: 'rule-refused';
      readonly transactionId: string;
      readonly version: number;
      readonly hit: RuleHit;
      readonly rc: string;
    }
  | { readonly kind: 'review-opened'; readonly review: ReviewRecord }
  | {
      readonly kind: 'review-closed';
      readonly reviewId: string;
      readonly transactionId: string;
      readonly verdict: 'cleared' | 'confirmed';
      readonly by: string;
      readonly note: string;
      readonly at: string;
    };
