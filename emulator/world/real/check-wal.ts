import { closeSync, existsSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { CountersignError } from '../../../protocol/errors/countersign-error.ts';

/** https://www.sqlite.org/fileformat2.html#the_write_ahead_log */
const HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;
const MAGIC = 0x377f0682;

/**
 * Looks at what SQLite has written ahead before SQLite does: at the first frame that is not as it was
 * written SQLite cuts off all that follow, and that would be silent loss of what was answered. A last
 * transaction without its end is a torn write, and SQLite may cut it.
 *
 * @param isCounted something else knows how many groups there were: then a last frame that says that it
 *   is the end, and is not whole, may be one that a killed process had just begun
 * @returns whether the last transaction is torn
 * @throws E_JOURNAL for one that has its end and is damaged
 */
export function checkWal(path: string, isCounted: boolean): { readonly isTorn: boolean } {
  const bytes = existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
  if (bytes.length <= HEADER_BYTES + FRAME_HEADER_BYTES) return { isTorn: bytes.length > 0 };
  const magic = bytes.readUInt32BE(0);
  const isBigEndian = magic === MAGIC + 1;
  const sum: Sum = { one: 0, two: 0 };
  add(sum, bytes, 0, 24, isBigEndian);
  const isHeader = magic === MAGIC || isBigEndian;
  if (!isHeader || !equals(sum, bytes, 24)) throw damaged(path, 0);
  const frameBytes = FRAME_HEADER_BYTES + bytes.readUInt32BE(8);
  const isOfThisRound = (at: number): boolean =>
    bytes.compare(bytes, 16, 24, at + 8, at + 16) === 0;
  let at = HEADER_BYTES;
  let isOpen = false;
  for (; at + frameBytes <= bytes.length; at += frameBytes) {
    add(sum, bytes, at, at + 8, isBigEndian);
    add(sum, bytes, at + FRAME_HEADER_BYTES, at + frameBytes, isBigEndian);
    const isWhole = equals(sum, bytes, at + 16);
    if (isWhole && !isOfThisRound(at)) throw damaged(path, at);
    if (!isWhole) break;
    isOpen = bytes.readUInt32BE(at + 4) === 0;
  }
  const torn = at;
  // What an earlier round has left behind the end carries other salts.
  for (; at + FRAME_HEADER_BYTES <= bytes.length && isOfThisRound(at); at += frameBytes) {
    const isEnd = bytes.readUInt32BE(at + 4) !== 0;
    const isBegun = at === torn && isCounted;
    if (isEnd && !isBegun && at + frameBytes <= bytes.length) throw damaged(path, torn);
  }
  return { isTorn: isOpen || at > torn };
}

/** In the field of the main file's header that is left to programs: its groups may be elsewhere. */
export const WAL_MARK = 1;
const HEAD_BYTES = 64;
const PAGE_SIZE_AT = 16;
const USER_VERSION_AT = 60;

/**
 * Whether a main file says that a write-ahead file belongs to it, and there is none, or none that ever
 * was one: from the mark on it has a frame at least. Only for one that nobody writes.
 */
export function lacksWal(path: string): boolean {
  if (!existsSync(path)) return false;
  const bytes = Buffer.alloc(HEAD_BYTES);
  const file = openSync(path, 'r');
  try {
    if (readSync(file, bytes) < HEAD_BYTES) return false;
  } finally {
    closeSync(file);
  }
  if (bytes.readUInt32BE(USER_VERSION_AT) !== WAL_MARK) return false;
  // 1 stands for 65 536.
  const pageBytes = bytes.readUInt16BE(PAGE_SIZE_AT);
  const leastBytes = HEADER_BYTES + FRAME_HEADER_BYTES + (pageBytes === 1 ? 65_536 : pageBytes);
  return (statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0) < leastBytes;
}

interface Sum {
  one: number;
  two: number;
}

function add(sum: Sum, bytes: Buffer, from: number, to: number, isBigEndian: boolean): void {
  let { one, two } = sum;
  for (let at = from; at < to; at += 8) {
    const first = isBigEndian ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at);
    const second = isBigEndian ? bytes.readUInt32BE(at + 4) : bytes.readUInt32LE(at + 4);
    one = (one + first + two) >>> 0;
    two = (two + second + one) >>> 0;
  }
  sum.one = one;
  sum.two = two;
}

function equals({ one, two }: Sum, bytes: Buffer, at: number): boolean {
  return bytes.readUInt32BE(at) === one && bytes.readUInt32BE(at + 4) === two;
}

function damaged(path: string, offset: number): CountersignError {
  return new CountersignError('E_JOURNAL', { offset, text: `${path}, byte ${offset}` });
}
