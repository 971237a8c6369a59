import { existsSync, readFileSync } from 'node:fs';
import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import { fromHex } from '../../protocol/bytes/hex.ts';
import { UNIONPAY_POS } from '../../protocol/dialects/unionpay-pos.ts';
import { ENVELOPE_BYTES, readEnvelope, type Envelope } from '../../protocol/framing/envelope.ts';
import { decodeMessage, type DecodeResult } from '../../protocol/message/decode-message.ts';
import {
  describeMessage,
  type MessageDescription,
} from '../../protocol/message/describe-message.ts';
import { padDisplay, printable } from '../../reports/printable.ts';
import { EXIT } from '../exit-codes.ts';

interface Decoded {
  readonly envelope: Envelope | undefined;
  readonly lengthPrefix: number | undefined;
  readonly description: MessageDescription;
  readonly warnings: readonly string[];
}

type Outcome =
  | { readonly ok: true; readonly value: Decoded }
  | { readonly ok: false; readonly error: CountersignError };

/** Messages from an argument, a file or standard input, one a line; exit 1 when one is damaged. */
export async function decodeCommand(input: string | undefined, asJson: boolean): Promise<number> {
  const lines = (await readInput(input)).split(/\r?\n/);
  const messages = lines
    .map((text, index) => ({ text: text.trim(), line: index + 1 }))
    .filter(({ text }) => text !== '' && !text.startsWith('#'));
  const isOne = messages.length === 1;
  if (messages.length === 0) {
    const hint = 'give hex as an argument, a file of it, or on standard input';
    throw new CountersignError('E_USAGE', { text: 'there is nothing to decode', hint });
  }
  let failed = 0;
  for (const [index, { text, line }] of messages.entries()) {
    const outcome = decodeLine(text);
    if (!outcome.ok) failed++;
    const place = isOne ? undefined : line;
    process.stdout.write(
      asJson ? `${JSON.stringify(jsonOf(outcome, place))}\n` : tableOf(outcome, index, place),
    );
  }
  return failed === 0 ? EXIT.asExpected : EXIT.expectationFailed;
}

async function readInput(input: string | undefined): Promise<string> {
  if (input !== undefined && input !== '-') {
    const bare = input.replace(/^\s*0x/i, '');
    const isHex = /^[0-9A-Fa-f\s]+$/.test(bare);
    if (isHex && !existsSync(input)) return bare;
    try {
      return readFileSync(input, 'utf8');
    } catch (cause) {
      const hint = 'the argument is neither hex nor a file that can be read';
      // What was meant as a message must not be shown: it may hold a card number.
      const shown = /\d{9}|[0-9A-Fa-f]{16}/.test(input) ? `${input.length} characters` : input;
      throw new CountersignError('E_FILE', { text: shown.slice(0, 120), hint, cause });
    }
  }
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/**
 * A whole frame, one without length prefix, or a bare message: told apart by what fits. Offsets in
 * errors count from the first byte given.
 */
function decodeLine(text: string): Outcome {
  try {
    const bytes = fromHex(text);
    const length = bytes.length >= 2 ? (bytes[0]! << 8) | bytes[1]! : -1;
    if (length === bytes.length - 2) return inEnvelope(bytes, 2, length);
    if (bytes[0] === 0x60) return inEnvelope(bytes, 0, undefined);
    // A message type never begins with 60 at its third byte, a framed one always does.
    if (bytes[2] === 0x60 && bytes.length > ENVELOPE_BYTES + 2) {
      const counts = `the prefix says ${length}, ${bytes.length - 2} follow`;
      throw new CountersignError('E_FRAME_LENGTH', { offset: 0, text: counts });
    }
    return finished(decodeMessage(UNIONPAY_POS, bytes), undefined, undefined);
  } catch (error) {
    if (!(error instanceof CountersignError)) throw error;
    return { ok: false, error };
  }
}

function inEnvelope(bytes: Uint8Array, at: number, lengthPrefix: number | undefined): Outcome {
  const envelope = readEnvelope(bytes.subarray(at));
  const result = decodeMessage(UNIONPAY_POS, bytes, at + ENVELOPE_BYTES);
  return finished(result, envelope, lengthPrefix);
}

function finished(
  result: DecodeResult,
  envelope: Envelope | undefined,
  lengthPrefix: number | undefined,
): Outcome {
  if (!result.ok) return { ok: false, error: result.error };
  const { message, places, warnings } = result;
  return {
    ok: true,
    value: {
      envelope,
      lengthPrefix,
      description: describeMessage(UNIONPAY_POS, message, places),
      warnings: warnings.map(
        ({ leniency, field, offset }) => `leniency ${leniency}: field ${field}, byte ${offset}`,
      ),
    },
  };
}

function jsonOf(outcome: Outcome, line: number | undefined): unknown {
  if (!outcome.ok) {
    const { code, message, path, offset, hint } = outcome.error;
    return {
      error: { code, message, path, offset, hint, ...(line === undefined ? {} : { line }) },
    };
  }
  const { envelope, lengthPrefix, description, warnings } = outcome.value;
  const { mti, title, fields } = description;
  return {
    ...(lengthPrefix === undefined ? {} : { length: lengthPrefix }),
    ...envelope,
    mti,
    title,
    fields: Object.fromEntries(fields.map(({ field, value }) => [field, value])),
    details: Object.fromEntries(
      fields.flatMap(({ field, details }) => (details.length === 0 ? [] : [[field, details]])),
    ),
    ...(warnings.length === 0 ? {} : { warnings }),
  };
}

const VALUE_COLUMNS = 44;

function tableOf(outcome: Outcome, index: number, line: number | undefined): string {
  const gap = index === 0 ? '' : '\n';
  if (!outcome.ok) {
    const { code, message, hint } = outcome.error;
    const where = line === undefined ? '' : `line ${line}: `;
    return `${gap}${where}${code}  ${printable(message)}\n  hint: ${hint}\n`;
  }
  const { envelope, lengthPrefix, description, warnings } = outcome.value;
  const { mti, title, fields } = description;
  const head = [
    `${mti}  ${title.zh}  ${title.en}`,
    ...(lengthPrefix === undefined ? [] : [`length ${lengthPrefix}`]),
    ...(envelope === undefined ? [] : [`TPDU ${envelope.tpdu}  header ${envelope.header}`]),
  ];
  const rows = fields.flatMap(({ field, name, zh, value, details, offset }) => {
    const label = padDisplay(`${name} ${zh}`, 44);
    const byte = offset === undefined ? '' : String(offset).padStart(5);
    const [first = '', ...more] = wrapped(printable(value));
    return [
      `${byte}  ${String(field).padStart(3)}  ${label} ${first}`,
      ...more.map((part) => `${' '.repeat(57)}${part}`),
      ...details.map((detail) => `${' '.repeat(57)}· ${printable(detail)}`),
    ];
  });
  const notes = warnings.map((warning) => `warning: ${warning}`);
  return `${gap}${[...head, ' byte   DE  name', ...rows, ...notes].join('\n')}\n`;
}

function wrapped(value: string): string[] {
  return value.match(new RegExp(`.{1,${VALUE_COLUMNS}}`, 'gu')) ?? [];
}
