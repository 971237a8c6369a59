import type { BatchTotals } from '../../protocol/message/totals-field.ts';
import type { LoggedTransaction } from './terminal-record.ts';

/** Sales count as debit, voided ones too; voids and refunds as credit (spec 3.4). */
export function terminalTotals(log: readonly LoggedTransaction[]): BatchTotals {
  const debit = log.filter(({ kind }) => kind === 'sale');
  const credit = log.filter(({ kind }) => kind !== 'sale');
  const sum = (items: readonly LoggedTransaction[]): number =>
    items.reduce((total, { amountFen }) => total + amountFen, 0);
  return {
    debitFen: sum(debit),
    debitCount: debit.length,
    creditFen: sum(credit),
    creditCount: credit.length,
  };
}
