import { describe, expect, it } from 'vitest';
import { messageVector } from '../../vectors.ts';
import type {
  LoggedTransaction,
  TerminalEntry,
} from '../../../emulator/terminal/terminal-record.ts';
import { SALE, signedIn, testCard, TerminalDesk } from './terminal-desk.ts';

function logged(changes: Partial<LoggedTransaction>): TerminalEntry {
  return {
    kind: 'transaction-logged',
    transaction: {
      kind: 'sale',
      stan: '000002',
      batchNo: '000001',
      rrn: '100501000002',
      authCode: '123456',
      amountFen: 10_000,
      pan: '6225881234567898',
      expiry: '3012',
      entry: 'swipe',
      sequence: '001',
      request: {},
      date: '0115',
      isVoided: false,
      ...changes,
    },
  };
}

describe('requests of the terminal, frame for frame', () => {
  it('signs in as signin-004-request', () => {
    const desk = new TerminalDesk().operate({ verb: 'sign-in' }).open();
    expect(desk.lastSentHex).toBe(messageVector('signin-004-request').hex);
  });

  it('sells as sale-mag-pin-request', () => {
    const desk = new TerminalDesk(signedIn(2)).operate(SALE).open();
    expect(desk.lastSentHex).toBe(messageVector('sale-mag-pin-request').hex);
  });

  it('voids as void-request', () => {
    const desk = new TerminalDesk([...signedIn(6), logged({})]);
    desk.operate({
      verb: 'void',
      stan: '000002',
      card: testCard('debit', 'swipe', '123456'),
      password: '123456',
    });
    expect(desk.open().lastSentHex).toBe(messageVector('void-request').hex);
  });

  it('refunds as refund-request', () => {
    const desk = new TerminalDesk(signedIn(7)).operate({
      verb: 'refund',
      amountFen: 3000,
      rrn: '100501000002',
      date: '0115',
      card: testCard('debit'),
      password: '123456',
    });
    expect(desk.open().lastSentHex).toBe(messageVector('refund-request').hex);
  });

  it('reverses as reversal-sale-request', () => {
    const desk = new TerminalDesk(signedIn(3)).operate(SALE).open().timeOut();
    expect(desk.operate(SALE).open().lastSentHex).toBe(messageVector('reversal-sale-request').hex);
  });

  it('settles as settle-request', () => {
    const desk = new TerminalDesk([
      ...signedIn(18),
      logged({ stan: '000002', amountFen: 10_000 }),
      logged({ stan: '000003', amountFen: 10_000 }),
      logged({ stan: '000004', amountFen: 5000 }),
      logged({ stan: '000006', kind: 'void', originalStan: '000002', amountFen: 10_000 }),
      logged({ stan: '000007', kind: 'refund', amountFen: 3000 }),
    ]);
    expect(desk.operate({ verb: 'settle' }).open().lastSentHex).toBe(
      messageVector('settle-request').hex,
    );
  });

  it('shows that a wrong key would be noticed: another MAC key gives other bytes', () => {
    const other = signedIn(2).map((entry) =>
      entry.kind === 'signed-in' ? { ...entry, mak: entry.pik } : entry,
    );
    const desk = new TerminalDesk(other).operate(SALE).open();
    const { hex } = messageVector('sale-mag-pin-request');
    expect(desk.lastSentHex.slice(0, -16)).toBe(hex.slice(0, -16));
    expect(desk.lastSentHex).not.toBe(hex);
  });

  it('takes over the keys of signin-004-response', () => {
    const desk = new TerminalDesk().operate({ verb: 'sign-in' }).open();
    desk.receive(Buffer.from(messageVector('signin-004-response').hex, 'hex'));
    expect(desk.result).toMatchObject({ outcome: 'approved', batchNo: '000001' });
    desk.operate(SALE).open();
    expect(desk.lastSentHex).toBe(messageVector('sale-mag-pin-request').hex);
  });

  it('takes the answer of sale-mag-pin-response in the same dialogue', () => {
    const desk = new TerminalDesk(signedIn(2)).operate(SALE).open();
    desk.receive(Buffer.from(messageVector('sale-mag-pin-response').hex, 'hex'));
    expect(desk.result).toMatchObject({ outcome: 'approved', rc: '00', stan: '000002' });
    expect(desk.state.record.reversal).toBeUndefined();
  });
});
