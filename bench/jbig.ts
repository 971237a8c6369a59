import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildBench } from './build-bench.ts';

/**
 * How many signatures a second are encoded and decoded, beside JBIG-KIT where it is installed.
 *
 *     npm run bench:jbig
 *
 * It builds as the package is built and measures in a plain Node of its own: that is what users run.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const built = join(root, 'node_modules', '.cache', 'countersign-bench-jbig');

await buildBench(['measure-jbig.ts'], built);

const { status } = spawnSync(process.execPath, [join(built, 'measure-jbig.mjs')], {
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
