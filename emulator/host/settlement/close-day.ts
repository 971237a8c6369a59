import { parseCivilTime, toEpochMs } from '../../world/civil-time.ts';
import type { HostPolicy } from '../host-config.ts';
import type { HostState } from '../host-state.ts';
import { businessDate, commit, hostMoment, type HostStep } from '../host-step.ts';
import type { ClearingBook } from './clearing-book.ts';
import { clearingRows, fileHash, totalsOf } from './clearing-rows.ts';
import { addDays, isWorkingDay } from './working-days.ts';

/** Alarms of this room: what they ring for is looked at in every step. */
export const CUT_OFF_ALARM = 'cut-off';
export const PAYOUT_ALARM = 'payout-run';

/**
 * Closes every settlement day whose cut-off has passed, before anything else is decided: by its alarm,
 * or, where the clock was moved or the host was down, when the next thing happens. A day is closed once.
 */
export function closeDays(step: HostStep): void {
  const { state } = step;
  const now = step.nowMs;
  if (state.cutOffAtMs === undefined) {
    const first = firstOpen(state);
    if (first === undefined) return;
    state.cutOffAtMs = cutOffMs(step, first);
  }
  if (now < state.cutOffAtMs) return;
  const days = [...state.openDays].toSorted();
  state.cutOffAtMs = undefined;
  for (const day of days) {
    if (now < cutOffMs(step, day)) return;
    const rows = clearingRows(step.state, day);
    const at = hostMoment(step).dateTime;
    const totals = totalsOf(rows);
    commit(step, { kind: 'day-closed', day, at, totals, fileHash: fileHash(rows) });
  }
}

/** The oldest day that is not closed; every step asks for it. */
function firstOpen({ openDays }: ClearingBook): string | undefined {
  let first: string | undefined;
  for (const day of openDays) if (first === undefined || day < first) first = day;
  return first;
}

/** Sets the alarms for what this room has to do next; those that are set already ring as they were set. */
export function armAlarms(step: HostStep): void {
  const { state } = step;
  const day = firstOpen(state);
  if (day !== undefined && state.alarmsSet.get(CUT_OFF_ALARM) !== day) {
    arm(step, CUT_OFF_ALARM, day, cutOffMs(step, day));
  }
  const at = state.payoutRunAt;
  if (at === undefined || state.isPayingOut) return;
  if (isPayoutDue(step)) {
    step.effects.push({ kind: 'pay-out' });
    return;
  }
  const next = nextPayoutDay(step, at);
  const wanted = `${next} ${at}`;
  if (state.alarmsSet.get(PAYOUT_ALARM) === wanted) return;
  arm(step, PAYOUT_ALARM, wanted, clockMs(state.institution.policy, next, at));
}

/** Payouts are made on working days; on other days where {@link isPaidOn} says so of a merchant. */
function isPayoutDay({ state }: HostStep, day: string): boolean {
  if (isWorkingDay(day) || state.paidOnAnyDay.size > 0) return true;
  for (const mid of state.promised) if (isPaidOn(state, mid, day)) return true;
  return false;
}

/**
 * Whether a merchant is paid on a day: on working days; under a term of calendar days (D+1, spec 8.1)
 * on every day, and when he has another one since, as long as a sale is unpaid that was promised for a
 * day without work up to this one.
 */
export function isPaidOn(
  { paidOnAnyDay, unpaid }: Pick<HostState, 'paidOnAnyDay' | 'unpaid'>,
  mid: string,
  day: string,
): boolean {
  return isWorkingDay(day) || paidOnAnyDay.has(mid) || unpaid.get(mid)?.isPromisedBy(day) === true;
}

/** Whether the payouts of today are to be made now: on a day of payouts, late enough, and not made yet. */
export function isPayoutDue(step: HostStep): boolean {
  const { payoutRunAt, payoutRunDone, institution } = step.state;
  if (payoutRunAt === undefined) return false;
  const today = businessDate(step);
  if (payoutRunDone >= today || !isPayoutDay(step, today)) return false;
  return step.nowMs >= clockMs(institution.policy, today, payoutRunAt);
}

/** Sets when payouts are made on days of payouts, or that nobody makes them; why not when it is no time. */
export function setPayoutRun(
  step: HostStep,
  atMinutes: number | undefined,
  by: string,
): string | undefined {
  const isTime = atMinutes === undefined || (Number.isInteger(atMinutes) && atMinutes >= 0);
  if (!isTime || (atMinutes ?? 0) >= 1440) return 'there is no such time of day';
  commit(step, { kind: 'payout-run-set', atMinutes: atMinutes ?? null, by });
  return undefined;
}

function nextPayoutDay(step: HostStep, atMinutes: number): string {
  const { payoutRunDone, institution } = step.state;
  let day = businessDate(step);
  const isPast = step.nowMs >= clockMs(institution.policy, day, atMinutes);
  if (isPast || payoutRunDone >= day) day = addDays(day, 1);
  while (!isPayoutDay(step, day)) day = addDays(day, 1);
  return day;
}

function arm(step: HostStep, key: string, wanted: string, dueMs: number): void {
  step.state.alarmsSet.set(key, wanted);
  const delayMs = Math.max(0, dueMs - step.nowMs);
  step.effects.push({ kind: 'start-alarm', key, delayMs });
}

function cutOffMs({ state }: HostStep, day: string): number {
  const { policy } = state.institution;
  return clockMs(policy, day, policy.cutOffMinutes);
}

/** A time of day in the institution's zone, epoch milliseconds. */
function clockMs({ zoneOffsetMinutes }: HostPolicy, day: string, minutes: number): number {
  return toEpochMs(parseCivilTime(day)!, zoneOffsetMinutes) + minutes * 60_000;
}
