import type { Payout } from '../../emulator/host/settlement/payout-book.ts';
import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import {
  flag,
  list,
  nullable,
  object,
  optional,
  text,
  word,
  words,
  shownAs,
  type ValueOf,
} from '../form.ts';
import { listRoute } from '../list-route.ts';
import { foundOr404, refused, route, type Office, type Route } from '../route.ts';
import { BY, count, fen, MID, PAYOUT_ID } from '../shared-forms.ts';

const STATE = word(['ordered', 'paid', 'returned'], 'on its way, there, or back');

const PAYOUT = object({
  id: PAYOUT_ID,
  mid: MID,
  account: words('where it goes'),
  amountFen: fen('amount'),
  date: words('day of the order'),
  transactionIds: list(words('a sale that it carries')),
  isInstant: optional(flag('made on the day of its sales, in advance of T+1')),
  feeFen: optional(fen('what that cost beside; no part of the amount')),
  state: STATE,
  attempts: count('times that the bank was asked'),
  problem: optional(words('what the bank said last, when it was not yes')),
  paidOn: optional(words('day of the bank’s confirmation')),
});

const LINE = object({
  mid: MID,
  paidFen: fen('confirmed by the bank in this run'),
  instantFen: fen('of that, made on the day of its sales'),
  feeFen: fen('what that cost him beside'),
  heldFen: fen('kept back by freezes'),
  openFen: fen('on its way, and not confirmed'),
  problem: words('why money is on its way, or has come back; empty when nothing is wrong'),
});

function view(record: Payout): ValueOf<typeof PAYOUT> {
  return shownAs(PAYOUT, record);
}

const RUN_SHAPE = {
  at: nullable(
    text(
      '([01]\\d|2[0-3]):[0-5]\\d',
      'on working days, on every day once a contract counts calendar days; null: only when asked for',
      '10:30',
    ),
  ),
} as const;
const RUN = object(RUN_SHAPE);

function runView({ state }: Office): ValueOf<typeof RUN> {
  const { payoutRunAt: minutes } = state;
  const two = (part: number): string => String(part).padStart(2, '0');
  return {
    at: minutes === undefined ? null : `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`,
  };
}

export const PAYOUT_ROUTES: readonly Route[] = [
  listRoute({
    path: '/payouts',
    summary: 'the payouts, in the order in which they were made',
    query: { state: optional(STATE), mid: optional(MID) },
    name: 'payouts',
    item: PAYOUT,
    all: ({ office }) => office.state.payouts.values(),
    isChosen: (each, { state, mid }) =>
      (state ?? each.state) === each.state && (mid ?? each.mid) === each.mid,
    idOf: ({ id }) => id,
    show: view,
  }),
  route({
    method: 'get',
    path: '/payouts/{id}',
    summary: 'one payout',
    id: PAYOUT_ID,
    answer: PAYOUT,
    problems: [404],
    reply: ({ office, id }) => view(foundOr404(office.state.payouts.get(id), 'payout')),
  }),
  route({
    method: 'post',
    path: '/payouts',
    summary: 'a payout run: what is due is paid, what is on its way is asked for again',
    answer: object({ lines: list(LINE) }),
    reply({ office }) {
      const lines = office.control.payOut();
      if (lines === undefined) throw new CountersignError('E_HOST_DOWN');
      return {
        lines: lines.map(({ mid, paidFen, instantFen, feeFen, heldFen, openFen, problem }) => {
          return { mid, paidFen, instantFen, feeFen, heldFen, openFen, problem };
        }),
      };
    },
  }),
  route({
    method: 'get',
    path: '/payout-run',
    summary: 'when payouts are made without being asked for',
    answer: RUN,
    reply: ({ office }) => runView(office),
  }),
  route({
    method: 'put',
    path: '/payout-run',
    summary: 'sets when payouts are made; at once where that time of today is over',
    body: object({ ...RUN_SHAPE, by: BY }),
    answer: RUN,
    problems: [409],
    reply({ office, body: { at, by } }) {
      const [hours = 0, minutes = 0] = (at ?? '').split(':').map(Number);
      const why = office.control.settlement.setPayoutRun(
        at === null ? undefined : hours * 60 + minutes,
        by,
      );
      if (why !== undefined) throw refused(why);
      return runView(office);
    },
  }),
];
