import { describe, expect, it } from 'vitest';
import { UNIONPAY_POS } from '../../../protocol/dialects/unionpay-pos.ts';
import { wrapWorkingKeys } from '../../../protocol/security/working-keys.ts';
import { fromHex, toHex } from '../../../protocol/bytes/hex.ts';
import { TEST_INSTITUTION } from '../../../emulator/bench/test-institution.ts';
import { SALE, signedIn, TerminalDesk, VECTOR_KEYS, type AnswerChanges } from './terminal-desk.ts';

function sale(): TerminalDesk {
  return new TerminalDesk(signedIn(2)).operate(SALE).open();
}

const MISMATCHES: [string, AnswerChanges][] = [
  ['another message type', { mti: '0230' }],
  ['a request type', { mti: '0200' }],
  ['another processing code', { fields: { 3: '200000' } }],
  ['another amount', { fields: { 4: '000000010001' } }],
  ['another STAN', { fields: { 11: '000003' } }],
  ['another condition code', { fields: { 25: '06' } }],
  ['another terminal', { fields: { 41: '10000002' } }],
  ['another merchant', { fields: { 42: '898110000000002' } }],
  ['another currency', { fields: { 49: '840' } }],
  ['no processing code', { fields: { 3: undefined } }],
  ['no amount', { fields: { 4: undefined } }],
  ['no STAN', { fields: { 11: undefined } }],
  ['no terminal', { fields: { 41: undefined } }],
  ['no merchant', { fields: { 42: undefined } }],
];

describe('an answer to a sale (spec 6.3)', () => {
  it.each(MISMATCHES)(
    'is not taken with %s; silence then leads to a reversal',
    (_what, changes) => {
      const desk = sale().answer(changes);
      expect(desk.results).toEqual([]);
      expect(desk.events).toContainEqual(expect.objectContaining({ kind: 'answer-refused' }));
      expect(desk.timeOut().result).toMatchObject({ outcome: 'unknown', reversalPending: true });
      expect(desk.result.wire.at(-1)).toMatch(/\?$/);
      expect(desk.state.record.log).toEqual([]);
      desk.operate(SALE).open();
      expect(desk.request).toMatchObject({ mti: '0400', fields: { 11: '000002', 39: '98' } });
    },
  );

  it.each(MISMATCHES)('is waited for past one with %s', (_what, changes) => {
    const desk = sale().answer(changes).answer();
    expect(desk.result).toMatchObject({ outcome: 'approved', reversalPending: false });
  });

  it('may leave out condition code and currency', () => {
    const desk = sale().answer({ fields: { 25: undefined, 49: undefined } });
    expect(desk.result.outcome).toBe('approved');
  });

  it('is taken once when it comes twice in one read', () => {
    const desk = sale();
    const frame = desk.answerFrame();
    desk.receive(Buffer.concat([frame, frame]));
    expect(desk.results).toHaveLength(1);
    expect(desk.state.record.log).toHaveLength(1);
  });

  it('is taken byte by byte', () => {
    const desk = sale();
    for (const byte of desk.answerFrame()) desk.receive(Uint8Array.of(byte));
    expect(desk.result.outcome).toBe('approved');
  });

  it('changes nothing when it comes after the time-out, or after the reversal (I-32)', () => {
    const desk = sale();
    const late = desk.answerFrame();
    const { link } = desk;
    desk.timeOut().receive(late, link);
    expect(desk.state.record.log).toEqual([]);
    expect(desk.result).toMatchObject({ outcome: 'unknown', reversalPending: true });
    desk.operate(SALE).open().receive(late, link);
    desk.answer().receive(late, link);
    expect(desk.state.record.log).toEqual([]);
    desk.open().receive(late);
    expect(desk.results).toHaveLength(1);
    desk.answer();
    expect(desk.result).toMatchObject({ outcome: 'approved', stan: '000003', reversal: 'done' });
    expect(desk.state.record.log.map(({ stan }) => stan)).toEqual(['000003']);
  });

  it('that is only rubbish is said aloud and waited past', () => {
    const desk = sale().receive(Uint8Array.of(0, 3, 1, 2, 3));
    expect(desk.events).toContainEqual(expect.objectContaining({ kind: 'answer-refused' }));
    expect(desk.answer().result.outcome).toBe('approved');
  });

  it.each([0, 1, 2, 3, 4, 5, 6, 7])(
    'with character %i of its MAC wrong is not believed: signed off, and undone with A0',
    (at) => {
      const desk = sale();
      const bytes = desk.answerFrame();
      bytes[bytes.length - 8 + at]! ^= 1;
      desk.receive(bytes);
      expect(desk.result).toMatchObject({ outcome: 'unknown', reversalPending: true });
      expect(desk.state.record).toMatchObject({ isSignedIn: false, log: [] });
      expect(desk.state.record.reversal).toMatchObject({ stan: '000002', reason: 'A0' });
    },
  );

  it('with a MAC of zeros is not believed, and the report says that it was never written', () => {
    const desk = sale();
    const bytes = desk.answerFrame();
    bytes.fill(0x30, bytes.length - 8);
    desk.receive(bytes);
    expect(desk.state.record.reversal).toMatchObject({ reason: 'A0' });
    const refused = desk.events.find((event) => event.kind === 'answer-refused');
    expect(JSON.stringify(refused)).toContain('never written');
  });

  it('with a wrong MAC is not believed: new keys, then a reversal with A0 (spec 4.11)', () => {
    const desk = sale().answer({ mac: 'wrong' });
    expect(desk.result).toMatchObject({ outcome: 'unknown', reversalPending: true });
    expect(desk.state.record).toMatchObject({ isSignedIn: false, log: [] });
    desk.operate(SALE).open();
    expect(desk.request.mti).toBe('0800');
    desk.answer(signInAnswer()).open();
    expect(desk.request).toMatchObject({ mti: '0400', fields: { 11: '000002', 39: 'A0' } });
    desk.answer().exchange();
    expect(desk.result.wire.join(' ')).toBe('0800 0810 0400 0410 0200 0210');
  });

  it('without MAC is believed when it declines', () => {
    const desk = sale().answer({ mac: 'none', fields: { 39: '51' } });
    expect(desk.result).toMatchObject({ outcome: 'declined', rc: '51', reversalPending: false });
  });

  it.each(['00', '11', 'A2', 'A4'])(
    'without MAC is not believed when it approves with %s',
    (rc) => {
      const desk = sale().answer({ mac: 'none', fields: { 39: rc } });
      expect(desk.result).toMatchObject({ outcome: 'unknown', reversalPending: true });
      expect(desk.state.record.log).toEqual([]);
    },
  );

  it('without response code decides nothing: the reversal stays', () => {
    const desk = sale().answer({ fields: { 39: undefined } });
    if (desk.results.length === 0) desk.timeOut();
    expect(desk.result).toMatchObject({ outcome: 'unknown', reversalPending: true });
  });

  it('with a partial approval is undone, which this terminal does not offer', () => {
    const desk = sale().answer({ fields: { 4: '000000005000', 39: '10' } });
    expect(desk.result).toMatchObject({ outcome: 'unknown', reversalPending: true });
    desk.operate(SALE).open();
    expect(desk.request.fields).toMatchObject({ 4: '000000010000', 39: '06' });
  });

  it('with an unknown code is a failure (spec 5)', () => {
    const desk = sale().answer({ fields: { 39: 'ZZ' } });
    expect(desk.result).toMatchObject({ outcome: 'declined', screen: { zh: '交易失败' } });
  });

  const declines = Object.entries(UNIONPAY_POS.responseCodes).flatMap(([rc, { class: kind }]) =>
    kind === 'A' ? [] : [rc],
  );
  it.each(declines)('that declines with %s clears the reversal', (rc) => {
    const desk = sale().answer({ fields: { 39: rc } });
    expect(desk.result).toMatchObject({ outcome: 'declined', rc, reversalPending: false });
    expect(desk.state.record).toMatchObject({ reversal: undefined, log: [] });
    expect(desk.state.record.isSignedIn).toBe(!['77', '99', 'A0'].includes(rc));
  });
});

function signInAnswer(keyBlob = newKeys()): AnswerChanges {
  return { fields: { 4: undefined, 60: '00000001004', 62: keyBlob } };
}

function newKeys(): string {
  const tmk = fromHex(TEST_INSTITUTION.terminals[0]!.tmk);
  return wrapWorkingKeys('004', tmk, {
    pik: VECTOR_KEYS.mak,
    mak: VECTOR_KEYS.tdk!,
    tdk: VECTOR_KEYS.pik,
  });
}

describe('a sign-in answer', () => {
  it('installs all keys when every check value is right', () => {
    const desk = new TerminalDesk(signedIn(2)).operate({ verb: 'sign-in' });
    expect(desk.exchange(signInAnswer()).result.outcome).toBe('approved');
    expect(desk.state.record.keys).toEqual({
      pik: VECTOR_KEYS.mak,
      mak: VECTOR_KEYS.tdk,
      tdk: VECTOR_KEYS.pik,
    });
  });

  it.each([0, 15, 16, 19, 20, 35, 36, 39, 40, 55, 56, 59])(
    'with one bit wrong in byte %i leaves the old keys, all of them (I-27)',
    (at) => {
      const blob = fromHex(newKeys());
      blob[at]! ^= 1;
      const desk = new TerminalDesk(signedIn(2)).operate({ verb: 'sign-in' });
      desk.exchange(signInAnswer(toHex(blob)));
      expect(desk.result.outcome).toBe('refused');
      expect(desk.state.record.keys).toEqual(VECTOR_KEYS);
      expect(desk.entries.filter(({ kind }) => kind === 'signed-in')).toHaveLength(1);
    },
  );

  it.each(['', 'ABCD', '00'.repeat(59)])('with the key block %j leaves the old keys', (blob) => {
    const desk = new TerminalDesk(signedIn(2)).operate({ verb: 'sign-in' });
    const fields = blob === '' ? { 60: '00000001004' } : { 60: '00000001004', 62: blob };
    desk.exchange({ fields });
    expect(desk.result.outcome).toBe('refused');
    expect(desk.state.record.keys).toEqual(VECTOR_KEYS);
  });
});
