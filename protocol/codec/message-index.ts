import type { ErrorCode } from '../errors/error-table.ts';
import type { Codec } from './codec.ts';
import { MOST_FIELDS, SLOTS, SLOT_PREFIX_BYTES } from './slots.ts';

const NO_BYTES = new Uint8Array(0);

/** Something that a leniency let pass. */
export interface PassedDefect {
  readonly code: ErrorCode;
  readonly field: number;
  readonly offset: number;
}

/**
 * Where the fields of one message lie. It is made once and filled again for every message: filling
 * it allocates nothing as long as the messages are sound.
 */
export class MessageIndex {
  readonly codec: Codec;
  bytes: Uint8Array = NO_BYTES;
  tolerance: Tolerance | undefined;
  /** Offset of the message type. */
  start = 0;
  end = 0;
  /** How many fields there are, and their numbers in ascending order. */
  count = 0;
  readonly numbers = new Uint8Array(MOST_FIELDS);
  /** The bitmaps, 32 bits each. */
  readonly words = new Int32Array(MOST_FIELDS / 32);
  /** By field: offset of its value. */
  readonly offsets = new Int32Array(MOST_FIELDS + 1);
  /** By field: digits, characters or bytes of its value. */
  readonly sizes = new Int32Array(MOST_FIELDS + 1);
  /** By field: offset of the byte behind it. */
  readonly ends = new Int32Array(MOST_FIELDS + 1);
  /** Whether the message type could be read. */
  hasMti = false;
  /** Why the message was refused. */
  code: ErrorCode | undefined;
  /** Field of the error; 0 message type, -1 bitmap, -2 nothing. */
  field = 0;
  offset = 0;
  /** A BCD track with something else than digits in it, or 0; it may be encrypted. */
  oddTrack = 0;
  /** Two numbers that the text of the error needs. */
  seen = 0;
  due = 0;
  readonly passed: PassedDefect[] = [];

  constructor(codec: Codec) {
    this.codec = codec;
  }

  /** Offset of the first byte of a field, its prefix included. */
  startOf(field: number): number {
    return this.offsets[field]! - this.codec.table[field * SLOTS + SLOT_PREFIX_BYTES]!;
  }

  /** Whether the bitmaps of an accepted message announce the field. */
  has(field: number): boolean {
    return (this.words[(field - 1) >> 5]! & (1 << (31 - ((field - 1) & 31)))) !== 0;
  }
}

/** Defects that a reader lets pass, and in which fields (all when it says so). */
export interface Tolerance {
  readonly padNibble: (field: number) => boolean;
  readonly charset: (field: number) => boolean;
}

/** The field of an error that is in no field. */
export const NO_FIELD = -2;
export const BITMAP_FIELD = -1;

/** Records why a message is refused; its result is no offset. */
export function refuse(
  index: MessageIndex,
  code: ErrorCode,
  field: number,
  offset: number,
  seen: number,
  due: number,
): number {
  index.code = code;
  index.field = field;
  index.offset = offset;
  index.seen = seen;
  index.due = due;
  return -1;
}
