import { businessDate, commit, type HostStep } from '../host-step.ts';
import type { HostState } from '../host-state.ts';
import { addWorkingDays } from '../settlement/working-days.ts';
import { openCaseOf, subjectOf, type Complaint, type RefundCase } from './case-book.ts';
import { move } from './case-steps.ts';
import { policyOf } from './refund-terms.ts';
import { refused, whyNotText } from './work-on-case.ts';

export type ComplaintOutcome =
  | { readonly kind: 'complaint'; readonly complaint: Complaint; readonly case: RefundCase }
  | { readonly kind: 'refused'; readonly why: string };

/** A review has refused, or takes too long: the complaint runs on a clock of its own (B19). */
export function complain(
  step: HostStep,
  caseId: string,
  order: { readonly by: string; readonly text: string },
): ComplaintOutcome {
  const { state } = step;
  const found = state.refundCases.get(caseId);
  if (found === undefined) return refused(`there is no case ${caseId}`);
  const bad = whyNotText(order.by, 'a name') ?? whyNotText(order.text, 'a text');
  if (bad !== undefined) return refused(bad);
  const today = businessDate(step);
  const isLate = isOverdue(found, today);
  if (found.state !== 'refused' && !isLate) {
    const { dueOn } = found;
    return refused(
      `${caseId} is ${found.state}${dueOn === undefined ? '' : `, and has until ${dueOn}`}`,
    );
  }
  const open = state.complaints.get(found.complaintId ?? '');
  if (open !== undefined && open.closed === undefined) return refused(`${open.id} is open on it`);
  const complaint = {
    id: `C${String(state.complaints.size + 1).padStart(6, '0')}`,
    caseId,
    by: order.by,
    text: order.text,
    openedOn: today,
    dueOn: addWorkingDays(today, policyOf(state, found).complaintDays),
  };
  commit(step, { kind: 'complaint-opened', complaint });
  return { kind: 'complaint', complaint: state.complaints.get(complaint.id)!, case: found };
}

/** Ends a complaint; one that is right sends a refused case back to the review. */
export function closeComplaint(
  step: HostStep,
  id: string,
  { by, isUpheld }: { readonly by: string; readonly isUpheld: boolean },
): ComplaintOutcome {
  const { state } = step;
  const complaint = state.complaints.get(id);
  if (complaint === undefined) return refused(`there is no complaint ${id}`);
  const bad = whyNotText(by, 'a name');
  if (bad !== undefined) return refused(bad);
  if (complaint.closed !== undefined) return refused(`${id} was closed by ${complaint.closed.by}`);
  const found = state.refundCases.get(complaint.caseId)!;
  const other = openCaseOf(state, subjectOf(found));
  const isReopened = isUpheld && found.state === 'refused';
  if (isReopened && other !== undefined) return refused(`${other.id} is open on this sale`);
  const on = businessDate(step);
  commit(step, { kind: 'complaint-closed', id, by, on, isUpheld });
  if (isReopened) {
    const dueOn = addWorkingDays(on, policyOf(state, found).reviewDays);
    move(step, found, 'under-review', by, { dueOn });
  }
  return { kind: 'complaint', complaint, case: found };
}

/** What takes longer than the policy allows, by number. */
export interface Overdue {
  readonly cases: readonly string[];
  readonly complaints: readonly string[];
}

export function overdueOn(state: HostState, today: string): Overdue {
  return {
    cases: [...state.refundCases.values()]
      .filter((each) => isOverdue(each, today))
      .map(({ id }) => id),
    complaints: [...state.complaints.values()]
      .filter(({ closed, dueOn }) => closed === undefined && dueOn < today)
      .map(({ id }) => id),
  };
}

function isOverdue({ state, dueOn }: RefundCase, today: string): boolean {
  return state === 'under-review' && dueOn !== undefined && dueOn < today;
}
