import type { Posting } from '../books/ledger.ts';
import type { AdjustmentRecord } from './adjustment-book.ts';

/** Money moved by hand: proposed by one person, booked or turned down by another. */
export type AdjustmentEvent =
  | { readonly kind: 'adjustment-proposed'; readonly adjustment: AdjustmentRecord }
  | {
      readonly kind: 'adjustment-booked';
      readonly adjustmentId: string;
      readonly transactionId: string;
      readonly by: string;
      readonly at: string;
      /** Settlement day, ISO. */
      readonly on: string;
      readonly postings: readonly Posting[];
    }
  | {
      readonly kind: 'adjustment-rejected';
      readonly adjustmentId: string;
      readonly transactionId: string;
      readonly by: string;
      readonly reason: string;
      readonly at: string;
    };
