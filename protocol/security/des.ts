/**
 * DES and 3DES (FIPS 46-3) on a block where it lies. A call of the runtime's cipher costs several
 * times what a block does, and makes a buffer: MACs and PIN blocks are one or two blocks long.
 */

const BLOCK_BYTES = 8;
const ROUNDS = 16;
/** Words of the keys of one pass: two a round. */
const PASS_WORDS = ROUNDS * 2;

/** Bits of the key that the two halves are made of; the eighth bit of every byte is no key. */
const PC_1 = [
  57, 49, 41, 33, 25, 17, 9, 1, 58, 50, 42, 34, 26, 18, 10, 2, 59, 51, 43, 35, 27, 19, 11, 3, 60,
  52, 44, 36, 63, 55, 47, 39, 31, 23, 15, 7, 62, 54, 46, 38, 30, 22, 14, 6, 61, 53, 45, 37, 29, 21,
  13, 5, 28, 20, 12, 4,
];
/** Bits of the turned halves that the key of a round is made of. */
const PC_2 = [
  14, 17, 11, 24, 1, 5, 3, 28, 15, 6, 21, 10, 23, 19, 12, 4, 26, 8, 16, 7, 27, 20, 13, 2, 41, 52,
  31, 37, 47, 55, 30, 40, 51, 45, 33, 48, 44, 49, 39, 56, 34, 53, 46, 42, 50, 36, 29, 32,
];
/** How far the halves are turned before each round. */
const TURNS = [1, 1, 2, 2, 2, 2, 2, 2, 1, 2, 2, 2, 2, 2, 2, 1];
/** Where the bits that come out of the eight boxes go. */
const P = [
  16, 7, 20, 21, 29, 12, 28, 17, 1, 15, 23, 26, 5, 18, 31, 10, 2, 8, 24, 14, 32, 27, 3, 9, 19, 13,
  30, 6, 22, 11, 4, 25,
];
/** The eight boxes, four rows of sixteen each, a hex digit a value. */
const BOXES = [
  'E4D12FB83A6C5907 0F74E2D1A6CB9538 41E8D62BFC973A50 FC8249175B3EA06D',
  'F18E6B34972DC05A 3D47F28EC01A69B5 0E7BA4D158C6932F D8A13F42B67C05E9',
  'A09E63F51DC7B428 D709346A285ECBF1 D6498F30B12C5AE7 1AD069874FE3B52C',
  '7DE3069A1285BC4F D8B56F03472C1AE9 A690CB7DF13E5284 3F06A1D8945BC72E',
  '2C417AB6853FD0E9 EB2C47D150FA3986 421BAD78F9C5630E B8C71E2D6F09A453',
  'C1AF92680D34E75B AF427C9561DE0B38 9EF528C3704A1DB6 432C95FABE17608D',
  '4B2EF08D3C975A61 D0B7491AE35C2F86 14BDC37EAF680592 6BD814A7950FE23C',
  'D2846FB1A93E50C7 1FD8A374C56B0E92 7B419CE206ADF358 21E74A8DFC90356B',
];

/** What each box makes of six bits, with its four bits where P puts them: box × 64 + bits. */
function mixedBoxes(): Int32Array {
  const mixed = new Int32Array(8 * 64);
  for (const [box, text] of BOXES.entries()) {
    const rows = text.split(' ');
    for (let bits = 0; bits < 64; bits++) {
      // The outer two bits choose the row, the inner four the column.
      const row = ((bits >> 4) & 2) | (bits & 1);
      const value = Number.parseInt(rows[row]![(bits >> 1) & 15]!, 16);
      const plain = value << (28 - box * 4);
      let word = 0;
      for (const from of P) word = (word << 1) | ((plain >>> (32 - from)) & 1);
      mixed[box * 64 + bits] = word;
    }
  }
  return mixed;
}

/** Keys of the rounds, pass by pass; of two passes the first one follows once more. */
export type DesSchedule = Int32Array;

/**
 * The keys of the rounds, for encrypting or decrypting: of DES for 8 bytes of key, of 3DES for 16
 * (K1 K2 K1) and 24. Making them takes as long as many blocks: keep them with the key.
 */
export function desSchedule(key: Uint8Array, way: 'encrypt' | 'decrypt'): DesSchedule {
  const parts = [0, 8, 16].map((at) => key.subarray(at % key.length, (at % key.length) + 8));
  const [first, second, third] = parts as [Uint8Array, Uint8Array, Uint8Array];
  const order = way === 'encrypt' ? [first, second, third] : [third, second, first];
  // Of a key of two parts the third pass is the first one again.
  const passes = order.slice(0, key.length / BLOCK_BYTES);
  const schedule = new Int32Array(passes.length * PASS_WORDS);
  for (const [pass, part] of passes.entries()) {
    const isForward = (pass % 2 === 0) === (way === 'encrypt');
    schedule.set(passKeys(part, isForward), pass * PASS_WORDS);
  }
  return schedule;
}

/** Which bit of the key stands where in the keys of the rounds, one behind the other. */
const KEY_BITS = keyBits();

interface KeyBits {
  /** From the first bit of the key, the eighth ones counted. */
  readonly from: Uint8Array;
  /** Word, and how far from its right end. */
  readonly word: Uint8Array;
  readonly shift: Uint8Array;
}

/** Two words a round: the bits of the boxes 1, 3, 5, 7, and those of 2, 4, 6, 8, each six in a byte. */
function keyBits(): KeyBits {
  const size = ROUNDS * PC_2.length;
  const bits = {
    from: new Uint8Array(size),
    word: new Uint8Array(size),
    shift: new Uint8Array(size),
  };
  let turned = 0;
  for (const [round, turn] of TURNS.entries()) {
    turned += turn;
    for (const [place, bit] of PC_2.entries()) {
      const at = round * PC_2.length + place;
      const half = bit <= 28 ? 0 : 28;
      const box = Math.floor(place / 6);
      bits.from[at] = PC_1[half + ((bit - 1 - half + turned) % 28)]! - 1;
      bits.word[at] = round * 2 + (box & 1);
      bits.shift[at] = 31 - (box >> 1) * 8 - (place % 6);
    }
  }
  return bits;
}

function passKeys(key: Uint8Array, isForward: boolean): Int32Array {
  const { from, word, shift } = KEY_BITS;
  const keys = new Int32Array(PASS_WORDS);
  for (let at = 0; at < from.length; at++) {
    const bit = from[at]!;
    const value = (key[bit >> 3]! >> (7 - (bit & 7))) & 1;
    // Back to front they decrypt; the two words of a round stay as they are.
    const place = isForward ? word[at]! : (PASS_WORDS - 1 - word[at]!) ^ 1;
    keys[place]! |= value << shift[at]!;
  }
  return keys;
}

const MIXED = mixedBoxes();

/** What a half adds to the other: expanded to 48 bits, the key added, through the boxes. */
function mix(half: number, oddKey: number, evenKey: number): number {
  const odd = ((half >>> 1) | (half << 31)) ^ oddKey;
  const even = ((half << 3) | (half >>> 29)) ^ evenKey;
  return (
    MIXED[odd >>> 26]! ^
    MIXED[64 + (even >>> 26)]! ^
    MIXED[128 + ((odd >>> 18) & 63)]! ^
    MIXED[192 + ((even >>> 18) & 63)]! ^
    MIXED[256 + ((odd >>> 10) & 63)]! ^
    MIXED[320 + ((even >>> 10) & 63)]! ^
    MIXED[384 + ((odd >>> 2) & 63)]! ^
    MIXED[448 + ((even >>> 2) & 63)]!
  );
}

/** Encrypts or decrypts the eight bytes from `at` on, as the schedule was made for. */
export function desBlock(schedule: DesSchedule, bytes: Uint8Array, at: number): void {
  let left = (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
  let right =
    (bytes[at + 4]! << 24) | (bytes[at + 5]! << 16) | (bytes[at + 6]! << 8) | bytes[at + 7]!;
  let swap: number;
  // The initial permutation turns the block, as a square of bits, on its side.
  swap = ((left >>> 4) ^ right) & 0x0f_0f_0f_0f;
  right ^= swap;
  left ^= swap << 4;
  swap = ((left >>> 16) ^ right) & 0xff_ff;
  right ^= swap;
  left ^= swap << 16;
  swap = ((right >>> 2) ^ left) & 0x33_33_33_33;
  left ^= swap;
  right ^= swap << 2;
  swap = ((right >>> 8) ^ left) & 0x00_ff_00_ff;
  left ^= swap;
  right ^= swap << 8;
  swap = ((left >>> 1) ^ right) & 0x55_55_55_55;
  right ^= swap;
  left ^= swap << 1;
  const { length } = schedule;
  const end = length === PASS_WORDS ? PASS_WORDS : 3 * PASS_WORDS;
  for (let pass = 0; pass < end; pass += PASS_WORDS) {
    const first = pass < length ? pass : 0;
    for (let round = first; round < first + PASS_WORDS; round += 4) {
      left ^= mix(right, schedule[round]!, schedule[round + 1]!);
      right ^= mix(left, schedule[round + 2]!, schedule[round + 3]!);
    }
    // The halves change places behind the last round.
    swap = left;
    left = right;
    right = swap;
  }
  // The same way back.
  swap = ((left >>> 1) ^ right) & 0x55_55_55_55;
  right ^= swap;
  left ^= swap << 1;
  swap = ((right >>> 8) ^ left) & 0x00_ff_00_ff;
  left ^= swap;
  right ^= swap << 8;
  swap = ((right >>> 2) ^ left) & 0x33_33_33_33;
  left ^= swap;
  right ^= swap << 2;
  swap = ((left >>> 16) ^ right) & 0xff_ff;
  right ^= swap;
  left ^= swap << 16;
  swap = ((left >>> 4) ^ right) & 0x0f_0f_0f_0f;
  right ^= swap;
  left ^= swap << 4;
  writeWord(bytes, at, left);
  writeWord(bytes, at + 4, right);
}

function writeWord(bytes: Uint8Array, at: number, word: number): void {
  bytes[at] = word >>> 24;
  bytes[at + 1] = word >>> 16;
  bytes[at + 2] = word >>> 8;
  bytes[at + 3] = word;
}
