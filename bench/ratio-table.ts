import { availableParallelism, cpus } from 'node:os';
import { verdictOf, type MeasuredRow } from './ratio-row.ts';

/** What a run has found, and where. */
export interface BenchResult {
  readonly rows: readonly MeasuredRow[];
  readonly indexBytes: number;
  readonly decodeBytes: number;
  readonly allocationTimes: number;
  readonly pairs: number;
  readonly sampleMs: number;
}

const HEAD = ['row', 'what', 'reference', 'median', 'min', 'max', 'aim', 'verdict', 'ours'];

function cells(measured: MeasuredRow): string[] {
  const { row, ratio } = measured;
  return [
    row.id,
    row.what,
    row.reference,
    figure(ratio.median),
    figure(ratio.min),
    figure(ratio.max),
    row.aim === undefined ? '–' : `≥ ${row.aim}`,
    verdictOf(measured),
    `${(ratio.oursNs / 1000).toFixed(2)} µs`,
  ];
}

function figure(ratio: number): string {
  return ratio < 10 ? ratio.toFixed(2) : ratio.toFixed(1);
}

/** `node v20.20.2, <cpu>, 2 cores`: a figure without its machine says nothing. */
export function machineLine(): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  return `node ${process.version}, ${process.platform} ${process.arch}, ${model}, ${availableParallelism()} cores`;
}

function allocationLine({ indexBytes, decodeBytes, allocationTimes }: BenchResult): string {
  const bytes = indexBytes < 0.05 ? '0' : indexBytes.toFixed(1);
  return (
    `strict index: ${bytes} bytes allocated per message (aim 0), eager decode ` +
    `${decodeBytes.toFixed(0)}; ${allocationTimes} messages (b) in steady state`
  );
}

function methodLine({ pairs, sampleMs }: BenchResult): string {
  return (
    `ratio = time of the reference ÷ our time; ${pairs} pairs A B A B … in one process, ` +
    `${sampleMs} ms a sample at least`
  );
}

export function plainTable(result: BenchResult): string {
  const lines = [HEAD, ...result.rows.map(cells)];
  const widths = HEAD.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  const isNumber = (column: number): boolean => column >= 3 && column !== 7;
  const text = lines.map((line) =>
    line
      .map((cell, column) =>
        isNumber(column) ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!),
      )
      .join('  ')
      .trimEnd(),
  );
  return [...text, '', ...notes(result)].join('\n');
}

export function markdownTable(result: BenchResult): string {
  const rows = [HEAD, HEAD.map((_, column) => (column >= 3 ? '---:' : '---'))];
  for (const measured of result.rows) rows.push(cells(measured));
  const text = rows.map((line) => `| ${line.join(' | ')} |`);
  return [...text, '', ...notes(result).map((line) => `- ${line}`)].join('\n');
}

function notes(result: BenchResult): string[] {
  return [methodLine(result), allocationLine(result), machineLine()];
}
