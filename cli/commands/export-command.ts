import { readFileSync, writeFileSync } from 'node:fs';
import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import { caseExport, verifyCaseExport } from '../../emulator/host/evidence/case-export.ts';
import { civilTime, isoDateTime } from '../../emulator/world/civil-time.ts';
import { realClock } from '../../emulator/world/real/real-clock.ts';
import { printable } from '../../reports/printable.ts';
import { EXIT } from '../exit-codes.ts';
import { errorText } from '../error-text.ts';
import { withJournal } from './journal-file.ts';

export interface CaseExportOptions {
  readonly data: string;
  /** Where it is written; standard output when absent. */
  readonly out?: string;
}

/** Everything about a transaction, a hold or another record, for people outside. Exit 1 when there is nothing. */
export function exportCase(subject: string, { data, out }: CaseExportOptions): number {
  const made = isoDateTime(civilTime(realClock().civilMs()));
  const text = withJournal(data, ({ entries }) => caseExport([...entries], subject, made));
  const verdict = verifyCaseExport(text);
  if (!verdict.isWhole) throw new CountersignError('E_INTERNAL', { text: verdict.why });
  if (verdict.records === 0) {
    const shown = JSON.stringify(printable(subject.slice(0, 40)));
    const hint =
      'a reference number, terminal-batch-STAN, or a number such as H000001; ' +
      '`countersign journal export` with the same --data shows what there is';
    throw new CountersignError('E_NO_RECORD', { text: `there is no ${shown}`, hint });
  }
  if (out === undefined) process.stdout.write(text);
  else {
    write(out, text);
    const count = `${verdict.records} ${verdict.records === 1 ? 'record' : 'records'}`;
    process.stdout.write(`${count} to ${printable(out)}\nseal  ${verdict.seal}\n`);
  }
  return EXIT.asExpected;
}

const OTHER_HINT =
  'an exported case is what `countersign export case NUMBER --data FOLDER --out FILE` writes; ' +
  'one that was damaged can look like this as well';

/** Looks whether an export is as it was made. Exit 1 when a byte of it is not. */
export function verifyExport(file: string, expected: string | undefined): number {
  if (expected !== undefined && !/^[0-9a-fA-F]{64}$/.test(expected)) {
    const hint = 'the seal that the export has shown, 64 hex digits';
    throw new CountersignError('E_USAGE', { text: `--seal ${expected.slice(0, 40)}`, hint });
  }
  const verdict = verifyCaseExport(read(file));
  if (!verdict.isWhole && verdict.isOther === true) {
    const text = `${printable(file)}: ${verdict.why}`;
    process.stderr.write(errorText(new CountersignError('E_JSON', { text, hint: OTHER_HINT })));
    return EXIT.expectationFailed;
  }
  if (!verdict.isWhole) {
    process.stdout.write(`broken: ${verdict.why}\n`);
    return EXIT.expectationFailed;
  }
  const { seal, records, subject } = verdict;
  if (expected !== undefined && expected.toLowerCase() !== seal) {
    process.stdout.write(`broken: another export was handed over, this one has the seal ${seal}\n`);
    return EXIT.expectationFailed;
  }
  const advice =
    expected === undefined
      ? 'one that was made anew from changed records shows only with --seal\n'
      : '';
  const count = `${records} ${records === 1 ? 'record' : 'records'}`;
  process.stdout.write(
    `${printable(subject)}: ${count}, all as they were sealed\nseal  ${seal}\n${advice}`,
  );
  return EXIT.asExpected;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new CountersignError('E_FILE', { text: file, cause });
  }
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (cause) {
    throw new CountersignError('E_FILE', { text: file, cause });
  }
}
