import { heldSales } from '../risk/held-money.ts';
import type { HostState } from '../host-state.ts';
import type { Transaction } from '../transaction-book.ts';
import {
  batchSubject,
  eventsAbout,
  holdSubject,
  payoutSubject,
  type EventRef,
} from './evidence-book.ts';

/**
 * Everything in the journal that has to do with a transaction: its own events and those of what was
 * built upon it, its batch, the freezes that keep its money, the payouts that carried it.
 */
export function trailOf(state: HostState, transaction: Transaction): EventRef[] {
  const { id, mid } = transaction;
  const holds = [...(state.holdsOf.sales.get(id) ?? [])];
  const keeping = heldSales(state, mid).get(id);
  if (keeping !== undefined) holds.push(keeping);
  const payouts = [...state.payouts.values()].filter(
    ({ mid: paidMid, transactionIds, parts = [] }) =>
      paidMid === mid &&
      (transactionIds.includes(id) || parts.some(({ transactionId }) => transactionId === id)),
  );
  return eventsAbout(state, [
    id,
    batchSubject(transaction),
    ...holds.map((hold) => holdSubject({ holdId: hold.id })),
    ...payouts.map(payoutSubject),
  ]);
}
