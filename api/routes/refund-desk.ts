import {
  DOCUMENTED_REFUND_POLICY,
  PAPERS,
  policyAt,
  type GoodsState,
  type RefundCategory,
  type RefundPolicyVersion,
} from '../../emulator/host/refund-desk/refund-policy.ts';
import type { PolicyChanges } from '../../emulator/host/refund-desk/refund-desk.ts';
import { policyVersions } from '../../emulator/host/refund-desk/refund-terms.ts';
import { checkForm } from '../check-form.ts';
import {
  flag,
  list,
  MOMENT,
  object,
  optional,
  whole,
  word,
  words,
  type Form,
  type ValueOf,
} from '../form.ts';
import { listRoute } from '../list-route.ts';
import { foundOr404, refused, route, type Office, type Route } from '../route.ts';
import { BY, MID, RRN } from '../shared-forms.ts';

import { civilNow } from './clock.ts';

const DESK_SHAPE = {
  isMaintenance: flag('applications are kept, and go on when it ends'),
} as const;
const DESK = object({
  ...DESK_SHAPE,
  policy: words('since when the policy in force holds'),
});

function policyNow(office: Office): RefundPolicyVersion {
  const found = policyAt(policyVersions(office.state), civilNow(office));
  return found ?? DOCUMENTED_REFUND_POLICY;
}

function deskView(office: Office): ValueOf<typeof DESK> {
  return { isMaintenance: office.state.isRefundMaintenance, policy: policyNow(office).from };
}

const DAYS = whole(0, 10_000, 'days');
const PPM = whole(0, 999_999, 'parts per million');
const RULE = word(['full', 'partial', 'manual'], 'what a holder may do himself');
const PAPER_LIST = list(word(PAPERS, 'a paper that is needed'));
const CATEGORIES = ['transaction', 'service', 'policy', 'device'] as const;
const CATEGORY_LIST = list(word(CATEGORIES, 'kind of refund'));

const GOODS: { readonly [State in GoodsState]: typeof RULE } = {
  none: RULE,
  'pending-confirmation': RULE,
  'return-unconfirmed': RULE,
  'return-started': RULE,
  'return-confirmed': RULE,
};
const NEEDED: { readonly [Category in RefundCategory]: typeof PAPER_LIST } = {
  transaction: PAPER_LIST,
  service: PAPER_LIST,
  policy: PAPER_LIST,
  device: PAPER_LIST,
};
const FEE = {
  ppm: PPM,
  freeDays: DAYS,
  payer: word(['merchant', 'holder'], 'who pays it'),
} as const;

/** All of a policy but its fee: days are calendar days unless they say otherwise. */
const PARTS = {
  windowDays: whole(0, 10_000, 'days after the sale within which a refund is applied for'),
  goods: object(GOODS),
  manualDays: object({ from: DAYS, to: DAYS }),
  saleFee: word(['kept', 'returned'], 'whether the merchant gets the fee of the sale back'),
  papers: object(NEEDED),
  reviewed: CATEGORY_LIST,
  signed: CATEGORY_LIST,
  debtLimitFen: whole(0, 999_999_999_999, 'most that a merchant may come to owe, in fen'),
  reviewDays: whole(0, 10_000, 'working days that a review may take'),
  complaintDays: whole(0, 10_000, 'working days that a complaint may take'),
  arrival: object({ leastDays: DAYS, usualDays: DAYS, mostDays: DAYS }),
  device: object({ days: DAYS, penaltyPpm: PPM }),
} as const;

const POLICY = object({
  from: words('since when it holds'),
  isInForce: flag('whether it is the one that holds now'),
  ...PARTS,
  fee: object(FEE),
});

const CHANGES: Form<PolicyChanges> = object(
  {
    windowDays: optional(PARTS.windowDays),
    goods: optional(PARTS.goods),
    manualDays: optional(PARTS.manualDays),
    fee: optional(
      object(
        { ppm: optional(PPM), freeDays: optional(DAYS), payer: optional(FEE.payer) },
        { minProperties: 1 },
      ),
    ),
    saleFee: optional(PARTS.saleFee),
    papers: optional(PARTS.papers),
    reviewed: optional(PARTS.reviewed),
    signed: optional(PARTS.signed),
    debtLimitFen: optional(PARTS.debtLimitFen),
    reviewDays: optional(PARTS.reviewDays),
    complaintDays: optional(PARTS.complaintDays),
    arrival: optional(PARTS.arrival),
    device: optional(PARTS.device),
  },
  { minProperties: 1 },
);

function policyView(shown: RefundPolicyVersion, office: Office): ValueOf<typeof POLICY> {
  const { from, windowDays, goods, manualDays, fee, saleFee, papers, reviewed, signed } = shown;
  const { debtLimitFen, reviewDays, complaintDays, arrival, device } = shown;
  return {
    from,
    isInForce: from === policyNow(office).from,
    windowDays,
    goods,
    manualDays,
    fee,
    saleFee,
    papers,
    reviewed,
    signed,
    debtLimitFen,
    reviewDays,
    complaintDays,
    arrival,
    device,
  };
}

const CASES = list(words('number of a case'));
const DAY = object({
  sent: CASES,
  arrived: CASES,
  overdueCases: CASES,
  overdueComplaints: list(words('number of a complaint')),
});

const CHANNEL = word(['web-shop', 'other-acquirer', 'wallet'], 'where it was made');
const OTHER_SALE = object({ rrn: RRN, mid: MID, channel: CHANNEL });

function otherSaleView({ state }: Office, rrn: string): ValueOf<typeof OTHER_SALE> {
  const { mid, channel } = foundOr404(state.otherSales.get(rrn), 'sale of another channel');
  return { rrn, mid, channel };
}

export const REFUND_DESK_ROUTES: readonly Route[] = [
  route({
    method: 'get',
    path: '/refund-desk',
    summary: 'whether the refund desk is in maintenance, and the policy in force',
    answer: DESK,
    reply: ({ office }) => deskView(office),
  }),
  route({
    method: 'put',
    path: '/refund-desk',
    summary: 'begins or ends the maintenance of the refund desk',
    body: object({ ...DESK_SHAPE, by: BY }),
    answer: DESK,
    reply({ office, body: { isMaintenance, by } }) {
      office.control.refunds.setMaintenance(isMaintenance, by);
      return deskView(office);
    },
  }),
  route({
    method: 'post',
    path: '/refund-desk/day',
    summary: 'the day’s work: what waits is sent where it can be, what is due has arrived',
    answer: DAY,
    reply({ office }) {
      const { sent, arrived, cases, complaints } = office.control.refunds.dayPasses();
      return { sent, arrived, overdueCases: cases, overdueComplaints: complaints };
    },
  }),
  listRoute({
    path: '/refund-policies',
    summary: 'the refund policies, in the order in which they were entered; a case keeps its own',
    name: 'policies',
    item: POLICY,
    all: ({ office }) => policyVersions(office.state),
    idOf: ({ from }) => from,
    show: policyView,
  }),
  route({
    method: 'post',
    path: '/refund-policies',
    summary: 'changes the policy in force from a moment to come on; what is not said stays',
    body: object({ from: MOMENT, changes: CHANGES, by: BY }),
    answer: POLICY,
    status: 201,
    problems: [409],
    reply({ office, body: { from, changes, by } }) {
      const why = office.control.refunds.enterPolicy(from, changes, by);
      if (why !== undefined) throw refused(why);
      return policyView(foundOr404(office.state.refundPolicies.at(-1), 'refund policy'), office);
    },
  }),
  listRoute({
    path: '/other-sales',
    summary: 'sales that were made elsewhere, as they were noted: no refund of them is made here',
    query: { mid: optional(MID) },
    name: 'sales',
    item: OTHER_SALE,
    all: ({ office }) => office.state.otherSales.entries(),
    isChosen: ([, each], { mid }) => (mid ?? each.mid) === each.mid,
    idOf: ([rrn]) => rrn,
    show: ([rrn], office) => otherSaleView(office, rrn),
  }),
  route({
    method: 'get',
    path: '/other-sales/{id}',
    summary: 'one sale that was made elsewhere, by its reference number',
    id: RRN,
    answer: OTHER_SALE,
    problems: [404],
    reply: ({ office, id }) => otherSaleView(office, id),
  }),
  route({
    method: 'put',
    path: '/other-sales/{id}',
    summary: 'notes that a sale was made elsewhere, by its reference number',
    id: RRN,
    body: object({ mid: MID, channel: CHANNEL }),
    answer: OTHER_SALE,
    problems: [404, 409],
    reply({ office, id, body: { mid, channel } }) {
      const rrn = checkForm(RRN, id, 'path/id');
      foundOr404(office.state.merchants.get(mid), 'merchant');
      const why = office.control.refunds.noteOtherSale(rrn, mid, channel);
      if (why !== undefined) throw refused(why);
      return otherSaleView(office, rrn);
    },
  }),
];
