import { describe, expect, it } from 'vitest';
import { shop } from './freeze-shop.ts';
import { MID } from './host-desk.ts';

const OWED = 'what a debt had taken of it is its money again, and the enquiry says so';

describe('freezes, and where money goes beside them', () => {
  it('payout sent back after its sale was frozen: no other sale pays for it, frozen money stays', () => {
    const s = shop();
    const first = s.sold();
    s.nextDay();
    s.bank.fail(1);
    s.paidToday();
    s.freeze(first);
    const second = s.sold();
    s.bank.setAccount('bank-a/0001', false);
    s.paidToday();
    s.bank.setAccount('bank-a/0001', true);
    // The second is due tomorrow, the first is frozen: nothing may leave today.
    expect(s.paidToday()).toBe(0);
    expect(s.why(second)).toMatch(/^not-due-yet: due on/);
  });

  it('the same, let go: the enquiry of the other sale does not say "owed" for ever', () => {
    const s = shop();
    const first = s.sold();
    s.nextDay();
    s.bank.fail(1);
    s.paidToday();
    s.freeze(first);
    const second = s.sold();
    s.bank.setAccount('bank-a/0001', false);
    s.paidToday();
    s.bank.setAccount('bank-a/0001', true);
    s.control.release('H000001', 'wang');
    s.nextDay(3);
    s.paidToday();
    expect(s.merchant()).toMatchObject({ paidFen: 19_900, owedFen: 0 });
    expect([s.why(first), s.why(second)]).toEqual([
      expect.stringMatching(/^arrived/),
      expect.stringMatching(/^arrived/),
    ]);
  });

  it('the same, taken while on its way: the other sale arrives, and is said to have', () => {
    const s = shop();
    const first = s.sold();
    s.nextDay();
    s.bank.fail(1);
    s.paidToday();
    s.freeze(first);
    s.control.take('H000001', 'wang');
    const second = s.sold();
    s.bank.setAccount('bank-a/0001', false);
    s.paidToday();
    s.bank.setAccount('bank-a/0001', true);
    s.nextDay(3);
    expect(s.paidToday()).toBe(9950);
    expect(s.why(second)).toMatch(/^arrived/);
  });

  it('fee that comes back with a refund of a frozen sale is frozen with it (I-23)', () => {
    const s = shop({ saleFee: 'returned' });
    const rrn = s.sold();
    s.freeze(rrn);
    expect(s.refund(rrn, 5000)).toBe('approved');
    expect(s.broken()).toEqual([]);
    s.nextDay();
    expect(s.paidToday()).toBe(0);
  });

  it('deposit that comes back to a frozen sale that was refunded is not frozen', () => {
    const s = shop();
    const deposit = { amountFen: 9950, turnoverFen: 20_000 };
    s.control.setContract(MID, { device: 'big-pos', deposit }, 'x');
    const rrn = s.sold();
    s.freeze(rrn);
    expect(s.refund(rrn, 10_000)).toBe('approved');
    s.sold();
    expect(s.merchant()).toMatchObject({ depositFen: 0, heldFen: 0, payableFen: 9900 });
  });

  it('and it cannot be taken as well: the holder has it back once (I-10, I-22)', () => {
    const s = shop();
    const deposit = { amountFen: 9950, turnoverFen: 20_000 };
    s.control.setContract(MID, { device: 'big-pos', deposit }, 'x');
    const rrn = s.sold();
    s.freeze(rrn);
    s.refund(rrn, 10_000);
    s.sold();
    s.control.take('H000001', 'wang');
    expect(s.broken()).toEqual([]);
  });

  it(`A4 debt for a part that was paid, let go: ${OWED}`, () => {
    const s = shop();
    const first = s.sold();
    s.freezeAmount(5000);
    s.nextDay();
    expect(s.paidToday()).toBe(4950);
    s.freeze(first);
    const second = s.paid(4975);
    s.control.release('H000002', 'wang');
    s.control.release('H000001', 'wang');
    s.paidToday();
    expect(s.merchant()).toMatchObject({ paidFen: 14_900, heldFen: 0, owedFen: 0 });
    expect(s.why(second)).toMatch(/^arrived/);
  });

  it(`A4b a sale that paid a debt and was frozen itself, let go: ${OWED}`, () => {
    const s = shop();
    const first = s.paid();
    s.freeze(first);
    const second = s.paid();
    s.freeze(second);
    const third = s.paid();
    s.control.release('H000001', 'wang');
    s.nextDay(4);
    s.paidToday();
    s.control.release('H000002', 'wang');
    s.paidToday();
    expect(s.merchant()).toMatchObject({ paidFen: 29_850, heldFen: 0, owedFen: 0 });
    expect([s.why(second), s.why(third)]).toEqual([
      expect.stringMatching(/^arrived/),
      expect.stringMatching(/^arrived/),
    ]);
  });

  it('money that a debt took for a freeze that is over is not under review any more', () => {
    const s = shop();
    const first = s.paid();
    s.freeze(first);
    const second = s.sold();
    s.nextDay(3);
    s.paidToday();
    expect(s.control.enquire({ rrn: second }).cause).toBe('compliance-review');
    s.control.take('H000001', 'wang');
    expect(s.control.enquire({ rrn: second }).cause).toBe('refunded');
    // Nor is it because of another one, whose money is there.
    s.freeze(s.sold());
    expect(s.control.enquire({ rrn: second }).cause).toBe('refunded');
  });

  it('part of a sale that the bank has sent back is a wrong account (A16)', () => {
    const s = shop();
    const rrn = s.sold();
    s.freeze(rrn);
    s.control.release('H000001', 'wang', 5000);
    s.nextDay();
    s.bank.setAccount('bank-a/0001', false);
    s.paidToday();
    s.control.take('H000001', 'wang');
    s.nextDay();
    expect(s.why(rrn)).toMatch(/^wrong-account: payout P000001/);
  });

  it('a freeze that has let go a part goes on to keep the rest, wherever that is', () => {
    const s = shop();
    const rrn = s.sold();
    s.freeze(rrn);
    s.freeze(rrn);
    s.control.release('H000001', 'wang', 4000); // goes to the second
    s.control.release('H000002', 'wang', 4000); // the second lets go of 40.00 of 99.50, all that it has now
    s.control.release('H000001', 'wang');
    s.nextDay();
    expect(s.paidToday()).toBe(4000); // 39.99 instead of 40.00 above: 39.99 is paid, the rest is kept
  });

  it('control: one fen less, and the rest is kept', () => {
    const s = shop();
    const rrn = s.sold();
    s.freeze(rrn);
    s.freeze(rrn);
    s.control.release('H000001', 'wang', 4000);
    s.control.release('H000002', 'wang', 3999);
    s.control.release('H000001', 'wang');
    s.nextDay();
    expect(s.paidToday()).toBe(3999);
  });

  it('what a release says came free, came free', () => {
    const s = shop();
    const rrn = s.sold();
    s.freeze(rrn);
    s.freeze(rrn);
    expect(s.control.release('H000001', 'wang')).toMatchObject({ releasedFen: 0 });
  });

  it.each([
    ['two frozen amounts', [9950, 9950]],
    ['one frozen amount (control)', [19_900]],
  ])('%s and a lack: no sale counts as arrived whose money is frozen', (_, amounts) => {
    const s = shop();
    const [first, second] = [s.sell(), s.sold()];
    for (const amountFen of amounts) s.freezeAmount(amountFen);
    s.freeze(first);
    const third = s.sold();
    s.nextDay(3);
    expect(s.paidToday()).toBe(9950);
    const arrived = [first, second, third].filter((rrn) => s.why(rrn).startsWith('arrived'));
    expect(arrived).toHaveLength(1);
  });

  it('and then taken, both: what was taken is told of some sale', () => {
    const s = shop();
    const [first, second] = [s.sell(), s.sold()];
    s.freezeAmount(9950);
    s.freezeAmount(9950);
    s.freeze(first);
    const third = s.sold();
    s.nextDay(3);
    expect(s.paidToday()).toBe(9950);
    s.control.take('H000001', 'wang');
    s.control.take('H000002', 'wang');
    s.control.release('H000003', 'wang');
    s.nextDay();
    s.paidToday();
    const taken = [first, second, third].filter((rrn) =>
      s.why(rrn).includes('taken with a frozen amount'),
    );
    expect(taken).toHaveLength(2);
  });
});

describe('the law of frozen money', () => {
  it('says which freeze lacks what, and what other freezes have (I-23)', () => {
    const s = shop();
    const sale = s.sold();
    s.freeze(sale);
    expect(s.broken()).toEqual([]);
    const hold = s.state.holds.get('H000001')!;
    hold.heldFen = 9000;
    expect(s.broken().filter((text) => text.startsWith('I-23'))).toEqual([
      `I-23 ${MID}: freezes lack ${hold.transactionId!} 9.50, other freezes have 0.00`,
    ]);
    // What it has let go itself it does not lack.
    hold.releasedFen = 950;
    expect(s.broken().filter((text) => text.startsWith('I-23'))).toEqual([]);
  });

  it('is not quiet because another merchant has frozen money', () => {
    const s = shop();
    const sale = s.sold();
    s.freezeAmount(9950);
    s.freeze(sale);
    expect(s.broken()).toEqual([]);
    const amount = s.state.holds.get('H000001')!;
    s.state.holds.set('H000001', { ...amount, mid: 'another' });
    expect(s.broken().filter((text) => text.startsWith('I-23'))).toHaveLength(1);
  });
});
