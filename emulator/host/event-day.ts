import { isoDateTime, civilTime, parseCivilTime, toEpochMs } from '../world/civil-time.ts';
import type { HostPolicy } from './host-config.ts';
import type { HostEvent } from './host-event.ts';
import { momentOf } from './host-moment.ts';
import { settleDayOf } from './settlement/clearing-book.ts';

/** The day that an event says of itself, ISO; others belong to the day before them in the journal. */
export function dayOf(event: HostEvent): string | undefined {
  if ('transaction' in event) return event.transaction.date;
  switch (event.kind) {
    case 'payout-ordered':
      return event.payout.date;
    case 'paid-out':
    case 'refund-moved':
    case 'refund-signed':
    case 'complaint-closed':
    case 'device-shipped':
    case 'device-refunded':
      return event.on;
    case 'refund-applied':
      return event.case.appliedOn;
    case 'complaint-opened':
      return event.complaint.openedOn;
    case 'device-ordered':
      return event.order.orderedOn;
    case 'payout-run-done':
      return event.day;
    default:
      return timeOf(event)?.slice(0, 10);
  }
}

/** Civil time at the host when it happened, where the event says so. */
function timeOf(event: HostEvent): string | undefined {
  if ('at' in event && typeof event.at === 'string') return event.at;
  switch (event.kind) {
    case 'hold-placed':
      return event.hold.at;
    case 'review-opened':
      return event.review.at;
    case 'risk-rules-set':
      return event.sheet.at;
    case 'adjustment-proposed':
      return event.adjustment.at;
    case 'retrieval-requested':
      return event.retrieval.at;
    case 'signature-received':
      return event.whole?.seal.at;
    case 'signature-exempted':
    case 'agreement-filed':
      return event.seal.at;
    default:
      return undefined;
  }
}

/** The day of settlement that an event says of itself, ISO. */
function settlementDayOf(event: HostEvent): string | undefined {
  if ('transaction' in event) return settleDayOf(event.transaction);
  return event.kind === 'batch-closed' || event.kind === 'adjustment-booked' ? event.on : undefined;
}

/** How far a host had come when it wrote its journal. */
export interface JournalDays {
  /** Neither ever goes back (I-35). */
  readonly day: string;
  readonly settlementDay: string;
  /** The last moment that an event has told, `2026-01-15 09:30:00`; empty where none has. */
  readonly time: string;
}

/** A fold: `note` hears every event, `days` is what they come to; undefined while none has a day. */
export function journalDays(policy: HostPolicy): {
  note(event: HostEvent): void;
  days(): JournalDays | undefined;
} {
  let day = '';
  let settlementDay = '';
  let time = '';
  return {
    note(event) {
      day = later(day, dayOf(event));
      settlementDay = later(settlementDay, settlementDayOf(event));
      time = later(time, timeOf(event));
    },
    days() {
      const parsed = parseCivilTime(time);
      const { zoneOffsetMinutes } = policy;
      // What happened behind a cut-off was of the next day already.
      const known =
        parsed === undefined
          ? undefined
          : momentOf(toEpochMs(parsed, zoneOffsetMinutes), policy).settlementIso;
      const last = later(later(settlementDay, known), day);
      return last === '' ? undefined : { day, settlementDay: last, time };
    },
  };
}

/** Why a host must not begin at a time: both days in words; undefined where it may. */
export function whyTooEarly(
  { day, settlementDay }: JournalDays,
  nowMs: number,
  policy: HostPolicy,
): string | undefined {
  const { date, settlementIso } = momentOf(nowMs, policy);
  const now = isoDateTime(civilTime(nowMs, policy.zoneOffsetMinutes));
  if (date < day) return `its last day is ${day}, and the clock says ${now}`;
  if (settlementIso >= settlementDay) return undefined;
  return `its last settlement day is ${settlementDay}, and the clock says ${now}, of ${settlementIso}`;
}

/** ISO dates and times sort as text. */
function later(one: string, other: string | undefined): string {
  return other !== undefined && other > one ? other : one;
}
