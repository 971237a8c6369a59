import { formatYuan } from './amount.ts';

/** Debit and credit of the domestic cards of a batch, in fen. */
export interface BatchTotals {
  readonly debitFen: number;
  readonly debitCount: number;
  readonly creditFen: number;
  readonly creditCount: number;
}

/** Field 48 of 0500 and 0510: domestic and foreign totals, each with its flag digit. */
export function totalsField(totals: BatchTotals, flags: readonly [string, string]): string {
  const digits = (value: number, size: number): string => String(value).padStart(size, '0');
  const domestic =
    digits(totals.debitFen, 12) +
    digits(totals.debitCount, 3) +
    digits(totals.creditFen, 12) +
    digits(totals.creditCount, 3);
  return `${domestic}${flags[0]}${'0'.repeat(30)}${flags[1]}`;
}

export interface TotalsField {
  readonly totals: BatchTotals;
  readonly domesticFlag: string;
  readonly foreignFlag: string;
}

/** Reads field 48 of 62 digits; undefined when it has another length. */
export function readTotalsField(value: string): TotalsField | undefined {
  if (value.length !== 62) return undefined;
  return {
    totals: {
      debitFen: Number(value.slice(0, 12)),
      debitCount: Number(value.slice(12, 15)),
      creditFen: Number(value.slice(15, 27)),
      creditCount: Number(value.slice(27, 30)),
    },
    domesticFlag: value[30]!,
    foreignFlag: value[61]!,
  };
}

/** `250.00/3 − 130.00/2` */
export function totalsText(totals: BatchTotals): string {
  const part = (fen: number, count: number): string => `${formatYuan(fen)}/${count}`;
  const debit = part(totals.debitFen, totals.debitCount);
  return `${debit} - ${part(totals.creditFen, totals.creditCount)}`;
}
