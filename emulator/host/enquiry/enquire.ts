import type { Title } from '../../events/party-event.ts';
import type { ChipCompletion } from '../host-event.ts';
import type { HostState } from '../host-state.ts';
import type { Transaction } from '../transaction-book.ts';
import { causeOf } from './cause.ts';
import type { EventRef } from './evidence-book.ts';
import { nextStep } from './next-step.ts';
import { trailOf } from './trail.ts';

/** Why money has not arrived: the closed list of causes (documented cases A), as far as built. */
export type ArrivalCause =
  | 'insufficient-funds'
  | 'channel-down'
  | 'compliance-review'
  | 'manual-intervention'
  | 'system-delay'
  | 'wrong-account'
  | 'not-due-yet'
  | 'reversed'
  | 'voided'
  | 'refunded'
  | 'arrived';

export interface ArrivalAnswer {
  readonly found: boolean;
  readonly status: Transaction['status'] | 'unknown';
  /** Absent for a decline whose reason lies with the card or the request, not with arrival. */
  readonly cause: ArrivalCause | undefined;
  /** What proves it: ids and codes. */
  readonly evidence: string;
  /** Everything in the journal that concerns it, by number. */
  readonly events: readonly EventRef[];
  /** What happens next, and on which day, where that is known. */
  readonly next: Title;
  readonly on?: string;
  /** What its chip ended with, once the batch upload has told; absent without a chip. */
  readonly chip?: ChipCompletion;
}

/**
 * "Why has this not arrived?" for one transaction; reads the other rooms and changes nothing.
 *
 * @param isWindowOver no instant payout is made any more today
 */
export function enquire(
  state: HostState,
  id: string | undefined,
  today: string,
  isWindowOver = false,
): ArrivalAnswer {
  const transaction = state.transactions.get(id ?? '');
  if (transaction === undefined) {
    const next = nextStep(undefined, false);
    const nothing = { cause: undefined, evidence: 'not found', events: [] };
    return { found: false, status: 'unknown', ...nothing, next };
  }
  const { status, completion } = transaction;
  const found = causeOf(state, transaction, today, isWindowOver);
  return {
    found: true,
    status,
    ...found,
    events: trailOf(state, transaction),
    next: nextStep(found.cause, true, status === 'declined'),
    ...(completion === undefined ? {} : { chip: completion }),
  };
}
