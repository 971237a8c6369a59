import { describe, expect, it } from 'vitest';
import type { Deposit } from '../../../emulator/host/settlement/deposit-book.ts';
import type { ReleaseOutcome } from '../../../emulator/host/risk/freeze.ts';
import type { RiskRule } from '../../../emulator/host/risk/rules.ts';
import { BY_LI, shop } from './freeze-shop.ts';
import { MID } from './host-desk.ts';

const ROUND_SUMS: readonly RiskRule[] = [
  { name: 'round', when: [{ kind: 'round-sum', multipleFen: 10_000 }], outcome: { kind: 'hold' } },
];

const thursday = () => shop({}, '2026-01-15 10:30');

describe('two freezes of one sale', () => {
  it('keep its money until both have let go (I-23)', () => {
    const { control, sell, settle, freeze, nextDay, paidToday, why, broken } = thursday();
    const rrn = sell();
    settle();
    expect([freeze(rrn), freeze(rrn)]).toMatchObject([{ heldFen: 9950 }, { heldFen: 0 }]);
    control.release('H000001', 'wang');
    nextDay();
    expect(paidToday()).toBe(0);
    expect(why(rrn)).toBe('compliance-review: hold H000002');
    expect(broken()).toEqual([]);
    expect(control.release('H000002', 'wang')).toEqual({ outcome: 'released', releasedFen: 9950 });
    expect(paidToday()).toBe(9950);
    expect(broken()).toEqual([]);
  });

  it('one of a rule and one of an officer, before the settlement: a cleared review frees nothing', () => {
    const { control, sell, settle, freeze, nextDay, paidToday } = thursday();
    control.risk.setRules(ROUND_SUMS, 'boss');
    const rrn = sell();
    freeze(rrn);
    settle();
    control.risk.closeReview('V000001', 'cleared', { by: 'wang', note: 'fine' });
    nextDay();
    expect(paidToday()).toBe(0);
  });

  it('after the payout: the debt stays until both have let go (A13)', () => {
    const { control, sell, settle, freeze, nextDay, paidToday, broken } = thursday();
    const rrn = sell();
    settle();
    nextDay();
    expect(paidToday()).toBe(9950);
    expect([freeze(rrn), freeze(rrn)]).toMatchObject([{ heldFen: 9950 }, { heldFen: 0 }]);
    control.release('H000001', 'wang');
    expect(control.merchant(MID)).toMatchObject({ heldFen: 9950, owedFen: 9950 });
    control.release('H000002', 'wang');
    expect(control.merchant(MID)).toMatchObject({ heldFen: 0, owedFen: 0 });
    expect(broken()).toEqual([]);
  });

  it('let go in part what the other one keeps', () => {
    const { control, sell, settle, freeze, nextDay, paidToday, broken } = thursday();
    const rrn = sell();
    settle();
    freeze(rrn);
    freeze(rrn);
    control.release('H000001', 'wang', 4000);
    nextDay();
    expect(paidToday()).toBe(0);
    // Let go by both, 40.00 are nobody's any more.
    control.release('H000002', 'wang', 4000);
    expect(paidToday()).toBe(4000);
    expect(broken()).toEqual([]);
  });
});

describe('a freeze that holds nothing', () => {
  it('takes nothing, and goes on to hold', () => {
    const { control, sell, settle, freeze, nextDay, paidToday, freezeAmount } = thursday();
    const rrn = sell();
    freeze(rrn);
    const refused = (why: string): ReleaseOutcome => ({ outcome: 'refused', why });
    expect(control.take('H000001', 'wang')).toEqual(
      refused('H000001 holds nothing yet: the batch of the sale is open'),
    );
    settle();
    nextDay();
    expect(paidToday()).toBe(0);
    expect(control.take('H000001', 'wang')).toEqual({ outcome: 'taken', takenFen: 9950 });
    const second = sell();
    settle();
    freezeAmount(9950);
    freeze(second);
    expect(control.take('H000003', 'wang')).toEqual(
      refused('H000003 holds nothing: another freeze has the money'),
    );
    control.freeze({ scope: 'merchant', mid: MID, ...BY_LI });
    expect(control.take('H000004', 'wang')).toEqual(refused('H000004 holds nothing'));
  });

  it('is not made for an amount, nor of a sale that has nothing left', () => {
    const { control, sell, settle, freeze, freezeAmount } = thursday();
    const refused = (why: string): unknown => ({ outcome: 'refused', why });
    expect(freezeAmount(1)).toEqual(refused('nothing is due to the merchant that could be frozen'));
    const rrn = sell();
    expect(control.freeze({ scope: 'transaction', rrn, amountFen: 5000, ...BY_LI })).toEqual(
      refused('an amount belongs to a freeze of an amount'),
    );
    settle();
    freeze(rrn);
    control.take('H000001', 'wang');
    expect(freeze(rrn)).toEqual(refused('nothing of the sale is left to freeze'));
  });
});

describe('a freeze of a sale whose money a frozen amount has', () => {
  it('makes no debt: no money has left (I-21)', () => {
    const { control, sell, settle, freeze, freezeAmount, broken } = thursday();
    const rrn = sell();
    settle();
    freezeAmount(9950);
    expect(freeze(rrn)).toMatchObject({ outcome: 'frozen', heldFen: 0 });
    expect(freeze(rrn)).toMatchObject({ outcome: 'frozen', heldFen: 0 });
    expect(control.merchant(MID)).toMatchObject({ paidFen: 0, heldFen: 9950, owedFen: 0 });
    expect(broken()).toEqual([]);
  });

  it('gets it when that one lets go', () => {
    const { control, sell, settle, freeze, freezeAmount, nextDay, paidToday, why } = thursday();
    const rrn = sell();
    settle();
    freezeAmount(9950);
    freeze(rrn);
    control.release('H000001', 'wang', 6000);
    control.release('H000001', 'wang');
    nextDay();
    expect(paidToday()).toBe(0);
    expect(why(rrn)).toBe('compliance-review: hold H000002');
    expect(control.release('H000002', 'wang')).toMatchObject({ releasedFen: 9950 });
    expect(paidToday()).toBe(9950);
  });

  it('has nothing left to hold when that one is taken', () => {
    const { control, sell, settle, freeze, freezeAmount, nextDay, paidToday, why, broken } =
      thursday();
    const old = sell();
    settle();
    freezeAmount(9950);
    freeze(old);
    const fresh = sell();
    settle();
    control.take('H000001', 'wang');
    expect(broken()).toEqual([]);
    nextDay();
    // The money of the frozen sale was taken, not that of the newest one.
    expect(paidToday()).toBe(9950);
    expect([why(old), why(fresh)]).toEqual([
      'compliance-review: hold H000002',
      'arrived: payout P000001',
    ]);
    control.release('H000002', 'wang');
    expect(why(old)).toBe('refunded: 99.50 taken with a frozen amount');
  });

  it('owes what was paid of it, and no more', () => {
    const { control, sell, settle, freeze, freezeAmount, nextDay, paidToday, broken } = thursday();
    const rrn = sell();
    settle();
    freezeAmount(5000);
    nextDay();
    expect(paidToday()).toBe(4950);
    expect(freeze(rrn)).toMatchObject({ heldFen: 4950 });
    expect(control.merchant(MID)).toMatchObject({ heldFen: 9950, owedFen: 4950 });
    expect(freeze(rrn)).toMatchObject({ heldFen: 0 });
    expect(broken()).toEqual([]);
    control.take('H000001', 'wang');
    expect(broken()).toEqual([]);
  });

  it('owes nothing either once that one was taken', () => {
    const { control, sell, settle, freeze, freezeAmount } = thursday();
    const rrn = sell();
    sell();
    settle();
    freezeAmount(15_000);
    control.take('H000001', 'wang');
    // Of the older sale 50.50 were taken, of the newer one all.
    expect(freeze(rrn)).toMatchObject({ heldFen: 4900 });
    expect(control.merchant(MID)).toMatchObject({ payableFen: 0, heldFen: 4900, owedFen: 0 });
  });

  it('owes what was paid of it, also where that one has money of others', () => {
    const { control, sell, settle, freeze, freezeAmount, nextDay, paidToday, broken } = thursday();
    const rrn = sell();
    settle();
    freezeAmount(5000);
    nextDay();
    expect(paidToday()).toBe(4950);
    sell();
    settle();
    freezeAmount(9950);
    expect(freeze(rrn)).toMatchObject({ heldFen: 4950 });
    expect(control.merchant(MID)).toMatchObject({ owedFen: 4950 });
    expect(broken()).toEqual([]);
  });

  it('is owed where that one has only what another freeze lacks', () => {
    const { control, sell, settle, freeze, freezeAmount, nextDay, paidToday, broken } = thursday();
    const paid = sell();
    settle();
    nextDay();
    expect(paidToday()).toBe(9950);
    const [first, second] = [sell(), sell()];
    settle();
    freezeAmount(9950);
    // What is free of 199.00 goes back to the holder of the one that was paid.
    freeze(paid);
    control.returnHold('H000002', 'wang');
    expect([freeze(first), freeze(second)]).toMatchObject([{ heldFen: 0 }, { heldFen: 9950 }]);
    expect(broken()).toEqual([]);
  });

  it('and another sale beside it are both whole', () => {
    const { control, sell, settle, freeze, freezeAmount, nextDay, paidToday, broken } = thursday();
    const [first, second] = [sell(), sell()];
    settle();
    freezeAmount(9950);
    freeze(first);
    freeze(second);
    expect(control.merchant(MID)).toMatchObject({ heldFen: 19_900, owedFen: 0 });
    expect(broken()).toEqual([]);
    control.take('H000001', 'wang');
    expect(broken()).toEqual([]);
    nextDay();
    expect(paidToday()).toBe(0);
  });
});

describe('money that goes another way', () => {
  it('is that of the newest sales when a frozen amount is taken: what is due is paid', () => {
    const { control, sell, settle, freezeAmount, nextDay, paidToday, why } = thursday();
    const due = sell();
    settle();
    nextDay();
    const later = sell();
    settle();
    freezeAmount(9950);
    control.take('H000001', 'wang');
    expect(paidToday()).toBe(9950);
    expect([why(due), why(later)]).toEqual([
      'arrived: payout P000001',
      'refunded: 99.50 taken with a frozen amount',
    ]);
  });

  it('and that of the newest sales goes into a deposit; it comes back to them', () => {
    const { control, sell, settle, nextDay, paidToday, why, state, broken } = thursday();
    const due = sell();
    settle();
    nextDay();
    const deposit: Pick<Deposit, 'amountFen' | 'turnoverFen'> = {
      amountFen: 9950,
      turnoverFen: 20_000,
    };
    control.setContract(MID, { device: 'big-pos', deposit }, 'x');
    const later = sell();
    settle();
    expect(paidToday()).toBe(9950);
    expect([why(due), why(later)]).toEqual([
      'arrived: payout P000001',
      'not-due-yet: 99.50 kept as the deposit',
    ]);
    // Frozen meanwhile, it is kept when it comes back.
    control.freeze({ scope: 'transaction', rrn: later, ...BY_LI });
    expect(control.merchant(MID)).toMatchObject({ heldFen: 0, owedFen: 0, depositFen: 9950 });
    sell();
    settle();
    expect(state.deposits.get(MID)).toMatchObject({ isReturned: true });
    expect(control.merchant(MID)).toMatchObject({ heldFen: 9950, payableFen: 9950, depositFen: 0 });
    expect(broken()).toEqual([]);
    control.release('H000001', 'wang');
    for (let days = 0; days < 5; days++) nextDay();
    expect(paidToday()).toBe(19_900);
    expect(why(later)).toBe('arrived: payout P000002');
  });

  it('to what the merchant owes is that of the oldest sales, and theirs again when nothing is owed', () => {
    const { control, sell, settle, freeze, nextDay, paidToday, why, broken } = thursday();
    const paid = sell();
    settle();
    nextDay();
    paidToday();
    freeze(paid);
    const next = sell();
    settle();
    for (let days = 0; days < 4; days++) nextDay();
    expect(paidToday()).toBe(0);
    expect(why(paid)).toBe('arrived: payout P000001; frozen since by hold H000001');
    expect(why(next)).toBe(
      'compliance-review: 99.50 went to what the merchant owed for a frozen sale',
    );
    control.release('H000001', 'wang');
    expect(paidToday()).toBe(9950);
    expect(why(next)).toBe('arrived: payout P000002');
    expect(broken()).toEqual([]);
  });

  it('to what the merchant owes is that of what is due, not of what is due later', () => {
    const { control, sell, settle, freeze, nextDay, paidToday, why } = thursday();
    const paid = sell();
    settle();
    nextDay();
    paidToday();
    freeze(paid);
    const due = sell();
    settle();
    for (let days = 0; days < 3; days++) nextDay();
    const later = sell();
    settle();
    expect(paidToday()).toBe(0);
    expect(control.merchant(MID)).toMatchObject({ owedFen: 0, payableFen: 9950 });
    expect(why(due)).toMatch(/went to what the merchant owed/);
    expect(why(later)).toBe('not-due-yet: due on 2026-01-20');
  });

  it('is not that of a sale that is frozen and not due: what is due is paid whole', () => {
    const { sell, settle, freeze, nextDay, paidToday } = thursday();
    sell();
    settle();
    nextDay();
    const later = sell();
    settle();
    freeze(later);
    expect(paidToday()).toBe(9950);
  });

  it('and comes back from the bank is paid again', () => {
    const { control, sell, settle, freeze, nextDay, paidToday, why, bank } = thursday();
    const rrn = sell();
    settle();
    freeze(rrn);
    control.release('H000001', 'wang', 5000);
    nextDay();
    bank.setAccount('bank-a/0001', false);
    expect(paidToday()).toBe(0);
    control.take('H000001', 'wang');
    bank.setAccount('bank-a/0001', true);
    expect(paidToday()).toBe(5000);
    expect(why(rrn)).toBe('arrived: payout P000002; 49.50 taken in a dispute');
  });

  it('of a sale that was let go in part is paid, and what the rest became is told', () => {
    const { control, sell, settle, freeze, nextDay, paidToday, why } = thursday();
    const rrn = sell();
    settle();
    freeze(rrn);
    control.release('H000001', 'wang', 5000);
    nextDay();
    expect(paidToday()).toBe(5000);
    control.take('H000001', 'wang');
    expect(paidToday()).toBe(0);
    expect(why(rrn)).toBe('arrived: payout P000001, 50.00 of it; 49.50 taken in a dispute');
    expect(control.enquire({ rrn }).on).toBe('2026-01-16');
    expect(control.enquire({ rrn }).events.map(({ kind }) => kind)).toContain('payout-ordered');
  });

  it('of refunds beyond what is due is told, too', () => {
    const { control, sell, settle, nextDay, paidToday, why, freeze } = thursday();
    const first = sell();
    settle();
    nextDay();
    expect(paidToday()).toBe(9950);
    freeze(first);
    control.returnHold('H000001', 'wang');
    const next = sell();
    settle();
    for (let days = 0; days < 4; days++) nextDay();
    paidToday();
    expect(why(next)).toBe(
      'system-delay: due on 2026-01-19, set off against refunds: nothing is payable',
    );
  });
});
