import { expect } from 'vitest';
import type { OperationResult } from '../../emulator/terminal/operation-result.ts';
import { signatureImage } from '../../scenarios/verbs/archive-verbs.ts';
import { accountOf, TID } from '../emulator/host/host-desk.ts';
import type { ApiDesk } from './api-desk.ts';
import { badForm, NOBODY, refusal, RRN, SALE_ID, some, type Case } from './route-case.ts';

const REFUND_ID = '10000001-000002-000005';

/** A refund of 10.00 at the terminal. */
function refundedThere({ bench }: ApiDesk): void {
  const card = bench.cards.present(accountOf('debit'), { entry: 'swipe', pin: '123456' });
  const refund = { verb: 'refund', amountFen: 1000, rrn: RRN, date: '0115', card } as const;
  expect(bench.perform(TID, { ...refund, password: '123456' }).outcome).toBe('approved');
  expect(bench.host.state.transactions.has(REFUND_ID)).toBe(true);
}

const REFUND = { settlementDate: '0116', rrn: '093000000006' } as OperationResult;
const SIGNED = {
  transactionId: REFUND_ID,
  holder: signatureImage(REFUND, 'latin', '1'),
  merchant: signatureImage(REFUND, 'latin', '2'),
  by: 'li',
} as const;

export const GOOD_SIGNATURES: readonly Case[] = [
  {
    route: 'POST /signatures/agreements',
    prepare: refundedThere,
    body: SIGNED,
    status: 201,
    gives: some({
      transactionId: REFUND_ID,
      agreement: { by: 'li', seal: some({ hash: expect.stringMatching(/^[0-9a-f]{64}$/) }) },
    }),
  },
  {
    route: 'GET /signatures/setting',
    before: [['PUT /signatures/setting', { signatureFeature: 'required' }]],
    status: 200,
    gives: { signatureFeature: 'required' },
  },
  {
    route: 'PUT /signatures/setting',
    body: { signatureFeature: 'required' },
    status: 200,
    gives: { signatureFeature: 'required' },
  },
];

export const BAD_SIGNATURES: readonly Case[] = [
  { route: 'POST /signatures/agreements', body: SIGNED, ...NOBODY },
  {
    route: 'POST /signatures/agreements',
    body: { ...SIGNED, transactionId: SALE_ID },
    ...refusal('it is a sale, not a refund'),
  },
  {
    route: 'POST /signatures/agreements',
    prepare: refundedThere,
    body: { ...SIGNED, merchant: SIGNED.holder },
    ...refusal('both signatures are the same picture'),
  },
  {
    route: 'POST /signatures/agreements',
    prepare: refundedThere,
    before: [['POST /signatures/agreements', SIGNED]],
    body: SIGNED,
    ...refusal('an agreement on it is filed already'),
  },
  {
    route: 'POST /signatures/agreements',
    body: { ...SIGNED, holder: 'a cross' },
    ...badForm('body/holder must match pattern "^(?:([0-9A-Fa-f]{2}){1,20000})$"'),
  },
  {
    route: 'PUT /signatures/setting',
    body: { signatureFeature: 'ignored' },
    ...badForm('body/signatureFeature is one of noted, required'),
  },
];
