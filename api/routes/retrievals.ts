import type { Retrieval } from '../../emulator/host/evidence/retrieval-book.ts';
import {
  DATE,
  flag,
  object,
  optional,
  said,
  text,
  word,
  words,
  shownAs,
  type ValueOf,
} from '../form.ts';
import { listRoute } from '../list-route.ts';
import { foundOr404, refused, route, type Office, type Route } from '../route.ts';
import { BY, REASON, TRANSACTION_ID } from '../shared-forms.ts';
import { civilNow } from './clock.ts';

const RETRIEVAL_ID = text('Q\\d{6,}', 'number of a request for a slip', 'Q000001');

const STATE = word(['open', 'answered'], 'open while the evidence is missing');

/** The picture stays in the archive: `countersign signature render` draws it from there. */
const RETRIEVAL = object({
  id: RETRIEVAL_ID,
  transactionId: words('the transaction'),
  reason: words('why it is asked for'),
  by: words('who asks'),
  at: words('when'),
  dueOn: DATE,
  isOverdue: flag('whether its last day is over without an answer'),
  state: STATE,
  evidence: optional(word(['image', 'rule', 'paper'], 'what it was answered with')),
  detail: optional(words('hash of the sealed signature, the rule, or what came on paper')),
  missing: optional(words('why the evidence is missing')),
  broken: optional(words('why the chain of the archive is not as it was sealed')),
});

type Found = { readonly missing?: string; readonly broken?: string };

function view(office: Office, record: Retrieval, found: Found = {}): ValueOf<typeof RETRIEVAL> {
  const isOverdue = record.state === 'open' && record.dueOn < civilNow(office).slice(0, 10);
  return shownAs(RETRIEVAL, { ...record, isOverdue, ...found });
}

export const RETRIEVAL_ROUTES: readonly Route[] = [
  listRoute({
    path: '/retrievals',
    summary: 'requests for slips, in the order in which they came',
    query: { state: optional(STATE) },
    name: 'retrievals',
    item: RETRIEVAL,
    all: ({ office }) => office.state.retrievals.values(),
    isChosen: (each, { state }) => (state ?? each.state) === each.state,
    idOf: ({ id }) => id,
    show: (each, office) => view(office, each),
  }),
  route({
    method: 'get',
    path: '/retrievals/{id}',
    summary: 'one request for a slip',
    id: RETRIEVAL_ID,
    answer: RETRIEVAL,
    problems: [404],
    reply: ({ office, id }) =>
      view(office, foundOr404(office.state.retrievals.get(id), 'retrieval')),
  }),
  route({
    method: 'post',
    path: '/retrievals',
    summary: 'asks for the slip of a transaction, or looks again at what was asked',
    body: object({ transactionId: TRANSACTION_ID, reason: REASON, by: BY }),
    answer: RETRIEVAL,
    status: 201,
    problems: [404, 409],
    reply({ office, body: { transactionId: id, reason, by } }) {
      foundOr404(office.state.transactions.get(id), 'transaction');
      const result = office.control.evidence.retrieve({ id, reason, by });
      if (result.outcome === 'refused') throw refused(result.why);
      if (result.outcome === 'open')
        return view(office, result.retrieval, { missing: result.missing });
      const broken = result.slip?.broken;
      return view(office, result.retrieval, broken === undefined ? {} : { broken });
    },
  }),
  route({
    method: 'post',
    path: '/retrievals/{id}/supply',
    summary: 'what has come on paper closes an open request',
    id: RETRIEVAL_ID,
    body: object({ paper: said('what has come', 'a signed slip'), by: BY }),
    answer: RETRIEVAL,
    problems: [404, 409],
    reply({ office, id, body }) {
      foundOr404(office.state.retrievals.get(id), 'retrieval');
      const result = office.control.evidence.supply(id, body.paper, body.by);
      if (result.outcome === 'refused') throw refused(result.why);
      return view(office, result.retrieval);
    },
  }),
];
