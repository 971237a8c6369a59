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
  /** The byte whose lowest bit announces the MAC; undefined where it is not set. */
  readonly macBit: number | undefined;
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
    // The bit is the lowest of a byte or of a hex digit: one less is the same without it.
    without[macBit]!--;
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
  const size = isBinary ? 8 : 16;
  const isSet = (at: number, mask: number): boolean => {
    const byte = message[at] ?? 0;
    return ((isBinary ? byte : hexDigit(byte)) & mask) !== 0;
  };
  let bitmapEnd = bitmapStart + size;
  const top = isBinary ? 0x80 : 8;
  while (bitmapEnd - bitmapStart < (bitmap.fields / 64) * size && isSet(bitmapEnd - size, top)) {
    bitmapEnd += size;
  }
  const macBit = bitmapStart + (macField / 64) * size - 1;
  const isThere = macField % 64 === 0 && macBit < bitmapEnd && isSet(macBit, 1);
  return { bitmapStart, bitmapEnd, macBit: isThere ? macBit : undefined };
}

/** Digits are 3x in ASCII and Fx in EBCDIC, letters 4x and Cx. */
function hexDigit(byte: number): number {
  const high = byte >> 4;
  return high === 3 || high === 15 ? byte & 15 : (byte & 15) + 9;
}
