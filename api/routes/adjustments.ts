import type { Adjustment } from '../../emulator/host/adjustments/adjustment-book.ts';
import type { AdjustmentOutcome } from '../../emulator/host/adjustments/adjust.ts';
import type { AdjustmentDesk } from '../../emulator/host/adjustments/adjustment-desk.ts';
import { object, optional, text, word, words, type Form, shownAs, type ValueOf } from '../form.ts';
import { listRoute } from '../list-route.ts';
import { foundOr404, refused, route, type Office, type Route } from '../route.ts';
import { AMOUNT_FEN, BY, fen, REASON, RRN } from '../shared-forms.ts';

const ADJUSTMENT_ID = text('A\\d{6,}', 'number of an adjustment', 'A000001');
const TO = word(['holder', 'merchant'], 'back to the card, or from it again');

const STATE = word(['proposed', 'booked', 'rejected'], 'nothing moves before it is booked');

const ADJUSTMENT = object({
  id: ADJUSTMENT_ID,
  transactionId: words('the sale whose money is moved'),
  to: TO,
  amountFen: fen('amount'),
  reason: words('why'),
  by: words('who proposed it'),
  at: words('when'),
  state: STATE,
  decidedBy: optional(words('who has booked it, or turned it down')),
  correctsId: optional(words('the adjustment that it takes back')),
});

function view(record: Adjustment): ValueOf<typeof ADJUSTMENT> {
  return shownAs(ADJUSTMENT, record);
}

/** The adjustment after an act on it. @throws the refusal */
function after(
  { state }: Office,
  result: AdjustmentOutcome,
  id: string,
): ValueOf<typeof ADJUSTMENT> {
  if ('why' in result) throw refused(result.why);
  const shown = result.outcome === 'proposed' ? result.adjustmentId : id;
  return view(foundOr404(state.adjustments.get(shown), 'adjustment'));
}

function act<Body>(
  name: string,
  summary: string,
  body: Form<Body>,
  work: (desk: AdjustmentDesk, id: string, body: Body) => AdjustmentOutcome,
): Route {
  return route<Record<string, never>, Body, ValueOf<typeof ADJUSTMENT>>({
    method: 'post',
    path: `/adjustments/{id}/${name}`,
    summary,
    id: ADJUSTMENT_ID,
    body,
    answer: ADJUSTMENT,
    problems: [404, 409],
    reply({ office, id, body: order }) {
      foundOr404(office.state.adjustments.get(id), 'adjustment');
      return after(office, work(office.control.adjustments, id, order), id);
    },
  });
}

const DECISION = object({ reason: REASON, by: BY });

export const ADJUSTMENT_ROUTES: readonly Route[] = [
  listRoute({
    path: '/adjustments',
    summary: 'money moved by hand, and what was proposed',
    query: { state: optional(STATE) },
    name: 'adjustments',
    item: ADJUSTMENT,
    all: ({ office }) => office.state.adjustments.values(),
    isChosen: (each, { state }) => (state ?? each.state) === each.state,
    idOf: ({ id }) => id,
    show: view,
  }),
  route({
    method: 'post',
    path: '/adjustments',
    summary: 'proposes to move money of a settled sale by hand',
    body: object({ rrn: RRN, to: TO, amountFen: AMOUNT_FEN, reason: REASON, by: BY }),
    answer: ADJUSTMENT,
    status: 201,
    problems: [404, 409],
    reply({ office, body }) {
      foundOr404(office.state.byRrn.get(body.rrn), 'transaction');
      return after(office, office.control.adjustments.propose(body), '');
    },
  }),
  act(
    'book',
    'another person agrees, and the money moves',
    object({ by: BY }),
    (desk, id, { by }) => desk.book(id, by),
  ),
  act('reject', 'another person turns it down', DECISION, (desk, id, order) =>
    desk.reject(id, order),
  ),
  act('correct', 'proposes the mirror of one that is booked', DECISION, (desk, id, order) =>
    desk.proposeCorrection(id, order),
  ),
];
