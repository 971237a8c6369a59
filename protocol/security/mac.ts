import type { BlockCipher } from './block-cipher.ts';
import type { MacKey } from './mac-key.ts';
import { HEX_CODES, toHex } from '../bytes/hex.ts';
import { asciiBytes } from '../bytes/ascii.ts';

/** The stages of a MAC computation, for vectors and diagnosis. */
export interface MacStages {
  readonly xor: string;
  readonly first: string;
  readonly second: string;
  /** The eight characters of field 64. */
  readonly mac: string;
}

/**
 * The UnionPay "ECB" MAC (spec 4.7): XOR of all blocks of the zero-padded message, written as hex
 * characters; its left half encrypted, XORed with the right half, encrypted again; the first eight
 * hex characters of the result. A cipher of 16-byte blocks gives the SM4 form (spec 4.8, assumed).
 *
 * @param mab message type up to the byte before field 64, bit 64 of the bitmap set
 */
export function unionpayMac(mak: BlockCipher, mab: Uint8Array): string {
  return toHex(unionpayMacBlock(mak, mab, mab.length), 0, 4);
}

/**
 * The whole last block of the same, of which field 64 shows the first four bytes; to be read before
 * the cipher works again.
 * @param end where the message ends in `mab`
 */
export function unionpayMacBlock(mak: BlockCipher, mab: Uint8Array, end: number): Uint8Array {
  const size = mak.blockBytes;
  // The characters of the folded blocks, which the cipher may change.
  const characters = size === 8 ? CHARACTERS_OF_8 : CHARACTERS_OF_16;
  for (let word = 0; word < size; word += 4) {
    const folded = foldWord(mab, end, word, size);
    for (let each = 0; each < 8; each++) {
      characters[word * 2 + each] = HEX_CODES[(folded >>> (28 - each * 4)) & 15]!;
    }
  }
  return mak.encryptChained(characters);
}

/** Written anew by every MAC: to make room for so few bytes each time costs more than to fill it. */
const CHARACTERS_OF_8 = new Uint8Array(16);
const CHARACTERS_OF_16 = new Uint8Array(32);

/** XOR of the four bytes from `word` on in every block; what is missing in the last one is zero. */
function foldWord(mab: Uint8Array, length: number, word: number, size: number): number {
  let folded = 0;
  let at = word;
  for (; at + 3 < length; at += size) {
    folded ^= (mab[at]! << 24) | (mab[at + 1]! << 16) | (mab[at + 2]! << 8) | mab[at + 3]!;
  }
  for (let each = 0; each < 4 && at + each < length; each++) {
    folded ^= mab[at + each]! << (24 - each * 8);
  }
  return folded;
}

/** The same step by step. */
export function unionpayMacStages(mak: BlockCipher, mab: Uint8Array): MacStages {
  const size = mak.blockBytes;
  const folded = new Uint8Array(size);
  for (let at = 0; at < mab.length; at++) folded[at % size]! ^= mab[at]!;
  const xor = toHex(folded);
  const characters = asciiBytes(xor);
  const first = mak.encrypt(characters.subarray(0, size));
  const mixed = new Uint8Array(size);
  for (let at = 0; at < size; at++) mixed[at] = first[at]! ^ characters[size + at]!;
  const second = toHex(mak.encrypt(mixed));
  return { xor, first: toHex(first), second, mac: second.slice(0, 8) };
}

/** The field of the MAC is the last one; the MAC covers everything before it. */
export const MAC_BYTES = 8;

/** What seals a message: a key with its algorithm, or a bare cipher for the UnionPay one. */
export type Sealer = BlockCipher | MacKey;

/** Writes the MAC over the zeros that field 64 was encoded with; changes `encoded`. */
export function sealMac(mak: Sealer, encoded: Uint8Array): void {
  const split = encoded.length - MAC_BYTES;
  const block = blockOf(mak, encoded, split);
  const isBinary = isShownBinary(mak);
  for (let at = 0; at < MAC_BYTES; at++) encoded[split + at] = shownByte(block, at, isBinary);
}

/** True when the last eight bytes are the MAC of all before; characters count, not only value. */
export function verifyMac(mak: Sealer, encoded: Uint8Array): boolean {
  const split = encoded.length - MAC_BYTES;
  if (split <= 0) return false;
  const block = blockOf(mak, encoded, split);
  const isBinary = isShownBinary(mak);
  let difference = 0;
  for (let at = 0; at < MAC_BYTES; at++) {
    difference |= shownByte(block, at, isBinary) ^ encoded[split + at]!;
  }
  return difference === 0;
}

function blockOf(mak: Sealer, mab: Uint8Array, end: number): Uint8Array {
  return 'lastBlock' in mak ? mak.lastBlock(mab, end) : unionpayMacBlock(mak, mab, end);
}

function isShownBinary(mak: Sealer): boolean {
  return 'spec' in mak && mak.spec.output === 'binary';
}

/** The eight bytes of field 64: those of the block, or its first four as characters. */
export function macOfBlock(block: Uint8Array, isBinary: boolean): Uint8Array {
  const mac = new Uint8Array(MAC_BYTES);
  for (let at = 0; at < MAC_BYTES; at++) mac[at] = shownByte(block, at, isBinary);
  return mac;
}

function shownByte(block: Uint8Array, at: number, isBinary: boolean): number {
  if (isBinary) return block[at]!;
  const byte = block[at >> 1]!;
  return HEX_CODES[at % 2 === 0 ? byte >> 4 : byte & 15]!;
}
