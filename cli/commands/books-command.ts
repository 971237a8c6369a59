import { formatYuan } from '../../protocol/message/amount.ts';
import { emptyLedger, post } from '../../emulator/host/books/ledger.ts';
import { EXIT } from '../exit-codes.ts';
import { withJournal } from './journal-file.ts';

export interface BooksOptions {
  readonly data: string;
  readonly json?: boolean;
}

/**
 * Every account of a host's books with what lies in it, and their sum, which is nothing. Each entry of
 * the journal is entered anew, so that one that does not add up shows itself.
 */
export function trialBalance({ data, json }: BooksOptions): number {
  const ledger = emptyLedger(false);
  withJournal(data, ({ entries }) => {
    for (const event of entries) {
      if ('postings' in event) post(ledger, event.postings);
    }
  });
  const accounts = [...ledger.balances].toSorted(([one], [other]) => (one < other ? -1 : 1));
  const total = accounts.reduce((sum, [, fen]) => sum + fen, 0);
  if (json === true) {
    const shown = { accounts: Object.fromEntries(accounts), total, entries: ledger.entryCount };
    process.stdout.write(`${JSON.stringify(shown)}\n`);
  } else {
    const width = Math.max(5, ...accounts.map(([name]) => name.length));
    const lines = [...accounts, ['total', total] as const].map(
      ([name, fen]) => `${name.padEnd(width)}  ${formatYuan(fen).padStart(14)}\n`,
    );
    process.stdout.write(lines.join(''));
    process.stdout.write(`${ledger.entryCount} entries\n`);
  }
  return total === 0 ? EXIT.asExpected : EXIT.expectationFailed;
}
