import { postingsOf, type Posting } from '../books/ledger.ts';
import { commit, type HostStep } from '../host-step.ts';
import { reviewApproved } from '../risk/judge-sale.ts';
import { answered } from '../switch/answer-request.ts';
import { answerFields, salePostings } from '../switch/financial.ts';
import type { Reaction } from '../switch/reaction.ts';
import { logRefusal, sendAnswer } from '../switch/send-answer.ts';
import { orderClose } from '../wallet/wallet-orders.ts';
import { voucherField } from '../wallet/payment-code.ts';
import type { Pending } from './upstream-book.ts';

/** The other party has said yes: the sale is in force, and its terminal hears it. */
export function approvePending(step: HostStep, id: string, voucher?: string): void {
  const pending = step.state.pending.get(id);
  if (pending === undefined) return;
  const { transaction } = pending;
  const session = step.state.terminals.get(transaction.tid);
  if (session?.batchNo !== transaction.batchNo) {
    refusePending(step, id, '98', 'its batch was closed before the answer came');
    return;
  }
  const isWallet = transaction.wallet !== undefined;
  commit(step, {
    kind: 'pending-approved',
    id,
    ...(voucher === undefined ? {} : { voucher }),
    postings: salePostings(step, isWallet ? 'sale' : 'issuer-debit-confirmed', transaction),
  });
  reviewApproved(step, transaction);
  const chip = pending.issuer?.chip;
  finish(step, pending, {
    rc: '00',
    fields: {
      ...answerFields(step, transaction),
      ...(chip === undefined ? {} : { 55: chip }),
      ...(voucher === undefined ? {} : { 59: voucherField(voucher) }),
    },
  });
}

/**
 * It has said no, or nothing in time. What an issuer has taken goes back; a wallet that did not say
 * what it has done is made to undo it.
 */
export function refusePending(step: HostStep, id: string, rc: string, why: string): void {
  const pending = step.state.pending.get(id);
  if (pending === undefined) return;
  const { transaction } = pending;
  commit(step, { kind: 'pending-refused', id, rc, why, postings: undoPending(step, pending) });
  if (transaction.wallet !== undefined && rc === '98') orderClose(step, transaction);
  const fields = answerFields(step, { ...transaction, authCode: '' });
  finish(step, pending, { rc, fields, why });
}

/** What has been booked of it so far, back. */
export function undoPending(step: HostStep, { transaction, issuer }: Pending): Posting[] {
  if (issuer?.rc !== '00') return [];
  const { cardId: card, amountFen: amount } = transaction;
  const { postings } = step.state.institution;
  return postingsOf(postings, 'issuer-debit-undone', { card }, { amount });
}

/** The answer: kept for retransmissions, and sent where somebody still waits for it. */
function finish(step: HostStep, { transaction, fingerprint }: Pending, reaction: Reaction): void {
  const { id, tid, batchNo, stan } = transaction;
  const { state } = step;
  if (state.terminals.get(tid)?.batchNo === batchNo) {
    const answer = { ...reaction.fields, 39: reaction.rc };
    commit(step, { kind: 'exchange-answered', tid, batchNo, stan, fingerprint, answer });
  }
  const waiting = state.waiting.get(id);
  state.waiting.delete(id);
  if (waiting === undefined || !state.connections.has(waiting.asker.link)) return;
  const { link } = waiting.asker;
  if (reaction.why !== undefined) {
    const text = `${tid} 0200: ${reaction.why}`;
    logRefusal(step, link, reaction.rc, text, `answered ${reaction.rc}`);
  }
  sendAnswer(step, waiting.asker, answered(waiting.request, reaction));
}
