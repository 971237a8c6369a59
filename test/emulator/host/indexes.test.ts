import { describe, expect, it } from 'vitest';
import { dueDate } from '../../../emulator/host/settlement/terms.ts';
import { emptyEvidence, eventsAbout } from '../../../emulator/host/enquiry/evidence-book.ts';
import { RrnIndex } from '../../../emulator/host/rrn-index.ts';
import { HostDesk, reversalOf, saleFields, TID } from './host-desk.ts';

describe('reference numbers', () => {
  it('name the transaction that had them last, whenever they are asked for', () => {
    const all: { rrn: string; id: string }[] = [];
    const index = new RrnIndex({
      get size() {
        return all.length;
      },
      behind: (place) => all.slice(place),
    });
    expect(index.get('093000000001')).toBeUndefined();
    all.push({ rrn: '093000000001', id: 'first' });
    expect(index.get('093000000001')).toBe('first');
    expect(index.has('093000000002')).toBe(false);
    all.push({ rrn: '093000000002', id: 'second' }, { rrn: '093000000001', id: 'third' });
    expect([...index.keys()]).toEqual(['093000000001', '093000000002']);
    expect(index.get('093000000001')).toBe('third');
    expect(index.get('093000000002')).toBe('second');
  });
});

describe('events about a thing', () => {
  it('come in the order of the journal, each once, with their kinds', () => {
    const desk = new HostDesk();
    expect(desk.rc('0200', saleFields())).toBe('00');
    const [sale] = desk.state.transactions.values();
    const numbers = eventsAbout(desk.state, [sale!.id, sale!.id]);
    expect(numbers.map(({ kind }) => kind)).toEqual(['sale-approved', 'exchange-answered']);
    expect(numbers[0]!.number).toBe(
      desk.journal.findIndex(({ kind }) => kind === 'sale-approved') + 1,
    );
  });

  it('are in order where the numbers have different lengths', () => {
    const evidence = emptyEvidence();
    evidence.evidence.set('hold H000001', [128 * 1000, 128 * 9, 128 * 80]);
    const book = { ...new HostDesk().state, ...evidence };
    const found = eventsAbout(book, ['hold H000001']).map(({ number }) => number);
    expect(found).toEqual([9, 80, 1000]);
  });

  it('hold what was noted before its transaction came', () => {
    const desk = new HostDesk();
    expect(desk.rc('0400', reversalOf(saleFields()))).toBe('00');
    const id = `${TID}-000001-000002`;
    expect(desk.state.transactions.has(id)).toBe(false);
    desk.rc('0200', saleFields());
    const kinds = eventsAbout(desk.state, [id]).map(({ kind }) => kind);
    expect(kinds.slice(0, 2)).toEqual(['reversal-noted', 'transaction-declined']);
  });
});

describe('due days that are asked for one after the other', () => {
  it('are those of their own terms', () => {
    const friday = '2026-01-16';
    const days = [
      dueDate({ kind: 'T', days: 1 }, friday),
      dueDate({ kind: 'D', days: 1 }, friday),
      dueDate({ kind: 'T', days: 0 }, friday),
      dueDate({ kind: 'D', days: 0 }, friday),
      dueDate({ kind: 'T', days: 1 }, '2026-01-15'),
      dueDate({ kind: 'T', days: 1 }, friday),
    ];
    const due = ['2026-01-19', '2026-01-17', friday, friday, '2026-01-16', '2026-01-19'];
    expect(days).toEqual(due);
  });
});
