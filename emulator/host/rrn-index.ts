import type { TransactionRecord } from './host-event.ts';

type Numbered = Pick<TransactionRecord, 'rrn' | 'id'>;

/**
 * Transactions by reference number. Sales come by thousands before anybody asks for one by its number:
 * what is new is entered when the next one asks.
 */
export class RrnIndex {
  readonly #entered = new Map<string, string>();
  #fresh: Numbered[] = [];

  add(transaction: Numbered): void {
    this.#fresh.push(transaction);
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
    if (this.#fresh.length > 0) {
      for (const { rrn, id } of this.#fresh) this.#entered.set(rrn, id);
      this.#fresh = [];
    }
    return this.#entered;
  }
}
