import type { MacAlgorithm, MacSpec } from '../dialect/mac-spec.ts';
import { CountersignError } from '../errors/countersign-error.ts';
import {
  aesCipher,
  cipherOf,
  desCipher,
  type BlockCipher,
  type KeyFamily,
} from './block-cipher.ts';
import { macOfBlock, unionpayMacBlock } from './mac.ts';

export type { MacAlgorithm, MacSpec } from '../dialect/mac-spec.ts';
export type { KeyFamily } from './block-cipher.ts';

/** A MAC key together with what is done with it. */
export interface MacKey {
  readonly spec: MacSpec;
  /**
   * The eight bytes of field 64.
   * @param mab message type up to the byte before field 64, bit 64 of the bitmap set
   * @param end where that ends, when there is more behind it
   */
  compute(mab: Uint8Array, end?: number): Uint8Array;
  /** What they are shown of: the last block, to be read before the key works again. */
  readonly lastBlock: LastBlock;
}

/** What a MAC does to a message; the result is whole, and the caller's to read only. */
type LastBlock = (mab: Uint8Array, end: number) => Uint8Array;

/**
 * A key ready for use; making one costs more than a MAC: keep it per session. SM4 works with
 * unionpay-ecb only, and is an assumed profile (spec 4.8).
 *
 * @throws E_KEY_LENGTH where family or length of the key do not fit the algorithm
 */
export function macKey(spec: MacSpec, family: KeyFamily, key: Uint8Array): MacKey {
  const { algorithm, padding = 1 } = spec;
  if (algorithm === 'unionpay-ecb') return new UnionpayMac(spec, family, key);
  const lastBlock = lastBlockOf(algorithm, padding, family, key);
  const isBinary = spec.output === 'binary';
  return {
    spec,
    lastBlock,
    compute: (mab, end = mab.length) => macOfBlock(lastBlock(mab, end), isBinary),
  };
}

/** One for each terminal, and used at once with it: an object that has its cipher at hand. */
class UnionpayMac implements MacKey {
  readonly spec: MacSpec;
  readonly #cipher: BlockCipher;

  constructor(spec: MacSpec, family: KeyFamily, key: Uint8Array) {
    if (family === 'aes') throw misfit(spec.algorithm, 'a DES or SM4 key', family, key);
    this.spec = spec;
    this.#cipher = cipherOf(family, key);
  }

  lastBlock(mab: Uint8Array, end: number): Uint8Array {
    return unionpayMacBlock(this.#cipher, mab, end);
  }

  compute(mab: Uint8Array, end = mab.length): Uint8Array {
    return macOfBlock(this.lastBlock(mab, end), this.spec.output === 'binary');
  }
}

function lastBlockOf(
  algorithm: Exclude<MacAlgorithm, 'unionpay-ecb'>,
  padding: 1 | 2,
  family: KeyFamily,
  key: Uint8Array,
): LastBlock {
  switch (algorithm) {
    case 'x9.9':
    case 'iso9797-1': {
      if (family !== 'des') throw misfit(algorithm, 'a DES key of 8 or 16 bytes', family, key);
      const chain = desCipher(key);
      const filled = algorithm === 'x9.9' ? 1 : padding;
      return (mab, end) => chain.encryptChained(padded(mab, end, 8, filled));
    }
    case 'x9.19':
    case 'iso9797-3':
      if (family !== 'des' || key.length !== 16) {
        throw misfit(algorithm, 'a DES key of 16 bytes', family, key);
      }
      return retailMac(key, algorithm === 'x9.19' ? 1 : padding);
    case 'aes-cmac':
      if (family !== 'aes') throw misfit(algorithm, 'an AES key', family, key);
      return cmac(aesCipher(key));
  }
}

/**
 * Decrypting the chained block with the right half and encrypting it with the left one again is what
 * 3DES does after its first step: so all blocks but the last go through the chain, and that one,
 * added to what the chain left, through 3DES.
 */
function retailMac(key: Uint8Array, padding: 1 | 2): LastBlock {
  const single = desCipher(key.subarray(0, 8));
  const triple = desCipher(key);
  return (mab, end) => {
    const blocks = padded(mab, end, 8, padding);
    const split = blocks.length - 8;
    const last = blocks.subarray(split);
    if (split > 0) addTo(last, single.encryptChained(blocks.subarray(0, split)));
    return triple.encrypt(last);
  };
}

/** RFC 4493: the last block is mixed with one of two subkeys, so that padded and whole differ. */
function cmac(cipher: BlockCipher): LastBlock {
  const forWhole = doubled(cipher.encrypt(new Uint8Array(16)));
  const forPadded = doubled(forWhole);
  return (mab, end) => {
    const isWhole = end > 0 && end % 16 === 0;
    const blocks = padded(mab, end, 16, isWhole ? 1 : 2);
    addTo(blocks.subarray(blocks.length - 16), isWhole ? forWhole : forPadded);
    return cipher.encryptChained(blocks);
  };
}

/** A copy in whole blocks, at least one. */
function padded(mab: Uint8Array, end: number, size: number, padding: 1 | 2): Uint8Array {
  const bytes = padding === 1 ? Math.max(end, 1) : end + 1;
  const blocks = new Uint8Array(Math.ceil(bytes / size) * size);
  blocks.set(end === mab.length ? mab : mab.subarray(0, end));
  if (padding === 2) blocks[end] = 0x80;
  return blocks;
}

function addTo(block: Uint8Array, other: Uint8Array): void {
  for (let at = 0; at < block.length; at++) block[at]! ^= other[at]!;
}

/** Times x in the field of 128 bits: shifted left, and 87 added where a bit falls out. */
function doubled(block: Uint8Array): Uint8Array {
  const carry = block[0]! >> 7;
  const shifted = block.map((byte, at) => (byte << 1) | ((block[at + 1] ?? 0) >> 7));
  shifted[15]! ^= carry * 0x87;
  return shifted;
}

function misfit(
  algorithm: MacAlgorithm,
  due: string,
  family: KeyFamily,
  key: Uint8Array,
): CountersignError {
  return new CountersignError('E_KEY_LENGTH', {
    text: `${key.length} bytes of ${family} for ${algorithm}`,
    hint: `${algorithm} takes ${due}`,
  });
}
