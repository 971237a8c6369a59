import { balance, postingsOf } from '../books/ledger.ts';
import { commit, hostMoment, type HostStep } from '../host-step.ts';
import type { DepositEvent } from './deposit-book.ts';

/**
 * After a settlement: what is missing of the deposit is taken from what is due to the merchant; when
 * his turnover has come to the mark all of it goes back, once, and nothing is taken any more.
 */
export function settleDeposit(step: HostStep, mid: string): void {
  const { state } = step;
  const deposit = state.deposits.get(mid);
  if (deposit === undefined || deposit.isReturned) return;
  const { amountFen, turnoverFen, heldFen, turnedOverFen } = deposit;
  if (turnedOverFen >= turnoverFen) {
    move(step, mid, 'deposit-returned', heldFen);
    return;
  }
  const payableFen = Math.max(0, balance(state.ledger, 'payable', { mid }));
  const fen = Math.min(amountFen - heldFen, payableFen);
  if (fen > 0) move(step, mid, 'deposit-frozen', fen);
}

function move(step: HostStep, mid: string, kind: DepositEvent['kind'], fen: number): void {
  commit(step, {
    kind,
    mid,
    fen,
    at: hostMoment(step).dateTime,
    postings: postingsOf(step.state.institution.postings, kind, { mid }, { amount: fen }),
  });
}
