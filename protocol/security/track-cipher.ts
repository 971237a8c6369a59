import { fromHex, toHex } from '../bytes/hex.ts';
import { CountersignError } from '../errors/countersign-error.ts';
import type { BlockCipher } from './block-cipher.ts';

/** Where the encrypted block of a track stands, in characters. */
export interface TrackBlock {
  readonly start: number;
  readonly end: number;
}

/**
 * The one block of digits that is encrypted (spec 4.6): it ends before the last digit of an odd number
 * of digits, before the last two of an even one.
 *
 * @param digits length of the track
 * @throws E_TRACK when the track is too short
 */
export function trackBlock(cipher: BlockCipher, digits: number): TrackBlock {
  const size = cipher.blockBytes * 2;
  if (digits < size + 2) {
    const text = `${digits} digits where ${size + 2} are the least`;
    throw new CountersignError('E_TRACK', { text });
  }
  const end = digits % 2 === 1 ? digits - 1 : digits - 2;
  return { start: end - size, end };
}

/**
 * Field 35 or 36 with its block encrypted under the TDK: 16 digits of DES, 32 of SM4 (assumed).
 * The length stays; the block may hold A to F afterwards.
 *
 * @param track digits with D as separator
 * @throws E_TRACK when it is too short, or holds something else
 */
export function encryptTrack(tdk: BlockCipher, track: string): string {
  return withBlock(tdk, track, /^[0-9D]*$/, (block) => tdk.encrypt(block));
}

/** The same back; under another key the result is garbage, see {@link isClearTrack}. */
export function decryptTrack(tdk: BlockCipher, track: string): string {
  return withBlock(tdk, track, /^[0-9A-F]*$/, (block) => tdk.decrypt(block));
}

/** Whether a track has the form of a clear one: digits, separators, and a card number in front. */
export function isClearTrack(track: string): boolean {
  return /^(?:99)?\d{8,19}D[0-9D]*$/.test(track);
}

function withBlock(
  cipher: BlockCipher,
  track: string,
  allowed: RegExp,
  turn: (block: Uint8Array) => Uint8Array,
): string {
  if (!allowed.test(track)) {
    throw new CountersignError('E_TRACK', { text: 'a character that no track has' });
  }
  const { start, end } = trackBlock(cipher, track.length);
  const block = turn(fromHex(track.slice(start, end)));
  return track.slice(0, start) + toHex(block) + track.slice(end);
}
