import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import { forgetfulStore } from '../world/forgetful-store.ts';
import type { Store } from '../world/store.ts';
import type { WebAnswer, WebRequest } from '../world/web.ts';
import {
  applyToWallet,
  emptyWalletBook,
  refundedOf,
  type Order,
  type WalletEvent,
} from './wallet-book.ts';

/** Somebody with a wallet: what he has, and the code that he shows. Invented. */
export interface Payer {
  readonly name: string;
  readonly wallet: string;
  readonly code: string;
  readonly openingFen: number;
}

/** One payment, as the wallet has it for ever. */
export interface Payment {
  readonly orderNo: string;
  readonly payer: string;
  readonly fen: number;
  readonly state: 'paid' | 'declined' | 'closed';
  /** Given back, in refunds or by closing it. */
  readonly refundedFen: number;
  readonly voucher: string;
}

/** The wallets' gateway: a party of its own, spoken to over HTTP. */
export interface WalletGateway {
  answer(request: WebRequest): WebAnswer;
  /** What people with a wallet and laws can see. */
  balanceFen(payer: string): number;
  payments(): ReadonlyMap<string, Payment>;
}

/** An amount of money, in fen. */
function isFen(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
}

/**
 * A gateway for several wallets. A payment is known by its order number and made once; a closed one
 * is never paid, and what it had taken goes back; a refund is made once by its number. With a store it
 * knows all that after its process has ended as well.
 */
export function walletGateway(
  payers: readonly Payer[],
  store: Store<WalletEvent> = forgetfulStore(),
): WalletGateway {
  const book = emptyWalletBook(payers);
  for (const event of store.replay()) applyToWallet(book, event);
  const { orders, balances } = book;
  const record = (event: WalletEvent): void => {
    store.append([event]);
    applyToWallet(book, event);
  };

  const pay = (content: Readonly<Record<string, unknown>>): WebAnswer => {
    const { orderNo, wallet, code, fen } = content;
    if (typeof orderNo !== 'string' || orderNo === '' || typeof code !== 'string' || !isFen(fen)) {
      return said(400, { error: 'orderNo, code and fen are needed' });
    }
    const known = orders.get(orderNo);
    if (known !== undefined) {
      // The same payment again is not taken again; another one under its number is refused.
      const isSame = known.payer === undefined || (known.fen === fen && known.payer.code === code);
      return isSame ? stateOf(known) : said(409, { error: `${orderNo} is another payment` });
    }
    const payer = payers.find((each) => each.code === code && each.wallet === wallet);
    if (payer === undefined) return said(200, { state: 'declined', reason: 'unknown-code' });
    const isCovered = (balances.get(payer.name) ?? 0) >= fen;
    const voucher = String(orders.size + 1).padStart(20, '9');
    const state = isCovered ? 'paid' : 'declined';
    record({ kind: 'payment-made', orderNo, payer: payer.name, fen, state, voucher });
    return stateOf(orders.get(orderNo)!);
  };

  const close = (orderNo: string): WebAnswer => {
    // One that is not there may still be on its way: it must not be paid when it comes.
    if (orders.get(orderNo)?.state !== 'closed') record({ kind: 'payment-closed', orderNo });
    return said(200, { state: 'closed' });
  };

  const refund = (orderNo: string, content: Readonly<Record<string, unknown>>): WebAnswer => {
    const { refundNo, fen } = content;
    const order = orders.get(orderNo);
    if (order === undefined) return said(404, { error: 'no such payment' });
    if (typeof refundNo !== 'string' || refundNo === '' || !isFen(fen)) {
      return said(400, { error: 'refundNo and fen are needed' });
    }
    const earlier = order.refunds.get(refundNo);
    if (earlier === fen) return said(200, { state: 'refunded' });
    const isCovered = order.state === 'paid' && refundedOf(order) + fen <= order.fen;
    if (earlier !== undefined || !isCovered || order.payer === undefined) {
      return said(409, { error: 'more than is left, or another refund' });
    }
    record({ kind: 'refund-made', orderNo, refundNo, fen });
    return said(200, { state: 'refunded' });
  };

  const answer = ({ method, path, body }: WebRequest): WebAnswer => {
    const [root, name = '', action] = path.split('/').slice(1);
    if (root !== 'payments') return said(404, { error: 'no such place' });
    if (method === 'GET' && action === undefined) {
      const order = orders.get(name);
      return order === undefined ? said(404, { error: 'no such payment' }) : stateOf(order);
    }
    const content = contentOf(body);
    if (method !== 'POST' || content === undefined) return said(400, { error: 'JSON is needed' });
    if (name === '') return pay(content);
    if (action === 'close') return close(name);
    if (action === 'refunds') return refund(name, content);
    return said(404, { error: 'no such place' });
  };

  return {
    answer(request) {
      try {
        return answer(request);
      } catch (error) {
        if (!(error instanceof CountersignError)) throw error;
        // What could not be written was not done, but its caller does better to ask.
        return said(500, { error: 'the gateway cannot keep its books' });
      }
    },
    balanceFen: (payer) => balances.get(payer) ?? 0,
    payments: () =>
      new Map(
        [...orders].map(([orderNo, order]) => {
          const { payer, fen, state, voucher } = order;
          const refundedFen = refundedOf(order);
          return [orderNo, { orderNo, payer: payer?.name ?? '', fen, state, refundedFen, voucher }];
        }),
      ),
  };
}

function stateOf({ state, voucher }: Order): WebAnswer {
  if (state === 'paid') return said(200, { state, voucher });
  return said(200, state === 'declined' ? { state, reason: 'insufficient-funds' } : { state });
}

function said(status: number, content: Readonly<Record<string, string>>): WebAnswer {
  return { status, body: JSON.stringify(content) };
}

function contentOf(body: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const found = JSON.parse(body) as unknown;
    return typeof found === 'object' && found !== null
      ? (found as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
