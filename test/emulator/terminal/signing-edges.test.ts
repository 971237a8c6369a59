import { describe, expect, it } from 'vitest';
import { ENVELOPE_BYTES } from '../../vectors.ts';
import { simulatedBench } from '../../../emulator/bench/simulated-bench.ts';
import { shippedDialect } from '../../../protocol/dialects/shipped.ts';
import { UNIONPAY_POS } from '../../../protocol/dialects/unionpay-pos.ts';
import { decodeMessage } from '../../../protocol/message/decode-message.ts';
import { decodeSlip } from '../../../protocol/signature/slip-elements.ts';
import { DRAWN, SETTLE, sell, sign, signedSale, signingDesk, stateOf } from './signing-desk.ts';
import { SALE, TerminalDesk, testCard } from './terminal-desk.ts';

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

describe('packets', () => {
  const pieces = (desk: TerminalDesk): number[] =>
    desk.sent
      .map((frame) => decodeMessage(UNIONPAY_POS, frame, 2 + ENVELOPE_BYTES))
      .flatMap((each) => (each.ok && each.message.mti === '0820' ? [each.message] : []))
      .map(({ fields }) => (fields[62] ?? '').length / 2);

  it.each([100, 900, 60])(
    'go on as they began when the terminal is set up for %i bytes meanwhile',
    (packetBytes) => {
      const before = signingDesk({ packetBytes: 200 });
      const stan = signedSale(before);
      before.operate(SETTLE).open().answer().open().timeOut();
      expect(before.state.record.signatures[0]).toMatchObject({ packets: 1, packetBytes: 200 });
      const image = before.state.record.signatures[0]!.image;
      const after = new TerminalDesk(before.entries, { signs: true, packetBytes });
      after.operate(SETTLE).open();
      while (after.request.mti === '0820') after.answer().open();
      expect(stateOf(after, stan)).toBe('uploaded');
      const sent = pieces(after);
      expect(sent.reduce((sum, bytes) => sum + bytes, 200)).toBe(image.length / 2);
      expect(sent.slice(0, -1).every((bytes) => bytes === 200)).toBe(true);
    },
  );

  it.each(['96', '30'])(
    'are all sent again when the host cannot make a picture of them: %s',
    (rc) => {
      const desk = signingDesk({ packetBytes: 200 });
      signedSale(desk);
      desk.operate(SETTLE).open().answer().open();
      expect(desk.request.fields[60]).toBe('07000001802');
      desk.answer({ fields: { 39: rc } }).open();
      expect(desk.request.fields[60]).toBe('07000001801');
    },
  );
});

describe('the limits of what is captured', () => {
  it('are nine packets, to the byte', () => {
    const first = signingDesk();
    signedSale(first);
    const bytes = first.state.record.signatures[0]!.image.length / 2;
    const packetBytes = Math.ceil(bytes / 9);
    const fits = signingDesk({ packetBytes });
    signedSale(fits);
    expect(fits.result).toMatchObject({ signature: 'captured' });
    const small = signingDesk({ packetBytes: packetBytes - 1 });
    signedSale(small);
    expect(small.result).toMatchObject({ outcome: 'refused', signature: 'due' });
  });

  it('end scribbling without end, and the terminal goes on', () => {
    const desk = signingDesk();
    const stan = sell(desk);
    const points = Array.from({ length: 4000 }, (_, at) => ({
      x: at % 2 === 0 ? 0 : 320,
      y: at % 138,
      timeMs: at,
      pressure: 1,
    }));
    sign(desk, stan, { width: 320, height: 138, strokes: [points] });
    expect(desk.result).toMatchObject({ outcome: 'refused', signature: 'due' });
    sell(desk);
  });

  it('name the printed slips that the terminal is set up for (FF70)', () => {
    const desk = signingDesk({ printedSlips: 2 });
    signedSale(desk);
    expect(decodeSlip(desk.state.record.signatures[0]!.slip).elements.printedSlips).toBe('02');
  });
});

describe('a raw message', () => {
  it('goes before a pending reversal, signature and advice, and leaves them', () => {
    const desk = signingDesk({ mostSignatures: 1 });
    signedSale(desk);
    desk.operate(SALE).open().timeOut().open().timeOut();
    expect(desk.state.record.reversal).toBeDefined();
    const message = {
      mti: '0820',
      fields: { 11: '000777', 41: '10000001', 42: '898110000000001', 60: '00000001002' },
    };
    const before = desk.sent.length;
    desk
      .operate({ verb: 'send', message })
      .open()
      .answer({ fields: { 39: '00' } });
    expect(desk.sent.length - before).toBe(1);
    expect(desk.result).toMatchObject({ outcome: 'approved', wire: ['0820', '0830'] });
    expect(desk.state.record.reversal).toBeDefined();
  });
});

describe('what a settled batch leaves of its signatures', () => {
  it('is how each ended, also of those that needed none, or were never signed', () => {
    const bench = simulatedBench({
      seed: 1,
      startMs: Date.UTC(2026, 0, 15, 1, 30),
      terminal: { signs: true },
    });
    const tid = '10000001';
    const sold = bench.perform(tid, SALE);
    bench.perform(tid, { verb: 'sign', stan: sold.stan!, strokes: DRAWN });
    bench.perform(tid, SALE);
    bench.perform(tid, {
      verb: 'sale',
      amountFen: 100_000,
      card: testCard('credit', 'contactless'),
    });
    const settled = bench.perform(tid, SETTLE);
    expect(settled).toMatchObject({ outcome: 'balanced', signatures: { uploaded: 1, paper: 1 } });
    const { record } = bench.terminals.running().get(tid)!;
    expect(record.signatures).toEqual([]);
    expect(record.signatureOutcomes.map(({ ended }) => ended)).toEqual([
      'uploaded',
      'not-signed',
      'not-needed',
    ]);
  });
});
