import type { KeyForm } from '../security/working-keys.ts';

/** What field 53 says of a request (spec 3.5). */
export interface SecurityControl {
  readonly hasPin: boolean;
  readonly form: KeyForm;
  readonly isTrackEncrypted: boolean;
}

/** Second digit: single DES, double-length 3DES, SM4. */
const ALGORITHMS: Readonly<Record<KeyForm, string>> = {
  '001': '0',
  '003': '6',
  '004': '6',
  '006': '4',
};

/** Field 53: PIN format (with card number, or none), algorithm, track, thirteen zeros. */
export function securityControl({ hasPin, form, isTrackEncrypted }: SecurityControl): string {
  const digits = (hasPin ? '2' : '0') + ALGORITHMS[form] + (isTrackEncrypted ? '1' : '0');
  return digits.padEnd(16, '0');
}
