import { postingsOf, type Posting } from '../books/ledger.ts';
import type { HoldMove, TransactionRecord } from '../host-event.ts';
import { businessDate, commit, hostMoment, takeRrn, type HostStep } from '../host-step.ts';
import { frozenOn } from '../risk/held-money.ts';
import type { Transaction } from '../transaction-book.ts';
import { orderRefund } from '../wallet/wallet-orders.ts';
import type { RefundTerms } from './refund-terms.ts';

/** Frozen money that comes free with a refund: which holds, and the postings of it. */
export interface FreedMoney {
  readonly moves: readonly HoldMove[];
  readonly postings: readonly Posting[];
}

/**
 * Books a refund, whoever has decided it: the amount, what it costs, what comes back of the sale's fee.
 * It goes the way that the money came (B09): to the card, or to the payer by his wallet, which is asked
 * until it has done it.
 */
export function approveRefund(
  step: HostStep,
  sale: Transaction,
  record: TransactionRecord,
  terms: RefundTerms,
  freed: FreedMoney,
): TransactionRecord {
  const { postings } = step.state.institution;
  const { cardId: card, mid, wallet } = sale;
  const owners = wallet === undefined ? { card, mid } : { wallet, mid };
  const { feeFen, feeBackFen, surchargeBackFen } = terms;
  const back = { fee: feeBackFen, surcharge: surchargeBackFen };
  const by = wallet === undefined ? {} : { wallet };
  const transaction = { ...record, ...by, originalId: sale.id, refund: terms };
  commit(step, {
    kind: 'refund-approved',
    transaction,
    postings: [
      ...postingsOf(postings, wallet === undefined ? 'refund' : 'wallet-refund', owners, {
        amount: record.amountFen,
      }),
      ...freed.postings,
      ...postingsOf(postings, 'refund-fee', owners, { fee: feeFen }),
      ...postingsOf(postings, 'sale-fee-returned', owners, back),
    ],
    holdMoves: freed.moves,
  });
  if (wallet !== undefined) orderRefund(step, sale, transaction);
  return transaction;
}

/** A refund of frozen money is taken from the freeze first (spec 8.5). */
export function freedBy(
  step: HostStep,
  sale: Transaction,
  amountFen: number,
  { feeBackFen, surchargeBackFen }: RefundTerms,
): FreedMoney {
  // What comes back of the sale's fee pays its part of the refund.
  let leftFen = amountFen - feeBackFen - surchargeBackFen;
  const moves: HoldMove[] = [];
  for (const hold of frozenOn(step.state, sale.id)) {
    const fen = Math.min(hold.heldFen, leftFen);
    if (fen > 0) moves.push({ holdId: hold.id, fen });
    leftFen -= fen;
  }
  const held = moves.reduce((sum, { fen }) => sum + fen, 0);
  const { postings } = step.state.institution;
  return { moves, postings: postingsOf(postings, 'hold-released', { mid: sale.mid }, { held }) };
}

/** The record of a refund of the host's own: it belongs to no terminal and to no batch. */
export function hostRefund(
  step: HostStep,
  sale: Transaction,
  cause: string,
  amountFen: number,
): TransactionRecord {
  const { mid, cardId, cardMasked } = sale;
  return {
    id: `host-${cause}`,
    kind: 'refund',
    tid: '',
    mid,
    batchNo: '',
    stan: '',
    rrn: takeRrn(step),
    authCode: '',
    date: businessDate(step),
    settlementDate: hostMoment(step).settlementDate,
    cardId,
    cardMasked,
    amountFen,
    feeFen: 0,
    entry: sale.entry,
    entryDigits: sale.entryDigits,
    rc: '00',
    noSignature: 'host-refund',
    originalId: sale.id,
  };
}
