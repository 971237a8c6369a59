/** In place of a settlement date, and of a reference number, that a message has not. */
export const NO_SETTLEMENT_DATE = '0000';
export const NO_RRN = '000000000000';

/**
 * The transaction feature code that is drawn across a signature (spec 7): settlement date (MMDD) and
 * reference number as 16 digits, the left eight XORed with the right eight as BCD.
 *
 * @returns eight hex digits
 */
export function featureCode(settlementDate: string, rrn: string): string {
  const digits = settlementDate + rrn;
  const code = Number.parseInt(digits.slice(0, 8), 16) ^ Number.parseInt(digits.slice(8, 16), 16);
  return (code >>> 0).toString(16).toUpperCase().padStart(8, '0');
}
