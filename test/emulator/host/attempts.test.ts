import { describe, expect, it } from 'vitest';
import {
  applyToReviews,
  emptyReviews,
  latestAttempts,
} from '../../../emulator/host/risk/review-book.ts';
import { MOST_ATTEMPTS } from '../../../emulator/host/risk/rules.ts';
import { applyToBook, emptyBook } from '../../../emulator/host/transaction-book.ts';
import type { HostEvent, TransactionRecord } from '../../../emulator/host/host-event.ts';

const DECLINED = {
  kind: 'sale',
  tid: '10000001',
  mid: '898110000000001',
  batchNo: '000001',
  cardId: 'debit',
  cardMasked: '622588******7898',
  date: '2026-01-15',
  rrn: '093000000001',
  entry: 'swipe',
} as TransactionRecord;

describe('the attempts that rules look at', () => {
  it('are the latest, never more than the most, and what is kept beside them has an end', () => {
    const book = { ...emptyBook(), ...emptyReviews() };
    for (let made = 1; made <= 5 * MOST_ATTEMPTS; made++) {
      const transaction = { ...DECLINED, id: String(made), stan: String(made) };
      const event = { kind: 'transaction-declined', transaction, postings: [] } as HostEvent;
      applyToBook(book, event);
      applyToReviews(book, event);
      for (const key of ['10000001', 'debit']) {
        const latest = latestAttempts(book, key);
        expect(latest).toHaveLength(Math.min(made, MOST_ATTEMPTS));
        expect(latest.at(-1)?.id).toBe(String(made));
        expect(book.attempts.get(key)!.length).toBeLessThan(2 * MOST_ATTEMPTS);
      }
    }
    expect(latestAttempts(book, 'credit')).toEqual([]);
  });

  it('are sales by card, approved, declined or waiting, and no voids, refunds or codes', () => {
    const book = { ...emptyBook(), ...emptyReviews() };
    let made = 0;
    const hear = (kind: HostEvent['kind'], changes: Partial<TransactionRecord>): void => {
      const stan = String(++made).padStart(6, '0');
      const transaction = { ...DECLINED, ...changes, id: `10000001-000001-${stan}`, stan };
      const event = { kind, transaction, fingerprint: '', postings: [] } as unknown as HostEvent;
      applyToBook(book, event);
      applyToReviews(book, event);
    };
    hear('sale-approved', {});
    hear('transaction-declined', { kind: 'void' });
    hear('transaction-declined', { kind: 'refund' });
    hear('transaction-pending', { entry: 'qr', cardId: '', cardMasked: '134567******1234' });
    hear('transaction-declined', { cardId: '' });
    hear('transaction-pending', { cardId: 'credit' });
    const stansOf = (key: string): string[] =>
      latestAttempts(book, key).map(({ id }) => id.slice(-1));
    expect(stansOf('10000001')).toEqual(['1', '5', '6']);
    expect(stansOf('debit')).toEqual(['1']);
    expect(stansOf('622588******7898')).toEqual(['5']);
    expect(stansOf('credit')).toEqual(['6']);
    expect(stansOf('134567******1234')).toEqual([]);
  });
});
