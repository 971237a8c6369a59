import { formatYuan } from '../../protocol/message/amount.ts';
import { reasonOf, signatureState } from '../../emulator/host/archive/open-items.ts';
import type { JournalledArchive } from '../../emulator/host/archive/read-archive.ts';
import type { Transaction } from '../../emulator/host/transaction-book.ts';
import { displayWidth, printable } from '../../reports/printable.ts';
import { EXIT } from '../exit-codes.ts';
import { openArchive, warnBroken } from './archive-file.ts';

export interface SignatureListOptions {
  readonly data: string;
  readonly isOpenOnly: boolean;
  readonly isJson: boolean;
}

/** Every transaction of a host with what its archive holds of it. */
export function listSignatures({ data, isOpenOnly, isJson }: SignatureListOptions): number {
  const found = openArchive(data);
  const lines = [...found.book.transactions.values()]
    .map((transaction) => lineOf(found, transaction))
    .filter(({ state }) => !isOpenOnly || state === 'due' || state === 'partial');
  if (isJson) for (const line of lines) process.stdout.write(`${JSON.stringify(line)}\n`);
  else process.stdout.write(tableOf(lines));
  warnBroken(found);
  return found.broken === undefined ? EXIT.asExpected : EXIT.expectationFailed;
}

type Line = Readonly<Record<string, string>> & { readonly state: string };

function lineOf({ archive }: JournalledArchive, transaction: Transaction): Line {
  const { id, rrn, date, kind, status, amountFen, cardMasked } = transaction;
  const state = signatureState(archive, transaction);
  const signature = archive.signatures.get(id);
  const exemption = archive.exemptions.get(id);
  const image = signature?.whole?.image;
  const isMissing = state === 'due' || state === 'partial';
  const feature = image === undefined ? '' : image.hasFeature ? 'yes' : 'no';
  const why = exemption === undefined ? '' : `${exemption.reason} (${exemption.by})`;
  return {
    rrn,
    date,
    id,
    kind,
    status,
    amount: formatYuan(amountFen),
    card: cardMasked,
    state,
    size: image === undefined ? '' : `${image.width}x${image.height}`,
    packets: signature === undefined ? '' : String(signature.pieces.length),
    feature,
    agreement: archive.agreements.has(id) ? 'yes' : '',
    why: isMissing ? reasonOf(archive, id) : why,
  };
}

function tableOf(lines: readonly Line[]): string {
  if (lines.length === 0) return 'nothing\n';
  const names = Object.keys(lines[0]!).filter((name) => lines.some((line) => line[name] !== ''));
  const rows = [names, ...lines.map((line) => names.map((name) => printable(line[name] ?? '')))];
  const widths = names.map((_, at) => Math.max(...rows.map((row) => displayWidth(row[at]!))));
  const text = rows.map((row) =>
    row
      .map((cell, at) => cell + ' '.repeat(widths[at]! - displayWidth(cell)))
      .join('  ')
      .trimEnd(),
  );
  return `${text.join('\n')}\n`;
}
