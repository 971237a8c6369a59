import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type Database from 'better-sqlite3';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { CountersignError } from '../../../protocol/errors/countersign-error.ts';
import {
  hasSqlite,
  readSqliteJournal,
  sqliteStore,
} from '../../../emulator/world/real/sqlite-store.ts';

/** Optional: without it there is nothing to test. */
const Sqlite = hasSqlite()
  ? (createRequire(import.meta.url)('better-sqlite3') as typeof Database)
  : undefined;

const folder = mkdtempSync(join(tmpdir(), 'countersign-access-'));
afterAll(() => rmSync(folder, { recursive: true }));

function codeOf(open: () => unknown): string | undefined {
  try {
    open();
  } catch (error) {
    return error instanceof CountersignError ? error.code : String(error);
  }
  return undefined;
}

describe.skipIf(Sqlite === undefined)('a journal in SQLite', () => {
  it('that fills up when it is opened is full, not damaged', () => {
    const path = join(folder, 'full');
    const store = sqliteStore<object>(path);
    for (let sale = 0; sale < 8; sale++) store.append([{ sale, of: 'x'.repeat(3000) }]);
    store.close();
    vi.spyOn(Sqlite!.prototype, 'exec').mockImplementation(() => {
      throw Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' });
    });
    const code = codeOf(() => sqliteStore(path));
    vi.restoreAllMocks();
    expect(code).toBe('E_JOURNAL_WRITE');
    const again = sqliteStore<object>(path);
    expect([...again.replay()]).toHaveLength(8);
    again.close();
  });

  it('that may not be opened is not called damaged, by whoever looks or writes', () => {
    const path = join(folder, 'locked');
    sqliteStore<object>(path).close();
    // Nobody can lock a folder; unlike rights, that holds for every user.
    rmSync(`${path}-lock`, { force: true });
    mkdirSync(`${path}-lock`);
    expect(codeOf(() => sqliteStore(path))).toBe('E_FILE');
    expect(codeOf(() => readSqliteJournal(path))).toBe('E_FILE');
  });

  it('whose last frame was only begun when its process was killed goes on without it', () => {
    const path = join(folder, 'begun');
    const store = sqliteStore<object>(path);
    store.append([{ sale: 1 }]);
    copyFileSync(`${path}-head`, join(folder, 'head-before'));
    store.append([{ sale: 2 }]);
    const killed = (name: string, head: string | undefined): string => {
      const copy = join(folder, name);
      copyFileSync(path, copy);
      const wal = readFileSync(`${path}-wal`);
      // The head of the last frame was written, which says that it is the end; its page was not.
      wal.fill(0, wal.length - 4096);
      writeFileSync(`${copy}-wal`, wal);
      if (head !== undefined) copyFileSync(head, `${copy}-head`);
      return copy;
    };
    const begun = killed('begun-only', join(folder, 'head-before'));
    expect(readSqliteJournal(begun)).toMatchObject({ isTorn: true, head: { groups: 1 } });
    const again = sqliteStore<object>(begun);
    expect([...again.replay()]).toEqual([{ sale: 1 }]);
    again.close();
    // One that was known to be whole is damaged; and so is one of which nobody knows.
    expect(codeOf(() => sqliteStore(killed('known', `${path}-head`)))).toBe('E_JOURNAL');
    expect(codeOf(() => sqliteStore(killed('unknown', undefined)))).toBe('E_JOURNAL');
    store.close();
  });
});
