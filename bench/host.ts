import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildBench } from './build-bench.ts';

/**
 * Measures the host over TCP beside servers that only echo: server on one core, client on the other.
 *
 *     npx tsx bench/host.ts [--pairs 31] [--ms 500] [--only T2,T4,D1]
 *
 * T2 and T4: sales with PIN and MAC both ways, books in memory. D1: a journal in SQLite, one commit a
 * turn of the event loop beside one a message. Ends with exit code 1 when an aim is missed.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const built = join(root, 'node_modules', '.cache', 'countersign-bench-host');

await buildBench(['measure-host.ts', 'host-load/server.ts'], built);

const node = [process.execPath, join(built, 'measure-host.mjs'), ...process.argv.slice(2)];
const canPin =
  availableParallelism() > 1 &&
  spawnSync('taskset', ['--version'], { stdio: 'ignore' }).status === 0;
const [command, ...rest] = canPin ? ['taskset', '-c', '0', ...node, '--server-core', '1'] : node;
process.exitCode = spawnSync(command!, rest, { cwd: root, stdio: 'inherit' }).status ?? 1;
