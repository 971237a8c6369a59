import { isAscii } from 'node:buffer';
import { createHash } from 'node:crypto';
import { closeSync, existsSync, openSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import type Database from 'better-sqlite3';
import { CountersignError } from '../../../protocol/errors/countersign-error.ts';
import type { PackedEntries, PackedForm, Store } from '../store.ts';
import { checkWal, lacksWal, WAL_MARK } from './check-wal.ts';
import { headFile, readHead, type HearGroup, type JournalHead } from './journal-head.ts';
import type { SpareRoom } from './spare-room.ts';

/**
 * Written into every journal; a program that knows no such does not touch it. 1: every entry as it is;
 * 3: some of them packed. One of version 1 that is written to with a form becomes one of version 3. In
 * version 2, which is read as well, what is packed has less beside it.
 */
export const JOURNAL_VERSION = { plain: 1, packed: 3 } as const;

/** How long a journal that somebody looks at may keep its host waiting. */
const BUSY_MS = 2000;

/**
 * One row a group: its number, the hash of the row before, its own, and its entries. `form` says how
 * many there are, so that rows cut off at the end are missed too.
 */
const SCHEMA = `
  CREATE TABLE form (version INTEGER NOT NULL, groups INTEGER NOT NULL, hash BLOB NOT NULL) STRICT;
  CREATE TABLE journal (
    seq INTEGER PRIMARY KEY, prior BLOB NOT NULL, hash BLOB NOT NULL, entries TEXT NOT NULL
  ) STRICT;
`;

const NOTHING_BEFORE = Buffer.alloc(32);

export interface SqliteStore<Entry extends object> extends Store<Entry> {
  readonly head: JournalHead;
  close(): void;
}

export interface SqliteOptions<Entry extends object> {
  /** How entries are packed; each as it is when none is given. */
  readonly form?: PackedForm<Entry>;
  /** Pages that the file may have: a disk that is full, for tests. */
  readonly maxPages?: number;
  /** Sets room aside for when the disk is full: see {@link spareFile}. */
  readonly spare?: () => SpareRoom;
}

/** Whether journals can be kept in SQLite here: its package is optional. */
export function hasSqlite(): boolean {
  try {
    sqlite();
    return true;
  } catch {
    return false;
  }
}

/**
 * A journal in SQLite, synced when `append` returns. Its rows are a chain of hashes: a flipped byte,
 * a row that is missing or at another place stops the replay. What a power cut has torn is cut off.
 *
 * While it is in use its newest groups are in the write-ahead file alone. So the main file carries a
 * mark from before the first append until all is in it, and a file beside says how far it went: one
 * that has lost its write-ahead file, or is shorter than it was, is refused.
 *
 * With `spare` another one holds nothing but room: when the disk is full what is under way takes it,
 * and `isShort` says so until there is room again.
 *
 * @throws E_SQLITE, E_JOURNAL, E_JOURNAL_BUSY, E_JOURNAL_VERSION
 */
export function sqliteStore<Entry extends object>(
  path: string,
  { maxPages, spare, form }: SqliteOptions<Entry> = {},
): SqliteStore<Entry> {
  const lock = lockOf(path, BUSY_MS);
  let db: Database.Database | undefined;
  try {
    const known = readHead(path);
    checkWal(`${path}-wal`, known !== undefined);
    if (sizeOf(path) === 0 && sizeOf(`${path}-wal`) > 0) {
      throw new CountersignError('E_JOURNAL', { text: `${path} is empty, and ${path}-wal is not` });
    }
    if (lacksWal(path)) throw withoutWal(path);
    // Before an empty one is made in its place.
    if (sizeOf(path) > 0) leaveIfForeign(path, known);
    else if (known !== undefined && known.groups > 0) throw shorter(path, known, 0);
    // SQLite gives the files beside it the same rights.
    closeSync(openSync(path, 'a', 0o600));
    db = new (sqlite())(path, { timeout: BUSY_MS });
    if (maxPages !== undefined) db.pragma(`max_page_count = ${maxPages}`);
    return opened(path, db, lock, spare?.() ?? NO_SPARE, form);
  } catch (error) {
    db?.close();
    lock.close();
    throw named(path, error);
  }
}

function opened<Entry extends object>(
  path: string,
  db: Database.Database,
  lock: Database.Database,
  spare: SpareRoom,
  form: PackedForm<Entry> | undefined,
): SqliteStore<Entry> {
  const version = form === undefined ? JOURNAL_VERSION.plain : JOURNAL_VERSION.packed;
  // Made before it becomes a write-ahead journal: half of it is never there.
  if (db.pragma('page_count', { simple: true }) === 0) {
    db.transaction(() => {
      db.exec(SCHEMA);
      db.prepare('INSERT INTO form VALUES (?, 0, ?)').run(version, NOTHING_BEFORE);
    })();
  }
  let head = headOf(path, db);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  mark(db, WAL_MARK);
  const beside = headFile(path, head);
  const insert = db.prepare('INSERT INTO journal VALUES (?, ?, ?, ?)');
  const move = db.prepare('UPDATE form SET version = max(version, ?), groups = ?, hash = ?');
  const commit = db.transaction((next: JournalHead, entries: string) => {
    insert.run(next.groups, head.hash, next.hash, entries);
    move.run(version, next.groups, next.hash);
  });
  /** When it was looked last whether there is room again; undefined while there is. */
  let shortSinceMs = spare === NO_SPARE || spare.retake() ? undefined : performance.now();
  const write = (next: JournalHead, text: string): void => {
    try {
      commit.immediate(next, text);
    } catch (error) {
      // Nothing of it was written, and for what is under way there is room set aside.
      if (!isFull(error) || !spare.release()) throw error;
      shortSinceMs = performance.now();
      commit.immediate(next, text);
    }
  };
  return {
    get head() {
      return head;
    },
    append(entries) {
      if (entries.length === 0) return;
      const text = JSON.stringify(form === undefined ? entries : form.pack(entries));
      const next = { groups: head.groups + 1, hash: hashOf(head.hash, text) };
      try {
        write(next, text);
      } catch (cause) {
        throw new CountersignError('E_JOURNAL_WRITE', { text: `${path}: ${textOf(cause)}`, cause });
      }
      head = next;
      beside.move(next);
    },
    isShort() {
      if (shortSinceMs === undefined) return false;
      if (performance.now() - shortSinceMs < LOOK_AGAIN_MS) return true;
      shortSinceMs = spare.retake() ? undefined : performance.now();
      return shortSinceMs !== undefined;
    },
    replay: () => entriesOf<Entry>(path, db, form),
    close() {
      try {
        mark(db, 0);
      } catch {
        // Its disk is full: the write-ahead file stays beside it.
      }
      db.close();
      beside.close();
      spare.close();
      lock.close();
    },
  };
}

/** A full disk stops whoever has nothing set aside. */
const NO_SPARE: SpareRoom = {
  release: () => false,
  retake: () => false,
  close: () => undefined,
};

/** How often a full disk is asked for room. */
const LOOK_AGAIN_MS = 1000;

function isFull(error: unknown): boolean {
  return (error as { readonly code?: unknown }).code === 'SQLITE_FULL';
}

/**
 * Writes into the main file whether groups may be outside of it. Setting the mark leaves frames in the
 * write-ahead file, which from then on never is without any; clearing it empties that file, but not
 * before the main file has everything and is synced.
 */
function mark(db: Database.Database, value: number): void {
  // First, so that there is room for the mark where the disk is full.
  db.pragma('wal_checkpoint(PASSIVE)');
  db.pragma(`user_version = ${value}`);
  db.pragma(`wal_checkpoint(${value === 0 ? 'TRUNCATE' : 'PASSIVE'})`);
}

/**
 * Looks without writing: whoever writes takes the write-ahead file in as he closes, also a wrong one, or
 * that of a later version.
 */
function leaveIfForeign(path: string, known: JournalHead | undefined): void {
  if ((known?.groups ?? 0) === 0 && sizeOf(`${path}-wal`) === 0) return;
  const db = new (sqlite())(path, { readonly: true, timeout: BUSY_MS });
  try {
    checkHead(path, db, headOf(path, db), known);
  } finally {
    db.close();
  }
}

/** Whether all is there that was: as many groups at least, and the last known one among them. */
function checkHead(
  path: string,
  db: Database.Database,
  { groups }: JournalHead,
  known: JournalHead | undefined,
): void {
  if (known === undefined || known.groups === 0) return;
  if (groups < known.groups) throw shorter(path, known, groups);
  const found = db.prepare('SELECT hash FROM journal WHERE seq = ?').pluck().get(known.groups);
  if (Buffer.isBuffer(found) && found.equals(known.hash)) return;
  const text = `${path}, record ${known.groups} is not the one that ${path}-head names`;
  throw new CountersignError('E_JOURNAL', { text, hint: WHOLE_HINT });
}

/**
 * What a journal holds, for people who only look: it may be in use, and nothing is changed. What is
 * read is as it was at one moment.
 *
 * @throws E_SQLITE, E_FILE, E_JOURNAL, E_JOURNAL_VERSION
 */
export function readSqliteJournal<Entry extends object>(
  path: string,
  { form, hear }: { readonly form?: PackedForm<Entry>; readonly hear?: HearGroup } = {},
): {
  readonly entries: Iterable<Entry>;
  readonly head: JournalHead;
  readonly isTorn: boolean;
  readonly close: () => void;
} {
  if (!existsSync(path)) throw new CountersignError('E_FILE', { text: path });
  const isTorn = isTornNow(path);
  // Before the journal: it may grow meanwhile.
  const known = readHead(path);
  let db: Database.Database | undefined;
  try {
    db = new (sqlite())(path, { readonly: true, timeout: BUSY_MS });
    db.exec('BEGIN');
    const head = headOf(path, db);
    checkHead(path, db, head, known);
    const looking = db;
    return {
      entries: { [Symbol.iterator]: () => entriesOf<Entry>(path, looking, form, hear) },
      head,
      isTorn,
      close: () => looking.close(),
    };
  } catch (error) {
    db?.close();
    throw named(path, error);
  }
}

/** Whoever writes it knows what he writes: it is looked at only when nobody does. */
function isTornNow(path: string): boolean {
  let lock: Database.Database;
  try {
    lock = lockOf(path, 0);
  } catch (error) {
    // Somebody writes it.
    if (error instanceof CountersignError && error.code === 'E_JOURNAL_BUSY') return false;
    throw error;
  }
  try {
    const { isTorn } = checkWal(`${path}-wal`, readHead(path) !== undefined);
    if (lacksWal(path)) throw withoutWal(path);
    return isTorn;
  } finally {
    lock.close();
  }
}

/** One writer at a time, until it closes or its process is gone: the system takes the lock back. */
function lockOf(path: string, timeout: number): Database.Database {
  let lock: Database.Database | undefined;
  try {
    lock = new (sqlite())(`${path}-lock`, { timeout });
    lock.exec('BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock?.close();
    throw named(path, error);
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function headOf(path: string, db: Database.Database): JournalHead {
  const form = db.prepare('SELECT version, groups, hash FROM form').all() as {
    version: number;
    groups: number;
    hash: Buffer;
  }[];
  const [only] = form;
  if (only === undefined || form.length > 1) {
    throw new CountersignError('E_JOURNAL', { text: `${path}, its form` });
  }
  const { version, groups, hash } = only;
  if (!(version >= JOURNAL_VERSION.plain && version <= JOURNAL_VERSION.packed)) {
    const text = `${path} is of version ${version}, this program knows ${JOURNAL_VERSION.packed}`;
    throw new CountersignError('E_JOURNAL_VERSION', { text });
  }
  return { groups, hash };
}

/** Row by row: each must follow the one before, and the last one must be the one that `form` names. */
function* entriesOf<Entry extends object>(
  path: string,
  db: Database.Database,
  form: PackedForm<Entry> | undefined,
  hear?: HearGroup,
): Generator<Entry, void> {
  try {
    const head = headOf(path, db);
    const rows = db
      .prepare('SELECT seq, prior, hash, CAST(entries AS BLOB) FROM journal ORDER BY seq')
      .raw();
    let groups = 0;
    let last: Buffer = NOTHING_BEFORE;
    for (const row of rows.iterate() as Iterable<[number, Buffer, Buffer, Buffer]>) {
      const [seq, prior, hash, entries] = row;
      groups++;
      const follows = seq === groups && prior.equals(last);
      if (!follows || !hash.equals(hashOf(prior, entries))) throw damaged(path, groups);
      last = hash;
      hear?.({ groups, hash });
      // A text that is ASCII is read several times as fast as one that may not be.
      const text = entries.toString(isAscii(entries) ? 'latin1' : 'utf8');
      for (const item of JSON.parse(text) as (Entry | PackedEntries)[]) {
        if (!isPacked(item)) yield item;
        else {
          const unpacked = form?.unpack(item);
          if (unpacked === undefined) throw damaged(path, groups);
          yield* unpacked;
        }
      }
    }
    if (groups !== head.groups || !last.equals(head.hash)) throw damaged(path, groups + 1);
  } catch (error) {
    throw named(path, error);
  }
}

function isPacked<Entry extends object>(item: Entry | PackedEntries): item is PackedEntries {
  return Array.isArray(item);
}

function hashOf(prior: Buffer, entries: Buffer | string): Buffer {
  return createHash('sha256').update(prior).update(entries).digest();
}

const WHOLE_HINT =
  'a journal is its folder as a whole: put back what belongs to it, all of one time; ' +
  'who goes on from an older copy on purpose removes the -head file';

function shorter(path: string, known: JournalHead, groups: number): CountersignError {
  const text = `${path} has ${groups} groups, and had ${known.groups}`;
  return new CountersignError('E_JOURNAL', { text, hint: WHOLE_HINT });
}

function withoutWal(path: string): CountersignError {
  const text = `${path} was in use or not stopped, and ${path}-wal with its last groups is not there`;
  const hint =
    'put the -wal file back beside it, or copy a journal that was stopped; where another program has ' +
    "taken the -wal in, say so with: sqlite3 FILE 'PRAGMA user_version = 0'";
  return new CountersignError('E_JOURNAL', { text, hint });
}

function damaged(path: string, record: number): CountersignError {
  return new CountersignError('E_JOURNAL', { text: `${path}, record ${record}` });
}

/** Codes of SQLite and of the system for what has nothing to do with what stands in the file. */
const OUTSIDE: readonly [RegExp, 'E_JOURNAL_BUSY' | 'E_FILE' | 'E_JOURNAL_WRITE'][] = [
  [/^SQLITE_BUSY/, 'E_JOURNAL_BUSY'],
  [/^(SQLITE_(CANTOPEN|READONLY|PERM|AUTH)|EACCES$|EPERM$|EROFS$|EISDIR$|ENOTDIR$)/, 'E_FILE'],
  [/^(SQLITE_(FULL|IOERR)|ENOSPC$|EDQUOT$|EIO$)/, 'E_JOURNAL_WRITE'],
];

/** What else SQLite says of a file that it cannot read is damage, whatever it calls it. */
function named(path: string, error: unknown): unknown {
  const { code } = error as { readonly code?: unknown };
  if (error instanceof CountersignError || typeof code !== 'string') return error;
  const text = `${path}: ${textOf(error)}`;
  const outside = OUTSIDE.find(([pattern]) => pattern.test(code))?.[1];
  if (outside === 'E_JOURNAL_BUSY')
    return new CountersignError(outside, { text: path, cause: error });
  if (outside === 'E_FILE') {
    return new CountersignError(outside, { text, hint: ACCESS_HINT, cause: error });
  }
  if (outside !== undefined) return new CountersignError(outside, { text, cause: error });
  return code.startsWith('SQLITE_')
    ? new CountersignError('E_JOURNAL', { text, cause: error })
    : error;
}

const ACCESS_HINT =
  'who opens a journal, also only to look, must be able to write in its folder; else copy the folder';

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

let loaded: typeof Database | undefined;

/** Loaded when first wanted: most commands can do without, and it may not be installed. */
function sqlite(): typeof Database {
  try {
    loaded ??= createRequire(import.meta.url)('better-sqlite3') as typeof Database;
    return loaded;
  } catch (cause) {
    throw new CountersignError('E_SQLITE', { text: 'better-sqlite3 cannot be loaded', cause });
  }
}
