import type { HoldMove, SalePart } from '../host-event.ts';
import type { HostState } from '../host-state.ts';
import { partsOf } from '../settlement/part-book.ts';
import { netOf, type Transaction } from '../transaction-book.ts';
import type { Hold } from './hold-book.ts';

/** Freezes of a merchant's money that are in force, the oldest first. */
export function frozenHolds(state: HostState, mid: string): Hold[] {
  return (state.holdsOf.merchants.get(mid) ?? []).filter(isFrozen);
}

/** Freezes of a sale by name that are in force, the oldest first. */
export function frozenOn(state: HostState, transactionId: string): Hold[] {
  return (state.holdsOf.sales.get(transactionId) ?? []).filter(isFrozen);
}

function isFrozen(hold: Hold): boolean {
  return hold.state === 'frozen';
}

/** Sales of a merchant that are in force and that no payout names, the oldest first. */
export function unpaidSales(state: HostState, mid: string): Transaction[] {
  const sales = state.unpaid.get(mid)?.all() ?? [];
  return sales.filter(({ status }) => status === 'active');
}

/** What disputes have taken of a sale by name. */
export function takenOf(state: HostState, transactionId: string): number {
  return partsOf(state, transactionId).disputedFen;
}

/** What a sale still brings its merchant, frozen or not, wherever that money is. */
export function leftOf(state: HostState, sale: Transaction): number {
  const backFen = sale.feeBackFen + sale.surchargeBackFen;
  return netOf(sale) - sale.refundedFen + backFen - takenOf(state, sale.id);
}

/** What of it is still to be paid out, frozen or not: the rest has gone another way. */
export function unpaidOf(state: HostState, sale: Transaction): number {
  const { seizedFen, depositFen, owedFen, paidFen } = partsOf(state, sale.id);
  return Math.max(0, leftOf(state, sale) - seizedFen - depositFen - owedFen - paidFen);
}

/** What a freeze of the sale is to keep back: all that its merchant has, or has had, of it. */
export function freezableOf(state: HostState, sale: Transaction, backFen = 0): number {
  if (!sale.isSettled) return 0;
  const { seizedFen, depositFen } = partsOf(state, sale.id);
  return Math.max(0, leftOf(state, sale) - seizedFen - depositFen + backFen);
}

/** What is frozen of a sale by name. */
export function heldOf(state: HostState, transactionId: string): number {
  return frozenOn(state, transactionId).reduce((sum, hold) => sum + hold.heldFen, 0);
}

/** What a freeze of a sale lacks, because another freeze has its money. */
export interface Lack extends HoldMove {
  readonly transactionId: string;
}

/**
 * Sales that are frozen by name and whose money is held by a freeze that names no sale. What a freeze
 * has let go itself it does not lack.
 *
 * @param back what comes back to sales in the same moment
 */
export function lacksOf(
  state: HostState,
  mid: string,
  back: ReadonlyMap<string, number> = new Map(),
): Lack[] {
  const lacks = new Map<string, Lack>();
  for (const { transactionId } of frozenHolds(state, mid)) {
    const sale = state.transactions.get(transactionId ?? '');
    if (sale?.status !== 'active' || lacks.has(sale.id)) continue;
    const lack = lackOf(
      freezableOf(state, sale, back.get(sale.id)),
      sale,
      frozenOn(state, sale.id),
      heldOf(state, sale.id),
    );
    if (lack !== undefined) lacks.set(sale.id, lack);
  }
  return [...lacks.values()];
}

function lackOf(
  freezableFen: number,
  sale: Transaction,
  holds: readonly Hold[],
  heldFen: number,
): Lack | undefined {
  const [first, ...others] = holds;
  if (first === undefined) return undefined;
  const { id, releasedFen } = others.reduce(
    (most, hold) => (hold.releasedFen < most.releasedFen ? hold : most),
    first,
  );
  const fen = freezableFen - releasedFen - heldFen;
  return fen > 0 ? { holdId: id, transactionId: sale.id, fen } : undefined;
}

/** Where money that a freeze lets go is kept by others: what they lack of the same money (I-23). */
export function keptByOthers(state: HostState, hold: Hold, fen: number): HoldMove[] {
  const sale = state.transactions.get(hold.transactionId ?? '');
  if (sale === undefined) return filled(lacksOf(state, hold.mid), fen);
  const others = frozenOn(state, sale.id).filter(({ id }) => id !== hold.id);
  const lack = lackOf(freezableOf(state, sale), sale, others, heldOf(state, sale.id) - fen);
  return lack === undefined ? [] : filled([lack], fen);
}

/** So much money spread over what freezes lack, the first one first. */
export function filled(lacks: readonly HoldMove[], fen: number): HoldMove[] {
  let restFen = fen;
  const moves: HoldMove[] = [];
  for (const lack of lacks) {
    const part = Math.min(lack.fen, restFen);
    if (part > 0) moves.push({ holdId: lack.holdId, fen: part });
    restFen -= part;
  }
  return moves;
}

/** What is frozen of each unpaid sale, and whose money a frozen amount is. */
export interface FrozenParts {
  readonly parts: ReadonlyMap<string, number>;
  /** By freeze that names no sale, in the order in which money of it is taken. */
  readonly ofAmounts: ReadonlyMap<string, readonly SalePart[]>;
}

/**
 * How much of each unpaid sale of a merchant is frozen. A frozen amount names no sale: it is taken to
 * be what freezes by name lack, then the money of the newest sales.
 */
export function frozenParts(state: HostState, mid: string): FrozenParts {
  const holds = frozenHolds(state, mid);
  const parts = new Map<string, number>();
  for (const { transactionId, heldFen } of holds) {
    if (transactionId === undefined) continue;
    parts.set(transactionId, (parts.get(transactionId) ?? 0) + heldFen);
  }
  const amounts = holds.filter(({ transactionId, heldFen }) => {
    return transactionId === undefined && heldFen > 0;
  });
  const ofAmounts = new Map<string, SalePart[]>();
  if (amounts.length === 0) return { parts, ofAmounts };
  const unpaid = unpaidSales(state, mid).filter(({ isSettled }) => isSettled);
  const lacking = lacksOf(state, mid).flatMap(({ transactionId, fen }) => {
    const sale = unpaid.find(({ id }) => id === transactionId);
    return sale === undefined ? [] : [{ sale, lackFen: fen }];
  });
  const newest = unpaid.toReversed().map((sale) => ({ sale, lackFen: undefined }));
  for (const { id, heldFen } of amounts) {
    let restFen = heldFen;
    const own: SalePart[] = [];
    for (const each of [...lacking, ...newest]) {
      const { sale, lackFen } = each;
      if (restFen <= 0) break;
      const before = parts.get(sale.id) ?? 0;
      // What is lacking is not held by name, however much of the sale is owed for a part that was paid.
      const fen = Math.min(restFen, lackFen ?? unpaidOf(state, sale) - before);
      if (fen <= 0) continue;
      parts.set(sale.id, before + fen);
      own.push({ transactionId: sale.id, fen });
      if (each.lackFen !== undefined) each.lackFen -= fen;
      restFen -= fen;
    }
    ofAmounts.set(id, own);
  }
  return { parts, ofAmounts };
}

/**
 * Most that can be owed for what a freeze holds: all of it where its sale was paid out, otherwise what is
 * frozen of the sale beyond what it is still to bring. Money that was there is due again, and a debt for
 * another sale is taken from it with the next payouts, which say whose it was.
 */
export function owedFor(state: HostState, hold: Hold): number {
  const sale = state.transactions.get(hold.transactionId ?? '');
  if (sale === undefined) return 0;
  if (sale.payoutId !== undefined) return hold.heldFen;
  const frozenFen = frozenParts(state, hold.mid).parts.get(sale.id) ?? 0;
  return Math.max(0, frozenFen - unpaidOf(state, sale));
}

/** So much of these parts, the first one first. */
export function firstOf(parts: readonly SalePart[], fen: number): SalePart[] {
  let restFen = fen;
  return parts.flatMap(({ transactionId, fen: partFen }) => {
    const taken = Math.min(partFen, restFen);
    restFen -= taken;
    return taken > 0 ? [{ transactionId, fen: taken }] : [];
  });
}

/** Money of sales that is payable and free, sale by sale in this order. */
export function freeParts(
  state: HostState,
  mid: string,
  sales: readonly Transaction[],
): SalePart[] {
  const { parts } = frozenParts(state, mid);
  return sales
    .filter(({ isSettled }) => isSettled)
    .map((sale) => ({
      transactionId: sale.id,
      fen: unpaidOf(state, sale) - (parts.get(sale.id) ?? 0),
    }))
    .filter(({ fen }) => fen > 0);
}

/**
 * The unpaid sales of a merchant whose money a freeze keeps back, each with its hold. A frozen
 * amount names no sale: it is taken to be the money of the newest ones.
 */
export function heldSales(state: HostState, mid: string): Map<string, Hold> {
  const holds = frozenHolds(state, mid);
  const unpaid = unpaidSales(state, mid);
  const kept = new Map<string, Hold>();
  const whole = holds.find(({ scope }) => scope === 'merchant');
  for (const { id } of unpaid) {
    const own = frozenOn(state, id)[0] ?? whole;
    if (own !== undefined) kept.set(id, own);
  }
  const { ofAmounts } = frozenParts(state, mid);
  for (const hold of holds) {
    for (const { transactionId } of ofAmounts.get(hold.id) ?? []) {
      if (!kept.has(transactionId)) kept.set(transactionId, hold);
    }
  }
  return kept;
}
