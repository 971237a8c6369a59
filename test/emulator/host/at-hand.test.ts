import { describe, expect, it } from 'vitest';
import { TEST_INSTITUTION } from '../../../emulator/bench/test-institution.ts';
import {
  applyToEvidence,
  emptyEvidence,
  eventsAbout,
} from '../../../emulator/host/enquiry/evidence-book.ts';
import type { HostEvent, TransactionRecord } from '../../../emulator/host/host-event.ts';
import { bootHost } from '../../../emulator/host/host-state.ts';
import { isCutOff } from '../../../emulator/host/issuer/channel.ts';
import { beginStep } from '../../../emulator/host/host-step.ts';
import { institutionsField } from '../../../emulator/host/switch/financial.ts';
import { panOf } from '../../../emulator/host/switch/request.ts';
import { applyToBook, emptyBook } from '../../../emulator/host/transaction-book.ts';
import { transactionId } from '../../../emulator/host/transaction-index.ts';
import type { Transaction } from '../../../emulator/host/transaction-book.ts';
import { HostDesk, saleFrame } from './host-desk.ts';
import { seededRandom } from '../../../emulator/world/seeded-random.ts';

function record(tid: string, batchNo: string, stan: string): TransactionRecord {
  const id = transactionId(tid, batchNo, stan);
  return { id, kind: 'sale', tid, mid: 'M', batchNo, stan, amountFen: 1 } as TransactionRecord;
}

describe('field 44', () => {
  it('names the issuer of the card and the acquirer, whoever came before', () => {
    const env = { clock: { civilMs: () => 0 }, random: seededRandom(1), isTraced: false };
    const one = beginStep(bootHost(TEST_INSTITUTION, []).state, env);
    const other = beginStep(bootHost({ ...TEST_INSTITUTION, acquirer: '1' }, []).state, env);
    for (let turn = 0; turn < 2; turn++) {
      expect(institutionsField(one, 'debit')).toBe('03080000   48021000   ');
      expect(institutionsField(one, 'credit')).toBe('01030000   48021000   ');
      expect(institutionsField(other, 'credit')).toBe('01030000   1          ');
      expect(institutionsField(one, 'nobody')).toBe('00000000   48021000   ');
    }
  });
});

describe('the events about a transaction', () => {
  it.each([
    ['another terminal', 'A2 B1'],
    ['another batch', 'B1 A2'],
  ])('are its own, where the last one with its number is of %s', (_, order) => {
    const book = { ...emptyBook(), ...emptyEvidence(), walletOrders: new Map() };
    const known = { ...book, refundCases: new Map(), complaints: new Map() };
    const hear = (event: HostEvent): void => {
      applyToBook(known, event);
      applyToEvidence(known, event);
    };
    const others = order.split(' ').map(([tid, batchNo]) => record(tid!, batchNo!, '7'));
    const sales = [record('A', '1', '7'), ...others];
    for (const transaction of sales) hear({ kind: 'sale-approved', transaction, postings: [] });
    for (const { tid, batchNo, stan } of sales) {
      hear({ kind: 'exchange-answered', tid, batchNo, stan, fingerprint: '', answer: {} });
    }
    const numbers = sales.map(({ id }) => eventsAbout(known, [id]).map(({ number }) => number));
    expect(numbers).toEqual([
      [1, 4],
      [2, 5],
      [3, 6],
    ]);
  });
});

describe('an answer that is described', () => {
  it('has the MAC that went over the line', () => {
    const desk = new HostDesk();
    const { fields } = desk.ask(saleFrame());
    const told = desk.events.flatMap((event) => {
      return event.kind === 'message' && event.direction === 'sent' ? [event.fields[64]] : [];
    });
    expect(told).toEqual([fields[64]]);
    expect(fields[64]).not.toBe('0'.repeat(16));
  });
});

describe('a closed channel to the issuer', () => {
  it('does not cut off payments by code', () => {
    const { state } = bootHost(TEST_INSTITUTION, []);
    const card = record('A', '1', '1') as Transaction;
    const code = { ...card, wallet: 'alipay' } as const;
    expect([isCutOff(state, card), isCutOff(state, code)]).toEqual([false, false]);
    state.isChannelOpen = false;
    expect([isCutOff(state, card), isCutOff(state, code)]).toEqual([true, false]);
  });
});

describe('the card number of a request', () => {
  it.each([
    ['1234567', undefined],
    ['12345678', '12345678'],
    ['1234567890123456789', '1234567890123456789'],
    ['12345678901234567890', undefined],
    ['1234567A', undefined],
  ])('on a track that begins with %s', (begins, pan) => {
    expect(panOf({ mti: '0200', fields: { 35: `${begins}D30122200000000012` } })).toBe(pan);
  });

  it.each([8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19])('of %i digits is read', (length) => {
    for (const digits of ['6212345678901234567', '7654321098765432109']) {
      const pan = digits.slice(0, length);
      expect(panOf({ mti: '0200', fields: { 35: `${pan}D30122200000000012` } })).toBe(pan);
    }
  });

  it('is none on a track without separator, and ends at the first of two', () => {
    expect(panOf({ mti: '0200', fields: { 35: '123456789' } })).toBeUndefined();
    expect(panOf({ mti: '0200', fields: { 35: '123456789D3012D1' } })).toBe('123456789');
  });
});
