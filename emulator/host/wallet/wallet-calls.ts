import type { ServiceCall, WebOutcome } from '../../world/web.ts';

/** A wallet, or the network of codes; each has its clearing account in the books. */
export type WalletName = 'unionpay-qr' | 'alipay' | 'wechat';

export type WalletAction = 'pay' | 'query' | 'close' | 'refund';

function post(path: string, content: unknown): ServiceCall {
  return { method: 'POST', path, body: JSON.stringify(content) };
}

/** Takes the money of a payer; the gateway knows a payment by its order number and takes it once. */
export function payCall(
  orderNo: string,
  wallet: WalletName,
  code: string,
  fen: number,
): ServiceCall {
  return post('/payments', { orderNo, wallet, code, fen });
}

export function queryCall(orderNo: string): ServiceCall {
  return { method: 'GET', path: `/payments/${orderNo}` };
}

/** Whatever became of it: from now on it is not paid, and what was paid goes back. */
export function closeCall(orderNo: string): ServiceCall {
  return post(`/payments/${orderNo}/close`, {});
}

/** Gives back part of a payment, once by its number. */
export function refundCall(orderNo: string, refundNo: string, fen: number): ServiceCall {
  return post(`/payments/${orderNo}/refunds`, { refundNo, fen });
}

/** What an outcome says of a payment or an order. */
export type WalletVerdict =
  | { readonly kind: 'paid'; readonly voucher: string }
  | { readonly kind: 'declined'; readonly reason: string }
  | { readonly kind: 'closed' }
  | { readonly kind: 'refunded' }
  /** The gateway has no such payment, for now. */
  | { readonly kind: 'not-there' }
  /** It is certain that nothing was done. */
  | { readonly kind: 'unavailable'; readonly reason: string }
  /** Nobody knows whether it was done. */
  | { readonly kind: 'uncertain'; readonly reason: string };

/** A voucher is what the terminal gets in field 59, tag A4. */
const VOUCHER = /^\d{20}$/;

export function verdictOf(outcome: WebOutcome): WalletVerdict {
  if (outcome.kind === 'failed') {
    const { reason } = outcome;
    return reason === 'refused'
      ? { kind: 'unavailable', reason: 'no connection to the wallet' }
      : { kind: 'uncertain', reason: reason === 'timeout' ? 'no answer' : 'the line broke' };
  }
  const { status, body } = outcome;
  if (status === 503) return { kind: 'unavailable', reason: 'HTTP 503' };
  if (status === 404) return { kind: 'not-there' };
  const found = fieldsOf(body);
  if (status !== 200 || found === undefined) return { kind: 'uncertain', reason: `HTTP ${status}` };
  const { state, voucher, reason } = found;
  if (state === 'paid' && VOUCHER.test(voucher)) return { kind: 'paid', voucher };
  if (state === 'declined') return { kind: 'declined', reason };
  if (state === 'closed' || state === 'refunded') return { kind: state };
  return { kind: 'uncertain', reason: 'an answer that cannot be read' };
}

function fieldsOf(body: string): { state: string; voucher: string; reason: string } | undefined {
  let found: unknown;
  try {
    found = JSON.parse(body);
  } catch {
    return undefined;
  }
  if (typeof found !== 'object' || found === null) return undefined;
  const { state, voucher, reason } = found as Record<string, unknown>;
  return { state: textOf(state), voucher: textOf(voucher), reason: textOf(reason) };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
