import { describe, expect, it } from 'vitest';
import { arrivalOf } from '../../../emulator/host/refund-desk/arrival.ts';
import { DOCUMENTED_REFUND_POLICY } from '../../../emulator/host/refund-desk/refund-policy.ts';
import { addWorkingDays } from '../../../emulator/host/settlement/working-days.ts';

/**
 * Arrival of a refund 3 to 7 working days after it was sent (B15), read off the State Council's calendar
 * for 2026 by hand: Spring Festival from 15 to 23 February, with the Saturdays 14 and 28 February worked.
 */
const TABLE: readonly (readonly [sent: string, days: readonly string[]])[] = [
  // An ordinary Thursday.
  ['2026-01-15', ['2026-01-20', '2026-01-21', '2026-01-22', '2026-01-23', '2026-01-26']],
  // Monday before the holiday: the Saturday counts.
  ['2026-02-09', ['2026-02-12', '2026-02-13', '2026-02-14', '2026-02-24', '2026-02-25']],
  // The last Friday: one day left, then the holiday.
  ['2026-02-13', ['2026-02-25', '2026-02-26', '2026-02-27', '2026-02-28', '2026-03-02']],
  // On the worked Saturday itself.
  ['2026-02-14', ['2026-02-26', '2026-02-27', '2026-02-28', '2026-03-02', '2026-03-03']],
  // In the middle of the holiday: the same days.
  ['2026-02-18', ['2026-02-26', '2026-02-27', '2026-02-28', '2026-03-02', '2026-03-03']],
  ['2026-02-23', ['2026-02-26', '2026-02-27', '2026-02-28', '2026-03-02', '2026-03-03']],
  // The first day after it.
  ['2026-02-24', ['2026-02-27', '2026-02-28', '2026-03-02', '2026-03-03', '2026-03-04']],
];

describe('the arrival of a refund (B15)', () => {
  it.each(TABLE)('sent on %s is booked 3, 4, 5, 6 and 7 working days later', (sent, days) => {
    expect([3, 4, 5, 6, 7].map((count) => addWorkingDays(sent, count))).toEqual(days);
    expect(arrivalOf(DOCUMENTED_REFUND_POLICY, sent)).toEqual({
      earliest: days[0],
      usual: days[0],
      latest: days[4],
    });
  });
});
