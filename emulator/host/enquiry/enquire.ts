import { formatYuan } from '../../../protocol/message/amount.ts';
import type { Title } from '../../events/party-event.ts';
import { adjustmentsInForce, type Adjustment } from '../adjustments/adjustment-book.ts';
import type { ChipCompletion } from '../host-event.ts';
import type { HostState } from '../host-state.ts';
import type { Payout } from '../settlement/payout-book.ts';
import type { Transaction } from '../transaction-book.ts';
import { dueDayOf } from '../settlement/instant.ts';
import { heldSales, leftOf, takenOf } from '../risk/held-money.ts';
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

const CAUSE_OF_DECLINE: Readonly<Record<string, ArrivalCause>> = {
  '51': 'insufficient-funds',
  '90': 'channel-down',
  '91': 'channel-down',
  '92': 'channel-down',
  '96': 'channel-down',
  '98': 'channel-down',
};

/** "Why has this not arrived?" for one transaction; reads the other rooms and changes nothing. */
export function enquire(state: HostState, id: string | undefined, today: string): ArrivalAnswer {
  const transaction = state.transactions.get(id ?? '');
  if (transaction === undefined) {
    const next = nextStep(undefined, false);
    const nothing = { cause: undefined, evidence: 'not found', events: [] };
    return { found: false, status: 'unknown', ...nothing, next };
  }
  const { status, completion } = transaction;
  const found = causeOf(state, transaction, today);
  return {
    found: true,
    status,
    ...found,
    events: trailOf(state, transaction),
    next: nextStep(found.cause, true, status === 'declined'),
    ...dayOf(state, transaction, found.cause, today),
    ...(completion === undefined ? {} : { chip: completion }),
  };
}

/** The day on which it was paid, or is due. */
function dayOf(
  state: HostState,
  transaction: Transaction,
  cause: ArrivalCause | undefined,
  today: string,
): Pick<ArrivalAnswer, 'on'> {
  const { payoutId, dueOn } = transaction;
  if (cause === 'arrived') {
    const on = state.payouts.get(payoutId ?? '')?.paidOn;
    return on === undefined ? {} : { on };
  }
  const isDated = cause === 'not-due-yet' && dueOn !== undefined;
  return isDated ? { on: dueDayOf(transaction, today) } : {};
}

function causeOf(
  state: HostState,
  transaction: Transaction,
  today: string,
): Pick<ArrivalAnswer, 'cause' | 'evidence'> {
  const { id, mid, status, rc, payoutId, why } = transaction;
  if (status === 'pending') return { cause: 'system-delay', evidence: waitsFor(transaction) };
  if (status === 'declined') {
    const evidence = `RC ${rc}${why === undefined ? '' : `: ${why}`}`;
    return { cause: CAUSE_OF_DECLINE[rc], evidence };
  }
  if (status === 'reversed') {
    return { cause: 'reversed', evidence: `reversal of ${id}${lateness(transaction)}` };
  }
  if (status === 'voided') return { cause: 'voided', evidence: `void of ${id}` };
  // Money that goes back to the card does not arrive with the merchant.
  const { kind, originalId = '?' } = transaction;
  if (kind === 'void') return { cause: 'voided', evidence: `it is the void of ${originalId}` };
  if (kind === 'refund') return { cause: 'refunded', evidence: `it is a refund of ${originalId}` };
  const [byHand] = adjustmentsInForce(state, id);
  if (byHand !== undefined) return { cause: 'manual-intervention', evidence: handText(byHand) };
  if (transaction.refundedFen > 0 && transaction.refundedFen === transaction.amountFen) {
    return { cause: 'refunded', evidence: `refunds of ${id}${casesOf(state, id)}` };
  }
  const takenFen = takenOf(state, id);
  if (takenFen > 0 && leftOf(state, transaction) <= 0) {
    return { cause: 'refunded', evidence: `taken in a dispute, ${formatYuan(takenFen)}` };
  }
  const payout = state.payouts.get(payoutId ?? '');
  if (payout !== undefined) return causeOfPayout(payout);
  const hold = heldSales(state, mid).get(id);
  if (hold?.isManual === true) {
    const evidence = `hold ${hold.id} by ${hold.by}, without a case: ${hold.reason}`;
    return { cause: 'manual-intervention', evidence };
  }
  if (hold !== undefined) return { cause: 'compliance-review', evidence: `hold ${hold.id}` };
  if (!transaction.isSettled) return { cause: 'not-due-yet', evidence: 'batch not settled' };
  const dueOn = dueDayOf(transaction, today);
  if (today < dueOn) return { cause: 'not-due-yet', evidence: `due on ${dueOn}` };
  const back = [...state.payouts.values()]
    .filter((each) => each.mid === mid && each.state === 'returned')
    .find((each) => each.transactionIds.includes(id));
  if (back !== undefined) {
    return {
      cause: 'wrong-account',
      evidence: `payout ${back.id} returned: ${back.problem ?? ''}`,
    };
  }
  return today === dueOn
    ? { cause: 'not-due-yet', evidence: 'due today, next payout run' }
    : { cause: 'system-delay', evidence: `due on ${dueOn}, and no payout was made` };
}

function waitsFor({ wallet }: Transaction): string {
  return `waits for the answer of ${wallet === undefined ? 'the issuer' : `the wallet ${wallet}`}`;
}

/** What a reversal has to do with an answer that left late (A01). */
function lateness({ slow }: Transaction): string {
  if (slow === undefined) return '';
  const { delayMs, lateMs } = slow;
  const left = `the answer left ${seconds(delayMs)} after the request`;
  return lateMs === 0 ? `; ${left}` : `; ${left}, ${seconds(lateMs)} too late`;
}

function seconds(ms: number): string {
  return `${ms / 1000} s`;
}

function handText({ id, by, decidedBy = '?', reason, amountFen, to }: Adjustment): string {
  return `adjustment ${id}, ${formatYuan(amountFen)} to the ${to}, by ${by} and ${decidedBy}: ${reason}`;
}

/** The refund cases that prove it, by number. */
function casesOf({ refundCases }: HostState, saleId: string): string {
  const sent = [...refundCases.values()].filter(
    (each) => each.saleId === saleId && each.refundId !== undefined,
  );
  return sent.length === 0 ? '' : `, ${sent.map(({ id }) => id).join(', ')}`;
}

/** Of a payout under way or done. */
function causeOfPayout({
  id,
  state,
  attempts,
  problem,
}: Payout): Pick<ArrivalAnswer, 'cause' | 'evidence'> {
  if (state === 'paid') return { cause: 'arrived', evidence: `payout ${id}` };
  if (attempts === 0) return { cause: 'system-delay', evidence: `payout ${id} ordered, not sent` };
  const count = `${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}`;
  return { cause: 'channel-down', evidence: `payout ${id}, ${count}: ${problem ?? ''}` };
}
