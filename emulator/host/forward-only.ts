import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import type { Clock } from '../world/clock.ts';
import type { Store } from '../world/store.ts';
import { journalDays, whyTooEarly } from './event-day.ts';
import type { HostPolicy } from './host-config.ts';
import type { HostEvent } from './host-event.ts';

/**
 * A journal that a host does not begin with while its clock is behind it: business dates would go back
 * (I-35). It is judged when it has first been read to its end, before anything is added.
 *
 * @throws E_CLOCK_BEHIND in that reading
 */
export function forwardOnly(
  store: Store<HostEvent>,
  clock: Pick<Clock, 'civilMs'>,
  policy: HostPolicy,
): Store<HostEvent> {
  let isJudged = false;
  function* judged(): Generator<HostEvent, void> {
    const { note, days } = journalDays(policy);
    for (const event of store.replay()) {
      note(event);
      yield event;
    }
    const last = days();
    const text = last === undefined ? undefined : whyTooEarly(last, clock.civilMs(), policy);
    if (last !== undefined && text !== undefined) {
      const hint = `start with --clock "${last.settlementDay} 00:00" or later, or with a --data of its own`;
      throw new CountersignError('E_CLOCK_BEHIND', { text, hint });
    }
    isJudged = true;
  }
  return {
    append: (entries) => store.append(entries),
    replay: () => (isJudged ? store.replay() : judged()),
  };
}
