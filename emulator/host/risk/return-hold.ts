import { isCutOff } from '../issuer/channel.ts';
import { commit, type HostStep } from '../host-step.ts';
import { approveRefund, hostRefund } from '../refund-desk/refund-entry.ts';
import { remainingOf, termsOf } from '../refund-desk/refund-terms.ts';
import { frozenOn } from './held-money.ts';
import { endable, letGo, type ReleaseOutcome } from './freeze.ts';

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
  if (isCutOff(state, sale)) {
    return { outcome: 'refused', why: 'the channel to the issuer is closed' };
  }
  const leftFen = remainingOf(state, sale);
  if (sale.status !== 'active' || leftFen <= 0) {
    return { outcome: 'refused', why: 'nothing of the sale is left to return' };
  }
  // What another freeze is to keep could still be taken, and the sale would have gone back twice (I-22).
  const other = frozenOn(state, sale.id).find(({ id }) => id !== holdId);
  if (other !== undefined) {
    return { outcome: 'refused', why: `${other.id} is on the sale as well: release that first` };
  }
  const record = hostRefund(step, sale, holdId, leftFen);
  approveRefund(step, sale, record, termsOf(step, sale, leftFen, undefined), {
    moves: [{ holdId, fen: hold.heldFen }],
    postings: letGo(state, hold, hold.heldFen),
  });
  commit(step, { kind: 'hold-returned', holdId, by });
  return { outcome: 'returned', returnedFen: leftFen };
}
