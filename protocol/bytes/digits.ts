/** `000` to `999`. */
const THREE = Array.from({ length: 1000 }, (_, number) => String(number).padStart(3, '0'));

/** A number from 0 to 999 999 with its zeros in front: trace, batch and reference numbers are such. */
export function sixDigits(number: number): string {
  return THREE[Math.floor(number / 1000)]! + THREE[number % 1000]!;
}

/** The number that digits are, as `Number` reads them; quicker where there are zeros in front. */
export function numberOf(digits: string): number {
  const { length } = digits;
  if (length === 0 || length > SAFE_DIGITS) return Number(digits);
  let number = 0;
  for (let at = 0; at < length; at++) {
    const digit = digits.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return Number(digits);
    number = number * 10 + digit;
  }
  return number;
}

/** As many are never more than a whole number can be. */
const SAFE_DIGITS = 15;

/** Whether a text is digits, at least and at most so many; without a limit also none. */
export function isDigits(text: string, least = 0, most = Infinity): boolean {
  const { length } = text;
  if (length < least || length > most) return false;
  for (let at = 0; at < length; at++) {
    const code = text.charCodeAt(at);
    if (code < 48 || code > 57) return false;
  }
  return true;
}
