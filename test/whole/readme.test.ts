import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { inFolder, shell } from './command-line.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Commands in the table of who wants what, in the order in which they stand there. */
function rowsOf(file: string): string[] {
  const rows = readFileSync(join(ROOT, file), 'utf8').match(/^\| .*`npx countersign .*$/gm) ?? [];
  return rows.flatMap((row) => row.match(/(?<=`)npx countersign [^`]+(?=`)/g) ?? []);
}

/** Needs a second shell. */
const STAYS_UP = /^npx countersign (?:serve|run .*--host)\b/;

describe('the rows of README.md', () => {
  it('run one after the other as they stand', async () => {
    await inFolder((folder) => {
      for (const each of ['docs', 'scenarios']) symlinkSync(join(ROOT, each), join(folder, each));
      const rows = rowsOf('README.md').filter((row) => !STAYS_UP.test(row));
      expect(rows.length).toBeGreaterThan(20);
      for (const row of rows) {
        // As many days as show that the command is right.
        const { code, err } = shell(row.replace('--runs 3000', '--runs 30'), { cwd: folder });
        expect([row, code, err]).toEqual([row, 0, '']);
      }
    });
  });
});

it('the READMEs in both languages show the same commands', () => {
  const plain = (row: string): string => row.replace(/ --lang \w+$/, '');
  expect(rowsOf('README.zh-CN.md').map(plain)).toEqual(rowsOf('README.md').map(plain));
});
