import { expect } from 'vitest';
import { accountOf, MID, TID } from '../emulator/host/host-desk.ts';
import type { ApiDesk } from './api-desk.ts';
import { badForm, NOBODY, PAPER_ID, RRN, SALE_ID, some, type Case } from './route-case.ts';

/** The day of both sales. */
const DAY = '2026-01-15';
const STATEMENT = `/merchants/${MID}/statement`;

function settled({ cards, perform }: ApiDesk['bench'], amountFen: number): void {
  const card = cards.present(accountOf('debit'), { entry: 'swipe', pin: '123456' });
  expect(perform(TID, { verb: 'sale', amountFen, card }).outcome).toBe('approved');
  expect(perform(TID, { verb: 'settle' }).outcome).toBe('balanced');
}

/** A sale of today under a contract that pays on the same day, at a price, and is settled. */
function instant({ bench }: ApiDesk): void {
  const contract = {
    device: 'e-signature',
    term: { kind: 'D', days: 0 },
    instantFee: { ppm: 0, fixedFen: 200 },
  } as const;
  expect(bench.host.control.setContract(MID, contract, 'li')).toBeUndefined();
  settled(bench, 20_000);
}

/** A big POS whose deposit is taken out of the sales of today. */
function deposited({ bench }: ApiDesk): void {
  const contract = {
    device: 'big-pos',
    deposit: { amountFen: 20_000, turnoverFen: 900_000 },
  } as const;
  expect(bench.host.control.setContract(MID, contract, 'li')).toBeUndefined();
  settled(bench, 30_000);
}

/** An adjustment of today: the day that it is booked on stays open. */
const ADJUSTED = [
  ['POST /adjustments', { rrn: RRN, to: 'holder', amountFen: 1000, reason: 'worn', by: 'li' }],
  ['POST /adjustments/A000001/book', { by: 'wang' }],
] as const;

const WRONG_AT = some({
  code: 'E_API_INPUT',
  detail: expect.stringMatching(/^body\/at /),
});
const NOTHING = { count: 0, fen: 0 };

export const GOOD_SETTLEMENT: readonly Case[] = [
  {
    route: 'GET /merchants/{id}/statement',
    path: `${STATEMENT}?from=${DAY}&to=2026-01-16`,
    before: [['POST /payouts', {}]],
    status: 200,
    gives: {
      mid: MID,
      from: DAY,
      to: '2026-01-16',
      openingFen: 0,
      lines: {
        sales: { count: 2, fen: 16_000 },
        fees: { count: 0, fen: -80 },
        surcharges: NOTHING,
        refunds: NOTHING,
        'refund-costs': NOTHING,
        adjustments: NOTHING,
        chargebacks: NOTHING,
        'payout-fees': NOTHING,
        payouts: { count: 1, fen: -15_920 },
        other: NOTHING,
      },
      closingFen: 0,
      places: { payable: 0, held: 0, deposit: 0, transit: 0, receivable: 0 },
    },
  },
  {
    route: 'GET /merchants/{id}/statement',
    path: `${STATEMENT}?from=2026-01-16&to=2026-01-16`,
    status: 200,
    gives: some({ openingFen: 15_920, closingFen: 15_920, places: some({ payable: 15_920 }) }),
  },
  {
    route: 'GET /settlement-days',
    before: ADJUSTED,
    status: 200,
    gives: {
      days: [
        {
          day: DAY,
          state: 'closed',
          totals: some({ sales: 2, salesFen: 16_000, feesFen: 80, netFen: 15_920 }),
          closedAt: expect.stringMatching(/^2026-01-15 /),
          fileHash: expect.stringMatching(/^[0-9a-f]{64}$/),
        },
        {
          day: '2026-01-16',
          state: 'open',
          totals: some({ sales: 0, adjustments: 1, adjustmentsFen: 1000, netFen: -1000 }),
        },
      ],
    },
  },
  {
    route: 'GET /settlement-days',
    path: '/settlement-days?state=open',
    before: ADJUSTED,
    status: 200,
    gives: { days: [some({ day: '2026-01-16' })] },
  },
  {
    route: 'GET /settlement-days/{id}',
    path: `/settlement-days/${DAY}?mid=${MID}`,
    before: [['POST /payouts', {}]],
    status: 200,
    gives: some({
      day: DAY,
      state: 'closed',
      totals: some({ sales: 2 }),
      rows: [
        some({ line: 1, rrn: RRN, type: 'sale', amountFen: 10_000, feeFen: 50, status: 'paid' }),
        some({ line: 2, amountFen: 6000, netFen: 5970, payoutId: 'P000001' }),
      ],
    }),
  },
  {
    route: 'GET /settlement-days/{id}',
    path: `/settlement-days/${DAY}?after=1`,
    status: 200,
    gives: some({ day: DAY, rows: [some({ line: 2, cardMasked: '622588******7898' })] }),
  },
  {
    route: 'GET /merchants/{id}',
    path: `/merchants/${MID}`,
    prepare: deposited,
    status: 200,
    gives: some({
      balances: some({ depositFen: 20_000 }),
      deposit: {
        amountFen: 20_000,
        turnoverFen: 900_000,
        heldFen: 20_000,
        turnedOverFen: 30_000,
        isReturned: false,
      },
    }),
  },
  {
    route: 'GET /payouts/{id}',
    path: '/payouts/P000002',
    prepare: instant,
    before: [['POST /payouts', {}]],
    status: 200,
    gives: some({ isInstant: true, feeFen: 200, amountFen: 19_700 }),
  },
  {
    route: 'POST /payouts',
    prepare: instant,
    status: 200,
    gives: {
      lines: expect.arrayContaining([
        some({ mid: MID, paidFen: 35_620, instantFen: 19_700, feeFen: 200 }),
      ]),
    },
  },
  {
    route: 'GET /payout-run',
    before: [['PUT /payout-run', { at: '09:05', by: 'li' }]],
    status: 200,
    gives: { at: '09:05' },
  },
  {
    route: 'PUT /payout-run',
    body: { at: '23:59', by: 'li' },
    status: 200,
    gives: { at: '23:59' },
  },
  {
    route: 'PUT /payout-run',
    before: [['PUT /payout-run', { at: '23:59', by: 'li' }]],
    body: { at: null, by: 'li' },
    status: 200,
    gives: { at: null },
  },
  {
    // Half past nine is over at half past nine: what is due is paid at once.
    route: 'GET /payouts/{id}',
    path: '/payouts/P000001',
    before: [['PUT /payout-run', { at: '09:30', by: 'li' }]],
    status: 200,
    gives: some({ state: 'paid', transactionIds: [SALE_ID, PAPER_ID] }),
  },
];

export const BAD_SETTLEMENT: readonly Case[] = [
  { route: `GET /merchants/1/statement?from=${DAY}&to=${DAY}`, ...NOBODY },
  {
    route: `GET ${STATEMENT}?from=2026-01-16&to=${DAY}`,
    ...badForm('query/from is later than query/to'),
  },
  { route: `GET ${STATEMENT}?from=${DAY}`, ...badForm('query lacks to') },
  {
    route: `GET ${STATEMENT}?from=2026-02-30&to=2026-03-01`,
    ...badForm('query/from is no day such as 2026-01-15'),
  },
  { route: 'GET /settlement-days/2026-01-14', ...NOBODY },
  { route: 'GET /settlement-days/yesterday', ...NOBODY },
  {
    route: 'GET /settlement-days?state=shut',
    ...badForm('query/state is one of open, closed'),
  },
  {
    route: `GET /settlement-days/${DAY}?after=3`,
    ...badForm('query/after is none of them'),
  },
  ...['24:00', '9:30', '09:60', '', 570].map((at): Case => {
    return { route: 'PUT /payout-run', body: { at, by: 'li' }, status: 400, gives: WRONG_AT };
  }),
  {
    route: 'PUT /payout-run',
    body: { by: 'li' },
    ...badForm('body lacks at'),
  },
  {
    route: `POST /merchants/${MID}/contracts`,
    body: { contract: { device: 'mpos', deposit: { amountFen: 1, turnoverFen: 1 } }, by: 'li' },
    status: 409,
    gives: some({ detail: 'no deposit is taken for the device "mpos"' }),
  },
];
