import { expect } from 'vitest';
import { badForm, FREEZE, list, NOBODY, refusal, RRN, SALE_ID, some } from './route-case.ts';
import type { Case } from './route-case.ts';

const RULES = [
  {
    name: 'large at night',
    when: [
      { kind: 'above', fen: 29_999 },
      { kind: 'night', fromMinutes: 1320, toMinutes: 360 },
    ],
    outcome: { kind: 'hold' },
  },
  {
    name: 'many cards',
    when: [{ kind: 'many-cards', cards: 5, withinMinutes: 10 }],
    outcome: { kind: 'decline', rc: '59' },
  },
] as const;
const SHEET = { rules: RULES, by: 'li' } as const;
const [NIGHT] = RULES;
const ISSUER = {
  name: 'issuer',
  slowAnswers: { delayMs: 0, times: 0 },
  isArpcRight: true,
  chipCardSwiped: 'allowed',
} as const;
const HEX_256 = expect.stringMatching(/^[0-9a-f]{64}$/) as unknown;

function rule(change: object): unknown {
  return { rules: [{ ...NIGHT, ...change }], by: 'li' };
}

/** Risk rules, what lies behind a channel, and the audit trail. */
export const GOOD_EVIDENCE: readonly Case[] = [
  {
    route: 'GET /rule-sheets',
    before: [
      ['POST /rule-sheets', SHEET],
      ['POST /rule-sheets', { rules: [], by: 'wang' }],
    ],
    status: 200,
    gives: {
      sheets: [
        { version: 1, at: '2026-01-16 09:30:00', isInForce: false, rules: RULES },
        { version: 2, at: '2026-01-16 09:30:00', isInForce: true, rules: [] },
      ],
    },
  },
  {
    route: 'POST /rule-sheets',
    body: SHEET,
    status: 201,
    gives: { version: 1, at: '2026-01-16 09:30:00', isInForce: true, rules: RULES },
  },
  {
    route: 'GET /channels/{id}',
    path: '/channels/issuer',
    before: [['PUT /channels/issuer', { state: 'silent' }]],
    status: 200,
    gives: { ...ISSUER, state: 'silent' },
  },
  {
    route: 'PUT /channels/{id}/slow-answers',
    path: '/channels/issuer/slow-answers',
    body: { delayMs: 70_000, times: 2 },
    status: 200,
    gives: { ...ISSUER, state: 'open', slowAnswers: { delayMs: 70_000, times: 2 } },
  },
  {
    route: 'PUT /channels/{id}/setting',
    path: '/channels/issuer/setting',
    before: [['PUT /channels/issuer/setting', { chipCardSwiped: 'refused' }]],
    body: { isArpcRight: false },
    status: 200,
    gives: { ...ISSUER, state: 'open', isArpcRight: false, chipCardSwiped: 'refused' },
  },
  {
    route: 'GET /evidence/{id}',
    path: `/evidence/${RRN}`,
    before: [FREEZE, ['POST /freezes/H000001/release', { by: 'wang' }]],
    status: 200,
    gives: {
      trail: list(
        { place: expect.any(Number), kind: 'sale-approved', by: [] },
        { place: expect.any(Number), kind: 'hold-placed', by: ['li'] },
        some({ kind: 'hold-released', by: ['wang'] }),
      ),
    },
  },
  {
    route: 'GET /evidence/{id}/export',
    path: `/evidence/${SALE_ID}/export`,
    before: [FREEZE],
    status: 200,
    gives: {
      format: 'countersign-case-1',
      subject: SALE_ID,
      made: '2026-01-16 09:30:00',
      records: list(some({ event: some({ kind: 'hold-placed' }), hash: HEX_256 })),
      seal: HEX_256,
    },
  },
];

export const BAD_EVIDENCE: readonly Case[] = [
  {
    route: 'POST /rule-sheets',
    body: rule({ when: [] }),
    ...refusal('large at night has no condition: it would stop every sale'),
  },
  {
    route: 'POST /rule-sheets',
    body: { rules: [NIGHT, NIGHT], by: 'li' },
    ...refusal('two rules are named large at night'),
  },
  {
    route: 'POST /rule-sheets',
    body: rule({ when: [{ kind: 'weekend' }] }),
    ...badForm(
      'body/rules/0/when/0/kind is one of many-cards, same-card, round-sum, night, above, new-merchant',
    ),
  },
  {
    route: 'POST /rule-sheets',
    body: rule({ when: [{ kind: 'above', fen: -1 }] }),
    ...badForm('body/rules/0/when/0/fen must be >= 0'),
  },
  {
    route: 'POST /rule-sheets',
    body: rule({ outcome: { kind: 'decline', rc: '00' } }),
    ...badForm('body/rules/0/outcome/rc is one of 59, 61, 62'),
  },
  {
    route: 'POST /rule-sheets',
    body: rule({ name: 'card 6225881234567898' }),
    ...badForm('body/rules/0/name holds a whole card number'),
  },
  { route: 'GET /channels/wallet', ...NOBODY },
  { route: 'PUT /channels/wallet/slow-answers', body: { delayMs: 1, times: 1 }, ...NOBODY },
  {
    route: 'PUT /channels/issuer/slow-answers',
    body: { delayMs: 0, times: 1 },
    ...badForm('body/delayMs must be >= 1'),
  },
  {
    route: 'PUT /channels/issuer/slow-answers',
    body: { delayMs: 1 },
    ...badForm('body lacks times'),
  },
  { route: 'PUT /channels/wallet/setting', body: { isArpcRight: true }, ...NOBODY },
  {
    route: 'PUT /channels/issuer/setting',
    body: {},
    ...badForm('body has at least one of isArpcRight, chipCardSwiped'),
  },
  {
    route: 'PUT /channels/issuer/setting',
    body: { chipCardSwiped: 'always' },
    ...badForm('body/chipCardSwiped is one of allowed, after-failure, refused'),
  },
  { route: 'GET /evidence/H000009', ...NOBODY },
  { route: 'GET /evidence/6225881234567898', ...NOBODY },
  { route: `GET /evidence/${RRN}?after=1`, ...badForm('query/after is none of them') },
  { route: 'GET /evidence/H000009/export', ...NOBODY },
];
