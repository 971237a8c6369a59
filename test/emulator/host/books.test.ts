import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  balance,
  emptyLedger,
  post,
  postingsOf,
  type Posting,
} from '../../../emulator/host/books/ledger.ts';
import { POSTING_RULES, type PostingEvent } from '../../../emulator/host/books/posting-rules.ts';

const OWNERS = { card: 'debit', mid: 'M', wallet: 'alipay' };

/** What each event does to the books, as one would write it in a ledger: amount 100.00, fee 0.50. */
const BOOKINGS: Record<PostingEvent, Record<string, number>> = {
  'card-opened': { 'issuer/opening': -10_000, 'card/debit': 10_000 },
  sale: { 'card/debit': -10_000, 'merchant/M/unsettled': 9950, 'acquirer/fees': 50 },
  'sale-undone': { 'card/debit': 10_000, 'merchant/M/unsettled': -9950, 'acquirer/fees': -50 },
  'issuer-debited': { 'card/debit': -10_000, 'acquirer/suspense': 10_000 },
  'issuer-debit-undone': { 'card/debit': 10_000, 'acquirer/suspense': -10_000 },
  'issuer-debit-confirmed': {
    'acquirer/suspense': -10_000,
    'merchant/M/unsettled': 9950,
    'acquirer/fees': 50,
  },
  'wallet-sale': { 'wallet/alipay': -10_000, 'merchant/M/unsettled': 9950, 'acquirer/fees': 50 },
  'wallet-sale-undone': {
    'wallet/alipay': 10_000,
    'merchant/M/unsettled': -9950,
    'acquirer/fees': -50,
  },
  'wallet-refund': { 'wallet/alipay': 10_000, 'merchant/M/payable': -10_000 },
  'device-ordered': {
    'device/M/paid': -10_000,
    'acquirer/devices': 9950,
    'device/M/deposit': 50,
  },
  'device-refunded': {
    'device/M/paid': 10_000,
    'acquirer/devices': -9950,
    'device/M/deposit': -50,
  },
  'refund-fee': { 'merchant/M/payable': -50, 'acquirer/refund-fees': 50 },
  'sale-fee-returned': { 'acquirer/fees': -50, 'merchant/M/payable': 50 },
  refund: { 'card/debit': 10_000, 'merchant/M/payable': -10_000 },
  'adjusted-to-holder': { 'card/debit': 10_000, 'merchant/M/payable': -10_000 },
  'adjusted-to-merchant': { 'card/debit': -10_000, 'merchant/M/payable': 10_000 },
  'batch-closed': {
    'merchant/M/unsettled': -10_000,
    'merchant/M/payable': 9950,
    'merchant/M/held': 50,
  },
  'hold-placed': { 'merchant/M/payable': -50, 'merchant/M/held': 50 },
  'hold-released': { 'merchant/M/held': -50, 'merchant/M/payable': 50 },
  'hold-taken': { 'merchant/M/held': -50, 'acquirer/chargebacks': 50 },
  'receivable-placed': { 'merchant/M/receivable': -50, 'merchant/M/held': 50 },
  'receivable-cancelled': { 'merchant/M/held': -50, 'merchant/M/receivable': 50 },
  'receivable-recovered': { 'merchant/M/payable': -10_000, 'merchant/M/receivable': 10_000 },
  'deposit-frozen': { 'merchant/M/payable': -10_000, 'merchant/M/deposit': 10_000 },
  'deposit-returned': { 'merchant/M/deposit': -10_000, 'merchant/M/payable': 10_000 },
  'payout-ordered': {
    'merchant/M/payable': -10_000,
    'merchant/M/transit': 9950,
    'acquirer/payout-fees': 50,
  },
  'payout-returned': {
    'merchant/M/transit': -9950,
    'acquirer/payout-fees': -50,
    'merchant/M/payable': 10_000,
  },
  'paid-out': { 'merchant/M/transit': -9950, 'merchant/M/bank': 9950 },
};

describe('the posting rules', () => {
  it.each(Object.entries(BOOKINGS))('of %s book what the ledger says', (event, expected) => {
    const postings = postingsOf(POSTING_RULES, event as PostingEvent, OWNERS, {
      amount: 10_000,
      fee: 50,
      net: 9950,
      held: 50,
    });
    expect(Object.fromEntries(postings.map(({ account, fen }) => [account, fen]))).toEqual(
      expected,
    );
  });

  it('are those of the institution that asks, whoever asked before', () => {
    const other = { ...POSTING_RULES, sale: POSTING_RULES['sale-undone'] };
    const amounts = { amount: 10_000, fee: 50, net: 9950 };
    for (let turn = 0; turn < 2; turn++) {
      const booked = [POSTING_RULES, other].map((rules) => {
        const postings = postingsOf(rules, 'sale', OWNERS, amounts);
        return Object.fromEntries(postings.map(({ account, fen }) => [account, fen]));
      });
      expect(booked).toEqual([BOOKINGS.sale, BOOKINGS['sale-undone']]);
    }
  });

  it('add up to nothing for any amount (I-01)', () => {
    const events = fc.constantFrom(...(Object.keys(POSTING_RULES) as PostingEvent[]));
    const fen = fc.integer({ min: 0, max: 999_999_999_999 });
    fc.assert(
      fc.property(events, fen, fen, (event, one, other) => {
        const [part, amount] = [Math.min(one, other), Math.max(one, other)];
        const amounts = { amount, fee: part, held: part, net: amount - part };
        const postings = postingsOf(POSTING_RULES, event, OWNERS, amounts);
        expect(postings.reduce((sum, each) => sum + each.fen, 0)).toBe(0);
        const ledger = emptyLedger();
        post(ledger, postings);
        expect([...ledger.balances.values()].reduce((sum, each) => sum + each, 0)).toBe(0);
      }),
    );
  });

  it('undo a sale exactly, fee included (D10)', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e12 }), fc.nat(5000), (amount, fee) => {
        const ledger = emptyLedger();
        const amounts = { amount, fee, net: amount - fee };
        post(ledger, postingsOf(POSTING_RULES, 'sale', OWNERS, amounts));
        post(ledger, postingsOf(POSTING_RULES, 'sale-undone', OWNERS, amounts));
        expect([...ledger.balances.values()].every((fen) => fen === 0)).toBe(true);
      }),
    );
  });

  it('leave out lines of nothing', () => {
    expect(postingsOf(POSTING_RULES, 'hold-placed', OWNERS, { held: 0 })).toEqual([]);
    expect(
      postingsOf(POSTING_RULES, 'sale', OWNERS, { amount: 1, fee: 0, net: 1 }).map(
        ({ account }) => account,
      ),
    ).toEqual(['card/debit', 'merchant/M/unsettled']);
  });
});

describe('the ledger', () => {
  const good: Posting[] = [
    { account: 'card/debit', fen: -100 },
    { account: 'merchant/M/unsettled', fen: 100 },
  ];

  it.each([
    ['is off by a fen', [{ account: 'a', fen: 1 }]],
    [
      'has half a fen',
      [
        { account: 'a', fen: 0.5 },
        { account: 'b', fen: -0.5 },
      ],
    ],
    [
      'has no number',
      [
        { account: 'a', fen: Number.NaN },
        { account: 'b', fen: 0 },
      ],
    ],
    [
      'is too large to be exact',
      [
        { account: 'a', fen: 2 ** 53 },
        { account: 'b', fen: -(2 ** 53) },
      ],
    ],
  ])('refuses an entry that %s, and stays as it was', (_what, postings) => {
    const ledger = emptyLedger();
    post(ledger, good);
    expect(() => post(ledger, postings)).toThrow(/entry|fen/);
    expect(ledger.entries).toEqual([good]);
    expect(ledger.entryCount).toBe(1);
    expect([...ledger.balances]).toEqual([
      ['card/debit', -100],
      ['merchant/M/unsettled', 100],
    ]);
  });

  it('knows a balance by role and owner, and none is nothing', () => {
    const ledger = emptyLedger();
    post(ledger, good);
    expect(balance(ledger, 'card', { card: 'debit' })).toBe(-100);
    expect(balance(ledger, 'unsettled', { mid: 'M' })).toBe(100);
    expect(balance(ledger, 'payable', { mid: 'M' })).toBe(0);
    expect(balance(ledger, 'fees', {})).toBe(0);
  });
});
