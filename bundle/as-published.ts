import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { InputOptions } from 'rolldown';

const root = new URL('..', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as Readonly<
  Record<'dependencies' | 'optionalDependencies', Readonly<Record<string, string>>>
>;
const packages = Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies });

/** How everything is built that runs: what is published, and what tests and `bench/` start beside it. */
export const AS_PUBLISHED = {
  cwd: fileURLToPath(root),
  platform: 'node',
  // Packages that are installed beside it stay outside.
  external: packages.map((name) => new RegExp(`^${name}(/|$)`)),
  transform: { target: 'node20' },
  logLevel: 'warn',
} as const satisfies InputOptions;
