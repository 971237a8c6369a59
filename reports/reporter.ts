import type { RunEvent } from '../scenarios/events/run-event.ts';

/** A report: it hears every event of a run, live or from a stored run, and nothing else. */
export interface Reporter {
  readonly name: string;
  hear(event: RunEvent): void;
}

/**
 * One listener for many reporters. A reporter that fails is left out from then on and its error
 * kept: it must not break the run or the other reports.
 */
export function reporterListener(
  reporters: readonly Reporter[],
  onBroken: (reporter: Reporter, error: unknown) => void,
): (event: RunEvent) => void {
  const broken = new Set<Reporter>();
  return (event) => {
    for (const reporter of reporters) {
      if (broken.has(reporter)) continue;
      try {
        reporter.hear(event);
      } catch (error) {
        broken.add(reporter);
        onBroken(reporter, error);
      }
    }
  };
}
