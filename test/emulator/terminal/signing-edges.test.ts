import { describe, expect, it } from 'vitest';
import { ENVELOPE_BYTES } from '../../vectors.ts';
import { shippedDialect } from '../../../protocol/dialects/shipped.ts';
import { decodeMessage } from '../../../protocol/message/decode-message.ts';
import { decodeSlip } from '../../../protocol/signature/slip-elements.ts';
import { SETTLE, sell, sign, signedSale, signingDesk, stateOf } from './signing-desk.ts';
import { SALE, testCard } from './terminal-desk.ts';

describe('a pad that nobody touches', () => {
  it('waits for its time, then it is signed on paper', () => {
    const desk = signingDesk({ signTimeoutMs: 150_000 });
    const stan = sell(desk);
    const before = desk.results.length;
    desk.operate({ verb: 'sign', stan, strokes: undefined, isLeft: true });
    expect(desk.results).toHaveLength(before);
    expect(desk.effects.at(-1)).toEqual({ kind: 'start-timer', timer: 'holder', delayMs: 150_000 });
    // Meanwhile the terminal does nothing else.
    desk.operate(SALE);
    expect(desk.result).toMatchObject({ outcome: 'refused', screen: { zh: '正在交易，请稍候' } });
    desk.feed({ kind: 'timer', timer: 'holder' });
    expect(desk.result).toMatchObject({
      verb: 'sign',
      outcome: 'refused',
      signature: 'paper',
      exemption: 'timed-out',
    });
    expect(stateOf(desk, stan)).toBe('timed-out');
    sell(desk);
  });

  it('is as due as before when the power fails', () => {
    const desk = signingDesk();
    const stan = sell(desk);
    desk.operate({ verb: 'sign', stan, strokes: undefined, isLeft: true }).powerCut();
    expect(stateOf(desk, stan)).toBe('due');
    sign(desk, stan);
    expect(desk.result).toMatchObject({ signature: 'captured' });
  });
});

describe('the slip of a refund', () => {
  it('names the sale that it returns, which the terminal may not hold', () => {
    const desk = signingDesk();
    desk
      .operate({
        verb: 'refund',
        amountFen: 2500,
        rrn: '093000000077',
        date: '0114',
        card: testCard('debit'),
        password: '123456',
      })
      .exchange();
    sign(desk, desk.result.stan!);
    const [kept] = desk.state.record.signatures;
    expect(decodeSlip(kept!.slip).elements).toMatchObject({
      typeName: '退货',
      originalRrn: '093000000077',
      originalDate: '0114',
    });
  });
});

describe('a dialect with a message type of its own', () => {
  const dialect = shippedDialect('unionpay-pos-esign-0920')!;

  it('sends a signature under it, without 60.3', () => {
    const desk = signingDesk({ dialect });
    const stan = signedSale(desk);
    desk.operate(SETTLE).open();
    const decoded = decodeMessage(dialect, desk.sent.at(-1)!, 2 + ENVELOPE_BYTES);
    expect(decoded.ok && decoded.message).toMatchObject({
      mti: '0920',
      fields: { 11: stan, 60: '07000001' },
    });
  });

  it('has no packets: what does not fit into one message is drawn again', () => {
    const desk = signingDesk({ dialect, packetBytes: 100 });
    const stan = sell(desk);
    sign(desk, stan);
    expect(desk.result).toMatchObject({ outcome: 'refused', signature: 'due' });
    sign(desk, stan);
    sign(desk, stan);
    expect(desk.result).toMatchObject({ signature: 'paper', exemption: 'too-large' });
  });
});

describe('a message that is sent as it is given', () => {
  const message = {
    mti: '0820',
    fields: { 11: '000777', 41: '10000001', 42: '898110000000001', 60: '00000001002' },
  };

  it('goes out alone, and nothing is remembered of it', () => {
    const desk = signingDesk();
    signedSale(desk);
    const before = structuredClone(desk.state.record);
    desk.operate({ verb: 'send', message }).open();
    expect(desk.request).toMatchObject(message);
    desk.answer({ fields: { 39: '30' } });
    expect(desk.result).toMatchObject({
      outcome: 'declined',
      rc: '30',
      stan: '000777',
      wire: ['0820', '0830'],
    });
    expect(desk.state.record).toEqual(before);
    desk.operate({ verb: 'send', message }).open().timeOut();
    expect(desk.result).toMatchObject({ outcome: 'unknown' });
    desk.operate({ verb: 'send', message }).close('refused');
    expect(desk.result).toMatchObject({ outcome: 'not-sent' });
    expect(desk.state.record).toEqual(before);
  });

  it('that cannot be written is refused with the reason, and the terminal goes on', () => {
    const desk = signingDesk();
    desk.operate({ verb: 'send', message: { mti: '0820', fields: { 11: '12345A' } } });
    expect(desk.result).toMatchObject({ outcome: 'refused', wire: [] });
    expect(desk.result.screen.en).toMatch(/^E_/);
    sell(desk);
  });

  it('after which the host wants another sign-in, or whose answer is not authentic, needs one', () => {
    const sealed = {
      mti: '0820',
      fields: {
        ...message.fields,
        4: '000000010000',
        37: '093000000001',
        55: 'FF020101',
        60: '07000001800',
        62: '00',
      },
    };
    for (const changes of [{ fields: { 39: 'A0' } }, { mac: 'wrong' as const }]) {
      const desk = signingDesk();
      desk.operate({ verb: 'send', message: sealed }).open();
      expect(desk.request.fields[64]).toMatch(/^[0-9A-F]{16}$/);
      desk.answer(changes);
      expect(desk.state.record.isSignedIn).toBe(false);
      expect(desk.state.record.log).toEqual([]);
    }
  });
});
