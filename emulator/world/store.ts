/**
 * A durable journal: what `append` has taken is there after a crash, whole groups or nothing.
 * Entries are plain JSON values.
 */
export interface Store<Entry> {
  /** One group. @throws E_JOURNAL_WRITE, and then the journal is as it was */
  append(entries: readonly Entry[]): void;
  /** All entries, the first one first; read as they are asked for. @throws E_JOURNAL */
  replay(): Iterable<Entry>;
  /** Whether its disk is full and it lives on room that it had set aside: nothing new should begin (F104). */
  isShort?(): boolean;
}

/** One that reads all of itself at once. */
export interface WholeStore<Entry> extends Store<Entry> {
  replay(): Entry[];
}
