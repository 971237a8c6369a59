import { createCipheriv, createDecipheriv } from 'node:crypto';
import { CountersignError } from '../errors/countersign-error.ts';
import { desBlock, desSchedule, type DesSchedule } from './des.ts';

/** Which algorithm a key is for; DES is single or triple by the length of the key. */
export type KeyFamily = 'des' | 'sm4' | 'aes';

/** A block cipher under one key, in ECB. Making one costs far more than a block: keep it per key. */
export interface BlockCipher {
  readonly family: KeyFamily;
  readonly blockBytes: 8 | 16;
  readonly keyBytes: number;
  /** `block` is a whole number of blocks. */
  encrypt(block: Uint8Array): Uint8Array;
  /**
   * The last of several blocks, each encrypted together with the encrypted one before it: CBC from
   * zeros, of two blocks E(E(first) XOR second). One call to the cipher, where {@link encrypt} needs
   * one a block. Changes `blocks`; what it returns is the caller's to read, not to change, and only
   * until a cipher works again.
   */
  encryptChained(blocks: Uint8Array): Uint8Array;
  decrypt(block: Uint8Array): Uint8Array;
}

/**
 * DES for an 8-byte key, 3DES (K1 K2 K1) for 16 bytes. OpenSSL 3 has no single DES, which equals
 * 3DES under K K K (spec 4.1).
 * @throws E_KEY_LENGTH
 */
export function desCipher(key: Uint8Array): BlockCipher {
  if (key.length !== 8 && key.length !== 16) {
    throw new CountersignError('E_KEY_LENGTH', { text: `${key.length} bytes` });
  }
  return new Des(key);
}

/** Up to so many bytes the blocks are worked where they lie, which is cheaper than a call for them. */
const SHORT_BYTES = 96;

function isShort({ length }: Uint8Array): boolean {
  return length > 0 && length <= SHORT_BYTES && length % 8 === 0;
}

/** The last block, for all: to make a view of the end of the blocks would cost more than to chain them. */
const LAST = new Uint8Array(8);

/**
 * Quick for what is short: MACs and PIN blocks. A host has a few of these for each of its terminals and
 * comes to each as it comes to the terminal: what lies in one object is fetched at once.
 */
class Des implements BlockCipher {
  readonly family = 'des';
  readonly blockBytes = 8;
  readonly keyBytes: number;
  readonly #key: Uint8Array;
  #forward: DesSchedule | undefined;
  #backward: DesSchedule | undefined;
  #long: BlockCipher | undefined;

  constructor(key: Uint8Array) {
    // A copy, also of a Buffer, whose slice is none.
    this.#key = Uint8Array.from(key);
    this.keyBytes = key.length;
  }

  encrypt(block: Uint8Array): Uint8Array {
    if (!isShort(block)) return this.#forLong().encrypt(block);
    return eachBlock((this.#forward ??= desSchedule(this.#key, 'encrypt')), block);
  }

  encryptChained(blocks: Uint8Array): Uint8Array {
    if (!isShort(blocks)) return this.#forLong().encryptChained(blocks);
    const forward = (this.#forward ??= desSchedule(this.#key, 'encrypt'));
    desBlock(forward, blocks, 0);
    for (let at = 8; at < blocks.length; at += 8) {
      for (let byte = at; byte < at + 8; byte++) blocks[byte]! ^= blocks[byte - 8]!;
      desBlock(forward, blocks, at);
    }
    const end = blocks.length - 8;
    for (let byte = 0; byte < 8; byte++) LAST[byte] = blocks[end + byte]!;
    return LAST;
  }

  decrypt(block: Uint8Array): Uint8Array {
    if (!isShort(block)) return this.#forLong().decrypt(block);
    return eachBlock((this.#backward ??= desSchedule(this.#key, 'decrypt')), block);
  }

  #forLong(): BlockCipher {
    if (this.#long === undefined) {
      const key = this.#key;
      const full = new Uint8Array(24);
      full.set(key.subarray(0, 8), 0);
      full.set(key.length === 8 ? key : key.subarray(8, 16), 8);
      full.set(key.subarray(0, 8), 16);
      this.#long = keptCipher('des', 'des-ede3', full, key.length);
    }
    return this.#long;
  }
}

function eachBlock(schedule: DesSchedule, block: Uint8Array): Uint8Array {
  const worked = new Uint8Array(block);
  for (let at = 0; at < worked.length; at += 8) desBlock(schedule, worked, at);
  return worked;
}

/** SM4 with a 16-byte key; an assumed profile (spec 4.9). */
export function sm4Cipher(key: Uint8Array): BlockCipher {
  if (key.length !== 16) {
    throw new CountersignError('E_KEY_LENGTH', { text: `${key.length} bytes` });
  }
  return keptCipher('sm4', 'sm4', key, 16);
}

/** AES with a key of 16, 24 or 32 bytes. @throws E_KEY_LENGTH */
export function aesCipher(key: Uint8Array): BlockCipher {
  if (key.length !== 16 && key.length !== 24 && key.length !== 32) {
    const hint = 'an AES key has 16, 24 or 32 bytes';
    throw new CountersignError('E_KEY_LENGTH', { text: `${key.length} bytes`, hint });
  }
  return keptCipher('aes', `aes-${key.length * 8}`, key, key.length);
}

/** The cipher of a family. @throws E_KEY_LENGTH */
export function cipherOf(family: KeyFamily, key: Uint8Array): BlockCipher {
  if (family === 'sm4') return sm4Cipher(key);
  return family === 'aes' ? aesCipher(key) : desCipher(key);
}

/** One cipher object per key and way, made when it is first needed. */
function keptCipher(
  family: KeyFamily,
  algorithm: string,
  key: Uint8Array,
  keyBytes: number,
): BlockCipher {
  const blockBytes = family === 'des' ? 8 : 16;
  // Node has the bare name for 3DES in ECB.
  const ecb = family === 'des' ? algorithm : `${algorithm}-ecb`;
  let forward: ReturnType<typeof createCipheriv> | undefined;
  let backward: ReturnType<typeof createDecipheriv> | undefined;
  let chained: ReturnType<typeof createCipheriv> | undefined;
  /** What the chained cipher has put out last: it adds that to what comes next. */
  let carry: Uint8Array = new Uint8Array(blockBytes);
  /** A part of a block would stay inside the cipher and spoil every later call. */
  const whole = (block: Uint8Array): Uint8Array => {
    if (block.length > 0 && block.length % blockBytes === 0) return block;
    throw new CountersignError('E_INTERNAL', { text: `${block.length} bytes are no whole blocks` });
  };
  return {
    family,
    blockBytes,
    keyBytes,
    encrypt: (block) => {
      forward ??= createCipheriv(ecb, key, null).setAutoPadding(false);
      return forward.update(whole(block));
    },
    encryptChained: (blocks) => {
      chained ??= createCipheriv(`${algorithm}-cbc`, key, carry).setAutoPadding(false);
      // Added twice it is gone, so that every call begins anew.
      for (let at = 0; at < blockBytes; at++) blocks[at]! ^= carry[at]!;
      carry = chained.update(whole(blocks)).subarray(blocks.length - blockBytes);
      return carry;
    },
    decrypt: (block) => {
      backward ??= createDecipheriv(ecb, key, null).setAutoPadding(false);
      return backward.update(whole(block));
    },
  };
}
