import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createHash } from 'node:crypto';
import { CountersignError } from '../../../protocol/errors/countersign-error.ts';
import type { WholeStore } from '../store.ts';
import type { HearGroup } from './journal-head.ts';

/**
 * A journal file: one line a group, `checksum JSON`, written and synced before `append` returns.
 * A torn last line is cut on replay; damage anywhere else stops the start (F105). A fresh one begins
 * with nothing, whatever was there.
 */
export function fileStore<Entry>(
  path: string,
  { isFresh = false }: { readonly isFresh?: boolean } = {},
): WholeStore<Entry> & { close(): void } {
  lock(path);
  // Only who holds the lock may throw away what is there.
  if (isFresh) rmSync(path, { force: true });
  recover<Entry>(path);
  const file = openSync(path, 'a', 0o600);
  return {
    append(entries) {
      if (entries.length === 0) return;
      const json = JSON.stringify(entries);
      try {
        writeFileSync(file, `${checksum(json)} ${json}\n`);
        fsyncSync(file);
      } catch (cause) {
        throw new CountersignError('E_JOURNAL_WRITE', { text: path, cause });
      }
    },
    replay: () => recover<Entry>(path),
    close() {
      closeSync(file);
      rmSync(`${path}.lock`, { force: true });
    },
  };
}

/** One writer at a time; a lock whose owner is gone is taken over. */
function lock(path: string): void {
  const file = `${path}.lock`;
  const owner = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
  if (owner > 0 && owner !== process.pid && isAlive(owner)) {
    throw new CountersignError('E_JOURNAL_BUSY', { text: `${path}, process ${owner}` });
  }
  writeFileSync(file, String(process.pid), { mode: 0o600 });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function checksum(json: string): string {
  return createHash('sha256').update(json).digest('hex').slice(0, 16);
}

function recover<Entry>(path: string): Entry[] {
  if (!existsSync(path)) return [];
  const { entries, wholeBytes, bytes } = readWhole<Entry>(path);
  if (wholeBytes < bytes) truncateSync(path, wholeBytes);
  return entries;
}

/**
 * What a journal holds, for people who only look: nothing is locked and nothing cut, so that it may
 * be in use. A group that is being written is left out.
 *
 * @throws E_FILE, E_JOURNAL with the byte of the damage
 */
export function readJournal<Entry>(
  path: string,
  hear?: HearGroup,
): {
  entries: Entry[];
  isTorn: boolean;
  groups: number;
  /** Over all groups, each with the one before; of no groups it is zeros. */
  hash: string;
} {
  try {
    const { entries, wholeBytes, bytes, groups, hash } = readWhole<Entry>(path, hear);
    return { entries, isTorn: wholeBytes < bytes, groups, hash: hash.toString('hex') };
  } catch (cause) {
    if (cause instanceof CountersignError) throw cause;
    throw new CountersignError('E_FILE', { text: path, cause });
  }
}

/** How many entries stand in the lines before a byte, which are whole. */
export function countBefore(path: string, offset: number): number {
  const lines = readFileSync(path).toString('utf8', 0, offset).split('\n').slice(0, -1);
  return lines.reduce((sum, line) => sum + (JSON.parse(line.slice(17)) as unknown[]).length, 0);
}

function damaged(path: string, record: number, offset: number): CountersignError {
  return new CountersignError('E_JOURNAL', { offset, text: `${path}, record ${record}` });
}

function readWhole<Entry>(
  path: string,
  hear?: HearGroup,
): {
  entries: Entry[];
  /** Up to the end of the last whole group. */
  wholeBytes: number;
  bytes: number;
  groups: number;
  hash: Buffer;
} {
  const content = readFileSync(path);
  const entries: Entry[] = [];
  let at = 0;
  let record = 1;
  let hash: Buffer = Buffer.alloc(32);
  while (at < content.length) {
    const newline = content.indexOf(10, at);
    const line = content.toString('utf8', at, newline === -1 ? content.length : newline);
    const json = line.slice(17);
    const isWhole = newline !== -1 && line.slice(0, 16) === checksum(json);
    if (!isWhole) {
      // Only what has no end can be a torn last write.
      if (newline !== -1) throw damaged(path, record, at);
      break;
    }
    try {
      entries.push(...(JSON.parse(json) as Entry[]));
    } catch {
      throw damaged(path, record, at);
    }
    hash = createHash('sha256').update(hash).update(json).digest();
    hear?.({ groups: record, hash });
    at = newline + 1;
    record++;
  }
  return { entries, wholeBytes: at, bytes: content.length, groups: record - 1, hash };
}
