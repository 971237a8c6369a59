import { toHex } from '../../protocol/bytes/hex.ts';
import type { Dialect } from '../../protocol/dialect/dialect.ts';
import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import { encodeFrame } from '../../protocol/framing/envelope.ts';
import { concatBytes } from '../../protocol/bytes/concat-bytes.ts';
import { fromHex } from '../../protocol/bytes/hex.ts';
import { encodeMessage } from '../../protocol/message/encode-message.ts';
import { messageFromJson } from '../../protocol/message/message-json.ts';
import { openDialect } from '../../scenarios/dialect-file/read-dialect-file.ts';
import { EXIT } from '../exit-codes.ts';
import { attempt, errorJson, looksLikeJson, readMessageLines } from '../message-lines.ts';

export interface EncodeOptions {
  readonly dialect: string;
  readonly json?: boolean;
}

/** JSON messages, one a line, as hex; the members are those that `decode --json` writes. */
export async function encodeCommand(
  input: string | undefined,
  options: EncodeOptions,
): Promise<number> {
  const dialect = openDialect(options.dialect);
  const lines = await readMessageLines(input, looksLikeJson, 'JSON');
  let failed = 0;
  for (const { text, line } of lines) {
    const outcome = attempt(() => encodeLine(dialect, text));
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

function encodeLine(dialect: Dialect, text: string): string {
  const { message, envelope, isFramed } = messageFromJson(dialect, parsed(text));
  const bytes = encodeMessage(dialect, message);
  if (envelope === undefined) return toHex(bytes);
  if (isFramed) return toHex(encodeFrame(envelope, bytes, dialect));
  return toHex(concatBytes([fromHex(envelope.tpdu + envelope.header), bytes]));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    // The reason of the parser may quote the line, and with it a card number.
    const position = /position (\d+)/.exec(cause instanceof Error ? cause.message : '')?.[1];
    const where = position === undefined ? 'the line is cut or broken' : `broken at ${position}`;
    throw new CountersignError('E_JSON', { text: where });
  }
}
