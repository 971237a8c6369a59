import { digest } from '../../../protocol/security/digest.ts';
import type { AdjustmentBook } from '../adjustments/adjustment-book.ts';
import type { Transaction, TransactionBook } from '../transaction-book.ts';
import type { ClearedItem, ClearingBook, DayTotals } from './clearing-book.ts';

/** A line of the clearing file of a settlement day (spec 8.6). */
export interface ClearingRow {
  readonly settleDate: string;
  readonly merchantId: string;
  readonly terminalId: string;
  readonly batchNo: string;
  readonly stan: string;
  readonly rrn: string;
  readonly authCode: string;
  readonly type: 'sale' | 'refund' | 'adjustment';
  readonly cardMasked: string;
  /** Empty for a payment by code. */
  readonly cardClass: 'debit' | 'credit' | '';
  /** What the holder pays; negative when he gets it back. */
  readonly amountFen: number;
  readonly feeFen: number;
  readonly surchargeFen: number;
  /** What the merchant gets; negative when he gives it back. */
  readonly netFen: number;
  /** How it stands now: settled, on its way (ordered), paid. */
  readonly status: 'settled' | 'ordered' | 'paid';
  readonly originalRrn: string;
  readonly payoutId: string;
}

/** What rows are made of; classes of cards by their names. */
export interface ClearingSource extends ClearingBook, TransactionBook, AdjustmentBook {
  readonly cards: ReadonlyMap<string, { readonly account: { readonly class: 'debit' | 'credit' } }>;
  readonly payouts: ReadonlyMap<string, { readonly state: 'ordered' | 'paid' | 'returned' }>;
}

/** The clearing file of a day, in the order in which things were settled. */
export function clearingRows(source: ClearingSource, day: string): ClearingRow[] {
  return (source.cleared.get(day) ?? []).map((item) => rowOf(source, day, item));
}

/** Sums of a file. */
export function totalsOf(rows: readonly ClearingRow[]): DayTotals {
  const of = (type: ClearingRow['type']): ClearingRow[] => rows.filter((row) => row.type === type);
  const sum = (
    some: readonly ClearingRow[],
    name: 'amountFen' | 'feeFen' | 'surchargeFen' | 'netFen',
  ): number => some.reduce((total, row) => total + row[name], 0);
  const [sales, refunds, adjustments] = [of('sale'), of('refund'), of('adjustment')];
  return {
    sales: sales.length,
    salesFen: sum(sales, 'amountFen'),
    refunds: refunds.length,
    refundsFen: 0 - sum(refunds, 'amountFen'),
    adjustments: adjustments.length,
    adjustmentsFen: 0 - sum(adjustments, 'amountFen'),
    feesFen: sum(rows, 'feeFen'),
    surchargesFen: sum(rows, 'surchargeFen'),
    netFen: sum(rows, 'netFen'),
  };
}

/** Over what never changes of the rows: how far their money has come is not part of it. */
export function fileHash(rows: readonly ClearingRow[]): string {
  return digest(
    JSON.stringify(
      rows.map((row) => [
        row.settleDate,
        row.merchantId,
        row.terminalId,
        row.batchNo,
        row.stan,
        row.rrn,
        row.authCode,
        row.type,
        row.cardMasked,
        row.cardClass,
        row.amountFen,
        row.feeFen,
        row.surchargeFen,
        row.netFen,
        row.originalRrn,
      ]),
    ),
  );
}

function rowOf(source: ClearingSource, settleDate: string, { kind, id }: ClearedItem): ClearingRow {
  if (kind === 'adjustment') return adjustmentRow(source, settleDate, id);
  const transaction = source.transactions.get(id)!;
  const { mid, tid, batchNo, stan, rrn, authCode, cardMasked, cardId, amountFen } = transaction;
  const isSale = transaction.kind === 'sale';
  const original = source.transactions.get(transaction.originalId ?? '');
  const { payoutId = '' } = transaction;
  const cost = costOf(transaction);
  const fen = isSale ? amountFen : 0 - amountFen;
  return {
    settleDate,
    merchantId: mid,
    terminalId: tid,
    batchNo,
    stan,
    rrn,
    authCode,
    type: isSale ? 'sale' : 'refund',
    cardMasked,
    cardClass: source.cards.get(cardId)?.account.class ?? '',
    amountFen: fen,
    ...cost,
    netFen: fen - cost.feeFen - cost.surchargeFen,
    status: statusOf(source, payoutId),
    originalRrn: isSale ? '' : (original?.rrn ?? ''),
    payoutId,
  };
}

/** What it costs the merchant; of a refund its own fee, less what comes back of the sale's. */
function costOf({ kind, feeFen, surchargeFen = 0, refund }: Transaction): {
  readonly feeFen: number;
  readonly surchargeFen: number;
} {
  if (kind === 'sale') return { feeFen, surchargeFen };
  if (refund === undefined) return { feeFen: 0, surchargeFen: 0 };
  return {
    feeFen: refund.feeFen - refund.feeBackFen,
    surchargeFen: 0 - refund.surchargeBackFen,
  };
}

function adjustmentRow(source: ClearingSource, settleDate: string, id: string): ClearingRow {
  const { transactionId, to, amountFen } = source.adjustments.get(id)!;
  const sale = source.transactions.get(transactionId)!;
  const fen = to === 'holder' ? 0 - amountFen : amountFen;
  return {
    settleDate,
    merchantId: sale.mid,
    terminalId: '',
    batchNo: '',
    stan: '',
    rrn: id,
    authCode: '',
    type: 'adjustment',
    cardMasked: sale.cardMasked,
    cardClass: source.cards.get(sale.cardId)?.account.class ?? '',
    amountFen: fen,
    feeFen: 0,
    surchargeFen: 0,
    netFen: fen,
    status: 'settled',
    originalRrn: sale.rrn,
    payoutId: '',
  };
}

function statusOf({ payouts }: ClearingSource, payoutId: string): ClearingRow['status'] {
  const state = payouts.get(payoutId)?.state;
  return state === 'paid' || state === 'ordered' ? state : 'settled';
}
