import { describe, expect, it } from 'vitest';
import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import type { BankEvent } from '../../emulator/bank/bank-book.ts';
import { payoutBank } from '../../emulator/bank/payout-bank.ts';
import { simulatedBench, type SimulatedBench } from '../../emulator/bench/simulated-bench.ts';
import type { HostEvent } from '../../emulator/host/host-event.ts';
import { walletGateway, type WalletGateway } from '../../emulator/wallet/gateway.ts';
import { TEST_PAYERS } from '../../emulator/wallet/test-payers.ts';
import type { WalletEvent } from '../../emulator/wallet/wallet-book.ts';
import { seededRandom } from '../../emulator/world/seeded-random.ts';
import { memoryStore } from '../../emulator/world/simulated/memory-store.ts';
import type { Store, WholeStore } from '../../emulator/world/store.ts';
import { START_MS, TID } from './host/host-desk.ts';

const DAY_MS = 86_400_000;
const ALIPAY = TEST_PAYERS.find(({ name }) => name === 'alipay')!;

/** A disk that is full until it is said not to be. */
function fullStore<Entry>(): { readonly store: WholeStore<Entry>; free(): void } {
  const kept = memoryStore<Entry>();
  let isFull = true;
  return {
    store: {
      replay: kept.replay,
      append(entries) {
        if (isFull) throw new CountersignError('E_JOURNAL_WRITE', { text: 'full' });
        kept.append(entries);
      },
    },
    free: () => void (isFull = false),
  };
}

function ask(gateway: WalletGateway, path: string, content: unknown): unknown {
  return gateway.answer({ method: 'POST', path, body: JSON.stringify(content) });
}

function seen(gateway: WalletGateway): unknown {
  return [[...gateway.payments()], TEST_PAYERS.map(({ name }) => gateway.balanceFen(name))];
}

describe('the books of the bank', () => {
  it('are known to the bank that goes on with them', () => {
    const store = memoryStore<BankEvent>();
    const order = { id: 'P1', account: 'a/1', fen: 500 };
    const before = payoutBank(store);
    before.execute(order);
    before.setAccount('a/2', false);
    before.setAccount('a/3', false);
    before.setAccount('a/3', true);
    const after = payoutBank(store);
    expect(after.execute(order).kind).toBe('paid');
    expect(after.paidFen('a/1')).toBe(500);
    expect(after.execute({ ...order, fen: 501 }).kind).toBe('rejected');
    expect(after.execute({ id: 'P2', account: 'a/2', fen: 1 }).kind).toBe('rejected');
    expect(after.execute({ id: 'P3', account: 'a/3', fen: 1 }).kind).toBe('paid');
    expect(store.replay().filter(({ kind }) => kind === 'order-executed')).toHaveLength(2);
  });

  it('come first: what cannot be written is not executed', () => {
    const { store, free } = fullStore<BankEvent>();
    const bank = payoutBank(store);
    const order = { id: 'P1', account: 'a/1', fen: 500 };
    expect(bank.execute(order).kind).toBe('unreachable');
    expect(bank.paidFen('a/1')).toBe(0);
    free();
    expect(bank.execute(order).kind).toBe('paid');
    expect(payoutBank(store).paidFen('a/1')).toBe(500);
  });
});

describe('the books of the wallets', () => {
  it('are known to the gateway that goes on with them, after whatever it was asked', () => {
    const random = seededRandom(5);
    const store = memoryStore<WalletEvent>();
    let gateway = walletGateway(TEST_PAYERS, store);
    for (let act = 0; act < 400; act++) {
      const orderNo = `A${random.below(200)}`;
      const { wallet, code } = TEST_PAYERS[random.below(TEST_PAYERS.length)]!;
      const fen = 1 + random.below(300);
      const path = ['', '', '', `/${orderNo}/close`, `/${orderNo}/refunds`][random.below(5)]!;
      const refundNo = `R${random.below(3)}`;
      ask(gateway, `/payments${path}`, { orderNo, wallet, code, fen, refundNo });
      const again = walletGateway(TEST_PAYERS, store);
      expect(seen(again)).toEqual(seen(gateway));
      if (random.below(4) === 0) gateway = again;
    }
    const payments = [...gateway.payments().values()];
    for (const state of ['paid', 'declined', 'closed']) {
      expect(payments.some((each) => each.state === state)).toBe(true);
    }
    expect(payments.some(({ refundedFen }) => refundedFen > 0)).toBe(true);
    // Codes are as good as cards: who they belong to is enough.
    for (const { code } of TEST_PAYERS) expect(JSON.stringify(store.replay())).not.toContain(code);
  });

  it('come first: what cannot be written is not done, and the caller asks again', () => {
    const { store, free } = fullStore<WalletEvent>();
    const gateway = walletGateway(TEST_PAYERS, store);
    const payment = { orderNo: 'A1', wallet: 'alipay', code: ALIPAY.code, fen: 100 };
    expect(ask(gateway, '/payments', payment)).toMatchObject({ status: 500 });
    expect([gateway.payments().size, gateway.balanceFen('alipay')]).toEqual([0, ALIPAY.openingFen]);
    free();
    expect(ask(gateway, '/payments', payment)).toMatchObject({ status: 200 });
  });

  it('of other people are no books of theirs', () => {
    const store = memoryStore<WalletEvent>();
    ask(walletGateway(TEST_PAYERS, store), '/payments', {
      orderNo: 'A1',
      wallet: 'alipay',
      code: ALIPAY.code,
      fen: 100,
    });
    expect(() => walletGateway([], store)).toThrow(expect.objectContaining({ code: 'E_JOURNAL' }));
  });
});

describe('a program that dies with all its parties', () => {
  /** What is left on the disk when it dies before the host could journal the first event of a kind. */
  function diedBefore(journal: Store<HostEvent>, kind: HostEvent['kind']): WholeStore<HostEvent> {
    const all = [...journal.replay()];
    const cut = all.findIndex((event) => event.kind === kind);
    expect(cut).toBeGreaterThan(0);
    const left = memoryStore<HostEvent>();
    left.append(all.slice(0, cut));
    return left;
  }

  function sold(): {
    readonly bench: SimulatedBench;
    readonly rrn: string;
    readonly hostStore: WholeStore<HostEvent>;
    readonly books: { readonly bank: WholeStore<BankEvent>; wallet: WholeStore<WalletEvent> };
  } {
    const hostStore = memoryStore<HostEvent>();
    const books = { bank: memoryStore<BankEvent>(), wallet: memoryStore<WalletEvent>() };
    const bench = simulatedBench({ seed: 1, startMs: START_MS, hostStore, books });
    const { rrn = '' } = bench.perform(TID, { verb: 'scan', amountFen: 10_000, code: ALIPAY.code });
    bench.perform(TID, { verb: 'settle' });
    return { bench, rrn, hostStore, books };
  }

  it('pays a payout once that the bank had executed', () => {
    const { bench, hostStore, books } = sold();
    bench.world.advance(DAY_MS);
    const [line] = bench.host.control.payOut() ?? [];
    expect(line!.paidFen).toBeGreaterThan(0);
    const left = diedBefore(hostStore, 'paid-out');
    const again = simulatedBench({ seed: 2, startMs: START_MS + DAY_MS, hostStore: left, books });
    again.host.control.payOut();
    const payouts = [...again.host.state.payouts.values()];
    expect(payouts.map(({ state }) => state)).toEqual(['paid']);
    expect(again.host.bank.paidFen(payouts[0]!.account)).toBe(line!.paidFen);
    expect(books.bank.replay()).toHaveLength(1);
  });

  it('gives a payment by code back once, though its wallet had done so already', () => {
    const { bench, rrn, hostStore, books } = sold();
    const asked = {
      requestNo: 'q-1',
      mid: bench.host.state.transactions.values().next().value!.mid,
      category: 'transaction',
      isFailure: false,
      goods: 'none',
      way: 'self-service',
      route: 'host',
      papers: ['slip'],
      contact: 'sms',
      of: { rrn },
    } as const;
    expect(bench.host.control.refunds.apply(asked)).toMatchObject({ view: { state: 'sent' } });
    bench.world.advance(1000);
    expect(bench.host.wallet.balanceFen('alipay')).toBe(ALIPAY.openingFen);
    const left = diedBefore(hostStore, 'wallet-order-done');
    const again = simulatedBench({ seed: 2, startMs: START_MS, hostStore: left, books });
    expect(again.host.state.walletOrders.size).toBe(1);
    again.world.advance(DAY_MS);
    expect(again.host.state.walletOrders.size).toBe(0);
    expect(again.host.wallet.balanceFen('alipay')).toBe(ALIPAY.openingFen);
    expect(books.wallet.replay().map(({ kind }) => kind)).toEqual(['payment-made', 'refund-made']);
  });
});
