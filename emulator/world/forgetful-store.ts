import type { Store } from './store.ts';

/** A journal that nobody will read: its party ends with its process, and nothing is kept for it. */
export function forgetfulStore<Entry>(): Store<Entry> {
  return { append: () => undefined, replay: () => [] };
}
