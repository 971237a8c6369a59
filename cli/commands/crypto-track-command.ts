import { maskPan } from '../../protocol/bytes/card-number.ts';
import { cipherOf, type BlockCipher } from '../../protocol/security/block-cipher.ts';
import {
  decryptTrack,
  encryptTrack,
  isClearTrack,
  trackBlock,
} from '../../protocol/security/track-cipher.ts';
import { choiceOf } from '../options.ts';
import { present, warnRevealed, type CryptoResult } from './crypto-output.ts';
import { digitsOf, keyBytes, openSecrets, refuseArgument } from './crypto-secrets.ts';

export interface TrackOptions {
  readonly family: string;
  readonly decrypt?: boolean;
  readonly keyFile?: string;
  readonly trackFile?: string;
  readonly reveal?: boolean;
  readonly json?: boolean;
  readonly key?: unknown;
  readonly track?: unknown;
}

/** Encrypts or decrypts the block of a track; the rest of a track is card data in either case. */
export async function trackCommand(options: TrackOptions): Promise<number> {
  for (const name of ['key', 'track'] as const) {
    refuseArgument(options[name], `--${name}`, `--${name}-file`);
  }
  const family = choiceOf(options.family, 'family', ['des', 'sm4']);
  const secrets = openSecrets();
  const keyWish = { what: 'track key', option: '--key-file', file: options.keyFile };
  const cipher = cipherOf(family, keyBytes(await secrets.ask(keyWish), 'track key'));
  const wish = { what: 'track', option: '--track-file', file: options.trackFile };
  const isDecrypting = options.decrypt === true;
  const pattern = isDecrypting ? /^[0-9A-F=]+$/i : /^[0-9D=]+$/i;
  const hint = 'a track has digits, with D or = as separator, and A to F in its encrypted block';
  const given = digitsOf(await secrets.ask(wish), 'track', pattern, hint);
  const track = given.toUpperCase().replaceAll('=', 'D');
  const isShown = options.reveal === true;
  if (isShown) warnRevealed('card data');
  return await present(options.json === true, () =>
    isDecrypting ? opened(cipher, track, isShown) : sealed(cipher, track, isShown),
  );
}

function sealed(cipher: BlockCipher, track: string, isShown: boolean): CryptoResult {
  const encrypted = encryptTrack(cipher, track);
  const { start, end } = trackBlock(cipher, track.length);
  const block = encrypted.slice(start, end);
  return {
    matches: true,
    json: {
      digits: track.length,
      from: start,
      block,
      ...assumed(cipher),
      ...(isShown ? { track: encrypted } : {}),
    },
    lines: [
      ['block', `${block}${assumedWords(cipher)}`],
      ['place', `characters ${start + 1} to ${end} of ${track.length}`],
      ['track', isShown ? encrypted : 'not shown without --reveal: the rest of it is in clear'],
    ],
  };
}

function opened(cipher: BlockCipher, encrypted: string, isShown: boolean): CryptoResult {
  const track = decryptTrack(cipher, encrypted);
  const matches = isClearTrack(track);
  const pan = track.split('D')[0]!;
  const verdict = matches
    ? 'a clear track'
    : 'no track came out: another key, or it was not encrypted';
  return {
    matches,
    json: {
      matches,
      digits: track.length,
      ...assumed(cipher),
      ...(matches ? { pan: maskPan(pan) } : {}),
      ...(isShown ? { track } : {}),
    },
    lines: [
      ['verdict', `${verdict}${assumedWords(cipher)}`],
      ...(matches ? [['card', maskPan(pan)] as const] : []),
      ['track', isShown ? track : `${track.length} characters, not shown without --reveal`],
    ],
  };
}

function assumed({ family }: BlockCipher): Record<string, unknown> {
  return family === 'sm4' ? { assumed: true } : {};
}

function assumedWords({ family }: BlockCipher): string {
  return family === 'sm4' ? ' (SM4: assumed profile)' : '';
}
