import { errorText } from '../error-text.ts';
import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import type { ErrorCode } from '../../protocol/errors/error-table.ts';
import { printable } from '../../reports/printable.ts';
import { EXIT } from '../exit-codes.ts';
import { errorJson } from '../message-lines.ts';

/** What a crypto command found out; nothing in it is secret. */
export interface CryptoResult {
  /** False when something does not match, or cannot be verified: exit code 1. */
  readonly matches: boolean;
  readonly json: Readonly<Record<string, unknown>>;
  /** Label and text of each line. */
  readonly lines: readonly (readonly [string, string])[];
}

/** Errors that are a verdict on what was given, not a mistake in giving it. */
const VERDICTS: readonly ErrorCode[] = ['E_PIN_BLOCK', 'E_CRYPTOGRAM', 'E_KCV'];

/** Does the work and prints its result, as lines or as one JSON object. */
export async function present(
  isJson: boolean,
  work: () => Promise<CryptoResult> | CryptoResult,
): Promise<number> {
  try {
    const { matches, json, lines } = await work();
    process.stdout.write(
      isJson
        ? `${JSON.stringify(json)}\n`
        : lines.map(([label, text]) => `${label.padEnd(10)} ${printable(text)}\n`).join(''),
    );
    return matches ? EXIT.asExpected : EXIT.expectationFailed;
  } catch (error) {
    if (!(error instanceof CountersignError) || !VERDICTS.includes(error.code)) throw error;
    process.stdout.write(
      isJson ? `${JSON.stringify({ error: errorJson(error) })}\n` : errorText(error),
    );
    return EXIT.expectationFailed;
  }
}

/** Says on standard error that a secret will be seen. */
export function warnRevealed(what: string): void {
  process.stderr.write(`warning: --reveal shows ${what} in clear; keep it off screens and logs\n`);
}
