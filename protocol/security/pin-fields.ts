import { CountersignError } from '../errors/countersign-error.ts';
import type { FieldValues } from '../message/message.ts';
import { toHex } from '../bytes/hex.ts';
import { asciiBytes } from '../bytes/ascii.ts';
import { encryptPin, encryptPinBlock, type PinZone } from './pin-block.ts';
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
 * The PIN block of a request that has field 52, and the zone that it comes from: SM4 in field 62 or
 * 63, X9.8 without card number where field 53 begins with 1, ISO-0 otherwise (spec 3.5, 4.9).
 *
 * @throws E_PIN_BLOCK when there is none
 */
export function pinBlockOf(
  { form, pik }: SessionKeys,
  fields: FieldValues,
  pan: string,
): { readonly zone: PinZone; readonly block: string } {
  if (form !== '006') {
    const format = fields[53]?.startsWith(WITHOUT_PAN) === true ? 'x9.8-no-pan' : 'iso-0';
    return { zone: { key: pik, form: { format, pan } }, block: fields[52] ?? '' };
  }
  const carrier = fields[62] ?? toHex(asciiBytes(fields[63] ?? ''));
  if (!carrier.startsWith(SM4_MARK) || carrier.length !== SM4_MARK.length + 32) {
    const text = 'no SM4 block of 16 bytes behind SM016';
    throw new CountersignError('E_PIN_BLOCK', { path: '62', text });
  }
  const zone = { key: pik, form: { format: 'sm4', pan } } as const;
  return { zone, block: carrier.slice(SM4_MARK.length) };
}

/** First digit of field 53: X9.8 without card number. */
const WITHOUT_PAN = '1';
