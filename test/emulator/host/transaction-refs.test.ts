import { describe, expect, it } from 'vitest';
import { TransactionRefs } from '../../../emulator/host/enquiry/transaction-refs.ts';

describe('references to events of transactions', () => {
  it('are all kept, in order, however many there are', () => {
    const refs = new TransactionRefs();
    refs.add(0, 10);
    refs.add(1, 20);
    refs.add(0, 30);
    refs.add(2, 40);
    refs.add(0, 50);
    refs.add(0, 60);
    refs.add(2, 70);
    expect(refs.of(0)).toEqual([10, 30, 50, 60]);
    expect(refs.of(1)).toEqual([20]);
    expect(refs.of(2)).toEqual([40, 70]);
    expect(refs.of(3)).toEqual([]);
    expect(refs.of(-1)).toEqual([]);
  });
});
