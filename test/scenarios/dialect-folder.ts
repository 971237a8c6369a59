import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterEach, beforeEach, expect } from 'vitest';
import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import {
  readDialectFile,
  type DialectReading,
} from '../../scenarios/dialect-file/read-dialect-file.ts';

let folder = '';

/** Gives every test of a file a folder of its own, which is gone afterwards. */
export function useFolder(): void {
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'countersign-test-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
}

/** The path of a file in the folder of the test. */
export function inFolder(name = ''): string {
  return join(folder, name);
}

type Files = Readonly<Record<string, string>>;

/** Writes files, and reads the first of them as a dialect. */
export function read(files: Files): DialectReading {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(inFolder(name)), { recursive: true });
    writeFileSync(inFolder(name), text);
  }
  return readDialectFile(inFolder(Object.keys(files)[0]));
}

/** Every mistake as `file:line:column text | hint`. */
export function mistakesIn(files: Files): string[] {
  const reading = read(files);
  if (reading.ok) return [];
  return reading.mistakes.map(({ place: { file, line, column }, text, hint }) => {
    return `${relative(folder, file)}:${line}:${column} ${text} | ${hint}`;
  });
}

export function refusal(work: () => unknown): CountersignError {
  try {
    work();
  } catch (error) {
    if (error instanceof CountersignError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

/** A text without its ¦, and the place where that stood. */
export function marked(source: string): { readonly text: string; readonly place: string } {
  expect(source.split('¦')).toHaveLength(2);
  const before = source.slice(0, source.indexOf('¦')).split('\n');
  const place = `${before.length}:${before.at(-1)!.length + 1}`;
  return { text: source.replace('¦', ''), place };
}

/** A dialect file that extends another with a patch. */
export function patched(patch: string, base = 'unionpay-pos', id = 'mine'): string {
  const head = `{\n  "id": "${id}",\n  "title": "Mine",\n  "extends": "${base}",\n`;
  return `${head}  "patch": ${patch}\n}\n`;
}

/** A patch that gives field 57 a structure of parts. */
export function partsOf(members: string): string {
  const structure = `{\n "kind": "positions",\n "parts": [${members}] }`;
  return `{ "fields": { "57": { "structure": ${structure} } } }`;
}
