import { displayWidth, padDisplay, printable } from '../printable.ts';
import { pairLines, SLIP_COLUMNS, wrapped } from './slip-columns.ts';
import type { SlipRecord } from './slip-record.ts';
import { slipRows, type SlipLang, type SlipRow } from './slip-rows.ts';

/** A slip as plain text; of the signature only its size is said. */
export function slipText(record: SlipRecord, lang: SlipLang): string {
  const { width, height } = record.signature;
  const textOf = (row: SlipRow): string[] => {
    switch (row.kind) {
      case 'title':
        return [centred(row.text)];
      case 'rule':
        return ['-'.repeat(SLIP_COLUMNS)];
      case 'pair':
        return pairLines(row.label, row.value).map(({ left, right }) => spread(left, right));
      case 'signature':
        return [spread(row.label, `[${width}×${height}]`)];
      case 'note':
        return wrapped(row.text, SLIP_COLUMNS);
    }
  };
  return `${slipRows(record, lang).flatMap(textOf).map(printable).join('\n')}\n`;
}

function spread(left: string, right: string): string {
  return (padDisplay(left, SLIP_COLUMNS - displayWidth(right)) + right).trimEnd();
}

function centred(text: string): string {
  return `${' '.repeat(Math.max(0, (SLIP_COLUMNS - displayWidth(text)) >> 1))}${text}`;
}
