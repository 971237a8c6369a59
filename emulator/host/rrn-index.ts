import type { TransactionRecord } from './host-event.ts';

type Numbered = Pick<TransactionRecord, 'rrn' | 'id'>;

/** Where transactions lie in the order in which they came. */
export interface InOrder {
  readonly size: number;
  /** Those behind the first so many. */
  behind(place: number): readonly Numbered[];
}

/**
 * Transactions by reference number. Sales come by thousands before anybody asks for one by its number:
 * what is new is entered when the next one asks.
 */
export class RrnIndex {
  readonly #transactions: InOrder;
  readonly #byRrn = new Map<string, string>();
  #entered = 0;

  constructor(transactions: InOrder) {
    this.#transactions = transactions;
  }

  /** The id of the transaction that had a number last. */
  get(rrn: string): string | undefined {
    return this.#upToDate().get(rrn);
  }

  has(rrn: string): boolean {
    return this.#upToDate().has(rrn);
  }

  keys(): Iterable<string> {
    return this.#upToDate().keys();
  }

  #upToDate(): ReadonlyMap<string, string> {
    const { size } = this.#transactions;
    if (this.#entered < size) {
      for (const { rrn, id } of this.#transactions.behind(this.#entered)) this.#byRrn.set(rrn, id);
      this.#entered = size;
    }
    return this.#byRrn;
  }
}
