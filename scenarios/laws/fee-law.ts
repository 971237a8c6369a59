import { formatYuan } from '../../protocol/message/amount.ts';
import type { HostState } from '../../emulator/host/host-state.ts';
import type { Rate, Rounding } from '../../emulator/host/tariff/rate.ts';
import type { Transaction } from '../../emulator/host/transaction-book.ts';
import type { Law } from './law.ts';

/** Halves of a millionth that are added before the division: the law's own way to round. */
const ADDED: Readonly<Record<Rounding, bigint>> = {
  'half-up': 1_000_000n,
  'half-even': 1_000_000n,
  up: 1_999_999n,
  down: 0n,
};

/** The fee as a fraction of fen over two million, brought to whole fen once. */
function feeByLaw(
  { ppm, fixedFen = 0, minFen = 0, capFen, rounding = 'half-up' }: Rate,
  fen: number,
): number {
  const doubled = 2n * BigInt(fen) * BigInt(ppm);
  let rounded = (doubled + ADDED[rounding]) / 2_000_000n;
  const isTie = doubled % 2_000_000n === 1_000_000n;
  if (rounding === 'half-even' && isTie && rounded % 2n === 1n) rounded -= 1n;
  const least = Math.max(minFen, Number(rounded) + fixedFen);
  return capFen !== undefined && least > capFen ? capFen : least;
}

/** The rate that a sale names, among those of its merchant and of the tariff. */
function rateOf(host: HostState, { mid, tariffLine = '' }: Transaction): Rate | undefined {
  const versions = [
    ...(host.contracts.get(mid)?.versions ?? []),
    ...host.institution.tariff.versions,
  ];
  for (const { from, lines } of versions) {
    const line = lines.find(({ name }) => `${name} ${from}` === tariffLine);
    if (line !== undefined) return line.rate;
  }
  return undefined;
}

export const feeFormula: Law = {
  id: 'I-18',
  title: {
    zh: '手续费按费率一次舍入、封顶、保底',
    en: 'a fee is the exact product, rounded once, within its bounds',
  },
  violations({ host }) {
    return [...host.transactions.values()].flatMap((sale) => {
      if (sale.kind !== 'sale') return [];
      const { id, status, amountFen, feeFen } = sale;
      if (status === 'declined') return feeFen === 0 ? [] : [`${id} was declined and costs a fee`];
      const rate = rateOf(host, sale);
      if (rate === undefined)
        return [`${id} names no line of the tariff: ${sale.tariffLine ?? ''}`];
      const due = feeByLaw(rate, amountFen);
      if (feeFen === due) return [];
      return [`${id}: fee ${formatYuan(feeFen)} where ${formatYuan(due)} is due`];
    });
  },
};
