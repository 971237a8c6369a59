import { formatYuan } from '../../protocol/message/amount.ts';
import type { LawView } from './law.ts';

/**
 * Part of I-02: what a payer has paid, by the wallet's own books, is what his sale still is by the
 * host's. A payment is confirmed or undone, and never both; what is ordered there and not done yet is
 * not held against it.
 */
export function walletDisagreements({ host, wallet }: LawView): string[] {
  if (wallet === undefined) return [];
  const payments = wallet.payments();
  const open = [...host.walletOrders.values()];
  const found: string[] = [];
  // What the payer has back: the cost of a refund, where he bears it, is none of that.
  const back = new Map<string, number>();
  for (const { kind, status, originalId = '', amountFen } of host.transactions.values()) {
    if (kind !== 'refund' || status !== 'active') continue;
    back.set(originalId, (back.get(originalId) ?? 0) + amountFen);
  }
  const numbers = new Set(payments.keys());
  for (const { id, wallet: payer, kind } of host.transactions.values()) {
    if (payer !== undefined && kind === 'sale') numbers.add(id);
  }
  for (const orderNo of numbers) {
    const payment = payments.get(orderNo);
    const sale = host.transactions.get(orderNo);
    if (sale?.status === 'pending') continue;
    const orders = open.filter((each) => each.orderNo === orderNo);
    const isPaid = payment?.state === 'paid';
    const takenFen = isPaid ? payment.fen - payment.refundedFen : 0;
    const dueFen = sale?.status === 'active' ? sale.amountFen - (back.get(orderNo) ?? 0) : 0;
    const orderedFen = orders.some(({ action }) => action === 'close')
      ? takenFen
      : orders.reduce((sum, { fen }) => sum + fen, 0);
    if (takenFen - orderedFen !== dueFen) {
      const [paid, due] = [formatYuan(takenFen - orderedFen), formatYuan(dueFen)];
      found.push(`${orderNo}: the wallet has taken ${paid}, the sale is ${due}`);
    }
  }
  return found;
}
