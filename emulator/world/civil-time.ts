/** Civil time in a zone of fixed offset, by arithmetic alone: the profile's zone has no summer time. */
export interface CivilTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

const DAY_MS = 86_400_000;

/** Asia/Shanghai, the zone of all business dates (I-11). */
export const SHANGHAI_OFFSET_MINUTES = 480;

/** Days since 1970-01-01 of a proleptic Gregorian date. */
export function dayNumber(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra =
    yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

export function civilTime(epochMs: number, offsetMinutes = SHANGHAI_OFFSET_MINUTES): CivilTime {
  const local = epochMs + offsetMinutes * 60_000;
  const days = Math.floor(local / DAY_MS);
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shiftedMonth + (shiftedMonth < 10 ? 3 : -9);
  const seconds = Math.floor((local - days * DAY_MS) / 1000);
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1,
    hour: Math.floor(seconds / 3600),
    minute: Math.floor(seconds / 60) % 60,
    second: seconds % 60,
  };
}

export function toEpochMs(time: CivilTime, offsetMinutes = SHANGHAI_OFFSET_MINUTES): number {
  const days = dayNumber(time.year, time.month, time.day);
  const seconds = time.hour * 3600 + time.minute * 60 + time.second;
  return days * DAY_MS + seconds * 1000 - offsetMinutes * 60_000;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

/** `2026-01-15` */
export function isoDate(time: CivilTime): string {
  return `${String(time.year).padStart(4, '0')}-${two(time.month)}-${two(time.day)}`;
}

/** `2026-01-15 09:30:00` */
export function isoDateTime(time: CivilTime): string {
  return `${isoDate(time)} ${two(time.hour)}:${two(time.minute)}:${two(time.second)}`;
}

/** MMDD, field 13 and 15. */
export function mmdd(time: CivilTime): string {
  return two(time.month) + two(time.day);
}

/** hhmmss, field 12. */
export function hhmmss(time: CivilTime): string {
  return two(time.hour) + two(time.minute) + two(time.second);
}

/** Whole calendar days from one ISO date to another. */
export function daysBetween(fromIsoDate: string, toIsoDate: string): number {
  return dayNumberOf(toIsoDate) - dayNumberOf(fromIsoDate);
}

function dayNumberOf(iso: string): number {
  const [year, month, day] = iso.split('-').map(Number);
  return dayNumber(year!, month!, day!);
}

/** Parses `2026-01-15` or `2026-01-15 09:30[:00]`; undefined when it is no such time. */
export function parseCivilTime(text: string): CivilTime | undefined {
  const match = /^(\d{4})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d)(?::(\d\d))?)?$/.exec(text);
  if (match === null) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1).map((part) => Number(part ?? 0));
  const time = {
    year: year!,
    month: month!,
    day: day!,
    hour: hour!,
    minute: minute!,
    second: second!,
  };
  // A date such as 02-30 does not survive the way there and back.
  return isoDateTime(civilTime(toEpochMs(time))) === isoDateTime(time) ? time : undefined;
}
