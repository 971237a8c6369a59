/** First six and last four digits; shorter numbers disappear. */
export function maskPan(pan: string): string {
  if (pan.length < 13) return '*'.repeat(pan.length);
  return `${pan.slice(0, 6)}${'*'.repeat(pan.length - 10)}${pan.slice(-4)}`;
}

/** Whether the last digit is the check digit of those before it. */
export function isLuhn(digits: string): boolean {
  let sum = 0;
  for (let at = 0; at < digits.length; at++) {
    const digit = Number(digits[digits.length - 1 - at]);
    const doubled = at % 2 === 0 ? digit : digit * 2;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/**
 * Where card numbers stand in a text: 13 to 19 digits with a right check digit. Fifteen that begin with
 * 8 or 9 are no card, but the number of a merchant.
 */
export function cardNumbersIn(text: string): { at: number; digits: string }[] {
  return [...text.matchAll(/(?<!\d)(?![89]\d{14}(?!\d))\d{13,19}(?!\d)/g)].flatMap((match) =>
    isLuhn(match[0]) ? [{ at: match.index, digits: match[0] }] : [],
  );
}

/** A text from outside with the card numbers in it masked, for errors and logs. */
export function maskCardNumbers(text: string): string {
  let masked = text;
  for (const { digits } of cardNumbersIn(text)) masked = masked.replace(digits, maskPan(digits));
  return masked;
}
