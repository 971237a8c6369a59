import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
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
});
