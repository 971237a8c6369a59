import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inFolder } from './command-line.ts';
import { countersign } from './in-thread.ts';

describe('countersign export', () => {
  it('writes a case that verifies, until a byte of it is changed', async () => {
    await inFolder((folder) => {
      const kept = join(folder, 'kept');
      const run = ['run', 'f05', '--target', 'sim', '--keep', kept, '--out', join(folder, 'r')];
      expect(countersign(run).code).toBe(0);
      const data = join(kept, 'sim', 'f05');
      const file = join(folder, 'case.json');
      const made = countersign(['export', 'case', 'H000001', '--data', data, '--out', file]);
      expect(made).toMatchObject({ code: 0, err: '' });
      const seal = /^10 records to .*case\.json\nseal {2}([0-9a-f]{64})\n$/.exec(made.out)?.[1];
      const verified = countersign(['export', 'verify', file]);
      expect(verified.code).toBe(0);
      expect(verified.out).toContain(
        `H000001: 10 records, all as they were sealed\nseal  ${seal!}`,
      );
      expect(countersign(['export', 'verify', file, '--seal', seal!]).code).toBe(0);
      const other = countersign(['export', 'verify', file, '--seal', 'a'.repeat(64)]);
      expect(other).toMatchObject({ code: 1 });
      // Without a file it goes to standard output, the same but for its time.
      const shown = countersign(['export', 'case', '093000000002', '--data', data]).out;
      expect(JSON.parse(shown)).toMatchObject({ format: 'countersign-case-1' });
      writeFileSync(file, readFileSync(file, 'utf8').replace('"by":"wang"', '"by":"lang"'));
      expect(countersign(['export', 'verify', file])).toMatchObject({
        code: 1,
        out: expect.stringMatching(/^broken: record \d+ is not as it was sealed\n$/) as string,
      });
    });
  });

  it('says when there is nothing, and refuses what is no file or seal', async () => {
    await inFolder((folder) => {
      const kept = join(folder, 'kept');
      const run = ['run', 'a03', '--target', 'sim', '--keep', kept, '--out', join(folder, 'r')];
      expect(countersign(run).code).toBe(0);
      const data = join(kept, 'sim', 'a03');
      const nothing = countersign(['export', 'case', 'H000001', '--data', data]);
      expect(nothing).toMatchObject({ code: 1, out: '' });
      expect(nothing.err).toMatch(/^E_NO_RECORD .*there is no "H000001"\n +hint: .*journal export/);
      const other = countersign(['export', 'verify', join(data, 'host-journal.jsonl')]);
      expect(other).toMatchObject({ code: 1, out: '' });
      expect(other.err).toMatch(/^E_JSON .*it is no JSON\n +hint: .*countersign export case/);
      expect(countersign(['export', 'verify', join(folder, 'none.json')]).code).toBe(2);
      expect(countersign(['export', 'verify', data, '--seal', 'abc']).code).toBe(2);
      expect(countersign(['export', 'case', 'H000001']).code).toBe(2);
    });
  });
});
