import { EVENT_VERSION, type RunEvent } from '../scenarios/events/run-event.ts';
import { CountersignError } from '../protocol/errors/countersign-error.ts';
import type { Reporter } from './reporter.ts';

/** Writes every event as a line of JSON; reading it back gives every other report again. */
export function storedRunReporter(append: (line: string) => void): Reporter {
  return {
    name: 'events',
    hear: (event) => append(`${JSON.stringify(event)}\n`),
  };
}

/**
 * The events of a stored run.
 * @throws E_FILE naming the line that is damaged, or the version that is not ours
 */
export function readStoredRun(content: string): RunEvent[] {
  const lines = content.split('\n').filter((line) => line !== '');
  const events = lines.map((line, index): RunEvent => {
    try {
      return JSON.parse(line) as RunEvent;
    } catch (cause) {
      throw new CountersignError('E_FILE', { text: `line ${index + 1} of the stored run`, cause });
    }
  });
  const [first] = events;
  if (first?.kind !== 'run-started' || first.v !== EVENT_VERSION) {
    throw new CountersignError('E_FILE', {
      text: `not a stored run of version ${EVENT_VERSION}`,
      hint: 'it begins with a run-started event',
    });
  }
  return events;
}
