import { createCipheriv, createDecipheriv } from 'node:crypto';
import { CountersignError } from '../errors/countersign-error.ts';

/** A block cipher under one key, in ECB. Making one costs far more than a block: keep it per key. */
export interface BlockCipher {
  readonly blockBytes: 8 | 16;
  readonly keyBytes: number;
  /** `block` is a whole number of blocks. */
  encrypt(block: Uint8Array): Uint8Array;
  /**
   * The second of two blocks encrypted together with the encrypted first one: E(E(first) XOR second).
   * One call to the cipher where {@link encrypt} needs two. Changes `blocks`.
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
  const full = new Uint8Array(24);
  full.set(key.subarray(0, 8), 0);
  full.set(key.length === 8 ? key : key.subarray(8, 16), 8);
  full.set(key.subarray(0, 8), 16);
  return keptCipher('des-ede3', full, 8, key.length);
}

/** SM4 with a 16-byte key; an assumed profile (spec 4.9). */
export function sm4Cipher(key: Uint8Array): BlockCipher {
  if (key.length !== 16) {
    throw new CountersignError('E_KEY_LENGTH', { text: `${key.length} bytes` });
  }
  return keptCipher('sm4', key, 16, 16);
}

/** One cipher object per key and way, made when it is first needed. */
function keptCipher(
  algorithm: 'des-ede3' | 'sm4',
  key: Uint8Array,
  blockBytes: 8 | 16,
  keyBytes: number,
): BlockCipher {
  // Node has the bare name for 3DES in ECB.
  const ecb = algorithm === 'sm4' ? 'sm4-ecb' : algorithm;
  const forward = createCipheriv(ecb, key, null).setAutoPadding(false);
  let backward: ReturnType<typeof createDecipheriv> | undefined;
  let chained: ReturnType<typeof createCipheriv> | undefined;
  /** What the chained cipher has put out last: it adds that to what comes next. */
  let carry: Uint8Array = new Uint8Array(blockBytes);
  return {
    blockBytes,
    keyBytes,
    encrypt: (block) => forward.update(block),
    encryptChained: (blocks) => {
      chained ??= createCipheriv(`${algorithm}-cbc`, key, carry).setAutoPadding(false);
      // Added twice it is gone, so that every call begins anew.
      for (let at = 0; at < blockBytes; at++) blocks[at]! ^= carry[at]!;
      carry = chained.update(blocks).subarray(blockBytes);
      return carry;
    },
    decrypt: (block) => {
      backward ??= createDecipheriv(ecb, key, null).setAutoPadding(false);
      return backward.update(block);
    },
  };
}
