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
  'test/emulator/host/outbox.test.ts',
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
  'test/emulator/world/civil-time.test.ts',
  'test/emulator/world/clock.test.ts',
  'test/emulator/world/event-queue.test.ts',
  'test/emulator/world/full-disk.test.ts',
  'test/emulator/world/network.test.ts',
  'test/emulator/world/random.test.ts',
  'test/emulator/world/sqlite-access.test.ts',
  'test/emulator/world/web.test.ts',
  'test/generated-docs.test.ts',
  'test/protocol/*oracle*.test.ts',
  'test/protocol/attacked.test.ts',
  'test/protocol/ber-tlv.test.ts',
  'test/protocol/browser.test.ts',
  'test/protocol/check-dialect.test.ts',
  'test/protocol/check-message.test.ts',
  'test/protocol/check-structure.test.ts',
  'test/protocol/corruption.test.ts',
  'test/protocol/decode-damage.test.ts',
  'test/protocol/dialect-families-laws.test.ts',
  'test/protocol/framing-kinds.test.ts',
  'test/protocol/gbk.test.ts',
  'test/protocol/identify.test.ts',
  'test/protocol/jbig-fuzz.test.ts',
  'test/protocol/jbig-inspect.test.ts',
  'test/protocol/jbig-laws.test.ts',
  'test/protocol/jbig-portable-bitmap.test.ts',
  'test/protocol/jbig-refusals.test.ts',
  'test/protocol/jbig-vectors.test.ts',
  'test/protocol/message-laws.test.ts',
  'test/protocol/message-tools.test.ts',
  'test/protocol/quick-way.test.ts',
  'test/protocol/security-des.test.ts',
  'test/protocol/security-diagnose-mac.test.ts',
  'test/protocol/signature-raster.test.ts',
  'test/protocol/slip-elements.test.ts',
  'test/protocol/write-path.test.ts',
  'test/protocol/wrong-characters.test.ts',
  'test/reports/slip.test.ts',
  'test/scenarios/**/*.test.ts',
];

/**
 * Three projects: `unit` is what `npm run check` runs (no build needed, no child process),
 * `long` takes longer and needs other programs where they are there; `whole` starts the built
 * program and copies of the tree.
 */
export default defineConfig({
  test: {
    maxWorkers: '100%',
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
          testTimeout: 300_000,
          sequence: { shuffle: true },
        },
      },
      {
        test: {
          name: 'whole',
          include: ['test/whole/**/*.test.ts'],
          setupFiles: ['test/set-up/fixed-seed.ts'],
          testTimeout: 300_000,
          sequence: { shuffle: true },
        },
      },
    ],
  },
});
