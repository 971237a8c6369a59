import { expect } from 'vitest';
import { MID } from '../emulator/host/host-desk.ts';
import { badForm, NOBODY, OTHER_MID, refusal, RRN, some, type Case } from './route-case.ts';

const ORDER = { mid: MID, device: 'big-pos', priceFen: 30_000, depositFen: 20_000 } as const;
const ORDERED = ['POST /device-orders', ORDER] as const;
const SHIPPED = ['POST /device-orders/D000001/ship', {}] as const;
const BACK = {
  requestNo: 'd-1',
  mid: MID,
  isFaulty: false,
  papers: ['contract'],
  contact: 'sms',
} as const;
const GIVEN_BACK = ['POST /device-orders/D000001/refund', BACK] as const;

const POLICY = {
  from: '2026-02-01',
  changes: { windowDays: 15, fee: { ppm: 1000 } },
  by: 'li',
} as const;
const ENTERED = ['POST /refund-policies', POLICY] as const;
const NOTED = ['PUT /other-sales/777', { mid: MID, channel: 'web-shop' }] as const;
const CLOSED = ['PUT /refund-desk', { isMaintenance: true, by: 'li' }] as const;

const CLAIM = {
  requestNo: 'q-1',
  mid: MID,
  rrn: RRN,
  category: 'transaction',
  way: 'self-service',
  route: 'host',
  goods: 'none',
  isFailure: false,
  papers: ['slip'],
  contact: 'sms',
} as const;
const CLAIMED = ['POST /refund-cases', CLAIM] as const;

export const GOOD_DESK: readonly Case[] = [
  {
    route: 'GET /refund-desk',
    status: 200,
    gives: { isMaintenance: false, policy: '2016-09-06' },
  },
  {
    route: 'PUT /refund-desk',
    body: CLOSED[1],
    status: 200,
    gives: some({ isMaintenance: true }),
  },
  {
    // What was kept in maintenance goes on when it ends.
    route: 'GET /refund-cases/{id}',
    path: '/refund-cases/R000001',
    before: [CLOSED, CLAIMED, ['PUT /refund-desk', { isMaintenance: false, by: 'li' }]],
    status: 200,
    gives: some({ state: 'sent', toCardFen: 10_000 }),
  },
  {
    route: 'POST /refund-desk/day',
    before: [CLAIMED, ['POST /clock/advance', { days: 7 }]],
    body: {},
    status: 200,
    gives: { sent: [], arrived: ['R000001'], overdueCases: [], overdueComplaints: [] },
  },
  {
    route: 'GET /refund-policies',
    before: [ENTERED],
    status: 200,
    gives: {
      policies: [
        some({ from: '2016-09-06', isInForce: true, windowDays: 30 }),
        some({ from: '2026-02-01 00:00:00', isInForce: false, windowDays: 15 }),
      ],
    },
  },
  {
    route: 'GET /refund-policies',
    path: '/refund-policies?after=2016-09-06',
    before: [ENTERED, ['POST /clock/advance', { days: 20 }]],
    status: 200,
    gives: { policies: [some({ from: '2026-02-01 00:00:00', isInForce: true })] },
  },
  {
    route: 'POST /refund-policies',
    body: POLICY,
    status: 201,
    gives: some({
      from: '2026-02-01 00:00:00',
      windowDays: 15,
      fee: { ppm: 1000, freeDays: 0, payer: 'merchant' },
      reviewDays: 7,
    }),
  },
  {
    route: 'GET /device-orders',
    path: `/device-orders?mid=${MID}`,
    before: [ORDERED, ['POST /device-orders', { ...ORDER, mid: OTHER_MID }]],
    status: 200,
    gives: { orders: [{ id: 'D000001', ...ORDER, orderedOn: '2026-01-16' }] },
  },
  {
    route: 'GET /device-orders/{id}',
    path: '/device-orders/D000001',
    before: [ORDERED, SHIPPED, GIVEN_BACK],
    status: 200,
    gives: some({ shippedOn: '2026-01-16', refundedBy: 'R000001' }),
  },
  {
    route: 'POST /device-orders',
    body: ORDER,
    status: 201,
    gives: { id: 'D000001', ...ORDER, orderedOn: '2026-01-16' },
  },
  {
    route: 'POST /device-orders/{id}/ship',
    path: '/device-orders/D000001/ship',
    before: [ORDERED],
    body: {},
    status: 200,
    gives: some({ id: 'D000001', shippedOn: '2026-01-16' }),
  },
  {
    // A sound device that was shipped: the price less a penalty of 30 %, and the deposit.
    route: 'POST /device-orders/{id}/refund',
    path: '/device-orders/D000001/refund',
    before: [ORDERED, SHIPPED],
    body: BACK,
    status: 201,
    gives: some({ id: 'R000001', orderId: 'D000001', state: 'sent', amountFen: 41_000 }),
  },
  {
    route: 'POST /device-orders/{id}/refund',
    path: '/device-orders/D000001/refund',
    before: [ORDERED, GIVEN_BACK],
    body: BACK,
    status: 201,
    gives: some({ id: 'R000001', amountFen: 50_000 }),
  },
  {
    route: 'GET /other-sales',
    before: [NOTED, ['PUT /other-sales/778', { mid: OTHER_MID, channel: 'wallet' }]],
    path: `/other-sales?mid=${OTHER_MID}`,
    status: 200,
    gives: { sales: [{ rrn: '778', mid: OTHER_MID, channel: 'wallet' }] },
  },
  {
    route: 'GET /other-sales/{id}',
    path: '/other-sales/777',
    before: [NOTED],
    status: 200,
    gives: { rrn: '777', mid: MID, channel: 'web-shop' },
  },
  {
    route: 'PUT /other-sales/{id}',
    path: '/other-sales/777',
    body: NOTED[1],
    status: 200,
    gives: { rrn: '777', mid: MID, channel: 'web-shop' },
  },
  {
    route: 'POST /refund-cases',
    before: [NOTED],
    body: { ...CLAIM, rrn: '777', amountFen: 100 },
    status: 201,
    gives: some({ state: 'refused', reason: 'other-channel' }),
  },
];

export const BAD_DESK: readonly Case[] = [
  {
    route: 'PUT /refund-desk',
    body: { isMaintenance: 'yes', by: 'li' },
    ...badForm('body/isMaintenance must be boolean'),
  },
  {
    route: 'PUT /refund-desk',
    body: { isMaintenance: true },
    ...badForm('body lacks by'),
  },
  {
    route: 'POST /refund-desk/day',
    body: { day: '2026-01-16' },
    ...badForm('body has a member "day" too many'),
  },
  {
    route: 'POST /refund-policies',
    body: { ...POLICY, from: '2026-01-16' },
    ...refusal('2026-01-16 has begun already'),
  },
  {
    route: 'POST /refund-policies',
    before: [ENTERED],
    body: { ...POLICY, from: '2026-02-01 00:00:00' },
    ...refusal('there is a policy from 2026-02-01 00:00:00 on already'),
  },
  {
    route: 'POST /refund-policies',
    body: { ...POLICY, changes: { manualDays: { from: 9, to: 8 } } },
    ...refusal('manual applications end before they begin'),
  },
  ...['2026-02-30', '2026-02-01 25:00:00', '2026-02-01 09:30', '2026-02-01T09:30:00', 'soon'].map(
    (from): Case => ({
      route: 'POST /refund-policies',
      body: { ...POLICY, from },
      ...badForm('body/from is no day or moment such as 2026-01-15 09:30:00'),
    }),
  ),
  {
    route: 'POST /refund-policies',
    body: { ...POLICY, changes: {} },
    ...badForm(
      'body/changes has at least one of windowDays, goods, manualDays, fee, saleFee, papers, ' +
        'reviewed, signed, debtLimitFen, reviewDays, complaintDays, arrival, device',
    ),
  },
  {
    route: 'POST /refund-policies',
    body: { ...POLICY, changes: { fee: { ppm: 1_000_000 } } },
    ...badForm('body/changes/fee/ppm must be <= 999999'),
  },
  {
    route: 'POST /refund-policies',
    body: { ...POLICY, changes: { goods: { none: 'full' } } },
    ...badForm(
      'body/changes/goods lacks pending-confirmation, return-unconfirmed, return-started, return-confirmed',
    ),
  },
  { route: 'GET /device-orders/D000009', ...NOBODY },
  { route: 'POST /device-orders', body: { ...ORDER, mid: '1' }, ...NOBODY },
  {
    route: 'POST /device-orders',
    body: { ...ORDER, priceFen: 0, depositFen: 0 },
    ...refusal('price and deposit are whole fen, and not nothing together'),
  },
  {
    route: 'POST /device-orders',
    body: { ...ORDER, priceFen: 0.5 },
    ...badForm('body/priceFen must be integer'),
  },
  { route: 'POST /device-orders/D000009/ship', body: {}, ...NOBODY },
  {
    route: 'POST /device-orders/D000001/ship',
    before: [ORDERED, SHIPPED],
    body: {},
    ...refusal('it was shipped already'),
  },
  {
    route: 'POST /device-orders/D000001/ship',
    before: [ORDERED, GIVEN_BACK],
    body: {},
    ...refusal('it was refunded'),
  },
  { route: 'POST /device-orders/D000009/refund', body: BACK, ...NOBODY },
  {
    route: 'POST /device-orders/D000001/refund',
    before: [ORDERED],
    body: { ...BACK, mid: OTHER_MID },
    ...refusal('this merchant has no such order'),
  },
  {
    route: 'POST /device-orders/D000001/refund',
    before: [ORDERED],
    body: { ...BACK, papers: ['a promise'] },
    ...badForm(
      'body/papers/0 is one of slip, contract, service-record, policy-notice, failure-slip, fault-report',
    ),
  },
  { route: 'GET /other-sales/777', ...NOBODY },
  { route: 'PUT /other-sales/777', body: { mid: '1', channel: 'wallet' }, ...NOBODY },
  {
    route: `PUT /other-sales/${RRN}`,
    body: NOTED[1],
    ...refusal('it is a transaction of this acquirer'),
  },
  {
    route: 'PUT /other-sales/777',
    body: { mid: MID, channel: 'fax' },
    ...badForm('body/channel is one of web-shop, other-acquirer, wallet'),
  },
  {
    route: 'PUT /other-sales/6225881234567898',
    body: NOTED[1],
    status: 400,
    gives: some({
      code: 'E_API_INPUT',
      detail: expect.stringMatching(/^path\/id must match pattern /),
    }),
  },
];
