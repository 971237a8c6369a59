import { errorText } from '../error-text.ts';
import type { Dialect } from '../../protocol/dialect/dialect.ts';
import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import {
  describeMessage,
  type MessageDescription,
} from '../../protocol/message/describe-message.ts';
import { padDisplay, printable } from '../../reports/printable.ts';
import { openDialect } from '../../scenarios/dialect-file/read-dialect-file.ts';
import { EXIT } from '../exit-codes.ts';
import {
  attempt,
  errorJson,
  looksLikeHex,
  readMessageLines,
  warnUnmasked,
} from '../message-lines.ts';
import { readMessage, type ReadMessage } from '../read-message.ts';

export interface DecodeOptions {
  readonly dialect: string;
  readonly json?: boolean;
  readonly lenient?: boolean;
  readonly unmask?: boolean;
}

interface Decoded extends ReadMessage {
  readonly description: MessageDescription;
}

/** Messages from an argument, a file or standard input, one a line; exit 1 when one is not sound. */
export async function decodeCommand(
  input: string | undefined,
  options: DecodeOptions,
): Promise<number> {
  const dialect = openDialect(options.dialect);
  const lines = await readMessageLines(input, looksLikeHex, 'hex');
  const isOne = lines.length === 1;
  if (options.unmask === true) warnUnmasked();
  let failed = 0;
  for (const [index, { text, line }] of lines.entries()) {
    const outcome = attempt(() => decodeLine(dialect, text, options));
    if (outcome instanceof CountersignError || outcome.errors.length > 0) failed++;
    const place = isOne ? undefined : line;
    process.stdout.write(
      options.json === true
        ? `${JSON.stringify(jsonOf(outcome, place))}\n`
        : tableOf(outcome, index, place),
    );
  }
  return failed === 0 ? EXIT.asExpected : EXIT.expectationFailed;
}

function decodeLine(dialect: Dialect, hex: string, options: DecodeOptions): Decoded {
  const read = readMessage(dialect, hex, options.lenient === true);
  const isUnmasked = options.unmask === true;
  const description = describeMessage(dialect, read.message, read.places, isUnmasked);
  return { ...read, description };
}

function jsonOf(outcome: Decoded | CountersignError, line: number | undefined): unknown {
  const place = line === undefined ? {} : { line };
  if (outcome instanceof CountersignError) return { error: { ...errorJson(outcome), ...place } };
  const { wrapping, description, warnings, errors } = outcome;
  const { mti, title, fields } = description;
  const [first] = errors;
  return {
    ...(first === undefined ? {} : { error: { ...errorJson(first), ...place } }),
    ...(wrapping.lengthPrefix === undefined ? {} : { length: wrapping.lengthPrefix }),
    ...wrapping.envelope,
    mti,
    title,
    fields: Object.fromEntries(
      fields.flatMap(({ field, value, parts }) => [
        [String(field), value],
        ...Object.entries(parts),
      ]),
    ),
    details: Object.fromEntries(
      fields.flatMap(({ field, details }) => (details.length === 0 ? [] : [[field, details]])),
    ),
    ...(errors.length < 2 ? {} : { errors: errors.map(errorJson) }),
    ...(warnings.length === 0 ? {} : { warnings }),
  };
}

const VALUE_COLUMNS = 44;

function tableOf(
  outcome: Decoded | CountersignError,
  index: number,
  line: number | undefined,
): string {
  const gap = index === 0 ? '' : '\n';
  const where = line === undefined ? '' : `line ${line}: `;
  if (outcome instanceof CountersignError) return `${gap}${where}${errorText(outcome)}`;
  const { wrapping, description, warnings, errors } = outcome;
  const { mti, title, fields } = description;
  const { lengthPrefix, envelope } = wrapping;
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
  const notes = warnings.map(({ leniency, path, offset, message }) => {
    const at = offset === undefined ? '' : `, byte ${offset}`;
    // The place stands in front already.
    const what = printable(message.replace(/ \([^()]*\)$/, ''));
    return `warning: leniency ${leniency}: field ${path}${at}: ${what}`;
  });
  const text = [...head, ' byte   DE  name', ...rows, ...notes].join('\n');
  return `${gap}${text}\n${errors.map((error) => where + errorText(error)).join('')}`;
}

function wrapped(value: string): string[] {
  return value.match(new RegExp(`.{1,${VALUE_COLUMNS}}`, 'gu')) ?? [];
}
