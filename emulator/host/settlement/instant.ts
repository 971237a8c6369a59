import { daysBetween } from '../../world/civil-time.ts';
import type { TransactionRecord } from '../host-event.ts';
import { hostMoment, hostTime, type HostStep } from '../host-step.ts';
import type { MerchantContract } from '../tariff/tariff.ts';
import { dueDate, USUAL_TERM } from './terms.ts';

/**
 * The day on which a sale of a merchant that is made now is due. The same day (D+0) is promised inside
 * the window of instant payouts only, and not to a new merchant; otherwise the sale falls to T+1
 * (spec 8.1).
 */
export function dueOnOf(
  step: HostStep,
  mid: string,
  { term = USUAL_TERM }: MerchantContract,
): string {
  const isPromised = term.days > 0 || (isWindowOpen(step) && !isNew(step, mid));
  return dueDate(isPromised ? term : USUAL_TERM, hostMoment(step).settlementIso);
}

/** A merchant in the first days after his first approved sale. */
function isNew(step: HostStep, mid: string): boolean {
  const { newMerchantDays } = step.state.institution.policy;
  const today = hostMoment(step).date;
  return daysBetween(step.state.firstTrade.get(mid) ?? today, today) < newMerchantDays;
}

/** Whether instant payouts are made now: 09:00 to 22:30, the last minute not included. */
export function isWindowOpen(step: HostStep): boolean {
  const { instantFromMinutes, instantToMinutes } = step.state.institution.policy;
  const { hour, minute } = hostTime(step);
  const now = hour * 60 + minute;
  return instantFromMinutes <= now && now < instantToMinutes;
}

type Dated = Pick<TransactionRecord, 'date' | 'dueOn'>;

/** Promised for the day on which it was made. */
export function isInstant({ date, dueOn }: Dated): boolean {
  return dueOn === date;
}

/** Whether no instant payout is made any more today. */
export function isWindowOver(step: HostStep): boolean {
  const { hour, minute } = hostTime(step);
  return hour * 60 + minute >= step.state.institution.policy.instantToMinutes;
}

/**
 * The day on which a sale is due as seen on a day: what was not paid on its own day falls to T+1.
 *
 * @param isOver no instant payout is made any more on that day
 */
export function dueDayOf(sale: Dated, today: string, isOver = false): string {
  const { dueOn = '' } = sale;
  const isLate = today > dueOn || (isOver && today === dueOn);
  return isInstant(sale) && isLate ? dueDate(USUAL_TERM, dueOn) : dueOn;
}
