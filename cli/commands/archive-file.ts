import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import type { ChainHead } from '../../emulator/host/archive/seal.ts';
import { readArchive, type JournalledArchive } from '../../emulator/host/archive/read-archive.ts';
import type { Transaction } from '../../emulator/host/transaction-book.ts';
import { withJournal } from './journal-file.ts';

/**
 * The archive of a host from the folder that it keeps its journal in; the host may be running.
 * @param hear the head of the chain after each record
 * @throws E_FILE, E_JOURNAL
 */
export function openArchive(
  folder: string,
  hear?: (head: ChainHead) => void,
): JournalledArchive & { readonly isTorn: boolean } {
  return withJournal(folder, ({ entries, isTorn }) => ({ ...readArchive(entries, hear), isTorn }));
}

/** Says on standard error what was found out about a chain; what is shown may not be what was sealed. */
export function warnBroken({ broken }: JournalledArchive): void {
  if (broken === undefined) return;
  const { sequence, id, why } = broken;
  process.stderr.write(
    `warning: the archive is not as it was sealed: record ${sequence}, ${id}: ${why}\n`,
  );
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
