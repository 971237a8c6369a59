import type { MessageIndex } from '../codec/message-index.ts';
import { MOST_FIELDS } from '../codec/slots.ts';
import { listOf } from './message.ts';

/** Letters, digits, hyphen and underscore: six bits each. */
const LETTERS = Uint8Array.from(
  'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_',
  (letter) => letter.charCodeAt(0),
);

/**
 * Sixty bits of what a message says, taken from its bytes while they are indexed. It tells a message
 * that is sent again from another one under its number, which by chance has the same hash once in
 * 2^60; it is no seal, and whoever wants to can make two that agree.
 */
export class ContentHash {
  /** By field, 1 where it does not count. */
  readonly #isLeftOut = new Uint8Array(MOST_FIELDS + 1);
  /** Fields that the message has, those too that do not count; other messages share the list. */
  numbers: readonly number[] = [];
  #one = 0;
  #other = 0;

  /** @param leftOut fields that do not count */
  constructor(leftOut: readonly number[]) {
    for (const field of leftOut) this.#isLeftOut[field] = 1;
  }

  /** Begins anew, with the numbers and bytes of the fields of an accepted message. */
  take({ count, numbers, offsets, sizes, ends, bytes }: MessageIndex): void {
    const isLeftOut = this.#isLeftOut;
    let one = 0;
    let other = 0;
    for (let each = 0; each < count; each++) {
      const field = numbers[each]!;
      if (isLeftOut[field] === 1) continue;
      const end = ends[field]!;
      let at = offsets[field]!;
      // Number and length first, so that no byte can count for another field; the length as digits or
      // characters, because an odd digit and a pad have the bytes of two digits.
      let word = (field << 16) ^ sizes[field]!;
      for (;;) {
        one = nextOne(one, word);
        other = nextOther(other, word);
        if (at >= end) break;
        // Zeros stand behind the last byte.
        word = bytes[at]! << 24;
        if (at + 3 < end) {
          word |= (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
        } else {
          if (at + 1 < end) word |= bytes[at + 1]! << 16;
          if (at + 2 < end) word |= bytes[at + 2]! << 8;
        }
        at += 4;
      }
    }
    this.#one = one;
    this.#other = other;
    this.numbers = listOf(numbers, count);
  }

  /** Counts a text as well, its length included. */
  add(text: string): void {
    const { length } = text;
    let one = this.#one;
    let other = this.#other;
    let word = length;
    for (let at = 0; ; at += 2) {
      one = nextOne(one, word);
      other = nextOther(other, word);
      if (at >= length) break;
      word = text.charCodeAt(at);
      if (at + 1 < length) word |= text.charCodeAt(at + 1) << 16;
    }
    this.#one = one;
    this.#other = other;
  }

  /** Ten letters for all that was counted. */
  text(): string {
    const one = spread(this.#one);
    const other = spread(this.#other);
    return String.fromCharCode(
      LETTERS[one & 63]!,
      LETTERS[(one >>> 6) & 63]!,
      LETTERS[(one >>> 12) & 63]!,
      LETTERS[(one >>> 18) & 63]!,
      LETTERS[(one >>> 24) & 63]!,
      LETTERS[other & 63]!,
      LETTERS[(other >>> 6) & 63]!,
      LETTERS[(other >>> 12) & 63]!,
      LETTERS[(other >>> 18) & 63]!,
      LETTERS[(other >>> 24) & 63]!,
    );
  }
}

const FIRST_FACTOR = 0x9e_37_79_b1;
const SECOND_FACTOR = 0x85_eb_ca_77;
const WORD_FACTOR = 0xcc_9e_2d_51;

/** The first half after one word more. */
function nextOne(one: number, word: number): number {
  const mixed = Math.imul(one ^ turned(word), FIRST_FACTOR);
  return mixed ^ (mixed >>> 15);
}

/** The second half after one word more. */
function nextOther(other: number, word: number): number {
  const mixed = Math.imul(((other << 13) | (other >>> 19)) + turned(word), SECOND_FACTOR);
  return mixed ^ (mixed >>> 13);
}

function turned(word: number): number {
  const product = Math.imul(word, WORD_FACTOR);
  return product ^ (product >>> 16);
}

/** Lets every bit depend on every other one; the last words have come only half the way. */
function spread(word: number): number {
  let mixed = word ^ (word >>> 16);
  mixed = Math.imul(mixed, SECOND_FACTOR);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, FIRST_FACTOR);
  return mixed ^ (mixed >>> 16);
}
