import { asciiBytes } from '../../protocol/bytes/ascii.ts';
import { fromHex, toHex } from '../../protocol/bytes/hex.ts';
import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import {
  applicationCryptogram,
  cryptogramInput,
  deriveCardKey,
  responseCryptogram,
  sessionKey,
} from '../../protocol/security/emv-cryptogram.ts';
import { decodeTags } from '../../protocol/structure/ber-tlv.ts';
import { looksLikeHex, readMessageLines } from '../message-lines.ts';
import { present, type CryptoResult } from './crypto-output.ts';
import { digitsOf, keyBytes, openSecrets, refuseArgument } from './crypto-secrets.ts';

export interface ArqcOptions {
  readonly tags: string;
  readonly psn?: string;
  readonly arc: string;
  readonly keyFile?: string;
  readonly panFile?: string;
  readonly json?: boolean;
  readonly key?: unknown;
  readonly pan?: unknown;
}

/** Verifies the cryptogram of a chip (tag 9F26) and answers it as its issuer would. */
export async function arqcCommand(options: ArqcOptions): Promise<number> {
  refuseArgument(options.key, '--key', '--key-file');
  refuseArgument(options.pan, '--pan', '--pan-file');
  const { arc } = options;
  if (!/^[0-9A-Z]{2}$/.test(arc)) {
    const hint = '--arc is the response code of field 39, two characters, such as 00';
    throw new CountersignError('E_USAGE', { text: `--arc ${arc}`, hint });
  }
  const lines = await readMessageLines(options.tags, looksLikeHex, 'hex');
  const hex = toHex(fromHex(lines.map(({ text }) => text).join('')));
  const tags = decodeTags(hex);
  const psn = options.psn ?? tags.get('5F34') ?? '00';
  if (!/^\d{2}$/.test(psn)) {
    const hint = '--psn is the sequence number of the card, two digits, such as 01';
    throw new CountersignError('E_USAGE', { text: `--psn ${psn}`, hint });
  }
  const secrets = openSecrets(options.tags === '-');
  const keyWish = { what: 'issuer master key (IMK)', option: '--key-file', file: options.keyFile };
  const imk = keyBytes(await secrets.ask(keyWish), 'IMK');
  if (imk.length !== 16) {
    const text = `${imk.length} bytes`;
    throw new CountersignError('E_KEY_LENGTH', { text, hint: 'an IMK has 16 bytes' });
  }
  const ofCard = tags.get('5A')?.replace(/F$/, '');
  const wish = { what: 'card number', option: '--pan-file', file: options.panFile };
  const given = options.panFile === undefined ? ofCard : undefined;
  const hint = 'a card number has 12 to 19 digits';
  const pan = digitsOf(given ?? (await secrets.ask(wish)), wish.what, /^\d{12,19}$/, hint);
  return await present(options.json === true, () => verified(imk, pan, psn, arc, tags));
}

function verified(
  imk: Uint8Array,
  pan: string,
  psn: string,
  arc: string,
  tags: ReadonlyMap<string, string>,
): CryptoResult {
  const arqc = tags.get('9F26');
  if (arqc === undefined || arqc.length !== 16) {
    const text = arqc === undefined ? 'the tag is missing' : 'a cryptogram has 8 bytes';
    throw new CountersignError('E_CRYPTOGRAM', { path: '55.9F26', text });
  }
  const input = cryptogramInput(tags);
  const atc = tags.get('9F36')!;
  const sk = sessionKey(deriveCardKey(imk, pan, psn), atc);
  const due = applicationCryptogram(sk, input);
  const matches = due === arqc;
  const arpc = responseCryptogram(sk, arqc, arc);
  const tag91 = arpc + toHex(asciiBytes(arc));
  return {
    matches,
    json: { matches, arqc, due, atc, psn, ...(matches ? { arc, arpc, tag91 } : {}) },
    lines: [
      ['ARQC', arqc],
      ['due', due],
      [
        'verdict',
        matches ? 'matches' : 'does not match: another key, card number, PSN or changed tags',
      ],
      ['ATC', `${atc}, PSN ${psn}`],
      ...(matches ? [['ARPC', `${arpc} for ARC ${arc}`] as const, ['tag 91', tag91] as const] : []),
    ],
  };
}
