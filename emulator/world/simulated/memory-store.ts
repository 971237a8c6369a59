import type { WholeStore } from '../store.ts';

/** A journal in memory that survives the party that writes it, not the process. */
export function memoryStore<Entry>(): WholeStore<Entry> {
  const journal: Entry[] = [];
  return {
    append(entries) {
      for (const entry of entries) journal.push(structuredClone(entry));
    },
    replay: () => structuredClone(journal),
  };
}
