import { describe, expect, it } from 'vitest';
import { BY_LI, shop } from './freeze-shop.ts';
import { MID } from './host-desk.ts';

describe('money that is let go while its merchant owes for another sale (A13, I-21)', () => {
  /** A sale that was paid and then frozen, for which all of its money is owed. */
  function indebted(): ReturnType<typeof shop> {
    const s = shop();
    s.freeze(s.paid());
    return s;
  }
  const WENT = /^(compliance-review|refunded): 99\.50 went to what the merchant owed/;

  it.each([
    ['by name', (s: ReturnType<typeof shop>, rrn: string) => s.freeze(rrn)],
    ['by amount', (s: ReturnType<typeof shop>) => s.freezeAmount(9950)],
  ])('is taken for the debt with the next payout, and told so (frozen %s)', (_, freezeIt) => {
    const s = indebted();
    const own = s.sold();
    freezeIt(s, own);
    expect(s.control.release('H000002', 'wang')).toMatchObject({ releasedFen: 9950 });
    s.nextDay(4);
    expect(s.paidToday()).toBe(0);
    expect(s.why(own)).toMatch(WENT);
    const next = s.sold();
    s.nextDay(4);
    expect(s.paidToday()).toBe(9950);
    expect([s.why(own), s.why(next)]).toEqual([
      expect.stringMatching(WENT),
      expect.stringMatching(/^arrived/),
    ]);
    s.control.take('H000001', 'wang');
    expect(s.why(own)).toMatch(WENT);
    expect(s.broken()).toEqual([]);
  });

  it('is its own again when the other sale is let go', () => {
    const s = indebted();
    const own = s.sold();
    s.freeze(own);
    s.control.release('H000002', 'wang');
    s.nextDay(4);
    s.paidToday();
    s.control.release('H000001', 'wang');
    expect(s.paidToday()).toBe(9950);
    expect([...s.state.payouts.values()].at(-1)?.transactionIds).toHaveLength(1);
    expect(s.why(own)).toMatch(/^arrived/);
    expect(s.merchant()).toMatchObject({ paidFen: 19_900, heldFen: 0, owedFen: 0 });
  });

  it('leaves the debt as it is when it is let go in parts', () => {
    const s = indebted();
    const own = s.sold();
    s.freeze(own);
    s.control.release('H000002', 'wang', 4000);
    s.control.release('H000002', 'wang');
    expect(s.merchant()).toMatchObject({ payableFen: 9950, heldFen: 9950, owedFen: 9950 });
  });

  it('but what is owed for a part of the sale itself is cancelled at once', () => {
    const s = shop();
    const own = s.sold();
    s.freezeAmount(5000);
    s.nextDay();
    expect(s.paidToday()).toBe(4950);
    s.freeze(own);
    expect(s.merchant()).toMatchObject({ heldFen: 9950, owedFen: 4950 });
    s.control.release('H000002', 'wang');
    expect(s.merchant()).toMatchObject({ payableFen: 0, heldFen: 5000, owedFen: 0 });
  });

  it('leaves the debt as it is when it goes back to its holder', () => {
    const s = indebted();
    const own = s.sold();
    s.freeze(own);
    s.control.returnHold('H000002', 'wang');
    expect(s.merchant()).toMatchObject({ payableFen: -50, heldFen: 9950, owedFen: 9950 });
  });
});

describe('what one line of the freezes keeps right', () => {
  it('what was promised for today and is frozen in part waits for tomorrow, all of it', () => {
    const s = shop();
    s.control.setContract(MID, { device: 'e-signature', term: { kind: 'D', days: 0 } }, 'x');
    const rrn = s.sold();
    s.freezeAmount(4000);
    expect(s.paidToday()).toBe(0);
    s.nextDay();
    expect(s.paidToday()).toBe(s.bank.paidFen('bank-a/0001'));
    expect(s.merchant()).toMatchObject({ heldFen: 4000, payableFen: 0 });
    expect(s.why(rrn)).toBe('compliance-review: hold H000001');
  });

  it('only the rest of it waits: what has been due for longer is paid in full', () => {
    const s = shop();
    const first = s.sold();
    s.nextDay();
    s.control.setContract(MID, { device: 'e-signature', term: { kind: 'D', days: 0 } }, 'x');
    s.sold();
    s.freezeAmount(4000);
    expect(s.paidToday()).toBe(9950);
    expect(s.why(first)).toMatch(/^arrived/);
  });

  it('of a shortage the sale bears its part that is paid while the rest of it is frozen', () => {
    const s = shop();
    const paid = s.paid();
    expect(s.refund(paid, 3000)).toBe('approved');
    s.sell();
    s.sold();
    s.freezeAmount(4000);
    s.nextDay(4);
    expect(s.paidToday()).toBe(9950 + 2950);
    expect([...s.state.payouts.values()].at(-1)?.parts).toMatchObject([{ fen: 2950 }]);
  });

  it('a part that came back from the bank and was paid again has arrived', () => {
    const s = shop();
    const rrn = s.sold();
    s.freezeAmount(5000);
    s.nextDay();
    s.bank.setAccount('bank-a/0001', false);
    expect(s.paidToday()).toBe(0);
    s.bank.setAccount('bank-a/0001', true);
    expect(s.paidToday()).toBe(4950);
    s.control.take('H000001', 'wang');
    expect(s.why(rrn)).toBe(
      'arrived: payout P000002, 49.50 of it; 50.00 taken with a frozen amount',
    );
  });

  it('a sale is kept by its own freeze before one of an amount, and one of two says that the other has it', () => {
    const s = shop();
    const rrn = s.sold();
    s.freezeAmount(9950);
    s.freeze(rrn);
    expect(s.why(rrn)).toBe('compliance-review: hold H000002');
    s.control.release('H000001', 'wang');
    s.freeze(rrn);
    expect(s.control.take('H000003', 'wang')).toMatchObject({
      why: 'H000003 holds nothing: another freeze has the money',
    });
  });

  it('a second freeze is whole though the first let go a part that was paid: that is owed (A13)', () => {
    const s = shop();
    const first = s.sold();
    s.freezeAmount(5000);
    s.freeze(first);
    s.sold();
    // This one has money of the second sale, which is nothing to the first.
    s.freezeAmount(3000);
    s.control.release('H000002', 'wang', 2000);
    s.nextDay();
    expect(s.paidToday()).toBe(2000 + 6950);
    expect(s.freeze(first)).toMatchObject({ outcome: 'frozen', heldFen: 2000 });
    expect(s.merchant()).toMatchObject({ owedFen: 2000 });
  });

  it.each([
    ['by name', (s: ReturnType<typeof shop>, rrn: string) => s.freeze(rrn)],
    ['by amount', (s: ReturnType<typeof shop>) => s.freezeAmount(9950)],
  ])('money of its own that is let go (%s) is no other sale that a debt took', (_, freezeIt) => {
    const s = shop();
    const paid = s.paid();
    s.freeze(paid);
    const took = s.sold();
    s.nextDay();
    expect(s.paidToday()).toBe(0);
    const own = s.sold();
    freezeIt(s, own);
    s.control.release('H000002', 'wang');
    s.nextDay();
    expect(s.paidToday()).toBe(9950);
    expect(s.why(own)).toMatch(/^arrived/);
    expect(s.why(took)).toBe(
      'compliance-review: 99.50 went to what the merchant owed for a frozen sale',
    );
  });

  it('a deposit that comes back to one sale is not kept for what a freeze of another lacks', () => {
    const s = shop();
    const frozen = s.sold();
    s.freezeAmount(9950);
    s.freeze(frozen);
    const deposit = { amountFen: 3000, turnoverFen: 20_000 };
    s.control.setContract(MID, { device: 'big-pos', deposit }, 'x');
    s.sold();
    expect(s.merchant()).toMatchObject({ depositFen: 3000, heldFen: 9950 });
    s.sold();
    const payableFen = s.merchant().payableFen;
    expect(s.merchant()).toMatchObject({ depositFen: 0, heldFen: 9950, payableFen });
  });

  it('part of a sale that is on its way to the bank has not arrived', () => {
    const s = shop();
    const rrn = s.sold();
    s.freezeAmount(5000);
    s.nextDay();
    s.bank.fail(1);
    s.paidToday();
    s.control.take('H000001', 'wang');
    expect(s.why(rrn)).toBe('channel-down: payout P000001, 1 attempt: the bank does not answer');
  });

  it('a debt takes nothing of a sale whose batch is open', () => {
    const s = shop();
    const paid = s.paid();
    s.freeze(paid);
    const open = s.sell();
    const settled = s.sell(10_000, '10000002');
    s.bench.perform('10000002', { verb: 'settle' });
    s.nextDay();
    s.paidToday();
    expect(s.why(settled)).toMatch(/went to what the merchant owed/);
    s.settle();
    s.nextDay(4);
    expect(s.paidToday()).toBe(9950);
    expect(s.why(open)).toMatch(/^arrived/);
  });

  it('a freeze of another merchant puts no money under review', () => {
    const s = shop();
    const paid = s.paid();
    s.freeze(paid);
    const took = s.sold();
    s.nextDay(3);
    s.paidToday();
    s.control.take('H000001', 'wang');
    s.control.freeze({ scope: 'merchant', mid: '898110000000002', ...BY_LI });
    expect(s.control.enquire({ rrn: took }).cause).toBe('refunded');
  });

  it('an instant payout is no more than is payable, and what was promised is no usual one (I-24)', () => {
    const s = shop();
    const first = s.sold();
    s.nextDay();
    expect(s.paidToday()).toBe(9950);
    s.control.setContract(MID, { device: 'e-signature', term: { kind: 'D', days: 0 } }, 'x');
    expect(s.refund(first, 5000)).toBe('approved');
    s.sold();
    expect(s.paidToday()).toBe(4950);
    expect(s.merchant()).toMatchObject({ payableFen: 0, paidFen: 14_900 });
    const instant = [...s.state.payouts.values()].map(({ isInstant }) => isInstant === true);
    expect(instant).toEqual([false, true]);
  });

  it('a part that is all of it ends a freeze, and so does a return', () => {
    const s = shop();
    const [first, second] = [s.sell(), s.sold()];
    s.freeze(first);
    s.freeze(second);
    s.control.release('H000001', 'wang', 9950);
    s.control.returnHold('H000002', 'wang');
    expect([...s.state.holds.values()].map(({ state }) => state)).toEqual(['released', 'returned']);
  });

  it('a fee that has come back is part of what a freeze keeps', () => {
    const s = shop({ saleFee: 'returned' });
    const rrn = s.sold();
    expect(s.refund(rrn, 5000)).toBe('approved');
    expect(s.freeze(rrn)).toMatchObject({ heldFen: 4975 });
    expect(s.broken()).toEqual([]);
  });

  it('a debt that takes a part of a sale is told of with the payout of its rest', () => {
    const s = shop();
    const first = s.sold();
    s.freezeAmount(5000);
    s.nextDay();
    expect(s.paidToday()).toBe(4950);
    s.freeze(first);
    const second = s.sold();
    s.nextDay(4);
    expect(s.paidToday()).toBe(5000);
    expect(s.why(second)).toBe(
      'arrived: payout P000002; 49.50 went to what the merchant owed for a frozen sale',
    );
  });

  it('a sale that was paid is owed, though there is as much of another one (A13)', () => {
    const s = shop();
    const paid = s.paid();
    const next = s.sold();
    expect(s.freeze(paid)).toMatchObject({ heldFen: 9950 });
    expect(s.merchant()).toMatchObject({ payableFen: 9950, heldFen: 9950, owedFen: 9950 });
    s.control.release('H000001', 'wang');
    s.nextDay(4);
    expect(s.paidToday()).toBe(9950);
    expect(s.why(next)).toMatch(/^arrived/);
  });
});
