import type { HostState } from '../host-state.ts';
import type { Hold } from './hold-book.ts';
import { netOf, type Transaction } from '../transaction-book.ts';

function frozenHolds(state: HostState, mid: string): Hold[] {
  return [...state.holds.values()].filter((hold) => hold.mid === mid && hold.state === 'frozen');
}

/** Sales of a merchant that are in force and that no payout names, the oldest first. */
export function unpaidSales(state: HostState, mid: string): Transaction[] {
  const sales = state.unpaid.get(mid)?.values() ?? [];
  return [...sales].filter(({ status }) => status === 'active');
}

/** What disputes have taken of a sale. */
export function takenOf(state: HostState, transactionId: string): number {
  return [...state.holds.values()]
    .filter((hold) => hold.transactionId === transactionId)
    .reduce((sum, { takenFen }) => sum + takenFen, 0);
}

/** What a sale still brings its merchant, frozen or not. */
export function leftOf(state: HostState, sale: Transaction): number {
  const backFen = sale.feeBackFen + sale.surchargeBackFen;
  return netOf(sale) - sale.refundedFen + backFen - takenOf(state, sale.id);
}

/**
 * How much of each unpaid sale of a merchant is frozen. A frozen amount names no sale: it is taken to
 * be the money of the newest ones.
 */
export function frozenParts(state: HostState, mid: string): Map<string, number> {
  const holds = frozenHolds(state, mid);
  const parts = new Map<string, number>();
  for (const { transactionId, heldFen } of holds) {
    if (transactionId === undefined) continue;
    parts.set(transactionId, (parts.get(transactionId) ?? 0) + heldFen);
  }
  const unpaid = unpaidSales(state, mid).filter(({ isSettled }) => isSettled);
  for (const hold of holds) {
    if (hold.transactionId !== undefined) continue;
    let restFen = hold.heldFen;
    for (const sale of unpaid.toReversed()) {
      if (restFen <= 0) break;
      const before = parts.get(sale.id) ?? 0;
      const fen = Math.min(restFen, Math.max(0, leftOf(state, sale) - before));
      if (fen > 0) parts.set(sale.id, before + fen);
      restFen -= fen;
    }
  }
  return parts;
}

/** What is frozen of a sale by name. */
export function heldOf(state: HostState, transactionId: string): number {
  return [...state.holds.values()]
    .filter((hold) => hold.transactionId === transactionId && hold.state === 'frozen')
    .reduce((sum, hold) => sum + hold.heldFen, 0);
}

/**
 * The unpaid sales of a merchant whose money a freeze keeps back, each with its hold. A frozen
 * amount names no sale: it is taken to be the money of the newest ones.
 */
export function heldSales(state: HostState, mid: string): Map<string, Hold> {
  const holds = frozenHolds(state, mid);
  const unpaid = unpaidSales(state, mid);
  const kept = new Map<string, Hold>();
  const whole = holds.find(({ scope }) => scope === 'merchant');
  for (const { id } of unpaid) {
    const own = holds.find(({ transactionId }) => transactionId === id) ?? whole;
    if (own !== undefined) kept.set(id, own);
  }
  for (const hold of holds.filter(({ scope }) => scope === 'amount')) {
    let leftFen = hold.heldFen;
    for (const sale of unpaid.toReversed()) {
      if (leftFen <= 0) break;
      if (kept.has(sale.id) || !sale.isSettled) continue;
      kept.set(sale.id, hold);
      leftFen -= leftOf(state, sale);
    }
  }
  return kept;
}
