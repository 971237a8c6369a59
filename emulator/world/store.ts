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

/** How entries stand in a journal where they are many: some of them together, as one list. */
export interface PackedForm<Entry extends object> {
  /** Entries as they are, which are no lists, and lists. */
  pack(entries: readonly Entry[]): readonly (Entry | PackedEntries)[];
  /** The entries of a list, in their order; undefined when it is none of this form. */
  unpack(packed: PackedEntries): readonly Entry[] | undefined;
}

/** Plain JSON values. */
export type PackedEntries = readonly unknown[];

/** One that reads all of itself at once. */
export interface WholeStore<Entry> extends Store<Entry> {
  replay(): Entry[];
}
