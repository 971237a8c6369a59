import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { securityVectors } from '../vectors.ts';
import type { Ended, RunOptions } from './command-line.ts';
import { countersign } from './in-thread.ts';

/** The published test keys of spec chapter 4. */
export const KEYS = securityVectors.keys as Readonly<
  Record<'TMK' | 'PIK' | 'MAK_single' | 'MAK_double' | 'MAK_sm4' | 'TDK' | 'TDK_sm4', string>
>;

/** A command below `countersign crypto`. */
export function crypto(args: readonly string[], options: RunOptions = {}): Ended {
  return countersign(['crypto', ...args], options);
}

/** Secrets on standard input, a line each. */
export function lines(...secrets: readonly string[]): RunOptions {
  return { input: `${secrets.join('\n')}\n` };
}

export function json({ out }: Ended): Record<string, unknown> {
  return JSON.parse(out) as Record<string, unknown>;
}

/** Writes a file that only its owner may read. */
export function secretFile(folder: string, name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}

/** A mistake in giving something: nothing on standard output, code and hint on standard error. */
export function expectRefused({ code, out, err }: Ended, error: string, hint: string): void {
  expect([code, out]).toEqual([2, '']);
  expect(err).toMatch(new RegExp(`^${error} `));
  expect(err).toContain(hint);
}
