import { expect } from 'vitest';
import { MID, TID, accountOf } from '../emulator/host/host-desk.ts';
import type { OperationResult } from '../../emulator/terminal/operation-result.ts';
import { signatureImage } from '../../scenarios/verbs/archive-verbs.ts';
import type { ApiDesk } from './api-desk.ts';
import {
  badForm,
  NOBODY,
  PAPER_ID,
  refusal,
  RRN,
  SALE_ID,
  some,
  WHO,
  type Case,
} from './route-case.ts';

export const CLAIM = {
  requestNo: 'q-1',
  mid: MID,
  rrn: RRN,
  amountFen: 4000,
  category: 'transaction',
  way: 'self-service',
  route: 'host',
  goods: 'none',
  isFailure: false,
  papers: ['slip'],
  contact: 'sms',
} as const;
/** One that a person reviews, and both sides sign. */
const SERVICE = {
  ...CLAIM,
  category: 'service',
  papers: ['slip', 'contract', 'service-record'],
} as const;
const APPLIED = ['POST /refund-cases', SERVICE] as const;
const REVIEW_NO = [
  'POST /refund-cases/R000001/review',
  { agrees: false, by: 'li', why: 'worn' },
] as const;
const COMPLAINT = { by: 'holder', text: 'it was new' } as const;
const COMPLAINED = ['POST /refund-cases/R000001/complaints', COMPLAINT] as const;
const ADJUSTMENT = { rrn: RRN, to: 'holder', amountFen: 1000, ...WHO } as const;
const PROPOSED = ['POST /adjustments', ADJUSTMENT] as const;
const BOOKED = ['POST /adjustments/A000001/book', { by: 'wang' }] as const;
const ASKED = ['POST /retrievals', { transactionId: PAPER_ID, ...WHO }] as const;

/** A sale of 300.00 at the other merchant, which a rule has stopped. */
export function reviewed({ bench }: ApiDesk): void {
  bench.host.control.risk.setRules(
    [{ name: 'large', when: [{ kind: 'above', fen: 29_999 }], outcome: { kind: 'hold' } }],
    'li',
  );
  const card = bench.cards.present(accountOf('debit'), { entry: 'swipe', pin: '123456' });
  const sale = bench.perform('20000001', { verb: 'sale', amountFen: 30_000, card });
  expect(sale.outcome).toBe('approved');
  expect(bench.host.state.reviews.size).toBe(1);
}

/** A failed payment of an open batch is claimed back; then the batch is settled. */
function claimed({ bench }: ApiDesk): void {
  const card = bench.cards.present(accountOf('debit'), { entry: 'swipe', pin: '123456' });
  const { rrn = '' } = bench.perform(TID, { verb: 'sale', amountFen: 2000, card });
  const { amountFen: _all, ...claim } = { ...CLAIM, isFailure: true };
  const papers = ['slip', 'failure-slip'] as const;
  bench.host.control.refunds.apply({ ...claim, papers, of: { rrn } });
  bench.host.control.refunds.review('R000001', { agrees: true, by: 'li' });
  expect(bench.perform(TID, { verb: 'settle' }).outcome).toBe('balanced');
  expect(bench.host.state.refundCases.get('R000001')?.state).toBe('agreed');
}

const PICTURE = signatureImage(
  { settlementDate: '0115', rrn: RRN } as OperationResult,
  'latin',
  '1',
);

/** The only review there is. */
const REVIEW = 'V000001';

export const GOOD_OFFICE: readonly Case[] = [
  {
    route: 'GET /refund-cases',
    path: `/refund-cases?rrn=${RRN}&state=under-review`,
    before: [APPLIED],
    status: 200,
    gives: { cases: [some({ id: 'R000001', requestNo: 'q-1', saleId: SALE_ID })] },
  },
  {
    route: 'GET /refund-cases/{id}',
    path: '/refund-cases/R000001',
    before: [APPLIED],
    status: 200,
    gives: some({ state: 'under-review', amountFen: 4000, feeFen: 0, policy: '2016-09-06' }),
  },
  {
    route: 'POST /refund-cases',
    body: CLAIM,
    status: 201,
    gives: some({ id: 'R000001', state: 'sent', toCardFen: 4000, refundRrn: expect.any(String) }),
  },
  {
    route: 'POST /refund-cases/{id}/review',
    path: '/refund-cases/R000001/review',
    before: [APPLIED],
    body: REVIEW_NO[1],
    status: 200,
    gives: some({ state: 'refused', reason: 'review', why: 'worn' }),
  },
  {
    route: 'POST /refund-cases/{id}/consent',
    path: '/refund-cases/R000001/consent',
    before: [APPLIED],
    body: { side: 'holder', feeFen: 0 },
    status: 200,
    gives: some({ state: 'under-review' }),
  },
  {
    route: 'POST /refund-cases/{id}/sign',
    path: '/refund-cases/R000001/sign',
    before: [APPLIED, ['POST /refund-cases/R000001/review', { agrees: true, by: 'li' }]],
    body: { side: 'holder', picture: PICTURE },
    status: 200,
    gives: some({ state: 'agreed', why: 'the agreement is not signed by both sides' }),
  },
  {
    route: 'POST /refund-cases/{id}/execute',
    path: '/refund-cases/R000001/execute',
    prepare: claimed,
    body: {},
    status: 200,
    gives: some({ state: 'sent', amountFen: 2000 }),
  },
  {
    route: 'POST /refund-cases/{id}/withdraw',
    path: '/refund-cases/R000001/withdraw',
    before: [APPLIED],
    body: { by: 'holder' },
    status: 200,
    gives: some({ state: 'withdrawn' }),
  },
  {
    route: 'POST /refund-cases/{id}/complaints',
    path: '/refund-cases/R000001/complaints',
    before: [APPLIED, REVIEW_NO],
    body: COMPLAINT,
    status: 201,
    gives: some({ id: 'C000001', caseId: 'R000001', text: 'it was new' }),
  },
  {
    route: 'POST /complaints/{id}/close',
    path: '/complaints/C000001/close',
    before: [APPLIED, REVIEW_NO, COMPLAINED],
    body: { by: 'zhao', isUpheld: true },
    status: 200,
    gives: some({ closed: some({ by: 'zhao', isUpheld: true }) }),
  },
  {
    route: 'GET /adjustments',
    before: [PROPOSED],
    status: 200,
    gives: { adjustments: [some({ id: 'A000001', state: 'proposed', transactionId: SALE_ID })] },
  },
  {
    route: 'POST /adjustments',
    body: ADJUSTMENT,
    status: 201,
    gives: some({ id: 'A000001', state: 'proposed', amountFen: 1000, by: 'li' }),
  },
  {
    route: 'POST /adjustments/{id}/book',
    path: '/adjustments/A000001/book',
    before: [PROPOSED],
    body: { by: 'wang' },
    status: 200,
    gives: some({ state: 'booked', decidedBy: 'wang' }),
  },
  {
    route: 'POST /adjustments/{id}/reject',
    path: '/adjustments/A000001/reject',
    before: [PROPOSED],
    body: { reason: 'the wrong sale', by: 'wang' },
    status: 200,
    gives: some({ state: 'rejected', decidedBy: 'wang' }),
  },
  {
    route: 'POST /adjustments/{id}/correct',
    path: '/adjustments/A000001/correct',
    before: [PROPOSED, BOOKED],
    body: { reason: 'the wrong sale', by: 'wang' },
    status: 200,
    gives: some({ id: 'A000002', to: 'merchant', correctsId: 'A000001', state: 'proposed' }),
  },
  {
    route: 'GET /retrievals',
    before: [ASKED],
    status: 200,
    gives: { retrievals: [some({ id: 'Q000001', state: 'open', isOverdue: false })] },
  },
  {
    route: 'GET /retrievals/{id}',
    path: '/retrievals/Q000001',
    before: [ASKED, ['POST /clock/advance', { days: 60 }]],
    status: 200,
    gives: some({ transactionId: PAPER_ID, isOverdue: true }),
  },
  {
    route: 'POST /retrievals',
    body: { transactionId: SALE_ID, ...WHO },
    status: 201,
    gives: some({
      state: 'answered',
      evidence: 'image',
      detail: expect.stringMatching(/^[0-9a-f]{64}$/),
    }),
  },
  {
    route: 'POST /retrievals/{id}/supply',
    path: '/retrievals/Q000001/supply',
    before: [ASKED],
    body: { paper: 'a signed slip', by: 'wang' },
    status: 200,
    gives: some({ state: 'answered', evidence: 'paper', detail: 'a signed slip' }),
  },
  {
    route: 'GET /reviews',
    prepare: reviewed,
    status: 200,
    gives: { reviews: [some({ id: REVIEW, state: 'open', holdId: 'H000001' })] },
  },
  {
    route: 'GET /reviews/{id}',
    path: `/reviews/${REVIEW}`,
    prepare: reviewed,
    status: 200,
    gives: some({ id: REVIEW, hits: [{ rule: 'large', evidence: expect.any(String) }] }),
  },
  {
    route: 'POST /reviews/{id}/close',
    path: `/reviews/${REVIEW}/close`,
    prepare: reviewed,
    body: { verdict: 'cleared', by: 'wang', note: 'known' },
    status: 200,
    gives: some({ state: 'cleared', closedBy: 'wang', note: 'known' }),
  },
  {
    route: 'GET /limits/{id}',
    path: `/limits/${TID}`,
    status: 200,
    gives: { limits: {}, today: { fen: 0, count: 0 }, month: { fen: 16_000, count: 2 } },
  },
  {
    route: 'PUT /limits/{id}',
    path: `/limits/${MID}`,
    body: { limits: { singleFen: 5000, monthlyCount: 9 }, by: 'li' },
    status: 200,
    gives: some({ limits: { singleFen: 5000, monthlyCount: 9 } }),
  },
];

export const BAD_OFFICE: readonly Case[] = [
  { route: 'GET /refund-cases/R000009', ...NOBODY },
  { route: 'POST /refund-cases', body: { ...CLAIM, mid: '1' }, ...NOBODY },
  {
    route: 'POST /refund-cases',
    body: { ...CLAIM, rrn: '999999999999' },
    ...refusal('this merchant has no such sale'),
  },
  {
    route: 'POST /refund-cases',
    body: { ...CLAIM, transactionId: SALE_ID },
    ...badForm('body: the sale is named by `rrn` or by `transactionId`'),
  },
  {
    route: 'POST /refund-cases',
    body: { ...CLAIM, amountFen: 0 },
    ...badForm('body/amountFen must be >= 1'),
  },
  {
    route: 'POST /refund-cases',
    before: [APPLIED],
    body: { ...CLAIM, requestNo: 'q-2' },
    ...refusal('R000001 is open on this sale'),
  },
  {
    route: 'POST /refund-cases/R000001/consent',
    before: [APPLIED],
    body: { side: 'holder', feeFen: 1 },
    ...refusal('its fee is 0.00'),
  },
  {
    route: 'POST /refund-cases/R000001/sign',
    before: [APPLIED, ['POST /refund-cases/R000001/review', { agrees: true, by: 'li' }]],
    body: { side: 'holder', picture: '00' },
    status: 409,
    gives: some({ code: 'E_API_REFUSED' }),
  },
  { route: 'POST /refund-cases/R000009/withdraw', body: { by: 'holder' }, ...NOBODY },
  {
    route: 'POST /complaints/C000001/close',
    before: [
      APPLIED,
      REVIEW_NO,
      COMPLAINED,
      ['POST /complaints/C000001/close', { by: 'a', isUpheld: false }],
    ],
    body: { by: 'zhao', isUpheld: true },
    ...refusal('C000001 was closed by a'),
  },
  { route: 'POST /complaints/C000009/close', body: { by: 'zhao', isUpheld: true }, ...NOBODY },
  {
    route: 'POST /adjustments/A000001/book',
    before: [PROPOSED],
    body: { by: 'li' },
    ...refusal('li proposed it: another person must decide'),
  },
  {
    route: 'POST /adjustments/A000001/book',
    before: [PROPOSED, BOOKED],
    body: { by: 'wang' },
    ...refusal('A000001 was booked by wang'),
  },
  {
    route: 'POST /adjustments',
    body: { ...ADJUSTMENT, amountFen: 10_001 },
    ...refusal('100.00 of the sale is left'),
  },
  { route: 'POST /adjustments', body: { ...ADJUSTMENT, rrn: '1' }, ...NOBODY },
  {
    route: 'POST /adjustments',
    body: { ...ADJUSTMENT, amountFen: -1 },
    ...badForm('body/amountFen must be >= 1'),
  },
  { route: 'POST /adjustments/A000009/book', body: { by: 'wang' }, ...NOBODY },
  { route: 'POST /retrievals', body: { transactionId: `${TID}-000001-000099`, ...WHO }, ...NOBODY },
  { route: 'GET /retrievals/Q000009', ...NOBODY },
  {
    route: 'POST /retrievals/Q000001/supply',
    before: [['POST /retrievals', { transactionId: SALE_ID, ...WHO }]],
    body: { paper: 'a slip', by: 'wang' },
    ...refusal('Q000001 is answered'),
  },
  {
    route: 'POST /reviews/V000009/close',
    body: { verdict: 'cleared', by: 'a', note: 'b' },
    ...NOBODY,
  },
  {
    route: `POST /reviews/${REVIEW}/close`,
    prepare: reviewed,
    before: [[`POST /reviews/${REVIEW}/close`, { verdict: 'confirmed', by: 'wang', note: 'odd' }]],
    body: { verdict: 'cleared', by: 'zhao', note: 'fine' },
    ...refusal(`${REVIEW} was confirmed by wang`),
  },
  { route: 'GET /reviews/V000009', ...NOBODY },
  { route: 'GET /limits/99999999', ...NOBODY },
  {
    route: `PUT /limits/${TID}`,
    body: { limits: { singleFen: -1 }, by: 'li' },
    ...badForm('body/limits/singleFen must be >= 0'),
  },
];
