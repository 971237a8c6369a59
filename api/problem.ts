import { CountersignError } from '../protocol/errors/countersign-error.ts';
import { ERROR_TABLE, type ErrorCode } from '../protocol/errors/error-table.ts';
import { object, whole, words, type ValueOf } from './form.ts';

/** A refusal as RFC 9457 wants it, with our code. */
export const PROBLEM = object({
  type: words('a name for the kind of problem; `urn:countersign:` and the code'),
  title: words('what happened, the same for every problem of a code'),
  status: whole(400, 599, 'HTTP status'),
  detail: words('what happened here'),
  code: words('one of docs/errors.md'),
  hint: words('what to do'),
});
export type Problem = ValueOf<typeof PROBLEM>;

const STATUS: Partial<Record<ErrorCode, number>> = {
  E_API_INPUT: 400,
  E_API_HTTP: 400,
  E_API_TOKEN: 401,
  E_API_ORIGIN: 403,
  E_API_ROUTE: 404,
  E_API_NOT_FOUND: 404,
  E_API_METHOD: 405,
  E_API_SLOW: 408,
  E_API_REFUSED: 409,
  E_API_SIZE: 413,
  E_API_MEDIA: 415,
  E_API_HEADERS: 431,
  E_HOST_DOWN: 503,
  E_JOURNAL_WRITE: 503,
};

/** With every problem. */
export const PROBLEM_HEADERS = {
  'content-type': 'application/problem+json',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
} as const;

/** What is told of an error; of one that is not the caller's fault, no more than its kind. */
export function problemOf(error: unknown): Problem {
  const known = error instanceof CountersignError && error.code in STATUS ? error : undefined;
  const code = known?.code ?? 'E_INTERNAL';
  const status = STATUS[code] ?? 500;
  const { meaning, hint } = ERROR_TABLE[code];
  return {
    type: `urn:countersign:${code}`,
    title: meaning,
    status,
    detail: status < 500 ? (known?.message ?? meaning).replace(`${meaning}: `, '') : meaning,
    code,
    hint: status < 500 ? (known?.hint ?? hint) : hint,
  };
}
