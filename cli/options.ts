import { CountersignError } from '../protocol/errors/countersign-error.ts';
import { withoutSecrets } from './shown.ts';

/** A whole number from an option. @throws E_USAGE naming option and range */
export function wholeNumber(text: unknown, option: string, least: number, most: number): number {
  const value = typeof text === 'string' && /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new CountersignError('E_USAGE', {
    text: `--${option} ${String(text)}`,
    hint: `--${option} takes a whole number from ${least} to ${most}`,
  });
}

/** One of a few words from an option. @throws E_USAGE naming option and words */
export function choiceOf<Word extends string>(
  text: unknown,
  option: string,
  words: readonly Word[],
): Word {
  const found = words.find((word) => word === text);
  if (found !== undefined) return found;
  throw new CountersignError('E_USAGE', {
    text: `--${option} ${withoutSecrets(String(text))}`,
    hint: `--${option} is one of ${words.join(', ')}`,
  });
}

export function listOf(text: unknown): string[] {
  if (typeof text !== 'string') return [];
  return text.split(',').flatMap((part) => (part.trim() === '' ? [] : [part.trim()]));
}
