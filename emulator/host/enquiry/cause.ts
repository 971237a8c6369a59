import { formatYuan } from '../../../protocol/message/amount.ts';
import { adjustmentsInForce, type Adjustment } from '../adjustments/adjustment-book.ts';
import { balance } from '../books/ledger.ts';
import type { HostState } from '../host-state.ts';
import {
  frozenHolds,
  frozenOn,
  heldSales,
  leftOf,
  owedFor,
  takenOf,
  unpaidOf,
} from '../risk/held-money.ts';
import { dueDayOf } from '../settlement/instant.ts';
import { partsOf } from '../settlement/part-book.ts';
import type { Payout } from '../settlement/payout-book.ts';
import { netOf, type Transaction } from '../transaction-book.ts';
import type { ArrivalAnswer, ArrivalCause } from './enquire.ts';

const CAUSE_OF_DECLINE: Readonly<Record<string, ArrivalCause>> = {
  '51': 'insufficient-funds',
  '90': 'channel-down',
  '91': 'channel-down',
  '92': 'channel-down',
  '96': 'channel-down',
  '98': 'channel-down',
};

/** Why it has not arrived, what proves that, and the day on which it was paid or is due. */
export type CauseFound = Pick<ArrivalAnswer, 'cause' | 'evidence' | 'on'>;

/** Looks at what has become of it first, then at where its money is. */
export function causeOf(
  state: HostState,
  transaction: Transaction,
  today: string,
  isWindowOver = false,
): CauseFound {
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
  if (payout !== undefined) {
    const found = causeOfPayout(payout);
    const [frozen] = frozenOn(state, id);
    const since = frozen === undefined ? [] : [`frozen since by hold ${frozen.id}`];
    return { ...found, evidence: [found.evidence, ...elsewhereOf(state, id), ...since].join('; ') };
  }
  const hold = heldSales(state, mid).get(id);
  if (hold?.isManual === true) {
    const evidence = `hold ${hold.id} by ${hold.by}, without a case: ${hold.reason}`;
    return { cause: 'manual-intervention', evidence };
  }
  if (hold !== undefined) return { cause: 'compliance-review', evidence: `hold ${hold.id}` };
  if (!transaction.isSettled) {
    return notYet(transaction, today, 'batch not settled', isWindowOver);
  }
  const elsewhere = causeOfParts(state, transaction);
  if (elsewhere !== undefined) return elsewhere;
  const dueOn = dueDayOf(transaction, today, isWindowOver);
  if (today > dueOn && balance(state.ledger, 'payable', { mid }) <= 0) {
    const evidence = `due on ${dueOn}, set off against refunds: nothing is payable`;
    return { cause: 'system-delay', evidence };
  }
  const payouts = payoutsOf(state, transaction);
  const open = payouts.find((each) => each.state === 'ordered');
  if (open !== undefined) return causeOfPayout(open);
  const back = cameBack(payouts);
  if (back !== undefined) {
    const evidence = `payout ${back.id} returned: ${back.problem ?? ''}`;
    return { cause: 'wrong-account', evidence };
  }
  if (today < dueOn) return { cause: 'not-due-yet', evidence: `due on ${dueOn}`, on: dueOn };
  if (today === dueOn && state.payoutRunDone >= today) {
    return {
      cause: 'not-due-yet',
      evidence: `due on ${dueOn}, settled behind the payout run of that day`,
    };
  }
  if (today === dueOn) return notYet(transaction, today, 'due today, next payout run');
  const so = payouts.length > 0 ? 'the rest is not paid' : 'no payout was made';
  return { cause: 'system-delay', evidence: `due on ${dueOn}, and ${so}` };
}

/** Payouts that name a sale of which something is not paid, the oldest first. */
function payoutsOf(state: HostState, { id, mid }: Transaction): Payout[] {
  return [...state.payouts.values()].filter((each) => {
    const { transactionIds, parts = [] } = each;
    const isNamed =
      transactionIds.includes(id) || parts.some(({ transactionId }) => transactionId === id);
    return isNamed && each.mid === mid;
  });
}

/** What a bank has sent back and has not gone out again with a payout that was ordered later. */
function cameBack(payouts: readonly Payout[]): Payout | undefined {
  const last = payouts.at(-1);
  return payouts.find(({ returnedAt }) => {
    return returnedAt !== undefined && last !== undefined && returnedAt >= last.place;
  });
}

function notYet(
  sale: Transaction,
  today: string,
  evidence: string,
  isWindowOver = false,
): CauseFound {
  const on = sale.dueOn === undefined ? undefined : dueDayOf(sale, today, isWindowOver);
  // A batch that stays open for days: its day is over, and nobody knows the next.
  return { cause: 'not-due-yet', evidence, ...(on === undefined || on < today ? {} : { on }) };
}

/** Where the money of a sale is of which nothing is left to be paid out; nothing when some is. */
function causeOfParts(state: HostState, sale: Transaction): CauseFound | undefined {
  if (unpaidOf(state, sale) > 0) return undefined;
  const { id, mid, refundedFen } = sale;
  const { depositFen, owedFen, paidFen } = partsOf(state, id);
  const rest = elsewhereOf(state, id);
  if (refundedFen > 0) rest.push(`${formatYuan(refundedFen)} refunded`);
  if (paidFen > 0) {
    const payouts = [...state.payouts.values()]
      .filter((each) => each.mid === mid && each.state !== 'returned')
      .filter(({ parts = [] }) => parts.some(({ transactionId }) => transactionId === id));
    const open = payouts.find((each) => each.state !== 'paid');
    if (open !== undefined) return causeOfPayout(open);
    const ids = payouts.map((each) => `payout ${each.id}`).join(', ');
    const evidence = [`${ids}, ${formatYuan(paidFen)} of it`, ...rest].join('; ');
    const on = payouts.at(-1)?.paidOn;
    return { cause: 'arrived', evidence, ...(on === undefined ? {} : { on }) };
  }
  if (rest.length === 0) {
    const evidence = 'nothing of it is paid out: fee and surcharge are all that it brings';
    return netOf(sale) > 0 ? undefined : { cause: 'arrived', evidence };
  }
  const evidence = rest.join('; ');
  if (depositFen > 0) return { cause: 'not-due-yet', evidence };
  const isUnderReview =
    owedFen > 0 && frozenHolds(state, mid).some((hold) => owedFor(state, hold) > 0);
  return { cause: isUnderReview ? 'compliance-review' : 'refunded', evidence };
}

/** Parts of a sale that no payout takes to its merchant, and why, in words. */
function elsewhereOf(state: HostState, id: string): string[] {
  const { disputedFen, seizedFen, depositFen, owedFen } = partsOf(state, id);
  const told: readonly [number, string][] = [
    [disputedFen, 'taken in a dispute'],
    [seizedFen, 'taken with a frozen amount'],
    [depositFen, 'kept as the deposit'],
    [owedFen, 'went to what the merchant owed for a frozen sale'],
  ];
  return told.flatMap(([fen, text]) => (fen > 0 ? [`${formatYuan(fen)} ${text}`] : []));
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
function causeOfPayout({ id, state, attempts, problem, paidOn }: Payout): CauseFound {
  if (state === 'paid') {
    const on = paidOn === undefined ? {} : { on: paidOn };
    return { cause: 'arrived', evidence: `payout ${id}`, ...on };
  }
  if (attempts === 0) return { cause: 'system-delay', evidence: `payout ${id} ordered, not sent` };
  const count = `${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}`;
  return { cause: 'channel-down', evidence: `payout ${id}, ${count}: ${problem ?? ''}` };
}
