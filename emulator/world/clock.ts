/** Stops a timer that has not fired; stopping twice is harmless. */
export type Cancel = () => void;

/** Time as a party may know it: a monotonic one for time-outs, a civil one for dates. */
export interface Clock {
  /** Milliseconds since the world began; never goes back. */
  monotonicMs(): number;
  /** Milliseconds since 1970-01-01T00:00:00Z; may be moved. */
  civilMs(): number;
  after(delayMs: number, fire: () => void): Cancel;
}
