import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import type { Payer, Payment } from './gateway.ts';

/** Every change of the wallets' books. A payer is named: his code is in no journal. */
export type WalletEvent =
  | {
      readonly kind: 'payment-made';
      readonly orderNo: string;
      readonly payer: string;
      readonly fen: number;
      readonly state: 'paid' | 'declined';
      readonly voucher: string;
    }
  /** What was left of it goes back; one that was not there is never paid. */
  | { readonly kind: 'payment-closed'; readonly orderNo: string }
  | {
      readonly kind: 'refund-made';
      readonly orderNo: string;
      readonly refundNo: string;
      readonly fen: number;
    };

export interface Order {
  /** Undefined for one that was closed before it came. */
  readonly payer: Payer | undefined;
  readonly fen: number;
  state: Payment['state'];
  readonly voucher: string;
  /** By its number. */
  readonly refunds: Map<string, number>;
}

export interface WalletBook {
  readonly payers: readonly Payer[];
  readonly orders: Map<string, Order>;
  /** By name of the payer, in fen. */
  readonly balances: Map<string, number>;
}

export function emptyWalletBook(payers: readonly Payer[]): WalletBook {
  const balances = new Map(payers.map(({ name, openingFen }) => [name, openingFen]));
  return { payers, orders: new Map(), balances };
}

/** Given back of an order so far, in fen. */
export function refundedOf({ refunds }: Order): number {
  return [...refunds.values()].reduce((sum, fen) => sum + fen, 0);
}

/** The only way the wallets' books change. @throws E_JOURNAL for a payer or a payment that is not there */
export function applyToWallet(book: WalletBook, event: WalletEvent): void {
  const { orders } = book;
  const { orderNo } = event;
  switch (event.kind) {
    case 'payment-made': {
      const { fen, state, voucher } = event;
      const payer = book.payers.find(({ name }) => name === event.payer);
      if (payer === undefined) throw unknown(`payer ${event.payer}`);
      orders.set(orderNo, { payer, fen, state, voucher, refunds: new Map() });
      if (state === 'paid') move(book, payer, -fen);
      return;
    }
    case 'payment-closed': {
      const order = orders.get(orderNo);
      if (order === undefined) {
        const never = { payer: undefined, fen: 0, state: 'closed', voucher: '' } as const;
        orders.set(orderNo, { ...never, refunds: new Map() });
        return;
      }
      if (order.state === 'paid' && order.payer !== undefined) {
        const leftFen = order.fen - refundedOf(order);
        if (leftFen > 0) order.refunds.set('close', leftFen);
        move(book, order.payer, leftFen);
      }
      order.state = 'closed';
      return;
    }
    case 'refund-made': {
      const order = orders.get(orderNo);
      if (order?.payer === undefined) throw unknown(`payment ${orderNo}`);
      order.refunds.set(event.refundNo, event.fen);
      move(book, order.payer, event.fen);
      return;
    }
    default:
      event satisfies never;
  }
}

function move({ balances }: WalletBook, { name }: Payer, fen: number): void {
  balances.set(name, (balances.get(name) ?? 0) + fen);
}

function unknown(what: string): CountersignError {
  return new CountersignError('E_JOURNAL', { text: `of the wallets: ${what} is unknown` });
}
