import type { Payout } from '../../emulator/host/settlement/payout-book.ts';
import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import { list, object, optional, word, words, type ValueOf } from '../form.ts';
import { foundOr404, route, type Route } from '../route.ts';
import { count, fen, MID, PAYOUT_ID } from '../shared-forms.ts';

const STATE = word(['ordered', 'paid', 'returned'], 'on its way, there, or back');

const PAYOUT = object({
  id: PAYOUT_ID,
  mid: MID,
  account: words('where it goes'),
  amountFen: fen('amount'),
  date: words('day of the order'),
  transactionIds: list(words('a sale that it carries')),
  state: STATE,
  attempts: count('times that the bank was asked'),
  problem: optional(words('what the bank said last, when it was not yes')),
  paidOn: optional(words('day of the bank’s confirmation')),
});

const LINE = object({
  mid: MID,
  paidFen: fen('confirmed by the bank in this run'),
  heldFen: fen('kept back by freezes'),
  openFen: fen('on its way, and not confirmed'),
  problem: words('why money is on its way, or has come back; empty when nothing is wrong'),
});

function view(payout: Payout): ValueOf<typeof PAYOUT> {
  const { id, mid, account, amountFen, date, transactionIds } = payout;
  const { state, attempts, problem, paidOn } = payout;
  return {
    id,
    mid,
    account,
    amountFen,
    date,
    transactionIds,
    state,
    attempts,
    ...(problem === undefined ? {} : { problem }),
    ...(paidOn === undefined ? {} : { paidOn }),
  };
}

export const PAYOUT_ROUTES: readonly Route[] = [
  route({
    method: 'get',
    path: '/payouts',
    summary: 'the payouts, in the order in which they were made',
    query: object({ state: optional(STATE), mid: optional(MID) }),
    answer: object({ payouts: list(PAYOUT) }),
    reply({ office, query: { state, mid } }) {
      const payouts = [...office.state.payouts.values()].filter(
        (each) => (state ?? each.state) === each.state && (mid ?? each.mid) === each.mid,
      );
      return { payouts: payouts.map(view) };
    },
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
        lines: lines.map(({ mid, paidFen, heldFen, openFen, problem }) => {
          return { mid, paidFen, heldFen, openFen, problem };
        }),
      };
    },
  }),
];
