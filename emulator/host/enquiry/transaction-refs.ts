/** An event as one number: its place in the journal and its kind. */
export type PackedRef = number;

/**
 * Where in the journal each transaction is spoken of, by its place. There are two events for nearly
 * every one of them, so these stand in two lists of numbers, and more of them elsewhere.
 */
export class TransactionRefs {
  readonly #first: PackedRef[] = [];
  /** 0 where there is none. */
  readonly #second: PackedRef[] = [];
  readonly #more = new Map<number, PackedRef[]>();

  /** Places come in order, each for the first time behind the one before. */
  add(place: number, ref: PackedRef): void {
    if (place === this.#first.length) {
      this.#first.push(ref);
      this.#second.push(0);
      return;
    }
    if (this.#second[place] === 0) {
      this.#second[place] = ref;
      return;
    }
    const more = this.#more.get(place);
    if (more === undefined) this.#more.set(place, [ref]);
    else more.push(ref);
  }

  /** In the order of the journal. */
  of(place: number): readonly PackedRef[] {
    const first = this.#first[place];
    if (first === undefined) return [];
    const second = this.#second[place]!;
    if (second === 0) return [first];
    return [first, second, ...(this.#more.get(place) ?? [])];
  }
}
