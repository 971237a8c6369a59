import { fromHex, toHex } from '../bytes/hex.ts';
import { CountersignError } from '../errors/countersign-error.ts';
import type { BlockCipher, KeyFamily } from './block-cipher.ts';

export const PIN_BLOCK_FORMATS = [
  'iso-0',
  'iso-1',
  'iso-2',
  'iso-3',
  'iso-4',
  'x9.8-no-pan',
  'sm4',
] as const;

/**
 * iso-0 to iso-4 are those of ISO 9564-1; x9.8-no-pan is iso-0 without the card number (field 53
 * begins with 1); sm4 is iso-0 over 16 bytes, an assumed profile (spec 4.9).
 */
export type PinBlockFormat = (typeof PIN_BLOCK_FORMATS)[number];

/** As many bytes that nobody can predict. */
export type RandomBytes = (lengthBytes: number) => Uint8Array;

/** What a block is made of besides PIN and key. */
export interface PinBlockForm {
  readonly format: PinBlockFormat;
  /** The card number, for formats that are bound to it: iso-0, iso-3, iso-4, sm4. */
  readonly pan?: string;
  /** For formats that are filled up at random: iso-1, iso-3, iso-4. */
  readonly random?: RandomBytes;
}

interface Layout {
  readonly family: KeyFamily;
  readonly control: string;
  readonly blockBytes: 8 | 16;
  readonly pan: 'none' | 'digits-12' | 'whole';
  /** Characters that may follow the PIN. */
  readonly filler: RegExp;
}

const LAYOUTS: Readonly<Record<PinBlockFormat, Layout>> = {
  'iso-0': { family: 'des', control: '0', blockBytes: 8, pan: 'digits-12', filler: /^F+$/ },
  'iso-1': { family: 'des', control: '1', blockBytes: 8, pan: 'none', filler: /^[0-9A-F]+$/ },
  'iso-2': { family: 'des', control: '2', blockBytes: 8, pan: 'none', filler: /^F+$/ },
  'iso-3': { family: 'des', control: '3', blockBytes: 8, pan: 'digits-12', filler: /^[A-F]+$/ },
  'iso-4': {
    family: 'aes',
    control: '4',
    blockBytes: 16,
    pan: 'whole',
    filler: /^A+[0-9A-F]{16}$/,
  },
  'x9.8-no-pan': { family: 'des', control: '0', blockBytes: 8, pan: 'none', filler: /^F+$/ },
  sm4: { family: 'sm4', control: '0', blockBytes: 16, pan: 'digits-12', filler: /^F+$/ },
};

/** Which kind of key a format is encrypted under. */
export function pinKeyFamily(format: PinBlockFormat): KeyFamily {
  return LAYOUTS[format].family;
}

/** Whether a format is bound to the card number. */
export function needsPan(format: PinBlockFormat): boolean {
  return LAYOUTS[format].pan !== 'none';
}

/**
 * The clear block of a PIN of 4 to 12 digits. Of iso-4 it is the PIN part only, because the card
 * number is added between two encryptions.
 * @throws E_PIN_BLOCK
 */
export function buildPinBlock(form: PinBlockForm, pin: string): Uint8Array {
  const part = fromHex(pinPart(form, pin));
  return form.format === 'iso-4' ? part : xor(part, panPart(form));
}

/**
 * The encrypted block, as hex: field 52 where it has 8 bytes.
 * @throws E_PIN_BLOCK, E_KEY_LENGTH where the key is not of the format's kind
 */
export function encryptPin(key: BlockCipher, form: PinBlockForm, pin: string): string {
  mustFit(key, form.format);
  const block = buildPinBlock(form, pin);
  const once = key.encrypt(block);
  return toHex(form.format === 'iso-4' ? key.encrypt(xor(once, panPart(form))) : once);
}

/**
 * The PIN of an encrypted block.
 * @throws E_PIN_BLOCK when it does not have the format, as under another key or for another card;
 *   E_KEY_LENGTH where the key is not of the format's kind
 */
export function decryptPin(key: BlockCipher, form: PinBlockForm, hex: string): string {
  mustFit(key, form.format);
  const { control, blockBytes, filler } = LAYOUTS[form.format];
  const encrypted = fromHex(hex);
  if (encrypted.length !== blockBytes) {
    const text = `${encrypted.length} bytes, where ${form.format} has ${blockBytes}`;
    throw new CountersignError('E_PIN_BLOCK', { path: '52', text });
  }
  const once = xor(key.decrypt(encrypted), panPart(form));
  const text = toHex(form.format === 'iso-4' ? key.decrypt(once) : once);
  const length = Number.parseInt(text[1]!, 16);
  const pin = text.slice(2, 2 + length);
  const isSound = text[0] === control && isPin(pin) && filler.test(text.slice(2 + length));
  if (!isSound) throw new CountersignError('E_PIN_BLOCK', { path: '52' });
  return pin;
}

/** One end of a way that a PIN takes: a key, and the form of the block under it. */
export interface PinZone {
  readonly key: BlockCipher;
  readonly form: PinBlockForm;
}

/**
 * The block under another key, and in another form where that is asked for: what a host does before
 * it sends a PIN on to the issuer.
 * @throws E_PIN_BLOCK when it does not decrypt to its format, E_KEY_LENGTH
 */
export function translatePinBlock(from: PinZone, to: PinZone, hex: string): string {
  return encryptPin(to.key, to.form, decryptPin(from.key, from.form, hex));
}

/** Field 52: the ISO-0 block encrypted under the PIN key, as hex. @throws E_PIN_BLOCK */
export function encryptPinBlock(pik: BlockCipher, pin: string, pan: string): string {
  return encryptPin(pik, { format: 'iso-0', pan }, pin);
}

/**
 * The PIN of field 52.
 * @throws E_PIN_BLOCK when the block has no ISO-0 form, as under another key or for another PAN
 */
export function decryptPinBlock(pik: BlockCipher, hex: string, pan: string): string {
  return decryptPin(pik, { format: 'iso-0', pan }, hex);
}

function isPin(text: string): boolean {
  return /^\d{4,12}$/.test(text);
}

/** Control digit, length, PIN, filler. */
function pinPart(form: PinBlockForm, pin: string): string {
  if (!isPin(pin)) throw new CountersignError('E_PIN_BLOCK', { text: 'a PIN has 4 to 12 digits' });
  const { format } = form;
  const { control, blockBytes } = LAYOUTS[format];
  const begun = `${control}${pin.length.toString(16).toUpperCase()}${pin}`;
  const rest = 16 - begun.length;
  switch (format) {
    case 'iso-1':
      return begun + toHex(randomBytes(form, 8)).slice(0, rest);
    case 'iso-3':
      return begun + Array.from(randomBytes(form, rest), letter).join('');
    case 'iso-4':
      return begun.padEnd(16, 'A') + toHex(randomBytes(form, 8));
    default:
      return begun.padEnd(blockBytes * 2, 'F');
  }
}

/** A random byte as one of the six letters A to F, each as likely as the others but for 1 in 256. */
function letter(byte: number): string {
  return 'ABCDEF'[byte % 6]!;
}

function randomBytes({ format, random }: PinBlockForm, lengthBytes: number): Uint8Array {
  const bytes = random?.(lengthBytes);
  if (bytes?.length === lengthBytes) return bytes;
  throw new CountersignError('E_PIN_BLOCK', { text: `${format} needs random bytes` });
}

/** What is added to the PIN part: zeros where a format has no card number. */
function panPart({ format, pan }: PinBlockForm): Uint8Array {
  const { blockBytes, pan: taken } = LAYOUTS[format];
  if (taken === 'none') return new Uint8Array(blockBytes);
  if (pan === undefined || !/^\d{8,19}$/.test(pan)) {
    const text = `${format} needs a card number of 8 to 19 digits`;
    throw new CountersignError('E_PIN_BLOCK', { text });
  }
  if (taken === 'whole') {
    // Its length beyond twelve digits, then the number; shorter ones are filled up in front.
    const digits = pan.padStart(12, '0');
    return fromHex(`${digits.length - 12}${digits}`.padEnd(blockBytes * 2, '0'));
  }
  // The 12 digits left of the check digit (spec 4.4).
  return fromHex(
    pan
      .slice(0, -1)
      .slice(-12)
      .padStart(blockBytes * 2, '0'),
  );
}

function xor(left: Uint8Array, right: Uint8Array): Uint8Array {
  return left.map((byte, index) => byte ^ right[index]!);
}

function mustFit({ family }: BlockCipher, format: PinBlockFormat): void {
  const due = LAYOUTS[format].family;
  if (family === due) return;
  throw new CountersignError('E_KEY_LENGTH', {
    text: `a ${family} key for the PIN block ${format}`,
    hint: `${format} is encrypted under a ${due} key`,
  });
}
