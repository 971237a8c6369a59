import { addDays, addWorkingDays } from './working-days.ts';

/** When a merchant is paid: T counts working days, D calendar days after the settlement date. */
export interface SettlementTerm {
  readonly kind: 'T' | 'D';
  readonly days: number;
}

/** T+1, what a merchant gets who has agreed on nothing else (spec 8.1). */
export const USUAL_TERM: SettlementTerm = { kind: 'T', days: 1 };

/**
 * The day on which the money of a sale is due: Friday to Sunday on Monday under T+1, holidays push on.
 *
 * @param settledOn settlement date, ISO
 */
export function dueDate({ kind, days }: SettlementTerm, settledOn: string): string {
  if (settledOn !== lastSettledOn) {
    dueDates.clear();
    lastSettledOn = settledOn;
  }
  const term = kind === 'T' ? days : -days - 1;
  const known = dueDates.get(term);
  if (known !== undefined) return known;
  const due = kind === 'T' ? addWorkingDays(settledOn, days) : addDays(settledOn, days);
  dueDates.set(term, due);
  return due;
}

/** Of the day that was asked for last, by days: every sale of a day asks for the same few. */
const dueDates = new Map<number, string>();
let lastSettledOn = '';

/** `T+1`; undefined for what is no term. */
export function parseTerm(text: string): SettlementTerm | undefined {
  const [, kind, days] = /^([TD])\+(\d{1,3})$/.exec(text) ?? [];
  return kind === undefined ? undefined : { kind: kind as 'T' | 'D', days: Number(days) };
}
