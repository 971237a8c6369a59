import { describe, expect, it } from 'vitest';
import { TEST_INSTITUTION } from '../../../emulator/bench/test-institution.ts';
import { beginStep, endStep } from '../../../emulator/host/host-step.ts';
import { bootHost } from '../../../emulator/host/host-state.ts';
import { HOST_FORM } from '../../../emulator/host/packed-events.ts';
import { freeze, release } from '../../../emulator/host/risk/freeze.ts';
import { notePayout, orderPayouts } from '../../../emulator/host/settlement/payouts.ts';
import { seededRandom } from '../../../emulator/world/seeded-random.ts';
import {
  frame,
  HostDesk,
  keyedSale,
  pinBlock,
  refundFields,
  reversalOf,
  saleFields,
  saleFrame,
  settlementFields,
  totals,
  voidFields,
} from './host-desk.ts';

const DAY_MS = 86_400_000;

/** A day that brings about every kind of event; `check` is called after each request. */
function busyDay(check: (desk: HostDesk) => void): HostDesk {
  const desk = new HostDesk();
  const ask = (
    mti: string,
    fields: Parameters<typeof frame>[1],
    mac: 'right' | 'none' = 'right',
  ) => {
    const answer = desk.ask(frame(mti, fields, mac));
    check(desk);
    return answer;
  };
  const office = (act: (step: ReturnType<typeof beginStep>) => unknown): void => {
    const env = { clock: { civilMs: () => desk.nowMs }, random: seededRandom(2), isTraced: true };
    const step = beginStep(desk.state, env);
    act(step);
    for (const effect of endStep(step)) {
      if (effect.kind === 'persist') desk.journal.push(...effect.events);
    }
    check(desk);
  };
  const sale = ask('0200', saleFields());
  ask('0200', voidFields(sale));
  ask('0400', reversalOf(voidFields(sale)));
  const second = ask('0200', saleFields({ 11: '000010' }));
  ask('0400', reversalOf(saleFields({ 11: '000011' })));
  ask('0200', keyedSale('low', '000000050001', { 11: '000012' }));
  ask('0200', saleFields({ 11: '000013', 52: pinBlock('000000') }));
  ask('0200', saleFields({ 11: '000014' }));
  ask('0400', reversalOf(saleFields({ 11: '000014' })));
  office((step) =>
    freeze(step, { scope: 'transaction', rrn: second.fields[37]!, reason: 'review', by: 'li' }),
  );
  ask('0500', settlementFields(totals([1, 1], [0, 0])), 'none');
  ask('0500', settlementFields(totals([20_000, 2], [0, 0])), 'none');
  ask('0220', refundFields(second, { 11: '000020', 60: '2500000200060' }));
  desk.nowMs += DAY_MS;
  office(orderPayouts);
  office((step) => notePayout(step, 'P000001', { kind: 'unreachable', reason: 'silence' }));
  office((step) => notePayout(step, 'P000001', { kind: 'rejected', reason: 'no account' }));
  office((step) => release(step, 'H000001', 'wang'));
  office(orderPayouts);
  office((step) => notePayout(step, 'P000002', { kind: 'paid' }));
  const management = { 11: '000030', 41: '10000001', 42: '898110000000001' };
  ask('0820', { ...management, 60: '00000002002' }, 'none');
  ask(
    '0800',
    {
      ...management,
      60: '00000002004',
      62: '53657175656E6365204E6F31343330363031323334353637383930',
      63: '01 ',
    },
    'none',
  );
  return desk;
}

describe('the journal of the host', () => {
  it('replayed after every single request gives the live state again', () => {
    let checks = 0;
    busyDay((desk) => {
      checks++;
      expect(desk.view(desk.rebooted())).toEqual(desk.view());
    });
    expect(checks).toBeGreaterThan(15);
  });

  it('of the busy day holds the events of a whole business', () => {
    const desk = busyDay(() => undefined);
    const kinds = new Set(desk.journal.map(({ kind }) => kind));
    expect([...kinds].sort()).toEqual(
      expect.arrayContaining([
        'batch-closed',
        'batch-disputed',
        'card-opened',
        'exchange-answered',
        'hold-placed',
        'hold-released',
        'paid-out',
        'payout-failed',
        'payout-ordered',
        'payout-returned',
        'pin-accepted',
        'pin-failed',
        'refund-approved',
        'reversal-noted',
        'sale-approved',
        'session-closed',
        'session-opened',
        'transaction-declined',
        'transaction-reversed',
        'void-approved',
      ]),
    );
  });

  it('leaves the answers of the open batch alone with their transactions', () => {
    const { state } = busyDay(() => undefined);
    const open = state.terminals.get('10000001')!.batchNo;
    const held = [...state.transactions.values()].map(({ batchNo, fingerprint, answerForm }) =>
      [batchNo === open, fingerprint !== undefined, answerForm !== undefined].join(),
    );
    expect(new Set(held)).toEqual(new Set(['true,true,true', 'false,false,false']));
  });

  it('is the same when its sales are packed', () => {
    const { journal } = busyDay(() => undefined);
    const items = HOST_FORM.pack(journal);
    expect(items.length).toBeLessThan(journal.length);
    const read = (JSON.parse(JSON.stringify(items)) as typeof items).flatMap((item) =>
      'kind' in item ? [item] : HOST_FORM.unpack(item)!,
    );
    expect(JSON.stringify(read)).toBe(JSON.stringify(journal));
  });

  it('opens every card once, however often the host boots', () => {
    const desk = busyDay(() => undefined);
    const { fresh } = bootHost(TEST_INSTITUTION, desk.journal);
    expect(fresh).toEqual([]);
  });

  it('holds no card number, track, PIN, PIN block or key in clear', () => {
    const text = JSON.stringify(busyDay(() => undefined).journal);
    for (const { pan, track2 } of TEST_INSTITUTION.cards) {
      expect(text).not.toContain(pan);
      expect(text).not.toContain(track2);
    }
    expect(text).not.toMatch(/D3012/);
    expect(text).not.toContain('BB4811E7B532AB3F');
    expect(text).not.toContain('"123456"');
    expect(text).not.toContain('2A7F151629AED3A7');
    expect(text).not.toContain('5D3D2A1A4F6E7080');
    expect(text).not.toContain(TEST_INSTITUTION.terminals[0]!.tmk);
  });

  it('that names something unknown stops the boot', () => {
    expect(() => bootHost(TEST_INSTITUTION, [{ kind: 'session-closed', tid: '99999999' }])).toThrow(
      /E_JOURNAL|journal/,
    );
    expect(() =>
      bootHost(TEST_INSTITUTION, [
        { kind: 'transaction-reversed', id: 'x', reason: '98', postings: [] },
      ]),
    ).toThrow(/journal/);
  });

  it('survives a crash between any two groups: what was answered 00 is there (I-29)', () => {
    const desk = new HostDesk();
    const answer = desk.ask(saleFrame());
    expect(answer.fields[39]).toBe('00');
    const rebooted = new HostDesk(desk.journal);
    const again = rebooted.ask(saleFrame());
    for (const field of [37, 38, 39]) expect(again.fields[field]).toBe(answer.fields[field]);
    expect(rebooted.books).toEqual(desk.books);
  });
});
