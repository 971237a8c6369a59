import { closeSync, fstatSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import { EXIT } from '../exit-codes.ts';
import { attempt, errorJson } from '../message-lines.ts';
import { standardInput, tooLong } from '../standard-input.ts';

/** More than any image that is read has, as P1. */
const MOST_BYTES = 64 * 1024 * 1024;

const HINT = 'is this the image of a signature?';

/** A file of bytes, or standard input for `-`. @throws E_FILE */
export async function readBytes(name: string): Promise<Uint8Array> {
  return name === '-' ? await standardInput(MOST_BYTES, HINT) : readFile(name);
}

function readFile(name: string): Uint8Array {
  let file: number | undefined;
  try {
    file = openSync(name, 'r');
    if (fstatSync(file).size > MOST_BYTES) throw tooLong(name, MOST_BYTES, HINT);
    return readFileSync(file);
  } catch (cause) {
    if (cause instanceof CountersignError) throw cause;
    throw new CountersignError('E_FILE', { text: name.slice(0, 120), cause });
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** What kind of file a name says. @throws E_USAGE naming the kinds that can be made */
export function endingOf(name: string, known: readonly string[]): string {
  const ending = (/\.([a-z]+)$/i.exec(name)?.[1] ?? '').toLowerCase();
  if (known.includes(ending)) return ending;
  const list = known.map((each) => `.${each}`).join(', ');
  const hint = `the name of the file says what it is: ${list}`;
  throw new CountersignError('E_USAGE', { text: `--out ${name.slice(0, 120)}`, hint });
}

/** Writes a file, or to standard output for `-`. @throws E_FILE */
export function writeBytes(name: string, bytes: Uint8Array): void {
  if (name === '-') {
    process.stdout.write(bytes);
    return;
  }
  try {
    writeFileSync(name, bytes);
  } catch (cause) {
    throw new CountersignError('E_FILE', { text: name, cause });
  }
}

/**
 * Does something with a stream; that it is refused is a verdict on it and no mistake in giving it.
 * Where standard output is for bytes, the refusal goes to the other.
 */
export function judgeStream(
  work: () => void,
  { isJson = false, stream = process.stderr }: { isJson?: boolean; stream?: NodeJS.WriteStream },
): number {
  const outcome = attempt(work);
  if (!(outcome instanceof CountersignError)) return EXIT.asExpected;
  if (!outcome.code.startsWith('E_JBIG_')) throw outcome;
  const { code, message, hint } = outcome;
  stream.write(
    isJson
      ? `${JSON.stringify({ error: errorJson(outcome) })}\n`
      : `${code}  ${message}\n  hint: ${hint}\n`,
  );
  return EXIT.expectationFailed;
}
