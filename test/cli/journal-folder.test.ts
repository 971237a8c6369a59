import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type Database from 'better-sqlite3';
import { afterAll, describe, expect, it } from 'vitest';
import { openJournals, withJournal } from '../../cli/commands/journal-file.ts';
import { hasSqlite } from '../../emulator/world/real/sqlite-store.ts';
import { HostDesk, saleFrame } from '../emulator/host/host-desk.ts';

const folder = mkdtempSync(join(tmpdir(), 'countersign-folder-'));
afterAll(() => rmSync(folder, { recursive: true }));

const DESK = new HostDesk();
const OPENED = [...DESK.journal];
DESK.ask(saleFrame());
const SALE = DESK.journal.slice(OPENED.length);

/** The groups of a journal as they stand in its rows. */
function rowsOf(file: string): unknown[][] {
  const Sqlite = createRequire(import.meta.url)('better-sqlite3') as typeof Database;
  const db = new Sqlite(file, { readonly: true });
  try {
    const rows = db.prepare('SELECT entries FROM journal ORDER BY seq').pluck().all() as string[];
    return rows.map((row) => JSON.parse(row) as unknown[]);
  } finally {
    db.close();
  }
}

describe.skipIf(!hasSqlite())('the folder of a host', () => {
  it('keeps a sale as one list, which the next host and whoever looks can read', () => {
    const first = openJournals(folder);
    first.host.append(OPENED);
    first.host.append(SALE);
    first.close();
    const [opened, sale] = rowsOf(first.file);
    expect(opened).toEqual(JSON.parse(JSON.stringify(OPENED)));
    expect(sale!.map((item) => Array.isArray(item))).toEqual([true]);
    const second = openJournals(folder);
    expect([...second.host.replay()]).toEqual(DESK.journal);
    second.host.append(SALE);
    second.close();
    const looked = withJournal(folder, ({ entries }) => JSON.stringify([...entries]));
    expect(looked).toBe(JSON.stringify([...DESK.journal, ...SALE]));
  });
});
