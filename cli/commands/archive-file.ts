import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import { readArchive, type JournalledArchive } from '../../emulator/host/archive/read-archive.ts';
import type { HostEvent } from '../../emulator/host/host-event.ts';
import type { Transaction } from '../../emulator/host/transaction-book.ts';
import { readJournal } from '../../emulator/world/real/file-store.ts';

/** Name of the journal in a folder of `serve --data` or `run --keep`. */
export const HOST_JOURNAL = 'host-journal.jsonl';

/**
 * The archive of a host from the folder that it keeps its journal in; the host may be running.
 * @throws E_FILE, E_JOURNAL
 */
export function openArchive(folder: string): JournalledArchive & { readonly isTorn: boolean } {
  const { entries, isTorn } = readJournal<HostEvent>(journalOf(folder));
  return { ...readArchive(entries), isTorn };
}

/** The journal in a folder, or the file itself. @throws E_FILE naming where there are some */
export function journalOf(folder: string): string {
  const isFile = existsSync(folder) && statSync(folder).isFile();
  const file = isFile ? folder : join(folder, HOST_JOURNAL);
  if (!existsSync(file)) {
    const [inside] = isFile ? [] : journalsBelow(folder);
    const hint =
      inside === undefined
        ? `a folder with ${HOST_JOURNAL}, as serve --data and run --keep make it`
        : `there is one for each case, such as ${inside}`;
    throw new CountersignError('E_FILE', { text: `${folder} holds no journal of a host`, hint });
  }
  return file;
}

/** Says on standard error what was found out about a chain; what is shown may not be what was sealed. */
export function warnBroken({ broken }: JournalledArchive): void {
  if (broken === undefined) return;
  const { sequence, id, why } = broken;
  process.stderr.write(
    `warning: the archive is not as it was sealed: record ${sequence}, ${id}: ${why}\n`,
  );
}

/** Folders of journals inside a folder of `run --keep`, three deep: target, case, row. */
function journalsBelow(folder: string, depth = 3): string[] {
  if (depth === 0 || !existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isFile()) return entry.name === HOST_JOURNAL ? [folder] : [];
    return entry.isDirectory() ? journalsBelow(path, depth - 1) : [];
  });
}

/** @throws E_USAGE naming what is there */
export function transactionByRrn({ book }: JournalledArchive, rrn: string): Transaction {
  const found = book.transactions.get(book.byRrn.get(rrn) ?? '');
  if (found !== undefined) return found;
  const known = [...book.byRrn.keys()];
  const shown = known.slice(0, 8).join(', ');
  const rest = known.length > 8 ? `, and ${known.length - 8} more` : '';
  const hint = known.length === 0 ? 'the journal has no transaction' : `it has ${shown}${rest}`;
  throw new CountersignError('E_USAGE', {
    text: `--rrn ${rrn.slice(0, 40)}: no such transaction`,
    hint,
  });
}
