import { balance, postingsOf } from '../books/ledger.ts';
import type { HoldMove, SalePart } from '../host-event.ts';
import type { HostState } from '../host-state.ts';
import { commit, hostMoment, type HostStep } from '../host-step.ts';
import { filled, firstOf, freeParts, lacksOf, unpaidSales } from '../risk/held-money.ts';
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
    giveBack(step, mid, heldFen);
    return;
  }
  const payableFen = Math.max(0, balance(state.ledger, 'payable', { mid }));
  const fen = Math.min(amountFen - heldFen, payableFen);
  // The newest sales bear it: what has been due for longer is paid.
  const newest = unpaidSales(state, mid).toReversed();
  if (fen > 0) {
    move(step, 'deposit-frozen', mid, fen, firstOf(freeParts(state, mid, newest), fen));
  }
}

/** All of it, to the sales that have borne it; what is frozen of them stays so. */
function giveBack(step: HostStep, mid: string, fen: number): void {
  const { state } = step;
  const borne = [...state.parts].flatMap(([transactionId, { depositFen }]) => {
    const isOwn = state.transactions.get(transactionId)?.mid === mid;
    return isOwn && depositFen > 0 ? [{ transactionId, fen: depositFen }] : [];
  });
  move(step, 'deposit-returned', mid, fen, borne, keptOf(state, mid, fen, borne));
}

/** Of sales that have borne the deposit: what freezes lack of them, now that it comes back. */
function keptOf(
  state: HostState,
  mid: string,
  fen: number,
  borne: readonly SalePart[],
): readonly HoldMove[] {
  const back = new Map(borne.map((part) => [part.transactionId, part.fen]));
  const lacks = lacksOf(state, mid, back).map(({ holdId, transactionId, fen: lackFen }) => {
    return { holdId, fen: Math.min(lackFen, back.get(transactionId) ?? 0) };
  });
  return filled(lacks, fen);
}

function move(
  step: HostStep,
  kind: DepositEvent['kind'],
  mid: string,
  fen: number,
  parts: readonly SalePart[],
  holdMoves: readonly HoldMove[] = [],
): void {
  const { postings } = step.state.institution;
  const held = holdMoves.reduce((sum, each) => sum + each.fen, 0);
  commit(step, {
    kind,
    mid,
    fen,
    at: hostMoment(step).dateTime,
    postings: [
      ...postingsOf(postings, kind, { mid }, { amount: fen }),
      ...postingsOf(postings, 'hold-placed', { mid }, { held }),
    ],
    ...(parts.length === 0 ? {} : { parts }),
    ...(holdMoves.length === 0 ? {} : { holdMoves }),
  });
}
