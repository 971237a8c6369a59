import { asciiBytes } from '../../../protocol/bytes/ascii.ts';
import { toHex } from '../../../protocol/bytes/hex.ts';
import type { Dialect } from '../../../protocol/dialect/dialect.ts';
import type { Message } from '../../../protocol/message/message.ts';
import { readPath } from '../../../protocol/structure/field-structure.ts';
import type { WalletName } from './wallet-calls.ts';

/** The code that a payer has shown, and whose it is by its digits; undefined for a strange one. */
export function paymentCodeOf(
  dialect: Dialect,
  message: Message,
): { readonly code: string; readonly wallet: WalletName } | undefined {
  const code = readPath(dialect, message, '59.A3') ?? '';
  const wallet = Object.entries(dialect.paymentCodes).find(
    ([, { starts, digits }]) =>
      /^\d+$/.test(code) &&
      digits.includes(code.length) &&
      starts.some((start) => code.startsWith(start)),
  )?.[0];
  return wallet === undefined ? undefined : { code, wallet: wallet as WalletName };
}

/** The voucher of the payment that a void or a refund names. */
export function voucherOf(dialect: Dialect, message: Message): string | undefined {
  return readPath(dialect, message, '59.A4');
}

/** Field 59 of an approval: tag A4, three digits of length, the voucher (spec 3.7). */
export function voucherField(voucher: string): string {
  return toHex(asciiBytes(`A4${String(voucher.length).padStart(3, '0')}${voucher}`));
}
