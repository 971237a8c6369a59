import { randomBytes } from 'node:crypto';
import { fromHex, toHex } from '../../protocol/bytes/hex.ts';
import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import { cipherOf, type BlockCipher } from '../../protocol/security/block-cipher.ts';
import {
  decryptPin,
  encryptPin,
  needsPan,
  PIN_BLOCK_FORMATS,
  pinKeyFamily,
  type PinBlockForm,
} from '../../protocol/security/pin-block.ts';
import { choiceOf } from '../options.ts';
import { present, warnRevealed, type CryptoResult } from './crypto-output.ts';
import { digitsOf, keyBytes, openSecrets, refuseArgument } from './crypto-secrets.ts';

export interface PinBlockOptions {
  readonly format: string;
  readonly decrypt?: string;
  readonly keyFile?: string;
  readonly panFile?: string;
  readonly pinFile?: string;
  readonly reveal?: boolean;
  readonly json?: boolean;
  readonly key?: unknown;
  readonly pan?: unknown;
  readonly pin?: unknown;
}

/** Encrypts a PIN, or decrypts a block and says what came out of it. */
export async function pinBlockCommand(options: PinBlockOptions): Promise<number> {
  for (const name of ['key', 'pan', 'pin'] as const) {
    refuseArgument(options[name], `--${name}`, `--${name}-file`);
  }
  const format = choiceOf(options.format, 'format', PIN_BLOCK_FORMATS);
  const { decrypt } = options;
  if (options.reveal === true && decrypt === undefined) {
    const hint = '--reveal shows the PIN of a block that is decrypted';
    throw new CountersignError('E_USAGE', { text: '--reveal without --decrypt', hint });
  }
  const block = decrypt === undefined ? undefined : toHex(fromHex(decrypt));
  const secrets = openSecrets();
  const keyWish = { what: 'PIN key', option: '--key-file', file: options.keyFile };
  const key = keyBytes(await secrets.ask(keyWish), 'PIN key');
  const cipher = cipherOf(pinKeyFamily(format), key);
  let form: PinBlockForm = { format, random: (lengthBytes) => randomBytes(lengthBytes) };
  if (needsPan(format)) {
    const wish = { what: 'card number', option: '--pan-file', file: options.panFile };
    const hint = 'a card number has 12 to 19 digits';
    form = { ...form, pan: digitsOf(await secrets.ask(wish), wish.what, /^\d{12,19}$/, hint) };
  }
  if (block !== undefined) {
    if (options.reveal === true) warnRevealed('the PIN');
    const isShown = options.reveal === true;
    return await present(options.json === true, () => opened(cipher, form, block, isShown));
  }
  const wish = { what: 'PIN', option: '--pin-file', file: options.pinFile };
  const pin = digitsOf(await secrets.ask(wish), 'PIN', /^\d{4,12}$/, 'a PIN has 4 to 12 digits');
  return await present(options.json === true, () => sealed(cipher, form, pin));
}

function sealed(cipher: BlockCipher, form: PinBlockForm, pin: string): CryptoResult {
  const block = encryptPin(cipher, form, pin);
  return {
    matches: true,
    json: { block, ...formJson(form), blockBytes: block.length / 2 },
    lines: [
      ['PIN block', block],
      ['format', `${formWords(form)}, ${block.length / 2} bytes`],
    ],
  };
}

function opened(
  cipher: BlockCipher,
  form: PinBlockForm,
  block: string,
  isShown: boolean,
): CryptoResult {
  const pin = decryptPin(cipher, form, block);
  const length = `${pin.length} digits`;
  return {
    matches: true,
    json: { ...formJson(form), pinDigits: pin.length, ...(isShown ? { pin } : {}) },
    lines: [
      ['format', `${formWords(form)}, and the block has it`],
      ['PIN', isShown ? `${pin}, ${length}` : `${length}, not shown without --reveal`],
    ],
  };
}

function formJson({ format }: PinBlockForm): Record<string, unknown> {
  return { format, ...(format === 'sm4' ? { assumed: true } : {}) };
}

function formWords({ format }: PinBlockForm): string {
  return format === 'sm4' ? 'sm4 (assumed profile)' : format;
}
