import { createCipheriv } from 'node:crypto';
import { concatBytes } from '../bytes/concat-bytes.ts';
import { fromHex, toHex } from '../bytes/hex.ts';
import { CountersignError } from '../errors/countersign-error.ts';
import { desCipher, type BlockCipher } from './block-cipher.ts';

/** What the chip tells its issuer in 9F10 (spec 9.4). */
export interface IssuerApplication {
  readonly keyIndex: string;
  /** 01 is computed and verified here; others are named only. */
  readonly version: string;
  /** Card verification results, the four bytes that begin with their own length. */
  readonly cvr: string;
  /** 01 for 3DES, 04 for SM4. */
  readonly algorithm: string;
}

const LEAST_BYTES = 8;

/** Reads 9F10. @throws E_CRYPTOGRAM when it is too short or its lengths do not fit */
export function readIssuerApplication(hex: string): IssuerApplication {
  const lengthBytes = Number.parseInt(hex.slice(0, 2), 16);
  if (hex.length < LEAST_BYTES * 2 || lengthBytes + 1 < LEAST_BYTES) {
    const text = `9F10 has ${hex.length >> 1} bytes where ${LEAST_BYTES} are the least`;
    throw new CountersignError('E_CRYPTOGRAM', { path: '55.9F10', text });
  }
  return {
    keyIndex: hex.slice(2, 4),
    version: hex.slice(4, 6),
    cvr: hex.slice(6, 14),
    algorithm: hex.slice(14, 16),
  };
}

/** What a cryptogram covers, in this order; the CVR out of 9F10 comes last (spec 9.5). */
const COVERED = ['9F02', '9F03', '9F1A', '95', '5F2A', '9A', '9C', '9F37', '82', '9F36'] as const;

const COVERED_BYTES: Readonly<Record<(typeof COVERED)[number], number>> = {
  '9F02': 6,
  '9F03': 6,
  '9F1A': 2,
  '95': 5,
  '5F2A': 2,
  '9A': 3,
  '9C': 1,
  '9F37': 4,
  '82': 2,
  '9F36': 2,
};

/**
 * The 37 bytes that the cryptogram of a message covers, from the tags of field 55 by name.
 * @throws E_CRYPTOGRAM naming the tag that is missing or of a wrong length, or a version or an
 *   algorithm that is not computed here
 */
export function cryptogramInput(tags: ReadonlyMap<string, string>): Uint8Array {
  const pieces = COVERED.map((tag) => {
    const value = tags.get(tag);
    if (value === undefined) {
      throw new CountersignError('E_CRYPTOGRAM', { path: `55.${tag}`, text: 'the tag is missing' });
    }
    if (value.length === COVERED_BYTES[tag] * 2) return fromHex(value);
    const text = `${value.length >> 1} bytes where ${COVERED_BYTES[tag]} are due`;
    throw new CountersignError('E_CRYPTOGRAM', { path: `55.${tag}`, text });
  });
  const { version, algorithm, cvr } = readIssuerApplication(tags.get('9F10') ?? '');
  if (version !== '01' || algorithm !== '01') {
    const text = `cryptogram version ${version}, algorithm ${algorithm}: only 01 with 3DES is computed`;
    throw new CountersignError('E_CRYPTOGRAM', { path: '55.9F10', text });
  }
  return concatBytes([...pieces, fromHex(cvr)]);
}

/** A card's own key: from the issuer's, by card number and sequence number (two digits). */
export function deriveCardKey(imk: Uint8Array, pan: string, psn: string): Uint8Array {
  return twoHalves(desCipher(imk), fromHex((pan + psn).slice(-16).padStart(16, '0')));
}

/** The key of one transaction, by the card's transaction counter (two bytes as hex). */
export function sessionKey(udk: Uint8Array, atc: string): Uint8Array {
  const cipher = desCipher(udk);
  const counter = fromHex(atc.padStart(16, '0'));
  const inverted = counter.map((byte, at) => (at < 6 ? 0 : byte ^ 0xff));
  return concatBytes([cipher.encrypt(counter), cipher.encrypt(inverted)]);
}

/** E(block) and E(NOT block) side by side. */
function twoHalves(cipher: BlockCipher, block: Uint8Array): Uint8Array {
  return concatBytes([cipher.encrypt(block), cipher.encrypt(block.map((byte) => byte ^ 0xff))]);
}

/**
 * The cryptogram over an input: padded with 80 and zeros, chained under the left half of the session
 * key, the last block once through the right half and back (ISO 9797-1, algorithm 3).
 *
 * @returns eight bytes as hex
 */
export function applicationCryptogram(sk: Uint8Array, input: Uint8Array): string {
  const padded = new Uint8Array((input.length & ~7) + 8);
  padded.set(input);
  padded[input.length] = 0x80;
  const left = sk.subarray(0, 8);
  const chain = createCipheriv('des-ede3-cbc', concatBytes([left, left, left]), new Uint8Array(8));
  const last = chain.setAutoPadding(false).update(padded).subarray(-8);
  const right = desCipher(sk.subarray(8, 16));
  return toHex(desCipher(left).encrypt(right.decrypt(last)));
}

/** What the issuer answers: the request's cryptogram mixed with the response code, encrypted. */
export function responseCryptogram(sk: Uint8Array, arqc: string, arc: string): string {
  const block = fromHex(arqc);
  for (let at = 0; at < arc.length; at++) block[at]! ^= arc.charCodeAt(at);
  return toHex(desCipher(sk).encrypt(block));
}
