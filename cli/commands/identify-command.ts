import { fromHex } from '../../protocol/bytes/hex.ts';
import type { Dialect } from '../../protocol/dialect/dialect.ts';
import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import { SHIPPED_SOURCES } from '../../protocol/dialects/shipped.ts';
import { identify, type Reading } from '../../protocol/identify/identify.ts';
import { printable } from '../../reports/printable.ts';
import { openDialect } from '../../scenarios/dialect-file/read-dialect-file.ts';
import { EXIT } from '../exit-codes.ts';
import { attempt, errorJson, looksLikeHex, readMessageLines } from '../message-lines.ts';

export interface IdentifyOptions {
  /** Dialect files to try beside the shipped dialects. */
  readonly dialect?: readonly string[];
  readonly top: number;
  readonly json?: boolean;
}

/** Ranks the ways to read unknown bytes; exit 1 when none reads all of them. */
export async function identifyCommand(
  input: string | undefined,
  options: IdentifyOptions,
): Promise<number> {
  const dialects = [...SHIPPED_SOURCES.map(({ id }) => id), ...(options.dialect ?? [])].map(
    openDialect,
  );
  const lines = await readMessageLines(input, looksLikeHex, 'hex');
  let failed = 0;
  for (const { text, line } of lines) {
    const outcome = attempt(() => rank(text, dialects, options.top));
    const isRead = !(outcome instanceof CountersignError) && outcome[0]?.verdict !== 'refused';
    if (!isRead) failed++;
    const place = lines.length === 1 ? {} : { line };
    if (options.json === true) {
      const json =
        outcome instanceof CountersignError
          ? { error: { ...errorJson(outcome), ...place } }
          : { readings: outcome, ...place };
      process.stdout.write(`${JSON.stringify(json)}\n`);
    } else {
      const where = lines.length === 1 ? '' : `line ${line}:\n`;
      process.stdout.write(where + textOf(outcome));
    }
  }
  return failed === 0 ? EXIT.asExpected : EXIT.expectationFailed;
}

function rank(hex: string, dialects: readonly Dialect[], top: number): Reading[] {
  return identify(fromHex(hex), dialects).slice(0, top);
}

function textOf(outcome: readonly Reading[] | CountersignError): string {
  if (outcome instanceof CountersignError) {
    return `${outcome.code}  ${printable(outcome.message)}\n  hint: ${outcome.hint}\n`;
  }
  return outcome
    .map(({ framing, dialect, verdict, score, why }, index) => {
      const head = `${index + 1}. ${dialect}, ${framing}  (${verdict}, ${score} points)`;
      return [head, ...why.map((each) => `     ${printable(each)}`), ''].join('\n');
    })
    .join('');
}
