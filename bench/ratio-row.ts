import type { PairedRatio, Work } from './measure-pairs.ts';

/** One line of the table: our work against a reference, in one process. */
export interface RatioRow {
  readonly id: string;
  readonly what: string;
  readonly reference: string;
  /** The least ratio that is good enough; absent where the figure is for orientation. */
  readonly aim?: number;
  readonly ours: Work;
  readonly theirs: Work;
  /** Bytes of one piece of work, where the two sides differ and the ratio is taken per byte. */
  readonly bytes?: { readonly ours: number; readonly theirs: number };
}

export interface MeasuredRow {
  readonly row: RatioRow;
  readonly ratio: PairedRatio;
}

export function verdictOf({ row, ratio }: MeasuredRow): 'pass' | 'FAIL' | '–' {
  if (row.aim === undefined) return '–';
  return ratio.median >= row.aim ? 'pass' : 'FAIL';
}

/** The ratio per byte where a row asks for it. */
export function perByte(row: RatioRow, ratio: PairedRatio): PairedRatio {
  if (row.bytes === undefined) return ratio;
  const factor = row.bytes.ours / row.bytes.theirs;
  return {
    ...ratio,
    median: ratio.median * factor,
    min: ratio.min * factor,
    max: ratio.max * factor,
  };
}
