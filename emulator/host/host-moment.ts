import {
  civilTime,
  hhmmss,
  isoDate,
  isoDateTime,
  mmdd,
  type CivilTime,
} from '../world/civil-time.ts';
import type { HostPolicy } from './host-config.ts';

/** A second of the host's civil time, in the forms that messages and records have of it. */
export interface HostMoment {
  readonly time: CivilTime;
  /** `2026-01-15`, and with `09:30:00` */
  readonly date: string;
  readonly dateTime: string;
  /** YYMM, as cards have their expiry. */
  readonly yearMonth: string;
  /** Fields 12 and 13. */
  readonly hhmmss: string;
  readonly mmdd: string;
  /** The day of settlement as in field 15, and as an ISO date. */
  readonly settlementDate: string;
  readonly settlementIso: string;
}

const DAY_MS = 86_400_000;

let knownPolicy: HostPolicy | undefined;
let knownSecond = NaN;
let known: HostMoment | undefined;

/** Every record and message of a second asks for the same: it is worked out once. */
export function momentOf(nowMs: number, policy: HostPolicy): HostMoment {
  const second = Math.floor(nowMs / 1000);
  if (known !== undefined && second === knownSecond && policy === knownPolicy) return known;
  const time = civilTime(nowMs, policy.zoneOffsetMinutes);
  // From the cut-off on, trade belongs to the next day (spec 8.1).
  const isAfterCutOff = time.hour * 60 + time.minute >= policy.cutOffMinutes;
  const day = civilTime(isAfterCutOff ? nowMs + DAY_MS : nowMs, policy.zoneOffsetMinutes);
  const date = isoDate(time);
  known = {
    time,
    date,
    yearMonth: date.slice(2, 4) + date.slice(5, 7),
    dateTime: isoDateTime(time),
    hhmmss: hhmmss(time),
    mmdd: mmdd(time),
    settlementDate: mmdd(day),
    settlementIso: isoDate(day),
  };
  knownSecond = second;
  knownPolicy = policy;
  return known;
}
