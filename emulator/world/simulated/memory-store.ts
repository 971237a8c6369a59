import type { Store } from '../store.ts';

/** A journal in memory that survives the party that writes it, not the process. */
export function memoryStore<Entry>(): Store<Entry> {
  const journal: Entry[] = [];
  return {
    append(entries) {
      // Entries are never changed once made; whoever replays them gets copies.
      for (const entry of entries) journal.push(entry);
    },
    replay: () => structuredClone(journal),
  };
}
