import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { withJournal } from '../../cli/commands/journal-file.ts';
import { notedHash, sinceText } from '../../cli/commands/noted-hash.ts';
import { fileStore } from '../../emulator/world/real/file-store.ts';
import { hasSqlite, sqliteStore } from '../../emulator/world/real/sqlite-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'countersign-noted-'));
afterAll(() => rmSync(folder, { recursive: true }));

let journals = 0;

/** A journal of so many groups, each with its number in it. */
function journalOf(form: string, groups: number): string {
  const path = join(folder, `${journals++}.${form}`);
  const store = form === 'sqlite' ? sqliteStore(path) : fileStore(path);
  for (let group = 1; group <= groups; group++) store.append([{ kind: 'clock-set', group }, {}]);
  store.close();
  return path;
}

function lastOf(path: string): string {
  return withJournal(path, ({ hash }) => hash);
}

/** After which group a journal had a hash. */
function foundAt(path: string, last: string): number | undefined {
  const noted = notedHash(last)!;
  withJournal(
    path,
    ({ entries }) => {
      for (const _ of entries);
    },
    ({ groups, hash }) => noted.hear(groups, hash.toString('hex')),
  );
  return noted.at;
}

const FORMS = ['jsonl', ...(hasSqlite() ? ['sqlite'] : [])];

describe.each(FORMS)('a hash that was noted of a journal in %s', (form) => {
  const noted = lastOf(journalOf(form, 5));

  it.each([
    ['the same', 5, 5],
    ['grown since', 9, 5],
    ['grown by one', 6, 5],
    ['cut off', 4, undefined],
    ['empty', 0, undefined],
  ])('is looked for in one that is %s', (_, groups, at) => {
    expect(foundAt(journalOf(form, groups), noted.toUpperCase())).toBe(at);
  });

  it('is found nowhere when it is of another, and before the first when there was none', () => {
    expect(foundAt(journalOf(form, 5), 'ab'.repeat(32))).toBeUndefined();
    const nothing = lastOf(journalOf(form, 0));
    expect(foundAt(journalOf(form, 3), nothing)).toBe(0);
  });
});

describe('the words about a noted hash', () => {
  it.each([
    [5, 5, 'as noted after group 5, the last one'],
    [5, 6, 'as noted after group 5; 1 group since then, all as they were written'],
    [0, 0, 'as noted, still empty'],
    [0, 2, 'as noted while it was empty; 2 groups since then, all as they were written'],
    [5, 9, 'as noted after group 5; 4 groups since then, all as they were written'],
  ])('after %i of %i', (at, links, text) => {
    expect(sinceText('group', at, links, 'written')).toBe(text);
  });

  it('say what a hash looks like', () => {
    expect(notedHash(undefined)).toBeUndefined();
    expect(() => notedHash('abc')).toThrow(expect.objectContaining({ code: 'E_USAGE' }));
  });
});
