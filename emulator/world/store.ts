/**
 * A durable journal: what `append` has taken is there after a crash, whole groups or nothing.
 * Entries are plain JSON values.
 */
export interface Store<Entry> {
  append(entries: readonly Entry[]): void;
  replay(): Entry[];
}
