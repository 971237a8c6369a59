import { concatBytes } from '../../protocol/bytes/concat-bytes.ts';
import { fromHex, toHex } from '../../protocol/bytes/hex.ts';
import type { Dialect } from '../../protocol/dialect/dialect.ts';
import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import { unwrapMessage } from '../../protocol/framing/unwrap-message.ts';
import { decodeMessage } from '../../protocol/message/decode-message.ts';
import { encodeMessage } from '../../protocol/message/encode-message.ts';
import { redactMessage } from '../../protocol/message/redact-message.ts';
import { openDialect } from '../../scenarios/dialect-file/read-dialect-file.ts';
import { EXIT } from '../exit-codes.ts';
import { attempt, errorJson, looksLikeHex, readMessageLines } from '../message-lines.ts';

export interface RedactOptions {
  readonly dialect: string;
  readonly json?: boolean;
}

/**
 * Messages without card data, as hex of the same length, to be handed on. What cannot be read is not
 * printed: nobody knows what is in it.
 */
export async function redactCommand(
  input: string | undefined,
  options: RedactOptions,
): Promise<number> {
  const dialect = openDialect(options.dialect);
  const lines = await readMessageLines(input, looksLikeHex, 'hex');
  let failed = 0;
  for (const { text, line } of lines) {
    const outcome = attempt(() => redactLine(dialect, text));
    const isError = outcome instanceof CountersignError;
    if (isError) failed++;
    const place = lines.length === 1 ? {} : { line };
    if (options.json === true) {
      const json = isError ? { error: { ...errorJson(outcome), ...place } } : { hex: outcome };
      process.stdout.write(`${JSON.stringify(json)}\n`);
    } else if (isError) {
      const where = lines.length === 1 ? '' : `line ${line}: `;
      process.stderr.write(
        `${where}${outcome.code}  ${outcome.message}\n  hint: ${outcome.hint}\n`,
      );
    } else {
      process.stdout.write(`${outcome}\n`);
    }
  }
  return failed === 0 ? EXIT.asExpected : EXIT.expectationFailed;
}

/** Read leniently: a message is redacted whatever else is wrong with it. */
function redactLine(dialect: Dialect, hex: string): string {
  const bytes = fromHex(hex);
  const { start } = unwrapMessage(dialect, bytes);
  const result = decodeMessage(dialect, bytes, start, bytes.length, { isLenient: true });
  if (!result.ok) throw result.error;
  const redacted = encodeMessage(dialect, redactMessage(dialect, result.message));
  return toHex(concatBytes([bytes.subarray(0, start), redacted]));
}
