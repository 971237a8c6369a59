import type { ChipCompletion } from '../host-event.ts';
import type { HostState } from '../host-state.ts';
import type { Transaction } from '../transaction-book.ts';
import { heldSales } from '../risk/freeze.ts';

/** Why money has not arrived: the closed list of causes (documented cases A), as far as built. */
export type ArrivalCause =
  | 'insufficient-funds'
  | 'channel-down'
  | 'compliance-review'
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
  /** What its chip ended with, once the batch upload has told; absent without a chip. */
  readonly chip?: ChipCompletion;
}

const CAUSE_OF_DECLINE: Readonly<Record<string, ArrivalCause>> = {
  '51': 'insufficient-funds',
  '90': 'channel-down',
  '91': 'channel-down',
  '92': 'channel-down',
  '96': 'channel-down',
  '98': 'channel-down',
};

/** "Why has this not arrived?" for one transaction; reads the other rooms and changes nothing. */
export function enquire(state: HostState, id: string | undefined): ArrivalAnswer {
  const transaction = state.transactions.get(id ?? '');
  if (transaction === undefined) {
    return { found: false, status: 'unknown', cause: undefined, evidence: 'not found' };
  }
  const { status, completion } = transaction;
  return {
    found: true,
    status,
    ...causeOf(state, transaction),
    ...(completion === undefined ? {} : { chip: completion }),
  };
}

function causeOf(
  state: HostState,
  transaction: Transaction,
): Pick<ArrivalAnswer, 'cause' | 'evidence'> {
  const { id, mid, status, rc, payoutId } = transaction;
  if (status === 'declined') return { cause: CAUSE_OF_DECLINE[rc], evidence: `RC ${rc}` };
  if (status === 'reversed') return { cause: 'reversed', evidence: `reversal of ${id}` };
  if (status === 'voided') return { cause: 'voided', evidence: `void of ${id}` };
  if (transaction.refundedFen > 0 && transaction.refundedFen === transaction.amountFen) {
    return { cause: 'refunded', evidence: `refunds of ${id}` };
  }
  if (payoutId !== undefined) return { cause: 'arrived', evidence: `payout ${payoutId}` };
  const hold = heldSales(state, mid).get(id);
  if (hold !== undefined) return { cause: 'compliance-review', evidence: `hold ${hold.id}` };
  return {
    cause: 'not-due-yet',
    evidence: transaction.isSettled ? 'settled, next payout' : 'batch not settled',
  };
}
