import { maskPan } from '../../../protocol/bytes/card-number.ts';
import type { TransactionRecord } from '../host-event.ts';
import { commit, type HostStep } from '../host-step.ts';
import { whyStopped } from '../risk/judge-sale.ts';
import { decline, priced } from '../switch/financial.ts';
import type { Reaction, Waits } from '../switch/reaction.ts';
import type { Request } from '../switch/request.ts';
import { alarmKey } from '../upstream/answers.ts';
import { approvePending, refusePending } from '../upstream/resolve.ts';
import { paymentCodeOf } from './payment-code.ts';
import { payCall, queryCall, type WalletVerdict } from './wallet-calls.ts';

/** Codes of a refusal by the wallet, as terminals know them. */
const REFUSALS: Readonly<Record<string, string>> = {
  'insufficient-funds': '51',
  'unknown-code': '14',
  limit: '61',
};

/**
 * A payment by code (spec 2.8): the wallet is asked and the terminal waits. The record of it is in the
 * journal before the wallet hears of it, so that whatever happens can be undone there.
 */
export function payByCode(
  step: HostStep,
  request: Request,
  record: TransactionRecord,
): Reaction | Waits {
  const { dialect, policy } = step.state.institution;
  const found = paymentCodeOf(dialect, request.message);
  if (found === undefined) return decline(step, record, '14', 'field 59 holds no payment code');
  const { wallet, code } = found;
  const product = wallet === 'unionpay-qr' ? 'unionpay-qr' : 'qr';
  const transaction: TransactionRecord = {
    ...priced(step, { ...record, cardMasked: maskPan(code) }, product, 'credit'),
    wallet,
    noSignature: 'payment-code',
  };
  const { id, amountFen } = transaction;
  const stopped = whyStopped(step, transaction);
  if (stopped !== undefined) return decline(step, record, stopped.rc, stopped.why);
  commit(step, {
    kind: 'transaction-pending',
    transaction,
    fingerprint: request.fingerprint ?? '',
    postings: [],
  });
  const call = payCall(id, wallet, code, amountFen);
  step.effects.push(
    { kind: 'call-wallet', key: id, action: 'pay', call, limitMs: policy.walletCallMs },
    { kind: 'start-alarm', key: alarmKey('limit', id), delayMs: policy.walletAnswerMs },
  );
  return { waitsFor: id };
}

/** What the wallet has said to a payment, or to the question about it. */
export function paymentAnswered(
  step: HostStep,
  id: string,
  action: 'pay' | 'query',
  verdict: WalletVerdict,
): void {
  // It was decided meanwhile: reversed, or its time was over. The order to undo it is on its way.
  if (!step.state.pending.has(id)) return;
  switch (verdict.kind) {
    case 'paid':
      approvePending(step, id, verdict.voucher);
      break;
    case 'declined':
      refusePending(step, id, REFUSALS[verdict.reason] ?? '05', `the wallet: ${verdict.reason}`);
      break;
    case 'closed':
    case 'refunded':
      refusePending(step, id, '98', 'the wallet has closed it');
      break;
    case 'unavailable':
      if (action === 'pay') {
        refusePending(step, id, '91', `the wallet is not to be reached: ${verdict.reason}`);
        break;
      }
      askLater(step, id);
      return;
    case 'uncertain':
      if (action === 'pay') queryPayment(step, id);
      else askLater(step, id);
      return;
    // The payment may still be on its way there.
    case 'not-there':
      askLater(step, id);
      return;
    default:
      verdict satisfies never;
  }
  step.effects.push(
    { kind: 'stop-alarm', key: alarmKey('limit', id) },
    { kind: 'stop-alarm', key: alarmKey('query', id) },
  );
}

function askLater(step: HostStep, id: string): void {
  const delayMs = step.state.institution.policy.walletQueryMs;
  step.effects.push({ kind: 'start-alarm', key: alarmKey('query', id), delayMs });
}

export function queryPayment(step: HostStep, id: string): void {
  if (!step.state.pending.has(id)) return;
  const limitMs = step.state.institution.policy.walletCallMs;
  step.effects.push({
    kind: 'call-wallet',
    key: id,
    action: 'query',
    call: queryCall(id),
    limitMs,
  });
}
