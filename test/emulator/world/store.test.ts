import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { CountersignError } from '../../../protocol/errors/countersign-error.ts';
import { fileStore } from '../../../emulator/world/real/file-store.ts';
import { hasSqlite, sqliteStore } from '../../../emulator/world/real/sqlite-store.ts';
import { memoryStore } from '../../../emulator/world/simulated/memory-store.ts';
import type { Store } from '../../../emulator/world/store.ts';

interface Entry {
  kind: string;
  amountFen: number;
  lines: string[];
}

const folder = mkdtempSync(join(tmpdir(), 'countersign-store-'));
afterAll(() => rmSync(folder, { recursive: true }));

let journals = 0;
function newPath(): string {
  return join(folder, `${journals++}.journal`);
}

/** Runs an act on a journal and closes it again, as a process would that ends. */
function withFile<Result>(
  path: string,
  act: (store: Store<Entry>) => Result,
  open: (path: string) => Store<Entry> & { close(): void } = fileStore,
): Result {
  const store = open(path);
  try {
    return act(store);
  } finally {
    store.close();
  }
}

type Reopen = <Result>(act: (store: Store<Entry>) => Result) => Result;

const implementations: [string, () => Reopen][] = [
  [
    'memory',
    () => {
      const store = memoryStore<Entry>();
      return (act) => act(store);
    },
  ],
  [
    'file',
    () => {
      const path = newPath();
      return (act) => withFile(path, act);
    },
  ],
];

if (hasSqlite()) {
  implementations.push([
    'SQLite',
    () => {
      const path = newPath();
      return (act) => withFile(path, act, sqliteStore);
    },
  ]);
}

const text = fc.string({ unit: 'binary' });
const entry: fc.Arbitrary<Entry> = fc.record({
  kind: text,
  amountFen: fc.maxSafeInteger(),
  lines: fc.array(fc.oneof(text, fc.constantFrom('\n', '\r\n', '消费', '"', '\u2028'))),
});

const sale: Entry = { kind: 'sale', amountFen: 10_000, lines: ['消费', 'a\nb'] };
const refund: Entry = { kind: 'refund', amountFen: -300, lines: [] };
const freeze: Entry = { kind: 'freeze', amountFen: 5_000, lines: ['"'] };

describe.each(implementations)('the %s store', (_, create) => {
  it('is empty at first, and after nothing was appended', () => {
    const reopen = create();
    expect(reopen((store) => [...store.replay()])).toEqual([]);
    reopen((store) => store.append([]));
    expect(reopen((store) => [...store.replay()])).toEqual([]);
  });

  it('replays what was appended, in order, as often as asked', () => {
    create()((store) => {
      store.append([sale, refund]);
      store.append([freeze]);
      expect([...store.replay()]).toEqual([sale, refund, freeze]);
      expect([...store.replay()]).toEqual([sale, refund, freeze]);
    });
  });

  it('survives being opened again, and goes on behind the last entry', () => {
    const reopen = create();
    reopen((store) => store.append([sale]));
    reopen((store) => store.append([refund]));
    reopen((store) => {
      store.replay();
      store.append([freeze]);
    });
    expect(reopen((store) => [...store.replay()])).toEqual([sale, refund, freeze]);
  });

  it('holds copies: who changes an entry later changes no journal', () => {
    create()((store) => {
      const given = structuredClone(sale);
      store.append([given]);
      given.lines.push('changed');
      [...store.replay()][0]!.lines.push('changed');
      expect([...store.replay()]).toEqual([sale]);
    });
  });

  it('replays any groups of entries', () => {
    fc.assert(
      fc.property(fc.array(fc.array(entry, { maxLength: 3 }), { maxLength: 4 }), (groups) => {
        const reopen = create();
        for (const group of groups) reopen((store) => store.append(group));
        expect(reopen((store) => [...store.replay()])).toEqual(groups.flat());
      }),
      { numRuns: 30 },
    );
  });
});

function refusalOf(act: () => unknown): { code: string; offset: number | undefined } | undefined {
  try {
    act();
  } catch (error) {
    if (!(error instanceof CountersignError)) throw error;
    return { code: error.code, offset: error.offset };
  }
  return undefined;
}

/** Three groups, the bytes of their journal, and where each group ends. */
function journal(): { bytes: Buffer; groups: Entry[][]; ends: number[] } {
  const groups = [[sale, refund], [freeze], [refund, sale]];
  const path = newPath();
  const ends = groups.map((group) => {
    withFile(path, (store) => store.append(group));
    return statSync(path).size;
  });
  return { bytes: readFileSync(path), groups, ends };
}

describe('the file store', () => {
  it('is readable by its owner only', () => {
    const path = newPath();
    withFile(path, (store) => store.append([sale]));
    expect(statSync(path).mode & 0o077).toBe(0);
  });

  it('writes one line a group, before append returns', () => {
    const path = newPath();
    withFile(path, (store) => {
      store.append([sale, refund]);
      expect(readFileSync(path, 'utf8').split('\n')).toHaveLength(2);
      store.append([freeze]);
      expect(readFileSync(path, 'utf8').split('\n')).toHaveLength(3);
    });
  });

  it('cuts a torn last line, whole groups or nothing, and goes on behind them', () => {
    const { bytes, groups, ends } = journal();
    for (let size = 0; size <= bytes.length; size++) {
      const path = newPath();
      writeFileSync(path, bytes.subarray(0, size));
      const whole = groups.filter((__, index) => ends[index]! <= size).flat();
      expect(withFile(path, (store) => store.replay())).toEqual(whole);
      withFile(path, (store) => store.append([freeze]));
      expect(withFile(path, (store) => store.replay())).toEqual([...whole, freeze]);
    }
  });

  it('stops the start when a byte is flipped, and leaves the file as it was (F105)', () => {
    const { bytes, ends } = journal();
    const path = newPath();
    // The last newline is left out: without it the last line reads as torn.
    for (let at = 0; at < bytes.length - 1; at++) {
      // The blank between checksum and entries says nothing that could be wrong.
      const lineStart = ends.findLast((end) => end <= at) ?? 0;
      if (at - lineStart === 16) continue;
      for (const value of [bytes[at]! ^ 1, bytes[at]! ^ 0x80, 10]) {
        if (value === bytes[at]) continue;
        const damaged = Buffer.from(bytes);
        damaged[at] = value;
        writeFileSync(path, damaged);
        expect(refusalOf(() => fileStore<Entry>(path))).toEqual({
          code: 'E_JOURNAL',
          offset: lineStart,
        });
        expect(readFileSync(path).equals(damaged)).toBe(true);
      }
    }
  });

  it('stops the start when a line is missing its own beginning', () => {
    const { bytes, ends } = journal();
    const path = newPath();
    writeFileSync(path, Buffer.concat([bytes.subarray(0, ends[0]), bytes.subarray(ends[0]! + 9)]));
    expect(refusalOf(() => fileStore<Entry>(path))?.code).toBe('E_JOURNAL');
  });

  it('notices damage that comes while it is open', () => {
    const { bytes } = journal();
    const path = newPath();
    writeFileSync(path, bytes);
    withFile(path, (store) => {
      const damaged = Buffer.from(bytes);
      damaged[30]! ^= 1;
      writeFileSync(path, damaged);
      expect(refusalOf(() => store.replay())?.code).toBe('E_JOURNAL');
    });
  });

  it('creates its file, but not the folder of it', () => {
    const path = newPath();
    withFile(path, () => undefined);
    expect(existsSync(path)).toBe(true);
    expect(() => fileStore(join(folder, 'nowhere', 'a.journal'))).toThrow(/ENOENT/);
  });
});
