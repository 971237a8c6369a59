import { errorText } from '../error-text.ts';
import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import { diffMessages, type Difference } from '../../protocol/message/diff-messages.ts';
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

export interface DiffOptions {
  readonly dialect: string;
  readonly json?: boolean;
  readonly lenient?: boolean;
  readonly unmask?: boolean;
}

/** Two messages field by field; exit 0 when they say the same, 1 when they differ. */
export async function diffCommand(
  left: string,
  right: string | undefined,
  options: DiffOptions,
): Promise<number> {
  const dialect = openDialect(options.dialect);
  const lines = [
    ...(await readMessageLines(left, looksLikeHex, 'hex')),
    ...(right === undefined ? [] : await readMessageLines(right, looksLikeHex, 'hex')),
  ];
  const [one, other, ...more] = lines;
  if (one === undefined || other === undefined || more.length > 0) {
    const text = `${lines.length} messages where two are due`;
    throw new CountersignError('E_USAGE', {
      text,
      hint: 'give two messages, or a file of two lines',
    });
  }
  if (options.unmask === true) warnUnmasked();
  const messages: ReadMessage[] = [];
  for (const [index, { text }] of [one, other].entries()) {
    const read = attempt(() => readMessage(dialect, text, options.lenient === true));
    if (read instanceof CountersignError) return refuseSide(SIDES[index]!, read, options);
    messages.push(read);
  }
  const differences = [
    ...wrappingDifferences(messages[0]!.wrapping.envelope, messages[1]!.wrapping.envelope),
    ...diffMessages(dialect, messages[0]!.message, messages[1]!.message, options.unmask === true),
  ];
  if (options.json === true) process.stdout.write(`${JSON.stringify({ differences })}\n`);
  else process.stdout.write(tableOf(differences));
  return differences.length === 0 ? EXIT.asExpected : EXIT.expectationFailed;
}

const SIDES = ['left', 'right'] as const;

/** A side that cannot be read is named; there is nothing to compare. */
function refuseSide(side: string, error: CountersignError, options: DiffOptions): number {
  if (options.json === true) {
    process.stdout.write(`${JSON.stringify({ error: { ...errorJson(error), side } })}\n`);
  } else {
    process.stderr.write(`the ${side} message: ${errorText(error)}`);
  }
  return EXIT.expectationFailed;
}

type Around = { readonly tpdu: string; readonly header: string } | undefined;

function wrappingDifferences(left: Around, right: Around): Difference[] {
  return (['tpdu', 'header'] as const).flatMap((part) => {
    const [one, other] = [left?.[part], right?.[part]];
    if (one === other) return [];
    return [
      {
        path: part,
        name: part === 'tpdu' ? 'TPDU' : 'header',
        ...(one === undefined ? {} : { left: one }),
        ...(other === undefined ? {} : { right: other }),
      },
    ];
  });
}

function tableOf(differences: readonly Difference[]): string {
  if (differences.length === 0) return 'the messages say the same\n';
  const rows = differences.map(({ path, name, left, right, isHidden }) => {
    const label = `${path.padEnd(12)} ${padDisplay(name, 28)}`;
    if (isHidden === true) return `${label} ${printable(left ?? '')}  (differs where it is hidden)`;
    return `${label} ${shown(left)}  →  ${shown(right)}`;
  });
  return `${rows.join('\n')}\n${differences.length} different\n`;
}

function shown(value: string | undefined): string {
  return value === undefined ? '(absent)' : printable(value);
}
