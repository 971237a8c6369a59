import type { Clock } from '../clock.ts';

export interface MovableClock extends Clock {
  /** Moves civil time on; timers are not touched. */
  advance(ms: number): void;
}

/**
 * The machine's clock. With `startMs` civil time starts there instead of now, so that a scenario
 * has its own date; it then runs at the machine's pace.
 */
export function realClock(startMs?: number): MovableClock {
  const beganMs = performance.now();
  let civilOffsetMs = (startMs ?? Date.now()) - beganMs;
  return {
    monotonicMs: () => performance.now() - beganMs,
    civilMs: () => Math.floor(performance.now() + civilOffsetMs),
    after(delayMs, fire) {
      const timer = setTimeout(fire, delayMs);
      return () => clearTimeout(timer);
    },
    advance(ms) {
      civilOffsetMs += ms;
    },
  };
}
