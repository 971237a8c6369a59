import { maskCardNumbers } from '../bytes/card-number.ts';
import { ERROR_TABLE, type ErrorCode } from './error-table.ts';

export interface ErrorDetails {
  /** Field path such as `48.2` or `55.9F26`. */
  readonly path?: string;
  /** Byte offset in the bytes that were given. */
  readonly offset?: number;
  /** What was seen; card numbers in it are masked. */
  readonly text?: string;
  /** Replaces the hint of the table where a better one is known. */
  readonly hint?: string;
  readonly cause?: unknown;
}

/** The one error class: a stable code, the place, a text that is safe to log, and a hint. */
export class CountersignError extends Error {
  readonly code: ErrorCode;
  readonly path: string | undefined;
  readonly offset: number | undefined;
  readonly hint: string;

  constructor(code: ErrorCode, details: ErrorDetails = {}) {
    const { meaning, hint } = ERROR_TABLE[code];
    const path = details.path === undefined ? undefined : maskCardNumbers(details.path);
    const place = [
      path === undefined ? '' : `field ${path}`,
      details.offset === undefined ? '' : `byte ${details.offset}`,
    ].filter((part) => part !== '');
    const where = place.length === 0 ? '' : ` (${place.join(', ')})`;
    const what =
      details.text === undefined ? meaning : `${meaning}: ${maskCardNumbers(details.text)}`;
    super(`${what}${where}`, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'CountersignError';
    this.code = code;
    this.path = path;
    this.offset = details.offset;
    this.hint = maskCardNumbers(details.hint ?? hint);
  }
}
