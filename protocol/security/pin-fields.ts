import { CountersignError } from '../errors/countersign-error.ts';
import type { FieldValues } from '../message/message.ts';
import { toHex } from '../bytes/hex.ts';
import { asciiBytes } from '../bytes/ascii.ts';
import { decryptPin, decryptPinBlock, encryptPin, encryptPinBlock } from './pin-block.ts';
import type { SessionKeys } from './session-keys.ts';

/** In front of a PIN block of 16 bytes in field 62 or 63 (spec 4.9, assumed profile). */
const SM4_MARK = toHex(asciiBytes('SM016'));
const NO_BLOCK = '0'.repeat(16);

/** Field 52 with the PIN under the PIN key, or zeros there and the SM4 block in field 62. */
export function pinFields({ form, pik }: SessionKeys, pin: string, pan: string): FieldValues {
  if (form !== '006') return { 52: encryptPinBlock(pik, pin, pan) };
  return { 52: NO_BLOCK, 62: SM4_MARK + encryptPin(pik, { format: 'sm4', pan }, pin) };
}

/**
 * The PIN of a request that has field 52.
 * @throws E_PIN_BLOCK when no PIN comes out: another key, format or card number
 */
export function readPin({ form, pik }: SessionKeys, fields: FieldValues, pan: string): string {
  if (form !== '006') return decryptPinBlock(pik, fields[52] ?? '', pan);
  const carrier = fields[62] ?? toHex(asciiBytes(fields[63] ?? ''));
  if (!carrier.startsWith(SM4_MARK) || carrier.length !== SM4_MARK.length + 32) {
    const text = 'no SM4 block of 16 bytes behind SM016';
    throw new CountersignError('E_PIN_BLOCK', { path: '62', text });
  }
  return decryptPin(pik, { format: 'sm4', pan }, carrier.slice(SM4_MARK.length));
}
