import { formatYuan } from '../../protocol/message/amount.ts';
import type { FreezeOrder, ReleaseOutcome } from '../../emulator/host/risk/freeze.ts';
import type { Hold } from '../../emulator/host/risk/hold-book.ts';
import type { HostControl } from '../../emulator/host/host-control.ts';
import {
  flag,
  object,
  oneOf,
  optional,
  word,
  words,
  type Form,
  shownAs,
  type ValueOf,
} from '../form.ts';
import { listRoute } from '../list-route.ts';
import { foundOr404, refused, route, type Office, type Route } from '../route.ts';
import { AMOUNT_FEN, BY, fen, HOLD_ID, MID, REASON, RRN } from '../shared-forms.ts';

const STATE = word(['frozen', 'released', 'taken', 'returned'], 'frozen, or what has ended it');

const FREEZE = object({
  id: HOLD_ID,
  scope: word(['transaction', 'merchant', 'amount'], 'what is frozen'),
  mid: MID,
  transactionId: optional(words('the sale')),
  reason: words('why'),
  by: words('who placed it'),
  state: STATE,
  heldFen: fen('what it keeps back now'),
  placedFen: fen('what it took in all'),
  releasedFen: fen('what of that is due again'),
  takenFen: fen('what of that the merchant has lost'),
  endedBy: optional(words('who has ended it')),
});

function view(hold: Hold): ValueOf<typeof FREEZE> {
  return shownAs(FREEZE, { ...hold, endedBy: hold.releasedBy });
}

interface Order extends FreezeOrder {
  readonly orLess?: boolean;
}

const ORDER: Form<Order> = oneOf<Order>('scope', [
  object({ scope: word(['transaction'], 'one sale'), rrn: RRN, reason: REASON, by: BY }),
  object({
    scope: word(['merchant'], 'all that is due to him, and his payouts'),
    mid: MID,
    reason: REASON,
    by: BY,
  }),
  object({
    scope: word(['amount'], 'so much of what is due to him'),
    mid: MID,
    amountFen: AMOUNT_FEN,
    orLess: optional(flag('take what is there where that is less; refused when absent')),
    reason: REASON,
    by: BY,
  }),
]);

/** @throws the refusal, before anything is journalled */
function checkOrder({ state, control }: Office, order: Order): void {
  const { rrn, mid, amountFen, orLess } = order;
  if (order.scope === 'transaction') {
    foundOr404(state.byRrn.get(rrn ?? ''), 'transaction');
    return;
  }
  foundOr404(state.merchants.get(mid ?? ''), 'merchant');
  const thereFen = Math.max(0, control.merchant(mid ?? '').payableFen);
  if (amountFen === undefined || amountFen <= thereFen || orLess === true) return;
  throw refused(`only ${formatYuan(thereFen)} is due to him; "orLess": true freezes that much`);
}

const ENDING = { by: BY, amountFen: optional(AMOUNT_FEN) } as const;

interface Ending {
  readonly by: string;
  readonly amountFen?: number;
}

function ending(
  name: string,
  summary: string,
  body: Form<Ending>,
  act: (control: HostControl, id: string, order: Ending) => ReleaseOutcome,
): Route {
  return route({
    method: 'post',
    path: `/freezes/{id}/${name}`,
    summary: `${summary}; by another person than the one who placed it`,
    id: HOLD_ID,
    body,
    answer: FREEZE,
    problems: [404, 409],
    reply({ office, id, body: order }) {
      foundOr404(office.state.holds.get(id), 'freeze');
      const result = act(office.control, id, order);
      if ('why' in result) throw refused(result.why);
      return view(foundOr404(office.state.holds.get(id), 'freeze'));
    },
  });
}

export const FREEZE_ROUTES: readonly Route[] = [
  listRoute({
    path: '/freezes',
    summary: 'the freezes, in the order in which they were placed',
    query: { state: optional(STATE), mid: optional(MID) },
    name: 'freezes',
    item: FREEZE,
    all: ({ office }) => office.state.holds.values(),
    isChosen: (each, { state, mid }) =>
      (state ?? each.state) === each.state && (mid ?? each.mid) === each.mid,
    idOf: ({ id }) => id,
    show: view,
  }),
  route({
    method: 'get',
    path: '/freezes/{id}',
    summary: 'one freeze',
    id: HOLD_ID,
    answer: FREEZE,
    problems: [404],
    reply: ({ office, id }) => view(foundOr404(office.state.holds.get(id), 'freeze')),
  }),
  route({
    method: 'post',
    path: '/freezes',
    summary: 'freezes the money of a sale, an amount, or a whole merchant',
    body: ORDER,
    answer: FREEZE,
    status: 201,
    problems: [404, 409],
    reply({ office, body: { orLess, ...order } }) {
      checkOrder(office, { ...order, ...(orLess === undefined ? {} : { orLess }) });
      const result = office.control.freeze(order);
      if (result.outcome === 'refused') throw refused(result.why);
      return view(foundOr404(office.state.holds.get(result.holdId), 'freeze'));
    },
  }),
  ending(
    'release',
    'what is frozen, or part of it, is due again',
    object(ENDING),
    (control, id, order) => control.release(id, order.by, order.amountFen),
  ),
  ending(
    'take',
    'the merchant loses what is frozen, or part of it',
    object(ENDING),
    (control, id, order) => control.take(id, order.by, order.amountFen),
  ),
  ending(
    'return',
    'the frozen sale goes back to its card',
    object({ by: BY }),
    (control, id, order) => control.returnHold(id, order.by),
  ),
];
