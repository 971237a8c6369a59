import { CountersignError } from '../../../protocol/errors/countersign-error.ts';
import { balance } from '../books/ledger.ts';
import type { HostEvent } from '../host-event.ts';
import type { HostState } from '../host-state.ts';
import { businessDate, commit, hostMoment, type Act } from '../host-step.ts';
import type { ClearingEvent } from './clearing-book.ts';
import { clearingRows, type ClearingRow } from './clearing-rows.ts';
import { isPayoutDue, setPayoutRun } from './close-day.ts';
import type { Deposit } from './deposit-book.ts';
import { merchantStatement, type MerchantStatement } from './merchant-statement.ts';
import type { PayoutLine } from './payouts.ts';

export type ClosedDay = Extract<ClearingEvent, { kind: 'day-closed' }>;

/** What people can see and set of settlement beside the payouts themselves. */
export interface SettlementDesk {
  /** The deposit of a merchant; undefined where his contract has none. */
  deposit(mid: string): Deposit | undefined;
  /** What instant payouts have cost all merchants. */
  payoutFeesFen(): number;
  /** The clearing file of a settlement day, ISO; it grows until the day is closed. */
  clearingRows(day: string): ClearingRow[];
  /** How a settlement day was closed; undefined while it is open, or had nothing in it. */
  closedDay(day: string): ClosedDay | undefined;
  /** A merchant's money from one day to another, ISO: what it was, what moved it, what is left. */
  statement(mid: string, days: { readonly from: string; readonly to: string }): MerchantStatement;
  /** Minutes after midnight at which payouts are made on days of payouts; undefined: when asked for. */
  setPayoutRun(atMinutes: number | undefined, by: string): string | undefined;
  /** The payouts of today, where they are to be made without being asked for. */
  payOutIfDue(): PayoutLine[] | undefined;
  /** Somebody has moved the clock on: what is due by now is done, and a restart goes on from here. */
  clockMoved(): void;
}

export function settlementDesk(
  state: HostState,
  act: Act,
  payOut: (isAsked: boolean) => PayoutLine[] | undefined,
  journal: () => readonly HostEvent[],
): SettlementDesk {
  return {
    deposit: (mid) => state.deposits.get(mid),
    payoutFeesFen: () => balance(state.ledger, 'payout-fees', {}),
    clearingRows: (day) => clearingRows(state, day),
    closedDay: (day) => state.closedDays.get(day),
    statement: (mid, days) => merchantStatement(journal(), mid, days),
    setPayoutRun: (atMinutes, by) => act((step) => setPayoutRun(step, atMinutes, by)),
    payOutIfDue() {
      if (state.isPayingOut) return undefined;
      state.isPayingOut = true;
      try {
        if (!act(isPayoutDue)) return undefined;
        const lines = payOut(false);
        if (lines === undefined) return undefined;
        // From here on the alarm is for the next day.
        state.isPayingOut = false;
        act((step) => commit(step, { kind: 'payout-run-done', day: businessDate(step) }));
        return lines;
      } catch (error) {
        // Of a host that has died meanwhile the run is made again, and pays what is left.
        if (error instanceof CountersignError && error.code === 'E_HOST_DOWN') return undefined;
        throw error;
      } finally {
        state.isPayingOut = false;
      }
    },
    clockMoved: () =>
      act((step) => commit(step, { kind: 'clock-moved', at: hostMoment(step).dateTime })),
  };
}
