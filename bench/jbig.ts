import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

/**
 * How many signatures a second are encoded and decoded, beside JBIG-KIT where it is installed.
 *
 *     npm run bench:jbig
 *
 * It builds as the package is built and measures in a plain Node of its own: that is what users run.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const built = join(root, 'node_modules', '.cache', 'countersign-bench-jbig');

rmSync(built, { recursive: true, force: true });
buildSync({
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  minifySyntax: true,
  logLevel: 'warning',
  entryPoints: [join(root, 'bench', 'measure-jbig.ts')],
  outdir: built,
  outExtension: { '.js': '.mjs' },
});

const { status } = spawnSync(process.execPath, [join(built, 'measure-jbig.mjs')], {
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
