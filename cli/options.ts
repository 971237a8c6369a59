import { CountersignError } from '../protocol/errors/countersign-error.ts';
import { parseCivilTime, toEpochMs } from '../emulator/world/civil-time.ts';
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

/** A clock that can be moved, and where it begins; undefined for the machine's own. @throws E_USAGE */
export function clockStart(clock: string | boolean | undefined): number | undefined {
  if (typeof clock !== 'string') return undefined;
  if (clock === 'now') return Date.now();
  const time = parseCivilTime(clock);
  if (time !== undefined) return toEpochMs(time);
  const hint = 'now, or a date and a time in Shanghai such as "2026-01-15 09:30"';
  throw new CountersignError('E_USAGE', { text: `--clock ${clock.slice(0, 40)}`, hint });
}
