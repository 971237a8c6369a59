import type { HostState } from '../host-state.ts';
import type { Transaction } from '../transaction-book.ts';

/** Whether a payment cannot be moved now: the channel to the issuer is closed. Codes go another way. */
export function isCutOff(
  { isChannelOpen }: HostState,
  { wallet }: Pick<Transaction, 'wallet'>,
): boolean {
  return !isChannelOpen && wallet === undefined;
}
