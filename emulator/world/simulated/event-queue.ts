interface Entry {
  readonly atMs: number;
  readonly order: number;
  fire: (() => void) | undefined;
}

/** Things to happen, by time and then by order of asking: a binary heap. */
export class EventQueue {
  readonly #heap: Entry[] = [];
  #order = 0;
  #live = 0;
  #nowMs = 0;

  get nowMs(): number {
    return this.#nowMs;
  }

  /** Entries that will still fire. */
  get size(): number {
    return this.#live;
  }

  /** Returns a function that takes the entry back. */
  add(atMs: number, fire: () => void): () => void {
    const entry: Entry = { atMs: Math.max(atMs, this.#nowMs), order: this.#order++, fire };
    this.#live++;
    this.#push(entry);
    return () => {
      if (entry.fire === undefined) return;
      entry.fire = undefined;
      this.#live--;
    };
  }

  /** Fires the next entry if it is due by `untilMs`; false when there is none. */
  step(untilMs: number): boolean {
    while (this.#heap.length > 0) {
      const first = this.#heap[0]!;
      if (first.fire !== undefined && first.atMs > untilMs) return false;
      this.#pop();
      const { fire } = first;
      if (fire === undefined) continue;
      first.fire = undefined;
      this.#live--;
      this.#nowMs = Math.max(this.#nowMs, first.atMs);
      fire();
      return true;
    }
    return false;
  }

  /** Moves time on without firing anything. */
  moveTo(atMs: number): void {
    this.#nowMs = Math.max(this.#nowMs, atMs);
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    heap.push(entry);
    let at = heap.length - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (isBefore(heap[parent]!, entry)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = entry;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop()!;
    if (heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = at * 2 + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
      if (isBefore(last, heap[child]!)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
  }
}

function isBefore(left: Entry, right: Entry): boolean {
  return left.atMs < right.atMs || (left.atMs === right.atMs && left.order < right.order);
}
