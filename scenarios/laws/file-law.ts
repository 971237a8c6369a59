import { formatYuan } from '../../protocol/message/amount.ts';
import type { HostState } from '../../emulator/host/host-state.ts';
import {
  clearingRows,
  fileHash,
  type ClearingRow,
} from '../../emulator/host/settlement/clearing-rows.ts';
import type { Transaction } from '../../emulator/host/transaction-book.ts';

/** Whether a transaction belongs into a file: in force, and its batch settled where it has one. */
function isCleared({ kind, status, isSettled, batchNo }: Transaction): boolean {
  return status === 'active' && kind !== 'void' && (isSettled || batchNo === '');
}

/**
 * I-17 over the settlement files: each sale and refund in force stands in one of them, once, and nothing
 * else does; a day that was closed has the file that it was closed with; and what the files bring each
 * merchant is what the books say that he has or had.
 */
export function filesOff(host: HostState): string[] {
  const found: string[] = [];
  const times = new Map<string, number>();
  const netFen = new Map<string, number>();
  for (const day of host.cleared.keys()) {
    const rows = clearingRows(host, day);
    const closed = host.closedDays.get(day);
    if (closed !== undefined && closed.fileHash !== fileHash(rows)) {
      found.push(`the file of ${day} is not the one that it was closed with`);
    }
    for (const row of rows) {
      times.set(row.rrn, (times.get(row.rrn) ?? 0) + 1);
      netFen.set(row.merchantId, (netFen.get(row.merchantId) ?? 0) + row.netFen);
      found.push(...rowOff(host, row));
    }
  }
  for (const transaction of host.transactions.values()) {
    const due = isCleared(transaction) ? 1 : 0;
    const is = times.get(transaction.rrn) ?? 0;
    if (is !== due) found.push(`${transaction.id} stands in ${is} files, ${due} is due`);
  }
  for (const { id, state } of host.adjustments.values()) {
    const due = state === 'booked' ? 1 : 0;
    const is = times.get(id) ?? 0;
    if (is !== due) found.push(`${id} stands in ${is} files, ${due} is due`);
  }
  for (const mid of host.merchants.keys()) {
    const fen = (netFen.get(mid) ?? 0) - refundedAhead(host, mid);
    const booked = bookedFen(host, mid);
    if (fen !== booked) {
      found.push(`${mid}: files bring ${formatYuan(fen)}, books ${formatYuan(booked)}`);
    }
  }
  return found;
}

/** Whole fen, and the parts of a line add up (I-37). */
function rowOff(host: HostState, row: ClearingRow): string[] {
  const { rrn, amountFen, feeFen, surchargeFen, netFen } = row;
  const isWhole = [amountFen, feeFen, surchargeFen, netFen].every(Number.isSafeInteger);
  const found =
    isWhole && amountFen - feeFen - surchargeFen === netFen ? [] : [`${rrn}: its parts are off`];
  const sale = host.transactions.get(host.byRrn.get(rrn) ?? '');
  if (sale === undefined) return found;
  const due = sale.kind === 'sale' ? sale.amountFen : 0 - sale.amountFen;
  return due === amountFen ? found : [...found, `${rrn}: ${formatYuan(amountFen)} in the file`];
}

/** Refunds of open batches: the holders have them back, and they are cleared with their batch. */
function refundedAhead(host: HostState, mid: string): number {
  return [...host.transactions.values()]
    .filter((each) => each.kind === 'refund' && each.status === 'active' && each.mid === mid)
    .filter((each) => !isCleared(each))
    .reduce((sum, { amountFen, refund }) => {
      const { feeFen = 0, feeBackFen = 0, surchargeBackFen = 0 } = refund ?? {};
      return sum + amountFen + feeFen - feeBackFen - surchargeBackFen;
    }, 0);
}

/** What a merchant has or had of settled money, and what was taken of it for disputes and payouts. */
function bookedFen(host: HostState, mid: string): number {
  const places = ['payable', 'held', 'receivable', 'transit', 'bank', 'deposit'];
  const has = places.map((place) => host.ledger.balances.get(`merchant/${mid}/${place}`) ?? 0);
  const taken = [...host.holds.values()].map((hold) => (hold.mid === mid ? hold.takenFen : 0));
  const fees = [...host.payouts.values()].map((payout) =>
    payout.mid === mid && payout.state !== 'returned' ? (payout.feeFen ?? 0) : 0,
  );
  return [...has, ...taken, ...fees].reduce((sum, fen) => sum + fen, 0);
}
