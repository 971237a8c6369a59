import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync, type BuildOptions } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Builds programs of this folder as the package is built, as `.mjs` files in a folder of their own. */
export function buildBench(programs: readonly string[], folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  buildSync({
    ...optionsOfBuild(),
    entryPoints: programs.map((name) => join(root, 'bench', name)),
    outdir: folder,
    outExtension: { '.js': '.mjs' },
  });
}

/** The options that the build script of the package gives on its command line. */
function optionsOfBuild(): BuildOptions {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: { build: string };
  };
  const given = [...scripts.build.matchAll(/--([a-z-]+)(?:=(\S+))?/g)].map(([, name, value]) => [
    name!.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase()),
    value ?? true,
  ]);
  return Object.fromEntries(given) as BuildOptions;
}
