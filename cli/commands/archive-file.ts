import { existsSync, statSync } from 'node:fs';
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
export function openArchive(folder: string): JournalledArchive {
  const isFile = existsSync(folder) && statSync(folder).isFile();
  const file = isFile ? folder : join(folder, HOST_JOURNAL);
  if (!existsSync(file)) {
    const hint = `a folder with ${HOST_JOURNAL}, as serve --data and run --keep make it (there is one for each case)`;
    throw new CountersignError('E_FILE', { text: `${folder} holds no journal of a host`, hint });
  }
  return readArchive(readJournal<HostEvent>(file));
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
