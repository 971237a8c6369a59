import { describe, expect, it } from 'vitest';
import {
  applyToReviews,
  emptyReviews,
  latestAttempts,
} from '../../../emulator/host/risk/review-book.ts';
import { MOST_ATTEMPTS } from '../../../emulator/host/risk/rules.ts';
import { emptyBook } from '../../../emulator/host/transaction-book.ts';
import type { TransactionRecord } from '../../../emulator/host/host-event.ts';

const DECLINED = {
  kind: 'sale',
  tid: '10000001',
  mid: '898110000000001',
  cardId: 'debit',
  date: '2026-01-15',
  rrn: '093000000001',
  entry: 'swipe',
} as TransactionRecord;

describe('the attempts that rules look at', () => {
  it('are the latest, never more than the most, and what is kept beside them has an end', () => {
    const book = { ...emptyBook(), ...emptyReviews() };
    for (let made = 1; made <= 5 * MOST_ATTEMPTS; made++) {
      const transaction = { ...DECLINED, id: String(made) };
      applyToReviews(book, { kind: 'transaction-declined', transaction });
      for (const key of ['10000001', 'debit']) {
        const latest = latestAttempts(book, key);
        expect(latest).toHaveLength(Math.min(made, MOST_ATTEMPTS));
        expect(latest.at(-1)?.id).toBe(String(made));
        expect(book.attempts.get(key)!.length).toBeLessThan(2 * MOST_ATTEMPTS);
      }
    }
    expect(latestAttempts(book, 'credit')).toEqual([]);
  });
});
