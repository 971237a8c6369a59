import { formatYuan } from '../../protocol/message/amount.ts';
import type { HostState } from '../../emulator/host/host-state.ts';
import type { Transaction } from '../../emulator/host/transaction-book.ts';
import type { Law } from './law.ts';
import { filesOff } from './file-law.ts';
import { depositsOff, payoutFeesOf } from './payout-laws.ts';
import { walletDisagreements } from './wallet-law.ts';
import { deviceAccounts, refundExtras } from './refund-laws.ts';

function transactions(host: HostState): Transaction[] {
  return [...host.transactions.values()];
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

/** The law's own reading of what a sale leaves its merchant. */
function netOf({ amountFen, feeFen, surchargeFen = 0 }: Transaction): number {
  return amountFen - feeFen - surchargeFen;
}

/** What a merchant has lost in disputes. */
function takenFrom(host: HostState, mid: string): number {
  const own = [...host.holds.values()].filter((hold) => hold.mid === mid);
  return sum(own.map(({ takenFen }) => takenFen));
}

/** What people have given back to card holders by hand, less what they have taken again. */
function adjustedOf(host: HostState, fits: (sale: Transaction) => boolean): number {
  return sum(
    [...host.adjustments.values()].map(({ state, to, amountFen, transactionId }) => {
      const sale = host.transactions.get(transactionId);
      if (state !== 'booked' || sale === undefined || !fits(sale)) return 0;
      return to === 'holder' ? amountFen : -amountFen;
    }),
  );
}

/** Balances of all accounts whose name fits. */
function balances(host: HostState, pattern: RegExp): number {
  return sum([...host.ledger.balances].flatMap(([name, fen]) => (pattern.test(name) ? [fen] : [])));
}

export const doubleEntry: Law = {
  id: 'I-01',
  title: {
    zh: '复式记账：每笔分录与总余额均为零',
    en: 'double entry: every entry adds up to nothing',
  },
  violations({ host }) {
    const { balances: booked, entries } = host.ledger;
    if (entries === undefined) return ['the entries were not kept'];
    const found = entries.flatMap((entry, index) => {
      const off = sum(entry.map(({ fen }) => fen));
      return off === 0 ? [] : [`entry ${index} is off by ${off} fen`];
    });
    const replayed = new Map<string, number>();
    for (const { account, fen } of entries.flat()) {
      replayed.set(account, (replayed.get(account) ?? 0) + fen);
    }
    for (const [account, fen] of booked) {
      if (replayed.get(account) !== fen) {
        found.push(`${account} shows ${fen}, its entries give ${replayed.get(account) ?? 0}`);
      }
    }
    return found;
  },
};

/**
 * Recomputed from the transactions alone, so that a wrong posting shows: what the cards have lost
 * is what the merchants and the acquirer have.
 */
export const conservation: Law = {
  id: 'I-02',
  title: { zh: '卡与商户资金守恒', en: 'money is conserved between card and merchant' },
  violations(view) {
    const { host } = view;
    const found = walletDisagreements(view);
    const compare = (what: string, booked: number, due: number): void => {
      if (booked !== due) {
        found.push(`${what}: books ${formatYuan(booked)}, transactions ${formatYuan(due)}`);
      }
    };
    const active = transactions(host).filter(({ status }) => status === 'active');
    const sales = active.filter(({ kind }) => kind === 'sale');
    const refunds = active.filter(({ kind }) => kind === 'refund');
    const debited = [...host.pending.values()]
      .filter(({ issuer }) => issuer?.rc === '00')
      .map(({ transaction }) => transaction);
    const suspended = sum(debited.map(({ amountFen }) => amountFen));
    compare('suspense', balances(host, /^acquirer\/suspense$/), suspended);
    for (const wallet of new Set(sales.map((sale) => sale.wallet ?? ''))) {
      if (wallet === '') continue;
      const own = (each: Transaction): boolean => each.wallet === wallet;
      const paid = sum(sales.filter(own).map(({ amountFen }) => amountFen));
      const back = sum(refunds.filter(own).map(({ amountFen }) => amountFen));
      compare(`wallet ${wallet}`, balances(host, new RegExp(`^wallet/${wallet}$`)), back - paid);
    }
    for (const { account } of host.cards.values()) {
      const own = ({ cardId }: { readonly cardId: string }): boolean => cardId === account.id;
      const spent = sum([...sales, ...debited].filter(own).map(({ amountFen }) => amountFen));
      const back = sum(refunds.filter(own).map(({ amountFen }) => amountFen));
      const booked = host.ledger.balances.get(`card/${account.id}`) ?? 0;
      const byHand = adjustedOf(host, own);
      compare(`card ${account.id}`, booked, account.openingFen - spent + back + byHand);
    }
    for (const mid of host.merchants.keys()) {
      const own = (each: Transaction): boolean => each.mid === mid;
      const net = sum(sales.filter(own).map(netOf));
      const back = sum(refunds.filter(own).map(({ amountFen }) => amountFen));
      const taken = takenFrom(host, mid);
      const { costFen, feeBackFen, surchargeBackFen } = refundExtras(host, own);
      const by = adjustedOf(host, own);
      const due =
        net - back - taken - by - costFen + feeBackFen + surchargeBackFen - payoutFeesOf(host, mid);
      compare(`merchant ${mid}`, balances(host, new RegExp(`^merchant/${mid}/`)), due);
    }
    compare('payout fees', balances(host, /^acquirer\/payout-fees$/), payoutFeesOf(host));
    const extras = refundExtras(host);
    const fees = sum(sales.map(({ feeFen }) => feeFen)) - extras.feeBackFen;
    compare('fees', balances(host, /^acquirer\/fees$/), fees);
    const surcharges = sum(sales.map(({ surchargeFen = 0 }) => surchargeFen));
    const kept = surcharges - extras.surchargeBackFen;
    compare('surcharges', balances(host, /^acquirer\/surcharges$/), kept);
    for (const [account, fen] of deviceAccounts(host)) {
      compare(account, host.ledger.balances.get(account) ?? 0, fen);
    }
    compare('refund fees', balances(host, /^acquirer\/refund-fees$/), extras.costFen);
    return found;
  },
};

/**
 * Each sale's net money is in one place: unsettled while its batch is open, and then, once, due to
 * the merchant, held, or paid. A batch that is booked twice shows here.
 */
export const settledOnce: Law = {
  id: 'I-17',
  title: { zh: '每笔交易恰好结算一次', en: 'every sale is settled exactly once' },
  violations({ host }) {
    const active = transactions(host).filter(({ status }) => status === 'active');
    const off = [...host.merchants.keys()].flatMap((mid) => {
      const own = active.filter((each) => each.mid === mid);
      const net = (isSettled: boolean): number =>
        sum(own.filter((each) => each.kind === 'sale' && each.isSettled === isSettled).map(netOf));
      const refunded = sum(
        own.filter(({ kind }) => kind === 'refund').map(({ amountFen }) => amountFen),
      );
      const { costFen, feeBackFen, surchargeBackFen } = refundExtras(
        host,
        (each) => each.mid === mid,
      );
      const extra = feeBackFen + surchargeBackFen - costFen;
      const places: [string, number, number][] = [
        ['unsettled', balances(host, new RegExp(`^merchant/${mid}/unsettled$`)), net(false)],
        [
          'payable, held, deposited, on its way and paid',
          balances(
            host,
            new RegExp(`^merchant/${mid}/(payable|held|receivable|transit|bank|deposit)$`),
          ),
          net(true) -
            refunded +
            extra -
            takenFrom(host, mid) -
            adjustedOf(host, (each) => each.mid === mid) -
            payoutFeesOf(host, mid),
        ],
      ];
      return places.flatMap(([place, booked, due]) =>
        booked === due
          ? []
          : [`${mid} ${place}: books ${formatYuan(booked)}, transactions ${formatYuan(due)}`],
      );
    });
    return [...off, ...filesOff(host)];
  },
};

export const oneFate: Law = {
  id: 'I-09',
  title: { zh: '一笔交易只有一个结局', en: 'every sale has one fate' },
  violations({ host }) {
    const found: string[] = [];
    for (const sale of transactions(host).filter(({ kind }) => kind === 'sale')) {
      const voids = transactions(host).filter(
        ({ kind, status, originalId }) =>
          kind === 'void' && status === 'active' && originalId === sale.id,
      );
      const due = sale.status === 'voided' ? 1 : 0;
      if (voids.length !== due)
        found.push(`${sale.id} is ${sale.status} with ${voids.length} voids`);
    }
    return found;
  },
};

export const refundBound: Law = {
  id: 'I-10',
  title: { zh: '退货总额不超过原交易', en: 'refunds never exceed their sale' },
  violations({ host }) {
    const found: string[] = [];
    for (const sale of transactions(host).filter(({ kind }) => kind === 'sale')) {
      const refunds = transactions(host).filter(
        ({ kind, status, originalId }) =>
          kind === 'refund' && status === 'active' && originalId === sale.id,
      );
      const byHand = adjustedOf(host, ({ id }) => id === sale.id);
      const refunded = sum(refunds.map(({ amountFen }) => amountFen)) + byHand;
      const most = sale.status === 'active' ? sale.amountFen : 0;
      if (refunded > most) {
        found.push(`${sale.id}: refunded ${formatYuan(refunded)}, at most ${formatYuan(most)}`);
      }
    }
    return found;
  },
};

export const holdsBalance: Law = {
  id: 'I-22',
  title: { zh: '冻结金额平衡', en: 'holds balance' },
  violations({ host }) {
    const found: string[] = [];
    for (const mid of host.merchants.keys()) {
      const holds = [...host.holds.values()].filter((hold) => hold.mid === mid);
      const held = sum(holds.map(({ heldFen }) => heldFen));
      const booked = host.ledger.balances.get(`merchant/${mid}/held`) ?? 0;
      if (held !== booked) {
        found.push(`${mid}: holds ${formatYuan(held)}, books ${formatYuan(booked)}`);
      }
      const ofSales = holds.filter(({ transactionId }) => transactionId !== undefined);
      for (const id of new Set(ofSales.map(({ transactionId }) => transactionId ?? ''))) {
        const taken = sum(
          ofSales.filter((hold) => hold.transactionId === id).map((hold) => hold.takenFen),
        );
        const sale = host.transactions.get(id);
        if (sale !== undefined && taken + sale.refundedFen > sale.amountFen) {
          found.push(`${id}: taken and refunded more than it was`);
        }
      }
      for (const { id, heldFen, placedFen, releasedFen, takenFen } of holds) {
        const isWhole = heldFen >= 0 && heldFen + releasedFen + takenFen === placedFen;
        if (!isWhole) {
          const parts = [placedFen, heldFen, releasedFen, takenFen].map(formatYuan).join(', ');
          found.push(`${id}: placed, held, released, taken ${parts}`);
        }
      }
    }
    found.push(...depositsOff(host));
    return found;
  },
};

export const limitsConserved: Law = {
  id: 'I-34',
  title: { zh: '限额守恒', en: 'limits are conserved' },
  violations({ host }) {
    const found: string[] = [];
    for (const { account, spentFen } of host.cards.values()) {
      for (const [date, used] of spentFen) {
        const due = sum(
          transactions(host)
            .filter(({ kind }) => kind === 'sale')
            .filter(({ status }) => status === 'active' || status === 'pending')
            .filter((each) => each.cardId === account.id && each.date === date)
            .map(({ amountFen }) => amountFen),
        );
        if (used !== due) {
          found.push(
            `${account.id} on ${date}: used ${formatYuan(used)}, sales ${formatYuan(due)}`,
          );
        }
      }
    }
    return [...found, ...takingsNotConserved(host)];
  },
};

/** The same of terminals and merchants, in amount and number, by day and month. */
function takingsNotConserved(host: HostState): string[] {
  const due = new Map<string, { fen: number; count: number }>();
  for (const { kind, status, tid, mid, date, amountFen } of transactions(host)) {
    if (kind !== 'sale' || (status !== 'active' && status !== 'pending')) continue;
    for (const key of [tid, mid].flatMap((who) => [
      `${who} ${date}`,
      `${who} ${date.slice(0, 7)}`,
    ])) {
      const before = due.get(key) ?? { fen: 0, count: 0 };
      due.set(key, { fen: before.fen + amountFen, count: before.count + 1 });
    }
  }
  const used = new Map<string, { fen: number; count: number }>(
    [...host.used].flatMap(([who, periods]) =>
      [...periods].map(([period, each]) => [`${who} ${period}`, each] as const),
    ),
  );
  return [...new Set<string>([...due.keys(), ...used.keys()])].flatMap((key) => {
    const [is, should] = [used.get(key), due.get(key)].map((each) => each ?? { fen: 0, count: 0 });
    if (is!.fen === should!.fen && is!.count === should!.count) return [];
    const [shown, meant] = [is!, should!].map(({ fen, count }) => `${formatYuan(fen)}/${count}`);
    return [`${key}: used ${shown!}, sales ${meant!}`];
  });
}
