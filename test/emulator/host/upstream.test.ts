import { describe, expect, it } from 'vitest';
import { applyEvent } from '../../../emulator/host/host-state.ts';
import type { HostEffect } from '../../../emulator/host/host-step.ts';
import { TEST_PAYERS } from '../../../emulator/wallet/test-payers.ts';
import type { WebOutcome } from '../../../emulator/world/web.ts';
import { asciiBytes } from '../../../protocol/bytes/ascii.ts';
import { toHex } from '../../../protocol/bytes/hex.ts';
import type { FieldValues } from '../../../protocol/message/message.ts';
import {
  frame,
  HostDesk,
  refundFields,
  reversalOf,
  saleFields,
  saleFrame,
  settlementFields,
  TID,
  totals,
  voidFields,
} from './host-desk.ts';

const CODE = TEST_PAYERS.find(({ name }) => name === 'alipay')!.code;
const VOUCHER = '99999999999999999901';
const ID = `${TID}-000001-000002`;
const NO_CARD = { 2: undefined, 14: undefined, 23: undefined, 35: undefined, 53: undefined };

function tagged(tag: string, value: string): string {
  return toHex(asciiBytes(`${tag}${String(value.length).padStart(3, '0')}${value}`));
}

/** A payment by code of 100.00 with STAN 000002. */
function scanFields(code = CODE): FieldValues {
  const bare = { ...NO_CARD, 22: '032', 26: undefined, 52: undefined };
  return saleFields({ ...bare, 59: tagged('A3', code) });
}

type Call = Extract<HostEffect, { kind: 'call-wallet' }>;

class WaitingDesk extends HostDesk {
  /** Calls of the wallet since the last time somebody asked. */
  calls(): Call[] {
    const found = this.effects.filter((effect): effect is Call => effect.kind === 'call-wallet');
    this.effects.length = 0;
    return found;
  }

  wallet(outcome: WebOutcome, action: Call['action'] = 'pay', key = ID): void {
    this.feed({ kind: 'wallet-answered', key, action, outcome });
  }

  /** A payment that the wallet has confirmed. */
  paid(): ReturnType<HostDesk['ask']> {
    const link = this.connect();
    this.receive(link, frame('0200', scanFields()));
    this.wallet(said({ state: 'paid', voucher: VOUCHER }));
    this.calls();
    return this.answersOn(link)[0]!;
  }

  set issuer(line: { delayMs: number; losesAnswers: boolean }) {
    applyEvent(this.state, { kind: 'issuer-line-set', ...line });
  }
}

function said(content: object, status = 200): WebOutcome {
  return { kind: 'answered', status, body: JSON.stringify(content) };
}

const TIMEOUT: WebOutcome = { kind: 'failed', reason: 'timeout' };

describe('a payment by code', () => {
  it('waits for the wallet, and brings its voucher', () => {
    const desk = new WaitingDesk();
    const before = desk.books;
    const link = desk.connect();
    desk.receive(link, frame('0200', scanFields()));
    expect(desk.answersOn(link)).toEqual([]);
    expect(desk.books).toEqual(before);
    const [call] = desk.calls();
    expect(call?.call).toEqual({
      method: 'POST',
      path: '/payments',
      body: JSON.stringify({ orderNo: ID, wallet: 'alipay', code: CODE, fen: 10_000 }),
    });
    desk.wallet(said({ state: 'paid', voucher: VOUCHER }));
    const [answer] = desk.answersOn(link);
    expect(answer?.fields).toMatchObject({ 39: '00', 59: tagged('A4', VOUCHER) });
    expect(answer?.fields[38]).toBeUndefined();
    // 0.38 % of 100.00
    expect(desk.state.transactions.get(ID)).toMatchObject({ status: 'active', feeFen: 38 });
    expect(desk.view(desk.rebooted())).toEqual(desk.view());
    expect(JSON.stringify(desk.journal)).not.toContain(CODE);
  });

  it.each<[string, WebOutcome, string, string]>([
    ['declined', said({ state: 'declined', reason: 'insufficient-funds' }), '51', 'no order'],
    ['unknown code', said({ state: 'declined', reason: 'unknown-code' }), '14', 'no order'],
    ['declined for a strange reason', said({ state: 'declined', reason: '?' }), '05', 'no order'],
    ['503', { kind: 'answered', status: 503, body: '' }, '91', 'no order'],
    ['refused', { kind: 'failed', reason: 'refused' }, '91', 'no order'],
    ['closed', said({ state: 'closed' }), '98', 'close'],
  ])('that the wallet answers with %s is over', (_, outcome, rc, order) => {
    const desk = new WaitingDesk();
    const before = desk.books;
    const link = desk.connect();
    desk.receive(link, frame('0200', scanFields()));
    desk.calls();
    desk.wallet(outcome);
    expect(desk.answersOn(link)[0]?.fields[39]).toBe(rc);
    expect(desk.calls().map(({ action }) => action)).toEqual(order === 'close' ? ['close'] : []);
    expect(desk.books).toEqual(before);
    expect(desk.state.transactions.get(ID)).toMatchObject({ status: 'declined', rc, feeFen: 0 });
  });

  it.each<[string, WebOutcome]>([
    ['silence', TIMEOUT],
    ['a broken line', { kind: 'failed', reason: 'reset' }],
    ['another status', { kind: 'answered', status: 500, body: '' }],
    ['what is no JSON', { kind: 'answered', status: 200, body: '<html>' }],
    ['JSON that is no object', { kind: 'answered', status: 200, body: 'null' }],
    ['a voucher that is none', said({ state: 'paid', voucher: '12' })],
    ['a state that is none', said({ state: 'perhaps' })],
  ])('that the wallet answers with %s is asked about, and confirmed', (_, outcome) => {
    const desk = new WaitingDesk();
    const link = desk.connect();
    desk.receive(link, frame('0200', scanFields()));
    desk.calls();
    desk.wallet(outcome);
    expect(desk.calls().map(({ call }) => call)).toEqual([
      { method: 'GET', path: `/payments/${ID}` },
    ]);
    desk.wallet({ kind: 'answered', status: 404, body: '' }, 'query');
    expect(desk.answersOn(link)).toEqual([]);
    desk.feed({ kind: 'alarm', key: `query:${ID}` });
    expect(desk.calls().map(({ action }) => action)).toEqual(['query']);
    desk.wallet(said({ state: 'paid', voucher: VOUCHER }), 'query');
    expect(desk.answersOn(link)[0]?.fields[39]).toBe('00');
  });

  it('of which nobody says anything in time is refused with 98, and closed until that is done', () => {
    const desk = new WaitingDesk();
    const link = desk.connect();
    desk.receive(link, frame('0200', scanFields()));
    desk.wallet(TIMEOUT);
    desk.feed({ kind: 'alarm', key: `limit:${ID}` });
    expect(desk.answersOn(link)[0]?.fields[39]).toBe('98');
    const close = { method: 'POST', path: `/payments/${ID}/close`, body: '{}' };
    expect(desk.calls().at(-1)?.call).toEqual(close);
    // It was paid after all: too late.
    desk.wallet(said({ state: 'paid', voucher: VOUCHER }), 'query');
    expect(desk.state.transactions.get(ID)?.status).toBe('declined');
    desk.wallet(TIMEOUT, 'close', `close/${ID}`);
    expect(desk.state.walletOrders.get(`close/${ID}`)).toMatchObject({
      attempts: 1,
      problem: 'no answer',
    });
    expect(desk.view(desk.rebooted())).toEqual(desk.view());
    desk.feed({ kind: 'alarm', key: `order:close/${ID}` });
    expect(desk.calls().map(({ call }) => call)).toEqual([close]);
    desk.wallet(said({ state: 'closed' }), 'close', `close/${ID}`);
    expect(desk.state.walletOrders.size).toBe(0);
  });

  it('with a code that is nobody’s, of a wrong length, or of letters is refused with 14', () => {
    for (const code of ['990000000000000000', '28000000000000001', '62250000123456789']) {
      const desk = new WaitingDesk();
      const isAlipay = code.startsWith('28') && code.length === 17;
      const rc = desk.answersOn(askOnly(desk, code))[0]?.fields[39];
      expect(rc).toBe(isAlipay ? undefined : '14');
    }
  });

  it('asked for again while it waits is one payment, answered where it was asked last', () => {
    const desk = new WaitingDesk();
    const [first, second] = [desk.connect(), desk.connect()];
    desk.receive(first, frame('0200', scanFields()));
    desk.receive(second, frame('0200', scanFields()));
    expect(desk.calls()).toHaveLength(1);
    expect(desk.rc('0200', { ...scanFields(), 4: '000000010001' })).toBe('94');
    desk.wallet(said({ state: 'paid', voucher: VOUCHER }));
    expect(desk.answersOn(first)).toEqual([]);
    expect(desk.answersOn(second)[0]?.fields[39]).toBe('00');
    expect(desk.rc('0200', scanFields())).toBe('00');
    expect(desk.calls()).toEqual([]);
  });

  it('that is reversed while it waits is closed, and stays so when it comes again', () => {
    const desk = new WaitingDesk();
    const before = desk.books;
    const request = scanFields();
    desk.receive(desk.connect(), frame('0200', request));
    desk.calls();
    expect(desk.rc('0400', reversalOf(request, { 59: request[59] }))).toBe('00');
    expect(desk.calls().map(({ action }) => action)).toEqual(['close']);
    desk.wallet(said({ state: 'paid', voucher: VOUCHER }));
    expect(desk.state.transactions.get(ID)?.status).toBe('reversed');
    expect(desk.rc('0200', request)).toBe('12');
    expect(desk.books).toEqual(before);
  });

  it('whose batch is closed before the wallet has answered is undone', () => {
    const desk = new WaitingDesk();
    const link = desk.connect();
    desk.receive(link, frame('0200', scanFields()));
    const settled = frame('0500', settlementFields(totals([0, 0], [0, 0])), 'none');
    expect(desk.ask(settled).fields[48]?.[30]).toBe('1');
    desk.calls();
    desk.wallet(said({ state: 'paid', voucher: VOUCHER }));
    expect(desk.answersOn(link)[0]?.fields[39]).toBe('98');
    expect(desk.calls().map(({ action }) => action)).toEqual(['close']);
  });

  it('pending when the host loses its power is undone when it starts', () => {
    const desk = new WaitingDesk();
    desk.receive(desk.connect(), frame('0200', scanFields()));
    const again = new WaitingDesk(desk.journal);
    again.feed({ kind: 'started' });
    expect(again.state.transactions.get(ID)).toMatchObject({ status: 'declined', rc: '98' });
    expect(again.calls().map(({ action }) => action)).toEqual(['close']);
    // It is asked for again at the next start, until it is done.
    const third = new WaitingDesk(again.journal);
    third.feed({ kind: 'started' });
    expect(third.calls().map(({ action }) => action)).toEqual(['close']);
    expect(third.rc('0200', scanFields())).toBe('98');
  });
});

function askOnly(desk: WaitingDesk, code: string): number {
  const link = desk.connect();
  desk.receive(link, frame('0200', scanFields(code)));
  return link;
}

describe('a payment by code that is undone', () => {
  const noCard = { ...NO_CARD, 22: '032', 59: tagged('A4', VOUCHER) };
  const other = tagged('A4', VOUCHER.replace('1', '2'));

  it('by a void is told to the wallet when its terminal goes on', () => {
    const desk = new WaitingDesk();
    const sale = desk.paid();
    const undo = voidFields(sale, { ...noCard, 38: undefined });
    expect(desk.rc('0200', { ...undo, 59: other })).toBe('25');
    expect(desk.rc('0200', { ...undo, 11: '000004' })).toBe('00');
    expect(desk.calls()).toEqual([]);
    desk.rc('0200', saleFields({ 11: '000005' }));
    expect(desk.calls().map(({ action }) => action)).toEqual(['close']);
  });

  it('by a void is told to the wallet after a while, and at the latest with the settlement', () => {
    for (const way of ['alarm', 'settlement'] as const) {
      const desk = new WaitingDesk();
      const undo = voidFields(desk.paid(), { ...noCard, 38: undefined, 11: '000004' });
      expect(desk.rc('0200', undo)).toBe('00');
      if (way === 'alarm') desk.feed({ kind: 'alarm', key: `free:close/${ID}` });
      else desk.ask(frame('0500', settlementFields(totals([0, 0], [0, 0])), 'none'));
      expect(desk.calls().map(({ action }) => action)).toEqual(['close']);
    }
  });

  it('by a void that is reversed in time is not told at all; later the void stands', () => {
    for (const isLate of [false, true]) {
      const desk = new WaitingDesk();
      const undo = voidFields(desk.paid(), { ...noCard, 38: undefined, 11: '000004' });
      expect(desk.rc('0200', undo)).toBe('00');
      if (isLate) desk.feed({ kind: 'alarm', key: `free:close/${ID}` });
      const back = reversalOf(undo, { 59: undo[59] });
      expect(desk.rc('0400', back)).toBe(isLate ? '12' : '00');
      expect(desk.state.transactions.get(ID)?.status).toBe(isLate ? 'voided' : 'active');
      expect(desk.calls()).toHaveLength(isLate ? 1 : 0);
    }
  });

  it('by a refund goes back to the wallet, part by part, with the right voucher only', () => {
    const desk = new WaitingDesk();
    const sale = desk.paid();
    const back = refundFields(sale, { ...noCard, 4: '000000004000', 11: '000006' });
    expect(desk.rc('0220', { ...back, 59: other, 11: '000005' })).toBe('25');
    expect(desk.rc('0220', back)).toBe('00');
    const key = `refund/${TID}-000001-000006`;
    expect(desk.calls().map(({ call }) => call)).toEqual([
      {
        method: 'POST',
        path: `/payments/${ID}/refunds`,
        body: JSON.stringify({ refundNo: key, fen: 4000 }),
      },
    ]);
    desk.wallet(said({ error: 'not now' }, 409), 'refund', key);
    expect(desk.state.walletOrders.get(key)?.attempts).toBe(1);
    desk.wallet(said({ state: 'refunded' }), 'refund', key);
    expect(desk.state.walletOrders.size).toBe(0);
    // Never to a card (B09).
    const toCard = refundFields(sale, { 4: '000000001000', 11: '000007' });
    expect(desk.rc('0220', toCard)).toBe('14');
  });
});

describe('an issuer whose answer is late or lost (A05)', () => {
  it.each([
    [20_000, false, 'issuer', '00'],
    [39_999, false, 'issuer', '00'],
    [40_000, false, 'limit', '98'],
    [0, true, 'limit', '98'],
  ])('after %d ms, lost %s: %s rings and the code is %s', (delayMs, losesAnswers, alarm, rc) => {
    const desk = new WaitingDesk();
    desk.issuer = { delayMs, losesAnswers };
    const link = desk.connect();
    desk.receive(link, saleFrame());
    const rung = desk.effects.flatMap((effect) =>
      effect.kind === 'start-alarm' ? [effect.key] : [],
    );
    expect(rung).toEqual([`${alarm}:${ID}`]);
    expect(desk.answersOn(link)).toEqual([]);
    expect(desk.state.ledger.balances.get('acquirer/suspense')).toBe(10_000);
    desk.feed({ kind: 'alarm', key: rung[0]! });
    expect(desk.answersOn(link)[0]?.fields[39]).toBe(rc);
    expect(desk.state.ledger.balances.get('acquirer/suspense')).toBe(0);
    const isPaid = rc === '00';
    expect(desk.state.ledger.balances.get('card/debit')).toBe(isPaid ? 990_000 : 1_000_000);
    expect([...desk.state.cards.get('debit')!.spentFen.values()]).toEqual([isPaid ? 10_000 : 0]);
    expect(desk.view(desk.rebooted())).toEqual(desk.view());
  });

  it('is kept with its sale, also when others came meanwhile, and is given again', () => {
    const desk = new WaitingDesk();
    desk.issuer = { delayMs: 20_000, losesAnswers: false };
    const link = desk.connect();
    desk.receive(link, saleFrame());
    desk.issuer = { delayMs: 0, losesAnswers: false };
    const other = desk.ask(saleFrame({ 11: '000003', 4: '000000000100' }));
    desk.feed({ kind: 'alarm', key: `issuer:${ID}` });
    const [late] = desk.answersOn(link);
    expect([late!.fields[39], other.fields[39]]).toEqual(['00', '00']);
    expect(desk.state.terminals.get(TID)!.otherAnswers).toBeUndefined();
    for (const each of [desk, new WaitingDesk(desk.journal)]) {
      expect(each.ask(saleFrame()).fields).toEqual(late!.fields);
      expect(each.ask(saleFrame({ 11: '000003', 4: '000000000100' })).fields).toEqual(other.fields);
      expect(each.rc('0200', saleFields({ 4: '000000000200' }))).toBe('94');
    }
  });

  it('counts what waits against the limits of the card', () => {
    const desk = new WaitingDesk();
    desk.issuer = { delayMs: 20_000, losesAnswers: false };
    const link = desk.connect();
    desk.receive(link, saleFrame({ 4: '000000990000' }));
    desk.issuer = { delayMs: 0, losesAnswers: false };
    expect(desk.rc('0200', saleFields({ 11: '000003', 4: '000000020000' }))).toBe('51');
  });

  it('that is reversed meanwhile leaves no trace', () => {
    const desk = new WaitingDesk();
    desk.issuer = { delayMs: 20_000, losesAnswers: false };
    const link = desk.connect();
    desk.receive(link, saleFrame());
    expect(desk.rc('0400', reversalOf(saleFields()))).toBe('00');
    desk.feed({ kind: 'alarm', key: `issuer:${ID}` });
    expect(desk.answersOn(link)).toEqual([]);
    expect(desk.state.ledger.balances.get('card/debit')).toBe(1_000_000);
    expect(desk.state.ledger.balances.get('acquirer/suspense')).toBe(0);
  });
});

describe('an answer that leaves late (A01)', () => {
  it('is on record with its transaction, once', () => {
    const desk = new WaitingDesk();
    applyEvent(desk.state, { kind: 'answers-slowed', delayMs: 75_000, times: 1 });
    const link = desk.connect();
    desk.receive(link, saleFrame());
    expect(desk.effects.at(-1)).toMatchObject({ kind: 'send-later', link, delayMs: 75_000 });
    expect(desk.state.transactions.get(ID)?.slow).toEqual({ delayMs: 75_000, lateMs: 15_000 });
    expect(desk.rc('0200', saleFields({ 11: '000003' }))).toBe('00');
  });
});
