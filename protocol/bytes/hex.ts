import { CountersignError } from '../errors/countersign-error.ts';
import { asciiBytes } from './ascii.ts';

const DIGITS = '0123456789ABCDEF';
/** Character codes of the upper-case hex digits, by value. */
export const HEX_CODES = asciiBytes(DIGITS);
/** Two upper-case hex digits by byte. */
export const HEX_PAIRS: readonly string[] = Array.from(
  { length: 256 },
  (_, byte) => DIGITS[byte >> 4]! + DIGITS[byte & 15]!,
);

/** Bytes as upper-case hex, two digits a byte, without separators. */
export function toHex(bytes: Uint8Array, start = 0, end = bytes.length): string {
  let text = '';
  for (let at = start; at < end; at++) text += HEX_PAIRS[bytes[at]!]!;
  return text;
}

/** The value of one hex digit given as a character code, or -1. */
export function hexValue(charCode: number): number {
  if (charCode >= 48 && charCode <= 57) return charCode - 48;
  const upper = charCode & ~32;
  return upper >= 65 && upper <= 70 ? upper - 55 : -1;
}

/**
 * Hex digits to bytes. Blanks are skipped; case does not matter.
 * @throws E_HEX naming the first character that is no hex digit and its position.
 */
export function fromHex(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length >> 1);
  let nibbles = 0;
  let high = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 32 || code === 9 || code === 10 || code === 13) continue;
    const value = hexValue(code);
    if (value < 0) {
      throw new CountersignError('E_HEX', {
        text: `character ${JSON.stringify(text[at])} at position ${at}`,
      });
    }
    if (nibbles % 2 === 0) high = value << 4;
    else bytes[nibbles >> 1] = high | value;
    nibbles++;
  }
  if (nibbles % 2 === 1) {
    throw new CountersignError('E_HEX', { text: `${nibbles} digits, which is odd` });
  }
  const size = nibbles >> 1;
  // A view of all of it would be a second object for nothing.
  return size === bytes.length ? bytes : bytes.subarray(0, size);
}
