import { describe, expect, it } from 'vitest';
import { simulatedBench, type SimulatedBench } from '../../../emulator/bench/simulated-bench.ts';
import { TEST_INSTITUTION } from '../../../emulator/bench/test-institution.ts';
import type { HostEvent } from '../../../emulator/host/host-event.ts';
import { bootHost } from '../../../emulator/host/host-state.ts';
import type { RefundApplication } from '../../../emulator/host/refund-desk/apply-refund.ts';
import {
  DOCUMENTED_REFUND_POLICY,
  whyNotPolicy,
  type RefundPolicy,
} from '../../../emulator/host/refund-desk/refund-policy.ts';
import { memoryStore } from '../../../emulator/world/simulated/memory-store.ts';
import type { OperationResult } from '../../../emulator/terminal/operation-result.ts';
import { checkLaws, LAW_TABLE } from '../../../scenarios/laws/law-table.ts';
import {
  accountOf,
  frame,
  HostDesk,
  MID,
  refundFields,
  saleFields,
  sessionOpened,
  START_MS,
  TID,
} from './host-desk.ts';

const store = memoryStore<HostEvent>();

function benchOf(policy: Partial<RefundPolicy> = {}, hostStore = store): SimulatedBench {
  const refundPolicies = [{ ...DOCUMENTED_REFUND_POLICY, ...policy }];
  const institution = { ...TEST_INSTITUTION, refundPolicies };
  return simulatedBench({ seed: 1, startMs: START_MS, institution, hostStore });
}

function sell(bench: SimulatedBench, amountFen: number): OperationResult {
  const card = bench.cards.present(accountOf('debit'), { entry: 'swipe', pin: '123456' });
  const sale = bench.perform(TID, { verb: 'sale', amountFen, card });
  expect(sale.outcome).toBe('approved');
  return sale;
}

let numbers = 0;

function asked({ rrn = '' }: OperationResult, more: Partial<RefundApplication> = {}) {
  numbers++;
  return {
    requestNo: `q-${numbers}`,
    mid: MID,
    of: { rrn },
    category: 'transaction',
    isFailure: false,
    goods: 'none',
    way: 'self-service',
    route: 'host',
    papers: ['slip'],
    contact: 'sms',
    ...more,
  } as const satisfies RefundApplication;
}

function lawful(bench: SimulatedBench): void {
  const view = { host: bench.host.state, terminals: new Map() };
  expect(checkLaws([...LAW_TABLE.keys()], view)).toEqual([]);
}

describe('two refunds of the same money at once (B10, F083)', () => {
  it('from two terminals: exactly one, whichever comes first', () => {
    for (const order of [
      [0, 1],
      [1, 0],
    ]) {
      const desk = new HostDesk([sessionOpened(), sessionOpened('10000002')]);
      const sale = desk.ask(frame('0200', saleFields()));
      const frames = [
        frame('0220', refundFields(sale, { 4: '000000006000', 11: '000010' })),
        frame('0220', refundFields(sale, { 4: '000000006000', 11: '000011', 41: '10000002' })),
      ];
      const codes = order.map((which) => desk.ask(frames[which]!).fields[39]);
      expect(codes).toEqual(['00', '61']);
    }
  });

  it('at the desk and at a terminal: the one that is agreed on', () => {
    const bench = benchOf({}, memoryStore());
    const { refunds } = bench.host.control;
    const sale = sell(bench, 10_000);
    const opened = refunds.apply(asked(sale, { amountFen: 6000, route: 'terminal' }));
    expect(opened).toMatchObject({ kind: 'case', view: { state: 'agreed' } });
    const refund = (amountFen: number): string | undefined =>
      bench.perform(TID, {
        verb: 'refund',
        amountFen,
        rrn: sale.rrn!,
        date: sale.date!,
        card: bench.cards.present(accountOf('debit'), { entry: 'swipe' }),
        password: '123456',
      }).rc;
    expect([refund(6001), refund(5999), refund(6000), refund(4001), refund(4000)]).toEqual([
      '64',
      '64',
      '00',
      '61',
      '00',
    ]);
    expect(refunds.execute('R000001')).toMatchObject({ kind: 'refused', why: 'R000001 is sent' });
    lawful(bench);
  });
});

describe('a case whose sale has gone another way', () => {
  it('is not executed at the terminal when its fee is no longer there', () => {
    const fee = { ppm: 20_000, freeDays: 0, payer: 'holder' } as const;
    const bench = benchOf({ fee, saleFee: 'returned' }, memoryStore());
    const { refunds, adjustments } = bench.host.control;
    const { rrn = '', date = '', ...sale } = sell(bench, 10_000);
    bench.perform(TID, { verb: 'settle' });
    bench.world.advance(86_400_000);
    refunds.apply(asked({ ...sale, rrn }, { route: 'terminal' }));
    refunds.consent('R000001', 'holder', 200);
    refunds.consent('R000001', 'merchant', 200);
    const byHand = { rrn, to: 'holder', amountFen: 200, reason: 'by hand', by: 'li' } as const;
    adjustments.propose(byHand);
    adjustments.book('A000001', 'wang');
    const card = bench.cards.present(accountOf('debit'), { entry: 'swipe' });
    const command = { verb: 'refund', amountFen: 9800, rrn, date, card } as const;
    expect(bench.perform(TID, { ...command, password: '123456' }).rc).toBe('61');
    lawful(bench);
  });

  it('ends when it would be sent, and moves nothing', () => {
    const bench = benchOf({}, memoryStore());
    const { control } = bench.host;
    const sale = sell(bench, 10_000);
    control.refunds.apply(asked(sale, { way: 'manual' }));
    const card = bench.cards.present(accountOf('debit'), { entry: 'swipe' });
    const voided = bench.perform(TID, { verb: 'void', stan: sale.stan!, card, password: '123456' });
    expect(voided.outcome).toBe('approved');
    expect(control.refunds.review('R000001', { agrees: true, by: 'li' })).toMatchObject({
      view: { state: 'refused', reason: 'nothing-left', why: 'the sale is voided' },
    });
    expect(control.card('debit', '')?.availableFen).toBe(1_000_000);
    lawful(bench);
  });

  it('takes what is frozen of it, and a hold that was returned ends the case', () => {
    const bench = benchOf({}, memoryStore());
    const { control } = bench.host;
    const sale = sell(bench, 10_000);
    expect(bench.perform(TID, { verb: 'settle' }).outcome).toBe('balanced');
    control.freeze({ scope: 'transaction', rrn: sale.rrn!, reason: 'review', by: 'li' });
    control.refunds.apply(asked(sale, { amountFen: 4000 }));
    expect(control.merchant(MID)).toMatchObject({ payableFen: 0, heldFen: 5950 });
    control.refunds.apply(asked(sale, { way: 'manual' }));
    expect(control.returnHold('H000001', 'wang')).toMatchObject({ returnedFen: 6000 });
    expect(control.refunds.review('R000002', { agrees: true, by: 'li' })).toMatchObject({
      view: { state: 'refused', reason: 'nothing-left' },
    });
    expect(control.card('debit', '')?.availableFen).toBe(1_000_000);
    lawful(bench);
  });
});

describe('the fee of the sale, returned in proportion (I-20)', () => {
  it.each([[[10_000]], [[3333, 3333, 3334]], [[1, 9999]], [[5000, 4999, 1]]])(
    'comes back whole however the refund is cut: %j',
    (parts) => {
      const bench = benchOf({ saleFee: 'returned' }, memoryStore());
      const { control } = bench.host;
      const sale = sell(bench, 10_000);
      expect(control.feesFen()).toBe(50);
      for (const amountFen of parts) control.refunds.apply(asked(sale, { amountFen }));
      expect(control.feesFen()).toBe(0);
      expect(control.card('debit', '')?.availableFen).toBe(1_000_000);
      lawful(bench);
    },
  );

  it('comes back for refunds alone: not for what is moved by hand, and no second time', () => {
    const bench = benchOf({ saleFee: 'returned' }, memoryStore());
    const { refunds, adjustments } = bench.host.control;
    const sale = sell(bench, 10_000);
    bench.perform(TID, { verb: 'settle' });
    const byHand = (to: 'holder' | 'merchant', amountFen: number): void => {
      const order = { rrn: sale.rrn!, to, amountFen, reason: 'by hand', by: 'li' };
      const proposed = adjustments.propose(order);
      expect(proposed.outcome).toBe('proposed');
      if (proposed.outcome === 'proposed') adjustments.book(proposed.adjustmentId, 'wang');
    };
    byHand('holder', 5000);
    refunds.apply(asked(sale, { amountFen: 2000 }));
    expect(bench.host.control.feesFen()).toBe(40);
    refunds.apply(asked(sale));
    expect(bench.host.control.feesFen()).toBe(25);
    byHand('merchant', 10_000);
    refunds.apply(asked(sale));
    // 2000 + 3000 + 10000 were refunded: all of the fee, and no more.
    expect(bench.host.control.feesFen()).toBe(0);
    byHand('merchant', 4000);
    refunds.apply(asked(sale));
    expect(bench.host.control.feesFen()).toBe(0);
    lawful(bench);
  });

  it('is kept by default, and half of it comes back for half', () => {
    for (const [saleFee, fees] of [
      ['kept', 50],
      ['returned', 25],
    ] as const) {
      const bench = benchOf({ saleFee }, memoryStore());
      const sale = sell(bench, 10_000);
      bench.host.control.refunds.apply(asked(sale, { amountFen: 5000 }));
      expect(bench.host.control.feesFen()).toBe(fees);
      lawful(bench);
    }
  });
});

describe('what is left of a sale', () => {
  it('is less by what a dispute has taken', () => {
    const bench = benchOf({}, memoryStore());
    const { control } = bench.host;
    const sale = sell(bench, 10_000);
    bench.perform(TID, { verb: 'settle' });
    control.freeze({ scope: 'transaction', rrn: sale.rrn!, reason: 'review', by: 'li' });
    expect(control.take('H000001', 'wang', 4000)).toMatchObject({ takenFen: 4000 });
    expect(control.refunds.apply(asked(sale, { amountFen: 6001 }))).toMatchObject({
      view: { state: 'refused', reason: 'amount', why: '60.00 of the sale is left' },
    });
    expect(control.refunds.apply(asked(sale))).toMatchObject({
      view: { state: 'sent', amountFen: 6000 },
    });
  });

  it('is nothing after a refund in full whose fee the holder bears', () => {
    const fee = { ppm: 10_000, freeDays: 0, payer: 'holder' } as const;
    const bench = benchOf({ fee }, memoryStore());
    const { refunds } = bench.host.control;
    const sale = sell(bench, 10_000);
    bench.world.advance(86_400_000);
    refunds.apply(asked(sale));
    refunds.consent('R000001', 'holder', 100);
    expect(refunds.consent('R000001', 'merchant', 100)).toMatchObject({ view: { state: 'sent' } });
    expect(refunds.apply(asked(sale, { amountFen: 100 }))).toMatchObject({
      view: { state: 'refused', reason: 'nothing-left' },
    });
    lawful(bench);
  });

  it('is not paid out before it is due, the fee that came back neither', () => {
    const bench = benchOf({ saleFee: 'returned' }, memoryStore());
    const { control } = bench.host;
    const sale = sell(bench, 10_000);
    bench.perform(TID, { verb: 'settle' });
    control.refunds.apply(asked(sale, { amountFen: 5000 }));
    expect(control.merchant(MID).payableFen).toBe(4975);
    expect(control.payOut()?.[0]?.paidFen).toBe(0);
    bench.world.advance(86_400_000);
    expect(control.payOut()?.[0]?.paidFen).toBe(4975);
  });
});

describe('a review', () => {
  it('cannot agree for those who have not seen the fee (B08)', () => {
    const fee = { ppm: 10_000, freeDays: 0, payer: 'merchant' } as const;
    const bench = benchOf({ fee }, memoryStore());
    const { refunds } = bench.host.control;
    const sale = sell(bench, 10_000);
    bench.world.advance(86_400_000);
    refunds.apply(asked(sale, { way: 'manual' }));
    const agree = () => refunds.review('R000001', { agrees: true, by: 'li' });
    const why = 'both sides have to agree to its fee of 1.00 first';
    expect(agree()).toEqual({ kind: 'refused', why });
    refunds.consent('R000001', 'holder', 100);
    expect(agree()).toEqual({ kind: 'refused', why });
    expect(refunds.consent('R000001', 'merchant', 100)).toMatchObject({
      view: { state: 'under-review' },
    });
    expect(agree()).toMatchObject({ view: { state: 'sent' } });
  });
});

describe('a complaint', () => {
  it('opens no case again while another is open on the sale', () => {
    const bench = benchOf({}, memoryStore());
    const { refunds } = bench.host.control;
    const sale = sell(bench, 10_000);
    expect(refunds.apply(asked(sale, { papers: [] }))).toMatchObject({
      view: { state: 'refused' },
    });
    refunds.complain('R000001', { by: 'buyer', text: 'the slip was there' });
    refunds.apply(asked(sale, { amountFen: 5000, route: 'terminal' }));
    const uphold = () => refunds.closeComplaint('C000001', { by: 'wang', isUpheld: true });
    expect(uphold()).toEqual({ kind: 'refused', why: 'R000002 is open on this sale' });
    refunds.withdraw('R000002', 'buyer');
    expect(uphold()).toMatchObject({ case: { state: 'under-review' } });
  });
});

describe('a fee that would take everything', () => {
  it('leaves nothing to refund, and the case says so', () => {
    const fee = { ppm: 600_000, freeDays: 0, payer: 'holder' } as const;
    const bench = benchOf({ fee }, memoryStore());
    const sale = sell(bench, 10_000);
    bench.world.advance(86_400_000);
    expect(bench.host.control.refunds.apply(asked(sale, { amountFen: 1 }))).toMatchObject({
      view: { state: 'refused', reason: 'amount', why: 'its fee would take all of it' },
    });
  });
});

describe('a refund that nobody has applied for', () => {
  it('leaves an applicant his number, whatever that looks like', () => {
    const bench = benchOf({}, memoryStore());
    const { refunds } = bench.host.control;
    const { rrn = '', date = '', ...sale } = sell(bench, 10_000);
    const requestNo = `${TID}-000001-${String(Number(sale.stan) + 1).padStart(6, '0')}`;
    const mine = asked({ ...sale, rrn }, { requestNo, papers: [] });
    expect(refunds.apply(mine)).toMatchObject({ view: { caseId: 'R000001', state: 'refused' } });
    const card = bench.cards.present(accountOf('debit'), { entry: 'swipe' });
    const command = { verb: 'refund', amountFen: 100, rrn, date, card } as const;
    expect(bench.perform(TID, { ...command, password: '123456' }).rc).toBe('00');
    expect(bench.host.state.refundCases.get('R000002')?.requestNo).toBe(requestNo);
    expect(refunds.apply(mine)).toMatchObject({ isRepeat: true, view: { caseId: 'R000001' } });
  });
});

describe('what is turned away', () => {
  it.each<[Partial<RefundApplication>, string]>([
    [{ requestNo: '' }, 'the request number is 1 to 40 letters and digits'],
    [{ requestNo: 'a b' }, 'the request number is 1 to 40 letters and digits'],
    [{ requestNo: 'x'.repeat(41) }, 'the request number is 1 to 40 letters and digits'],
    [{ amountFen: 0.5 }, 'the amount must be above zero, 12 digits at most'],
    [{ amountFen: Number.NaN }, 'the amount must be above zero, 12 digits at most'],
    [{ amountFen: 1_000_000_000_000 }, 'the amount must be above zero, 12 digits at most'],
    [{ of: { rrn: '999999999999' } }, 'this merchant has no such sale'],
    [{ of: { transactionId: '10000001-000001-999999' } }, 'this merchant has no such sale'],
    [
      { of: { transactionId: '10000001-000001-000002' } },
      'without its slip only a failed payment can be claimed back',
    ],
  ])('%j', (more, why) => {
    const journal = memoryStore<HostEvent>();
    const bench = benchOf({}, journal);
    const sale = sell(bench, 10_000);
    const before = journal.replay().length;
    expect(bench.host.control.refunds.apply(asked(sale, more))).toEqual({ kind: 'refused', why });
    expect(journal.replay()).toHaveLength(before);
  });
});

describe('a policy', () => {
  const { fee, arrival } = DOCUMENTED_REFUND_POLICY;
  it.each<[Partial<RefundPolicy>, RegExp | undefined]>([
    [{}, undefined],
    [{ windowDays: 0 }, undefined],
    [{ windowDays: -1 }, /the window/],
    [{ windowDays: 1.5 }, /the window/],
    [{ manualDays: { from: 8, to: 7 } }, /end before they begin/],
    [{ arrival: { ...arrival, usualDays: 8 } }, /out of order/],
    [{ fee: { ...fee, ppm: 1_000_000 } }, /share below the whole/],
    [{ fee: { ...fee, ppm: -1 } }, /share below the whole/],
    [{ debtLimitFen: -1 }, /the debt limit/],
  ])('with %j', (changes, why) => {
    const found = whyNotPolicy({ ...DOCUMENTED_REFUND_POLICY, ...changes });
    if (why === undefined) expect(found).toBeUndefined();
    else expect(found).toMatch(why);
  });
});

describe('a policy that is entered', () => {
  it.each([
    ['2026-01-15', '2026-01-15 has begun already'],
    ['2026-01-15 09:29:59', '2026-01-15 09:29:59 has begun already'],
    ['2026-01-15 09:30:00', undefined],
    ['2026-01-16', undefined],
  ])('from %s on: %s', (from, why) => {
    const { refunds } = benchOf({}, memoryStore()).host.control;
    expect(refunds.enterPolicy(from, { windowDays: 7 }, 'li')).toBe(why);
  });
});

describe('the journal', () => {
  it('brings every case, complaint and policy back', () => {
    const journal = memoryStore<HostEvent>();
    const bench = benchOf({}, journal);
    const { refunds } = bench.host.control;
    const sales = [sell(bench, 10_000), sell(bench, 20_000), sell(bench, 30_000)];
    refunds.noteOtherSale('990000000001', MID, 'web-shop');
    refunds.enterPolicy('2026-02-01', { windowDays: 5 }, 'li');
    refunds.apply(asked(sales[0]!));
    refunds.apply(asked(sales[1]!, { way: 'manual' }));
    refunds.review('R000002', { agrees: false, by: 'li', why: 'used' });
    refunds.complain('R000002', { by: 'holder', text: 'not used' });
    refunds.closeComplaint('C000001', { by: 'wang', isUpheld: true });
    refunds.setMaintenance(true, 'li');
    refunds.apply(asked(sales[2]!));
    const { state } = bench.host;
    const shown = (host: typeof state): unknown =>
      structuredClone({
        cases: [...host.refundCases],
        byRequest: [...host.caseByRequest],
        open: [...host.openCases],
        complaints: [...host.complaints],
        policies: host.refundPolicies,
        others: [...host.otherSales],
        isMaintenance: host.isRefundMaintenance,
        sales: [...host.transactions.values()],
      });
    const again = bootHost(state.institution, journal.replay()).state;
    expect(shown(again)).toEqual(shown(state));
    expect([...again.openCases.values()]).toEqual(['R000002', 'R000003']);
  });
});
