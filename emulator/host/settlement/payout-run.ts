import type { PayoutBank } from '../../bank/payout-bank.ts';
import type { CrashPoint } from '../crash-points.ts';
import type { HostState } from '../host-state.ts';
import type { Act } from '../host-step.ts';
import { notePayout, openPayouts, orderPayouts, payoutLines, type PayoutLine } from './payouts.ts';

/** What a payout run works with. */
export interface PayoutTools {
  readonly bank: PayoutBank;
  /** Whether the host has lost its power, now or before. */
  readonly die: (point: CrashPoint) => boolean;
}

/**
 * Orders first, and each is journalled before the bank is asked: one that was asked already is asked
 * again under its number, and executed once (A02). That holds for a merchant who was frozen meanwhile
 * too: the bank may have executed the order, and only it knows.
 */
export function runPayouts(
  state: HostState,
  act: Act,
  { die, bank }: PayoutTools,
  isAsked: boolean,
): PayoutLine[] | undefined {
  const open = openPayouts(state);
  const payouts = [...open, ...act((step) => orderPayouts(step, isAsked))];
  for (const { id, account, amountFen } of payouts) {
    if (die('payout-ordered')) return undefined;
    const result = bank.execute({ id, account, fen: amountFen });
    if (die('payout-executed')) return undefined;
    act((step) => notePayout(step, id, result));
  }
  return payoutLines(
    state,
    payouts.map(({ id }) => id),
  );
}
