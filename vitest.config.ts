import { defineConfig } from 'vitest/config';

/**
 * Two projects: `unit` is what `npm run check` runs (no build needed, no child process),
 * `whole` starts the built program and copies of the tree.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/whole/**'],
          setupFiles: ['test/set-up/fixed-seed.ts'],
          // No test leaves anything behind in a module; loading them anew for each file takes longer than running them.
          isolate: false,
          // A machine that is busy must not fail a test.
          testTimeout: 30_000,
          sequence: { shuffle: true },
        },
      },
      {
        test: {
          name: 'whole',
          include: ['test/whole/**/*.test.ts'],
          setupFiles: ['test/set-up/fixed-seed.ts'],
          testTimeout: 120_000,
          sequence: { shuffle: true },
        },
      },
    ],
  },
});
