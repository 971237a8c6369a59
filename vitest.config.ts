import { defineConfig } from 'vitest/config';

/** Long work beside others' programs, on discs, or over thousands of inputs and random days. */
const ORACLES = [
  'test/emulator/host/frozen-days.test.ts',
  'test/emulator/host/office-days.test.ts',
  'test/emulator/host/refund-interleavings.test.ts',
  'test/emulator/world/sqlite-access.test.ts',
  'test/emulator/world/sqlite-store.test.ts',
  'test/scenarios/canary.test.ts',
  'test/protocol/dialect-families-laws.test.ts',
  'test/protocol/jbig-fuzz.test.ts',
  'test/protocol/jbigkit-oracle.test.ts',
  'test/protocol/openssl-oracle.test.ts',
];

/**
 * Three projects: `unit` is what `npm run check` runs (no build needed, no child process),
 * `oracles` takes longer and needs other programs where they are there; `whole` starts the built
 * program and copies of the tree.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/whole/**', ...ORACLES],
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
          name: 'oracles',
          include: ORACLES,
          setupFiles: ['test/set-up/fixed-seed.ts'],
          isolate: false,
          testTimeout: 60_000,
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
