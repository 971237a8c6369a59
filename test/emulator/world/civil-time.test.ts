import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  civilTime,
  dayNumber,
  daysBetween,
  hhmmss,
  isoDate,
  isoDateTime,
  mmdd,
  parseCivilTime,
  SHANGHAI_OFFSET_MINUTES,
  toEpochMs,
} from '../../../emulator/world/civil-time.ts';

const DAY_MS = 86_400_000;

/** What the platform makes of the same moment: UTC, moved by the offset. */
function oracle(epochMs: number, offsetMinutes: number): string {
  const iso = new Date(epochMs + offsetMinutes * 60_000).toISOString();
  return iso.slice(0, 19).replace('T', ' ');
}

const epoch = fc.integer({
  min: Date.UTC(1000, 0, 2),
  max: Date.UTC(9999, 11, 30),
});

const offset = fc.constantFrom(0, SHANGHAI_OFFSET_MINUTES, -300, 345, 840, -720);

describe('civil time', () => {
  it('agrees with the platform at any moment, in any zone of fixed offset', () => {
    fc.assert(
      fc.property(epoch, offset, (epochMs, offsetMinutes) => {
        expect(isoDateTime(civilTime(epochMs, offsetMinutes))).toBe(oracle(epochMs, offsetMinutes));
      }),
      { numRuns: 2000 },
    );
  });

  it('agrees with the platform on every day of 250 years', () => {
    const wrong: string[] = [];
    for (let day = dayNumber(1880, 1, 1); day < dayNumber(2130, 1, 1); day++) {
      const date = new Date(day * DAY_MS);
      const parts = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()] as const;
      const { year, month, day: dayOfMonth } = civilTime(day * DAY_MS, 0);
      if (dayNumber(...parts) !== day || [year, month, dayOfMonth].join() !== parts.join()) {
        wrong.push(date.toISOString());
      }
    }
    expect(wrong).toEqual([]);
  });

  it('of Shanghai agrees with the time zone database since its last summer time', () => {
    const format = new Intl.DateTimeFormat('sv-SE', {
      timeZone: 'Asia/Shanghai',
      dateStyle: 'short',
      timeStyle: 'medium',
    });
    fc.assert(
      fc.property(
        fc.integer({ min: Date.UTC(1992, 0, 1), max: Date.UTC(2100, 0, 1) }),
        (epochMs) => {
          expect(isoDateTime(civilTime(epochMs))).toBe(format.format(epochMs));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('leads back to the second it came from', () => {
    fc.assert(
      fc.property(epoch, offset, (epochMs, offsetMinutes) => {
        const seconds = Math.floor(epochMs / 1000) * 1000;
        expect(toEpochMs(civilTime(epochMs, offsetMinutes), offsetMinutes)).toBe(seconds);
      }),
    );
  });

  it.each([
    ['2026-01-14T15:59:59.999Z', '2026-01-14 23:59:59', '0114', '235959'],
    ['2026-01-14T16:00:00.000Z', '2026-01-15 00:00:00', '0115', '000000'],
    ['2024-02-28T16:00:00.000Z', '2024-02-29 00:00:00', '0229', '000000'],
    ['2023-02-28T16:00:00.000Z', '2023-03-01 00:00:00', '0301', '000000'],
    ['2000-02-29T01:02:03.004Z', '2000-02-29 09:02:03', '0229', '090203'],
    ['2025-12-31T16:00:00.000Z', '2026-01-01 00:00:00', '0101', '000000'],
    ['1969-12-31T15:59:59.999Z', '1969-12-31 23:59:59', '1231', '235959'],
  ])('of %s in Shanghai is %s', (utc, text, fieldDate, fieldTime) => {
    const time = civilTime(Date.parse(utc));
    expect([isoDateTime(time), isoDate(time), mmdd(time), hhmmss(time)]).toEqual([
      text,
      text.slice(0, 10),
      fieldDate,
      fieldTime,
    ]);
  });

  it('counts whole days between dates, also backwards and over leap days', () => {
    expect(daysBetween('2024-02-28', '2024-03-01')).toBe(2);
    expect(daysBetween('2023-02-28', '2023-03-01')).toBe(1);
    expect(daysBetween('2026-01-01', '2025-01-01')).toBe(-365);
    fc.assert(
      fc.property(epoch, epoch, (from, to) => {
        const date = (epochMs: number): string => oracle(epochMs, 0).slice(0, 10);
        expect(daysBetween(date(from), date(to))).toBe(
          Math.floor(to / DAY_MS) - Math.floor(from / DAY_MS),
        );
      }),
    );
  });

  it('is parsed from every date that exists and from no other', () => {
    const two = (value: number): string => String(value).padStart(2, '0');
    for (const year of [1900, 2000, 2023, 2024, 2026, 2100]) {
      for (let month = 0; month <= 13; month++) {
        for (let day = 0; day <= 32; day++) {
          const text = `${year}-${two(month)}-${two(day)}`;
          const date = new Date(Date.UTC(year, month - 1, day));
          const isThere =
            date.getUTCFullYear() === year &&
            date.getUTCMonth() === month - 1 &&
            date.getUTCDate() === day;
          const parsed = parseCivilTime(text);
          expect(parsed === undefined ? `no ${text}` : isoDateTime(parsed)).toBe(
            isThere ? `${text} 00:00:00` : `no ${text}`,
          );
        }
      }
    }
  });

  it.each([
    ['2026-01-15 09:30', '2026-01-15 09:30:00'],
    ['2026-01-15T23:59:59', '2026-01-15 23:59:59'],
    ['2026-01-15', '2026-01-15 00:00:00'],
  ])('is parsed from %j', (text, expected) => {
    expect(isoDateTime(parseCivilTime(text)!)).toBe(expected);
  });

  it.each([
    '',
    'today',
    '2026-1-15',
    '26-01-15',
    '2026-01-15 9:30',
    '2026-01-15 24:00',
    '2026-01-15 23:60',
    '2026-01-15 23:59:60',
    '2026-01-15 09',
    '2026-01-15 09:30:00Z',
    ' 2026-01-15',
  ])('is not parsed from %j', (text) => {
    expect(parseCivilTime(text)).toBeUndefined();
  });
});
