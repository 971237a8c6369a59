import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type Database from 'better-sqlite3';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { CountersignError } from '../../../protocol/errors/countersign-error.ts';
import { seededRandom } from '../../../emulator/world/seeded-random.ts';
import {
  hasSqlite,
  readSqliteJournal,
  sqliteStore,
  type SqliteStore,
} from '../../../emulator/world/real/sqlite-store.ts';

interface Entry {
  readonly sale: number;
  readonly of: string;
}

/** Optional: without it there is nothing to test. */
const Sqlite = hasSqlite()
  ? (createRequire(import.meta.url)('better-sqlite3') as typeof Database)
  : undefined;

const folder = mkdtempSync(join(tmpdir(), 'countersign-sqlite-'));
afterAll(() => rmSync(folder, { recursive: true }));

let journals = 0;
function newPath(): string {
  return join(folder, `${journals++}.sqlite`);
}

function entriesOf(path: string): Entry[] {
  const store = sqliteStore<Entry>(path);
  try {
    return [...store.replay()];
  } finally {
    store.close();
  }
}

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof CountersignError) return error.code;
    throw error;
  }
  return 'none';
}

const GROUPS: readonly Entry[][] = Array.from({ length: 8 }, (_, group) =>
  Array.from({ length: 1 + (group % 3) }, (__, place) => ({
    sale: group * 10 + place,
    of: '消费 '.repeat(60 * group),
  })),
);

/** A write-ahead file of a journal in use was never shorter: header, and a page with its header. */
const FIRST_FRAME_END = 32 + 24 + 4096;

interface Copied {
  readonly main: Buffer;
  readonly wal: Buffer;
  /** Length of the write-ahead file after each group. */
  readonly ends: readonly number[];
}

/** A journal as a power cut leaves it: all groups are in the write-ahead file. */
function cutOff(groups: readonly Entry[][] = GROUPS): Copied {
  const path = newPath();
  const store = sqliteStore<Entry>(path);
  const ends = groups.map((group) => {
    store.append(group);
    return statSync(`${path}-wal`).size;
  });
  copyFileSync(path, `${path}.copy`);
  copyFileSync(`${path}-wal`, `${path}.copy-wal`);
  store.close();
  return { main: readFileSync(`${path}.copy`), wal: readFileSync(`${path}.copy-wal`), ends };
}

function laid({ main, wal }: { readonly main: Buffer; readonly wal?: Buffer }): string {
  const path = newPath();
  writeFileSync(path, main);
  if (wal !== undefined) writeFileSync(`${path}-wal`, wal);
  return path;
}

/** A journal that was closed: everything is in the main file. */
function closed(groups: readonly Entry[][] = GROUPS): Buffer {
  const path = newPath();
  const store = sqliteStore<Entry>(path);
  for (const group of groups) store.append(group);
  store.close();
  expect(existsSync(`${path}-wal`)).toBe(false);
  return readFileSync(path);
}

/** Runs SQL on a journal behind its back. */
function tamper(path: string, sql: string): void {
  const db = new Sqlite!(path);
  db.exec(sql);
  db.close();
}

describe.skipIf(Sqlite === undefined)('the SQLite store', () => {
  it('is readable by its owner only, the files beside it as well', () => {
    const path = newPath();
    const store = sqliteStore<Entry>(path);
    store.append(GROUPS[0]!);
    for (const end of ['', '-wal', '-shm', '-head'])
      expect(statSync(path + end).mode & 0o077).toBe(0);
    store.close();
  });

  it('writes ahead and syncs every commit', () => {
    const pragma = vi.spyOn(Sqlite!.prototype, 'pragma');
    const store = sqliteStore(newPath());
    // How a connection syncs is its own: no other one can say it.
    const [db] = pragma.mock.contexts as Database.Database[];
    pragma.mockRestore();
    expect(db?.pragma('journal_mode', { simple: true })).toBe('wal');
    expect(db?.pragma('synchronous', { simple: true })).toBe(2);
    store.close();
  });

  it('has every group in its files when append returns', () => {
    const whole = cutOff();
    const path = laid(whole);
    expect(entriesOf(path)).toEqual(GROUPS.flat());
  });

  it('cuts a torn last group, whole groups or nothing, and goes on behind it', () => {
    const { main, wal, ends } = cutOff();
    const random = seededRandom(7);
    const sizes = [FIRST_FRAME_END, ...ends, ...ends.map((end) => end - 1)];
    const rest = wal.length - FIRST_FRAME_END;
    for (let more = 0; more < 60; more++) sizes.push(FIRST_FRAME_END + random.below(rest));
    for (const size of sizes) {
      const path = laid({ main, wal: wal.subarray(0, size) });
      const whole = GROUPS.filter((_, group) => ends[group]! <= size).flat();
      expect(entriesOf(path)).toEqual(whole);
      const store = sqliteStore<Entry>(path);
      expect([...store.replay()]).toEqual(whole);
      store.append([{ sale: 99, of: 'later' }]);
      store.close();
      expect(entriesOf(path)).toEqual([...whole, { sale: 99, of: 'later' }]);
    }
  });

  it('stops the start at a flipped byte of the write-ahead file (F105)', () => {
    const { main, wal } = cutOff();
    const random = seededRandom(8);
    const codes = new Set<string>();
    for (let flips = 0; flips < 400; flips++) {
      const damaged = Buffer.from(wal);
      const at = random.below(damaged.length);
      damaged[at]! ^= 1 << random.below(8);
      const path = laid({ main, wal: damaged });
      let read: Entry[] = [];
      const code = codeOf(() => (read = entriesOf(path)));
      // So that a failure says where.
      if (code === 'none') expect([at, read]).toBe('noticed');
      codes.add(code);
    }
    expect([...codes].sort()).toEqual(['E_JOURNAL']);
  });

  it('says at which byte of the write-ahead file', () => {
    const { main, wal, ends } = cutOff();
    const damaged = Buffer.from(wal);
    damaged[ends[2]! + 100]! ^= 4;
    const path = laid({ main, wal: damaged });
    expect(() => sqliteStore(path)).toThrow(
      expect.objectContaining({ code: 'E_JOURNAL', offset: ends[2] }),
    );
    expect(readFileSync(`${path}-wal`).equals(damaged)).toBe(true);
  });

  it('loses nothing to a flipped byte of the main file: all is read, or the start is stopped', () => {
    const main = closed();
    const random = seededRandom(9);
    let stopped = 0;
    for (let flips = 0; flips < 500; flips++) {
      const damaged = Buffer.from(main);
      damaged[random.below(damaged.length)]! ^= 1 << random.below(8);
      const path = laid({ main: damaged });
      let read: Entry[] = [];
      const code = codeOf(() => (read = entriesOf(path)));
      if (code === 'none') expect(read).toEqual(GROUPS.flat());
      else stopped++;
    }
    expect(stopped).toBeGreaterThan(100);
  });

  it.each([
    [
      'a changed entry',
      "UPDATE journal SET entries = replace(entries, '10', '11') WHERE seq = 2",
      2,
    ],
    ['a row taken out', 'DELETE FROM journal WHERE seq = 3', 3],
    ['two rows in each other’s place', swapped(4, 5), 4],
    ['a row cut off the end', 'DELETE FROM journal WHERE seq = 8', 8],
    ['a row added', "INSERT INTO journal SELECT 9, hash, hash, '[]' FROM form", 9],
    ['all rows gone', 'DELETE FROM journal', 1],
  ])('notices %s, and names the place', (_what, sql, place) => {
    const path = laid({ main: closed() });
    tamper(path, sql);
    const store = sqliteStore<Entry>(path);
    expect(() => [...store.replay()]).toThrow(
      expect.objectContaining({
        code: 'E_JOURNAL',
        message: expect.stringMatching(`record ${place}$`),
      }),
    );
    store.close();
  });

  it('refuses a journal of another version, a file that is none, and one without its tables', () => {
    const later = laid({ main: closed() });
    tamper(later, 'UPDATE form SET version = 4');
    expect(codeOf(() => sqliteStore(later))).toBe('E_JOURNAL_VERSION');
    tamper(later, 'UPDATE form SET version = 0');
    expect(codeOf(() => sqliteStore(later))).toBe('E_JOURNAL_VERSION');
    expect(codeOf(() => readSqliteJournal(later))).toBe('E_JOURNAL_VERSION');
    const text = laid({
      main: Buffer.from('a shopping list, long enough to be read as pages'.repeat(20)),
    });
    expect(codeOf(() => sqliteStore(text))).toBe('E_JOURNAL');
    const other = newPath();
    tamper(other, 'CREATE TABLE other (a)');
    expect(codeOf(() => sqliteStore(other))).toBe('E_JOURNAL');
    expect(codeOf(() => readSqliteJournal(newPath()))).toBe('E_FILE');
  });

  it('does not begin again over what was written ahead of a file that is empty now', () => {
    const { main, wal } = cutOff();
    for (const lost of [Buffer.alloc(0), undefined]) {
      const path = newPath();
      if (lost !== undefined) writeFileSync(path, lost);
      writeFileSync(`${path}-wal`, wal);
      expect(codeOf(() => sqliteStore(path))).toBe('E_JOURNAL');
      expect(readFileSync(`${path}-wal`)).toEqual(wal);
      writeFileSync(path, main);
      expect(entriesOf(path)).toEqual(GROUPS.flat());
    }
  });

  it('says that the disk is full, and has what it had', () => {
    const path = newPath();
    const store = sqliteStore<Entry>(path, { maxPages: 12 });
    const kept: Entry[] = [];
    const fill = (): void => {
      for (let sale = 0; sale < 100; sale++) {
        const group = [{ sale, of: 'x'.repeat(3000) }];
        store.append(group);
        kept.push(...group);
      }
    };
    expect(codeOf(fill)).toBe('E_JOURNAL_WRITE');
    expect(kept.length).toBeGreaterThan(2);
    expect([...store.replay()]).toEqual(kept);
    store.close();
    expect(entriesOf(path)).toEqual(kept);
  });

  it('has one writer at a time', () => {
    const path = newPath();
    const store = sqliteStore<Entry>(path);
    expect(codeOf(() => sqliteStore(path))).toBe('E_JOURNAL_BUSY');
    store.append(GROUPS[1]!);
    store.close();
    expect(entriesOf(path)).toEqual(GROUPS[1]);
  });

  it('is read while it is written, as it was at one moment', () => {
    const path = newPath();
    const store = sqliteStore<Entry>(path);
    store.append(GROUPS[1]!);
    const looked = readSqliteJournal<Entry>(path);
    store.append(GROUPS[2]!);
    expect([...looked.entries]).toEqual(GROUPS[1]);
    expect(looked.head.groups).toBe(1);
    looked.close();
    const again = readSqliteJournal<Entry>(path);
    expect([...again.entries]).toEqual([...GROUPS[1]!, ...GROUPS[2]!]);
    again.close();
    store.close();
  });

  it('is read after a power cut, and left as it was', () => {
    const { main, wal, ends } = cutOff();
    const path = laid({ main, wal: wal.subarray(0, ends[3]! + 50) });
    const before = readFileSync(path);
    const looked = readSqliteJournal<Entry>(path);
    expect(looked.isTorn).toBe(true);
    expect([...looked.entries]).toEqual(GROUPS.slice(0, 4).flat());
    looked.close();
    expect(readFileSync(path).equals(before)).toBe(true);
  });
});

/** A journal in use, its files copied after every group. */
function copiedInUse(): { readonly paths: readonly string[]; readonly store: SqliteStore<Entry> } {
  const path = newPath();
  const store = sqliteStore<Entry>(path);
  const paths = [[], ...GROUPS].map((group) => {
    store.append(group);
    const copy = newPath();
    for (const end of ['', '-wal', '-head']) copyFileSync(path + end, copy + end);
    return copy;
  });
  return { paths, store };
}

/** What both who goes on with a journal and who looks at it say of it. */
function refusalOf(path: string): string {
  const told = [() => sqliteStore(path), () => readSqliteJournal(path)].map((open) => {
    try {
      open().close();
    } catch (error) {
      const { code, message } = error as CountersignError;
      return `${code} ${message.replaceAll(path, 'J')}`;
    }
    return 'none';
  });
  expect(told[1]).toBe(told[0]);
  return told[0]!;
}

describe.skipIf(Sqlite === undefined)('a journal in SQLite that has lost groups', () => {
  it('is whole at every instant of its life, also where the file beside it is older', () => {
    const { paths, store } = copiedInUse();
    store.close();
    for (const [groups, path] of paths.entries()) {
      for (const older of paths.slice(0, groups)) {
        copyFileSync(`${older}-head`, `${path}-head`);
        expect(refusalOf(path)).toBe('none');
      }
      expect(entriesOf(path)).toEqual(GROUPS.slice(0, groups).flat());
    }
  });

  it('is refused without its write-ahead file, alone as well, until it was stopped', () => {
    const { paths, store } = copiedInUse();
    for (const path of paths) {
      const wal = readFileSync(`${path}-wal`);
      for (const left of [undefined, Buffer.alloc(0), wal.subarray(0, FIRST_FRAME_END - 1)]) {
        rmSync(`${path}-wal`, { force: true });
        rmSync(`${path}-head`, { force: true });
        if (left !== undefined) writeFileSync(`${path}-wal`, left);
        // One that is torn in its header is damage of another kind.
        expect(refusalOf(path)).toMatch(/^E_JOURNAL .*(?:J-wal with its last groups|J-wal, byte)/);
      }
      expect(existsSync(`${path}-head`)).toBe(false);
      writeFileSync(`${path}-wal`, wal);
      expect(refusalOf(path)).toBe('none');
    }
    store.close();
    const alone = laid({ main: closed() });
    expect(entriesOf(alone)).toEqual(GROUPS.flat());
  });

  it('is refused where the write-ahead file ends before the group that was the last', () => {
    const { paths, store } = copiedInUse();
    store.close();
    for (let groups = paths.length - 1; groups > 0; groups--) {
      const path = paths[groups]!;
      const shorter = readFileSync(`${paths[groups - 1]!}-wal`);
      writeFileSync(`${path}-wal`, shorter);
      expect(refusalOf(path)).toMatch(`J has ${groups - 1} groups, and had ${groups}`);
      // A person may want to see it as it was found.
      expect(readFileSync(`${path}-wal`).equals(shorter)).toBe(true);
    }
  });

  it('is refused where an older one, another one or none lies in its place', () => {
    const path = newPath();
    for (const group of GROUPS.slice(0, 3)) {
      const store = sqliteStore<Entry>(path);
      store.append(group);
      store.close();
      copyFileSync(path, `${path}.${store.head.groups}`);
    }
    copyFileSync(`${path}.2`, path);
    expect(refusalOf(path)).toMatch('J has 2 groups, and had 3');
    writeFileSync(path, closed());
    expect(refusalOf(path)).toBe('none');
    writeFileSync(path, closed([...GROUPS].toReversed()));
    expect(refusalOf(path)).toMatch('J, record 8 is not the one that J-head names');
    rmSync(path);
    expect(codeOf(() => sqliteStore(path))).toBe('E_JOURNAL');
    expect(existsSync(path)).toBe(false);
    copyFileSync(`${path}.3`, path);
    expect(refusalOf(path)).toMatch('J has 3 groups, and had 8');
    rmSync(`${path}-head`);
    expect(entriesOf(path)).toEqual(GROUPS.slice(0, 3).flat());
  });

  it('goes on where a power cut has left nothing of use in the file beside it', () => {
    const { paths, store } = copiedInUse();
    store.close();
    const path = paths.at(-1)!;
    const head = readFileSync(`${path}-head`);
    head[3]! ^= 1;
    for (const left of [head, Buffer.alloc(head.length), head.subarray(0, 20), Buffer.alloc(0)]) {
      writeFileSync(`${path}-head`, left);
      expect(refusalOf(path)).toBe('none');
    }
  });
});

function swapped(one: number, other: number): string {
  return `UPDATE journal SET seq = 100 WHERE seq = ${one};
    UPDATE journal SET seq = ${one} WHERE seq = ${other};
    UPDATE journal SET seq = ${other} WHERE seq = 100`;
}
