import { describe, expect, it } from 'vitest';
import { shop } from './freeze-shop.ts';
import { MID } from './host-desk.ts';

const D0 = { device: 'e-signature', term: { kind: 'D', days: 0 } } as const;

/** A sale of which 49.50 is on its way to a bank that does not answer, and whose frozen rest was let go. */
function partOnItsWay(): { s: ReturnType<typeof shop>; rrn: string } {
  const s = shop();
  const rrn = s.sold();
  s.freezeAmount(5000);
  s.nextDay();
  s.bank.fail(1);
  s.paidToday();
  s.control.release('H000001', 'wang');
  return { s, rrn };
}

describe('the arrival enquiry', () => {
  it('a sale of which a part is still on its way to the bank has not arrived (A09)', () => {
    const { s, rrn } = partOnItsWay();
    s.bank.fail(1);
    expect(s.paidToday()).toBe(5000);
    expect(s.merchant()).toMatchObject({ transitFen: 4950 });
    expect(s.why(rrn)).toMatch(/^channel-down: payout P000001/);
  });

  it('a sale of which the bank has sent a part back has not arrived (A16)', () => {
    const { s, rrn } = partOnItsWay();
    s.bank.fail(1);
    s.paidToday();
    s.bank.setAccount('bank-a/0001', false);
    s.paidToday();
    expect(s.merchant()).toMatchObject({ payableFen: 4950, paidFen: 5000 });
    expect(s.why(rrn)).toMatch(/^wrong-account: payout P000001/);
  });

  it('an instant payout that the bank sent back is a wrong account over the weekend too (A16)', () => {
    const s = shop({}, '2026-01-16 10:30');
    s.control.setContract(MID, D0, 'x');
    const rrn = s.sold();
    s.bank.setAccount('bank-a/0001', false);
    s.paidToday();
    expect(s.why(rrn)).toMatch(/^wrong-account/);
    s.nextDay();
    expect(s.why(rrn)).toMatch(/^wrong-account/);
  });

  it('a sale that costs more than it brings is not about to be paid, nor set off against refunds (D06)', () => {
    const s = shop();
    s.control.setContract(MID, { device: 'mpos' }, 'x');
    const small = s.sold(200);
    s.paid();
    s.nextDay(10);
    expect(s.why(small)).not.toMatch(/^system-delay|set off against refunds|no payout was made/);
  });

  it('a sale whose batch is still open is not due on a day that is over (A)', () => {
    const s = shop();
    const rrn = s.sell();
    s.nextDay(6);
    const { cause, on } = s.control.enquire({ rrn });
    expect(cause).toBe('not-due-yet');
    expect(on ?? '2026-01-19').not.toBe('2026-01-14');
  });

  it('what was promised for today is not due today when the window has closed (spec 8.1)', () => {
    const s = shop({}, '2026-01-15 22:20');
    s.control.setContract(MID, D0, 'x');
    const rrn = s.sold();
    s.bench.world.advance(20 * 60_000);
    expect(s.paidToday()).toBe(0);
    expect(s.control.enquire({ rrn })).toMatchObject({ cause: 'not-due-yet', on: '2026-01-16' });
  });

  it('a sale of which a part is kept as the deposit tells so when the rest is paid (D07)', () => {
    const s = shop();
    const deposit = { amountFen: 3000, turnoverFen: 100_000 };
    s.control.setContract(MID, { device: 'big-pos', deposit }, 'x');
    const rrn = s.sold();
    s.nextDay();
    expect(s.paidToday()).toBe(6950);
    expect(s.why(rrn)).toMatch(/30\.00 kept as the deposit/);
  });

  it.each([
    ['its own freeze', (s: ReturnType<typeof shop>, rrn: string) => s.freeze(rrn)],
    ['a frozen amount', (s: ReturnType<typeof shop>) => s.freezeAmount(9950)],
  ])('a sale of which a part was taken with %s tells so when the rest is paid (A)', (_, freeze) => {
    const s = shop();
    const rrn = s.sold();
    freeze(s, rrn);
    s.control.take('H000001', 'wang', 4000);
    s.control.release('H000001', 'wang');
    s.nextDay();
    expect(s.paidToday()).toBe(5950);
    expect(s.why(rrn)).toMatch(/40\.00 taken/);
  });

  it('what was promised for today in an open batch is due tomorrow once the window has closed', () => {
    const s = shop({}, '2026-01-15 22:20');
    s.control.setContract(MID, D0, 'x');
    const rrn = s.sell();
    s.bench.world.advance(20 * 60_000);
    expect(s.control.enquire({ rrn })).toMatchObject({ cause: 'not-due-yet', on: '2026-01-16' });
  });

  it('a debt that was undone is not told of any more (I-21)', () => {
    const s = shop();
    s.freeze(s.paid());
    const rrn = s.sold(20_000);
    s.nextDay();
    expect(s.paidToday()).toBe(9950);
    expect(s.why(rrn)).toMatch(/99.50 went to what/);
    s.control.release('H000001', 'wang');
    s.nextDay();
    expect(s.paidToday()).toBe(9950);
    expect(s.merchant()).toMatchObject({ heldFen: 0, owedFen: 0, payableFen: 0, paidFen: 29_850 });
    expect(s.why(rrn)).not.toMatch(/went to what/);
  });

  it('a sale of which a part is on its way is told of that payout on the next day too (A09)', () => {
    const { s, rrn } = partOnItsWay();
    s.nextDay();
    expect(s.why(rrn)).toMatch(/^channel-down: payout P000001, 1 attempt/);
  });

  it('a wrong account that was put right is over, though more of the sale is to be paid (A16)', () => {
    const s = shop();
    const rrn = s.sold();
    s.freezeAmount(5000);
    s.nextDay();
    s.bank.setAccount('bank-a/0001', false);
    s.paidToday();
    s.bank.setAccount('bank-a/0001', true);
    expect(s.paidToday()).toBe(4950);
    s.control.release('H000001', 'wang');
    expect(s.why(rrn)).not.toMatch(/wrong-account/);
  });

  it('what was settled behind the payout run of its day does not go with that run', () => {
    const s = shop({}, '2026-01-15 11:30');
    s.control.settlement.setPayoutRun(600, 'li');
    const rrn = s.sell();
    s.nextDay();
    s.settle();
    expect(s.state.payoutRunDone).toBe('2026-01-16');
    const { cause, evidence, on } = s.control.enquire({ rrn });
    expect([cause, evidence, on]).toEqual([
      'not-due-yet',
      'due on 2026-01-16, settled behind the payout run of that day',
      undefined,
    ]);
  });
});
