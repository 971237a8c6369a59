import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inFolder } from './command-line.ts';
import { countersign } from './in-thread.ts';

describe('countersign settlement-file and statement', () => {
  it('write the file of a closed day, and a statement that adds up', async () => {
    await inFolder((folder) => {
      const kept = join(folder, 'kept');
      const run = ['run', 'h03', '--target', 'sim', '--keep', kept, '--out', join(folder, 'r')];
      expect(countersign(run).code).toBe(0);
      const data = join(kept, 'sim', 'h03');
      const file = countersign(['settlement-file', '--data', data, '--date', '2026-01-16']);
      expect(file).toMatchObject({ code: 0, err: '' });
      const lines = file.out.split('\r\n');
      expect(lines[0]).toMatch(/^settleDate,merchantId,.*,origRrn,payoutId$/);
      expect(lines.slice(1, -1).map((line) => line.split(',').slice(7, 8).join())).toEqual([
        'sale',
        'adjustment',
        'refund',
      ]);
      // Nothing was settled that day, and it was not closed.
      const empty = countersign(['settlement-file', '--data', data, '--date', '2026-01-17']);
      expect(empty).toMatchObject({ code: 1, out: '' });
      expect(empty.err).toMatch(
        /^E_NO_RECORD .*2026-01-17 is not closed, and nothing .*\n +hint: .*2026-01-16\n$/,
      );
      const days = ['--from', '2026-01-15', '--to', '2026-01-16'];
      const asked = ['statement', '--data', data, '--merchant', '898110000000001', ...days];
      const statement = countersign([...asked, '--lang', 'en']);
      expect(statement.code).toBe(0);
      expect(statement.out).toMatch(/^opening balance +0\.00\nsales +2 +300\.00\n/m);
      expect(countersign(asked).out).toContain('期末余额');
      const data2 = JSON.parse(countersign([...asked, '--json']).out) as {
        openingFen: number;
        closingFen: number;
        lines: Record<string, { fen: number }>;
      };
      const moved = Object.values(data2.lines).reduce((sum, { fen }) => sum + fen, 0);
      expect(data2.openingFen + moved).toBe(data2.closingFen);
    });
  });

  it('refuse what is no day, merchant or folder', async () => {
    await inFolder((folder) => {
      const kept = join(folder, 'kept');
      countersign(['run', 'a03', '--target', 'sim', '--keep', kept, '--out', join(folder, 'r')]);
      const data = join(kept, 'sim', 'a03');
      const days = ['--from', '2026-01-15', '--to', '2026-01-16'];
      for (const args of [
        ['settlement-file', '--data', data, '--date', '2026-02-30'],
        ['settlement-file', '--data', folder, '--date', '2026-01-15'],
        ['settlement-file', '--data', data, '--date', '2026-01-15', '--merchant', '1'],
        ['statement', '--data', data, '--merchant', '6225881234567898', ...days],
        [
          'statement',
          '--data',
          data,
          '--merchant',
          '898110000000001',
          '--from',
          '2026-01-16',
          '--to',
          '2026-01-15',
        ],
      ]) {
        const ended = countersign(args);
        expect([args.join(' '), ended.code]).toEqual([args.join(' '), 2]);
        expect(ended.err).not.toContain('6225881234567898');
      }
    });
  });
});
