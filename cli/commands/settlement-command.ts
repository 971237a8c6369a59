import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import { bootHost, type HostState } from '../../emulator/host/host-state.ts';
import { clearingRows, fileHash } from '../../emulator/host/settlement/clearing-rows.ts';
import { parseCivilTime } from '../../emulator/world/civil-time.ts';
import { merchantStatement } from '../../emulator/host/settlement/merchant-statement.ts';
import { settlementFile } from '../../reports/settlement/settlement-file.ts';
import { statementText } from '../../reports/settlement/statement-text.ts';
import { institutionOf } from '../../scenarios/keys-file/read-keys-file.ts';
import { EXIT } from '../exit-codes.ts';
import { withJournal } from './journal-file.ts';

export interface SettlementFileOptions {
  readonly data: string;
  /** Settlement day, ISO. */
  readonly date: string;
  readonly merchant?: string;
  readonly keys?: string;
}

/** As many as a hint names. */
const LAST_DAYS = 5;

/**
 * The settlement file of a day as CSV. Exit 1 when the day was closed with another file (its rows were
 * changed afterwards), and when it has nothing in it: it may be another day that was meant.
 */
export function writeSettlementFile(options: SettlementFileOptions): number {
  const { data, merchant, keys } = options;
  const date = dayOf('date', options.date);
  const { state } = withJournal(data, ({ entries }) => bootHost(institutionOf(keys), entries));
  if (merchant !== undefined) known(state, merchant);
  const rows = clearingRows(state, date);
  const shown = rows.filter(({ merchantId }) => merchantId === (merchant ?? merchantId));
  const closed = state.closedDays.get(date);
  if (closed === undefined && rows.length === 0) {
    const days = [...state.closedDays.keys()].toSorted().slice(-LAST_DAYS).join(', ');
    const hint = days === '' ? 'no day has been closed yet' : `the last closed days: ${days}`;
    const text = `${date} is not closed, and nothing was settled on it`;
    throw new CountersignError('E_NO_RECORD', { text, hint });
  }
  process.stdout.write(settlementFile(shown));
  if (closed === undefined) {
    process.stderr.write(`${date} is not closed: more may come\n`);
    return EXIT.asExpected;
  }
  if (closed.fileHash === fileHash(rows)) return EXIT.asExpected;
  process.stderr.write(`broken: ${date} was closed with another file\n`);
  return EXIT.expectationFailed;
}

export interface StatementOptions {
  readonly data: string;
  readonly merchant: string;
  readonly from: string;
  readonly to: string;
  readonly lang: 'zh' | 'en';
  readonly keys?: string;
  readonly json?: boolean;
}

/** What a merchant had, what moved it, and what is left, over some days. */
export function writeStatement(options: StatementOptions): number {
  const { data, merchant, lang, keys, json } = options;
  const days = { from: dayOf('from', options.from), to: dayOf('to', options.to) };
  if (days.to < days.from) {
    throw new CountersignError('E_USAGE', {
      text: `--to ${days.to} is before --from ${days.from}`,
    });
  }
  const statement = withJournal(data, ({ entries }) => {
    const journal = [...entries];
    known(bootHost(institutionOf(keys), journal).state, merchant);
    return merchantStatement(journal, merchant, days);
  });
  process.stdout.write(
    json === true ? `${JSON.stringify(statement)}\n` : statementText(statement, lang),
  );
  return EXIT.asExpected;
}

function known({ merchants }: HostState, mid: string): void {
  if (merchants.has(mid)) return;
  throw new CountersignError('E_USAGE', {
    text: '--merchant: no such merchant',
    hint: `there are ${[...merchants.keys()].join(', ')}`,
  });
}

function dayOf(option: string, text: string): string {
  if (text.length === 10 && parseCivilTime(text) !== undefined) return text;
  throw new CountersignError('E_USAGE', {
    text: `--${option} ${text.slice(0, 40)}`,
    hint: 'a date such as 2026-01-15',
  });
}
