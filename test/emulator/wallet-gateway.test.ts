import { delay, http, HttpResponse } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { walletGateway, type WalletGateway } from '../../emulator/wallet/gateway.ts';
import { TEST_PAYERS } from '../../emulator/wallet/test-payers.ts';
import type { OperationResult } from '../../emulator/terminal/operation-result.ts';
import type { Target } from '../../scenarios/targets/target.ts';
import { tcpTarget } from '../../scenarios/targets/tcp-target.ts';

const ALIPAY = TEST_PAYERS.find(({ name }) => name === 'alipay')!;
const PAY = { orderNo: 'A1', wallet: 'alipay', code: ALIPAY.code, fen: 10_000 };

interface Said {
  readonly status: number;
  readonly content: Readonly<Record<string, string>>;
}

function ask(gateway: WalletGateway, method: string, path: string, content?: unknown): Said {
  const body = content === undefined ? '' : JSON.stringify(content);
  const { status, body: said } = gateway.answer({ method, path, body });
  return { status, content: JSON.parse(said) as Said['content'] };
}

describe('the gateway of the wallets', () => {
  it('takes a payment once by its number, and says the same again', () => {
    const gateway = walletGateway(TEST_PAYERS);
    const first = ask(gateway, 'POST', '/payments', PAY);
    expect(first).toMatchObject({ status: 200, content: { state: 'paid' } });
    expect(first.content['voucher']).toMatch(/^\d{20}$/);
    expect(ask(gateway, 'POST', '/payments', PAY)).toEqual(first);
    expect(ask(gateway, 'GET', '/payments/A1')).toEqual(first);
    expect(gateway.balanceFen('alipay')).toBe(ALIPAY.openingFen - 10_000);
    expect(ask(gateway, 'POST', '/payments', { ...PAY, fen: 1 }).status).toBe(409);
    const other = ask(gateway, 'POST', '/payments', { ...PAY, orderNo: 'A2' });
    expect(other.content['voucher']).not.toBe(first.content['voucher']);
  });

  it('never pays what was closed, before or after it came', () => {
    const gateway = walletGateway(TEST_PAYERS);
    expect(ask(gateway, 'POST', '/payments/A1/close', {}).content).toEqual({ state: 'closed' });
    expect(ask(gateway, 'POST', '/payments', PAY).content).toEqual({ state: 'closed' });
    ask(gateway, 'POST', '/payments', { ...PAY, orderNo: 'A2' });
    for (let time = 0; time < 2; time++) {
      expect(ask(gateway, 'POST', '/payments/A2/close', {}).content).toEqual({ state: 'closed' });
      expect(gateway.balanceFen('alipay')).toBe(ALIPAY.openingFen);
    }
  });

  it('gives back parts, once by their numbers, and no fen more than was paid', () => {
    const gateway = walletGateway(TEST_PAYERS);
    ask(gateway, 'POST', '/payments', PAY);
    const refund = (refundNo: string, fen: number): number =>
      ask(gateway, 'POST', '/payments/A1/refunds', { refundNo, fen }).status;
    expect([refund('R1', 6000), refund('R1', 6000), refund('R1', 5000)]).toEqual([200, 200, 409]);
    expect([refund('R2', 4001), refund('R3', 4000), refund('R4', 1)]).toEqual([409, 200, 409]);
    expect(gateway.balanceFen('alipay')).toBe(ALIPAY.openingFen);
    ask(gateway, 'POST', '/payments/A1/close', {});
    expect(gateway.balanceFen('alipay')).toBe(ALIPAY.openingFen);
    expect(gateway.payments().get('A1')).toMatchObject({ state: 'closed', refundedFen: 10_000 });
  });

  it('declines what nobody can pay', () => {
    const gateway = walletGateway(TEST_PAYERS);
    const empty = TEST_PAYERS.find(({ name }) => name === 'wechat-empty')!;
    const poor = { orderNo: 'A1', wallet: 'wechat', code: empty.code, fen: empty.openingFen + 1 };
    const declined = { state: 'declined', reason: 'insufficient-funds' };
    expect(ask(gateway, 'POST', '/payments', poor).content).toEqual(declined);
    expect(ask(gateway, 'GET', '/payments/A1').content).toEqual(declined);
    const strange = { ...PAY, orderNo: 'A2', code: '280000000000000000' };
    expect(ask(gateway, 'POST', '/payments', strange).content['reason']).toBe('unknown-code');
    const otherWallet = { ...PAY, orderNo: 'A3', wallet: 'wechat' };
    expect(ask(gateway, 'POST', '/payments', otherWallet).content['reason']).toBe('unknown-code');
  });

  it.each([
    ['POST', '/payments', { ...PAY, fen: 0 }, 400],
    ['POST', '/payments', { ...PAY, fen: -1 }, 400],
    ['POST', '/payments', { ...PAY, fen: 0.5 }, 400],
    ['POST', '/payments', { ...PAY, fen: '100' }, 400],
    ['POST', '/payments', { ...PAY, orderNo: '' }, 400],
    ['POST', '/payments', 'text', 400],
    ['POST', '/payments', undefined, 400],
    ['POST', '/payments/A9/refunds', { refundNo: 'R1', fen: 1 }, 404],
    ['GET', '/payments/A9', undefined, 404],
    ['DELETE', '/payments/A9', undefined, 400],
    ['GET', '/', undefined, 404],
    ['POST', '/payments/A9/open', {}, 404],
  ])('answers %s %s with %j by %i, and does nothing', (method, path, content, status) => {
    const gateway = walletGateway(TEST_PAYERS);
    expect(ask(gateway, method, path, content).status).toBe(status);
    expect(gateway.payments().size).toBe(0);
    expect(gateway.balanceFen('alipay')).toBe(ALIPAY.openingFen);
  });
});

/** Any port of this machine. */
const SITE = String.raw`http://127\.0\.0\.1:\d+`;
const PAYMENTS = new RegExp(`^${SITE}/payments$`);
const QUERIES = new RegExp(`^${SITE}/payments/[^/]+$`);
const CLOSES = new RegExp(`^${SITE}/payments/[^/]+/close$`);
const VOUCHER = '12345678901234567890';

describe('a payment by code over real HTTP', () => {
  const wallet = setupServer();
  let target: Target;
  beforeAll(() => wallet.listen({ onUnhandledRequest: 'bypass' }));
  afterEach(async () => {
    wallet.resetHandlers();
    await target.stop();
  });
  afterAll(() => wallet.close());

  async function scan(): Promise<OperationResult> {
    const startMs = Date.UTC(2026, 0, 15, 1, 30);
    target = await tcpTarget({ seed: 1, startMs, publish: () => undefined });
    return target.operate('10000001', { verb: 'scan', amountFen: 10_000, code: ALIPAY.code });
  }

  it('is refused with 91 where the wallet answers 503', async () => {
    wallet.use(http.post(PAYMENTS, () => new HttpResponse(null, { status: 503 })));
    expect(await scan()).toMatchObject({ outcome: 'declined', rc: '91' });
  });

  it.each([
    ['says nothing', () => delay('infinite')],
    ['breaks the line', () => HttpResponse.error()],
    ['answers with a page', () => HttpResponse.html('<p>busy</p>')],
  ])('is asked about where the wallet %s, and confirmed', async (_, pay) => {
    let asked = 0;
    wallet.use(
      http.post(PAYMENTS, async () => (await pay()) ?? undefined),
      http.get(QUERIES, () => {
        asked++;
        return asked === 1
          ? new HttpResponse(null, { status: 404 })
          : HttpResponse.json({ state: 'paid', voucher: VOUCHER });
      }),
    );
    expect(await scan()).toMatchObject({ outcome: 'approved', rc: '00', voucher: VOUCHER });
    expect(asked).toBe(2);
  });

  it('is refused with 98 and closed where the wallet stays silent', async () => {
    const closed: string[] = [];
    wallet.use(
      http.post(PAYMENTS, () => delay('infinite')),
      http.get(QUERIES, () => HttpResponse.error()),
      http.post(CLOSES, ({ request }) => {
        closed.push(new URL(request.url).pathname);
        // The first one fails: it is asked for until it is done.
        return closed.length === 1 ? HttpResponse.error() : HttpResponse.json({ state: 'closed' });
      }),
    );
    const result = await scan();
    expect(result).toMatchObject({ outcome: 'declined', rc: '98', reversalPending: false });
    await target.advance(0);
    const path = `/payments/10000001-000001-${result.stan ?? ''}/close`;
    expect(closed).toEqual([path, path]);
    expect(target.host?.walletOrders.size).toBe(0);
  });
});
