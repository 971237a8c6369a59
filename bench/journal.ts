import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildBench } from './build-bench.ts';

/**
 * What a sale costs the durable host with more and more of them in its journal, and how fast it reads
 * the journal when it starts.
 *
 *     npx tsx bench/journal.ts [--sales 1000000]
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const built = join(root, 'node_modules', '.cache', 'countersign-bench-journal');

await buildBench(['measure-journal.ts'], built);

const node = [join(built, 'measure-journal.mjs'), ...process.argv.slice(2)];
process.exitCode = spawnSync(process.execPath, node, { cwd: root, stdio: 'inherit' }).status ?? 1;
