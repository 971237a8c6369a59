import { describe, expect, it } from 'vitest';
import { shop } from './freeze-shop.ts';
import { MID } from './host-desk.ts';

const CLAIM = {
  requestNo: 'q1',
  mid: MID,
  category: 'transaction',
  isFailure: false,
  goods: 'none',
  way: 'self-service',
  route: 'terminal',
  papers: ['slip'],
  contact: 'sms',
} as const;
const D0 = { device: 'e-signature', term: { kind: 'D', days: 0 } } as const;

describe('the refund of a sale that was paid out at once', () => {
  it('is refused when what the merchant owes is more than what is due to him (B12)', () => {
    const s = shop();
    s.control.setContract(MID, D0, 'x');
    const [first, second] = [s.sell(20_000), s.sold()];
    expect(s.paidToday()).toBe(29_850);
    s.freeze(first);
    s.sold();
    expect(s.merchant()).toMatchObject({ payableFen: 9950, owedFen: 19_900 });
    expect(s.refund(second, 9000)).toBe('declined');
  });

  it('is refused when all that the merchant has in an open batch is frozen (B12, I-23)', () => {
    const s = shop();
    s.control.setContract(MID, D0, 'x');
    const paid = s.sold();
    expect(s.paidToday()).toBe(9950);
    s.freeze(s.sell());
    expect(s.refund(paid, 9000)).toBe('declined');
  });
});

describe('the refund desk', () => {
  it('goes on with a case for the terminal when a wrong adjustment was corrected (A14, B23)', () => {
    const s = shop();
    const rrn = s.sold();
    s.control.refunds.apply({ ...CLAIM, of: { rrn }, amountFen: 5000 });
    const { adjustments } = s.control;
    const wrong = { rrn, amountFen: 10_000, reason: 'wrong sale', by: 'li' } as const;
    adjustments.propose({ ...wrong, to: 'holder' });
    expect(adjustments.book('A000001', 'wang').outcome).toBe('booked');
    s.control.refunds.dayPasses();
    adjustments.proposeCorrection('A000001', { reason: 'it was the wrong sale', by: 'li' });
    expect(adjustments.book('A000002', 'wang').outcome).toBe('booked');
    s.control.refunds.dayPasses();
    expect(s.refund(rrn, 5000)).toBe('approved');
    expect(s.control.refunds.progress({ caseId: 'R000001' })?.state).toBe('sent');
  });

  it('ends a case for the terminal when the money has gone back with a freeze (A12, B23)', () => {
    const s = shop();
    const rrn = s.sold();
    s.control.refunds.apply({ ...CLAIM, of: { rrn }, amountFen: 5000 });
    s.freeze(rrn);
    expect(s.control.returnHold('H000001', 'wang').outcome).toBe('returned');
    s.nextDay();
    s.control.refunds.dayPasses();
    expect(s.control.refunds.progress({ caseId: 'R000001' })?.state).toBe('refused');
  });
});

describe('a freeze that is to go back to the holder', () => {
  it('does not go back while the channel to the issuer is closed, as no other refund does (A04, A12)', () => {
    const s = shop();
    const rrn = s.sold();
    s.freeze(rrn);
    s.control.setChannel(false);
    expect(s.refund(rrn, 1000)).toBe('declined');
    expect(s.control.returnHold('H000001', 'wang').outcome).toBe('refused');
  });
});

describe('a return that has begun', () => {
  it('is no full refund in two parts either (B04)', () => {
    const s = shop();
    const rrn = s.sold();
    const apply = (requestNo: string, amountFen: number) => {
      const answer = s.control.refunds.apply({
        requestNo,
        mid: MID,
        category: 'transaction',
        isFailure: false,
        goods: 'return-started',
        way: 'self-service',
        route: 'host',
        papers: ['slip'],
        contact: 'sms',
        of: { rrn },
        amountFen,
      });
      return answer.kind === 'case' ? answer.view.state : answer.why;
    };
    expect([apply('q1', 10_000), apply('q2', 5000)]).toEqual(['refused', 'sent']);
    expect(apply('q3', 5000)).toBe('refused');
  });
});

describe('the refund of a sale that was frozen after it was paid at once', () => {
  it('is paid from its freeze once the debt was taken (spec 8.5, B12)', () => {
    const s = shop();
    s.control.setContract(MID, D0, 'x');
    const rrn = s.sold();
    expect(s.paidToday()).toBe(9950);
    s.freeze(rrn);
    s.sold();
    s.paidToday();
    expect(s.merchant()).toMatchObject({ payableFen: 0, heldFen: 9950, owedFen: 0 });
    expect(s.refund(rrn, 9000)).toBe('approved');
  });
});
