import { toHex } from '../bytes/hex.ts';
import { CountersignError } from '../errors/countersign-error.ts';
import { mistakeInMove, type AdaptiveMove } from './adaptive-move.ts';
import {
  DP_TABLE_BYTES,
  HEADER_BYTES,
  OPTION,
  hasDpTable,
  readJbigHeader,
  readNumber,
  type JbigHeader,
} from './jbig-header.ts';
import { checkArea, checkStripes, checkWidth, type JbigLimits } from './jbig-limits.ts';
import { ESCAPE, MARKER } from './marker.ts';

/** Coded lines with the marker that ends them. */
export interface JbigStripe {
  /** Its first line, counted in the image. */
  readonly line: number;
  /** None behind a NEWLEN that has cut the image. */
  readonly lines: number;
  readonly dataOffset: number;
  /** Where the marker stands that ends it. */
  readonly dataEnd: number;
  /** Everything learnt is forgotten behind it (SDRST). */
  readonly isReset: boolean;
  /** It may hold lines that a NEWLEN has cut off. */
  readonly isCut: boolean;
  readonly moves: readonly AdaptiveMove[];
}

/** A marker segment between stripes. */
export type JbigSegment = { readonly offset: number } & (
  | { readonly kind: 'comment'; readonly bytes: Uint8Array }
  | { readonly kind: 'new-length'; readonly height: number }
  | ({ readonly kind: 'adaptive-move' } & AdaptiveMove)
);

/** Where everything of a stream is; nothing of the image is decoded for it. */
export interface JbigLayout {
  readonly header: JbigHeader;
  /** The true height, which NEWLEN may have lowered. */
  readonly height: number;
  readonly stripes: readonly JbigStripe[];
  readonly segments: readonly JbigSegment[];
  readonly consumedBytes: number;
}

interface Scan {
  readonly bytes: Uint8Array;
  readonly header: JbigHeader;
  readonly stripes: Omit<JbigStripe, 'isCut'>[];
  readonly segments: JbigSegment[];
  at: number;
  height: number;
  /** Where the height was said. */
  heightAt: number;
}

/**
 * Walks over a stream from marker to marker and judges all that it declares.
 * @throws E_JBIG_HEADER, E_JBIG_LIMIT, E_JBIG_MARKER, E_JBIG_TRUNCATED
 */
export function scanJbig(bytes: Uint8Array, limits: JbigLimits): JbigLayout {
  const header = readJbigHeader(bytes);
  const { width, linesPerStripe } = header;
  const isVariable = (header.options & OPTION.vlength) !== 0;
  checkWidth(width, limits);
  if (!isVariable) {
    checkArea(width, header.height, 8, bytes.length, limits);
    checkStripes(Math.ceil(header.height / linesPerStripe), 12, limits);
  }
  const at = HEADER_BYTES + (hasDpTable(header) ? DP_TABLE_BYTES : 0);
  if (bytes.length < at) throw truncated(bytes, 'inside the table of deterministic prediction');
  const { height } = header;
  const scan: Scan = { bytes, header, stripes: [], segments: [], at, height, heightAt: 8 };
  while (nextLine(scan) < scan.height) {
    // One more may follow, empty, with the NEWLEN that ends the image.
    checkStripes(scan.stripes.length, 12, limits);
    readStripe(scan);
  }
  // The last stripe was full, or short without saying so: the marker comes with a stripe of its own.
  if (isVariable && scan.heightAt === 8 && isMarker(scan, MARKER.newlen)) readStripe(scan);
  checkArea(width, scan.height, scan.heightAt, bytes.length, limits);
  checkStripes(Math.ceil(scan.height / linesPerStripe), 12, limits);
  const stripes = scan.stripes.map((stripe) => {
    const lines = Math.max(0, Math.min(linesPerStripe, scan.height - stripe.line));
    return { ...stripe, lines, isCut: lines < linesPerStripe && scan.heightAt !== 8 };
  });
  const { segments } = scan;
  return { header, height: scan.height, stripes, segments, consumedBytes: scan.at };
}

/** The first line behind the stripes so far, were all of them full. */
function nextLine({ stripes, header }: Scan): number {
  return stripes.length * header.linesPerStripe;
}

function isMarker({ bytes, at }: Scan, code: number): boolean {
  return bytes[at] === ESCAPE && bytes[at + 1] === code;
}

function readStripe(scan: Scan): void {
  const { bytes, header } = scan;
  const line = nextLine(scan);
  const moves: AdaptiveMove[] = [];
  for (;;) {
    if (isMarker(scan, MARKER.comment)) readComment(scan);
    else if (isMarker(scan, MARKER.newlen)) readNewLength(scan);
    else if (isMarker(scan, MARKER.atmove)) moves.push(readMove(scan, line, moves.at(-1)?.line));
    else break;
  }
  const dataOffset = scan.at;
  const dataEnd = endOfData(scan);
  const isReset = bytes[dataEnd + 1] === MARKER.sdrst;
  scan.at = dataEnd + 2;
  const lines = header.linesPerStripe;
  scan.stripes.push({ line, lines, dataOffset, dataEnd, isReset, moves });
}

/** The offset of the marker behind the coded data. */
function endOfData({ bytes, at, stripes }: Scan): number {
  let end = bytes.indexOf(ESCAPE, at);
  while (end >= 0 && bytes[end + 1] === MARKER.stuff) end = bytes.indexOf(ESCAPE, end + 2);
  if (end < 0 || end + 1 === bytes.length) {
    throw truncated(bytes, `inside stripe ${stripes.length + 1}`);
  }
  const code = bytes[end + 1]!;
  if (code === MARKER.sdnorm || code === MARKER.sdrst) return end;
  if (code === MARKER.abort) throw misplaced('ABORT: the sender has given up', end);
  throw misplaced(`FF${toHex(Uint8Array.of(code))} inside stripe ${stripes.length + 1}`, end);
}

/** Takes the fixed part of a marker segment. */
function takeSegment(scan: Scan, lengthBytes: number, name: string): number {
  const offset = scan.at;
  if (scan.bytes.length - offset < lengthBytes) throw truncated(scan.bytes, `inside ${name}`);
  scan.at += lengthBytes;
  return offset;
}

function readComment(scan: Scan): void {
  const { bytes, segments } = scan;
  const offset = takeSegment(scan, 6, 'COMMENT');
  const length = readNumber(bytes, offset + 2);
  const left = bytes.length - scan.at;
  if (length > left) throw truncated(bytes, `inside a comment of ${length} bytes, ${left} left`);
  scan.at += length;
  segments.push({ kind: 'comment', offset, bytes: bytes.subarray(offset + 6, scan.at) });
}

function readNewLength(scan: Scan): void {
  const { bytes, header, segments } = scan;
  const offset = takeSegment(scan, 6, 'NEWLEN');
  const height = readNumber(bytes, offset + 2);
  if ((header.options & OPTION.vlength) === 0) {
    throw misplaced('NEWLEN without VLENGTH in the options', offset);
  }
  if (scan.heightAt !== 8) throw misplaced('a second NEWLEN', offset);
  if (height === 0) throw misplaced('NEWLEN 0', offset);
  if (height > header.height) {
    throw misplaced(`NEWLEN ${height}, which is more than ${header.height}`, offset);
  }
  // At the most it cuts the stripe before it.
  const least = nextLine(scan) - header.linesPerStripe;
  if (height <= least) throw misplaced(`NEWLEN ${height} when ${least} are decoded`, offset);
  scan.height = height;
  scan.heightAt = offset + 2;
  segments.push({ kind: 'new-length', offset, height });
}

function readMove(scan: Scan, firstLine: number, before: number | undefined): AdaptiveMove {
  const { bytes, header, segments } = scan;
  const offset = takeSegment(scan, 8, 'ATMOVE');
  const inStripe = readNumber(bytes, offset + 2);
  const line = firstLine + inStripe;
  // A signed byte; where it is negative, the pixel would not be known.
  const tx = (bytes[offset + 6]! << 24) >> 24;
  const ty = bytes[offset + 7]!;
  const mistake =
    inStripe >= header.linesPerStripe
      ? `at line ${inStripe} of a stripe of ${header.linesPerStripe}`
      : before !== undefined && line < before
        ? 'above the one before it'
        : ty !== 0
          ? `${ty} lines up, which is not supported`
          : mistakeInMove(tx, header);
  if (mistake !== undefined) throw misplaced(`ATMOVE ${mistake}`, offset);
  segments.push({ kind: 'adaptive-move', offset, line, tx });
  return { line, tx };
}

function truncated(bytes: Uint8Array, text: string): CountersignError {
  return new CountersignError('E_JBIG_TRUNCATED', { text, offset: bytes.length });
}

function misplaced(text: string, offset: number): CountersignError {
  return new CountersignError('E_JBIG_MARKER', { text, offset });
}
