import { describe, expect, it } from 'vitest';
import { TEST_INSTITUTION } from '../../../emulator/bench/test-institution.ts';
import { shop } from './freeze-shop.ts';
import { TID } from './host-desk.ts';

type Shop = ReturnType<typeof shop>;

/** A sale that was frozen by name in its open batch, and then voided; the batch is settled. */
function voidedWhileFrozen(s: Shop): string {
  const rrn = s.sell();
  s.freeze(rrn);
  const { stan } = s.state.transactions.get(s.state.byRrn.get(rrn)!)!;
  const card = s.bench.cards.present(TEST_INSTITUTION.cards[0]!, { entry: 'swipe', pin: '123456' });
  const undo = s.bench.perform(TID, { verb: 'void', stan, card, password: '123456' });
  expect(undo.outcome).toBe('approved');
  return rrn;
}

describe('a freeze of a sale that was voided', () => {
  it('keeps nothing of what another freeze lets go: that comes free, and is paid (I-22, A11)', () => {
    const s = shop();
    voidedWhileFrozen(s);
    s.sold();
    s.freezeAmount(9950);
    expect(s.control.release('H000002', 'wang')).toMatchObject({ releasedFen: 9950 });
    expect(s.state.holds.get('H000001')).toMatchObject({ heldFen: 0 });
    s.nextDay();
    expect(s.paidToday()).toBe(9950);
  });

  it('has nothing that could be taken: the money is that of another sale (I-22)', () => {
    const s = shop();
    voidedWhileFrozen(s);
    s.sold();
    s.freezeAmount(9950);
    s.control.release('H000002', 'wang');
    expect(s.control.take('H000001', 'wang').outcome).toBe('refused');
  });

  it('makes no debt for a sale whose money a frozen amount has: none has left (I-21, A13)', () => {
    const s = shop();
    voidedWhileFrozen(s);
    const own = s.sold();
    s.freezeAmount(9950);
    s.freeze(own);
    expect(s.merchant()).toMatchObject({ heldFen: 9950, owedFen: 0, paidFen: 0 });
  });
});

describe('a freeze of a sale whose money went to a debt', () => {
  it('is owed, and takes no money of another sale: that one has a true cause (A13, A)', () => {
    const s = shop();
    s.freeze(s.paid());
    const took = s.paid();
    const other = s.sold();
    s.freeze(took);
    expect(s.merchant()).toMatchObject({ payableFen: 9950, heldFen: 19_900, owedFen: 9950 });
    s.nextDay(4);
    s.paidToday();
    // Nothing was ever refunded here.
    expect(s.why(other)).not.toMatch(/set off against refunds/);
  });

  it('pays, when it is let go, no debt for a third sale with the money of a fourth (I-21)', () => {
    const s = shop();
    const [first, second] = [s.sell(), s.sold()];
    s.nextDay();
    expect(s.paidToday()).toBe(19_900);
    s.freeze(first);
    s.freeze(second);
    const took = s.paid();
    const other = s.sold();
    s.freeze(took);
    s.control.release('H000003', 'wang');
    s.control.release('H000001', 'wang');
    s.nextDay(4);
    s.paidToday();
    // One of the two is paid: the debt for the second sale stands, and has the other.
    expect(s.merchant()).toMatchObject({ paidFen: 29_850, heldFen: 9950, owedFen: 0 });
    const arrived = [took, other].filter((rrn) => s.why(rrn).startsWith('arrived'));
    expect(arrived).toHaveLength(1);
  });
});

describe('a second freeze of a sale of which the first has let go a part', () => {
  it('that was paid: it is owed, and no money of another sale is taken (A13, I-23)', () => {
    const s = shop();
    const rrn = s.sold();
    s.freeze(rrn);
    s.control.release('H000001', 'wang', 4000);
    s.nextDay();
    expect(s.paidToday()).toBe(4000);
    s.sold();
    s.freeze(rrn);
    expect(s.merchant()).toMatchObject({ payableFen: 9950, heldFen: 9950, owedFen: 4000 });
  });
  it('that a debt took: it is owed (I-21)', () => {
    const s = shop();
    s.freeze(s.paid(4020));
    const rrn = s.sold();
    s.freeze(rrn);
    s.control.release('H000002', 'wang', 4000);
    s.nextDay();
    s.paidToday();
    expect(s.merchant()).toMatchObject({ payableFen: 0, owedFen: 0 });
    s.sold();
    s.freeze(rrn);
    expect(s.merchant()).toMatchObject({ payableFen: 9950, owedFen: 4000 });
  });
  it('the other sale is not said to have arrived with less than it brings (A10)', () => {
    const s = shop();
    const rrn = s.sold();
    s.freeze(rrn);
    s.control.release('H000001', 'wang', 4000);
    s.nextDay();
    s.paidToday();
    const other = s.sold();
    s.freeze(rrn);
    s.nextDay(2);
    const fen = s.paidToday();
    expect([fen, s.why(other)]).not.toEqual([5950, 'arrived: payout P000002']);
  });
});

describe('the cost of freezes', () => {
  const SALES = 60;

  /** A merchant each of whose sales a rule has frozen, and how often a freeze is read from now on. */
  function manyFrozen(): Shop & { seized: string; rrns: string[]; reads: { count: number } } {
    const s = shop();
    const seized = s.sold(300);
    s.freezeAmount(298);
    s.control.take('H000001', 'wang');
    const hit = { kind: 'round-sum', multipleFen: 100 } as const;
    s.control.risk.setRules([{ name: 'all', when: [hit], outcome: { kind: 'hold' } }], 'boss');
    const rrns = Array.from({ length: SALES }, () => s.sell(100));
    s.settle();
    const reads = { count: 0 };
    for (const holds of [
      ...s.state.holdsOf.merchants.values(),
      ...s.state.holdsOf.sales.values(),
    ]) {
      for (const [at, hold] of holds.entries()) {
        holds[at] = new Proxy(hold, {
          get(target, name) {
            reads.count++;
            return Reflect.get(target, name) as unknown;
          },
        });
      }
    }
    return { ...s, seized, rrns, reads };
  }

  it('an enquiry about one of many frozen sales is not quadratic in them (A17)', () => {
    const { rrns, reads, why } = manyFrozen();
    expect(why(rrns.at(-1)!)).toMatch(/^compliance-review/);
    expect(reads.count).toBeLessThan(30 * SALES);
  });

  it('an enquiry about a sale with nothing left does not ask of each freeze what is owed', () => {
    const { seized, reads, why } = manyFrozen();
    expect(why(seized)).toMatch(/^refunded: 2\.98 taken with a frozen amount/);
    expect(reads.count).toBeLessThan(30 * SALES);
  });

  it('letting one of many go looks at few of them while nothing is owed (A11)', () => {
    const { control, reads } = manyFrozen();
    expect(control.release('H000061', 'wang').outcome).toBe('released');
    expect(reads.count).toBeLessThan(SALES);
  });
});
