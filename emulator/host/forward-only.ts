import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import { parseCivilTime, toEpochMs } from '../world/civil-time.ts';
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
      const hint =
        'start with --clock now, which goes on where the journal ends, or with ' +
        `--clock "${last.settlementDay} 00:00" or later, or with a --data of its own`;
      throw new CountersignError('E_CLOCK_BEHIND', { text, hint });
    }
    isJudged = true;
  }
  return {
    append: (entries) => store.append(entries),
    replay: () => (isJudged ? store.replay() : judged()),
  };
}

/**
 * A time, or the first after it at which a host may go on with a journal: where that ends.
 * @param nowMs epoch milliseconds
 */
export function notBefore(store: Store<HostEvent>, nowMs: number, policy: HostPolicy): number {
  const { note, days } = journalDays(policy);
  for (const event of store.replay()) note(event);
  const last = days();
  if (last === undefined) return nowMs;
  const { zoneOffsetMinutes } = policy;
  if (whyTooEarly(last, nowMs, policy) === undefined) {
    return Math.max(nowMs, epochOf(last.time, zoneOffsetMinutes));
  }
  const told = [last.time, `${last.day} 00:00`, `${last.settlementDay} 00:00`].map((text) =>
    epochOf(text, zoneOffsetMinutes),
  );
  return Math.max(...told);
}

function epochOf(text: string, zoneOffsetMinutes: number): number {
  const time = parseCivilTime(text);
  return time === undefined ? 0 : toEpochMs(time, zoneOffsetMinutes);
}
