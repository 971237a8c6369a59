import type { HostStep, WalletAnswered } from '../host-step.ts';
import { verdictOf } from '../wallet/wallet-calls.ts';
import { paymentAnswered, queryPayment } from '../wallet/pay-by-code.ts';
import { callOrder, freeOrder, holdOrder, orderAnswered } from '../wallet/wallet-orders.ts';
import { approvePending, refusePending } from './resolve.ts';

/** Alarms of this room: what rings, and for which transaction or order. */
export type AlarmName = 'issuer' | 'limit' | 'query' | 'order' | 'free';

export function alarmKey(name: AlarmName, id: string): string {
  return `${name}:${id}`;
}

export function alarmRings(step: HostStep, key: string): void {
  const at = key.indexOf(':');
  const id = key.slice(at + 1);
  switch (key.slice(0, at) as AlarmName) {
    case 'issuer':
      issuerAnswers(step, id);
      return;
    case 'limit':
      refusePending(step, id, '98', 'no answer in time; it is undone there');
      return;
    case 'query':
      queryPayment(step, id);
      return;
    case 'order':
      callOrder(step, id);
      return;
    case 'free':
      freeOrder(step, id);
      return;
    default:
  }
}

function issuerAnswers(step: HostStep, id: string): void {
  const issuer = step.state.pending.get(id)?.issuer;
  if (issuer === undefined) return;
  if (issuer.rc === '00') approvePending(step, id);
  else refusePending(step, id, issuer.rc, 'the issuer refused it');
}

export function walletAnswers(step: HostStep, { key, action, outcome }: WalletAnswered): void {
  const verdict = verdictOf(outcome);
  if (action === 'pay' || action === 'query') paymentAnswered(step, key, action, verdict);
  else orderAnswered(step, key, verdict);
}

/**
 * After a start: what the wallets owe an answer for is asked again, and the transactions that were
 * pending are undone, for nobody waits for them any more.
 */
export function resumePending(step: HostStep): void {
  for (const [key, { state, heldFor }] of step.state.walletOrders) {
    if (state === 'due') callOrder(step, key);
    else if (heldFor !== undefined) holdOrder(step, key);
  }
  for (const id of step.state.pending.keys()) {
    refusePending(step, id, '98', 'the host was restarted before the answer came');
  }
}
