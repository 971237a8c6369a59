import { concatBytes } from '../bytes/concat-bytes.ts';
import type { Dialect } from '../dialect/dialect.ts';
import { MAC_BYTES } from './mac.ts';

/** How the head of a message is written: enough to find its bitmap. */
export type MessageHead = Pick<Dialect, 'mti' | 'bitmap' | 'macField'>;

/** Bytes that somebody may have taken for what the MAC covers. */
export interface MacRange {
  /** What is different, as part of a sentence; empty for the right range. */
  readonly words: string;
  readonly bytes: Uint8Array;
}

/** The places in the head of one message. */
interface HeadPlaces {
  readonly bitmapStart: number;
  readonly bitmapEnd: number;
  /** The byte with the bit that announces the MAC, and the same without it; undefined where it is not set. */
  readonly macBit: { readonly at: number; readonly cleared: number } | undefined;
}

const MOST_ENVELOPE_BYTES = 32;

/** Whether there is room for a MAC and the bitmap announces it. */
export function announcesMac(head: MessageHead, message: Uint8Array): boolean {
  const { bitmapEnd, macBit } = placesOf(head, message);
  return macBit !== undefined && message.length >= bitmapEnd + MAC_BYTES;
}

/** The right range first, then what is known to be taken for it. */
export function macRanges(
  head: MessageHead,
  message: Uint8Array,
  before: Uint8Array = new Uint8Array(0),
): MacRange[] {
  const mab = message.subarray(0, message.length - MAC_BYTES);
  const { bitmapStart, bitmapEnd, macBit } = placesOf(head, message);
  const ranges: MacRange[] = [{ words: '', bytes: mab }];
  const add = (words: string, bytes: Uint8Array): void => void ranges.push({ words, bytes });
  if (macBit !== undefined) {
    const without = Uint8Array.from(mab);
    without[macBit.at] = macBit.cleared;
    add(`the bit of field ${head.macField} not yet set in the bitmap`, without);
  }
  const zeros = new Uint8Array(MAC_BYTES);
  add(
    `the ${MAC_BYTES} bytes of field ${head.macField} included as zeros`,
    concatBytes([mab, zeros]),
  );
  add('the message type left out', mab.subarray(bitmapStart));
  add('message type and bitmap left out', mab.subarray(bitmapEnd));
  const most = Math.min(before.length, MOST_ENVELOPE_BYTES);
  for (let size = 1; size <= most; size++) {
    const all = size === before.length ? 'all ' : '';
    const words = `${all}${size} bytes in front of the message type included`;
    add(words, concatBytes([before.subarray(before.length - size), mab]));
  }
  return ranges;
}

function placesOf({ mti, bitmap, macField }: MessageHead, message: Uint8Array): HeadPlaces {
  const bitmapStart = mti.encoding === 'bcd' ? 2 : 4;
  const isBinary = bitmap.encoding === 'binary';
  const bits = isBinary ? 8 : 4;
  const size = 64 / bits;
  const valueAt = (at: number): number => {
    const byte = message[at] ?? 0;
    return isBinary ? byte : hexDigit(byte);
  };
  const top = 1 << (bits - 1);
  let bitmapEnd = bitmapStart + size;
  const most = bitmapStart + (bitmap.fields / 64) * size;
  while (bitmapEnd < most && (valueAt(bitmapEnd - size) & top) !== 0) bitmapEnd += size;
  const at = bitmapStart + Math.floor((macField - 1) / bits);
  const mask = top >> ((macField - 1) % bits);
  const value = valueAt(at);
  if (at >= bitmapEnd || (value & mask) === 0) return { bitmapStart, bitmapEnd, macBit: undefined };
  const cleared = isBinary ? value - mask : likeDigit(message[at]!, value - mask);
  return { bitmapStart, bitmapEnd, macBit: { at, cleared } };
}

/** Digits are 3x in ASCII and Fx in EBCDIC, letters 4x and Cx. */
function hexDigit(byte: number): number {
  const high = byte >> 4;
  return high === 3 || high === 15 ? byte & 15 : (byte & 15) + 9;
}

/** A hex digit of the same code page as another one. */
function likeDigit(other: number, value: number): number {
  const isEbcdic = other >= 0xc0;
  if (value < 10) return (isEbcdic ? 0xf0 : 0x30) + value;
  return (isEbcdic ? 0xc0 : 0x40) + value - 9;
}
