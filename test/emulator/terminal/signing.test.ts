import { describe, expect, it } from 'vitest';
import { messageVector } from '../../vectors.ts';
import type { Command } from '../../../emulator/terminal/command.ts';
import type { TerminalConfig } from '../../../emulator/terminal/terminal-config.ts';
import { fromHex, toHex } from '../../../protocol/bytes/hex.ts';
import { decodeJbig } from '../../../protocol/jbig/decode-jbig.ts';
import { featureCode } from '../../../protocol/message/feature-code.ts';
import { carriesFeature } from '../../../protocol/signature/feature-stamp.ts';
import { decodeSlip } from '../../../protocol/signature/slip-elements.ts';
import { DATE, DOT, SETTLE, sell, sign, signedSale, signingDesk, stateOf } from './signing-desk.ts';
import { type AnswerChanges, SALE, TerminalDesk, testCard } from './terminal-desk.ts';

describe('what is signed', () => {
  it('is kept with its feature code and the elements of its slip', () => {
    const desk = signingDesk();
    const stan = sell(desk);
    expect(desk.result).toMatchObject({ outcome: 'approved', signature: 'due' });
    sign(desk, stan);
    expect(desk.result).toMatchObject({ outcome: 'approved', signature: 'captured', wire: [] });
    const [kept] = desk.state.record.signatures;
    const { bitmap } = decodeJbig(fromHex(kept!.image));
    expect(bitmap).toMatchObject({ width: 320, height: 138 });
    expect(carriesFeature(bitmap, featureCode(DATE, '093000000001'))).toBe(true);
    expect(decodeSlip(kept!.slip).elements).toMatchObject({
      typeName: '消费',
      dateTime: '20260115093000',
      phone: '013800138000',
      printedSlips: '01',
    });
  });

  it.each<[string, Partial<TerminalConfig>, Command]>([
    ['a terminal without a pad', { signs: false }, SALE],
    [
      'a small contactless amount',
      {},
      { verb: 'sale', amountFen: 100_000, card: testCard('debit', 'contactless') },
    ],
  ])('is nothing for %s', (_, changes, sale) => {
    const desk = signingDesk(changes);
    const stan = sell(desk, sale);
    expect(desk.result.signature).toBeUndefined();
    sign(desk, stan);
    expect(desk.result).toMatchObject({ outcome: 'refused', screen: { zh: '该交易无需签名' } });
    expect(desk.state.record.signatures).toEqual([]);
  });

  it.each<[string, Command]>([
    [
      'contactless amount above the limit',
      { verb: 'sale', amountFen: 100_001, card: testCard('debit', 'contactless', '123456') },
    ],
    ['small swiped amount', { verb: 'sale', amountFen: 1, card: testCard('debit') }],
  ])('is a %s', (_, sale) => {
    const desk = signingDesk();
    const stan = sell(desk, sale);
    expect(stateOf(desk, stan)).toBe('due');
  });

  it('is no declined sale, and no signed one again', () => {
    const desk = signingDesk();
    desk.operate(SALE).exchange({ fields: { 39: '51' } });
    expect(desk.state.record.signatures).toEqual([]);
    const stan = signedSale(desk);
    const before = structuredClone(desk.state.record.signatures);
    sign(desk, stan, undefined);
    expect(desk.result.outcome).toBe('refused');
    expect(desk.state.record.signatures).toEqual(before);
  });

  it('goes on paper after three that are empty, also over a power cut (E02)', () => {
    const desk = signingDesk();
    const stan = sell(desk);
    const seen = [1, 2, 3].map(() => {
      sign(desk, stan, DOT);
      desk.powerCut();
      return desk.result.signature;
    });
    expect(seen).toEqual(['due', 'due', 'paper']);
    expect(stateOf(desk, stan)).toBe('empty');
    sign(desk, stan);
    expect(stateOf(desk, stan)).toBe('empty');
  });

  it('goes on paper when nine packets cannot carry it', () => {
    const desk = signingDesk({ packetBytes: 10 });
    const stan = sell(desk);
    for (let time = 0; time < 3; time++) sign(desk, stan);
    expect(stateOf(desk, stan)).toBe('too-large');
  });

  it('goes on paper when its slip cannot be written', () => {
    const desk = signingDesk({ merchantName: '🍜' });
    const stan = sell(desk);
    sign(desk, stan);
    expect(desk.result).toMatchObject({ outcome: 'refused', signature: 'paper' });
    expect(stateOf(desk, stan)).toBe('no-slip');
  });
});

describe('a signature that waits', () => {
  it('goes with the next sale but one, under its own STAN', () => {
    const desk = signingDesk();
    const first = signedSale(desk);
    desk.operate(SALE).open();
    expect(desk.request.mti).toBe('0200');
    desk.answer({ fields: { 15: DATE } });
    sign(desk, desk.result.stan!);
    desk.operate(SALE).open();
    const [kept] = desk.state.record.signatures;
    expect(desk.request).toMatchObject({
      mti: '0820',
      fields: {
        2: SALE.verb === 'sale' ? SALE.card.pan : '',
        4: '000000010000',
        11: first,
        15: DATE,
        37: '093000000001',
        55: kept!.slip,
        60: '07000001800',
        62: kept!.image,
      },
    });
    expect(desk.request.fields[64]).toBeDefined();
    desk.answer().open();
    expect(desk.request.mti).toBe('0200');
    expect(stateOf(desk, first)).toBe('uploaded');
  });

  it('survives a power cut, and is not sent again once it is stored (E06)', () => {
    const desk = signingDesk();
    const stan = signedSale(desk);
    desk.powerCut().operate(SETTLE).open();
    expect(desk.request).toMatchObject({ mti: '0820', fields: { 11: stan } });
    // The power fails before the answer: sent again, and the host has it already.
    desk.powerCut().operate(SETTLE).open();
    expect(desk.request).toMatchObject({ mti: '0820', fields: { 11: stan } });
    desk.answer({ fields: { 39: '94' } });
    desk.powerCut().operate(SETTLE).open();
    expect(desk.request.mti).toBe('0500');
  });

  it('is sent at once when the store is full', () => {
    const desk = signingDesk({ mostSignatures: 1 });
    const stan = signedSale(desk);
    desk.operate(SALE).open();
    expect(desk.request).toMatchObject({ mti: '0820', fields: { 11: stan } });
  });

  it.each(['25', '64', '14', '30', 'A0', '96'])(
    'never keeps a sale from being made, whatever the host says: %s',
    (rc) => {
      const desk = signingDesk({ mostSignatures: 1 });
      const stan = signedSale(desk);
      desk.operate(SALE).open();
      expect(desk.request.mti).toBe('0820');
      desk.answer({ fields: { 39: rc } }).open();
      expect(desk.request.mti).toBe(rc === 'A0' ? '0800' : '0200');
      if (rc === 'A0') return;
      desk.answer();
      expect(desk.result.outcome).toBe('approved');
      expect(stateOf(desk, stan)).toBe('captured');
    },
  );

  it('is let go when a host asks for new keys every time', () => {
    const desk = signingDesk({ mostSignatures: 1 });
    const stan = signedSale(desk);
    const { 62: keys } = messageVector('signin-004-response').fields;
    const blob = typeof keys === 'string' ? keys : keys!.hex;
    desk.operate(SALE).open();
    for (let step = 0; step < 20 && desk.request.mti !== '0200'; step++) {
      if (desk.request.mti === '0800') desk.answer({ fields: { 62: blob } });
      else desk.answer({ fields: { 39: 'A0' } });
      desk.open();
    }
    expect(desk.request.mti).toBe('0200');
    expect(stateOf(desk, stan)).toBe('captured');
  });

  it.each<[string, (desk: TerminalDesk) => unknown]>([
    ['silence', (desk) => desk.timeOut()],
    ['a broken line', (desk) => desk.close()],
  ])('lets the sale go on after %s, without trying another', (_, harm) => {
    const desk = signingDesk({ mostSignatures: 2 });
    const stan = signedSale(desk);
    signedSale(desk);
    desk.operate(SALE).open();
    expect(desk.request.fields[11]).toBe(stan);
    harm(desk);
    desk.open();
    expect(desk.request.mti).toBe('0200');
    desk.answer();
    expect(desk.result.outcome).toBe('approved');
    expect(stateOf(desk, stan)).toBe('captured');
  });

  it('is not believed stored when the MAC of the answer is wrong', () => {
    const desk = signingDesk();
    const stan = signedSale(desk);
    desk.operate(SETTLE).open().answer({ mac: 'wrong' });
    expect(stateOf(desk, stan)).toBe('captured');
    expect(desk.state.record.isSignedIn).toBe(false);
  });
});

describe('before a settlement', () => {
  const settle = (desk: TerminalDesk, changes: AnswerChanges): string[] => {
    const before = desk.sent.length;
    desk.operate(SETTLE).open();
    for (let step = 0; step < 12 && desk.request.mti === '0820'; step++) {
      desk.answer(changes).open();
    }
    return desk.sent.slice(before).map((frame) => toHex(frame.subarray(13, 15)));
  };

  it('all signatures go up, then the totals', () => {
    const desk = signingDesk();
    const stans = [signedSale(desk), signedSale(desk)];
    expect(settle(desk, {})).toEqual(['0820', '0820', '0500']);
    expect(stans.map((stan) => stateOf(desk, stan))).toEqual(['uploaded', 'uploaded']);
  });

  it('one that the host refuses is sent three times, then signed on paper (E03)', () => {
    const desk = signingDesk();
    const stan = signedSale(desk);
    expect(settle(desk, { fields: { 39: '25' } })).toEqual(['0820', '0820', '0820', '0500']);
    expect(stateOf(desk, stan)).toBe('refused-by-host');
  });

  it('silence to one puts the totals off; the next attempt sends it again (E03)', () => {
    const desk = signingDesk();
    const stan = signedSale(desk);
    desk.operate(SETTLE);
    for (let time = 0; time < 3; time++) desk.open().timeOut();
    expect(desk.result).toMatchObject({
      outcome: 'not-sent',
      screen: { zh: '电子签名未上送，请重试' },
      wire: ['0820', '0820', '0820'],
    });
    expect(settle(desk, {})).toEqual(['0820', '0500']);
    expect(stateOf(desk, stan)).toBe('uploaded');
  });

  it('one that nobody signed can be signed as long as the batch is open', () => {
    const desk = signingDesk();
    const stan = sell(desk);
    desk.operate(SETTLE).close('refused');
    expect(desk.result.outcome).toBe('not-sent');
    expect(stateOf(desk, stan)).toBe('due');
    sign(desk, stan);
    expect(settle(desk, {})).toEqual(['0820', '0500']);
  });
});

describe('a signature in packets', () => {
  const codes = (desk: TerminalDesk): string | undefined => desk.request.fields[60]?.slice(-3);

  it('goes on after a power cut with the one that was not acknowledged', () => {
    const desk = signingDesk({ packetBytes: 100 });
    const stan = signedSale(desk);
    const { image } = desk.state.record.signatures[0]!;
    desk.operate(SETTLE).open();
    expect([codes(desk), desk.request.fields[62]]).toEqual(['801', image.slice(0, 200)]);
    desk.answer().open();
    expect(codes(desk)).toBe('802');
    desk.powerCut().operate(SETTLE).open();
    expect([codes(desk), desk.request.fields[62]]).toEqual(['802', image.slice(200, 400)]);
    let whole = image.slice(0, 200);
    while (desk.request.mti === '0820') {
      whole += desk.request.fields[62]!;
      desk.answer().open();
    }
    expect(whole).toBe(image);
    expect(stateOf(desk, stan)).toBe('uploaded');
  });

  it('begins anew when the host misses a packet, and gives up in the end', () => {
    const desk = signingDesk({ packetBytes: 100 });
    const stan = signedSale(desk);
    desk.operate(SETTLE).open();
    const seen: (string | undefined)[] = [];
    while (desk.request.mti === '0820' && seen.length < 20) {
      seen.push(codes(desk));
      desk.answer({ fields: { 39: codes(desk) === '802' ? '96' : '00' } }).open();
    }
    expect(seen).toEqual(['801', '802', '801', '802', '801', '802']);
    expect(stateOf(desk, stan)).toBe('refused-by-host');
    expect(desk.request.mti).toBe('0500');
  });
});

describe('secrets (E07)', () => {
  it('no event holds the picture, the slip or the card', () => {
    const desk = signingDesk({ mostSignatures: 1 });
    signedSale(desk);
    const { image, slip } = desk.state.record.signatures[0]!;
    sell(desk);
    const published = JSON.stringify(desk.events);
    expect(published).toContain('0820');
    for (const secret of [image, slip, image.slice(40, 80), testCard('debit').pan]) {
      expect(published).not.toContain(secret);
    }
  });
});
