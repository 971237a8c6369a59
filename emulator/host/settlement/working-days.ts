import chineseDays from 'chinese-days';
import { civilTime, dayNumber, isoDate } from '../../world/civil-time.ts';

/** Days are asked for again and again. */
const known = new Map<string, boolean>();

/**
 * Whether banks of the mainland work on a day: statutory holidays and adjusted working days as far as
 * they are published, the weekend after that.
 *
 * @param date ISO date
 */
export function isWorkingDay(date: string): boolean {
  const found = known.get(date);
  if (found !== undefined) return found;
  const isWorking = chineseDays.isWorkday(date);
  known.set(date, isWorking);
  return isWorking;
}

/** The date some calendar days later. */
export function addDays(date: string, days: number): string {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number);
  return ofNumber(dayNumber(year, month, day) + days);
}

/** The n-th working day after a date; itself for none. */
export function addWorkingDays(date: string, days: number): string {
  let found = date;
  for (let left = days; left > 0;) {
    found = addDays(found, 1);
    if (isWorkingDay(found)) left--;
  }
  return found;
}

/** Working days after one date, up to and with another; 0 when it is not later. */
export function workingDaysBetween(from: string, to: string): number {
  let count = 0;
  for (let date = from; date < to;) {
    date = addDays(date, 1);
    if (isWorkingDay(date)) count++;
  }
  return count;
}

function ofNumber(days: number): string {
  return isoDate(civilTime(days * 86_400_000, 0));
}
