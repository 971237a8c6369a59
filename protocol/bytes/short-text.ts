import { HEX_CODES } from './hex.ts';

/**
 * Short texts without a call to the machine: a fixed number of characters is put together faster
 * than a piece of memory is asked for. Longer ones are for the caller. Every character is spelled out:
 * helpers for one would be more than V8 puts in place, and a name for the 48 of the zero would become
 * a variable that it looks at each time.
 */

/** Characters of ASCII bytes; undefined for a length that is not among the usual ones. */
export function shortCharacters(bytes: Uint8Array, at: number, size: number): string | undefined {
  switch (size) {
    case 2:
      return String.fromCharCode(bytes[at]!, bytes[at + 1]!);
    case 3:
      return String.fromCharCode(bytes[at]!, bytes[at + 1]!, bytes[at + 2]!);
    case 6:
      return String.fromCharCode(
        bytes[at]!,
        bytes[at + 1]!,
        bytes[at + 2]!,
        bytes[at + 3]!,
        bytes[at + 4]!,
        bytes[at + 5]!,
      );
    case 8:
      return String.fromCharCode(
        bytes[at]!,
        bytes[at + 1]!,
        bytes[at + 2]!,
        bytes[at + 3]!,
        bytes[at + 4]!,
        bytes[at + 5]!,
        bytes[at + 6]!,
        bytes[at + 7]!,
      );
    case 12:
      return String.fromCharCode(
        bytes[at]!,
        bytes[at + 1]!,
        bytes[at + 2]!,
        bytes[at + 3]!,
        bytes[at + 4]!,
        bytes[at + 5]!,
        bytes[at + 6]!,
        bytes[at + 7]!,
        bytes[at + 8]!,
        bytes[at + 9]!,
        bytes[at + 10]!,
        bytes[at + 11]!,
      );
    case 15:
      return String.fromCharCode(
        bytes[at]!,
        bytes[at + 1]!,
        bytes[at + 2]!,
        bytes[at + 3]!,
        bytes[at + 4]!,
        bytes[at + 5]!,
        bytes[at + 6]!,
        bytes[at + 7]!,
        bytes[at + 8]!,
        bytes[at + 9]!,
        bytes[at + 10]!,
        bytes[at + 11]!,
        bytes[at + 12]!,
        bytes[at + 13]!,
        bytes[at + 14]!,
      );
    case 16:
      return String.fromCharCode(
        bytes[at]!,
        bytes[at + 1]!,
        bytes[at + 2]!,
        bytes[at + 3]!,
        bytes[at + 4]!,
        bytes[at + 5]!,
        bytes[at + 6]!,
        bytes[at + 7]!,
        bytes[at + 8]!,
        bytes[at + 9]!,
        bytes[at + 10]!,
        bytes[at + 11]!,
        bytes[at + 12]!,
        bytes[at + 13]!,
        bytes[at + 14]!,
        bytes[at + 15]!,
      );
    case 19:
      return String.fromCharCode(
        bytes[at]!,
        bytes[at + 1]!,
        bytes[at + 2]!,
        bytes[at + 3]!,
        bytes[at + 4]!,
        bytes[at + 5]!,
        bytes[at + 6]!,
        bytes[at + 7]!,
        bytes[at + 8]!,
        bytes[at + 9]!,
        bytes[at + 10]!,
        bytes[at + 11]!,
        bytes[at + 12]!,
        bytes[at + 13]!,
        bytes[at + 14]!,
        bytes[at + 15]!,
        bytes[at + 16]!,
        bytes[at + 17]!,
        bytes[at + 18]!,
      );
    default:
      return undefined;
  }
}

/**
 * Decimal digits of BCD bytes, two each; of an odd number the last nibble is the pad. Undefined for a
 * number that is not among the usual ones.
 */
export function shortDigits(bytes: Uint8Array, at: number, digits: number): string | undefined {
  switch (digits) {
    case 2: {
      const a = bytes[at]!;
      return String.fromCharCode(48 + (a >> 4), 48 + (a & 15));
    }
    case 3: {
      const a = bytes[at]!;
      const b = bytes[at + 1]!;
      return String.fromCharCode(48 + (a >> 4), 48 + (a & 15), 48 + (b >> 4));
    }
    case 4: {
      const a = bytes[at]!;
      const b = bytes[at + 1]!;
      return String.fromCharCode(48 + (a >> 4), 48 + (a & 15), 48 + (b >> 4), 48 + (b & 15));
    }
    case 6: {
      const a = bytes[at]!;
      const b = bytes[at + 1]!;
      const c = bytes[at + 2]!;
      return String.fromCharCode(
        48 + (a >> 4),
        48 + (a & 15),
        48 + (b >> 4),
        48 + (b & 15),
        48 + (c >> 4),
        48 + (c & 15),
      );
    }
    case 8: {
      const a = bytes[at]!;
      const b = bytes[at + 1]!;
      const c = bytes[at + 2]!;
      const d = bytes[at + 3]!;
      return String.fromCharCode(
        48 + (a >> 4),
        48 + (a & 15),
        48 + (b >> 4),
        48 + (b & 15),
        48 + (c >> 4),
        48 + (c & 15),
        48 + (d >> 4),
        48 + (d & 15),
      );
    }
    case 12: {
      const a = bytes[at]!;
      const b = bytes[at + 1]!;
      const c = bytes[at + 2]!;
      const d = bytes[at + 3]!;
      const e = bytes[at + 4]!;
      const f = bytes[at + 5]!;
      return String.fromCharCode(
        48 + (a >> 4),
        48 + (a & 15),
        48 + (b >> 4),
        48 + (b & 15),
        48 + (c >> 4),
        48 + (c & 15),
        48 + (d >> 4),
        48 + (d & 15),
        48 + (e >> 4),
        48 + (e & 15),
        48 + (f >> 4),
        48 + (f & 15),
      );
    }
    case 13: {
      const a = bytes[at]!;
      const b = bytes[at + 1]!;
      const c = bytes[at + 2]!;
      const d = bytes[at + 3]!;
      const e = bytes[at + 4]!;
      const f = bytes[at + 5]!;
      const g = bytes[at + 6]!;
      return String.fromCharCode(
        48 + (a >> 4),
        48 + (a & 15),
        48 + (b >> 4),
        48 + (b & 15),
        48 + (c >> 4),
        48 + (c & 15),
        48 + (d >> 4),
        48 + (d & 15),
        48 + (e >> 4),
        48 + (e & 15),
        48 + (f >> 4),
        48 + (f & 15),
        48 + (g >> 4),
      );
    }
    case 16:
      return hexOfEight(bytes, at);
    case 19: {
      const a = bytes[at]!;
      const b = bytes[at + 1]!;
      const c = bytes[at + 2]!;
      const d = bytes[at + 3]!;
      const e = bytes[at + 4]!;
      const f = bytes[at + 5]!;
      const g = bytes[at + 6]!;
      const h = bytes[at + 7]!;
      const i = bytes[at + 8]!;
      const j = bytes[at + 9]!;
      return String.fromCharCode(
        48 + (a >> 4),
        48 + (a & 15),
        48 + (b >> 4),
        48 + (b & 15),
        48 + (c >> 4),
        48 + (c & 15),
        48 + (d >> 4),
        48 + (d & 15),
        48 + (e >> 4),
        48 + (e & 15),
        48 + (f >> 4),
        48 + (f & 15),
        48 + (g >> 4),
        48 + (g & 15),
        48 + (h >> 4),
        48 + (h & 15),
        48 + (i >> 4),
        48 + (i & 15),
        48 + (j >> 4),
      );
    }
    default:
      return undefined;
  }
}

/** Upper-case hex of eight bytes. */
export function hexOfEight(bytes: Uint8Array, at: number): string {
  const a = bytes[at]!;
  const b = bytes[at + 1]!;
  const c = bytes[at + 2]!;
  const d = bytes[at + 3]!;
  const e = bytes[at + 4]!;
  const f = bytes[at + 5]!;
  const g = bytes[at + 6]!;
  const h = bytes[at + 7]!;
  return String.fromCharCode(
    HEX_CODES[a >> 4]!,
    HEX_CODES[a & 15]!,
    HEX_CODES[b >> 4]!,
    HEX_CODES[b & 15]!,
    HEX_CODES[c >> 4]!,
    HEX_CODES[c & 15]!,
    HEX_CODES[d >> 4]!,
    HEX_CODES[d & 15]!,
    HEX_CODES[e >> 4]!,
    HEX_CODES[e & 15]!,
    HEX_CODES[f >> 4]!,
    HEX_CODES[f & 15]!,
    HEX_CODES[g >> 4]!,
    HEX_CODES[g & 15]!,
    HEX_CODES[h >> 4]!,
    HEX_CODES[h & 15]!,
  );
}
