import { describe, expect, it } from 'vitest';
import { join } from 'node:path';
import { inFolder, type Ended } from './command-line.ts';
import { countersign } from './in-thread.ts';

describe('countersign why', () => {
  it('says status, cause, evidence and what comes next, in both languages and as data', async () => {
    await inFolder((folder) => {
      const kept = join(folder, 'kept');
      const run = ['run', 'a03', 'a09', 'a16', '--target', 'sim', '--keep', kept];
      expect(countersign([...run, '--out', join(folder, 'report')]).code).toBe(0);
      const why = (asked: string, id: string, ...more: string[]): Ended =>
        countersign(['why', asked, '--data', join(kept, 'sim', id), ...more]);
      const short = why('093000000002', 'a03', '--lang', 'en');
      // Where exactly in the journal is another test's.
      expect({ ...short, out: short.out.replaceAll(/\b\d+ (?=[a-z]+-)/g, '# ') }).toEqual({
        code: 0,
        err: '',
        out: [
          'transaction  093000000002  2026-01-15  sale  500.01  622588******0100',
          'status       declined',
          'cause        insufficient funds',
          'evidence     RC 51',
          'events       # transaction-declined, # exchange-answered, # batch-closed',
          'next         nothing was taken, so nothing comes back; pay again when the card has the money',
          '',
        ].join('\n'),
      });
      expect(why('093000000002', 'a09').out).toMatch(
        /^原因 {4}已到账\n依据 {4}payout P000001\n事件 {4}[^\n]+\n下一步 {2}无需处理\n到账日 {2}2026-01-16$/m,
      );
      // By terminal, batch and STAN it is the same.
      const byRrn = JSON.parse(why('093000000002', 'a16', '--json').out) as { id: string };
      const byStan = why(byRrn.id, 'a16', '--json');
      expect(JSON.parse(byStan.out)).toEqual(byRrn);
      expect(byRrn).toMatchObject({
        cause: 'arrived',
        evidence: 'payout P000003',
        on: '2026-01-16',
      });
      // On the day before, the same money was not yet due.
      const books = countersign(['books', '--data', join(kept, 'sim', 'a16')]);
      expect(books).toMatchObject({ code: 0, err: '' });
      expect(books.out).toMatch(/^merchant\/898110000000001\/bank +199\.00$/m);
      expect(books.out).toMatch(/^total +0\.00\n\d+ entries\n$/m);
      const data = countersign(['books', '--data', join(kept, 'sim', 'a16'), '--json']).out;
      expect(JSON.parse(data)).toMatchObject({ total: 0, accounts: { 'acquirer/fees': 100 } });
      const nobody = why('093000000099', 'a16', '--lang', 'en');
      expect(nobody).toMatchObject({ code: 1, err: '' });
      expect(nobody.out).toContain('not found');
      expect(nobody.out).not.toContain('093000000099');
    });
  });

  it('answers for all of a card on a day, each as by its reference number', async () => {
    await inFolder((folder) => {
      const kept = join(folder, 'kept');
      const run = ['run', 'a17', '--target', 'sim', '--keep', kept];
      expect(countersign([...run, '--out', join(folder, 'report')]).code).toBe(0);
      const data = ['--data', join(kept, 'sim', 'a17')];
      const asked = (card: string, date: string, ...more: string[]): Ended =>
        countersign(['why', '--card', card, '--date', date, ...data, ...more]);
      const all = asked('622588******7898', '2026-01-15', '--json');
      expect(all).toMatchObject({ code: 0, err: '' });
      const lines = all.out.trim().split('\n');
      // A sale, two refunds of it, one that was declined, a sale and its void.
      expect(lines).toHaveLength(6);
      for (const line of lines) {
        const { rrn } = JSON.parse(line) as { rrn: string };
        expect(countersign(['why', rrn, ...data, '--json']).out).toBe(`${line}\n`);
      }
      expect(asked('debit', '2026-01-15', '--json').out).toBe(all.out);
      const text = asked('debit', '2026-01-15', '--lang', 'en').out;
      expect(text.match(/^transaction /gm)).toHaveLength(6);
      expect(text).toMatch(/^events +\d+ sale-approved, \d+ exchange-answered, /m);
      const nothing = asked('debit', '2026-01-16', '--lang', 'en');
      expect([nothing.code, nothing.out.includes('not found')]).toEqual([1, true]);
      for (const [card, date] of [
        ['6225881234567898', '2026-01-15'],
        ['debit', '15.01.2026'],
      ] as const) {
        const wrong = asked(card, date);
        expect([wrong.code, wrong.out]).toEqual([2, '']);
        expect(wrong.err).not.toContain('6225881234567898');
      }
      for (const args of [[], ['--card', 'debit'], ['093000000002', '--card', 'debit']]) {
        expect(countersign(['why', ...args, ...data]).code).toBe(2);
      }
    });
  });

  it('refuses what is no number, no day, no folder', async () => {
    await inFolder((folder) => {
      for (const args of [
        ['why', '093000000002'],
        ['why', '093000000002', '--data', folder],
        ['why', 'a b', '--data', folder],
      ]) {
        const ended = countersign(args, { cwd: folder });
        expect([args.join(' '), ended.code]).toEqual([args.join(' '), 2]);
      }
      const kept = join(folder, 'kept');
      countersign(['run', 'a03', '--target', 'sim', '--keep', kept, '--out', join(folder, 'r')]);
      const data = join(kept, 'sim', 'a03');
      for (const args of [
        ['6225881234567898', '--data', data],
        ['1', '--data', data, '--on', '2026-02-30'],
      ]) {
        const ended = countersign(['why', ...args]);
        expect(ended.code).toBe(2);
        expect(ended.err).toContain('hint:');
        expect(ended.err).not.toContain('6225881234567898');
      }
    });
  });
});
