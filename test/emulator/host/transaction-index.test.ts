import { describe, expect, it } from 'vitest';
import { transactionId, TransactionIndex } from '../../../emulator/host/transaction-index.ts';
import type { Transaction } from '../../../emulator/host/transaction-book.ts';
import { seededRandom } from '../../../emulator/world/seeded-random.ts';

function sale(tid: string, batchNo: string, stan: string, id?: string): Transaction {
  return { id: id ?? transactionId(tid, batchNo, stan), tid, batchNo, stan } as Transaction;
}

function indexOf(sales: readonly Transaction[]): TransactionIndex {
  const index = new TransactionIndex();
  for (const each of sales) expect(index.add(each)).toBe(true);
  return index;
}

describe('batches of a terminal', () => {
  it('are all there, also when one that was left is gone on with', () => {
    const index = new TransactionIndex();
    const sold = (batchNo: string, stan: string): Transaction => {
      const made = sale('A', batchNo, stan);
      index.add(made);
      return made;
    };
    const first = sold('000001', '000001');
    const second = sold('000002', '000002');
    expect(index.in('A', '000001')).toEqual([first]);
    const third = sold('000001', '000003');
    const fourth = sold('000002', '000004');
    expect(index.close('A', '000001')).toEqual([first, third]);
    expect(index.close('A', '000002')).toEqual([second, fourth]);
    expect(index.in('A', '000001')).toEqual([first, third]);
    expect(index.in('A', '000002')).toEqual([second, fourth]);
    expect([index.in('A', '000003'), index.in('B', '000001')]).toEqual([[], []]);
    expect([index.close('A', '000003'), index.close('B', '000001')]).toEqual([[], []]);
    expect([...index.values()]).toEqual([first, second, third, fourth]);
    expect(index.size).toBe(4);
    const late = sold('000001', '000002');
    expect(index.in('A', '000001')).toEqual([first, third, late]);
    expect(index.at('A', '000001', '000002')).toBe(late);
  });
});

describe('transactions', () => {
  it('are found by their ids and by what these are made of, in whatever order they came', () => {
    const random = seededRandom(7);
    const digits = (below: number): string => String(random.below(below)).padStart(6, '0');
    const kept = new Map<string, Transaction>();
    const index = new TransactionIndex();
    let refused = 0;
    for (let each = 0; each < 6000; each++) {
      // Terminals with a hyphen, and one whose number is the beginning of another's.
      const tid = ['10000001', '1000-001', '1000000', ''][random.below(4)]!;
      // Two batches with trace numbers that only go up, two with any.
      const batchNo = `00000${random.below(4)}`;
      const stan = batchNo < '000002' ? String(each).padStart(6, '0') : digits(900);
      const made = sale(tid, batchNo, stan);
      const isNew = !kept.has(made.id);
      expect(index.add(made)).toBe(isNew);
      if (isNew) kept.set(made.id, made);
      else refused++;
    }
    expect(refused).toBeGreaterThan(100);
    expect([...index.values()]).toEqual([...kept.values()]);
    for (const [id, { tid, batchNo, stan }] of kept) {
      expect(index.get(id)).toBe(kept.get(id));
      expect(index.at(tid, batchNo, stan)).toBe(kept.get(id));
    }
    for (let each = 0; each < 3000; each++) {
      const [batchNo, stan] = [`00000${random.below(5)}`, digits(6000)];
      const id = transactionId('10000001', batchNo, stan);
      expect(index.get(id)).toBe(kept.get(id));
      expect(index.has(id)).toBe(kept.has(id));
      expect(index.at('10000001', batchNo, stan)).toBe(kept.get(id));
    }
  });

  it('with ids of their own are found by these, and stand in no other one’s way', () => {
    const host = sale('', '', '', 'host-R000001');
    const other = sale('', '', '', 'host-R000002');
    // As long as an id that is made of the three, and made of others.
    const odd = sale('10000001', '000001', '000005', '10000001-000001-000009');
    const strange = sale('10000001', '1', '7');
    const real = sale('10000001', '000001', '000009');
    const later = sale('10000001', '000001', '000010');
    const own = sale('10000001', '000001', '000005');
    const index = indexOf([host, odd, other, strange, later, own]);
    for (const each of [host, other, strange, later, own, odd]) {
      expect(index.get(each.id)).toBe(each);
    }
    expect(index.in('10000001', '000001')).toEqual([odd, later, own]);
    expect(index.add(sale('', '', '', 'host-R000001'))).toBe(false);
    expect(index.add(sale('10000001', '1', '7'))).toBe(false);
    expect(index.add(sale('10000001', '000001', '000005'))).toBe(false);
    expect(index.add(real)).toBe(false);
    // One whose id is that of another one, although it is made of others.
    expect(index.add(sale('10000002', '000001', '000010', later.id))).toBe(false);
    expect(index.add(sale('10000001', '000001', '000011', later.id))).toBe(false);
    expect(index.add(sale('10000001', '000002', '000010', later.id))).toBe(false);
    // One that begins and ends as if it were made of the three.
    const long = sale('10000001', '000003', '000001', '10000001-000003-1-000001');
    expect(index.add(long)).toBe(true);
    expect(index.get(long.id)).toBe(long);
    expect(index.get('10000001-000003-000001')).toBeUndefined();
    expect(index.size).toBe(7);
    expect(index.get('host-R000003')).toBeUndefined();
    expect(index.get('')).toBeUndefined();
    expect(index.get(real.id.replace('-', '+'))).toBeUndefined();
    expect(index.get('10000001-000001+000010')).toBeUndefined();
  });

  it('are told apart also where a trace number is no digits', () => {
    const stans = ['00000A', '000003', '00000a', '000003A'.slice(1), '999999', '      ', '000001'];
    const sales = stans.map((stan) => sale('10000001', '000001', stan));
    const index = indexOf(sales);
    for (const each of sales) {
      expect(index.at('10000001', '000001', each.stan)).toBe(each);
      expect(index.get(each.id)).toBe(each);
      expect(index.add(sale('10000001', '000001', each.stan))).toBe(false);
    }
    for (const stan of ['00000B', '000002', '', '3']) {
      expect(index.at('10000001', '000001', stan)).toBeUndefined();
    }
    const digits = indexOf([sale('10000001', '000001', '000003')]);
    for (const stan of ['00000A', '3', '      ', '000002', '000004', '-00001']) {
      expect(digits.at('10000001', '000001', stan)).toBeUndefined();
    }
  });

  it.each([
    ['10000002', '000001', '000010', 0],
    ['10000001', '000002', '000010', 0],
    ['10000001', '000001', '000011', 1],
  ])('of %s %s %s are refused with the id of another one', (tid, batchNo, stan, before) => {
    const index = indexOf([sale('10000001', '000001', '000010')]);
    const made = transactionId('10000001', '000001', '000010');
    expect(index.add(sale(tid, batchNo, stan, made))).toBe(false);
    expect(index.in(tid, batchNo)).toHaveLength(before);
  });
});
