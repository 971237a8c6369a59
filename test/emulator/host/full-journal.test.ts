import { describe, expect, it } from 'vitest';
import { simulatedBench } from '../../../emulator/bench/simulated-bench.ts';
import type { HostEvent } from '../../../emulator/host/host-event.ts';
import { memoryStore } from '../../../emulator/world/simulated/memory-store.ts';
import { checkLaws, LAW_TABLE } from '../../../scenarios/laws/law-table.ts';
import {
  accountOf,
  frame,
  HostDesk,
  refundFields,
  reversalOf,
  saleFields,
  saleFrame,
  settlementFields,
  START_MS,
  TID,
  totals,
  voidFields,
} from './host-desk.ts';

/** A host with one approved sale, whose disk has filled up since. */
function shortDesk() {
  const desk = new HostDesk();
  const sale = desk.ask(saleFrame());
  desk.isShort = true;
  return { desk, sale };
}

describe('a host whose disk is full (F104)', () => {
  it.each([
    ['sale', '0200', () => saleFields({ 11: '000009' })],
    ['void', '0200', (sale) => voidFields(sale, { 11: '000009' })],
    ['refund', '0220', (sale) => refundFields(sale, { 11: '000009' })],
  ] satisfies (readonly [
    string,
    string,
    (sale: Parameters<typeof voidFields>[0]) => Parameters<typeof frame>[1],
  ])[])('refuses a new %s with 96, and nothing has moved', (_name, mti, fields) => {
    const { desk, sale } = shortDesk();
    const before = [desk.view(), desk.journal.length];
    expect(desk.rc(mti, fields(sale))).toBe('96');
    expect([desk.view(), desk.journal.length]).toEqual(before);
    expect(desk.refusals.at(-1)).toMatchObject({ code: '96', reaction: 'answered 96' });
    expect(desk.refusals.at(-1)?.text).toContain('the disk of the journal is full');
    desk.isShort = false;
    expect(desk.rc(mti, fields(sale))).toBe('00');
  });

  it('answers again what it has answered, and what is wrong otherwise as ever', () => {
    const { desk, sale } = shortDesk();
    const count = desk.journal.length;
    expect(desk.ask(saleFrame()).fields).toMatchObject({ 37: sale.fields[37], 39: '00' });
    expect(desk.rc('0200', saleFields({ 11: '000009', 42: '898110000000099' }))).toBe('03');
    expect(desk.journal).toHaveLength(count);
  });

  it('ends what has begun: reversals, settlements', () => {
    const { desk } = shortDesk();
    expect(desk.rc('0400', reversalOf(saleFields()))).toBe('00');
    const settled = desk.ask(frame('0500', settlementFields(totals([0, 0], [0, 0])), 'none'));
    expect(settled.fields[48]?.[30]).toBe('1');
    expect(desk.journal.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['transaction-reversed', 'batch-closed']),
    );
  });

  it('asks its journal, and trades again when there is room', () => {
    let isShort = false;
    const hostStore = { ...memoryStore<HostEvent>(), isShort: () => isShort };
    const bench = simulatedBench({
      seed: 1,
      startMs: START_MS,
      terminal: { signs: false },
      hostStore,
    });
    const card = bench.cards.present(accountOf('debit'), { entry: 'swipe', pin: '123456' });
    const sell = () => {
      const { outcome, rc } = bench.perform(TID, { verb: 'sale', amountFen: 100, card });
      return `${outcome} ${rc}`;
    };
    expect(sell()).toBe('approved 00');
    isShort = true;
    expect([sell(), sell()]).toEqual(['declined 96', 'declined 96']);
    expect(bench.perform(TID, { verb: 'settle' }).outcome).toBe('balanced');
    isShort = false;
    expect(sell()).toBe('approved 00');
    expect(
      checkLaws([...LAW_TABLE.keys()], { host: bench.host.state, terminals: new Map() }),
    ).toEqual([]);
  });
});
