import { describe, expect, it } from 'vitest';
import type { Command } from '../../../emulator/terminal/command.ts';
import type { Message } from '../../../protocol/message/message.ts';
import { messageVector } from '../../vectors.ts';
import { flagged, SALE, signedIn, testCard, TerminalDesk } from './terminal-desk.ts';

const REFUND: Command = {
  verb: 'refund',
  amountFen: 3000,
  rrn: '100501000002',
  date: '0115',
  card: testCard('debit'),
  password: '123456',
};
const SETTLE: Command = { verb: 'settle' };

function kindsOf(desk: TerminalDesk): string[] {
  return desk.effects.flatMap((effect) => {
    if (effect.kind === 'persist') return [effect.entry.kind];
    return effect.kind === 'send' ? ['send'] : [];
  });
}

describe('the stored reversal (spec 6.4)', () => {
  it('is durable before the request leaves, and so is the STAN (I-30)', () => {
    const desk = new TerminalDesk(signedIn(2)).operate(SALE).open();
    expect(kindsOf(desk)).toEqual(['stan-taken', 'reversal-stored', 'send']);
  });

  it.each(['refused', 'time-out'])('is dropped when the connection fails: %s', (how) => {
    const desk = new TerminalDesk(signedIn(2)).operate(SALE);
    if (how === 'refused') desk.close('refused');
    else desk.timeOut();
    expect(desk.result).toMatchObject({ outcome: 'not-sent', reversalPending: false, wire: [] });
    expect(desk.state.record.reversal).toBeUndefined();
    desk.operate(SALE).open();
    expect(desk.request).toMatchObject({ mti: '0200', fields: { 11: '000003' } });
  });

  it.each(['ended', 'reset'] as const)(
    'stays when the line breaks after the send: %s',
    (reason) => {
      const desk = new TerminalDesk(signedIn(2)).operate(SALE).open().close(reason);
      expect(desk.result).toMatchObject({ outcome: 'unknown', reversalPending: true });
    },
  );

  it('goes first, alone, before sale, void, refund, settlement and sign-off (I-31)', () => {
    const voidCommand: Command = {
      verb: 'void',
      stan: '000009',
      card: testCard('debit'),
      password: '123456',
      unchecked: { batchNo: '000001', rrn: '100501000002', authCode: '', amountFen: 100 },
    };
    for (const command of [SALE, voidCommand, REFUND, SETTLE, { verb: 'sign-off' } as const]) {
      const desk = new TerminalDesk(signedIn(2)).operate(SALE).open().timeOut();
      desk.operate(command).open();
      expect(desk.request).toMatchObject({ mti: '0400', fields: { 11: '000002' } });
      desk.answer().open();
      expect(desk.request.mti).not.toBe('0400');
      expect(desk.state.record.reversal?.stan).not.toBe('000002');
    }
  });

  it.each(['00', '12', '25'])('is finished by %s', (rc) => {
    const desk = new TerminalDesk(signedIn(2)).operate(SALE).open().timeOut();
    desk.operate(SALE).exchange({ fields: { 39: rc } });
    expect(desk.state.record.reversal?.stan).not.toBe('000002');
    expect(desk.exchange().result).toMatchObject({ outcome: 'approved', reversal: 'done' });
  });

  it.each(['96', '64', '30'])('is kept when the host says %s, and nothing else goes out', (rc) => {
    const desk = new TerminalDesk(signedIn(2)).operate(SALE).open().timeOut();
    desk.operate(SALE).exchange({ fields: { 39: rc } });
    expect(desk.result).toMatchObject({ outcome: 'not-sent', rc, reversal: 'kept' });
    expect(desk.result.wire.join(' ')).toBe('0400 0410');
    expect(desk.state.record.reversal).toMatchObject({ stan: '000002', sends: 1 });
  });

  it('is sent three times at most, then given up by name, and the terminal goes on', () => {
    const desk = new TerminalDesk(signedIn(2)).operate(SALE).open().timeOut();
    desk.operate(SALE);
    for (let send = 1; send <= 3; send++) {
      desk.open();
      expect(desk.request.mti).toBe('0400');
      desk.timeOut();
    }
    desk.exchange();
    expect(desk.result).toMatchObject({ outcome: 'approved', reversal: 'given-up' });
    expect(desk.result.wire.join(' ')).toBe('0400 0400 0400 0200 0210');
    expect(desk.state.record.givenUp).toEqual(['000002']);
  });

  it('does not count a failed connection as a send', () => {
    const desk = new TerminalDesk(signedIn(2)).operate(SALE).open().timeOut();
    for (let attempt = 1; attempt <= 5; attempt++) {
      desk.operate(SALE).close('refused');
      expect(desk.result).toMatchObject({ outcome: 'not-sent', reversal: 'kept', wire: [] });
    }
    expect(desk.state.record.reversal).toMatchObject({ sends: 0 });
    desk.operate(SALE).exchange().exchange();
    expect(desk.result).toMatchObject({ outcome: 'approved', reversal: 'done' });
  });

  it('counts sends across a power cut', () => {
    const desk = new TerminalDesk(signedIn(2)).operate(SALE).open().timeOut();
    desk.operate(SALE).open().timeOut().open().powerCut();
    expect(desk.state.record.reversal).toMatchObject({ stan: '000002', sends: 2 });
    desk.operate(SALE).open().timeOut().open();
    expect(desk.request.mti).toBe('0200');
  });

  it('is sent first after a power cut while the answer was awaited', () => {
    const desk = new TerminalDesk(signedIn(2)).operate(SALE).open().powerCut();
    expect(desk.state.record.reversal?.stan).toBe('000002');
    desk.operate(SALE).open();
    expect(desk.request).toMatchObject({ mti: '0400', fields: { 11: '000002', 39: '98' } });
    desk.answer().open();
    expect(desk.request).toMatchObject({ mti: '0200', fields: { 11: '000003' } });
  });

  it('asks for new keys when the host refuses its MAC, then goes again under them', () => {
    const desk = new TerminalDesk(signedIn(2)).operate(SALE).open().timeOut();
    desk
      .operate(SALE)
      .exchange({ mac: 'none', fields: { 39: 'A0' } })
      .open();
    expect(desk.request.mti).toBe('0800');
    expect(desk.state.record.reversal?.sends).toBe(1);
  });

  it('that is given up because of its MAC still leaves new keys to come before the sale', () => {
    const desk = new TerminalDesk(signedIn(2)).operate(SALE).open().timeOut();
    const keys = { fields: messageVector('signin-004-response').fields as Record<number, string> };
    desk.operate(SALE);
    for (let send = 1; send <= 3; send++) {
      desk.exchange({ mac: 'none', fields: { 39: 'A0' } });
      if (send < 3) desk.exchange({ fields: { 60: keys.fields[60], 62: keys.fields[62] } });
    }
    expect(desk.state.record.givenUp).toEqual(['000002']);
    expect(desk.open().request.mti).toBe('0800');
  });

  it('is not there for a refund, a settlement, a sign-in and an echo', () => {
    for (const command of [REFUND, SETTLE, { verb: 'sign-in' }, { verb: 'echo' }] as const) {
      const desk = new TerminalDesk(signedIn(2)).operate(command).open().timeOut();
      expect(desk.result).toMatchObject({ outcome: 'unknown', reversalPending: false });
    }
  });
});

describe('STANs (spec 6.1)', () => {
  it('wrap from 999999 to 000001, never 000000', () => {
    const desk = new TerminalDesk(signedIn(999_999)).operate(SALE).exchange();
    expect(desk.result.stan).toBe('999999');
    expect(desk.operate(SALE).exchange().result.stan).toBe('000001');
    expect(desk.powerCut().state.record.nextStan).toBe(2);
  });

  it('are used up by declined, unanswered and unsent requests alike', () => {
    const desk = new TerminalDesk(signedIn(2)).operate(SALE).exchange({ fields: { 39: '51' } });
    desk.operate(SALE).close('refused');
    desk.operate(SALE).open().timeOut();
    expect(desk.result.stan).toBe('000004');
    expect(desk.powerCut().state.record.nextStan).toBe(5);
  });
});

describe('a refund without answer (B14)', () => {
  /** What the terminal may keep of it: neither track nor what goes with it. */
  function withoutTrack({ mti, fields }: Message): Message {
    const { 35: _track, 53: _security, 64: _mac, ...kept } = fields;
    return { mti, fields: kept };
  }

  it('is repeated as it was, but for the track, and never reversed', () => {
    const desk = new TerminalDesk(signedIn(7)).operate(REFUND).open();
    const first = withoutTrack(desk.request);
    expect(first.fields).toMatchObject({ 2: '6225881234567898', 11: '000007' });
    desk.timeOut();
    expect(desk.result).toMatchObject({ outcome: 'unknown', reversalPending: false });
    desk.operate(SALE).open();
    expect(withoutTrack(desk.request)).toEqual(first);
    desk.answer().exchange();
    expect(desk.result.wire.join(' ')).toBe('0220 0230 0200 0210');
    expect(desk.state.record.advice).toBeUndefined();
    expect(desk.state.record.log.map(({ kind }) => kind)).toEqual(['refund', 'sale']);
  });

  it('is still there after a power cut', () => {
    const desk = new TerminalDesk(signedIn(7)).operate(REFUND).open();
    const first = withoutTrack(desk.request);
    desk.powerCut().operate(SALE).open();
    expect(withoutTrack(desk.request)).toEqual(first);
  });

  it('keeps a second refund and the settlement waiting', () => {
    const desk = new TerminalDesk(signedIn(7)).operate(REFUND).open().timeOut();
    for (const command of [REFUND, SETTLE]) {
      desk.operate(command).open().timeOut();
      expect(desk.result).toMatchObject({ outcome: 'refused', wire: ['0220'] });
    }
    desk.operate(SETTLE).exchange().exchange();
    expect(desk.result).toMatchObject({ outcome: 'balanced' });
  });

  it('ends with a decline', () => {
    const desk = new TerminalDesk(signedIn(7)).operate(REFUND).exchange({ fields: { 39: '25' } });
    expect(desk.result).toMatchObject({ outcome: 'declined', rc: '25' });
    expect(desk.state.record).toMatchObject({ advice: undefined, log: [] });
  });

  it('with a forged answer is repeated under new keys', () => {
    const desk = new TerminalDesk(signedIn(7)).operate(REFUND).exchange({ mac: 'wrong' });
    expect(desk.result).toMatchObject({ outcome: 'unknown', reversalPending: false });
    expect(desk.operate(SALE).open().request.mti).toBe('0800');
  });
});

describe('a settlement', () => {
  function traded(): TerminalDesk {
    return new TerminalDesk(signedIn(2)).operate(SALE).exchange();
  }

  it('without answer is repeated with the same totals, and closes one batch', () => {
    const desk = traded().operate(SETTLE).open();
    const first = desk.request;
    desk.timeOut();
    expect(desk.result.outcome).toBe('unknown');
    expect(desk.operate(SALE).result.outcome).toBe('refused');
    desk.powerCut().operate(SETTLE).open();
    expect(desk.request.fields[48]).toBe(first.fields[48]);
    expect(desk.request.fields[60]).toBe(first.fields[60]);
    expect(desk.answer().result).toMatchObject({ outcome: 'balanced', batchNo: '000001' });
    expect(desk.state.record).toMatchObject({ batchNo: '000002', log: [] });
    expect(desk.entries.filter(({ kind }) => kind === 'batch-closed')).toHaveLength(1);
  });

  it('with an error for a verdict keeps the batch open', () => {
    const desk = traded().operate(SETTLE).open();
    desk.answer({ fields: { 48: flagged(desk.request.fields[48] ?? '', '3') } });
    expect(desk.result.outcome).toBe('declined');
    expect(desk.state.record).toMatchObject({ batchNo: '000001', settlement: undefined });
    expect(desk.state.record.log).toHaveLength(1);
    expect(desk.operate(SALE).exchange().result.outcome).toBe('approved');
  });

  it('that is unbalanced uploads the details, and closes the batch only after the end', () => {
    const desk = traded().operate(SETTLE).open();
    desk.answer({ fields: { 48: flagged(desk.request.fields[48] ?? '', '2') } }).open();
    // One record: card class, STAN, card number in 20 digits, amount.
    const detail = { 48: '010000000200006225881234567898000000010000' };
    expect(desk.request).toMatchObject({ mti: '0320', fields: { ...detail, 60: '00000001201' } });
    desk
      .answer({ fields: { 39: '00' } })
      .open()
      .powerCut();
    expect(desk.state.record).toMatchObject({ batchNo: '000001', log: [{ stan: '000002' }] });
    desk.operate(SALE);
    expect(desk.result.outcome).toBe('refused');
    desk.operate(SETTLE).open();
    expect(desk.request).toMatchObject({ mti: '0320', fields: { 48: '0001', 60: '00000001202' } });
    desk.answer({ fields: { 39: '00' } });
    expect(desk.result.outcome).toBe('unbalanced');
    expect(desk.state.record).toMatchObject({ batchNo: '000002', log: [], settlement: undefined });
  });

  it('without verdict closes nothing', () => {
    const desk = traded()
      .operate(SETTLE)
      .exchange({ fields: { 48: undefined } });
    expect(desk.result.outcome).not.toBe('balanced');
    expect(desk.state.record.batchNo).toBe('000001');
  });
});

describe('what the terminal stores', () => {
  it('holds neither track nor PIN block nor PIN, whatever was done', () => {
    const desk = new TerminalDesk(signedIn(2)).operate(SALE).exchange();
    desk.operate({ ...SALE, card: testCard('credit', 'chip', '123456') } as Command).open();
    const pinBlock = desk.request.fields[52]!;
    desk.timeOut();
    desk.operate(SALE).exchange().exchange();
    desk.operate(REFUND).open().timeOut();
    const stored = JSON.stringify(desk.entries);
    expect(pinBlock).toMatch(/^[0-9A-F]{16}$/);
    expect(stored).not.toContain(pinBlock);
    expect(stored).not.toContain('D3012101');
    expect(stored).not.toContain('"52"');
    expect(stored).not.toContain('"pin"');
  });

  it('holds no track of a refund that waits for its answer', () => {
    const desk = new TerminalDesk(signedIn(7)).operate(REFUND).open().timeOut();
    expect(JSON.stringify(desk.state.record.advice)).not.toContain('D3012101');
  });
});

describe('the terminal’s own checks', () => {
  it('turn away a second operation while one runs, without harm to the first', () => {
    const desk = new TerminalDesk(signedIn(2)).operate(SALE).open().operate(SALE);
    expect(desk.result).toMatchObject({ outcome: 'refused', screen: { zh: '正在交易，请稍候' } });
    expect(desk.answer().result).toMatchObject({ outcome: 'approved', stan: '000002' });
    expect(desk.sent).toHaveLength(1);
  });

  it.each([0, -1, 0.5, Number.NaN, 1_000_000_000_000, Number.POSITIVE_INFINITY])(
    'refuse the amount %d',
    (amountFen) => {
      const desk = new TerminalDesk(signedIn(2)).operate({ ...SALE, amountFen } as Command);
      expect(desk.result).toMatchObject({ outcome: 'refused', wire: [] });
      expect(desk.entries).toHaveLength(2);
    },
  );

  it('refuse a void of what is not in the batch, twice voided, or with another card', () => {
    const desk = new TerminalDesk(signedIn(2)).operate(SALE).exchange();
    const command = { verb: 'void', stan: '000002', password: '123456' } as const;
    const refusals: [Command, string][] = [
      [{ ...command, stan: '000003', card: testCard('debit') }, '当前批次无此交易，请做退货'],
      [{ ...command, card: testCard('credit') }, '卡号不符'],
      [{ ...command, card: undefined }, '请刷卡；持卡人不在场请做退货'],
      [{ ...command, card: testCard('debit'), password: '000000' }, '主管密码错'],
    ];
    for (const [refused, zh] of refusals) {
      expect(desk.operate(refused).result).toMatchObject({ outcome: 'refused', screen: { zh } });
    }
    desk.operate({ ...command, card: testCard('debit') }).exchange();
    expect(desk.result.outcome).toBe('approved');
    desk.operate({ ...command, card: testCard('debit') });
    expect(desk.result).toMatchObject({ outcome: 'refused', screen: { zh: '该交易已撤销' } });
    expect(desk.sent).toHaveLength(2);
  });
});
