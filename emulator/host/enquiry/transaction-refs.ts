/** An event as one number: its place in the journal and its kind. */
export type PackedRef = number;

/**
 * Where in the journal each transaction is spoken of, by its place. There are two events for nearly
 * every one of them, so these stand side by side in one list, and more of them elsewhere.
 */
export class TransactionRefs {
  /** Two for each transaction; the second is 0 where there is none. */
  readonly #firstTwo: PackedRef[] = [];
  readonly #more = new Map<number, PackedRef[]>();

  /** Places come in order, each for the first time behind the one before. */
  add(place: number, ref: PackedRef): void {
    const at = place * 2;
    if (at === this.#firstTwo.length) {
      this.#firstTwo.push(ref, 0);
      return;
    }
    if (this.#firstTwo[at + 1] === 0) {
      this.#firstTwo[at + 1] = ref;
      return;
    }
    const more = this.#more.get(place);
    if (more === undefined) this.#more.set(place, [ref]);
    else more.push(ref);
  }

  /** In the order of the journal. */
  of(place: number): readonly PackedRef[] {
    const first = this.#firstTwo[place * 2];
    if (first === undefined) return [];
    const second = this.#firstTwo[place * 2 + 1]!;
    if (second === 0) return [first];
    return [first, second, ...(this.#more.get(place) ?? [])];
  }
}
