import type { WebAnswer, WebRequest } from '../world/web.ts';

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

interface Order {
  readonly payer: Payer | undefined;
  readonly fen: number;
  state: Payment['state'];
  readonly voucher: string;
  /** By its number. */
  readonly refunds: Map<string, number>;
}

/** An amount of money, in fen. */
function isFen(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
}

/**
 * A gateway for several wallets. A payment is known by its order number and made once; a closed one
 * is never paid, and what it had taken goes back; a refund is made once by its number.
 */
export function walletGateway(payers: readonly Payer[]): WalletGateway {
  const orders = new Map<string, Order>();
  const balances = new Map(payers.map(({ name, openingFen }) => [name, openingFen]));
  const move = (name: string, fen: number): void => {
    balances.set(name, (balances.get(name) ?? 0) + fen);
  };
  const refundedOf = ({ refunds }: Order): number =>
    [...refunds.values()].reduce((sum, fen) => sum + fen, 0);

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
    const order: Order = { payer, fen, state, voucher, refunds: new Map() };
    orders.set(orderNo, order);
    if (isCovered) move(payer.name, -fen);
    return stateOf(order);
  };

  const close = (orderNo: string): WebAnswer => {
    const order = orders.get(orderNo);
    if (order === undefined) {
      // It may still be on its way: it must not be paid when it comes.
      orders.set(orderNo, {
        payer: undefined,
        fen: 0,
        state: 'closed',
        voucher: '',
        refunds: new Map(),
      });
      return said(200, { state: 'closed' });
    }
    if (order.state === 'paid' && order.payer !== undefined) {
      const leftFen = order.fen - refundedOf(order);
      if (leftFen > 0) order.refunds.set('close', leftFen);
      move(order.payer.name, leftFen);
    }
    order.state = 'closed';
    return stateOf(order);
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
    order.refunds.set(refundNo, fen);
    move(order.payer.name, fen);
    return said(200, { state: 'refunded' });
  };

  return {
    answer({ method, path, body }) {
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
