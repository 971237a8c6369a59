import type { FramingSpec } from '../dialect/framing-spec.ts';

/** What a prefix says: bytes of the body, or why there is no body. */
export type PrefixReading =
  | { readonly kind: 'length'; readonly lengthBytes: number }
  /** Not a number in its encoding; the position of the first byte that is none. */
  | { readonly kind: 'no-number'; readonly at: number }
  /** It counts itself and says less than its own size. */
  | { readonly kind: 'too-short'; readonly said: number };

/** The prefix at `at` of the bytes; the caller has made sure that all of it is there. */
export function readPrefix(framing: FramingSpec, bytes: Uint8Array, at: number): PrefixReading {
  const { encoding, bytes: size, includesItself } = framing.prefix;
  let said = 0;
  for (let each = 0; each < size; each++) {
    const byte = bytes[at + (encoding === 'binary-le' ? size - 1 - each : each)]!;
    switch (encoding) {
      case 'ascii':
        if (byte < 0x30 || byte > 0x39) return { kind: 'no-number', at: each };
        said = said * 10 + byte - 0x30;
        break;
      case 'bcd':
        if (byte >> 4 > 9 || (byte & 15) > 9) return { kind: 'no-number', at: each };
        said = said * 100 + (byte >> 4) * 10 + (byte & 15);
        break;
      default:
        // Not a shift: four bytes make more than 31 bits.
        said = said * 256 + byte;
    }
  }
  const lengthBytes = includesItself === true ? said - size : said;
  return lengthBytes < 0 ? { kind: 'too-short', said } : { kind: 'length', lengthBytes };
}

/** Writes the prefix of a body of so many bytes to the front of a frame; the caller has checked the limit. */
export function writePrefix(framing: FramingSpec, lengthBytes: number, prefix: Uint8Array): void {
  const { encoding, bytes: size, includesItself } = framing.prefix;
  let left = includesItself === true ? lengthBytes + size : lengthBytes;
  for (let each = size - 1; each >= 0; each--) {
    switch (encoding) {
      case 'ascii':
        prefix[each] = 0x30 + (left % 10);
        left = Math.floor(left / 10);
        break;
      case 'bcd':
        prefix[each] = (Math.floor((left % 100) / 10) << 4) | (left % 10);
        left = Math.floor(left / 100);
        break;
      default:
        prefix[encoding === 'binary-le' ? size - 1 - each : each] = left % 256;
        left = Math.floor(left / 256);
    }
  }
}
