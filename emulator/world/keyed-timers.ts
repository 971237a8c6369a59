import type { Cancel, Clock } from './clock.ts';

/** Timers of a party by name; starting one again replaces it. */
export class KeyedTimers<Key> {
  readonly #clock: Pick<Clock, 'after'>;
  readonly #running = new Map<Key, Cancel>();

  constructor(clock: Pick<Clock, 'after'>) {
    this.#clock = clock;
  }

  start(key: Key, delayMs: number, fire: () => void): void {
    this.stop(key);
    const cancel = this.#clock.after(delayMs, () => {
      this.#running.delete(key);
      fire();
    });
    this.#running.set(key, cancel);
  }

  stop(key: Key): void {
    this.#running.get(key)?.();
    this.#running.delete(key);
  }

  stopAll(): void {
    for (const key of this.#running.keys()) this.stop(key);
  }
}
