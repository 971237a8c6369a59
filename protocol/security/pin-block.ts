import { isDigits } from '../bytes/digits.ts';
import { fromHex, hexValue, toHex } from '../bytes/hex.ts';
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
  /** First digit of the block. */
  readonly control: number;
  readonly blockBytes: 8 | 16;
  readonly pan: 'none' | 'digits-12' | 'whole';
  /** Least and most that a hex digit behind the PIN may be, up to the digit `filledTo`. */
  readonly filler: readonly [least: number, most: number];
  readonly filledTo: 16 | 32;
}

const DES = { family: 'des', blockBytes: 8, filledTo: 16 } as const;

const LAYOUTS: Readonly<Record<PinBlockFormat, Layout>> = {
  'iso-0': { ...DES, control: 0, pan: 'digits-12', filler: [15, 15] },
  'iso-1': { ...DES, control: 1, pan: 'none', filler: [0, 15] },
  'iso-2': { ...DES, control: 2, pan: 'none', filler: [15, 15] },
  'iso-3': { ...DES, control: 3, pan: 'digits-12', filler: [10, 15] },
  // Behind the PIN and its filler stand eight bytes at random.
  'iso-4': {
    family: 'aes',
    control: 4,
    blockBytes: 16,
    pan: 'whole',
    filler: [10, 10],
    filledTo: 16,
  },
  'x9.8-no-pan': { ...DES, control: 0, pan: 'none', filler: [15, 15] },
  sm4: {
    family: 'sm4',
    control: 0,
    blockBytes: 16,
    pan: 'digits-12',
    filler: [15, 15],
    filledTo: 32,
  },
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
  const block = pinPart(form, pin);
  if (form.format !== 'iso-4') addPan(block, form);
  return block;
}

/**
 * The encrypted block, as hex: field 52 where it has 8 bytes.
 * @throws E_PIN_BLOCK, E_KEY_LENGTH where the key is not of the format's kind
 */
export function encryptPin(key: BlockCipher, form: PinBlockForm, pin: string): string {
  return toHex(encryptPinBytes(key, form, pin));
}

/** The same as bytes. */
export function encryptPinBytes(key: BlockCipher, form: PinBlockForm, pin: string): Uint8Array {
  mustFit(key, form.format);
  const once = key.encrypt(buildPinBlock(form, pin));
  if (form.format !== 'iso-4') return once;
  addPan(once, form);
  return key.encrypt(once);
}

/**
 * The PIN of an encrypted block.
 * @throws E_PIN_BLOCK when it does not have the format, as under another key or for another card;
 *   E_KEY_LENGTH where the key is not of the format's kind
 */
export function decryptPin(key: BlockCipher, form: PinBlockForm, hex: string): string {
  return pinOf(decryptClear(key, form, hex), form.format);
}

/**
 * Whether an encrypted block is that of a clear one, which {@link buildPinBlock} has made. The quick
 * way to see that a PIN is right: nothing is decrypted and nothing made. Of blocks of 8 bytes; for
 * all others it is false.
 */
export function isPinBlock(key: BlockCipher, hex: string, clear: Uint8Array): boolean {
  if (key.blockBytes !== 8 || clear.length !== 8 || hex.length !== 16) return false;
  worked.set(clear);
  const due = key.encryptChained(worked);
  let isSame = true;
  for (let at = 0; at < 8; at++) {
    const high = hexValue(hex.charCodeAt(at * 2));
    const low = hexValue(hex.charCodeAt(at * 2 + 1));
    if (due[at] !== ((high << 4) | low)) isSame = false;
  }
  return isSame;
}

/** Holds what is encrypted, while it is. */
const worked = new Uint8Array(8);

/** The clear block without card number, whatever it holds. */
function decryptClear(key: BlockCipher, form: PinBlockForm, hex: string): Uint8Array {
  mustFit(key, form.format);
  const { blockBytes } = LAYOUTS[form.format];
  const encrypted = fromHex(hex);
  if (encrypted.length !== blockBytes) {
    const text = `${encrypted.length} bytes, where ${form.format} has ${blockBytes}`;
    throw new CountersignError('E_PIN_BLOCK', { path: '52', text });
  }
  const block = key.decrypt(encrypted);
  addPan(block, form);
  return form.format === 'iso-4' ? key.decrypt(block) : block;
}

/** @throws E_PIN_BLOCK when a clear block without card number is not of its format */
function pinOf(block: Uint8Array, format: PinBlockFormat): string {
  mustBeSound(block, format);
  const end = 2 + nibble(block, 1);
  let pin = '';
  for (let at = 2; at < end; at++) pin += nibble(block, at);
  return pin;
}

/** @throws E_PIN_BLOCK for a clear block without card number that is not of its format */
function mustBeSound(block: Uint8Array, format: PinBlockFormat): void {
  const { control, filler, filledTo } = LAYOUTS[format];
  const [least, most] = filler;
  const end = 2 + nibble(block, 1);
  let isSound = nibble(block, 0) === control && end >= 6 && end <= 14;
  for (let at = 2; at < end && isSound; at++) isSound = nibble(block, at) <= 9;
  for (let at = end; at < filledTo && isSound; at++) {
    const digit = nibble(block, at);
    isSound = digit >= least && digit <= most;
  }
  if (!isSound) throw new CountersignError('E_PIN_BLOCK', { path: '52' });
}

/** Whether a PIN has one clear block only, apart from the card number: it is the same in every zone then. */
export function hasOneBlock(format: PinBlockFormat): boolean {
  const [least, most] = LAYOUTS[format].filler;
  return least === most && format !== 'iso-4';
}

function nibble(block: Uint8Array, at: number): number {
  const byte = block[at >> 1]!;
  return at % 2 === 0 ? byte >> 4 : byte & 15;
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
  return toHex(translatePinBytes(from, to, hex));
}

/** The same as bytes. */
export function translatePinBytes(from: PinZone, to: PinZone, hex: string): Uint8Array {
  const block = decryptClear(from.key, from.form, hex);
  const { format } = to.form;
  if (format !== from.form.format || !hasOneBlock(format)) {
    return encryptPinBytes(to.key, to.form, pinOf(block, from.form.format));
  }
  mustBeSound(block, format);
  mustFit(to.key, format);
  addPan(block, to.form);
  return to.key.encrypt(block);
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

/** Whether a text is a PIN: 4 to 12 digits. */
export function isPin(text: string): boolean {
  return isDigits(text, 4, 12);
}

/** Control digit, length, PIN, filler. */
function pinPart(form: PinBlockForm, pin: string): Uint8Array {
  if (!isPin(pin)) throw new CountersignError('E_PIN_BLOCK', { text: 'a PIN has 4 to 12 digits' });
  const { control, blockBytes, filler, filledTo } = LAYOUTS[form.format];
  const block = new Uint8Array(blockBytes);
  const end = 2 + pin.length;
  block[0] = (control << 4) | pin.length;
  for (let at = 2; at < end; at++) put(block, at, Number(pin[at - 2]));
  const random = fillerOf(form, filledTo - end);
  for (let at = end; at < filledTo; at++) put(block, at, random?.[at - end] ?? filler[0]);
  if (form.format === 'iso-4') block.set(randomBytes(form, 8), 8);
  return block;
}

/** Sets a hex digit that is nothing so far. */
function put(block: Uint8Array, at: number, digit: number): void {
  block[at >> 1]! |= at % 2 === 0 ? digit << 4 : digit;
}

/** As many hex digits at random, for the formats that are filled up with them. */
function fillerOf(form: PinBlockForm, digits: number): number[] | undefined {
  switch (form.format) {
    case 'iso-1': {
      const bytes = randomBytes(form, 8);
      return Array.from({ length: digits }, (_, at) => nibble(bytes, at));
    }
    case 'iso-3':
      // One of the six letters A to F, each as likely as the others but for 1 in 256.
      return Array.from(randomBytes(form, digits), (byte) => 10 + (byte % 6));
    default:
      return undefined;
  }
}

function randomBytes({ format, random }: PinBlockForm, lengthBytes: number): Uint8Array {
  const bytes = random?.(lengthBytes);
  if (bytes?.length === lengthBytes) return bytes;
  throw new CountersignError('E_PIN_BLOCK', { text: `${format} needs random bytes` });
}

/** Adds the card number to a block, and takes it off again; nothing where a format has none. */
function addPan(block: Uint8Array, { format, pan }: PinBlockForm): void {
  const { blockBytes, pan: taken } = LAYOUTS[format];
  if (taken === 'none') return;
  if (pan === undefined || !isPan(pan)) {
    const text = `${format} needs a card number of 8 to 19 digits`;
    throw new CountersignError('E_PIN_BLOCK', { text });
  }
  if (taken === 'whole') {
    // Its length beyond twelve digits, then the number; shorter ones are filled up in front.
    const digits = pan.padStart(12, '0');
    addDigits(block, 0, `${digits.length - 12}${digits}`);
    return;
  }
  // The 12 digits left of the check digit (spec 4.4).
  const digits = pan.slice(Math.max(0, pan.length - 13), -1);
  addDigits(block, blockBytes * 2 - digits.length, digits);
}

/** Adds decimal digits to a block from its hex digit `from` on. */
function addDigits(block: Uint8Array, from: number, digits: string): void {
  for (let at = 0; at < digits.length; at++) {
    const place = from + at;
    const digit = digits.charCodeAt(at) - ZERO;
    block[place >> 1]! ^= place % 2 === 0 ? digit << 4 : digit;
  }
}

const ZERO = 48;

function isPan(text: string): boolean {
  return isDigits(text, 8, 19);
}

function mustFit({ family }: BlockCipher, format: PinBlockFormat): void {
  const due = LAYOUTS[format].family;
  if (family === due) return;
  throw new CountersignError('E_KEY_LENGTH', {
    text: `a ${family} key for the PIN block ${format}`,
    hint: `${format} is encrypted under a ${due} key`,
  });
}
