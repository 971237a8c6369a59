import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type Database from 'better-sqlite3';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { CountersignError } from '../../../protocol/errors/countersign-error.ts';
import { spareFile, type SpareRoom } from '../../../emulator/world/real/spare-room.ts';
import { hasSqlite, sqliteStore } from '../../../emulator/world/real/sqlite-store.ts';

const Sqlite = hasSqlite()
  ? (createRequire(import.meta.url)('better-sqlite3') as typeof Database)
  : undefined;

const folder = mkdtempSync(join(tmpdir(), 'countersign-full-'));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => {
  vi.useRealTimers();
});

interface Entry {
  readonly sale: number;
  readonly of: string;
}

const entry = (sale: number): Entry => ({ sale, of: 'x'.repeat(3000) });

/** A journal whose disk has so many pages, of which some are set aside. */
function shortStore(name: string, pages: number, sparePages: number) {
  let db: Database.Database | undefined;
  const asked: string[] = [];
  let hasRoom = true;
  let isAside = true;
  const spare: SpareRoom = {
    release() {
      asked.push('release');
      if (!isAside) return false;
      isAside = false;
      db!.pragma(`max_page_count = ${pages + sparePages}`);
      return true;
    },
    retake() {
      asked.push('retake');
      isAside ||= hasRoom;
      return isAside;
    },
    close: () => void asked.push('close'),
  };
  const pragma = vi.spyOn(Sqlite!.prototype, 'pragma');
  const path = join(folder, name);
  const store = sqliteStore<Entry>(path, { maxPages: pages, spare: () => spare });
  db = pragma.mock.contexts[0] as Database.Database;
  pragma.mockRestore();
  const setRoom = (has: boolean): void => void (hasRoom = has);
  return { store, asked, setRoom, path };
}

describe.skipIf(Sqlite === undefined)('a journal whose disk is full', () => {
  it('takes what it had set aside, says so, and has every group', () => {
    const { store, asked, setRoom, path } = shortStore('aside', 12, 20);
    setRoom(false);
    expect(store.isShort!()).toBe(false);
    let sales = 0;
    while (!store.isShort!() && sales < 50) store.append([entry(sales++)]);
    expect(asked).toEqual(['retake', 'release']);
    expect(sales).toBeGreaterThan(5);
    expect(sales).toBeLessThan(12);
    for (let more = 0; more < 5; more++) store.append([entry(sales++)]);
    expect(store.isShort!()).toBe(true);
    const all = Array.from({ length: sales }, (_, sale) => entry(sale));
    expect([...store.replay()]).toEqual(all);
    // Then it is at its end, as one that had nothing aside.
    const fill = (): void => {
      for (let more = 0; more < 50; more++) store.append([entry(sales++)]);
    };
    expect(fill).toThrow(CountersignError);
    expect([...store.replay()]).toHaveLength(sales - 1);
    store.close();
    expect(asked.at(-1)).toBe('close');
    const again = sqliteStore<Entry>(path);
    expect([...again.replay()]).toHaveLength(sales - 1);
    again.close();
  });

  it('is short until there is room again, for which it looks once a second', () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const { store, asked, setRoom } = shortStore('again', 12, 40);
    setRoom(false);
    for (let sale = 0; sale < 12; sale++) store.append([entry(sale)]);
    asked.length = 0;
    expect(store.isShort!()).toBe(true);
    vi.advanceTimersByTime(999);
    expect(store.isShort!()).toBe(true);
    expect(asked).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(store.isShort!()).toBe(true);
    expect(store.isShort!()).toBe(true);
    expect(asked).toEqual(['retake']);
    setRoom(true);
    vi.advanceTimersByTime(1000);
    expect(store.isShort!()).toBe(false);
    expect(asked).toEqual(['retake', 'retake']);
    store.close();
  });

  it('of which nothing could be set aside is short from the start', () => {
    const path = join(folder, 'from-start');
    const none: SpareRoom = { release: () => false, retake: () => false, close: () => undefined };
    const store = sqliteStore<Entry>(path, { spare: () => none });
    expect(store.isShort!()).toBe(true);
    store.close();
    const plain = sqliteStore<Entry>(path);
    expect(plain.isShort!()).toBe(false);
    plain.close();
  });
});

describe('the room beside a journal', () => {
  const sizeOf = (path: string): number | undefined =>
    statSync(path, { throwIfNoEntry: false })?.size;

  it('is a file of eight megabytes, its owner’s only, and gone when it is given back', () => {
    const path = join(folder, 'room');
    const spare = spareFile(path);
    expect(sizeOf(`${path}-spare`)).toBe(8 * 1024 * 1024);
    expect(statSync(`${path}-spare`).mode & 0o077).toBe(0);
    expect(spare.release()).toBe(true);
    expect(sizeOf(`${path}-spare`)).toBeUndefined();
    expect(spare.release()).toBe(false);
    expect(spare.retake()).toBe(true);
    expect(sizeOf(`${path}-spare`)).toBe(8 * 1024 * 1024);
    spare.close();
    expect(sizeOf(`${path}-spare`)).toBeUndefined();
  });

  it('that a killed process has left is used, unless it is not whole', () => {
    const path = join(folder, 'left');
    writeFileSync(`${path}-spare`, 'x');
    spareFile(path);
    expect(sizeOf(`${path}-spare`)).toBe(8 * 1024 * 1024);
    const { ino } = statSync(`${path}-spare`);
    const spare = spareFile(path);
    expect(statSync(`${path}-spare`).ino).toBe(ino);
    spare.close();
  });

  it('is not there where nothing can be written', () => {
    const spare = spareFile(join(folder, 'no-such-folder', 'journal'));
    expect(spare.release()).toBe(false);
    expect(spare.retake()).toBe(false);
  });
});
