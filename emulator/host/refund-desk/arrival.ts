import { addWorkingDays } from '../settlement/working-days.ts';
import type { RefundPolicy } from './refund-policy.ts';

/** Between which days the money of a refund reaches its holder, and on which one it is booked. */
export interface Arrival {
  readonly earliest: string;
  readonly usual: string;
  readonly latest: string;
}

/** @param sentOn ISO date; the days after it are working days of banks (B15) */
export function arrivalOf({ arrival }: RefundPolicy, sentOn: string): Arrival {
  return {
    earliest: addWorkingDays(sentOn, arrival.leastDays),
    usual: addWorkingDays(sentOn, arrival.usualDays),
    latest: addWorkingDays(sentOn, arrival.mostDays),
  };
}
