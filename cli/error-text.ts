import { CountersignError } from '../protocol/errors/countersign-error.ts';
import { printable } from '../reports/printable.ts';

/** An error as two lines for people. */
export function errorText({ code, message, hint }: CountersignError): string {
  return `${code}  ${printable(message)}\n  hint: ${hint}\n`;
}
