import { fileURLToPath } from 'node:url';
import type { InputOptions } from 'rolldown';

/** How everything is built that runs: what is published, and what tests and `bench/` start beside it. */
export const AS_PUBLISHED = {
  cwd: fileURLToPath(new URL('..', import.meta.url)),
  platform: 'node',
  // What is imported by a name, and not by a path, stays outside: Node's own and packages beside it.
  external: (id) => !/^(?:[./]|[A-Za-z]:[\\/])/.test(id),
  transform: { target: 'node20' },
  logLevel: 'warn',
} as const satisfies InputOptions;
