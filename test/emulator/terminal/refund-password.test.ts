import { describe, expect, it } from 'vitest';
import type { Command } from '../../../emulator/terminal/command.ts';
import { signedIn, TerminalDesk, testCard } from './terminal-desk.ts';

function refund(password: string): Command {
  const card = testCard('debit');
  return { verb: 'refund', amountFen: 100, rrn: '093000000001', date: '0115', card, password };
}

const CHANGED = { refundPassword: '48151623' } as const;

function screens(desk: TerminalDesk, ...passwords: string[]): string[] {
  return passwords.map((password) => desk.operate(refund(password)).result.screen.zh);
}

describe('the refund password (B13)', () => {
  it('is one of its own, and neither stored nor told', () => {
    const desk = new TerminalDesk(signedIn(2), CHANGED);
    expect(screens(desk, '123456')).toEqual(['退货密码错']);
    expect(desk.sent).toHaveLength(0);
    desk.operate(refund('48151623')).exchange();
    expect(desk.result).toMatchObject({ outcome: 'approved', wire: ['0220', '0230'] });
    expect(JSON.stringify([desk.entries, desk.events, desk.effects])).not.toContain('48151623');
  });

  it('is counted across power cuts, and locks at the third wrong one in a row', () => {
    const desk = new TerminalDesk(signedIn(2), CHANGED);
    screens(desk, '1', '2');
    desk.powerCut();
    expect(screens(desk, '3', '48151623')).toEqual([
      '退货已锁定，请主管解锁',
      '退货已锁定，请主管解锁',
    ]);
    desk.powerCut();
    expect(screens(desk, '48151623')).toEqual(['退货已锁定，请主管解锁']);
    expect(desk.sent).toHaveLength(0);
    expect(desk.operate({ verb: 'unlock', password: '48151623' }).result).toMatchObject({
      outcome: 'refused',
      screen: { zh: '主管密码错' },
    });
    expect(desk.operate({ verb: 'unlock', password: '123456' }).result).toMatchObject({
      outcome: 'approved',
      wire: [],
    });
    expect(screens(desk, '1', '2')).toEqual(['退货密码错', '退货密码错']);
  });

  it('costs no try when the amount is wrong anyway', () => {
    const desk = new TerminalDesk(signedIn(2), CHANGED);
    for (const amountFen of [0, -1, 1_000_000_000_000]) {
      desk.operate({ ...refund('1'), amountFen } as Command);
      expect(desk.result.screen.zh).toBe('金额无效');
    }
    expect(desk.state.record.refundPasswordFailures).toBe(0);
  });
});
