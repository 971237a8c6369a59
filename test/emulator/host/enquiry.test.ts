import { describe, expect, it } from 'vitest';
import { cardBox } from '../../../emulator/bench/card-box.ts';
import { simulatedBench, type SimulatedBench } from '../../../emulator/bench/simulated-bench.ts';
import { TEST_INSTITUTION } from '../../../emulator/bench/test-institution.ts';
import { namesCard } from '../../../emulator/host/enquiry/find-asked.ts';
import { trailOf } from '../../../emulator/host/enquiry/trail.ts';
import type { HostEvent } from '../../../emulator/host/host-event.ts';
import { bootHost } from '../../../emulator/host/host-state.ts';
import { TEST_PAYERS } from '../../../emulator/wallet/test-payers.ts';
import { maskPan } from '../../../protocol/bytes/card-number.ts';
import { memoryStore } from '../../../emulator/world/simulated/memory-store.ts';
import type { OperationResult } from '../../../emulator/terminal/operation-result.ts';
import { accountOf, MID, START_MS, TID } from './host-desk.ts';

const DAY_MS = 86_400_000;
const BOTH = { reason: 'review', by: 'li' } as const;

function begun(): { bench: SimulatedBench; journal: () => HostEvent[] } {
  const hostStore = memoryStore<HostEvent>();
  const bench = simulatedBench({ seed: 1, startMs: START_MS, hostStore });
  return { bench, journal: () => hostStore.replay() };
}

function sell(bench: SimulatedBench, cardId = 'debit', tid = TID): OperationResult {
  const card = cardBox([]).present(accountOf(cardId), { entry: 'swipe', pin: '123456' });
  const sale = bench.perform(tid, { verb: 'sale', amountFen: 10_000, card });
  expect(sale.outcome).toBe('approved');
  return sale;
}

/** A sale that was frozen, released, paid out and refunded, among others that were not. */
function longLife(): ReturnType<typeof begun> & { sale: OperationResult } {
  const { bench, journal } = begun();
  const { control } = bench.host;
  sell(bench, 'debit', '20000001');
  const sale = sell(bench);
  sell(bench, 'credit');
  bench.perform(TID, { verb: 'settle' });
  const frozen = control.freeze({ scope: 'transaction', rrn: sale.rrn!, ...BOTH });
  control.release(frozen.outcome === 'frozen' ? frozen.holdId : '', 'wang');
  bench.world.advance(DAY_MS);
  bench.host.bank.fail(1);
  control.payOut();
  control.payOut();
  const refund = bench.perform(TID, {
    verb: 'refund',
    amountFen: 5_000,
    rrn: sale.rrn!,
    date: sale.date!,
    card: cardBox([]).present(accountOf('debit'), { entry: 'swipe' }),
    password: '123456',
  });
  expect(refund.outcome).toBe('approved');
  return { bench, journal, sale };
}

describe('the evidence of an enquiry', () => {
  it('is the events of the journal that concern the transaction, by number', () => {
    const { bench, journal, sale } = longLife();
    const { events } = bench.host.control.enquire({ rrn: sale.rrn! });
    expect(events.map(({ kind }) => kind)).toEqual([
      'sale-approved',
      'exchange-answered',
      'batch-closed',
      'hold-placed',
      'hold-released',
      'payout-ordered',
      'payout-failed',
      'paid-out',
      // A refund at the terminal is a case as well.
      'refund-applied',
      'refund-moved',
      'refund-approved',
    ]);
    const entries = journal();
    for (const { number, kind } of events) expect(entries[number - 1]?.kind).toBe(kind);
    // And they are those of this sale, not of its neighbours.
    const [sold, answered] = events.map(({ number }) => entries[number - 1]);
    expect(sold).toMatchObject({ transaction: { rrn: sale.rrn, stan: sale.stan } });
    expect(answered).toMatchObject({ tid: TID, stan: sale.stan });
    expect(bench.host.state.eventCount).toBe(entries.length);
  });

  it('names the payout of the sale, and no other', () => {
    const { bench, sale } = longLife();
    const { control } = bench.host;
    const before = control.enquire({ rrn: sale.rrn! });
    const later = sell(bench);
    bench.perform(TID, { verb: 'settle' });
    // Friday's money is due on Monday.
    bench.world.advance(3 * DAY_MS);
    control.payOut();
    expect(control.enquire({ rrn: later.rrn! })).toMatchObject({ evidence: 'payout P000002' });
    expect(control.enquire({ rrn: sale.rrn! })).toEqual(before);
  });

  it('names the refund case of the sale, and the complaint about it', () => {
    const { bench } = begun();
    const sale = sell(bench);
    const { refunds } = bench.host.control;
    const asked = {
      requestNo: 'q-1',
      mid: MID,
      category: 'service',
      of: { rrn: sale.rrn! },
    } as const;
    const how = { way: 'self-service', route: 'host', goods: 'none', contact: 'sms' } as const;
    const papers = ['slip', 'contract', 'service-record'] as const;
    refunds.apply({ ...asked, ...how, isFailure: false, papers });
    refunds.review('R000001', { agrees: false, by: 'li', why: 'worn' });
    refunds.complain('R000001', { by: 'holder', text: 'it was new' });
    refunds.closeComplaint('C000001', { by: 'zhao', isUpheld: false });
    const { events } = bench.host.control.enquire({ rrn: sale.rrn! });
    expect(events.map(({ kind }) => kind)).toEqual([
      'sale-approved',
      'exchange-answered',
      'refund-applied',
      'refund-moved',
      'refund-moved',
      'complaint-opened',
      'complaint-closed',
    ]);
  });

  it('is the same after a restart', () => {
    const { bench, journal, sale } = longLife();
    const before = bench.host.control.enquire({ rrn: sale.rrn! });
    const { state } = bootHost(TEST_INSTITUTION, journal());
    const again = state.transactions.get(state.byRrn.get(sale.rrn!)!)!;
    expect(trailOf(state, again)).toEqual(before.events);
    expect(state.eventCount).toBe(journal().length);
    bench.world.tasks.restart('host');
    expect(bench.host.control.enquire({ rrn: sale.rrn! })).toEqual(before);
  });

  it('names the void of a sale, the reversal of that void, and a freeze of the whole merchant', () => {
    const { bench } = begun();
    const sale = sell(bench);
    const { control } = bench.host;
    const card = cardBox([]).present(accountOf('debit'), { entry: 'swipe' });
    bench.terminals.faults.order({ fault: 'answer-lost', times: 1 });
    bench.perform(TID, { verb: 'void', stan: sale.stan!, card, password: '123456' });
    // The next sale sends the reversal of the void first.
    sell(bench);
    control.freeze({ scope: 'merchant', mid: MID, ...BOTH });
    const { status, events } = control.enquire({ rrn: sale.rrn! });
    expect(status).toBe('active');
    expect(events.map(({ kind }) => kind)).toEqual([
      'sale-approved',
      'exchange-answered',
      'void-approved',
      'transaction-reversed',
      'hold-placed',
    ]);
    bench.perform(TID, { verb: 'settle' });
    expect(control.enquire({ rrn: sale.rrn! }).events.at(-1)?.kind).toBe('batch-closed');
  });
});

describe('the evidence of what another party was asked', () => {
  const kindsOf = (bench: SimulatedBench, rrn = ''): string[] =>
    bench.host.control.enquire({ rrn }).events.map(({ kind }) => kind);

  it('tells of an issuer whose answer was lost', () => {
    const { bench } = begun();
    bench.host.control.setIssuerLine({ delayMs: 0, losesAnswers: true });
    const card = cardBox([]).present(accountOf('debit'), { entry: 'swipe', pin: '123456' });
    const sale = bench.perform(TID, { verb: 'sale', amountFen: 10_000, card });
    expect(sale.rc).toBe('98');
    expect(kindsOf(bench, sale.rrn)).toEqual([
      'transaction-pending',
      'pending-refused',
      'exchange-answered',
    ]);
  });

  it('tells of a wallet, and of the order to give the money back', () => {
    const { bench } = begun();
    const code = TEST_PAYERS.find(({ name }) => name === 'alipay')!.code;
    const paid = bench.perform(TID, { verb: 'scan', amountFen: 10_000, code });
    bench.perform(TID, { verb: 'void', stan: paid.stan!, card: undefined, password: '123456' });
    // Its terminal goes on, so that the void is final.
    sell(bench);
    bench.world.advance(60_000);
    expect(kindsOf(bench, paid.rrn)).toEqual([
      'transaction-pending',
      'pending-approved',
      'exchange-answered',
      'void-approved',
      'wallet-order-made',
      'wallet-order-freed',
      'wallet-order-done',
    ]);
    const byCode = { card: maskPan(code), date: '2026-01-15' };
    expect(namesCard(byCode.card)).toBe(true);
    // Its void brings the voucher, not the code.
    const found = bench.host.control.enquireAll(byCode);
    expect(found.map(({ transaction }) => transaction.rrn)).toEqual([paid.rrn]);
  });
});

describe('an enquiry by card and day (A17)', () => {
  it('answers by masked number and by name alike, and as by reference number', () => {
    const { bench } = begun();
    const { control } = bench.host;
    const [one, other] = [sell(bench), sell(bench)];
    sell(bench, 'credit');
    const date = '2026-01-15';
    const byMask = control.enquireAll({ card: '622588******7898', date });
    expect(byMask.map(({ transaction }) => transaction.rrn)).toEqual([one.rrn, other.rrn]);
    expect(control.enquireAll({ card: 'debit', date })).toEqual(byMask);
    for (const { transaction, answer } of byMask) {
      const { rrn, tid, batchNo, stan } = transaction;
      expect(control.enquire({ rrn })).toEqual(answer);
      expect(control.enquireAll({ rrn })).toEqual([{ transaction, answer }]);
      expect(control.enquireAll({ tid, batchNo, stan })).toEqual([{ transaction, answer }]);
    }
  });

  it.each([
    ['another day', { card: 'debit', date: '2026-01-14' }],
    ['another card', { card: 'low', date: '2026-01-15' }],
    ['no card', { card: '', date: '2026-01-15' }],
    ['another reference number', { rrn: '999999999999' }],
  ])('finds nothing for %s', (_what, asked) => {
    const { bench } = begun();
    sell(bench);
    expect(bench.host.control.enquireAll(asked)).toEqual([]);
  });

  it.each([
    ['622588******7898', true],
    ['622588*********9011', true],
    ['debit', true],
    ['6225881234567898', false],
    ['622588123456*7898', false],
    ['', false],
    ['a b', false],
    ["debit'", false],
  ])('takes %j for the name of a card: %s', (text, isName) => {
    expect(namesCard(text)).toBe(isName);
  });
});
