import { CountersignError } from '../errors/countersign-error.ts';
import type { BlockCipher } from './block-cipher.ts';
import { fromHex, toHex } from '../bytes/hex.ts';

/** The 12 digits left of the check digit, behind four zeros (spec 4.4). */
function panPart(pan: string): Uint8Array {
  return fromHex(pan.slice(0, -1).slice(-12).padStart(16, '0'));
}

function xor(left: Uint8Array, right: Uint8Array): Uint8Array {
  return left.map((byte, index) => byte ^ right[index]!);
}

/** Clear ISO-0 block of a PIN of 4 to 12 digits. @throws E_PIN_BLOCK */
export function clearPinBlock(pin: string, pan: string): Uint8Array {
  if (!/^\d{4,12}$/.test(pin)) {
    throw new CountersignError('E_PIN_BLOCK', { text: 'a PIN has 4 to 12 digits' });
  }
  const pinPart = `0${pin.length.toString(16)}${pin}`.padEnd(16, 'F');
  return xor(fromHex(pinPart), panPart(pan));
}

/** Field 52: the ISO-0 block encrypted under the PIN key, as hex. */
export function encryptPinBlock(pik: BlockCipher, pin: string, pan: string): string {
  return toHex(pik.encrypt(clearPinBlock(pin, pan)));
}

/**
 * The PIN of field 52.
 * @throws E_PIN_BLOCK when the block has no ISO-0 form, as under another key or for another PAN
 */
export function decryptPinBlock(pik: BlockCipher, hex: string, pan: string): string {
  const text = toHex(xor(pik.decrypt(fromHex(hex)), panPart(pan)));
  const length = Number.parseInt(text[1]!, 16);
  const pin = text.slice(2, 2 + length);
  const filler = text.slice(2 + length);
  if (text[0] !== '0' || length < 4 || length > 12 || !/^\d+$/.test(pin) || !/^F+$/.test(filler)) {
    throw new CountersignError('E_PIN_BLOCK', { path: '52' });
  }
  return pin;
}
