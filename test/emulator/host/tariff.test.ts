import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EntryMode } from '../../../emulator/terminal/card-presented.ts';
import type { CardAccount } from '../../../emulator/host/host-config.ts';
import { checkContract } from '../../../emulator/host/tariff/check-contract.ts';
import { DOCUMENTED_TARIFF } from '../../../emulator/host/tariff/documented-tariff.ts';
import {
  feeOf,
  percentText,
  type Rate,
  type Rounding,
} from '../../../emulator/host/tariff/rate.ts';
import {
  quoteOf,
  USUAL_CONTRACT,
  type MerchantContract,
  type Product,
  type Quote,
  type TariffVersion,
} from '../../../emulator/host/tariff/tariff.ts';
import { formatYuan, parseYuan } from '../../../protocol/message/amount.ts';

const AT = '2026-01-15 09:30:00';

function quote(
  text: string,
  amountFen: number,
  contract: MerchantContract = USUAL_CONTRACT,
  at = AT,
): Quote | undefined {
  const [product, kind, entry] = text.trim().split(/ +/);
  return quoteOf(DOCUMENTED_TARIFF, contract, {
    product: product as Product,
    class: kind as CardAccount['class'],
    entry: entry as EntryMode,
    amountFen,
    at,
  });
}

/** Fees read down like a tariff sheet: product, card, entry, amount, fee, in yuan. */
const FEES = `
  card credit swipe        10 000.00  60.00   D01
  card credit chip            100.00   0.60
  card credit swipe             7.50   0.05   half a fen up: 4.5
  card credit swipe            17.50   0.11   10.5
  card credit swipe            27.50   0.17   16.5
  card credit swipe             7.49   0.04   4.494
  card credit swipe             0.01   0.00
  card credit swipe             0.83   0.00   0.498
  card credit swipe             0.84   0.01   0.504
  card credit swipe      5 000 000.00  30 000.00
  card debit swipe            100.00   0.50   D02
  card debit swipe          4 999.99  25.00   24.99995
  card debit swipe          5 000.00  25.00   the cap
  card debit swipe          5 000.01  25.00
  card debit swipe         10 000.00  25.00
  card debit keyed          4 998.99  24.99   24.99495
  card debit keyed          4 999.00  25.00   24.995
  card debit swipe              1.00   0.01   half a fen up: 0.5
  card debit swipe              0.99   0.00   0.495
  card debit contactless   10 000.00  60.00   D04: the card rate, no cap
  card credit contactless      50.00   0.30
  qr credit swipe          10 000.00  38.00   D03
  qr debit keyed                1.31   0.00   0.4978
  qr debit keyed                1.32   0.01   0.5016
  unionpay-qr debit swipe  10 000.00  60.00   D04
`;

const ROWS = FEES.trim()
  .split('\n')
  .map((line) => {
    const [what = '', amount = '', fee = ''] = line.trim().split(/ {2,}/);
    return { line: line.trim(), what, amountFen: parseYuan(amount)!, feeFen: parseYuan(fee)! };
  });

describe('the documented tariff', () => {
  it.each(ROWS)('$line', ({ what, amountFen, feeFen }) => {
    expect(formatYuan(quote(what, amountFen)!.feeFen)).toBe(formatYuan(feeFen));
  });

  it('names its line and since when it holds; the net is what is left', () => {
    expect(quote('card debit swipe', 1_000_000)).toEqual({
      line: { name: 'debit', product: 'card', class: 'debit', rate: { ppm: 5000, capFen: 2500 } },
      from: '2016-09-06',
      feeFen: 2500,
      surchargeFen: 0,
      netFen: 997_500,
    });
  });

  it('adds three yuan for an MPOS, and nothing for the other devices (D06)', () => {
    const surcharge = (device: MerchantContract['device']): number | undefined =>
      quote('card debit swipe', 10_000, { device })?.surchargeFen;
    expect([surcharge('e-signature'), surcharge('mpos'), surcharge('big-pos')]).toEqual([
      0, 300, 0,
    ]);
    expect(quote('card debit swipe', 10_000, { device: 'mpos' })?.netFen).toBe(10_000 - 50 - 300);
  });

  it('holds from its day on, and not before', () => {
    expect(quote('card debit swipe', 100, USUAL_CONTRACT, '2016-09-05 23:59:59')).toBeUndefined();
    expect(quote('card debit swipe', 100, USUAL_CONTRACT, '2016-09-06 00:00:00')).toBeDefined();
  });
});

describe('a contract of one’s own', () => {
  const own = (from: string, ppm: number): TariffVersion[] => [
    { from, lines: [{ name: 'own', class: 'credit', rate: { ppm } }] },
  ];

  it('comes before the tariff, line by line, from its time on (D09)', () => {
    const contract: MerchantContract = {
      device: 'e-signature',
      versions: [...own('2026-01-15', 5500), ...own('2026-01-16', 4000)],
    };
    const fee = (what: string, at: string): number | undefined =>
      quote(what, 1_000_000, contract, at)?.feeFen;
    expect(fee('card credit swipe', '2026-01-14 23:59:59')).toBe(6000);
    expect(fee('card credit swipe', '2026-01-15 00:00:00')).toBe(5500);
    expect(fee('card credit swipe', '2026-01-15 23:59:59')).toBe(5500);
    expect(fee('card credit swipe', '2026-01-16 00:00:00')).toBe(4000);
    // What the contract does not name is as in the tariff.
    expect(fee('card debit swipe', '2026-01-16 00:00:00')).toBe(2500);
  });

  it.each<[string, Partial<MerchantContract>, RegExp | undefined]>([
    ['3800 ppm', { versions: own('2026-01-01', 3800) }, undefined],
    ['6000 ppm', { versions: own('2026-01-01', 6000) }, undefined],
    [
      '3799 ppm',
      { versions: own('2026-01-01', 3799) },
      /own 0\.3799 % is outside 0\.38 % to 0\.60 %/,
    ],
    ['6001 ppm', { versions: own('2026-01-01', 6001) }, /own 0\.6001 % is outside/],
    [
      'catering at 1.25 %',
      { industry: 'catering', versions: own('2026-01-01', 12_500) },
      undefined,
    ],
    [
      'catering at 1.26 %',
      { industry: 'catering', versions: own('2026-01-01', 12_600) },
      /for catering/,
    ],
    [
      'a school for nothing',
      { industry: 'public-service', versions: own('2026-01-01', 0) },
      undefined,
    ],
    ['an unknown industry', { industry: 'smuggling' }, /no tariff of the industry "smuggling"/],
    ['an industry of the prototype', { industry: 'toString' }, /no tariff of the industry/],
    ['an unknown device', { device: 'toaster' as 'mpos' }, /no device "toaster"/],
    ['a day that is none', { versions: own('2026-02-30', 5000) }, /no such time as 2026-02-30/],
    ['no line', { versions: [{ from: '2026-01-01', lines: [] }] }, /has no line/],
    [
      'two versions of one moment',
      { versions: [...own('2026-01-16', 5000), ...own('2026-01-16 00:00', 4000)] },
      /two versions begin at 2026-01-16 00:00:00/,
    ],
    [
      'two lines of one name',
      {
        versions: [
          {
            from: '2026-01-16',
            lines: [own('x', 5000)[0]!.lines[0]!, own('x', 4000)[0]!.lines[0]!],
          },
        ],
      },
      /two lines of 2026-01-16 are named own/,
    ],
    ['a term before the sale', { term: { kind: 'D', days: -400 } }, /no term D\+-400/],
    ['a term that is no number', { term: { kind: 'D', days: Number.NaN } }, /no term D\+NaN/],
    ['a term without end', { term: { kind: 'T', days: Infinity } }, /no term T\+Infinity/],
    ['half a millionth', { versions: own('2026-01-01', 5000.5) }, /ppm 5000.5 is no whole number/],
    [
      'a cap below the minimum',
      {
        versions: [
          { from: '2026-01-01', lines: [{ name: 'x', rate: { ppm: 5000, minFen: 9, capFen: 8 } }] },
        ],
      },
      /the cap is below the minimum/,
    ],
    [
      'a negative fixed part',
      {
        versions: [
          { from: '2026-01-01', lines: [{ name: 'x', rate: { ppm: 5000, fixedFen: -1 } }] },
        ],
      },
      /fixedFen -1/,
    ],
  ])('with %s is judged before it is entered (D05)', (_, changes, text) => {
    const why = checkContract(DOCUMENTED_TARIFF, { device: 'e-signature', ...changes }).join('; ');
    if (text === undefined) expect(why).toBe('');
    else expect(why).toMatch(text);
  });
});

const rate = fc.record({
  ppm: fc.integer({ min: 0, max: 20_000 }),
  fixedFen: fc.integer({ min: 0, max: 500 }),
  minFen: fc.integer({ min: 0, max: 500 }),
  capFen: fc.option(fc.integer({ min: 500, max: 5000 }), { nil: undefined }),
  rounding: fc.constantFrom<Rounding>('half-up', 'half-even', 'up', 'down'),
}) as fc.Arbitrary<Rate>;
const amount = fc.oneof(
  fc.integer({ min: 0, max: 999_999_999_999 }),
  fc.integer({ min: 0, max: 100_000 }),
);

/** The same formula from decimal text: long division by hand, no BigInt division of ours. */
function byHand({ ppm, fixedFen = 0, minFen = 0, capFen, rounding }: Rate, fen: number): number {
  const digits = (BigInt(fen) * BigInt(ppm)).toString().padStart(7, '0');
  const [whole, rest] = [Number(digits.slice(0, -6)), digits.slice(-6)];
  const side =
    rest === '500000' ? 'half' : rest > '500000' ? 'more' : rest === '000000' ? 'none' : 'less';
  const goesUp: Record<Rounding, boolean> = {
    'half-up': side === 'half' || side === 'more',
    'half-even': side === 'more' || (side === 'half' && whole % 2 === 1),
    up: side !== 'none',
    down: false,
  };
  const fee = Math.max(minFen, whole + (goesUp[rounding ?? 'half-up'] ? 1 : 0) + fixedFen);
  return capFen === undefined ? fee : Math.min(fee, capFen);
}

describe('the fee formula', () => {
  it('is the exact product, rounded once, within its bounds (I-18)', () => {
    fc.assert(
      fc.property(rate, amount, (each, fen) => {
        expect(feeOf(each, fen)).toBe(byHand(each, fen));
      }),
      { numRuns: 2000 },
    );
  });

  it.each<[Rounding, number, number]>([
    ['half-up', 100, 1],
    ['half-up', 300, 2],
    ['half-even', 100, 0],
    ['half-even', 300, 2],
    ['half-even', 500, 2],
    ['up', 100, 1],
    ['up', 200, 1],
    ['down', 300, 1],
  ])('rounds half a fen %s: of %i fen at 0.50 %% it is %i', (rounding, fen, fee) => {
    expect(feeOf({ ppm: 5000, rounding }, fen)).toBe(fee);
  });

  it('is exact where a number would no longer hold the product', () => {
    // The product ends on 499999 millionths; as a number it would be half a fen.
    expect(feeOf({ ppm: 12_347 }, 999_999_238_317)).toBe(12_346_990_595);
  });

  it('meets every boundary of the documented rates, a fen to either side', () => {
    for (const ppm of [3800, 5000, 6000]) {
      for (let fee = 0; fee <= 2600; fee++) {
        // Half a fen above each whole fee lies here, or next to it.
        const around = Math.round(((fee + 0.5) * 1_000_000) / ppm);
        for (let fen = around - 2; fen <= around + 2; fen++) {
          for (const capFen of [undefined, 2500]) {
            const each = { ppm, ...(capFen === undefined ? {} : { capFen }) };
            expect(feeOf(each, fen)).toBe(byHand(each, fen));
          }
        }
      }
    }
  });

  it('is monotone, never negative, never above its cap (I-19)', () => {
    fc.assert(
      fc.property(rate, amount, fc.integer({ min: 0, max: 100_000 }), (each, fen, more) => {
        const [fee, greater] = [feeOf(each, fen), feeOf(each, fen + more)];
        expect(fee).toBeLessThanOrEqual(greater);
        expect(fee).toBeGreaterThanOrEqual(0);
        expect(fee).toBeLessThanOrEqual(each.capFen ?? Number.MAX_SAFE_INTEGER);
      }),
    );
  });

  it.each([-1, 0.5, Number.NaN, Number.MAX_SAFE_INTEGER + 1])('refuses %d fen', (fen) => {
    expect(() => feeOf({ ppm: 5000 }, fen)).toThrow(expect.objectContaining({ code: 'E_BOOKS' }));
  });

  it('shows rates as people write them', () => {
    expect([0, 38, 3800, 5000, 6001, 12_500, 1_000_000].map(percentText)).toEqual([
      '0.00 %',
      '0.0038 %',
      '0.38 %',
      '0.50 %',
      '0.6001 %',
      '1.25 %',
      '100.00 %',
    ]);
  });
});

describe('the fee of more than a number holds exactly', () => {
  it.each([
    // 2 % of 9 999 999 999.75 and of 9 999 999 999.25: half a fen above an odd and an even one.
    ['half-up', 20_000_000_000, 19_999_999_999],
    ['half-even', 20_000_000_000, 19_999_999_998],
    ['up', 20_000_000_000, 19_999_999_999],
    ['down', 19_999_999_999, 19_999_999_998],
  ] as const)('is rounded %s as well', (rounding, ofOdd, ofEven) => {
    const big = { ppm: 20_000, rounding };
    expect([feeOf(big, 999_999_999_975), feeOf(big, 999_999_999_925)]).toEqual([ofOdd, ofEven]);
    // What is no half goes to the nearer one.
    if (rounding.startsWith('half')) {
      expect(feeOf(big, 999_999_999_974)).toBe(19_999_999_999);
      expect(feeOf(big, 999_999_999_976)).toBe(20_000_000_000);
    }
  });
});
