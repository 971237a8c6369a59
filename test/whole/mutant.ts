import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'rolldown';
import { AS_PUBLISHED } from '../../bundle/as-published.ts';

export interface Mutant {
  readonly name: string;
  readonly file: string;
  /** Must stand in the file exactly once, so that a mutant cannot silently mutate nothing. */
  readonly find: string;
  readonly replace: string;
  /** The law or the words by which the gate must name the bug. */
  readonly exposedBy: RegExp;
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The built program of one mutant: what it ends with and says to a command line. */
export type RunLine = (args: readonly string[]) => { code: number | null; output: string };

/** Builds the program from its source with one place changed, in a folder: the product has no switches. */
export async function withMutant(
  mutant: Pick<Mutant, 'file' | 'find' | 'replace'> | undefined,
  work: (run: RunLine) => void,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-mutant-'));
  try {
    for (const each of ['node_modules', 'scenarios', 'package.json']) {
      symlinkSync(join(ROOT, each), join(folder, each));
    }
    cpSync(join(ROOT, 'bin'), join(folder, 'bin'), { recursive: true });
    // Built as the product is: started hundreds of times, sources cost more than the work.
    await build({
      ...AS_PUBLISHED,
      input: join(ROOT, 'cli', 'main.ts'),
      output: { dir: join(folder, 'dist') },
      plugins: mutant === undefined ? [] : [changing(mutant)],
    });
    work((args) => {
      const run = spawnSync(process.execPath, ['bin/countersign.js', ...args], {
        cwd: folder,
        encoding: 'utf8',
        timeout: 280_000,
      });
      return { code: run.status, output: run.stdout + run.stderr };
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function changing({ file, find, replace }: Pick<Mutant, 'file' | 'find' | 'replace'>): Plugin {
  const path = join(ROOT, file);
  const source = readFileSync(path, 'utf8');
  if (source.split(find).length !== 2) {
    throw new Error(`"${find}" does not stand once in ${file}`);
  }
  const code = source.replace(find, () => replace);
  return { name: 'mutant', load: (id) => (id === path ? code : null) };
}
