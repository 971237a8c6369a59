import { HEX_CODES, toHex } from './hex.ts';

type Slice = (this: Uint8Array, start: number, end: number) => string;
type Write = (this: Uint8Array, text: string, offset: number, length: number) => number;

/** Node's own conversions, where there are any: one call for many bytes. Browsers have none. */
const native: {
  readonly latin1Slice?: Slice;
  readonly hexSlice?: Slice;
  readonly utf8Write?: Write;
} = typeof Buffer === 'undefined' ? {} : Buffer.prototype;

const latin1Native = native.latin1Slice;
const hexNative = native.hexSlice;
const latin1Decoder = new TextDecoder('windows-1252');

/** One character a byte; bytes below 80 are themselves, the others only keep their place. */
export function characterSlice(bytes: Uint8Array, start: number, end: number): string {
  if (latin1Native !== undefined) return latin1Native.call(bytes, start, end);
  return latin1Decoder.decode(bytes.subarray(start, end));
}

/** Two hex digits a byte, in either case: for digits, where case cannot be told. */
export function nibbleSlice(bytes: Uint8Array, start: number, end: number): string {
  if (hexNative !== undefined) return hexNative.call(bytes, start, end);
  return toHex(bytes, start, end);
}

/** Upper-case hex, two digits a byte. */
export function hexSlice(bytes: Uint8Array, start: number, end: number): string {
  if (hexNative !== undefined) return hexNative.call(bytes, start, end).toUpperCase();
  return toHex(bytes, start, end);
}

/** Written anew every time: enough for track 3, which has up to 104 digits. */
const room = new Uint8Array(106);

/**
 * So many upper-case hex digits from the `skipped`th on, as a text of its own: a piece of a longer one
 * is slow to compare and to look for.
 */
export function digitSlice(
  bytes: Uint8Array,
  start: number,
  skipped: number,
  size: number,
): string {
  const from = start + (skipped >> 1);
  const first = skipped & 1;
  const count = (first + size + 1) >> 1;
  if (latin1Native === undefined || count * 2 > room.length) {
    return toHex(bytes, from, from + count).slice(first, first + size);
  }
  for (let each = 0; each < count; each++) {
    const byte = bytes[from + each]!;
    room[each * 2] = HEX_CODES[byte >> 4]!;
    room[each * 2 + 1] = HEX_CODES[byte & 15]!;
  }
  return latin1Native.call(room, first, first + size);
}

const utf8WriteNative = native.utf8Write;

/** Whether {@link writeCharacters} is there: a browser has none. */
export const CAN_WRITE_CHARACTERS = utf8WriteNative !== undefined;

/**
 * Writes ASCII characters as bytes; any other character becomes bytes from 80 up. The caller has made
 * sure that there is room.
 *
 * @returns how many bytes were written: fewer than characters when the last ones did not fit
 */
export function writeCharacters(bytes: Uint8Array, text: string): number {
  return utf8WriteNative?.call(bytes, text, 0, text.length) ?? 0;
}
