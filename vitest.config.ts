import { defineConfig } from 'vitest/config';

/**
 * Long work: the whole catalogue, the whole HTTP API, beside others' programs, on discs, over thousands
 * of inputs and random days. What remains for `npm run check` must stay far under a minute.
 */
const LONG = [
  'test/api/**/*.test.ts',
  'test/cli/broken-calls.test.ts',
  'test/emulator/chip-day.test.ts',
  'test/emulator/host/archive-chain.test.ts',
  'test/emulator/host/case-export.test.ts',
  'test/emulator/host/frozen-days.test.ts',
  'test/emulator/host/line.test.ts',
  'test/emulator/host/negative-frames.test.ts',
  'test/emulator/host/office-days.test.ts',
  'test/emulator/host/refund-interleavings.test.ts',
  'test/emulator/host/refusals.test.ts',
  'test/emulator/host/settlement.test.ts',
  'test/emulator/host/signature-archive.test.ts',
  'test/emulator/host/tariff.test.ts',
  'test/emulator/host/unpaid-sales.test.ts',
  'test/emulator/key-exchange.test.ts',
  'test/emulator/partner-books.test.ts',
  'test/emulator/terminal/keypad.test.ts',
  'test/emulator/terminal/power-cut.test.ts',
  'test/emulator/terminal/signing-edges.test.ts',
  'test/emulator/wallet-days.test.ts',
  'test/emulator/wallet-gateway.test.ts',
  'test/emulator/world/*store.test.ts',
  'test/emulator/world/clock.test.ts',
  'test/emulator/world/event-queue.test.ts',
  'test/emulator/world/full-disk.test.ts',
  'test/emulator/world/sqlite-access.test.ts',
  'test/emulator/world/web.test.ts',
  'test/protocol/*oracle*.test.ts',
  'test/protocol/decode-damage.test.ts',
  'test/protocol/dialect-families-laws.test.ts',
  'test/protocol/jbig-fuzz.test.ts',
  'test/protocol/jbig-long.test.ts',
  'test/protocol/jbig-portable-bitmap.test.ts',
  'test/protocol/message-laws.test.ts',
  'test/protocol/quick-way.test.ts',
  'test/protocol/security-diagnose-mac.test.ts',
  'test/protocol/write-path.test.ts',
  'test/reports/slip.test.ts',
  'test/scenarios/canary.test.ts',
  'test/scenarios/catalogue*.test.ts',
  'test/scenarios/dialect-file*.test.ts',
  'test/scenarios/pinned-days.test.ts',
];

/**
 * Three projects: `unit` is what `npm run check` runs (no build needed, no child process),
 * `long` takes longer and needs other programs where they are there; `whole` starts the built
 * program and copies of the tree.
 */
export default defineConfig({
  test: {
    experimental: { fsModuleCache: true, fsModuleCachePath: 'node_modules/.cache/vitest' },
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/whole/**', ...LONG],
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
          name: 'long',
          include: LONG,
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
