import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import type { BankEvent } from '../../emulator/bank/bank-book.ts';
import type { PartnerBooks } from '../../emulator/bench/bench.ts';
import type { NoticeEvent } from '../../emulator/notice-gateway/notice-gateway.ts';
import type { HostEvent } from '../../emulator/host/host-event.ts';
import { HOST_FORM } from '../../emulator/host/packed-events.ts';
import type { PayoutBook } from '../../emulator/host/settlement/payout-book.ts';
import { countBefore, fileStore, readJournal } from '../../emulator/world/real/file-store.ts';
import {
  hasSqlite,
  readSqliteJournal,
  sqliteStore,
} from '../../emulator/world/real/sqlite-store.ts';
import type { HearGroup } from '../../emulator/world/real/journal-head.ts';
import { spareFile } from '../../emulator/world/real/spare-room.ts';
import type { PackedForm, Store } from '../../emulator/world/store.ts';
import type { WalletEvent } from '../../emulator/wallet/wallet-book.ts';

/** Names of the journal in a folder of `serve --data` or `run --keep`: lines of JSON, or SQLite. */
export const HOST_JOURNAL = 'host-journal.jsonl';
export const HOST_SQLITE = 'host-journal.sqlite';

/** Beside it in a folder of `serve --data`: what the parties beside the host know, each in its own journal. */
const BANK_JOURNAL = 'bank-journal';
const WALLET_JOURNAL = 'wallet-journal';
const NOTICE_JOURNAL = 'notice-journal';

export interface OpenedJournals {
  readonly host: Store<HostEvent>;
  readonly partners: Required<PartnerBooks>;
  /** That of the host. */
  readonly file: string;
  /** Why it is kept in lines although SQLite is better; absent where nothing is to be said. */
  readonly remark?: string;
  readonly close: () => void;
}

/**
 * The journals that a host and the parties beside it go on with: a folder keeps the form that it began
 * with, a fresh one gets SQLite where that is installed.
 *
 * @throws E_FILE, E_SQLITE, E_JOURNAL, E_JOURNAL_BUSY, E_JOURNAL_VERSION
 */
export function openJournals(folder: string): OpenedJournals {
  const opened: { close(): void }[] = [];
  const close = (): void => {
    for (const each of opened) each.close();
  };
  try {
    mkdirSync(folder, { recursive: true });
    const lines = join(folder, HOST_JOURNAL);
    const rows = join(folder, HOST_SQLITE);
    onlyOne(folder, lines, rows);
    const isLines = existsSync(lines);
    const isRows = !isLines && (existsSync(rows) || hasSqlite());
    const open = <Entry extends object>(file: string, form?: PackedForm<Entry>): Store<Entry> => {
      const packed = form === undefined ? {} : { form };
      const store = isRows
        ? sqliteStore<Entry>(file, { ...packed, spare: () => spareFile(file) })
        : fileStore<Entry>(file);
      opened.push(store);
      return store;
    };
    const partner = <Entry extends object>(name: string): Store<Entry> =>
      open(join(folder, `${name}.${isRows ? 'sqlite' : 'jsonl'}`));
    const file = isRows ? rows : lines;
    const host = open<HostEvent>(file, HOST_FORM);
    const partners = {
      bank: partner<BankEvent>(BANK_JOURNAL),
      wallet: partner<WalletEvent>(WALLET_JOURNAL),
      notices: partner<NoticeEvent>(NOTICE_JOURNAL),
    };
    beginTogether(file, host, partners);
    if (isRows) return { host, partners, file, close };
    const remark = isLines
      ? 'lines of JSON, as the folder began with; a fresh folder is kept in SQLite'
      : 'lines of JSON; after npm install better-sqlite3@12 a fresh folder is kept in SQLite';
    return { host, partners, file, remark, close };
  } catch (cause) {
    close();
    if (cause instanceof CountersignError) throw cause;
    throw new CountersignError('E_FILE', { text: `${folder} cannot be used as --data`, cause });
  }
}

/**
 * A host that begins anew would give numbers a second time that the parties beside it know already.
 *
 * @throws E_JOURNAL
 */
function beginTogether(
  file: string,
  host: Store<HostEvent>,
  partners: Required<PartnerBooks>,
): void {
  if (!isEmpty(host) || Object.values(partners).every((store) => isEmpty(store))) return;
  const text = `${file} is empty, and the bank, the wallets or the notices beside it know of it`;
  throw new CountersignError('E_JOURNAL', { text, hint: TOGETHER_HINT });
}

/**
 * A bank that has forgotten could pay once more what its host has no answer for.
 * @throws E_JOURNAL
 */
export function checkBank({ file, partners }: OpenedJournals, { payouts }: PayoutBook): void {
  const isKnown = [...payouts.values()].some(({ state }) => state === 'paid');
  if (!isKnown || !isEmpty(partners.bank)) return;
  const text = `${file} knows of payouts, and the bank's journal beside it is empty`;
  throw new CountersignError('E_JOURNAL', { text, hint: TOGETHER_HINT });
}

const TOGETHER_HINT =
  'a folder of --data belongs together: put back what is missing, or take a fresh one';

function isEmpty(store: Store<unknown>): boolean {
  for (const _ of store.replay()) return false;
  return true;
}

/** A journal that is only looked at; its host may be running. */
export interface LookedAt {
  readonly entries: Iterable<HostEvent>;
  /** A last write that is not whole was passed over. */
  readonly isTorn: boolean;
  readonly groups: number;
  /** Over all groups, as hex. */
  readonly hash: string;
}

/**
 * Does something with the journal in a folder, or with the file itself.
 * @param hear the head after each group, no later than the entries behind it are read
 * @throws E_FILE, E_SQLITE, E_JOURNAL, E_JOURNAL_VERSION
 */
export function withJournal<Result>(
  folder: string,
  look: (journal: LookedAt, file: string) => Result,
  hear?: HearGroup,
): Result {
  const file = journalOf(folder);
  if (!file.endsWith('.sqlite')) return look(readJournal<HostEvent>(file, hear), file);
  const { entries, isTorn, head, close } = readSqliteJournal<HostEvent>(file, {
    form: HOST_FORM,
    ...(hear === undefined ? {} : { hear }),
  });
  try {
    return look({ entries, isTorn, groups: head.groups, hash: head.hash.toString('hex') }, file);
  } finally {
    close();
  }
}

function onlyOne(folder: string, lines: string, rows: string): void {
  if (!existsSync(lines) || !existsSync(rows)) return;
  const text = `${folder} holds two journals of a host`;
  const hint = `move ${HOST_JOURNAL} or ${HOST_SQLITE} to a folder of its own`;
  throw new CountersignError('E_FILE', { text, hint });
}

/** Journals of the parties beside the host in a folder; a file, and a host without them, has none. */
export function partnerJournals(folder: string): string[] {
  return [BANK_JOURNAL, WALLET_JOURNAL, NOTICE_JOURNAL]
    .flatMap((name) => [join(folder, `${name}.sqlite`), join(folder, `${name}.jsonl`)])
    .filter((file) => existsSync(file));
}

/** The journal in a folder, or the file itself. @throws E_FILE naming where there are some */
function journalOf(folder: string): string {
  const isFile = existsSync(folder) && statSync(folder).isFile();
  if (isFile) return folder;
  const lines = join(folder, HOST_JOURNAL);
  const rows = join(folder, HOST_SQLITE);
  onlyOne(folder, lines, rows);
  const found = [lines, rows].find((file) => existsSync(file));
  if (found !== undefined) return found;
  const [inside] = journalsBelow(folder);
  const hint =
    inside === undefined
      ? `a folder with ${HOST_SQLITE} or ${HOST_JOURNAL}, as serve --data and run --keep make it`
      : `there is one for each case, such as ${inside}`;
  throw new CountersignError('E_FILE', { text: `${folder} holds no journal of a host`, hint });
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

/** Events of a journal in lines that stand before a byte, which is where a line is damaged; else 0. */
export function eventsBefore(folder: string, offset: number | undefined): number {
  const file = journalOf(folder);
  if (offset === undefined || file.endsWith('.sqlite')) return 0;
  return countBefore(file, offset);
}
