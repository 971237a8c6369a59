import {
  NO_TOTALS,
  readTotalsField,
  totalsField,
  type BatchTotals,
  type TotalsField,
} from '../../../protocol/message/totals-field.ts';
import { postingsOf, type Posting } from '../books/ledger.ts';
import type { HoldMove } from '../host-event.ts';
import { settleDeposit } from '../settlement/deposit.ts';
import { netOf, type Transaction } from '../transaction-book.ts';
import { commit, hostMoment, takeRrn, type HostStep } from '../host-step.ts';
import { frozenOn, leftOf } from '../risk/held-money.ts';
import { refuse, type Reaction } from '../switch/reaction.ts';
import type { Request } from '../switch/request.ts';
import { areEqual, hostTotals } from './batch-totals.ts';

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
    return verdict(step, claimed, session.closed.totals);
  }
  const totals = hostTotals(step.state, tid, batchNo);
  if (isBalanced(claimed, totals)) closeBatch(step, request, totals);
  else {
    const terminal = claimed.totals;
    commit(step, { kind: 'batch-disputed', tid, batchNo, terminal, host: totals });
  }
  return verdict(step, claimed, totals);
}

/** No card of this institution is foreign: its totals of foreign cards are zero (spec 3.4). */
function isBalanced(claimed: TotalsField, host: BatchTotals): boolean {
  return areEqual(claimed.totals, host) && areEqual(claimed.foreign, NO_TOTALS);
}

function verdict(step: HostStep, claimed: TotalsField, host: BatchTotals): Reaction {
  const domestic = areEqual(claimed.totals, host) ? BALANCED : NOT_BALANCED;
  const foreign = areEqual(claimed.foreign, NO_TOTALS) ? BALANCED : NOT_BALANCED;
  return {
    rc: '00',
    withoutRc: true,
    fields: {
      15: hostMoment(step).settlementDate,
      37: takeRrn(step),
      48: totalsField(host, [domestic, foreign]),
    },
  };
}

/** The batch's money becomes payable, except what a freeze takes (I-23). */
export function closeBatch(step: HostStep, request: Request, totals: BatchTotals): void {
  const { tid, mid, batchNo } = request;
  const earned = step.state.transactions
    .in(tid, batchNo)
    .filter((each) => each.kind === 'sale' && each.status === 'active');
  const earnedFen = earned.reduce((sum, sale) => sum + netOf(sale), 0);
  const holdMoves = earned.flatMap((sale) => frozen(step, sale));
  const heldFen = holdMoves.reduce((sum, { fen }) => sum + fen, 0);
  const postings: Posting[] = postingsOf(
    step.state.institution.postings,
    'batch-closed',
    { mid },
    { amount: earnedFen, net: earnedFen - heldFen, held: heldFen },
  );
  const on = hostMoment(step).settlementIso;
  commit(step, { kind: 'batch-closed', tid, on, batchNo, totals, postings, holdMoves });
  settleDeposit(step, mid);
}

function frozen(step: HostStep, sale: Transaction): HoldMove[] {
  const [first] = frozenOn(step.state, sale.id);
  const fen = leftOf(step.state, sale);
  return first === undefined || fen <= 0 ? [] : [{ holdId: first.id, fen }];
}
