import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';
import { AS_PUBLISHED } from '../bundle/as-published.ts';

const bench = fileURLToPath(new URL('.', import.meta.url));

/** Builds programs of this folder as the package is built, as `.mjs` files in a folder of their own. */
export async function buildBench(programs: readonly string[], folder: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  await build({
    ...AS_PUBLISHED,
    // By their paths, which are those of the files to come.
    input: Object.fromEntries(
      programs.map((name) => [name.replace(/\.ts$/, ''), join(bench, name)]),
    ),
    output: { dir: folder, entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' },
  });
}
