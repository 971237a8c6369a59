import type { TransactionRecord } from '../host-event.ts';
import { businessDate, commit, settlementDate, takeRrn, type HostStep } from '../host-step.ts';
import { approveRefund } from '../switch/financial.ts';
import type { Transaction } from '../transaction-book.ts';
import { endable, letGo, type ReleaseOutcome } from './freeze.ts';
import { takenOf } from './held-money.ts';

/**
 * The review ends for the card holder: what is left of the frozen sale goes back to his card on the
 * original route, and the hold with it (A12). The refund is the host's own: it belongs to no terminal
 * and to no batch.
 */
export function returnHold(step: HostStep, holdId: string, by: string): ReleaseOutcome {
  const { state } = step;
  const found = endable(state, holdId, by, undefined);
  if ('outcome' in found) return found;
  const { hold } = found;
  const sale = state.transactions.get(hold.transactionId ?? '');
  if (sale === undefined) {
    return { outcome: 'refused', why: `${holdId} is on no single sale: nobody to return it to` };
  }
  const leftFen = sale.amountFen - sale.refundedFen - takenOf(state, sale.id);
  if (sale.status !== 'active' || leftFen <= 0) {
    return { outcome: 'refused', why: 'nothing of the sale is left to return' };
  }
  const refund = refundRecord(step, sale, holdId, leftFen);
  const moves = [{ holdId, fen: hold.heldFen }];
  approveRefund(step, sale, refund, letGo(state, sale.mid, hold.heldFen), moves);
  commit(step, { kind: 'hold-returned', holdId, by });
  return { outcome: 'returned', returnedFen: leftFen };
}

function refundRecord(
  step: HostStep,
  sale: Transaction,
  holdId: string,
  amountFen: number,
): TransactionRecord {
  const { mid, cardId, cardMasked, wallet } = sale;
  return {
    id: `host-${holdId}`,
    kind: 'refund',
    tid: '',
    mid,
    batchNo: '',
    stan: '',
    rrn: takeRrn(step),
    authCode: '',
    date: businessDate(step),
    settlementDate: settlementDate(step),
    cardId,
    cardMasked,
    amountFen,
    feeFen: 0,
    entry: sale.entry,
    entryDigits: sale.entryDigits,
    rc: '00',
    noSignature: 'host-refund',
    originalId: sale.id,
    ...(wallet === undefined ? {} : { wallet }),
  };
}
