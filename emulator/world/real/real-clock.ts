import type { Clock } from '../clock.ts';

export interface MovableClock extends Clock {
  /** Moves civil time on; timers are not touched. */
  advance(ms: number): void;
}

/** A timer in steps waits so long at a time; a long one in so many parts. */
const STEP_MS = 20;
const STEPS = 32;

/**
 * The machine's clock. With `startMs` civil time starts there instead of now, so that a scenario
 * has its own date; it then runs at the machine's pace.
 *
 * With `inSteps` a timer is made of short ones, between which whatever has arrived is looked at: time in
 * which the process stood still counts as one step. So where all parties are in one process, a machine
 * that is busy makes nobody's time-out come before the answer that he was sent.
 */
export function realClock(startMs?: number, { inSteps = false } = {}): MovableClock {
  const beganMs = performance.now();
  let civilOffsetMs = (startMs ?? Date.now()) - beganMs;
  return {
    monotonicMs: () => performance.now() - beganMs,
    civilMs: () => Math.floor(performance.now() + civilOffsetMs),
    after(delayMs, fire) {
      const mostMs = inSteps ? Math.max(STEP_MS, Math.ceil(delayMs / STEPS)) : delayMs;
      let timer: NodeJS.Timeout | undefined;
      const wait = (leftMs: number): void => {
        const stepMs = Math.min(leftMs, mostMs);
        const next = (): void => (leftMs > stepMs ? wait(leftMs - stepMs) : fire());
        timer = setTimeout(next, stepMs);
      };
      wait(delayMs);
      return () => clearTimeout(timer);
    },
    advance(ms) {
      civilOffsetMs += ms;
    },
  };
}
