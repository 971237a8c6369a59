import type { RefundCase } from '../../emulator/host/refund-desk/case-book.ts';
import type { CaseView } from '../../emulator/host/refund-desk/case-view.ts';
import type { DeskAnswer } from '../../emulator/host/refund-desk/refund-desk.ts';
import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import { PAPERS } from '../../emulator/host/refund-desk/refund-policy.ts';
import {
  flag,
  list,
  object,
  optional,
  said,
  shownAs,
  text,
  word,
  words,
  type Form,
  type ValueOf,
} from '../form.ts';
import { listRoute } from '../list-route.ts';
import { foundOr404, refused, route, type Call, type Office, type Route } from '../route.ts';
import { AMOUNT_FEN, BY, count, fen, MID, RRN, PICTURE, TRANSACTION_ID } from '../shared-forms.ts';

const CASE_ID = text('R\\d{6,}', 'number of a refund case', 'R000001');
const COMPLAINT_ID = text('C\\d{6,}', 'number of a complaint', 'C000001');
const STATES = [
  'applied',
  'under-review',
  'agreed',
  'sent',
  'arrived',
  'refused',
  'withdrawn',
] as const;
const STATE = word(STATES, 'where it stands');
const SIDE = word(['holder', 'merchant'], 'which side');
const TOLD = object({ zh: words('in Chinese'), en: words('in English') });

const COMPLAINT = object({
  id: COMPLAINT_ID,
  caseId: CASE_ID,
  by: words('who complains'),
  text: words('about what'),
  openedOn: words('day'),
  dueOn: words('the day by which it must be closed'),
  closed: optional(
    object({ on: words('day'), by: words('who'), isUpheld: flag('whether it was right') }),
  ),
});

export const CASE = object({
  id: CASE_ID,
  requestNo: words('the applicant’s own number'),
  mid: MID,
  saleId: optional(words('the sale')),
  orderId: optional(words('the order of a device')),
  category: words('what kind of refund'),
  route: word(['host', 'terminal'], 'who sends the money back'),
  state: STATE,
  dates: object(
    Object.fromEntries(STATES.map((state) => [state, optional(words('day'))])) as Record<
      (typeof STATES)[number],
      ReturnType<typeof optional<string>>
    >,
  ),
  amountFen: fen('what is claimed back'),
  feeFen: fen('what it costs'),
  toCardFen: fen('what the card gets'),
  fromMerchantFen: fen('what the merchant gives'),
  reason: optional(words('why it was refused, as a word')),
  why: optional(words('why it was refused, or waits')),
  next: TOLD,
  earliest: optional(words('once sent: the first day on which the money can arrive')),
  latest: optional(words('once sent: the last day')),
  refundRrn: optional(words('reference number of the refund')),
  policy: words('since when the policy holds that decides'),
  policyNow: words('since when the one in force now holds'),
  complaint: optional(COMPLAINT),
});

export const REQUEST_NO = text(
  '[0-9A-Za-z-]{1,40}',
  'the applicant’s own; the same one again is the same case',
  'q-1',
);
export const PAPERS_IN_HAND = list(word(PAPERS, 'a paper that was handed in'));
export const CONTACT = word(['sms', 'mail'], 'how its changes are told');

const APPLICATION = object({
  requestNo: REQUEST_NO,
  mid: MID,
  rrn: optional(RRN),
  transactionId: optional(TRANSACTION_ID),
  amountFen: optional(AMOUNT_FEN),
  category: word(['transaction', 'service', 'policy'], 'what kind of refund'),
  way: word(['self-service', 'manual'], 'the holder himself, or by a person'),
  route: word(['host', 'terminal'], 'who sends the money back'),
  goods: word(
    ['none', 'pending-confirmation', 'return-unconfirmed', 'return-started', 'return-confirmed'],
    'where the goods of the sale stand',
  ),
  isFailure: flag('the payment had failed, and was debited all the same'),
  papers: PAPERS_IN_HAND,
  contact: CONTACT,
});

function view({ state }: Office, shown: CaseView): ValueOf<typeof CASE> {
  const { caseId, complaint } = shown;
  const asked = foundCase(state.refundCases, caseId);
  const { requestNo, mid, saleId, orderId, category, route: way } = asked;
  return shownAs(CASE, {
    ...shown,
    id: caseId,
    requestNo,
    mid,
    saleId,
    orderId,
    category,
    route: way,
    complaint: complaint && complaintView(complaint),
  });
}

function progressOf(office: Office, caseId: string): ValueOf<typeof CASE> {
  return view(office, foundOr404(office.control.refunds.progress({ caseId }), 'refund case'));
}

function complaintView(shown: NonNullable<CaseView['complaint']>): ValueOf<typeof COMPLAINT> {
  return shownAs(COMPLAINT, shown);
}

function foundCase(cases: ReadonlyMap<string, RefundCase>, id: string): RefundCase {
  return foundOr404(cases.get(id), 'refund case');
}

/** @throws the refusal, with the case to look at instead where there is one */
export function answered(office: Office, answer: DeskAnswer): ValueOf<typeof CASE> {
  if (answer.kind === 'refused') throw refused(answer.why);
  return view(office, answer.view);
}

function act<Body>(
  name: string,
  summary: string,
  body: Form<Body>,
  work: (call: Call<unknown, Body>) => DeskAnswer,
): Route {
  return route<Record<string, never>, Body, ValueOf<typeof CASE>>({
    method: 'post',
    path: `/refund-cases/{id}/${name}`,
    summary,
    id: CASE_ID,
    body,
    answer: CASE,
    problems: [404, 409],
    reply(call) {
      foundCase(call.office.state.refundCases, call.id);
      return answered(call.office, work(call));
    },
  });
}

export const REFUND_CASE_ROUTES: readonly Route[] = [
  listRoute({
    path: '/refund-cases',
    summary: 'refund cases, in the order in which they were opened',
    query: { state: optional(STATE), mid: optional(MID), rrn: optional(RRN) },
    name: 'cases',
    item: CASE,
    all({ office: { state }, query: { rrn } }) {
      if (rrn === undefined) return state.refundCases.values();
      const saleId = state.byRrn.get(rrn) ?? '';
      return [...state.refundCases.values()].filter((each) => each.saleId === saleId);
    },
    isChosen: (each, { state, mid }) =>
      (state ?? each.state) === each.state && (mid ?? each.mid) === each.mid,
    idOf: ({ id }) => id,
    show: ({ id }, office) => progressOf(office, id),
  }),
  route({
    method: 'get',
    path: '/refund-cases/{id}',
    summary: 'how far a refund has come, and what is next',
    id: CASE_ID,
    answer: CASE,
    problems: [404],
    reply: ({ office, id }) => progressOf(office, id),
  }),
  route({
    method: 'post',
    path: '/refund-cases',
    summary:
      'applies for a refund, by `rrn` or `transactionId`; the same number again shows its case',
    body: APPLICATION,
    answer: CASE,
    status: 201,
    problems: [404, 409],
    reply({ office, body: { rrn, transactionId, amountFen, ...asked } }) {
      const { state, control } = office;
      if ((rrn === undefined) === (transactionId === undefined)) {
        const why = 'body: the sale is named by `rrn` or by `transactionId`';
        throw new CountersignError('E_API_INPUT', { text: why });
      }
      foundOr404(state.merchants.get(asked.mid), 'merchant');
      const of = rrn === undefined ? { transactionId: transactionId ?? '' } : { rrn };
      const amount = amountFen === undefined ? {} : { amountFen };
      return answered(office, control.refunds.apply({ ...asked, ...amount, of }));
    },
  }),
  act(
    'review',
    'a person decides; `why` where he does not agree',
    object({
      agrees: flag('whether he agrees'),
      by: BY,
      why: optional(said('why not', 'no fault found')),
    }),
    ({ office, id, body: { agrees, by, why } }) =>
      office.control.refunds.review(id, { agrees, by, ...(why === undefined ? {} : { why }) }),
  ),
  act(
    'consent',
    'one side agrees to what it costs',
    object({ side: SIDE, feeFen: count('the fee that it agrees to, in fen') }),
    ({ office, id, body: { side, feeFen } }) => office.control.refunds.consent(id, side, feeFen),
  ),
  act(
    'sign',
    'one side signs the agreement; with the second signature it takes effect',
    object({ side: SIDE, picture: PICTURE }),
    ({ office, id, body: { side, picture } }) => office.control.refunds.sign(id, side, picture),
  ),
  act('withdraw', 'the applicant wants it no more', object({ by: BY }), ({ office, id, body }) =>
    office.control.refunds.withdraw(id, body.by),
  ),
  act('execute', 'what is agreed is sent', object({}), ({ office, id }) =>
    office.control.refunds.execute(id),
  ),
  route({
    method: 'post',
    path: '/refund-cases/{id}/complaints',
    summary: 'a complaint about a case that was refused or takes too long',
    id: CASE_ID,
    body: object({ by: BY, text: said('about what', 'the goods are back') }),
    answer: COMPLAINT,
    status: 201,
    problems: [404, 409],
    reply({ office, id, body }) {
      foundCase(office.state.refundCases, id);
      const result = office.control.refunds.complain(id, body);
      if (result.kind === 'refused') throw refused(result.why);
      return complaintView(result.complaint);
    },
  }),
  route({
    method: 'post',
    path: '/complaints/{id}/close',
    summary: 'ends a complaint; one that is right sends a refused case back to its review',
    id: COMPLAINT_ID,
    body: object({ by: BY, isUpheld: flag('whether it is right') }),
    answer: COMPLAINT,
    problems: [404, 409],
    reply({ office, id, body }) {
      foundOr404(office.state.complaints.get(id), 'complaint');
      const result = office.control.refunds.closeComplaint(id, body);
      if (result.kind === 'refused') throw refused(result.why);
      return complaintView(result.complaint);
    },
  }),
];
