/** Hex digits that may be a key or a block, with what people write between them. */
const LONG_HEX = /(?:[0-9A-Fa-f][\s:.-]?){15,}[0-9A-Fa-f]/g;
/** Digits that may be a PIN or a card number. */
const DIGITS = /\d{4,}/g;

/** What somebody typed, without what may have been meant as a secret. */
export function withoutSecrets(text: string): string {
  return text.replaceAll(LONG_HEX, '(hidden)').replaceAll(DIGITS, '(hidden)');
}
