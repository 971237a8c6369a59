interface Balance {
  fen: number;
}

/** Balances by account name, in whole fen. An account is looked for once to be changed, and changed where it lies. */
export class Balances {
  readonly #all = new Map<string, Balance>();

  get(account: string): number | undefined {
    return this.#all.get(account)?.fen;
  }

  add(account: string, fen: number): void {
    const found = this.#all.get(account);
    if (found === undefined) this.#all.set(account, { fen });
    else found.fen += fen;
  }

  *values(): IterableIterator<number> {
    for (const { fen } of this.#all.values()) yield fen;
  }

  *[Symbol.iterator](): IterableIterator<[account: string, fen: number]> {
    for (const [account, { fen }] of this.#all) yield [account, fen];
  }
}
