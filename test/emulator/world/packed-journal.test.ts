import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type Database from 'better-sqlite3';
import { afterAll, describe, expect, it } from 'vitest';
import {
  hasSqlite,
  readSqliteJournal,
  sqliteStore,
} from '../../../emulator/world/real/sqlite-store.ts';
import type { PackedForm } from '../../../emulator/world/store.ts';

interface Entry {
  readonly sale: number;
}

const folder = mkdtempSync(join(tmpdir(), 'countersign-packed-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Two entries in a list, and a last one as it is. */
const IN_PAIRS: PackedForm<Entry> = {
  pack: (entries) =>
    entries.flatMap((entry, at) => {
      if (at % 2 === 1) return [];
      const next = entries[at + 1];
      return [next === undefined ? entry : [entry, next]];
    }),
  unpack: (packed) => (packed.length === 2 ? (packed as readonly Entry[]) : undefined),
};

const ENTRIES = [{ sale: 1 }, { sale: 2 }, { sale: 3 }];
const TWICE = [...ENTRIES, ...ENTRIES];

/** Version of a journal, and its last group as it stands there. */
function rawOf(path: string): { version: unknown; last: unknown } {
  const Sqlite = createRequire(import.meta.url)('better-sqlite3') as typeof Database;
  const db = new Sqlite(path, { readonly: true });
  try {
    const version = db.prepare('SELECT version FROM form').pluck().get();
    const last = db.prepare('SELECT entries FROM journal ORDER BY seq DESC').pluck().get();
    return { version, last: JSON.parse(last as string) as unknown };
  } finally {
    db.close();
  }
}

function written(path: string, form?: PackedForm<Entry>): void {
  const store = sqliteStore<Entry>(path, form === undefined ? {} : { form });
  store.append(ENTRIES);
  store.close();
}

describe.skipIf(!hasSqlite())('a journal whose entries are packed', () => {
  it('goes on from one where they are not, which is of another version from its first group on', () => {
    const path = join(folder, 'from-plain.sqlite');
    written(path);
    expect(rawOf(path)).toEqual({ version: 1, last: ENTRIES });
    const store = sqliteStore<Entry>(path, { form: IN_PAIRS });
    // Whoever only opens it leaves it to those who can read the older one.
    expect(rawOf(path).version).toBe(1);
    store.append(ENTRIES);
    expect([...store.replay()]).toEqual(TWICE);
    store.close();
    expect(rawOf(path)).toEqual({ version: 3, last: [ENTRIES.slice(0, 2), ENTRIES[2]] });
    const looked = readSqliteJournal<Entry>(path, { form: IN_PAIRS });
    expect([...looked.entries]).toEqual(TWICE);
    looked.close();
  });

  it('does not become one of the older version again', () => {
    const path = join(folder, 'to-plain.sqlite');
    written(path, IN_PAIRS);
    written(path);
    expect(rawOf(path)).toEqual({ version: 3, last: ENTRIES });
    const store = sqliteStore<Entry>(path, { form: IN_PAIRS });
    expect([...store.replay()]).toEqual(TWICE);
    store.close();
  });

  it.each([
    ['by nobody who knows no form', undefined],
    ['by none of another form', { ...IN_PAIRS, unpack: () => undefined }],
  ] as const)('is read %s', (_who, form) => {
    const path = join(folder, `${form === undefined ? 'none' : 'other'}.sqlite`);
    written(path, IN_PAIRS);
    const store = sqliteStore<Entry>(path, form === undefined ? {} : { form });
    const replay = (): Entry[] => [...store.replay()];
    expect(replay).toThrow(expect.objectContaining({ code: 'E_JOURNAL' }));
    expect(replay).toThrow('record 1');
    store.close();
  });

  it('is left as it is where it is of a later version, also when its host was killed', () => {
    const [used, path] = ['used', 'later'].map((name) => join(folder, `${name}.sqlite`));
    const store = sqliteStore<Entry>(used!, { form: IN_PAIRS });
    store.append(ENTRIES);
    for (const end of ['', '-wal']) copyFileSync(used! + end, `${used}.copy${end}`);
    store.close();
    const Sqlite = createRequire(import.meta.url)('better-sqlite3') as typeof Database;
    const later = new Sqlite(`${used}.copy`);
    later.exec('UPDATE form SET version = 4');
    const files = ['', '-wal'].map((end) => [end, readFileSync(`${used}.copy${end}`)] as const);
    later.close();
    // Without the file beside that says how far it went.
    for (const [end, bytes] of files) writeFileSync(path! + end, bytes);
    const open = (): unknown => sqliteStore<Entry>(path!, { form: IN_PAIRS });
    expect(open).toThrow(expect.objectContaining({ code: 'E_JOURNAL_VERSION' }));
    for (const [end, bytes] of files) expect(readFileSync(path! + end).equals(bytes)).toBe(true);
  });

  it('is read in the version before as well, and is of this one when it is written to', () => {
    const path = join(folder, 'before.sqlite');
    written(path, IN_PAIRS);
    const Sqlite = createRequire(import.meta.url)('better-sqlite3') as typeof Database;
    const db = new Sqlite(path);
    db.exec('UPDATE form SET version = 2');
    db.close();
    const store = sqliteStore<Entry>(path, { form: IN_PAIRS });
    expect([...store.replay()]).toEqual(ENTRIES);
    expect(rawOf(path).version).toBe(2);
    store.append(ENTRIES);
    store.close();
    expect(rawOf(path).version).toBe(3);
  });
});
