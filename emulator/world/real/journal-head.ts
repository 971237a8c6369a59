import { createHash } from 'node:crypto';
import {
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  writeSync,
} from 'node:fs';

/** How far a journal goes. */
export interface JournalHead {
  readonly groups: number;
  /** Over every row up to the last one. */
  readonly hash: Buffer;
}

/** Hears the head after every group of a journal that is read, once the group is known to be whole. */
export type HearGroup = (head: JournalHead) => void;

/** A count, a hash, and eight bytes over both. */
const HASH_AT = 8;
const CHECK_AT = 40;
const BYTES = 48;

/**
 * How far a journal went at least, from the small file beside it. What cannot be read says nothing: it
 * is written without a sync, and a power cut may leave anything of it.
 */
export function readHead(journal: string): JournalHead | undefined {
  const path = headPath(journal);
  if (!existsSync(path)) return undefined;
  const bytes = readFileSync(path);
  if (bytes.length !== BYTES || !bytes.subarray(CHECK_AT).equals(checkOf(bytes))) return undefined;
  const hash = bytes.subarray(HASH_AT, CHECK_AT);
  return { groups: Number(bytes.readBigUInt64BE(0)), hash };
}

export interface HeadFile {
  /** For a group that is durable already, so that the file never says too much. */
  move(head: JournalHead): void;
  close(): void;
}

/** Begins at a head that is durable, synced this once. */
export function headFile(journal: string, head: JournalHead): HeadFile {
  const file = openSync(headPath(journal), constants.O_RDWR | constants.O_CREAT, 0o600);
  const bytes = Buffer.alloc(BYTES);
  const move = ({ groups, hash }: JournalHead): void => {
    bytes.writeBigUInt64BE(BigInt(groups), 0);
    hash.copy(bytes, HASH_AT);
    checkOf(bytes).copy(bytes, CHECK_AT);
    try {
      writeSync(file, bytes, 0, BYTES, 0);
    } catch {
      // The group is in the journal, and an older head is true as well.
    }
  };
  move(head);
  fsyncSync(file);
  return { move, close: () => closeSync(file) };
}

function checkOf(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes.subarray(0, CHECK_AT)).digest().subarray(0, 8);
}

function headPath(journal: string): string {
  return `${journal}-head`;
}
