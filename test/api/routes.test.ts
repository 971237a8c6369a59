import { describe, expect, it } from 'vitest';
import { ROUTES } from '../../api/routes/route-table.ts';
import { MID, TID } from '../emulator/host/host-desk.ts';
import { apiDesk } from './api-desk.ts';
import {
  amount,
  called,
  calledFirst,
  FREEZE,
  list,
  OTHER_MID,
  PAPER_ID,
  RRN,
  SALE_ID,
  some,
  WHO,
  type Case,
} from './route-case.ts';

const GOOD: readonly Case[] = [
  { route: 'GET /health', status: 200, gives: { status: 'ok', version: '0.0.0' } },
  {
    route: 'GET /terminals',
    status: 200,
    gives: {
      terminals: list({
        tid: TID,
        mid: MID,
        isSignedIn: true,
        batchNo: '000002',
        isSuspended: false,
      }),
    },
  },
  {
    route: 'GET /terminals/{id}',
    path: `/terminals/${TID}`,
    status: 200,
    gives: some({ tid: TID }),
  },
  {
    route: 'POST /terminals/{id}/suspend',
    path: `/terminals/${TID}/suspend`,
    body: WHO,
    status: 200,
    gives: some({ tid: TID, isSuspended: true }),
  },
  {
    route: 'POST /terminals/{id}/restore',
    path: `/terminals/${TID}/restore`,
    before: [[`POST /terminals/${TID}/suspend`, WHO]],
    body: WHO,
    status: 200,
    gives: some({ tid: TID, isSuspended: false }),
  },
  {
    route: 'GET /merchants',
    status: 200,
    gives: { merchants: list(some({ mid: MID }), some({ mid: OTHER_MID })) },
  },
  {
    route: 'GET /merchants/{id}',
    path: `/merchants/${MID}`,
    before: [FREEZE, ['POST /payouts', {}]],
    status: 200,
    gives: some({
      account: 'bank-a/0001',
      isSuspended: false,
      contract: { device: 'e-signature' },
      balances: some({ payableFen: 0, heldFen: 9950, paidFen: 5970 }),
      payouts: ['P000001'],
    }),
  },
  {
    route: 'PUT /merchants/{id}/account',
    path: `/merchants/${MID}/account`,
    body: { account: 'bank-a/0009', holder: MID, by: 'li' },
    status: 200,
    gives: some({ account: 'bank-a/0009' }),
  },
  {
    route: 'POST /merchants/{id}/contracts',
    path: `/merchants/${MID}/contracts`,
    body: {
      contract: {
        device: 'mpos',
        term: { kind: 'D', days: 0 },
        versions: [
          { from: '2026-02-01', lines: [{ name: 'all', rate: { ppm: 3800, minFen: 1 } }] },
        ],
      },
      by: 'li',
    },
    status: 200,
    gives: some({ contract: some({ device: 'mpos', term: { kind: 'D', days: 0 } }) }),
  },
  {
    route: 'POST /merchants/{id}/suspend',
    path: `/merchants/${MID}/suspend`,
    body: WHO,
    status: 200,
    gives: some({ mid: MID, isSuspended: true }),
  },
  {
    route: 'POST /merchants/{id}/restore',
    path: `/merchants/${MID}/restore`,
    before: [[`POST /merchants/${MID}/suspend`, WHO]],
    body: WHO,
    status: 200,
    gives: some({ mid: MID, isSuspended: false }),
  },
  {
    route: 'GET /cards',
    status: 200,
    gives: {
      cards: list({ id: 'debit', number: '622588******7898', class: 'debit', status: 'active' }),
    },
  },
  {
    route: 'GET /cards/{id}',
    path: '/cards/debit?date=2026-01-15',
    status: 200,
    gives: some({ availableFen: 984_000, spentFen: 16_000, date: '2026-01-15' }),
  },
  { route: 'GET /channels', status: 200, gives: { channels: [{ name: 'issuer', state: 'open' }] } },
  {
    route: 'PUT /channels/{id}',
    path: '/channels/issuer',
    body: { state: 'slow', delayMs: 20_000 },
    status: 200,
    gives: { name: 'issuer', state: 'slow', delayMs: 20_000 },
  },
  {
    route: 'GET /tariff/quotes',
    path: `/tariff/quotes?mid=${MID}&product=debit&amountFen=499999`,
    status: 200,
    gives: {
      amountFen: 499_999,
      line: 'debit',
      from: '2016-09-06',
      feeFen: 2500,
      surchargeFen: 0,
      netFen: 497_499,
    },
  },
  {
    route: 'GET /transactions',
    path: `/transactions?tid=${TID}&batch=000001&stan=000002`,
    status: 200,
    gives: { transactions: [some({ id: SALE_ID, rrn: RRN, amountFen: 10_000, isSettled: true })] },
  },
  {
    route: 'GET /enquiry',
    path: `/enquiry?rrn=${RRN}&lang=zh`,
    before: [FREEZE],
    status: 200,
    gives: {
      answers: [
        some({
          status: 'active',
          cause: 'compliance-review',
          causeName: { zh: '合规审查' },
          evidence: 'hold H000001',
          events: list(some({ kind: 'sale-approved' }), some({ kind: 'hold-placed' })),
          next: { zh: '等待合规审查结束；解冻后随下次出款到账' },
        }),
      ],
    },
  },
  {
    route: 'GET /freezes',
    path: '/freezes?state=frozen',
    before: [FREEZE],
    status: 200,
    gives: { freezes: [some({ id: 'H000001', heldFen: 9950, transactionId: SALE_ID })] },
  },
  {
    route: 'GET /freezes/{id}',
    path: '/freezes/H000001',
    before: [FREEZE],
    status: 200,
    gives: some({ id: 'H000001', by: 'li', state: 'frozen' }),
  },
  {
    route: 'POST /freezes',
    body: amount(15_920),
    status: 201,
    gives: some({ id: 'H000001', scope: 'amount', heldFen: 15_920 }),
  },
  {
    route: 'POST /freezes/{id}/release',
    path: '/freezes/H000001/release',
    before: [FREEZE],
    body: { by: 'wang', amountFen: 950 },
    status: 200,
    gives: some({ state: 'frozen', heldFen: 9000, releasedFen: 950 }),
  },
  {
    route: 'POST /freezes/{id}/take',
    path: '/freezes/H000001/take',
    before: [FREEZE],
    body: { by: 'wang' },
    status: 200,
    gives: some({ state: 'taken', heldFen: 0, takenFen: 9950, endedBy: 'wang' }),
  },
  {
    route: 'POST /freezes/{id}/return',
    path: '/freezes/H000001/return',
    before: [FREEZE],
    body: { by: 'wang' },
    status: 200,
    gives: some({ state: 'returned', heldFen: 0, endedBy: 'wang' }),
  },
  {
    route: 'GET /payouts',
    path: `/payouts?state=paid&mid=${MID}`,
    before: [['POST /payouts', {}]],
    status: 200,
    gives: { payouts: [some({ id: 'P000001', amountFen: 15_920, paidOn: '2026-01-16' })] },
  },
  {
    route: 'GET /payouts/{id}',
    path: '/payouts/P000001',
    before: [['POST /payouts', {}]],
    status: 200,
    gives: some({ transactionIds: [SALE_ID, PAPER_ID], attempts: 1, state: 'paid' }),
  },
  {
    route: 'POST /payouts',
    before: [FREEZE],
    body: {},
    status: 200,
    gives: {
      lines: list({ mid: MID, paidFen: 5970, heldFen: 9950, openFen: 0, problem: '' }),
    },
  },
  {
    route: 'GET /trial-balance',
    status: 200,
    gives: {
      accounts: list(
        { name: `merchant/${MID}/payable`, fen: 15_920 },
        { name: 'acquirer/fees', fen: 80 },
      ),
      totalFen: 0,
      entries: expect.any(Number),
    },
  },
  {
    route: 'GET /journal',
    status: 200,
    gives: { events: expect.any(Number), archive: some({ sequence: 1 }) },
  },
  {
    route: 'GET /signatures',
    path: '/signatures?card=622588******7898&date=2026-01-15',
    status: 200,
    gives: {
      signatures: [
        some({
          transactionId: SALE_ID,
          state: 'stored',
          packets: 1,
          image: some({ hasFeature: true }),
        }),
        some({ transactionId: PAPER_ID, state: 'due', missing: 'nothing came' }),
      ],
    },
  },
  {
    route: 'GET /signatures/open-items',
    status: 200,
    gives: { openItems: [some({ transactionId: PAPER_ID, state: 'due' })] },
  },
  {
    route: 'POST /signatures/exemptions',
    body: { transactionId: PAPER_ID, ...WHO },
    status: 201,
    gives: some({ state: 'exempt', exemption: some({ reason: 'review', by: 'li' }) }),
  },
  { route: 'GET /clock', status: 200, gives: { civil: '2026-01-16 09:30:00', isMovable: true } },
  {
    route: 'POST /clock/advance',
    body: { days: 1, hours: 2 },
    status: 200,
    gives: { civil: '2026-01-17 11:30:00', isMovable: true },
  },
];

describe('every route', () => {
  it.each(GOOD)('$route does what it is for', async (each) => {
    const desk = apiDesk();
    await calledFirst(desk, each);
    const { status, json, headers } = await called(desk, each);
    expect({ status, json }).toEqual({ status: each.status, json: each.gives });
    expect(headers.get('cache-control')).toBe('no-store');
    expect(desk.errors).toEqual([]);
  });

  it('is among those that were just called', () => {
    const known = ROUTES.map(({ method, path }) => `${method.toUpperCase()} ${path}`);
    expect(new Set(GOOD.map(({ route }) => route))).toEqual(new Set(known));
    expect(new Set(known).size).toBe(known.length);
  });
});

describe('what a call does', () => {
  it('is journalled as one step, and is there after a restart', async () => {
    const { call, bench } = apiDesk();
    await call('POST', '/freezes', { body: FREEZE[1] });
    await call('PUT', '/channels/issuer', { body: { state: 'closed' } });
    bench.world.tasks.restart('host');
    expect((await call('GET', '/freezes/H000001')).json).toMatchObject({ heldFen: 9950 });
    expect((await call('GET', '/channels')).json).toEqual({
      channels: [{ name: 'issuer', state: 'closed' }],
    });
  });

  it('gives the same answer of a sale by every key (A17)', async () => {
    const { call } = apiDesk();
    const ways = [
      `rrn=${RRN}`,
      `tid=${TID}&batch=000001&stan=000002`,
      'card=622588******7898&date=2026-01-15',
      'card=debit&date=2026-01-15',
    ];
    const answers = [];
    for (const way of ways) {
      const { json } = await call('GET', `/enquiry?${way}`);
      answers.push((json['answers'] as unknown[])[0]);
    }
    expect(answers[0]).toMatchObject({ cause: 'not-due-yet', on: '2026-01-16' });
    for (const answer of answers) expect(answer).toEqual(answers[0]);
  });

  it('freezes what is there when it may be less', async () => {
    const { call } = apiDesk();
    const body = { scope: 'amount', mid: MID, amountFen: 999_999, orLess: true, ...WHO };
    expect((await call('POST', '/freezes', { body })).json).toMatchObject({ heldFen: 15_920 });
  });

  it('cannot move a clock that is the machine’s', async () => {
    const { call } = apiDesk({ clock: { civilMs: () => 0 } });
    expect((await call('GET', '/clock')).json).toEqual({
      civil: '1970-01-01 08:00:00',
      isMovable: false,
    });
    const { status, json } = await call('POST', '/clock/advance', { body: { days: 1 } });
    expect([status, json['code']]).toEqual([409, 'E_API_REFUSED']);
  });

  it('is told as one that the host was down in', async () => {
    const { call, bench } = apiDesk();
    bench.host.crash.arm('before-commit');
    const { status, json } = await call('POST', '/freezes', { body: FREEZE[1] });
    expect([status, json['code']]).toEqual([503, 'E_HOST_DOWN']);
    expect((await call('GET', '/freezes')).json).toEqual({ freezes: [] });
    bench.host.crash.arm('payout-ordered');
    const run = await call('POST', '/payouts');
    expect([run.status, run.json['code']]).toEqual([503, 'E_HOST_DOWN']);
    // What was ordered is on its way, and the next run goes on with it.
    expect((await call('GET', '/payouts')).json).toMatchObject({ payouts: [{ state: 'ordered' }] });
    expect((await call('POST', '/payouts')).json).toMatchObject({
      lines: [{ paidFen: 15_920 }, {}],
    });
  });
});
