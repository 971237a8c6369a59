import { formatYuan } from '../../protocol/message/amount.ts';
import type { HostState } from '../../emulator/host/host-state.ts';
import type { Hold } from '../../emulator/host/risk/hold-book.ts';
import type { Law } from './law.ts';

/**
 * Each freeze of a settled sale has all of it but for what it has let go itself; what it has not itself,
 * a freeze of the same merchant that names no sale has.
 */
export const frozenIsKept: Law = {
  id: 'I-23',
  title: { zh: '冻结的款项不出款', en: 'what is frozen is kept, and not paid out' },
  violations({ host }) {
    return [...host.merchants.keys()].flatMap((mid) => {
      const frozen = [...host.holds.values()].filter(
        (hold) => hold.mid === mid && hold.state === 'frozen',
      );
      const amountsFen = heldBy(frozen.filter(({ transactionId }) => transactionId === undefined));
      const sold = new Set(frozen.flatMap(({ transactionId = '' }) => transactionId || []));
      const lacking = [...sold].flatMap((id) => {
        const lackFen = lackOf(
          host,
          id,
          frozen.filter(({ transactionId }) => transactionId === id),
        );
        return lackFen > 0 ? [{ id, lackFen }] : [];
      });
      const lackFen = lacking.reduce((sum, each) => sum + each.lackFen, 0);
      if (lackFen <= amountsFen) return [];
      const sales = lacking.map((each) => `${each.id} ${formatYuan(each.lackFen)}`).join(', ');
      return [`${mid}: freezes lack ${sales}, other freezes have ${formatYuan(amountsFen)}`];
    });
  },
};

function lackOf(host: HostState, id: string, holds: readonly Hold[]): number {
  const sale = host.transactions.get(id);
  if (sale?.isSettled !== true || sale.status !== 'active') return 0;
  const { amountFen, feeFen, surchargeFen = 0, refundedFen, feeBackFen, surchargeBackFen } = sale;
  const broughtFen =
    amountFen - feeFen - surchargeFen - refundedFen + feeBackFen + surchargeBackFen;
  const { disputedFen = 0, seizedFen = 0, depositFen = 0 } = host.parts.get(id) ?? {};
  const leftFen = Math.max(0, broughtFen - disputedFen - seizedFen - depositFen);
  const letGoFen = Math.min(...holds.map(({ releasedFen }) => releasedFen));
  return leftFen - letGoFen - heldBy(holds);
}

function heldBy(holds: readonly Hold[]): number {
  return holds.reduce((sum, { heldFen }) => sum + heldFen, 0);
}
