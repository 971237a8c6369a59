import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { basename } from 'node:path';
import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import { EXIT } from '../exit-codes.ts';
import { attempt } from '../message-lines.ts';
import { LOST, notedHash, sinceText } from './noted-hash.ts';
import { eventsBefore, partnerJournals, withJournal } from './journal-file.ts';
import { maskedEvent } from './masked-event.ts';

export interface JournalVerifyOptions {
  readonly data: string;
  readonly last?: string;
  readonly json?: boolean;
}

/**
 * Reads every group of a journal anew; exit 1 at the first place that is not as it was written, or when
 * the hash that was noted is that of no group.
 */
export function verifyJournal({ data, last, json }: JournalVerifyOptions): number {
  const noted = notedHash(last);
  let events = 0;
  const found = attempt(() =>
    withJournal(
      data,
      ({ entries, isTorn, groups, hash }) => {
        const kinds = new Map<string, number>();
        for (const { kind } of entries) {
          events++;
          kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
        }
        return { groups, hash, isTorn, kinds };
      },
      ({ groups, hash }) => noted?.hear(groups, hash.toString('hex')),
    ),
  );
  const beside = found instanceof CountersignError ? [] : partnerJournals(data).map(verifyPartner);
  if (found instanceof CountersignError) {
    if (found.code !== 'E_JOURNAL') throw found;
    // A journal in lines is read as a whole: what stands before the damage is counted apart.
    if (events === 0) events = eventsBefore(data, found.offset);
    const text = `broken: ${found.message}; ${events} events before it are as they were written`;
    write(json === true ? JSON.stringify({ broken: found.message, events }) : text);
    return EXIT.expectationFailed;
  }
  const { groups, hash, isTorn, kinds } = found;
  const isOther = noted !== undefined && noted.at === undefined;
  const other = `the hash of --last is not in the chain: ${LOST}`;
  const broken = isOther ? other : beside.find((each) => each.broken !== undefined)?.broken;
  if (json === true) {
    const counted = { groups, events, kinds: Object.fromEntries(kinds), last: hash };
    const at = noted?.at;
    const since = at === undefined ? {} : { noted: { group: at, since: groups - at } };
    const shown = { ...counted, ...since, isTorn, beside };
    write(JSON.stringify(broken === undefined ? shown : { broken, ...shown }));
  } else if (isOther) {
    write(`broken: ${other}; the ${groups} groups that are there follow each other`);
    write(`last  ${hash}`);
  } else {
    write(`${groups} groups, ${events} events, all as they were written`);
    for (const [kind, count] of [...kinds].toSorted()) write(`  ${kind.padEnd(24)} ${count}`);
    write(`last  ${hash}`);
    if (noted?.at !== undefined) write(sinceText('group', noted.at, groups, 'written'));
    if (isTorn) write('a last write that is not whole was passed over');
    if (last === undefined)
      write('a folder put back as a whole to an earlier time shows only with --last <hash>');
    for (const { file, groups: count, broken: why } of beside) {
      const name = basename(file);
      write(
        why === undefined ? `${name}: ${count} groups, all as they were written` : `broken: ${why}`,
      );
    }
  }
  return broken === undefined ? EXIT.asExpected : EXIT.expectationFailed;
}

interface Partner {
  readonly file: string;
  readonly groups?: number;
  readonly broken?: string;
}

/** The journal of the bank, the wallets or the notices, which say nothing to people but that they are whole. */
function verifyPartner(file: string): Partner {
  const found = attempt(() =>
    withJournal(file, ({ entries, groups }) => {
      for (const _ of entries);
      return { file, groups };
    }),
  );
  if (!(found instanceof CountersignError)) return found;
  if (found.code !== 'E_JOURNAL') throw found;
  return { file, broken: found.message };
}

function write(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Lines that are written at once. */
const LINES_A_WRITE = 500;

/**
 * Every event of a journal on a line of its own, `{"seq":1,"event":{…}}`; keys, signatures and chip
 * data are left out. A file is whole or not there.
 *
 * @param out a file; standard output when absent or `-`
 */
export function exportJournal(data: string, out = '-'): number {
  if (out === '-') {
    eachLine(data, (text) => process.stdout.write(text));
    return EXIT.asExpected;
  }
  const part = `${out}.part`;
  const file = inFile(out, () => openSync(part, 'w', 0o600));
  try {
    eachLine(data, (text) => inFile(out, () => writeSync(file, text)));
    inFile(out, () => renameSync(part, out));
  } finally {
    closeSync(file);
    rmSync(part, { force: true });
  }
  return EXIT.asExpected;
}

function eachLine(data: string, take: (text: string) => unknown): void {
  withJournal(data, ({ entries }) => {
    let seq = 0;
    let text = '';
    for (const event of entries) {
      seq++;
      text += `${JSON.stringify({ seq, event: maskedEvent(event) })}\n`;
      if (seq % LINES_A_WRITE !== 0) continue;
      take(text);
      text = '';
    }
    take(text);
  });
}

function inFile<Result>(name: string, work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    throw new CountersignError('E_FILE', { text: name, cause });
  }
}
