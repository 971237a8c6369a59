import { describe, expect, it } from 'vitest';
import { MID, TID } from '../emulator/host/host-desk.ts';
import { apiDesk, quietDesk } from './api-desk.ts';
import { BAD_DESK } from './desk-calls.ts';
import { BAD_EVIDENCE } from './evidence-calls.ts';
import { BAD_OFFICE } from './office-calls.ts';
import {
  amount,
  badForm,
  NOBODY,
  refusal,
  called,
  calledFirst,
  FREEZE,
  RRN,
  SALE_ID,
  some,
  WHO,
  type Case,
} from './route-case.ts';
import { BAD_SETTLEMENT } from './settlement-calls.ts';
import { BAD_SIGNATURES } from './signature-calls.ts';

const TRANSACTION_WAYS =
  'query: what is asked for is named by `rrn`, by `tid`, `batch` and `stan`, or by `card` and `date`';

const BAD: readonly Case[] = [
  { route: 'GET /terminals/99999999', ...NOBODY },
  { route: 'POST /terminals/99999999/suspend', body: WHO, ...NOBODY },
  { route: `POST /terminals/${TID}/restore`, body: WHO, ...refusal('the terminal may trade') },
  {
    route: `POST /terminals/${TID}/suspend`,
    before: [[`POST /terminals/${TID}/suspend`, WHO]],
    body: WHO,
    ...refusal('the terminal is suspended already'),
  },
  {
    route: `POST /terminals/${TID}/suspend`,
    body: { by: 'li' },
    ...badForm('body lacks reason'),
  },
  {
    route: `POST /terminals/${TID}/suspend`,
    body: { ...WHO, by: ' ' },
    status: 400,
    gives: some({ code: 'E_API_INPUT' }),
  },
  {
    route: `POST /terminals/${TID}/suspend`,
    body: { ...WHO, reason: 'card 6225881234567898 is stolen' },
    ...badForm('body/reason holds a whole card number'),
  },
  {
    route: `POST /terminals/${TID}/suspend`,
    body: { ...WHO, reason: 'card 6225 8812 3456 7898 is stolen' },
    ...badForm('body/reason holds a whole card number'),
  },
  {
    route: `POST /terminals/${TID}/suspend`,
    body: { ...WHO, reason: 'two\nlines' },
    status: 400,
    gives: some({ code: 'E_API_INPUT' }),
  },
  {
    route: `POST /terminals/${TID}/suspend`,
    body: { ...WHO, reason: 'a\u202Eb' },
    status: 400,
    gives: some({ code: 'E_API_INPUT' }),
  },
  {
    route: `POST /terminals/${TID}/suspend`,
    body: { ...WHO, reason: 'x'.repeat(201) },
    ...badForm('body/reason must NOT have more than 200 characters'),
  },
  { route: 'GET /merchants/1', ...NOBODY },
  { route: 'PUT /merchants/1/account', body: { account: 'a', holder: '1', by: 'li' }, ...NOBODY },
  {
    route: `PUT /merchants/${MID}/account`,
    body: { account: 'bank-b/1', holder: 'an agent', by: 'li' },
    ...refusal('the account belongs to another: a merchant is paid on his own'),
  },
  {
    route: `POST /merchants/${MID}/contracts`,
    body: {
      contract: {
        device: 'mpos',
        versions: [{ from: '2026-02-01', lines: [{ name: 'all', rate: { ppm: 7000 } }] }],
      },
      by: 'li',
    },
    ...refusal('all 0.70 % is outside 0.38 % to 0.60 % without an industry tariff'),
  },
  {
    route: `POST /merchants/${MID}/contracts`,
    body: { contract: { device: 'fax' }, by: 'li' },
    ...badForm('body/contract/device is one of e-signature, mpos, big-pos'),
  },
  {
    route: `POST /merchants/${MID}/contracts`,
    body: { contract: { device: 'mpos', rate: 0 }, by: 'li' },
    ...badForm('body/contract has a member "rate" too many'),
  },
  {
    route: 'POST /merchants/1/contracts',
    body: { contract: { device: 'mpos' }, by: 'a' },
    ...NOBODY,
  },
  { route: 'POST /merchants/1/suspend', body: WHO, ...NOBODY },
  { route: 'GET /cards/nobody', ...NOBODY },
  { route: 'GET /cards/6225881234567898', ...NOBODY },
  {
    route: 'GET /cards/debit?date=2026-02-30',
    ...badForm('query/date is no day such as 2026-01-15'),
  },
  { route: 'PUT /channels/wallet', body: { state: 'open' }, ...NOBODY },
  {
    route: 'PUT /channels/issuer',
    body: { state: 'ajar' },
    ...badForm('body/state is one of open, closed, slow, silent'),
  },
  {
    route: 'PUT /channels/issuer',
    body: { state: 'slow' },
    ...badForm('body lacks delayMs'),
  },
  {
    route: 'PUT /channels/issuer',
    body: { state: 'closed', delayMs: 5 },
    ...badForm('body has a member "delayMs" too many'),
  },
  {
    route: `GET /tariff/quotes?mid=${MID}&product=debit&amountFen=0`,
    status: 400,
    gives: some({ code: 'E_API_INPUT' }),
  },
  {
    route: `GET /tariff/quotes?mid=${MID}&product=debit&amountFen=1000000000000`,
    status: 400,
    gives: some({ code: 'E_API_INPUT' }),
  },
  { route: 'GET /tariff/quotes?mid=1&product=debit&amountFen=1', ...NOBODY },
  { route: 'GET /transactions', ...badForm(TRANSACTION_WAYS) },
  { route: `GET /transactions?rrn=${RRN}&tid=${TID}`, ...badForm(TRANSACTION_WAYS) },
  { route: 'GET /transactions?card=debit', ...badForm(TRANSACTION_WAYS) },
  { route: 'GET /transactions?rrn=999999999999', ...NOBODY },
  { route: 'GET /enquiry?rrn=999999999999', ...NOBODY },
  { route: 'GET /enquiry?card=debit&date=2026-01-14', ...NOBODY },
  { route: 'GET /enquiry?card=nobody&date=2026-01-15', ...NOBODY },
  {
    route: 'GET /enquiry?card=6225881234567898&date=2026-01-15',
    status: 400,
    gives: some({ code: 'E_API_INPUT' }),
  },
  { route: `GET /enquiry?rrn=${RRN}&lang=fr`, ...badForm('query/lang is one of zh, en') },
  { route: `GET /enquiry?rrn=${RRN}&rrn=1`, ...badForm('query/rrn is given more than once') },
  { route: 'GET /freezes?page=2', ...badForm('query has a member "page" too many') },
  { route: 'GET /freezes/H000009', ...NOBODY },
  ...[0, -1, 1.5, '5', null, 1_000_000_000_000].map((fen): Case => {
    return {
      route: 'POST /freezes',
      body: amount(fen),
      status: 400,
      gives: some({ code: 'E_API_INPUT' }),
    };
  }),
  {
    route: 'POST /freezes',
    body: { scope: 'all', ...WHO },
    ...badForm('body/scope is one of transaction, merchant, amount'),
  },
  {
    route: 'POST /freezes',
    body: { ...WHO },
    ...badForm('body/scope is one of transaction, merchant, amount'),
  },
  {
    route: 'POST /freezes',
    body: { scope: 'merchant', mid: MID, amountFen: 1, ...WHO },
    ...badForm('body has a member "amountFen" too many'),
  },
  {
    route: 'POST /freezes',
    body: amount(15_921),
    ...refusal('only 159.20 is due to him; "orLess": true freezes that much'),
  },
  { route: 'POST /freezes', body: { scope: 'merchant', mid: '1', ...WHO }, ...NOBODY },
  { route: 'POST /freezes', body: { scope: 'transaction', rrn: '1', ...WHO }, ...NOBODY },
  {
    route: 'POST /freezes/H000001/release',
    before: [FREEZE],
    body: { by: 'li' },
    ...refusal('li placed the freeze: another person must release it'),
  },
  {
    route: 'POST /freezes/H000001/release',
    before: [FREEZE],
    body: { by: 'wang', amountFen: 9951 },
    ...refusal('H000001 holds 99.50'),
  },
  {
    route: 'POST /freezes/H000001/release',
    before: [FREEZE, ['POST /freezes/H000001/release', { by: 'wang' }]],
    body: { by: 'wang' },
    ...refusal('H000001 was released by wang'),
  },
  {
    route: 'POST /freezes/H000001/return',
    before: [FREEZE, ['POST /freezes/H000001/release', { by: 'wang' }]],
    body: { by: 'zhao' },
    ...refusal('H000001 was released by wang'),
  },
  {
    route: 'POST /freezes/H000001/take',
    before: [FREEZE, ['POST /freezes/H000001/return', { by: 'wang' }]],
    body: { by: 'zhao' },
    ...refusal('H000001 was returned by wang'),
  },
  {
    route: 'POST /freezes/H000001/return',
    before: [FREEZE],
    body: { by: 'wang', amountFen: 5 },
    ...badForm('body has a member "amountFen" too many'),
  },
  { route: 'POST /freezes/H000001/release', body: { by: 'wang' }, ...NOBODY },
  { route: 'GET /payouts/P000009', ...NOBODY },
  { route: 'POST /payouts', body: { mid: MID }, ...badForm('body has a member "mid" too many') },
  { route: 'POST /payouts', body: [], ...badForm('body must be object') },
  {
    route: 'POST /signatures/exemptions',
    body: { transactionId: `${TID}-000001-000099`, ...WHO },
    ...NOBODY,
  },
  {
    route: 'POST /signatures/exemptions',
    body: { transactionId: SALE_ID, ...WHO },
    ...refusal('its signature is stored'),
  },
  {
    route: 'POST /clock/advance',
    body: {},
    ...badForm('body has at least one of days, hours, minutes, seconds'),
  },
  { route: 'POST /clock/advance', body: { days: -1 }, ...badForm('body/days must be >= 0') },
  { route: 'POST /clock/advance', body: { days: 401 }, ...badForm('body/days must be <= 400') },
];

describe('a call that is refused', () => {
  it.each([
    ...BAD,
    ...BAD_OFFICE,
    ...BAD_SETTLEMENT,
    ...BAD_DESK,
    ...BAD_EVIDENCE,
    ...BAD_SIGNATURES,
  ])('$route $body: $status, and nothing has moved', async (each) => {
    const isQuiet = each.before === undefined && each.prepare === undefined;
    const desk = isQuiet ? quietDesk() : apiDesk();
    await calledFirst(desk, each);
    const before = desk.standing();
    const { status, json, text, headers } = await called(desk, each);
    expect({ status, json }).toEqual({ status: each.status, json: each.gives });
    expect(headers.get('content-type')).toBe('application/problem+json');
    expect(text).not.toContain('6225881234567898');
    expect(desk.standing()).toEqual(before);
    expect(desk.errors).toEqual([]);
  });

  it('says the same of what is not there, whatever of it is known', async () => {
    const { call } = apiDesk();
    const paths = [
      '/enquiry?rrn=999999999999',
      '/enquiry?card=debit&date=2026-01-14',
      '/enquiry?card=nobody&date=2026-01-15',
      `/enquiry?tid=${TID}&batch=000001&stan=000099`,
      '/enquiry?tid=99999999&batch=000001&stan=000002',
    ];
    const texts = new Set<string>();
    for (const path of paths) texts.add((await call('GET', path)).text);
    expect(texts.size).toBe(1);
  });
});
