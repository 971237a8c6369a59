import type { Review } from '../../emulator/host/risk/review-book.ts';
import {
  list,
  object,
  optional,
  said,
  text,
  whole,
  word,
  words,
  shownAs,
  type ValueOf,
} from '../form.ts';
import { listRoute } from '../list-route.ts';
import { foundOr404, refused, route, type Office, type Route } from '../route.ts';
import { BY, count, fen } from '../shared-forms.ts';
import { civilNow } from './clock.ts';

const REVIEW_ID = text('V\\d{6,}', 'number of a review');
const STATE = word(
  ['open', 'cleared', 'confirmed'],
  'cleared: let go. confirmed: the freeze stays',
);
const REVIEW = object({
  id: REVIEW_ID,
  transactionId: words('the sale that a rule has stopped'),
  holdId: words('the freeze that keeps its money'),
  version: count('the sheet whose rules it has met'),
  hits: list(object({ rule: words('rule'), evidence: words('what it has met') })),
  at: words('when'),
  state: STATE,
  closedBy: optional(words('who has looked')),
  note: optional(words('what he has found')),
});

function view(record: Review): ValueOf<typeof REVIEW> {
  return shownAs(REVIEW, record);
}

const WHO = text('[0-9A-Za-z]{1,15}', 'a terminal or a merchant', '10000001');
const MOST = whole(0, Number.MAX_SAFE_INTEGER, 'at most; without limit when absent');
const LIMITS = {
  singleFen: optional(MOST),
  dailyFen: optional(MOST),
  monthlyFen: optional(MOST),
  dailyCount: optional(MOST),
  monthlyCount: optional(MOST),
} as const;
const USED = object({ fen: fen('sales in force'), count: count('how many') });
const LIMITS_NOW = object({ limits: object(LIMITS), today: USED, month: USED });

function limitsOf({ state, control, ...office }: Office, who: string): ValueOf<typeof LIMITS_NOW> {
  const isKnown = state.merchants.has(who) || state.terminals.has(who);
  foundOr404(isKnown ? who : undefined, 'terminal or merchant');
  const now = civilNow({ state, control, ...office });
  return {
    limits: state.limits.get(who) ?? {},
    today: control.risk.used(who, now.slice(0, 10)),
    month: control.risk.used(who, now.slice(0, 7)),
  };
}

export const RISK_ROUTES: readonly Route[] = [
  listRoute({
    path: '/reviews',
    summary: 'sales that rules have stopped for a person to look at',
    query: { state: optional(STATE) },
    name: 'reviews',
    item: REVIEW,
    all: ({ office }) => office.state.reviews.values(),
    isChosen: (each, { state }) => (state ?? each.state) === each.state,
    idOf: ({ id }) => id,
    show: view,
  }),
  route({
    method: 'get',
    path: '/reviews/{id}',
    summary: 'one review',
    id: REVIEW_ID,
    answer: REVIEW,
    problems: [404],
    reply: ({ office, id }) => view(foundOr404(office.state.reviews.get(id), 'review')),
  }),
  route({
    method: 'post',
    path: '/reviews/{id}/close',
    summary: 'a person has looked: the money is let go, or stays frozen',
    id: REVIEW_ID,
    body: object({
      verdict: word(['cleared', 'confirmed'], 'let go, or stays frozen'),
      by: BY,
      note: said('what was found', 'known customer'),
    }),
    answer: REVIEW,
    problems: [404, 409],
    reply({ office, id, body: { verdict, by, note } }) {
      foundOr404(office.state.reviews.get(id), 'review');
      const result = office.control.risk.closeReview(id, verdict, { by, note });
      if ('why' in result) throw refused(result.why);
      return view(foundOr404(office.state.reviews.get(id), 'review'));
    },
  }),
  route({
    method: 'get',
    path: '/limits/{id}',
    summary: 'what a terminal or a merchant may take in, and what of it is used',
    id: WHO,
    answer: LIMITS_NOW,
    problems: [404],
    reply: ({ office, id }) => limitsOf(office, id),
  }),
  route({
    method: 'put',
    path: '/limits/{id}',
    summary: 'sets what a terminal or a merchant may take in; what is absent is without limit',
    id: WHO,
    body: object({ limits: object(LIMITS), by: BY }),
    answer: LIMITS_NOW,
    problems: [404, 409],
    reply({ office, id, body }) {
      limitsOf(office, id);
      const why = office.control.risk.setLimits(id, body.limits, body.by);
      if (why !== undefined) throw refused(why);
      return limitsOf(office, id);
    },
  }),
];
