import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TEST_INSTITUTION } from '../../../emulator/bench/test-institution.ts';
import { feeOf, tariffRule } from '../../../emulator/host/books/fee.ts';
import {
  balance,
  emptyLedger,
  post,
  postingsOf,
  type Posting,
} from '../../../emulator/host/books/ledger.ts';
import { POSTING_RULES, type PostingEvent } from '../../../emulator/host/books/posting-rules.ts';
import type { CardAccount, TariffRule } from '../../../emulator/host/host-config.ts';
import type { EntryMode } from '../../../emulator/terminal/card-presented.ts';
import { formatYuan, parseYuan } from '../../../protocol/message/amount.ts';

/** Fees read down like a tariff sheet: card, entry, amount, fee, in yuan. */
const FEES = `
  credit  swipe        10 000.00  60.00   D01
  credit  chip            100.00   0.60
  credit  swipe             7.50   0.05   half a fen up: 4.5
  credit  swipe            17.50   0.11   10.5
  credit  swipe            27.50   0.17   16.5
  credit  swipe             7.49   0.04   4.494
  credit  swipe             0.01   0.00
  credit  swipe             0.83   0.00   0.498
  credit  swipe             0.84   0.01   0.504
  credit  swipe      5 000 000.00  30 000.00
  debit   swipe           100.00   0.50   D02
  debit   swipe         4 999.99  25.00   24.99995
  debit   swipe         5 000.00  25.00   the cap
  debit   swipe         5 000.01  25.00
  debit   swipe        10 000.00  25.00
  debit   keyed         4 998.99  24.99   24.99495
  debit   swipe             1.00   0.01   half a fen up: 0.5
  debit   swipe             0.99   0.00   0.495
  debit   contactless  10 000.00  60.00   D04: the card rate, no cap
  credit  contactless      50.00   0.30
`;

interface FeeRow {
  readonly line: string;
  readonly rule: TariffRule;
  readonly amountFen: number;
  readonly feeFen: number;
}

const FEE_ROWS = FEES.trim()
  .split('\n')
  .map((line): FeeRow => {
    const [card, entry, amount, fee] = line.trim().split(/ {2,}/);
    const rule = tariffRule(
      TEST_INSTITUTION.tariff,
      card as CardAccount['class'],
      entry as EntryMode,
    );
    const [amountFen, feeFen] = [parseYuan(amount ?? ''), parseYuan(fee ?? '')];
    if (rule === undefined || amountFen === undefined || feeFen === undefined) {
      throw new Error(`unreadable: ${line}`);
    }
    return { line: line.trim(), rule, amountFen, feeFen };
  });

describe('the tariff', () => {
  it.each(FEE_ROWS)('$line', ({ rule, amountFen, feeFen }) => {
    expect(formatYuan(feeOf(rule, amountFen))).toBe(formatYuan(feeFen));
  });

  const amount = fc.integer({ min: 1, max: 999_999_999_999 });
  const rule = fc.constantFrom(...TEST_INSTITUTION.tariff);

  it('is monotone, never negative, never above its cap or the amount (I-19)', () => {
    fc.assert(
      fc.property(rule, amount, fc.integer({ min: 0, max: 100_000 }), (each, fen, more) => {
        const [fee, greater] = [feeOf(each, fen), feeOf(each, fen + more)];
        expect(fee).toBeLessThanOrEqual(greater);
        expect(fee).toBeGreaterThanOrEqual(0);
        expect(fee).toBeLessThanOrEqual(Math.min(fen, each.capFen ?? fen));
      }),
    );
  });

  it('is exact: nearer to the product than half a fen, and half goes up (I-18)', () => {
    fc.assert(
      fc.property(amount, (fen) => {
        const fee = BigInt(feeOf({ name: 'credit', ppm: 6000 }, fen));
        const off = fee * 1_000_000n - BigInt(fen) * 6000n;
        expect(off > -500_000n && off <= 500_000n).toBe(true);
      }),
    );
  });

  it('takes the first rule that fits, and knows when none does', () => {
    expect(tariffRule([], 'debit', 'swipe')).toBeUndefined();
    expect(tariffRule(TEST_INSTITUTION.tariff, 'debit', 'contactless')?.name).toBe('contactless');
    expect(tariffRule(TEST_INSTITUTION.tariff, 'debit', 'chip')?.name).toBe('debit');
    expect(tariffRule(TEST_INSTITUTION.tariff, 'credit', 'keyed')?.name).toBe('credit');
  });
});

const OWNERS = { card: 'debit', mid: 'M' };

/** What each event does to the books, as one would write it in a ledger: amount 100.00, fee 0.50. */
const BOOKINGS: Record<PostingEvent, Record<string, number>> = {
  'card-opened': { 'issuer/opening': -10_000, 'card/debit': 10_000 },
  sale: { 'card/debit': -10_000, 'merchant/M/unsettled': 9950, 'acquirer/fees': 50 },
  'sale-undone': { 'card/debit': 10_000, 'merchant/M/unsettled': -9950, 'acquirer/fees': -50 },
  refund: { 'card/debit': 10_000, 'merchant/M/payable': -10_000 },
  'batch-closed': {
    'merchant/M/unsettled': -10_000,
    'merchant/M/payable': 9950,
    'merchant/M/held': 50,
  },
  'hold-placed': { 'merchant/M/payable': -50, 'merchant/M/held': 50 },
  'hold-released': { 'merchant/M/held': -50, 'merchant/M/payable': 50 },
  'paid-out': { 'merchant/M/payable': -10_000, 'merchant/M/bank': 10_000 },
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
