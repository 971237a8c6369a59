import { CountersignError } from '../protocol/errors/countersign-error.ts';

/** A whole number from an option. @throws E_USAGE naming option and range */
export function wholeNumber(text: unknown, option: string, least: number, most: number): number {
  const value = typeof text === 'string' && /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new CountersignError('E_USAGE', {
    text: `--${option} ${String(text)}`,
    hint: `--${option} takes a whole number from ${least} to ${most}`,
  });
}

export function listOf(text: unknown): string[] {
  if (typeof text !== 'string') return [];
  return text.split(',').flatMap((part) => (part.trim() === '' ? [] : [part.trim()]));
}
