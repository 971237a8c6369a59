import { SHIPPED_SOURCES, shippedDialect } from '../../protocol/dialects/shipped.ts';
import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import { printable } from '../../reports/printable.ts';
import { openDialect, readDialectFile } from '../../scenarios/dialect-file/read-dialect-file.ts';
import { EXIT } from '../exit-codes.ts';
import { attempt, errorJson } from '../message-lines.ts';

/** The shipped dialects, one a line. */
export function listDialects(): number {
  for (const { id, title, ...source } of SHIPPED_SOURCES) {
    const from = source.extends === undefined ? '' : `  (extends ${source.extends})`;
    process.stdout.write(`${id.padEnd(26)} ${title}${from}\n`);
  }
  return EXIT.asExpected;
}

/** A dialect with everything that it extends filled in, as JSON. */
export function showDialect(name: string): number {
  process.stdout.write(`${JSON.stringify(openDialect(name), null, 2)}\n`);
  return EXIT.asExpected;
}

/** Every mistake of a dialect file with its line; exit 2 when there is one. */
export function checkDialectFile(name: string, isJson: boolean): number {
  const shipped = shippedDialect(name);
  const reading =
    shipped === undefined
      ? attempt(() => readDialectFile(name))
      : { ok: true as const, dialect: shipped };
  if (reading instanceof CountersignError) {
    if (!isJson) throw reading;
    process.stdout.write(`${JSON.stringify({ error: errorJson(reading) })}\n`);
    return EXIT.usage;
  }
  if (reading.ok) {
    const { id, title, fields, transactions } = reading.dialect;
    const counts = {
      fields: Object.keys(fields).length,
      transactions: Object.keys(transactions).length,
    };
    const text = `${id}: ${title}; ${counts.fields} fields, ${counts.transactions} transactions\n`;
    process.stdout.write(isJson ? `${JSON.stringify({ id, title, ...counts })}\n` : text);
    return EXIT.asExpected;
  }
  for (const { place, text, hint } of reading.mistakes) {
    const { file, line, column } = place;
    const at = `${file}:${line}:${column}`;
    const json = JSON.stringify({
      error: { code: 'E_DIALECT', message: text, file, line, column, hint },
    });
    process.stdout.write(
      isJson ? `${json}\n` : `${at}  ${printable(text)}\n  hint: ${printable(hint)}\n`,
    );
  }
  return EXIT.usage;
}
