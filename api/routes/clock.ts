import { civilTime, isoDateTime } from '../../emulator/world/civil-time.ts';
import { flag, object, optional, text, whole, type ValueOf } from '../form.ts';
import { refused, route, type Office, type Route } from '../route.ts';

const CLOCK = object({
  civil: text(
    '\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d',
    'civil time at the host, in its own zone',
    '2026-01-15 09:30:00',
  ),
  isMovable: flag('whether POST /clock/advance moves it on'),
});

const MOST_DAYS = 400;

/** Civil time at the host: `2026-01-15 09:30:00`. */
export function civilNow({ clock, state }: Office): string {
  return isoDateTime(civilTime(clock.civilMs(), state.institution.policy.zoneOffsetMinutes));
}

function view(office: Office): ValueOf<typeof CLOCK> {
  return { civil: civilNow(office), isMovable: office.clock.advance !== undefined };
}

export const CLOCK_ROUTES: readonly Route[] = [
  route({
    method: 'get',
    path: '/clock',
    summary: 'what time it is at the host',
    answer: CLOCK,
    reply: ({ office }) => view(office),
  }),
  route({
    method: 'post',
    path: '/clock/advance',
    summary: 'moves civil time on; only where the host was started with a clock of its own',
    body: object(
      {
        days: optional(whole(0, MOST_DAYS, 'days')),
        hours: optional(whole(0, 24, 'hours')),
        minutes: optional(whole(0, 60, 'minutes')),
        seconds: optional(whole(0, 60, 'seconds')),
      },
      { minProperties: 1 },
    ),
    answer: CLOCK,
    problems: [409],
    reply({ office, body }) {
      const { days = 0, hours = 0, minutes = 0, seconds = 0 } = body;
      const { clock } = office;
      if (clock.advance === undefined) throw refused('the clock is the machine’s own');
      clock.advance((((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000);
      office.control.settlement.clockMoved();
      return view(office);
    },
  }),
];
