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
  readonly foreign: BatchTotals;
  readonly domesticFlag: string;
  readonly foreignFlag: string;
}

/** Reads field 48 of 62 digits; undefined when it has another length. */
export function readTotalsField(value: string): TotalsField | undefined {
  if (value.length !== 62) return undefined;
  return {
    totals: readTotals(value),
    foreign: readTotals(value.slice(31)),
    domesticFlag: value[30]!,
    foreignFlag: value[61]!,
  };
}

function readTotals(digits: string): BatchTotals {
  return {
    debitFen: Number(digits.slice(0, 12)),
    debitCount: Number(digits.slice(12, 15)),
    creditFen: Number(digits.slice(15, 27)),
    creditCount: Number(digits.slice(27, 30)),
  };
}

export const NO_TOTALS: BatchTotals = { debitFen: 0, debitCount: 0, creditFen: 0, creditCount: 0 };

/** `250.00/3 − 130.00/2` */
export function totalsText(totals: BatchTotals): string {
  const part = (fen: number, count: number): string => `${formatYuan(fen)}/${count}`;
  const debit = part(totals.debitFen, totals.debitCount);
  return `${debit} - ${part(totals.creditFen, totals.creditCount)}`;
}
