/** `000` to `999`. */
const THREE = Array.from({ length: 1000 }, (_, number) => String(number).padStart(3, '0'));

/** A number from 0 to 999 999 with its zeros in front: trace, batch and reference numbers are such. */
export function sixDigits(number: number): string {
  return THREE[Math.floor(number / 1000)]! + THREE[number % 1000]!;
}

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
