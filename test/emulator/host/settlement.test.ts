import { describe, expect, it } from 'vitest';
import { payoutBank } from '../../../emulator/bank/payout-bank.ts';
import { simulatedBench, type SimulatedBench } from '../../../emulator/bench/simulated-bench.ts';
import { TEST_INSTITUTION } from '../../../emulator/bench/test-institution.ts';
import { CRASH_POINTS } from '../../../emulator/host/crash-points.ts';
import { dueDate, parseTerm } from '../../../emulator/host/settlement/terms.ts';
import {
  addDays,
  addWorkingDays,
  isWorkingDay,
  workingDaysBetween,
} from '../../../emulator/host/settlement/working-days.ts';
import { sampleStrokes } from '../../../emulator/signature/sample-strokes.ts';
import type { OperationResult } from '../../../emulator/terminal/operation-result.ts';
import type { Command } from '../../../emulator/terminal/command.ts';
import { parseCivilTime, toEpochMs } from '../../../emulator/world/civil-time.ts';
import { seededRandom } from '../../../emulator/world/seeded-random.ts';
import { TEST_PAYERS } from '../../../emulator/wallet/test-payers.ts';
import { checkLaws, LAW_TABLE } from '../../../scenarios/laws/law-table.ts';
import { accountOf, MID, TID } from './host-desk.ts';
import { packedStore } from './packed-store.ts';

const DAY_MS = 86_400_000;

/** Spring Festival of 2026: free from 15 to 23 February; Saturdays 14 and 28 are worked (State Council). */
const TERMS = `
  2026-01-15  thu  T+1  2026-01-16
  2026-01-16  fri  T+1  2026-01-19
  2026-01-17  sat  T+1  2026-01-19
  2026-01-18  sun  T+1  2026-01-19
  2026-01-16  fri  D+1  2026-01-17
  2026-01-16  fri  D+0  2026-01-16
  2026-01-16  fri  T+0  2026-01-16
  2026-02-12  thu  T+1  2026-02-13
  2026-02-13  fri  T+1  2026-02-14  an adjusted working Saturday
  2026-02-14  sat  T+1  2026-02-24  over the festival
  2026-02-16  mon  T+1  2026-02-24  New Year's Eve
  2026-02-23  mon  T+1  2026-02-24
  2026-02-14  sat  D+1  2026-02-15
  2026-02-27  fri  T+1  2026-02-28  an adjusted working Saturday
  2026-02-28  sat  T+1  2026-03-02
  2026-02-12  thu  T+3  2026-02-24  13, 14, 24
  2026-02-12  thu  T+7  2026-02-28  13, 14, 24, 25, 26, 27, 28
  2025-12-31  wed  T+1  2026-01-04  New Year, the Sunday is worked
`;

const ROWS = TERMS.trim()
  .split('\n')
  .map((line) => line.trim().split(/ {2,}/))
  .map(([sold = '', day = '', term = '', due = '']) => ({ sold, day, term, due }));

describe('the day on which money is due', () => {
  it.each(ROWS)('of $sold ($day) under $term is $due', ({ sold, term, due }) => {
    expect(dueDate(parseTerm(term)!, sold)).toBe(due);
  });

  it.each(['T1', 'X+1', 'T+', 'T+1000', 'T+-1', ''])('is not known for the term "%s"', (term) => {
    expect(parseTerm(term)).toBeUndefined();
  });

  it('counts working days the same forwards and between', () => {
    for (let from = '2025-12-20'; from < '2026-11-01'; from = addDays(from, 1)) {
      for (const days of [1, 3, 7]) {
        const to = addWorkingDays(from, days);
        expect(isWorkingDay(to)).toBe(true);
        expect(workingDaysBetween(from, to)).toBe(days);
      }
    }
    expect(addDays('2028-02-28', 1)).toBe('2028-02-29');
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
    expect(addWorkingDays('2026-01-15', 0)).toBe('2026-01-15');
  });

  it('of a sale behind the cut-off counts from the next day on', () => {
    for (const [at, due] of [
      ['2026-01-15 22:59:00', '2026-01-16'],
      ['2026-01-15 23:00:00', '2026-01-19'],
    ] as const) {
      const bench = simulatedBench({ seed: 1, startMs: toEpochMs(parseCivilTime(at)!) });
      const sold = sell(bench, 10_000);
      const record = bench.host.state.transactions.get(`${TID}-${sold.batchNo!}-${sold.stan!}`);
      expect(record?.dueOn).toBe(due);
    }
  });
});

function sell(bench: SimulatedBench, amountFen: number, tid = TID): OperationResult {
  const card = bench.cards.present(accountOf('debit'), { entry: 'swipe', pin: '123456' });
  return bench.perform(tid, { verb: 'sale', amountFen, card });
}

function laws(bench: SimulatedBench): string[] {
  const terminals = new Map(
    [...bench.terminals.running()].map(([tid, { record }]) => [tid, record]),
  );
  const { state, wallet } = bench.host;
  return checkLaws([...LAW_TABLE.keys()], { host: state, terminals, wallet });
}

describe('the payout bank', () => {
  it('executes an order once, however often it is asked', () => {
    const bank = payoutBank();
    const order = { id: 'P1', account: 'a/1', fen: 500 };
    expect([1, 2, 3].map(() => bank.execute(order).kind)).toEqual(['paid', 'paid', 'paid']);
    expect(bank.paidFen('a/1')).toBe(500);
  });

  it('refuses another order of the same number, and an account that it does not know', () => {
    const bank = payoutBank();
    bank.execute({ id: 'P1', account: 'a/1', fen: 500 });
    expect(bank.execute({ id: 'P1', account: 'a/1', fen: 501 }).kind).toBe('rejected');
    expect(bank.execute({ id: 'P1', account: 'a/2', fen: 500 }).kind).toBe('rejected');
    bank.setAccount('a/3', false);
    expect(bank.execute({ id: 'P2', account: 'a/3', fen: 1 }).kind).toBe('rejected');
    bank.setAccount('a/3', true);
    expect(bank.execute({ id: 'P2', account: 'a/3', fen: 1 }).kind).toBe('paid');
    expect([bank.paidFen('a/1'), bank.paidFen('a/2'), bank.paidFen('a/3')]).toEqual([500, 0, 1]);
  });
});

describe('a payout', () => {
  it('leaves out what is not due yet, also when a debt was taken from it', () => {
    const bench = simulatedBench({
      seed: 1,
      startMs: toEpochMs(parseCivilTime('2026-01-15 09:30')!),
    });
    const { control, state } = bench.host;
    const first = sell(bench, 10_000);
    bench.perform(TID, { verb: 'settle' });
    bench.world.advance(DAY_MS);
    sell(bench, 20_000);
    bench.perform(TID, { verb: 'settle' });
    const card = bench.cards.present(accountOf('debit'), { entry: 'swipe', pin: '' });
    const command: Command = {
      verb: 'refund',
      amountFen: 3000,
      rrn: first.rrn!,
      date: first.date!,
      card,
      password: '123456',
    };
    expect(bench.perform(TID, command).outcome).toBe('approved');
    // 99.50 is due, of which 30.00 went back; 199.00 is due on Monday.
    expect(control.payOut()?.[0]).toMatchObject({ paidFen: 6950 });
    expect(control.merchant(MID)).toMatchObject({
      payableFen: 19_900,
      transitFen: 0,
      paidFen: 6950,
    });
    bench.world.advance(3 * DAY_MS);
    expect(control.payOut()?.[0]).toMatchObject({ paidFen: 19_900 });
    expect(bench.host.bank.paidFen('bank-a/0001')).toBe(26_850);
    expect([...state.payouts.values()].map(({ transactionIds }) => transactionIds.length)).toEqual([
      1, 1,
    ]);
    expect(laws(bench)).toEqual([]);
  });

  it('goes to the account that was registered when it was ordered', () => {
    const bench = simulatedBench({
      seed: 1,
      startMs: toEpochMs(parseCivilTime('2026-01-15 09:30')!),
    });
    const { control, bank } = bench.host;
    sell(bench, 10_000);
    bench.perform(TID, { verb: 'settle' });
    bench.world.advance(DAY_MS);
    bank.fail(1);
    expect(control.payOut()?.[0]).toMatchObject({ paidFen: 0, openFen: 9950 });
    expect(control.setAccount(MID, 'bank-b/0007', MID, 'li')).toBeUndefined();
    expect(control.payOut()?.[0]).toMatchObject({ paidFen: 9950 });
    expect([bank.paidFen('bank-a/0001'), bank.paidFen('bank-b/0007')]).toEqual([9950, 0]);
    expect(control.setAccount('000000000000000', 'x/1', '000000000000000', 'li')).toBe(
      'the merchant is unknown',
    );
    expect(control.setAccount(MID, ' ', MID, 'li')).toBe('the account is missing');
  });
});

/** A settled sale of 100.00 on a Thursday, due on Friday. */
function settledSale(): { bench: SimulatedBench; sale: OperationResult } {
  const bench = simulatedBench({
    seed: 1,
    startMs: toEpochMs(parseCivilTime('2026-01-15 09:30')!),
  });
  const sale = sell(bench, 10_000);
  expect(bench.perform(TID, { verb: 'settle' }).outcome).toBe('balanced');
  return { bench, sale };
}

const REVIEW = { reason: 'review', by: 'li' } as const;

describe('a freeze and a payout', () => {
  it.each<[string, (bench: SimulatedBench, rrn: string) => void]>([
    [
      'a fen of it is frozen',
      ({ host }) =>
        void host.control.freeze({ scope: 'amount', mid: MID, amountFen: 1, ...REVIEW }),
    ],
    [
      'a part of it was released',
      ({ host }, rrn) => {
        host.control.freeze({ scope: 'transaction', rrn, ...REVIEW });
        host.control.release('H000001', 'wang', 5000);
      },
    ],
    [
      'one of two freezes was released',
      ({ host }, rrn) => {
        host.control.freeze({ scope: 'transaction', rrn, ...REVIEW });
        host.control.freeze({ scope: 'transaction', rrn, ...REVIEW });
        host.control.release('H000001', 'wang');
      },
    ],
  ])('do not bring money out before it is due: %s', (_, harm) => {
    const { bench, sale } = settledSale();
    harm(bench, sale.rrn!);
    expect(bench.host.control.payOut()?.[0]).toMatchObject({ paidFen: 0, openFen: 0 });
    expect(laws(bench)).toEqual([]);
  });

  it('a sale is taken once, whether it was paid or not, and not refunded as well', () => {
    for (const isPaid of [true, false]) {
      const { bench, sale } = settledSale();
      const { control } = bench.host;
      sell(bench, 20_000);
      bench.perform(TID, { verb: 'settle' });
      if (isPaid) {
        bench.world.advance(4 * DAY_MS);
        expect(control.payOut()?.[0]?.paidFen).toBe(29_850);
      }
      const taken = [1, 2, 3].map(() => {
        const frozen = control.freeze({ scope: 'transaction', rrn: sale.rrn!, ...REVIEW });
        if (frozen.outcome !== 'frozen') return frozen.why;
        control.take(frozen.holdId, 'wang');
        return frozen.heldFen;
      });
      expect(taken).toEqual([9950, ...Array(2).fill('nothing of the sale is left to freeze')]);
      expect(control.enquire({ rrn: sale.rrn! })).toMatchObject({ cause: 'refunded' });
      const refund = bench.perform(TID, {
        verb: 'refund',
        amountFen: 10_000,
        rrn: sale.rrn!,
        date: sale.date!,
        card: swiped(bench),
        password: '123456',
      });
      expect(refund).toMatchObject({ outcome: 'declined', rc: '61' });
      expect(laws(bench)).toEqual([]);
    }
  });

  it('of what is due and partly paid hold the rest as owed', () => {
    const { bench, sale } = settledSale();
    const { control } = bench.host;
    control.freeze({ scope: 'amount', mid: MID, amountFen: 1, ...REVIEW });
    bench.world.advance(DAY_MS);
    expect(control.payOut()?.[0]).toMatchObject({ paidFen: 9949, heldFen: 1 });
    control.release('H000001', 'wang');
    const frozen = control.freeze({ scope: 'transaction', rrn: sale.rrn!, ...REVIEW });
    expect(frozen).toMatchObject({ heldFen: 9950 });
    expect(control.merchant(MID)).toMatchObject({ payableFen: 0, heldFen: 9950, owedFen: 9949 });
    expect(laws(bench)).toEqual([]);
  });

  it('the back office does not call done what a power cut has lost', () => {
    const { bench, sale } = settledSale();
    const { host } = bench;
    host.crash.arm('before-commit');
    const order = { scope: 'transaction', rrn: sale.rrn!, ...REVIEW } as const;
    expect(() => host.control.freeze(order)).toThrow(
      expect.objectContaining({ code: 'E_HOST_DOWN' }),
    );
    expect(host.state.holds.size).toBe(0);
    expect(host.control.freeze(order)).toMatchObject({ outcome: 'frozen', heldFen: 9950 });
    host.control.release('H000001', 'wang');
    bench.world.advance(DAY_MS);
    // The order is journalled, the note that it was paid is not.
    host.crash.arm('before-commit', 1);
    expect(host.control.payOut()).toBeUndefined();
    expect(host.control.merchant(MID)).toMatchObject({ transitFen: 9950, paidFen: 0 });
    expect(host.control.payOut()?.[0]).toMatchObject({ paidFen: 9950 });
    expect(host.bank.paidFen('bank-a/0001')).toBe(9950);
  });
});

/** What a terminal or a clerk does while the host dies, each beginning with a fresh bench. */
const WORK: Readonly<Record<string, (bench: SimulatedBench) => unknown>> = {
  sale: (bench) => () => sell(bench, 7000),
  void(bench) {
    const sale = sell(bench, 8000);
    return () =>
      bench.perform(TID, {
        verb: 'void',
        stan: sale.stan!,
        password: '123456',
        card: swiped(bench),
      });
  },
  refund(bench) {
    const sale = sell(bench, 9000);
    const { rrn, date } = sale;
    return () =>
      bench.perform(TID, {
        verb: 'refund',
        amountFen: 4000,
        rrn: rrn!,
        date: date!,
        card: swiped(bench),
        password: '123456',
      });
  },
  settle: (bench) => () => bench.perform(TID, { verb: 'settle' }),
  reversal(bench) {
    bench.terminals.faults.order({ fault: 'answer-lost', mti: '0200', times: 1 });
    sell(bench, 6000);
    return () => sell(bench, 500);
  },
  signature(bench) {
    bench.terminals.setUp(TID, { signs: true, packetBytes: 200 });
    const { stan = '' } = sell(bench, 5000);
    const strokes = sampleStrokes(seededRandom(4), { script: 'latin' });
    bench.perform(TID, { verb: 'sign', stan, strokes });
    return () => bench.perform(TID, { verb: 'settle' });
  },
  'payment by code': (bench) => () => scan(bench, 3000),
  'void by code'(bench) {
    const { stan = '' } = scan(bench, 3000);
    return () => {
      bench.perform(TID, { verb: 'void', stan, card: undefined, password: '123456' });
      scan(bench, 1000);
    };
  },
  'refund by code'(bench) {
    const { rrn = '', date = '', voucher = '' } = scan(bench, 3000);
    const password = '123456';
    const amountFen = 1000;
    return () =>
      bench.perform(TID, {
        verb: 'refund',
        amountFen,
        rrn,
        date,
        voucher,
        card: undefined,
        password,
      });
  },
  'reversal by code'(bench) {
    bench.terminals.faults.order({ fault: 'answer-lost', mti: '0200', times: 1 });
    scan(bench, 3000);
    return () => scan(bench, 500);
  },
  'sale at a slow issuer'(bench) {
    bench.host.control.setIssuerLine({ delayMs: 2000, losesAnswers: false });
    return () => sell(bench, 700);
  },
  payout(bench) {
    bench.perform(TID, { verb: 'settle' });
    bench.world.advance(DAY_MS);
    return () => bench.host.control.payOut();
  },
};

function scan(bench: SimulatedBench, amountFen: number): OperationResult {
  return bench.perform(TID, { verb: 'scan', amountFen, code: TEST_PAYERS[1]!.code });
}

function swiped(bench: SimulatedBench): ReturnType<SimulatedBench['cards']['present']> {
  return bench.cards.present(accountOf('debit'), { entry: 'swipe', pin: '123456' });
}

describe.each(Object.keys(WORK))('the power of the host fails during a %s', (name) => {
  it.each(CRASH_POINTS.flatMap((point) => [0, 1, 2].map((passes) => ({ point, passes }))))(
    '$point, passed $passes times: books and terminal agree, each payout is made once',
    ({ point, passes }) => {
      const bench = simulatedBench({
        seed: 3,
        startMs: toEpochMs(parseCivilTime('2026-01-15 09:30')!),
        terminal: { responseTimeoutMs: 5000 },
        hostStore: packedStore(),
      });
      expect(bench.perform(TID, { verb: 'sign-in' }).outcome).toBe('approved');
      sell(bench, 10_000);
      const work = WORK[name]!(bench);
      bench.host.crash.arm(point, passes);
      if (typeof work === 'function') (work as () => unknown)();
      bench.world.advance(1000);
      // Trade goes on, and everything is settled and paid in the end.
      for (let attempt = 0; attempt < 4; attempt++) sell(bench, 100);
      for (let attempt = 0; attempt < 4; attempt++) bench.perform(TID, { verb: 'settle' });
      bench.world.advance(4 * DAY_MS);
      for (let attempt = 0; attempt < 3; attempt++) bench.host.control.payOut();
      if (!/^(payout|wallet|notice)/.test(point)) expect(bench.host.crash.pending).toBe(0);
      expect(bench.host.state.pending.size + bench.host.state.walletOrders.size).toBe(0);
      expect(laws(bench)).toEqual([]);
      const { state, control, bank } = bench.host;
      const booked = [...state.ledger.balances.values()].reduce((sum, fen) => sum + fen, 0);
      expect(booked).toBe(0);
      expect(control.merchant(MID)).toMatchObject({
        unsettledFen: 0,
        transitFen: 0,
        payableFen: 0,
      });
      expect(bank.paidFen('bank-a/0001')).toBe(control.merchant(MID).paidFen);
    },
  );
});

describe('the test institution', () => {
  it('pays each merchant on an account of his own', () => {
    const accounts = TEST_INSTITUTION.merchants.map(({ account }) => account);
    expect(new Set(accounts).size).toBe(accounts.length);
  });
});
