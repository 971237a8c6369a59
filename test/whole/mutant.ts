import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { buildSync } from 'esbuild';
import { fileURLToPath } from 'node:url';

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
const FOLDERS = [
  'bin',
  'protocol',
  'emulator',
  'scenarios',
  'reports',
  'api',
  'cli',
  'package.json',
];

/** Runs the program from a copy of its source with one place changed: the product has no switches. */
export function runMutant(
  mutant: Pick<Mutant, 'file' | 'find' | 'replace'> | undefined,
  args: readonly string[],
): { code: number | null; output: string } {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-mutant-'));
  try {
    for (const each of FOLDERS) cpSync(join(ROOT, each), join(folder, each), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    if (mutant !== undefined) {
      const path = join(folder, mutant.file);
      const source = readFileSync(path, 'utf8');
      if (source.split(mutant.find).length !== 2) {
        throw new Error(`"${mutant.find}" does not stand once in ${mutant.file}`);
      }
      writeFileSync(
        path,
        source.replace(mutant.find, () => mutant.replace),
      );
    }
    // Built as the product is: started hundreds of times, sources cost more than the work.
    buildSync({
      entryPoints: [join(folder, 'cli/main.ts')],
      outdir: join(folder, 'dist'),
      bundle: true,
      splitting: true,
      packages: 'external',
      platform: 'node',
      format: 'esm',
      target: 'node20',
      logLevel: 'error',
    });
    const run = spawnSync(process.execPath, ['bin/countersign.js', ...args], {
      cwd: folder,
      encoding: 'utf8',
      timeout: 110_000,
    });
    return { code: run.status, output: run.stdout + run.stderr };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
