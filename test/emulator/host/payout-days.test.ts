import { describe, expect, it } from 'vitest';
import { shop } from './freeze-shop.ts';
import { MID } from './host-desk.ts';

describe('payouts that nobody asks for', () => {
  it('pay under D+1 on the next calendar day, a weekend included (spec 8.1)', () => {
    const s = shop({}, '2026-01-16 08:00');
    s.control.setContract(MID, { device: 'e-signature', term: { kind: 'D', days: 1 } }, 'x');
    s.control.settlement.setPayoutRun(600, 'li');
    s.sold();
    s.nextDay(1);
    s.bench.world.advance(3 * 3_600_000);
    expect(s.merchant()).toMatchObject({ paidFen: 9950 });
  });

  it('are not made on a weekend once nobody counts calendar days any more', () => {
    const s = shop({}, '2026-01-16 08:00');
    const term = { kind: 'D', days: 1 } as const;
    s.control.setContract(MID, { device: 'e-signature', term }, 'x');
    s.control.setContract(MID, { device: 'e-signature' }, 'x');
    s.control.settlement.setPayoutRun(600, 'li');
    s.sold();
    s.nextDay();
    s.bench.world.advance(3 * 3_600_000);
    expect([s.state.payoutRunDone, s.merchant().paidFen]).toEqual(['2026-01-16', 0]);
    s.nextDay(2);
    expect(s.merchant().paidFen).toBe(9950);
  });

  it('pay on a weekend what was promised for it, also when the contract is another one since', () => {
    const s = shop({}, '2026-01-16 08:00');
    const term = { kind: 'D', days: 1 } as const;
    s.control.setContract(MID, { device: 'e-signature', term }, 'x');
    s.control.settlement.setPayoutRun(600, 'li');
    s.sold();
    s.control.setContract(MID, { device: 'e-signature' }, 'x');
    // Friday's sale, promised for Saturday; what is sold on Saturday is due on Monday.
    s.nextDay();
    s.sold();
    s.bench.world.advance(3 * 3_600_000);
    expect([s.state.payoutRunDone, s.merchant().paidFen]).toEqual(['2026-01-17', 9950]);
    s.nextDay();
    s.bench.world.advance(3 * 3_600_000);
    expect([s.state.payoutRunDone, s.merchant().paidFen]).toEqual(['2026-01-17', 9950]);
    s.nextDay();
    expect(s.merchant().paidFen).toBe(19_900);
  });

  it('pay on Sunday what was promised for Saturday and settled after its payouts', () => {
    const s = shop({}, '2026-01-16 11:30');
    const term = { kind: 'D', days: 1 } as const;
    s.control.settlement.setPayoutRun(600, 'li');
    s.control.setContract(MID, { device: 'e-signature', term }, 'x');
    s.sell();
    s.control.setContract(MID, { device: 'e-signature' }, 'x');
    s.nextDay();
    s.settle();
    expect(s.merchant().paidFen).toBe(0);
    s.nextDay();
    expect([s.state.payoutRunDone, s.merchant().paidFen]).toEqual(['2026-01-18', 9950]);
  });

  it('are not made on a weekend for a promise that is void, far away or kept', () => {
    const s = shop({}, '2026-01-15 11:30');
    const promise = (days: number): void => {
      s.control.setContract(MID, { device: 'e-signature', term: { kind: 'D', days } }, 'x');
    };
    const end = (): void => void s.control.setContract(MID, { device: 'e-signature' }, 'x');
    s.control.settlement.setPayoutRun(600, 'li');
    s.sell();
    promise(1);
    s.voided();
    // A Sunday in February.
    promise(24);
    s.sell();
    end();
    s.nextDay();
    s.settle();
    s.nextDay();
    s.bench.world.advance(3 * 3_600_000);
    expect([s.state.payoutRunDone, s.merchant().paidFen]).toEqual(['2026-01-16', 0]);
    s.nextDay(2);
    s.bench.world.advance(3 * 3_600_000);
    expect([s.state.payoutRunDone, s.merchant().paidFen]).toEqual(['2026-01-19', 9950]);
    s.nextDay(19);
    expect(s.state.payoutRunDone).toBe('2026-02-06');
    s.nextDay();
    expect([s.state.payoutRunDone, s.merchant().paidFen]).toEqual(['2026-02-08', 19_900]);
  });

  it('are not made on a weekend for a sale that was voided in a batch that is still open', () => {
    const s = shop({}, '2026-01-16 08:00');
    s.control.settlement.setPayoutRun(600, 'li');
    const term = { kind: 'D', days: 1 } as const;
    s.control.setContract(MID, { device: 'e-signature', term }, 'x');
    s.voided();
    s.control.setContract(MID, { device: 'e-signature' }, 'x');
    s.nextDay();
    s.bench.world.advance(3 * 3_600_000);
    expect(s.state.payoutRunDone).toBe('2026-01-16');
  });

  it('pay on a weekend only him to whom it was promised', () => {
    const s = shop({}, '2026-01-15 11:30');
    const other = '898110000000002';
    const term = { kind: 'D', days: 2 } as const;
    s.control.settlement.setPayoutRun(600, 'li');
    s.control.setContract(other, { device: 'e-signature', term }, 'x');
    s.sell();
    s.sell(10_000, '20000001');
    s.control.setContract(other, { device: 'e-signature' }, 'x');
    s.settle('20000001');
    s.nextDay();
    // Due on Friday, and settled after its payouts.
    s.settle();
    s.nextDay();
    const paid = [other, MID].map((mid) => s.control.merchant(mid).paidFen);
    expect(paid).toEqual([9950, 0]);
  });

  it('pay nobody under T+1 on a weekend because another merchant has D+1 (spec 8.1)', () => {
    const s = shop({}, '2026-01-15 11:30');
    s.control.settlement.setPayoutRun(600, 'li');
    const term = { kind: 'D', days: 1 } as const;
    s.control.setContract('898110000000002', { device: 'e-signature', term }, 'x');
    s.sell();
    s.nextDay();
    s.settle();
    expect(s.merchant().paidFen).toBe(0);
    s.nextDay();
    s.bench.world.advance(3_600_000);
    expect(s.merchant().paidFen).toBe(0);
    s.nextDay(2);
    expect(s.merchant().paidFen).toBe(9950);
  });
});
