import type { BlockCipher } from './block-cipher.ts';
import { toHex } from '../bytes/hex.ts';
import { asciiBytes, asciiText } from '../bytes/ascii.ts';

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

export function unionpayMac(mak: BlockCipher, mab: Uint8Array): string {
  return unionpayMacStages(mak, mab).mac;
}

/** Field 64 is the last field; the MAC covers everything before it. */
const MAC_BYTES = 8;

/** Writes the MAC over the zeros that field 64 was encoded with; changes `encoded`. */
export function sealMac(mak: BlockCipher, encoded: Uint8Array): void {
  const mab = encoded.subarray(0, encoded.length - MAC_BYTES);
  encoded.set(asciiBytes(unionpayMac(mak, mab)), encoded.length - MAC_BYTES);
}

/** True when the last eight bytes are the MAC of all before; characters count, not only value. */
export function verifyMac(mak: BlockCipher, encoded: Uint8Array): boolean {
  const split = encoded.length - MAC_BYTES;
  return asciiText(encoded, split) === unionpayMac(mak, encoded.subarray(0, split));
}
