import { balance } from '../books/ledger.ts';
import type { HostState } from '../host-state.ts';
import type { Deposit } from './deposit-book.ts';

/** What people can see of settlement beside the payouts themselves. */
export interface SettlementDesk {
  /** The deposit of a merchant; undefined where his contract has none. */
  deposit(mid: string): Deposit | undefined;
  /** What instant payouts have cost all merchants. */
  payoutFeesFen(): number;
}

export function settlementDesk(state: HostState): SettlementDesk {
  return {
    deposit: (mid) => state.deposits.get(mid),
    payoutFeesFen: () => balance(state.ledger, 'payout-fees', {}),
  };
}
