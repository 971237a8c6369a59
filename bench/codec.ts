import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Measures the codec against the packages that people use and against plain loops.
 *
 *     npx tsx bench/codec.ts [--pairs 15] [--ms 30] [--only C1,C2] [--write]
 *
 * It compiles the tree and measures in a plain Node of its own: that is what users run, and the
 * hooks of a TypeScript runner make every access to a typed array slower. `--write` puts the table
 * into both README pages. Ends with exit code 1 when an aim is missed or a page has no place for the
 * table.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const compiled = join(root, 'node_modules', '.cache', 'countersign-bench');
const compiler = createRequire(import.meta.url).resolve('typescript/package.json');

rmSync(compiled, { recursive: true, force: true });
mkdirSync(compiled, { recursive: true });
// Below node_modules the package.json of the project does not count.
writeFileSync(join(compiled, 'package.json'), '{ "type": "module" }\n');

function run(args: readonly string[]): number {
  return spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status ?? 1;
}

const wrong = run([join(compiler, '..', 'bin', 'tsc'), '-p', 'bench', '--outDir', compiled]);
process.exitCode =
  wrong !== 0
    ? wrong
    : run([
        '--no-warnings',
        join(compiled, 'bench', 'measure-codec.js'),
        ...process.argv.slice(2),
        '--root',
        root,
      ]);
