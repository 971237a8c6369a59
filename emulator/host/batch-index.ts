import type { Transaction } from './transaction-book.ts';

/** The transactions of one terminal. */
interface OfTerminal {
  /** The batch that was written to last. */
  batchNo: string;
  batch: Transaction[];
  /** The others by their number. */
  readonly others: Map<string, Transaction[]>;
}

/**
 * Transactions by terminal and batch, in the order in which they came: settling one does not look at
 * all others.
 */
export class BatchIndex {
  readonly #terminals = new Map<string, OfTerminal>();

  add(transaction: Transaction): void {
    const { tid, batchNo } = transaction;
    const found = this.#terminals.get(tid);
    if (found === undefined) {
      this.#terminals.set(tid, { batchNo, batch: [transaction], others: new Map() });
      return;
    }
    if (found.batchNo !== batchNo) turnTo(found, batchNo);
    found.batch.push(transaction);
  }

  /** All transactions of a batch, the first one first. */
  in(tid: string, batchNo: string): readonly Transaction[] {
    const found = this.#terminals.get(tid);
    if (found === undefined) return NO_TRANSACTIONS;
    return (found.batchNo === batchNo ? found.batch : found.others.get(batchNo)) ?? NO_TRANSACTIONS;
  }

  /** It is closed: its list needs no room for more, of which there are so many. */
  close(tid: string, batchNo: string): readonly Transaction[] {
    const found = this.#terminals.get(tid);
    const all = [...this.in(tid, batchNo)];
    if (found === undefined || all.length === 0) return all;
    if (found.batchNo === batchNo) found.batch = all;
    else found.others.set(batchNo, all);
    return all;
  }
}

const NO_TRANSACTIONS: readonly Transaction[] = [];

function turnTo(found: OfTerminal, batchNo: string): void {
  found.others.set(found.batchNo, found.batch);
  found.batchNo = batchNo;
  found.batch = found.others.get(batchNo) ?? [];
  found.others.delete(batchNo);
}
