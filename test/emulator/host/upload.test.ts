import { describe, expect, it } from 'vitest';
import {
  frame,
  HostDesk,
  reversalOf,
  saleFields,
  saleFrame,
  settlementFields,
  totals,
} from './host-desk.ts';

const IDENTITY = { 41: '10000001', 42: '898110000000001' };

function record(stan: string, amount: string): string {
  return `00${stan}${'6225881234567898'.padStart(20, '0')}${amount}`;
}

/** Answer code of an upload message with these records. */
function upload(desk: HostDesk, stan: string, records: readonly string[]): string | undefined {
  const count = String(records.length).padStart(2, '0');
  const fields = { 11: stan, ...IDENTITY, 48: count + records.join(''), 60: '00000001201' };
  return desk.ask(frame('0320', fields, 'none')).fields[39];
}

function endOfUpload(desk: HostDesk, count: string, network = '202'): string | undefined {
  const fields = { 11: '000900', ...IDENTITY, 48: count, 60: `00000001${network}` };
  return desk.ask(frame('0320', fields, 'none')).fields[39];
}

/** Two sales at the host; the terminal claims one, so the batch is in dispute. */
function disputed(): HostDesk {
  const desk = new HostDesk();
  desk.ask(saleFrame());
  desk.ask(saleFrame({ 11: '000003' }));
  const claim = frame('0500', settlementFields(totals([10_000, 1], [0, 0])), 'none');
  expect(desk.ask(claim).fields[48]?.[30]).toBe('2');
  return desk;
}

function batchNo(desk: HostDesk): string | undefined {
  return desk.state.terminals.get('10000001')?.batchNo;
}

describe('a batch upload (I-15)', () => {
  it('closes the batch when it is complete, by the host’s own books', () => {
    const desk = disputed();
    expect(upload(desk, '000100', [record('000002', '000000010000')])).toBe('00');
    expect(batchNo(desk)).toBe('000001');
    expect(endOfUpload(desk, '0001')).toBe('00');
    expect(batchNo(desk)).toBe('000002');
    const balances = new Map((desk.books as { balances: [string, number][] }).balances);
    // Two sales of 100.00 less 0.50 each; the terminal’s view of one of them moves no money.
    expect(balances.get('merchant/898110000000001/payable')).toBe(19_900);
    expect(balances.get('merchant/898110000000001/unsettled')).toBe(0);
  });

  it('with a wrong count does not end, however often it is tried', () => {
    const desk = disputed();
    expect(upload(desk, '000100', [record('000002', '000000010000')])).toBe('00');
    const before = desk.books;
    for (const count of ['0000', '0002', '0010']) expect(endOfUpload(desk, count)).toBe('30');
    expect(desk.books).toEqual(before);
    expect(batchNo(desk)).toBe('000001');
    expect(endOfUpload(desk, '0001')).toBe('00');
  });

  it('counts a repeated record once, and its end twice closes one batch', () => {
    const desk = disputed();
    for (let repeat = 0; repeat < 3; repeat++) {
      expect(upload(desk, '000100', [record('000002', '000000010000')])).toBe('00');
    }
    expect(endOfUpload(desk, '0001')).toBe('00');
    const after = desk.books;
    expect(endOfUpload(desk, '0001')).toBe('00');
    expect(desk.books).toEqual(after);
    expect(batchNo(desk)).toBe('000002');
  });

  it('books nothing from what the terminal says', () => {
    const desk = disputed();
    const before = desk.books;
    expect(upload(desk, '000100', [record('000777', '000099999999')])).toBe('00');
    expect(desk.books).toEqual(before);
  });

  it('is refused when no totals are in dispute', () => {
    const desk = new HostDesk();
    desk.ask(saleFrame());
    const before = desk.view();
    expect(upload(desk, '000100', [record('000002', '000000010000')])).toBe('12');
    expect(endOfUpload(desk, '0001')).toBe('12');
    expect(desk.view()).toEqual(before);
  });

  it.each([
    ['no record', '00'],
    ['nine records', `09${record('000002', '000000010000').repeat(8)}`],
    ['a cut record', `01${record('000002', '000000010000').slice(1)}`],
    ['more than announced', `01${record('000002', '000000010000').repeat(2)}`],
  ])('with %s is refused', (_what, field48) => {
    const desk = disputed();
    const before = desk.view();
    const fields = { 11: '000100', ...IDENTITY, 48: field48, 60: '00000001201' };
    expect(desk.ask(frame('0320', fields, 'none')).fields[39]).toBe('30');
    expect(desk.view()).toEqual(before);
  });

  it('comes back after a restart of the host', () => {
    const desk = disputed();
    upload(desk, '000100', [record('000002', '000000010000')]);
    expect(desk.view(desk.rebooted())).toEqual(desk.view());
    const rebooted = new HostDesk(desk.journal);
    expect(endOfUpload(rebooted, '0001')).toBe('00');
  });

  it('keeps new transactions out of the batch, and is not disturbed by them', () => {
    const desk = disputed();
    const before = desk.books;
    expect(desk.rc('0200', saleFields({ 11: '000009' }))).toBe('90');
    expect(desk.books).toEqual(before);
  });

  it('does not change the answer to a request that is repeated meanwhile (I-03)', () => {
    const desk = disputed();
    const first = desk.state.transactions.get('10000001-000001-000002');
    const again = desk.ask(saleFrame());
    expect(again.fields).toMatchObject({ 37: first?.rrn, 38: first?.authCode, 39: '00' });
  });

  it('lets a reversal through, whose original never reached the terminal', () => {
    const desk = disputed();
    expect(desk.rc('0400', reversalOf(saleFields({ 11: '000003' })))).toBe('00');
    expect(desk.state.transactions.get('10000001-000001-000003')?.status).toBe('reversed');
  });
});
