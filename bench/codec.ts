import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildBench } from './build-bench.ts';

/**
 * Measures the codec against the packages that people use and against plain loops.
 *
 *     npx tsx bench/codec.ts [--pairs 61] [--ms 30] [--only C1,C2] [--write]
 *
 * With fewer pairs it is sooner done, and its medians move with the phases of a machine that is shared.
 *
 * It builds as the package is built and measures in a plain Node of its own: that is what users run.
 * `--write` puts the table into both README pages. Ends with exit code 1 when an aim is missed or a
 * page has no place for the table.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const built = join(root, 'node_modules', '.cache', 'countersign-bench');

await buildBench(['measure-codec.ts'], built);

const { status } = spawnSync(
  process.execPath,
  [join(built, 'measure-codec.mjs'), ...process.argv.slice(2), '--root', root],
  { cwd: root, stdio: 'inherit' },
);
process.exitCode = status ?? 1;
