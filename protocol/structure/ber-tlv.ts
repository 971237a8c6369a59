import { fromHex, toHex } from '../bytes/hex.ts';
import { CountersignError } from '../errors/countersign-error.ts';
import type { ErrorCode } from '../errors/error-table.ts';

/** One BER-TLV item: tag and value as upper-case hex. */
export interface TlvItem {
  readonly tag: string;
  readonly value: string;
  /** Bytes of its length on the wire, where it has more than it needs. */
  readonly lengthBytes?: number;
}

/** A BER-TLV item in its place. */
export interface TlvPlace {
  readonly tag: string;
  /** Where its value begins and ends. */
  readonly from: number;
  readonly to: number;
  readonly lengthBytes: number;
}

export interface TlvProblem {
  readonly code: ErrorCode;
  /** The tag in question, once it could be read. */
  readonly tag?: string;
  readonly at: number;
  readonly text: string;
}

const MOST_TAG_BYTES = 4;
const MOST_LENGTH_BYTES = 3;

/**
 * Items of one level between two offsets, in order, unknown tags included (spec 9.1). Values are
 * not touched: a length is judged against what is there before anything is made of it.
 */
export function scanTlv(
  bytes: Uint8Array,
  from = 0,
  end = bytes.length,
): { readonly places: readonly TlvPlace[]; readonly problem?: TlvProblem } {
  const places: TlvPlace[] = [];
  let at = from;
  while (at < end) {
    const item = scanItem(bytes, at, end);
    if ('code' in item) return { places, problem: item };
    places.push(item);
    at = item.to;
  }
  return { places };
}

function scanItem(bytes: Uint8Array, start: number, end: number): TlvPlace | TlvProblem {
  const first = bytes[start]!;
  if (first === 0) {
    return { code: 'E_TLV_TAG', at: start, text: 'byte 00 begins no tag' };
  }
  let at = start + 1;
  if ((first & 0x1f) === 0x1f) {
    let isMore = true;
    while (isMore) {
      if (at >= end) return { code: 'E_TLV_TRUNCATED', at: start, text: 'a tag is cut short' };
      if (at - start >= MOST_TAG_BYTES) {
        const text = `a tag has more than ${MOST_TAG_BYTES} bytes`;
        return { code: 'E_TLV_TAG', at: start, text };
      }
      isMore = (bytes[at++]! & 0x80) !== 0;
    }
  }
  return scanLength(bytes, toHex(bytes, start, at), at, end);
}

function scanLength(
  bytes: Uint8Array,
  tag: string,
  lengthAt: number,
  end: number,
): TlvPlace | TlvProblem {
  if (lengthAt >= end) {
    return { code: 'E_TLV_TRUNCATED', tag, at: lengthAt, text: 'its length is missing' };
  }
  const first = bytes[lengthAt]!;
  if (first === 0x80) {
    return { code: 'E_TLV_INDEFINITE', tag, at: lengthAt, text: 'its length is 80' };
  }
  const lengthBytes = first < 0x80 ? 1 : 1 + (first & 0x7f);
  if (lengthBytes > MOST_LENGTH_BYTES) {
    const text = `its length has ${lengthBytes - 1} bytes`;
    return { code: 'E_TLV_LENGTH', tag, at: lengthAt, text };
  }
  const from = lengthAt + lengthBytes;
  if (from > end) {
    return { code: 'E_TLV_TRUNCATED', tag, at: lengthAt, text: 'its length is cut short' };
  }
  let length = lengthBytes === 1 ? first : 0;
  for (let at = lengthAt + 1; at < from; at++) length = length * 256 + bytes[at]!;
  if (from + length > end) {
    const text = `${length} bytes announced, ${end - from} left`;
    return { code: 'E_TLV_TRUNCATED', tag, at: from, text };
  }
  return { tag, from, to: from + length, lengthBytes };
}

/** Whether a tag holds tags again: bit 6 of its first byte, unless the dialect says otherwise. */
export function isTemplate(tag: string, primitive: readonly string[] = []): boolean {
  const first = tag.slice(0, 2);
  return (Number.parseInt(first, 16) & 0x20) !== 0 && !primitive.includes(first);
}

/**
 * Items of one level of BER-TLV.
 * @throws E_TLV_TRUNCATED, E_TLV_TAG, E_TLV_LENGTH, E_TLV_INDEFINITE with the offset in the bytes
 */
export function decodeTlv(hex: string, path = '55'): TlvItem[] {
  const bytes = fromHex(hex);
  const { places, problem } = scanTlv(bytes);
  if (problem !== undefined) {
    const { code, tag, at, text } = problem;
    const where = tag === undefined ? path : `${path}.${tag}`;
    throw new CountersignError(code, { path: where, offset: at, text });
  }
  return places.map(({ tag, from, to, lengthBytes }) => {
    const value = toHex(bytes, from, to);
    return lengthBytes > shortestLength(to - from) ? { tag, value, lengthBytes } : { tag, value };
  });
}

/** Values by tag, the last one of each: for data in which no tag repeats. @throws as decodeTlv */
export function decodeTags(hex: string): Map<string, string> {
  return new Map(decodeTlv(hex).map(({ tag, value }) => [tag, value]));
}

/** Bytes that the length of a value needs. */
function shortestLength(length: number): number {
  return length < 0x80 ? 1 : length < 0x100 ? 2 : 3;
}

/** Tag and length of an item as hex. @throws E_TLV_LENGTH */
export function tlvHead(tag: string, length: number, lengthBytes = 1): string {
  if (length > 0xffff) throw new CountersignError('E_TLV_LENGTH', { text: `${tag}: ${length}` });
  const size = Math.max(lengthBytes, shortestLength(length));
  const digits = length.toString(16).toUpperCase();
  if (size === 1) return tag + digits.padStart(2, '0');
  return `${tag}8${size - 1}${digits.padStart((size - 1) * 2, '0')}`;
}

/** Items one after another, as hex. @throws E_TLV_LENGTH */
export function encodeTlv(items: readonly TlvItem[]): string {
  return items
    .map(({ tag, value, lengthBytes }) => tlvHead(tag, value.length / 2, lengthBytes) + value)
    .join('');
}
