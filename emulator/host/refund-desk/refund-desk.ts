import type { HostState } from '../host-state.ts';
import { businessDate, commit, hostMoment, type Act, type HostStep } from '../host-step.ts';
import {
  applyForDevice,
  applyForRefund,
  type CaseOutcome,
  type RefundApplication,
} from './apply-refund.ts';
import type { RefundCase } from './case-book.ts';
import type { CaseSide, SalesChannel } from './case-events.ts';
import { move, proceed } from './case-steps.ts';
import { caseOfSale, viewOf, type CaseView } from './case-view.ts';
import {
  closeComplaint,
  complain,
  overdueOn,
  type ComplaintOutcome,
  type Overdue,
} from './complaints.ts';
import {
  orderDevice,
  shipDevice,
  type DeviceApplication,
  type DeviceOutcome,
  type DevicePurchase,
} from './device-desk.ts';
import { isRefundOwed } from '../wallet/wallet-orders.ts';
import { whyNotPolicy, type RefundPolicy } from './refund-policy.ts';
import { policyNow, policyVersions } from './refund-terms.ts';
import {
  consent,
  execute,
  reviewCase,
  signAgreement,
  withdraw,
  type Review,
} from './work-on-case.ts';

/** What an act at the desk came to: the case as it stands now, or why nothing was done. */
export type DeskAnswer =
  | { readonly kind: 'case'; readonly view: CaseView; readonly isRepeat: boolean }
  | { readonly kind: 'refused'; readonly why: string; readonly openId?: string };

/** What a day at the desk came to, by case number. */
export interface DeskDay extends Overdue {
  readonly sent: readonly string[];
  readonly arrived: readonly string[];
}

/** The refund desk of the back office; each act is one journalled step. */
export interface RefundDesk {
  apply(asked: RefundApplication): DeskAnswer;
  /** The money for a device. */
  applyForDevice(asked: DeviceApplication): DeskAnswer;
  orderDevice(purchase: DevicePurchase): DeviceOutcome;
  shipDevice(orderId: string): DeviceOutcome;
  review(caseId: string, review: Review): DeskAnswer;
  consent(caseId: string, side: CaseSide, feeFen: number): DeskAnswer;
  /** @param picture JBIG as hex, with the feature code of the sale */
  sign(caseId: string, side: CaseSide, picture: string): DeskAnswer;
  withdraw(caseId: string, by: string): DeskAnswer;
  execute(caseId: string): DeskAnswer;
  complain(caseId: string, order: { readonly by: string; readonly text: string }): ComplaintOutcome;
  closeComplaint(
    id: string,
    order: { readonly by: string; readonly isUpheld: boolean },
  ): ComplaintOutcome;
  /** By case number, or by the reference number of the sale; undefined when there is none. */
  progress(by: { readonly caseId: string } | { readonly rrn: string }): CaseView | undefined;
  /** What waits is sent where it can be, and money whose day has come has arrived. */
  dayPasses(): DeskDay;
  /** In maintenance applications are kept, and go on when it ends (B17). */
  setMaintenance(isOn: boolean, by: string): void;
  /** Changes the policy from a moment on; why not, or nothing. */
  enterPolicy(from: string, changes: PolicyChanges, by: string): string | undefined;
  /** A sale that was made elsewhere; why not, or nothing. */
  noteOtherSale(rrn: string, mid: string, channel: SalesChannel): string | undefined;
}

/** What of a policy changes; of its fee, too, only what is said. */
export type PolicyChanges = Partial<Omit<RefundPolicy, 'fee'>> & {
  readonly fee?: Partial<RefundPolicy['fee']>;
};

export function refundDesk(state: HostState, act: Act): RefundDesk {
  const answer = (decide: (step: HostStep) => CaseOutcome): DeskAnswer =>
    act((step) => {
      const outcome = decide(step);
      if (outcome.kind === 'refused') return outcome;
      const view = viewOf(state, outcome.case, hostMoment(step).dateTime);
      return { kind: 'case', view, isRepeat: outcome.isRepeat === true };
    });
  return {
    apply: (asked) => answer((step) => applyForRefund(step, asked)),
    applyForDevice: (asked) => answer((step) => applyForDevice(step, asked)),
    orderDevice: (purchase) => act((step) => orderDevice(step, purchase)),
    shipDevice: (orderId) => act((step) => shipDevice(step, orderId)),
    review: (caseId, review) => answer((step) => reviewCase(step, caseId, review)),
    consent: (caseId, side, feeFen) => answer((step) => consent(step, caseId, side, feeFen)),
    sign: (caseId, side, picture) => answer((step) => signAgreement(step, caseId, side, picture)),
    withdraw: (caseId, by) => answer((step) => withdraw(step, caseId, by)),
    execute: (caseId) => answer((step) => execute(step, caseId)),
    complain: (caseId, order) => act((step) => complain(step, caseId, order)),
    closeComplaint: (id, order) => act((step) => closeComplaint(step, id, order)),
    progress: (by) =>
      act((step) => {
        const found =
          'caseId' in by
            ? state.refundCases.get(by.caseId)
            : caseOfSale(state, state.byRrn.get(by.rrn) ?? '');
        return found && viewOf(state, found, hostMoment(step).dateTime);
      }),
    dayPasses: () => act(passDay),
    setMaintenance: (isOn, by) =>
      act((step) => {
        if (isOn === state.isRefundMaintenance) return;
        commit(step, { kind: 'refund-maintenance-set', isOn, by });
        if (!isOn) goOn(step);
      }),
    enterPolicy: (from, changes, by) => act((step) => enterPolicy(step, from, changes, by)),
    noteOtherSale: (rrn, mid, channel) =>
      act((step) => {
        if (!state.merchants.has(mid)) return 'the merchant is unknown';
        if (state.byRrn.has(rrn)) return 'it is a transaction of this acquirer';
        commit(step, { kind: 'other-sale-noted', rrn, mid, channel });
        return undefined;
      }),
  };
}

/** What maintenance or a closed channel has kept waiting goes on, the oldest first. */
export function goOn(step: HostStep): void {
  for (const waiting of step.state.refundCases.values()) {
    if (waiting.state === 'applied' || waiting.state === 'agreed') proceed(step, waiting);
  }
}

function passDay(step: HostStep): DeskDay {
  const { refundCases } = step.state;
  const today = businessDate(step);
  const sent: string[] = [];
  const arrived: string[] = [];
  for (const each of refundCases.values()) {
    if (each.state === 'applied' || each.state === 'agreed') {
      proceed(step, each);
      if (hasGoneOut(each)) sent.push(each.id);
    }
    const isDue = each.dueOn !== undefined && each.dueOn <= today;
    if (each.state === 'sent' && isDue && !isRefundOwed(step.state, each.refundId)) {
      move(step, each, 'arrived', 'issuer');
      arrived.push(each.id);
    }
  }
  return { sent, arrived, ...overdueOn(step.state, today) };
}

/** Asked of what has just changed, which the compiler does not see. */
function hasGoneOut({ state }: RefundCase): boolean {
  return state === 'sent';
}

function enterPolicy(
  step: HostStep,
  from: string,
  changes: PolicyChanges,
  by: string,
): string | undefined {
  const { state } = step;
  const now = hostMoment(step).dateTime;
  const begins = from.length === 10 ? `${from} 00:00:00` : from;
  if (begins < now) return `${from} has begun already`;
  if (policyVersions(state).some((each) => each.from === begins)) {
    return `there is a policy from ${from} on already`;
  }
  const before = policyNow(step);
  const fee = { ...before.fee, ...changes.fee };
  const version = { ...before, ...changes, fee, from: begins };
  const why = whyNotPolicy(version);
  if (why === undefined) commit(step, { kind: 'refund-policy-entered', version, by });
  return why;
}
