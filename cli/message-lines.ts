import { existsSync, readFileSync } from 'node:fs';
import { CountersignError } from '../protocol/errors/countersign-error.ts';
import { printable } from '../reports/printable.ts';
import { standardInput } from './standard-input.ts';

/** One message of a batch, with the line that it stands on. */
export interface MessageLine {
  readonly text: string;
  readonly line: number;
}

/** Lines that hold something: blank ones and those that begin with # are left out. */
export function messageLines(text: string): MessageLine[] {
  return text
    .split(/\r?\n/)
    .map((each, index) => ({ text: each.trim(), line: index + 1 }))
    .filter((each) => each.text !== '' && !each.text.startsWith('#'));
}

/**
 * Messages from an argument, a file or standard input.
 * @param looksLike whether an argument is the message itself rather than the name of a file
 * @throws E_USAGE when there is none, E_FILE
 */
export async function readMessageLines(
  input: string | undefined,
  looksLike: (text: string) => boolean,
  what: string,
): Promise<MessageLine[]> {
  const lines = messageLines(await readInput(input, looksLike, what));
  if (lines.length > 0) return lines;
  const hint = `give ${what} as an argument, a file of it, or on standard input`;
  throw new CountersignError('E_USAGE', { text: 'there is no message', hint });
}

/** Characters that no text has; a text in whatever code page for Chinese is one. */
// oxlint-disable-next-line no-control-regex
const BINARY = /[\0-\x08\x0e-\x19]/;

/** Says once of a whole file what would otherwise be said of each of its "lines". */
function textOf(read: string, name: string, what: string): string {
  if (!BINARY.test(read)) return read;
  const text = `${printable(name)} is binary, and no text of ${what}`;
  if (what === 'JSON') throw new CountersignError('E_JSON', { text });
  const hint = "is it a message? its bytes as hex: xxd -p FILE | tr -d '\\n' | countersign decode";
  throw new CountersignError('E_HEX', { text, hint });
}

async function readInput(
  input: string | undefined,
  looksLike: (text: string) => boolean,
  what: string,
): Promise<string> {
  if (input === undefined || input === '-') {
    return textOf((await standardInput()).toString('utf8'), 'standard input', what);
  }
  const bare = input.replace(/^\s*0x/i, '');
  if (looksLike(bare) && !existsSync(input)) return bare;
  let read: string;
  try {
    read = readFileSync(input, 'utf8');
  } catch (cause) {
    const hint = `the argument is neither ${what} nor a file that can be read`;
    // What was meant as a message must not be shown: it may hold a card number.
    const shown = /\d{9}|[0-9A-Fa-f]{16}/.test(input) ? `${input.length} characters` : input;
    throw new CountersignError('E_FILE', { text: shown.slice(0, 120), hint, cause });
  }
  return textOf(read, input, what);
}

export function looksLikeHex(text: string): boolean {
  return /^[0-9A-Fa-f\s]+$/.test(text);
}

export function looksLikeJson(text: string): boolean {
  return text.trimStart().startsWith('{');
}

/** An error as one member of a line of JSON. */
export function errorJson(error: CountersignError): { readonly [key: string]: unknown } {
  const { code, message, path, offset, hint } = error;
  return {
    code,
    message,
    ...(path === undefined ? {} : { path }),
    ...(offset === undefined ? {} : { offset }),
    hint,
  };
}

/** Whatever a line does, as a value: only our own errors are findings. */
export function attempt<T>(work: () => T): T | CountersignError {
  try {
    return work();
  } catch (error) {
    if (error instanceof CountersignError) return error;
    throw error;
  }
}

/** Says on standard error that card data will be seen. */
export function warnUnmasked(): void {
  process.stderr.write(
    'warning: --unmask shows card data in clear; keep it off screens and logs\n',
  );
}
