import type { BatchTotals } from '../../../protocol/message/totals-field.ts';
import type { HostState } from '../host-state.ts';

/** Approved, not reversed transactions of a batch; voided sales by policy (spec 3.4, 6.8). */
export function hostTotals(state: HostState, tid: string, batchNo: string): BatchTotals {
  const countVoided = state.institution.policy.voidedSaleInTotals === 'both';
  let [debitFen, debitCount, creditFen, creditCount] = [0, 0, 0, 0];
  for (const { kind, status, amountFen } of state.transactions.in(tid, batchNo)) {
    if (status !== 'active' && status !== 'voided') continue;
    if (kind === 'sale' && (status === 'active' || countVoided)) {
      debitFen += amountFen;
      debitCount++;
    }
    if (kind === 'refund' || (kind === 'void' && countVoided)) {
      creditFen += amountFen;
      creditCount++;
    }
  }
  return { debitFen, debitCount, creditFen, creditCount };
}

export function areEqual(left: BatchTotals, right: BatchTotals): boolean {
  return (
    left.debitFen === right.debitFen &&
    left.debitCount === right.debitCount &&
    left.creditFen === right.creditFen &&
    left.creditCount === right.creditCount
  );
}
