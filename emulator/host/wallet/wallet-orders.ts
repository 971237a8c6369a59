import { backOffMs } from '../back-off.ts';
import type { TransactionRecord } from '../host-event.ts';
import { commit, type HostStep } from '../host-step.ts';
import type { UpstreamBook } from '../upstream/upstream-book.ts';
import type { WalletOrderRecord } from '../upstream/upstream-events.ts';
import { alarmKey } from '../upstream/answers.ts';
import { closeCall, refundCall, type WalletVerdict } from './wallet-calls.ts';

function make(step: HostStep, order: WalletOrderRecord): void {
  commit(step, { kind: 'wallet-order-made', order });
  if (order.heldFor === undefined) callOrder(step, order.key);
}

function closeKey(sale: Pick<TransactionRecord, 'id'>): string {
  return `close/${sale.id}`;
}

/** The payment of a sale that is not in force goes back. */
export function orderClose(step: HostStep, { id, amountFen }: TransactionRecord): void {
  make(step, { key: closeKey({ id }), orderNo: id, action: 'close', fen: amountFen });
}

/**
 * That of a sale that is voided: the void can still be reversed, until its terminal goes on or has had
 * the time for three sends of a reversal.
 */
export function orderCloseOfVoid(
  step: HostStep,
  { id, amountFen }: TransactionRecord,
  { tid: heldFor, stan: heldSince }: Pick<TransactionRecord, 'tid' | 'stan'>,
): void {
  const key = closeKey({ id });
  make(step, { key, orderNo: id, action: 'close', fen: amountFen, heldFor, heldSince });
  holdOrder(step, key);
}

/** It becomes due by itself in the end. */
export function holdOrder(step: HostStep, key: string): void {
  const delayMs = step.state.institution.policy.voidFinalMs;
  step.effects.push({ kind: 'start-alarm', key: alarmKey('free', key), delayMs });
}

/** Whether the void of this sale can still be undone; then it is, as far as the wallet is concerned. */
export function dropClose(step: HostStep, sale: TransactionRecord): boolean {
  const key = closeKey(sale);
  if (step.state.walletOrders.get(key)?.state !== 'held') return false;
  commit(step, { kind: 'wallet-order-dropped', key });
  step.effects.push({ kind: 'stop-alarm', key: alarmKey('free', key) });
  return true;
}

export function orderRefund(
  step: HostStep,
  sale: TransactionRecord,
  refund: Pick<TransactionRecord, 'id' | 'amountFen'>,
): void {
  const { id, amountFen: fen } = refund;
  make(step, { key: refundKey(id), orderNo: sale.id, action: 'refund', fen });
}

function refundKey(refundId: string): string {
  return `refund/${refundId}`;
}

/** Whether a wallet has not given its payer this refund yet. */
export function isRefundOwed({ walletOrders }: UpstreamBook, refundId = ''): boolean {
  return walletOrders.has(refundKey(refundId));
}

/** A terminal goes on: its voids are final. What comes late from before a void says nothing of it. */
export function freeOrdersOf(
  step: HostStep,
  { tid, stan }: { readonly tid: string; readonly stan: string },
): void {
  for (const { key, state, heldFor, heldSince } of step.state.walletOrders.values()) {
    if (state !== 'held' || heldFor !== tid) continue;
    if (heldSince === undefined || isLater(stan, heldSince)) freeOrder(step, key);
  }
}

const MOST_STAN = 999_999;

/** Trace numbers begin again at 1: the nearer way round counts. */
function isLater(stan: string, than: string): boolean {
  const ahead = (Number(stan) - Number(than) + MOST_STAN) % MOST_STAN;
  return ahead > 0 && ahead <= MOST_STAN / 2;
}

export function freeOrder(step: HostStep, key: string): void {
  if (step.state.walletOrders.get(key)?.state !== 'held') return;
  commit(step, { kind: 'wallet-order-freed', key });
  step.effects.push({ kind: 'stop-alarm', key: alarmKey('free', key) });
  callOrder(step, key);
}

/** Asks the wallet for what it owes; the order's number keeps it from doing it twice. */
export function callOrder(step: HostStep, key: string): void {
  const order = step.state.walletOrders.get(key);
  if (order?.state !== 'due') return;
  const { orderNo, action, fen } = order;
  const call = action === 'close' ? closeCall(orderNo) : refundCall(orderNo, key, fen);
  const limitMs = step.state.institution.policy.walletCallMs;
  step.effects.push({ kind: 'call-wallet', key, action, call, limitMs });
}

export function orderAnswered(step: HostStep, key: string, verdict: WalletVerdict): void {
  const order = step.state.walletOrders.get(key);
  if (order?.state !== 'due') return;
  const isDone = verdict.kind === (order.action === 'close' ? 'closed' : 'refunded');
  if (isDone) {
    commit(step, { kind: 'wallet-order-done', key });
    return;
  }
  const reason = 'reason' in verdict ? verdict.reason : `the wallet says ${verdict.kind}`;
  const delayMs = backOffMs(step.state.institution.policy.walletRetryMs, order.attempts);
  commit(step, { kind: 'wallet-order-failed', key, reason });
  step.effects.push({ kind: 'start-alarm', key: alarmKey('order', key), delayMs });
}
