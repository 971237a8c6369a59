import { nextBatchNo } from '../../../protocol/message/batch-number.ts';
import { readTotalsField, totalsText } from '../../../protocol/message/totals-field.ts';
import { settlementFields } from '../requests/build-request.ts';
import { screenOfCode, SCREENS } from '../screens.ts';
import type { OperationResult } from '../operation-result.ts';
import { isChipSale } from '../requests/upload-messages.ts';
import type { TerminalRecord } from '../terminal-record.ts';
import type { Operation, TerminalState } from '../terminal-state.ts';
import { terminalTotals } from '../terminal-totals.ts';
import { persist, takeStan, type TerminalStep } from '../terminal-step.ts';
import { finishWith, GO_ON, type Job, type Next } from './job.ts';

/** The batch of the logged transactions, which a sign-in in between does not change. */
export function batchToSettle(state: TerminalState): string {
  return state.record.log[0]?.batchNo ?? state.record.batchNo;
}

function settlementUnknown(): Next {
  return finishWith('unknown', SCREENS.settlementUnknown);
}

/** The batch ends; a sign-in meanwhile may already have moved the terminal to the next one. */
export function closeBatch(step: TerminalStep, settledBatch: string): void {
  const current = step.state.record.batchNo;
  const next = current === settledBatch ? nextBatchNo(settledBatch) : current;
  persist(step, { kind: 'batch-closed', nextBatchNo: next });
}

function signatureCounts({
  signatures,
}: TerminalRecord): NonNullable<OperationResult['signatures']> {
  const uploaded = signatures.filter(({ state }) => state === 'uploaded').length;
  return { uploaded, paper: signatures.length - uploaded };
}

function upload(operation: Operation, known: Partial<OperationResult>): Next {
  Object.assign(operation.known, known);
  operation.jobs.splice(1, 0, 'upload');
  return GO_ON;
}

/**
 * Batch settlement: totals against totals; all details go up when they differ, those of the chips
 * when they do not (spec 6.8).
 */
export const settlementJob: Job = {
  begin(step) {
    const { config, record } = step.state;
    if (record.advice !== undefined) return finishWith('refused', SCREENS.refundOpen);
    const stan = takeStan(step);
    const batchNo = batchToSettle(step.state);
    persist(step, { kind: 'settlement-begun', stan });
    return { mti: '0500', fields: settlementFields(config, batchNo, stan, record.log) };
  },
  answered(step, operation, request, answer) {
    const { config, record } = step.state;
    const rc = answer.fields[39] ?? '00';
    const stan = request.fields[11] ?? '';
    if (rc !== '00') {
      persist(step, { kind: 'settlement-ended' });
      if (config.dialect.signInAgain.includes(rc)) persist(step, { kind: 'sign-in-lost' });
      return finishWith('declined', screenOfCode(config.dialect, rc), { rc, stan });
    }
    const verdict = readTotalsField(answer.fields[48] ?? '');
    const batchNo = batchToSettle(step.state);
    const ours = totalsText(terminalTotals(record.log));
    const host = verdict === undefined ? 'unreadable' : totalsText(verdict.totals);
    const known = {
      stan,
      batchNo,
      totals: { terminal: ours, host },
      ...(record.signatures.length === 0 ? {} : { signatures: signatureCounts(record) }),
    };
    if (verdict?.domesticFlag === '1' && verdict.foreignFlag === '1') {
      if (!record.log.some(isChipSale)) {
        closeBatch(step, batchNo);
        return finishWith('balanced', SCREENS.balanced, known);
      }
      persist(step, { kind: 'upload-begun', isBalanced: true });
      return upload(operation, known);
    }
    if (verdict?.domesticFlag === '2' || verdict?.foreignFlag === '2') {
      persist(step, { kind: 'upload-begun', isBalanced: false });
      return upload(operation, known);
    }
    persist(step, { kind: 'settlement-ended' });
    return finishWith('declined', SCREENS.failed, known);
  },
  unanswered: settlementUnknown,
  forged: settlementUnknown,
  notSent(step) {
    persist(step, { kind: 'settlement-ended' });
    return finishWith('not-sent', SCREENS.notSent);
  },
};
