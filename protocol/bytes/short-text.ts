/**
 * Short texts without a call to the machine: a fixed number of characters is put together faster
 * than a piece of memory is asked for. Longer ones are for the caller.
 */

/** Characters of ASCII bytes; undefined for a length that is not among the usual ones. */
export function shortCharacters(bytes: Uint8Array, at: number, size: number): string | undefined {
  const code = (index: number): number => bytes[at + index]!;
  switch (size) {
    case 2:
      return String.fromCharCode(code(0), code(1));
    case 3:
      return String.fromCharCode(code(0), code(1), code(2));
    case 6:
      return String.fromCharCode(code(0), code(1), code(2), code(3), code(4), code(5));
    case 8:
      return String.fromCharCode(
        code(0),
        code(1),
        code(2),
        code(3),
        code(4),
        code(5),
        code(6),
        code(7),
      );
    case 12:
      return String.fromCharCode(
        code(0),
        code(1),
        code(2),
        code(3),
        code(4),
        code(5),
        code(6),
        code(7),
        code(8),
        code(9),
        code(10),
        code(11),
      );
    case 15:
      return String.fromCharCode(
        code(0),
        code(1),
        code(2),
        code(3),
        code(4),
        code(5),
        code(6),
        code(7),
        code(8),
        code(9),
        code(10),
        code(11),
        code(12),
        code(13),
        code(14),
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
  const high = (index: number): number => 48 + (bytes[at + index]! >> 4);
  const low = (index: number): number => 48 + (bytes[at + index]! & 15);
  switch (digits) {
    case 2:
      return String.fromCharCode(high(0), low(0));
    case 3:
      return String.fromCharCode(high(0), low(0), high(1));
    case 4:
      return String.fromCharCode(high(0), low(0), high(1), low(1));
    case 6:
      return String.fromCharCode(high(0), low(0), high(1), low(1), high(2), low(2));
    case 8:
      return String.fromCharCode(
        high(0),
        low(0),
        high(1),
        low(1),
        high(2),
        low(2),
        high(3),
        low(3),
      );
    case 12:
      return String.fromCharCode(
        high(0),
        low(0),
        high(1),
        low(1),
        high(2),
        low(2),
        high(3),
        low(3),
        high(4),
        low(4),
        high(5),
        low(5),
      );
    case 16:
      return String.fromCharCode(
        high(0),
        low(0),
        high(1),
        low(1),
        high(2),
        low(2),
        high(3),
        low(3),
        high(4),
        low(4),
        high(5),
        low(5),
        high(6),
        low(6),
        high(7),
        low(7),
      );
    case 19:
      return String.fromCharCode(
        high(0),
        low(0),
        high(1),
        low(1),
        high(2),
        low(2),
        high(3),
        low(3),
        high(4),
        low(4),
        high(5),
        low(5),
        high(6),
        low(6),
        high(7),
        low(7),
        high(8),
        low(8),
        high(9),
      );
    default:
      return undefined;
  }
}
