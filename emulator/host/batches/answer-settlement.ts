import {
  readTotalsField,
  totalsField,
  type BatchTotals,
} from '../../../protocol/message/totals-field.ts';
import { postingsOf, type Posting } from '../books/ledger.ts';
import type { HoldMove } from '../host-event.ts';
import type { Transaction } from '../host-state.ts';
import { commit, settlementDate, takeRrn, type HostStep } from '../host-step.ts';
import { refuse, type Reaction } from '../switch/reaction.ts';
import type { Request } from '../switch/request.ts';
import { areEqual, batchTransactions, hostTotals } from './batch-totals.ts';

const BALANCED = '1';
const NOT_BALANCED = '2';

/**
 * Batch settlement: four totals against four totals; the verdict is the flag in field 48, balanced
 * only when all are equal (I-14). A repeated request for the closed batch gets its verdict again.
 */
export function answerSettlement(step: HostStep, request: Request): Reaction {
  const { session, tid, batchNo, message } = request;
  const claimed = readTotalsField(message.fields[48] ?? '');
  if (claimed === undefined) return refuse('30');
  if (session.closed?.batchNo === batchNo) {
    return verdict(step, claimed.totals, session.closed.totals);
  }
  const totals = hostTotals(step.state, tid, batchNo);
  if (areEqual(claimed.totals, totals)) closeBatch(step, request, totals);
  else {
    const terminal = claimed.totals;
    commit(step, { kind: 'batch-disputed', tid, batchNo, terminal, host: totals });
  }
  return verdict(step, claimed.totals, totals);
}

function verdict(step: HostStep, terminal: BatchTotals, host: BatchTotals): Reaction {
  const flag = areEqual(terminal, host) ? BALANCED : NOT_BALANCED;
  return {
    rc: '00',
    withoutRc: true,
    // The host's own totals; nothing was traded with foreign cards on either side.
    fields: {
      15: settlementDate(step),
      37: takeRrn(step),
      48: totalsField(host, [flag, BALANCED]),
    },
  };
}

/** The batch's money becomes payable, except what a freeze takes (I-23). */
export function closeBatch(step: HostStep, request: Request, totals: BatchTotals): void {
  const { tid, mid, batchNo } = request;
  const earned = batchTransactions(step.state, tid, batchNo).filter(
    (each) => each.kind === 'sale' && each.status === 'active',
  );
  const earnedFen = earned.reduce((sum, sale) => sum + sale.amountFen - sale.feeFen, 0);
  const holdMoves = earned.flatMap((sale) => frozen(step, sale));
  const heldFen = holdMoves.reduce((sum, { fen }) => sum + fen, 0);
  const postings: Posting[] = postingsOf(
    step.state.institution.postings,
    'batch-closed',
    { mid },
    { amount: earnedFen, net: earnedFen - heldFen, held: heldFen },
  );
  commit(step, { kind: 'batch-closed', tid, batchNo, totals, postings, holdMoves });
}

function frozen(step: HostStep, sale: Transaction): HoldMove[] {
  let leftFen = sale.amountFen - sale.feeFen - sale.refundedFen;
  const moves: HoldMove[] = [];
  for (const hold of step.state.holds.values()) {
    if (hold.state !== 'frozen' || hold.transactionId !== sale.id || leftFen <= 0) continue;
    moves.push({ holdId: hold.id, fen: leftFen });
    leftFen = 0;
  }
  return moves;
}
