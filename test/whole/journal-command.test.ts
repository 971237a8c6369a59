import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type Database from 'better-sqlite3';
import { hasSqlite } from '../../emulator/world/real/sqlite-store.ts';
import { countersign, inFolder, start, type Started } from './command-line.ts';
import { expectNoSecrets } from './secrets.ts';

const LISTENS = /host listens on (tcp:\/\/127\.0\.0\.1:\d+)/;

interface Verified {
  readonly groups: number;
  readonly events: number;
  readonly kinds: Readonly<Record<string, number>>;
  readonly last: string;
}

function verified(data: string): Verified {
  const { code, out } = countersign(['journal', 'verify', '--data', data, '--json']);
  expect(code).toBe(0);
  // What lies beside it has a test of its own.
  const { beside: _, ...own } = JSON.parse(out) as Verified & { readonly beside: unknown };
  return own;
}

async function stop(host: Started, signal: 'SIGINT' | 'SIGKILL' = 'SIGINT'): Promise<void> {
  host.process.kill(signal);
  await host.over;
}

/** A folder with the journal of a host that has traded and was stopped. */
async function traded(folder: string, signal?: 'SIGKILL'): Promise<string> {
  const data = join(folder, 'day');
  const host = start(['serve', '--port', '0', '--data', data]);
  const [, url = ''] = await host.until(LISTENS);
  const run = countersign(['run', 'g01', '--host', url, '--out', join(folder, 'report')]);
  expect(run.code).toBe(0);
  await stop(host, signal);
  return data;
}

function tamper(data: string, sql: string, file = 'host-journal.sqlite'): void {
  const Sqlite = createRequire(import.meta.url)('better-sqlite3') as typeof Database;
  const db = new Sqlite(join(data, file));
  db.exec(sql);
  db.close();
}

describe.skipIf(!hasSqlite())('countersign journal', () => {
  it('verify counts what is there, and keeps an anchor against what is cut off', async () => {
    await inFolder(async (folder) => {
      const data = await traded(folder);
      const { groups, events, kinds, last } = verified(data);
      expect(groups).toBeGreaterThan(3);
      expect(events).toBeGreaterThan(groups);
      expect(kinds).toMatchObject({ 'card-opened': 9, 'session-opened': expect.any(Number) });
      const shown = countersign(['journal', 'verify', '--data', data]).out;
      expect(shown).toContain(`${groups} groups, ${events} events, all as they were written`);
      expect(shown).toContain(`last  ${last}`);
      expect(shown).toContain('bank-journal.sqlite: 0 groups, all as they were written');
      expect(shown).toContain('wallet-journal.sqlite: 0 groups, all as they were written');
      const anchored = ['journal', 'verify', '--data', data, '--last'];
      const same = countersign([...anchored, last.toUpperCase()]);
      expect([same.code, same.out]).toEqual([
        0,
        expect.stringContaining(`\nas noted after group ${groups}, the last one\n`),
      ]);
      const other = countersign([...anchored, '1'.repeat(64)]);
      expect([other.code, other.out]).toEqual([
        1,
        expect.stringMatching(/^broken: the hash of --last is not in the chain: /),
      ]);
      expect(countersign([...anchored, 'abc'])).toMatchObject({ code: 2 });
      // Its host goes on: that is no damage.
      const earlier = join(folder, 'earlier');
      cpSync(data, earlier, { recursive: true });
      await traded(folder);
      const grown = verified(data);
      const since = grown.groups - groups;
      expect(since).toBeGreaterThan(1);
      expect(countersign([...anchored, last])).toMatchObject({
        code: 0,
        out: expect.stringContaining(
          `as noted after group ${groups}; ${since} groups since then, all as they were written`,
        ),
      });
      const told = JSON.parse(countersign([...anchored, last, '--json']).out) as object;
      expect(told).toMatchObject({ noted: { group: groups, since }, last: grown.last });
      // Put back as a whole it is without a flaw, and still not what was noted.
      const back = countersign(['journal', 'verify', '--data', earlier, '--last', grown.last]);
      expect([back.code, back.out]).toEqual([1, expect.stringContaining('put back')]);
    });
  });

  it('verify names the first place that was changed, and serve does not start on it', async () => {
    await inFolder(async (folder) => {
      const data = await traded(folder);
      tamper(
        data,
        'UPDATE journal SET entries = replace(entries, \'"fen":1\', \'"fen":2\') WHERE seq = 1',
      );
      const { code, out } = countersign(['journal', 'verify', '--data', data]);
      expect([code, out]).toEqual([
        1,
        expect.stringMatching(/^broken: .*host-journal\.sqlite, record 1;/),
      ]);
      const served = countersign(['serve', '--port', '0', '--data', data]);
      expect([served.code, served.err]).toEqual([
        3,
        expect.stringMatching(/^E_JOURNAL .*record 1/),
      ]);
      const out2 = join(folder, 'out.jsonl');
      expect(countersign(['journal', 'export', '--data', data, '-o', out2]).code).toBe(3);
      expect(readdirSync(folder).filter((name) => name.startsWith('out'))).toEqual([]);
    });
  });

  it('verify looks at the journals of the parties beside the host too', async () => {
    await inFolder(async (folder) => {
      const data = await traded(folder);
      const { groups } = verified(data);
      tamper(data, 'UPDATE form SET groups = 5', 'bank-journal.sqlite');
      const said = countersign(['journal', 'verify', '--data', data]);
      expect(said.code).toBe(1);
      expect(said.out).toContain(`${groups} groups, `);
      expect(said.out).toMatch(/\nbroken: .*bank-journal\.sqlite, record 1\n/);
      expect(said.out).toContain('wallet-journal.sqlite: 0 groups, all as they were written');
      expect(said.out).toContain('notice-journal.sqlite: 0 groups, all as they were written');
      const told = countersign(['journal', 'verify', '--data', data, '--json']);
      expect([told.code, JSON.parse(told.out)]).toEqual([
        1,
        expect.objectContaining({
          groups,
          broken: expect.stringMatching(/bank-journal.*record 1/),
        }),
      ]);
      // A file alone is what was asked for.
      const alone = join(data, 'host-journal.sqlite');
      expect(countersign(['journal', 'verify', '--data', alone]).code).toBe(0);
    });
  });

  it('verify and serve refuse a journal whose write-ahead file is gone', async () => {
    await inFolder(async (folder) => {
      const data = await traded(folder, 'SIGKILL');
      const before = verified(data);
      const whole = join(folder, 'whole');
      cpSync(data, whole, { recursive: true });
      const alone = join(folder, 'alone');
      mkdirSync(alone);
      copyFileSync(join(data, 'host-journal.sqlite'), join(alone, 'host-journal.sqlite'));
      rmSync(join(data, 'host-journal.sqlite-wal'));
      for (const lost of [data, alone]) {
        const { code, out } = countersign(['journal', 'verify', '--data', lost]);
        expect([code, out]).toEqual([1, expect.stringMatching(/^broken: .*-wal with its last/)]);
        const served = countersign(['serve', '--port', '0', '--data', lost]);
        expect([served.code, served.err]).toEqual([3, expect.stringMatching(/^E_JOURNAL .*-wal/)]);
      }
      // A host that has stopped leaves all in one file.
      const host = start(['serve', '--port', '0', '--data', whole]);
      await host.until(LISTENS);
      await stop(host);
      copyFileSync(join(whole, 'host-journal.sqlite'), join(alone, 'host-journal.sqlite'));
      expect(verified(alone)).toEqual(verified(whole));
      expect(verified(alone).groups).toBeGreaterThanOrEqual(before.groups);
    });
  });

  it('export writes every event on a line, and nothing that is secret', async () => {
    await inFolder(async (folder) => {
      const data = await traded(folder);
      const file = join(folder, 'day.jsonl');
      expect(countersign(['journal', 'export', '--data', data, '-o', file]).code).toBe(0);
      const text = readFileSync(file, 'utf8');
      expect(countersign(['journal', 'export', '--data', data]).out).toBe(text);
      const lines = text.trimEnd().split('\n');
      const events = lines.map(
        (line) => JSON.parse(line) as { seq: number; event: { kind: string; keyBlob?: string } },
      );
      expect(events.map(({ seq }) => seq)).toEqual(events.map((_, place) => place + 1));
      expect(events).toHaveLength(verified(data).events);
      expectNoSecrets(text);
      const blobs = events.flatMap(({ event }) => event.keyBlob ?? []);
      expect(blobs.length).toBeGreaterThan(0);
      for (const blob of blobs) expect(blob).toMatch(/^\(\d+ bytes, hidden\)$/);
    });
  });

  it('says 2 with a hint where there is none', async () => {
    await inFolder((folder) => {
      for (const command of ['verify', 'export']) {
        const ended = countersign(['journal', command, '--data', folder]);
        expect([ended.code, ended.err]).toEqual([
          2,
          expect.stringContaining('host-journal.sqlite'),
        ]);
      }
    });
  });
});

describe.skipIf(!hasSqlite())('a host with its journal in SQLite', () => {
  it('is looked at while it runs, and after it was killed', async () => {
    await inFolder(async (folder) => {
      const data = join(folder, 'day');
      const host = start(['serve', '--port', '0', '--data', data]);
      const [, url = ''] = await host.until(LISTENS);
      countersign(['run', 'g01', '--host', url, '--out', join(folder, 'report')]);
      const exported = countersign(['journal', 'export', '--data', data]).out;
      const [, rrn = ''] = /"kind":"sale".*?"rrn":"(\d+)"/.exec(exported) ?? [];
      const looks = [
        ['books', '--data', data],
        ['signature', 'verify', '--data', data],
        ['journal', 'verify', '--data', data],
        ['why', rrn, '--data', data, '--lang', 'en', '--on', '2026-01-16'],
      ];
      const running = looks.map((args) => countersign(args));
      expect(running.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
      expect(running[0]!.out).toMatch(/total +0\.00\n/);
      await stop(host, 'SIGKILL');
      expect(looks.map((args) => countersign(args))).toEqual(running);
    });
  });

  it('does not share its folder with another one', async () => {
    await inFolder(async (folder) => {
      const data = join(folder, 'day');
      const host = start(['serve', '--port', '0', '--data', data]);
      await host.until(LISTENS);
      const second = countersign(['serve', '--port', '0', '--data', data]);
      expect([second.code, second.err]).toEqual([3, expect.stringMatching(/^E_JOURNAL_BUSY/)]);
      await stop(host);
    });
  });

  it('goes on in lines of JSON where the folder began with them, and never with both', async () => {
    await inFolder(async (folder) => {
      const data = join(folder, 'kept', 'sim', 'g01');
      countersign(['run', 'g01', '--target', 'sim', '--keep', 'kept', '--out', 'r'], {
        cwd: folder,
      });
      const before = verified(data);
      const lines = join(data, 'host-journal.jsonl');
      const whole = readFileSync(lines, 'utf8');
      const at = whole.lastIndexOf('exchange-answered');
      writeFileSync(lines, `${whole.slice(0, at)}X${whole.slice(at + 1)}`);
      const { code, out } = countersign(['journal', 'verify', '--data', data, '--json']);
      const counted = (JSON.parse(out) as { events: number }).events;
      expect([code, counted > 5 && counted < before.events]).toEqual([1, true]);
      writeFileSync(lines, whole);
      const host = start(['serve', '--port', '0', '--data', data]);
      await host.until(/lines of JSON, as the folder began with/);
      await host.until(LISTENS);
      await stop(host);
      expect(existsSync(join(data, 'host-journal.sqlite'))).toBe(false);
      expect(verified(data).events).toBeGreaterThanOrEqual(before.events);
      const other = await traded(folder);
      renameSync(join(other, 'host-journal.sqlite'), join(data, 'host-journal.sqlite'));
      const both = countersign(['serve', '--port', '0', '--data', data]);
      expect([both.code, both.err]).toEqual([2, expect.stringContaining('two journals')]);
      expect(countersign(['books', '--data', data]).code).toBe(2);
    });
  });
});

describe('a machine without better-sqlite3', () => {
  it('keeps a fresh journal in lines of JSON and says so; one in SQLite is a clear error', async () => {
    await inFolder(async (folder) => {
      const hook = join(folder, 'without.cjs');
      writeFileSync(
        hook,
        `const Module = require('node:module');
         const load = Module._load;
         Module._load = (name, ...rest) => {
           if (name === 'better-sqlite3') throw new Error('not installed');
           return load(name, ...rest);
         };`,
      );
      const without = { node: ['--require', hook] };
      const data = join(folder, 'lines');
      const host = start(['serve', '--port', '0', '--data', data], without);
      await host.until(/npm install better-sqlite3@12/);
      await host.until(LISTENS);
      await stop(host);
      expect(readdirSync(data)).toContain('host-journal.jsonl');
      if (!hasSqlite()) return;
      const rows = await traded(folder);
      const served = countersign(['serve', '--port', '0', '--data', rows], without);
      expect([served.code, served.err]).toEqual([3, expect.stringMatching(/^E_SQLITE/)]);
      const books = countersign(['books', '--data', rows], without);
      expect(books.err).toMatch(/^E_SQLITE[^]*npm install better-sqlite3/);
    });
  });
});
