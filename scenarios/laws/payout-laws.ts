import { formatYuan } from '../../protocol/message/amount.ts';
import type { HostState } from '../../emulator/host/host-state.ts';
import type { Law } from './law.ts';

/** What a sale brought its merchant when it was made. */
function netAtFirst(host: HostState, id: string): number {
  const sale = host.transactions.get(id);
  if (sale?.kind !== 'sale') return 0;
  return sale.amountFen - sale.feeFen - (sale.surchargeFen ?? 0);
}

/**
 * An instant payout is money of sales in force that are named, each by one payout alone; what it costs
 * comes out of the same money.
 */
export const instantCovered: Law = {
  id: 'I-24',
  title: {
    zh: '即时出款（D+0）以已批准交易净额为限',
    en: 'instant payouts (D+0) are covered by the sales that they name',
  },
  violations({ host }) {
    const named = new Map<string, string>();
    return [...host.payouts.values()].flatMap(({ id, state, isInstant, ...payout }) => {
      if (state === 'returned') return [];
      const found: string[] = [];
      for (const saleId of payout.transactionIds) {
        const other = named.get(saleId);
        if (other !== undefined) found.push(`${id} names ${saleId}, and so does ${other}`);
        named.set(saleId, id);
        const status = host.transactions.get(saleId)?.status;
        if (status !== 'active')
          found.push(`${id} pays ${saleId}, which is ${status ?? 'unknown'}`);
      }
      if (isInstant !== true) return found;
      const coverFen = payout.transactionIds.reduce((sum, each) => sum + netAtFirst(host, each), 0);
      const takenFen = payout.amountFen + (payout.feeFen ?? 0);
      if (takenFen > coverFen) {
        found.push(`${id}: ${formatYuan(takenFen)}, its sales bring ${formatYuan(coverFen)}`);
      }
      return found;
    });
  },
};

/** What merchants have paid for payouts that are on their way or done. */
export function payoutFeesOf(host: HostState, mid?: string): number {
  return [...host.payouts.values()]
    .filter((payout) => payout.state !== 'returned' && (mid === undefined || payout.mid === mid))
    .reduce((sum, { feeFen = 0 }) => sum + feeFen, 0);
}

/** A deposit lies where the books say, and has gone back only for the turnover that was agreed. */
export function depositsOff(host: HostState): string[] {
  return [...host.deposits].flatMap(([mid, deposit]) => {
    const { amountFen, heldFen, isReturned, turnedOverFen, turnoverFen } = deposit;
    const bookedFen = host.ledger.balances.get(`merchant/${mid}/deposit`) ?? 0;
    const found: string[] = [];
    if (bookedFen !== heldFen || heldFen < 0 || heldFen > amountFen) {
      const parts = [bookedFen, heldFen, amountFen].map(formatYuan).join(', ');
      found.push(`${mid}: deposit booked, held, agreed ${parts}`);
    }
    if (isReturned && (heldFen !== 0 || turnedOverFen < turnoverFen)) {
      found.push(`${mid}: the deposit went back at ${formatYuan(turnedOverFen)}`);
    }
    return found;
  });
}
