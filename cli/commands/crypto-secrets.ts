import { fromHex } from '../../protocol/bytes/hex.ts';
import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import { readOwnedFile } from '../../scenarios/keys-file/read-owned-file.ts';
import { EXIT } from '../exit-codes.ts';
import { messageLines } from '../message-lines.ts';
import { standardInput } from '../standard-input.ts';

/** One secret, and where it may come from. */
export interface SecretWish {
  /** What a person calls it. */
  readonly what: string;
  /** The option that names a file of it. */
  readonly option: string;
  /** What was given for that option: a file, FILE:NAME, or - for standard input. */
  readonly file: string | undefined;
}

/** Asks for secrets one after another; lines of standard input are taken in the order of asking. */
export interface Secrets {
  ask(wish: SecretWish): Promise<string>;
}

const MOST_FILE_BYTES = 4096;

/**
 * Secrets are never arguments, which the shell keeps and other users see. They come from files that
 * only their owner may read, from a terminal without echo, or from standard input, a line each.
 *
 * @param isInputTaken standard input holds something else, such as the message
 */
export function openSecrets(isInputTaken = false): Secrets {
  let lines: string[] | undefined;
  return {
    async ask({ what, option, file }) {
      if (file !== undefined && file !== '-') return readSecretFile(what, option, file);
      if (isInputTaken) {
        const hint = `standard input holds the message already: give ${option} FILE`;
        throw new CountersignError('E_USAGE', { text: `no ${what}`, hint });
      }
      if (process.stdin.isTTY) return await askHidden(what);
      lines ??= messageLines((await standardInput()).toString('utf8')).map(({ text }) => text);
      const line = lines.shift();
      if (line !== undefined) return line;
      const hint = `give ${option} FILE, or the ${what} as a line on standard input`;
      throw new CountersignError('E_USAGE', { text: `no ${what}`, hint });
    },
  };
}

/** A key as bytes; whatever is wrong with its text, none of it is shown. @throws E_HEX */
export function keyBytes(text: string, what: string): Uint8Array {
  try {
    return fromHex(text);
  } catch {
    throw new CountersignError('E_HEX', { text: `the ${what}, which is not shown` });
  }
}

/** @throws E_USAGE when it is something else than digits */
export function digitsOf(text: string, what: string, pattern: RegExp, hint: string): string {
  if (pattern.test(text)) return text;
  throw new CountersignError('E_USAGE', { text: `the ${what} cannot be used`, hint });
}

/** Somebody meant well and typed a secret as an argument. @throws E_USAGE */
export function refuseArgument(value: unknown, option: string, instead: string): void {
  if (value === undefined) return;
  throw new CountersignError('E_USAGE', {
    text: `${option} as an argument`,
    hint: `arguments stay in the history of the shell: give ${instead} FILE, or a line on standard input`,
  });
}

/** FILE, or FILE:NAME for the line of a file that begins with NAME. */
function readSecretFile(what: string, option: string, given: string): string {
  const [, path = given, name] = /^(.+):([A-Z]{3})$/.exec(given) ?? [];
  const lines = messageLines(readOwnedFile(path, MOST_FILE_BYTES));
  const named = lines.find(({ text }) => name !== undefined && text.startsWith(`${name} `));
  if (named !== undefined) return named.text.slice(4).trim();
  if (name === undefined && lines.length === 1) return lines[0]!.text.replace(/^[A-Z]{3} /, '');
  const names = lines.flatMap(({ text }) => /^([A-Z]{3}) /.exec(text)?.[1] ?? []);
  const known =
    names.length === 0 ? '' : `; it holds ${names.map((each) => `${path}:${each}`).join(', ')}`;
  throw new CountersignError('E_FILE', {
    text: name === undefined ? `${path} has ${lines.length} lines` : `${path} has no line ${name}`,
    hint: `${option} takes a file with the ${what} on its only line${known}`,
  });
}

/** What was typed or pasted beyond the line that was asked for. */
let typedAhead = '';

/** A line from the terminal that does not show it. */
async function askHidden(what: string): Promise<string> {
  const { stdin, stderr } = process;
  stderr.write(`${what} (not shown): `);
  let line = '';
  stdin.setRawMode(true).setEncoding('utf8').resume();
  try {
    await new Promise<void>((resolve) => {
      const take = (text: string): void => {
        for (const [at, character] of [...text].entries()) {
          if (character === '\u0003') {
            stdin.setRawMode(false);
            stderr.write('\n');
            process.exit(EXIT.interrupted);
          }
          if (character === '\r' || character === '\n' || character === '\u0004') {
            typedAhead = [...text].slice(at + 1).join('');
            stdin.off('data', take);
            return resolve();
          }
          if (character === '\u007f' || character === '\b') line = line.slice(0, -1);
          else if (character >= ' ') line += character;
        }
      };
      stdin.on('data', take);
      const ahead = typedAhead;
      typedAhead = '';
      take(ahead);
    });
  } finally {
    stdin.setRawMode(false).pause();
    stderr.write('\n');
  }
  if (line.trim() !== '') return line.trim();
  throw new CountersignError('E_USAGE', { text: `no ${what}`, hint: 'type it and press Enter' });
}
