import { CountersignError } from '../errors/countersign-error.ts';
import { fromHex, toHex } from '../bytes/hex.ts';

export interface TlvItem {
  readonly tag: string;
  readonly value: string;
}

const MOST_TAG_BYTES = 4;

/**
 * BER-TLV items of one level, in order, unknown tags included (spec 9.1).
 * @throws E_BAD_TLV with the byte offset inside the given hex
 */
export function decodeTlv(hex: string, path = '55'): TlvItem[] {
  const bytes = fromHex(hex);
  const items: TlvItem[] = [];
  let at = 0;
  const take = (count: number, what: string): number => {
    if (at + count > bytes.length) {
      throw new CountersignError('E_BAD_TLV', { path, offset: at, text: `${what} is cut short` });
    }
    at += count;
    return at - count;
  };
  while (at < bytes.length) {
    const tagFrom = take(1, 'a tag');
    if ((bytes[tagFrom]! & 0x1f) === 0x1f) {
      let isMore = true;
      while (isMore) {
        isMore = (bytes[take(1, 'a tag')]! & 0x80) !== 0;
        if (isMore && at - tagFrom >= MOST_TAG_BYTES) {
          throw new CountersignError('E_BAD_TLV', {
            path,
            offset: tagFrom,
            text: 'a tag is too long',
          });
        }
      }
    }
    const tag = toHex(bytes, tagFrom, at);
    const first = bytes[take(1, `the length of ${tag}`)]!;
    let length = first;
    if (first >= 0x80) {
      const more = first & 0x7f;
      if (more === 0 || more > 2) {
        const text = `the length of ${tag} starts with ${toHex(Uint8Array.of(first))}`;
        throw new CountersignError('E_BAD_TLV', { path: `${path}.${tag}`, offset: at - 1, text });
      }
      length = 0;
      for (let index = 0; index < more; index++) {
        length = length * 256 + bytes[take(1, `the length of ${tag}`)]!;
      }
    }
    const from = take(length, `the value of ${tag}`);
    items.push({ tag, value: toHex(bytes, from, from + length) });
  }
  return items;
}

export function encodeTlv(items: readonly TlvItem[]): string {
  let hex = '';
  for (const { tag, value } of items) {
    const length = value.length / 2;
    if (length > 0xffff) throw new CountersignError('E_BAD_TLV', { text: `${tag} is too long` });
    const prefix =
      length < 0x80
        ? toHex(Uint8Array.of(length))
        : length < 0x100
          ? `81${toHex(Uint8Array.of(length))}`
          : `82${toHex(Uint8Array.of(length >> 8, length & 0xff))}`;
    hex += tag + prefix + value;
  }
  return hex;
}
