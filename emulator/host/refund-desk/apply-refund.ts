import { isAmount } from '../../../protocol/message/amount.ts';
import { businessDate, commit, type HostStep } from '../host-step.ts';
import type { HostState } from '../host-state.ts';
import type { Transaction } from '../transaction-book.ts';
import { findCase, openCaseOf, requestKey, type RefundCase } from './case-book.ts';
import type { CaseRecord, SalesChannel } from './case-events.ts';
import { proceed } from './case-steps.ts';
import { deviceCase, type DeviceApplication } from './device-desk.ts';
import type { RefundPolicyVersion } from './refund-policy.ts';
import { policyNow, refundFee, remainingOf } from './refund-terms.ts';
import { tellCase } from './tell-case.ts';

/** What an applicant says; the rest of a case follows from it. */
export type RefundApplication = Pick<
  CaseRecord,
  'requestNo' | 'mid' | 'category' | 'isFailure' | 'goods' | 'route' | 'papers' | 'contact'
> & {
  readonly way: 'self-service' | 'manual';
  /** The sale by its reference number, or by terminal, batch and STAN where no slip says one. */
  readonly of: { readonly rrn: string } | { readonly transactionId: string };
  /** All that is left of the sale when absent. */
  readonly amountFen?: number;
};

export type CaseOutcome =
  | { readonly kind: 'case'; readonly case: RefundCase; readonly isRepeat?: boolean }
  /** Nothing was done; `openId` is the case to look at instead. */
  | { readonly kind: 'refused'; readonly why: string; readonly openId?: string };

const BAD_NUMBER = 'the request number is 1 to 40 letters and digits';
const REQUEST_NO = /^[0-9A-Za-z-]{1,40}$/;

/**
 * Opens a case, or shows the one that the same number has opened before (B11). What could be no refund
 * whatever the rules say opens none.
 */
export function applyForRefund(step: HostStep, asked: RefundApplication): CaseOutcome {
  const { state } = step;
  const { requestNo, mid } = asked;
  if (!REQUEST_NO.test(requestNo)) return turnedAway(BAD_NUMBER);
  if (!state.merchants.has(mid)) return turnedAway('the merchant is unknown');
  const subject = subjectOf(state, mid, asked.of);
  if (typeof subject === 'string') return turnedAway(subject);
  const { sale, channel } = subject;
  if (!('rrn' in asked.of) && !asked.isFailure) {
    return turnedAway('without its slip only a failed payment can be claimed back');
  }
  const leftFen = sale === undefined ? 0 : leftToClaim(state, sale);
  const { amountFen = leftFen } = asked;
  const repeated = repeatedCase(
    state,
    mid,
    requestNo,
    (earlier) =>
      earlier.saleId === sale?.id &&
      earlier.orderId === undefined &&
      earlier.category === asked.category &&
      (asked.amountFen === undefined || earlier.amountFen === asked.amountFen),
  );
  if (repeated !== undefined) return repeated;
  if (asked.amountFen !== undefined && !isAmount(amountFen)) {
    return turnedAway('the amount must be above zero, 12 digits at most');
  }
  const open = openCaseOf(state, sale?.id);
  if (open !== undefined) {
    return { kind: 'refused', why: `${open.id} is open on this sale`, openId: open.id };
  }
  const { category, isFailure, goods, way, route, papers, contact } = asked;
  const opened = openCase(step, {
    requestNo,
    mid,
    category,
    isFailure,
    goods,
    way,
    route,
    papers,
    contact,
    ...(sale === undefined ? {} : { saleId: sale.id }),
    ...(channel === undefined ? {} : { channel }),
    amountFen,
    policy: policyNow(step),
    sale,
  });
  proceed(step, opened);
  return { kind: 'case', case: opened };
}

/** A refund at the terminal is a case as well, agreed by the rules at once (B23). */
export function openTerminalCase(
  step: HostStep,
  sale: Transaction,
  requestNo: string,
  amountFen: number,
): RefundCase {
  return openCase(step, {
    requestNo,
    mid: sale.mid,
    saleId: sale.id,
    category: 'transaction',
    isFailure: false,
    goods: 'none',
    way: 'terminal',
    route: 'terminal',
    papers: ['slip'],
    contact: 'sms',
    amountFen,
    policy: policyNow(step),
    sale,
  });
}

function openCase(
  step: HostStep,
  {
    policy,
    sale,
    ...asked
  }: Omit<CaseRecord, 'id' | 'isFaulty' | 'appliedOn' | 'policyFrom' | 'feeFen' | 'payer'> & {
    readonly policy: RefundPolicyVersion;
    readonly sale: Transaction | undefined;
  },
): RefundCase {
  const { state } = step;
  const appliedOn = businessDate(step);
  // A failed payment costs nobody anything (B07).
  const isFree = sale === undefined || asked.isFailure;
  const record: CaseRecord = {
    ...asked,
    id: nextId(state),
    isFaulty: false,
    appliedOn,
    policyFrom: policy.from,
    feeFen: isFree ? 0 : refundFee(policy, sale, asked.amountFen, appliedOn),
    payer: policy.fee.payer,
  };
  return enter(step, record);
}

function nextId(state: HostState): string {
  return `R${String(state.refundCases.size + 1).padStart(6, '0')}`;
}

function enter(step: HostStep, record: CaseRecord): RefundCase {
  commit(step, { kind: 'refund-applied', case: record });
  const opened = findCase(step.state, record.id);
  tellCase(step, opened);
  return opened;
}

/** The money for a device, from the order alone: never through a sale or a card (B22). */
export function applyForDevice(step: HostStep, asked: DeviceApplication): CaseOutcome {
  const { state } = step;
  if (!REQUEST_NO.test(asked.requestNo)) return turnedAway(BAD_NUMBER);
  if (!state.merchants.has(asked.mid)) return turnedAway('the merchant is unknown');
  const record = deviceCase(step, asked);
  if ('kind' in record) return record;
  const opened = enter(step, { ...record, id: nextId(state) });
  proceed(step, opened);
  return { kind: 'case', case: opened };
}

function subjectOf(
  state: HostState,
  mid: string,
  of: RefundApplication['of'],
): { sale?: Transaction; channel?: SalesChannel } | string {
  const id = 'rrn' in of ? state.byRrn.get(of.rrn) : of.transactionId;
  const sale = state.transactions.get(id ?? '');
  const other = 'rrn' in of ? state.otherSales.get(of.rrn) : undefined;
  if (sale === undefined && other?.mid === mid) return { channel: other.channel };
  if (sale?.mid !== mid) return 'this merchant has no such sale';
  return sale.kind === 'sale' ? { sale } : `it is a ${sale.kind}, not a sale`;
}

/** What was never debited can be asked for in full, and is refused with the reason (B06). */
function leftToClaim(state: HostState, sale: Transaction): number {
  return sale.status === 'active' ? remainingOf(state, sale) : sale.amountFen;
}

/** The case that the same number has opened, if it was for the same (B11). */
export function repeatedCase(
  state: HostState,
  mid: string,
  requestNo: string,
  isSame: (earlier: RefundCase) => boolean,
): CaseOutcome | undefined {
  const earlierId = state.caseByRequest.get(requestKey(mid, requestNo));
  if (earlierId === undefined) return undefined;
  const earlier = findCase(state, earlierId);
  if (isSame(earlier)) return { kind: 'case', case: earlier, isRepeat: true };
  return {
    kind: 'refused',
    why: `the request number belongs to another application, ${earlierId}`,
    openId: earlierId,
  };
}

function turnedAway(why: string): CaseOutcome {
  return { kind: 'refused', why };
}
