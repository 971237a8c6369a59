import type { ErrorCode } from '../protocol/errors/error-table.ts';

/** What the program's exit says to a script. */
export const EXIT = {
  asExpected: 0,
  expectationFailed: 1,
  usage: 2,
  environment: 3,
  internal: 70,
  interrupted: 130,
  terminated: 143,
} as const;

const ENVIRONMENT: readonly ErrorCode[] = [
  'E_PORT_IN_USE',
  'E_NETWORK',
  'E_NOT_LOOPBACK',
  'E_JOURNAL',
  'E_JOURNAL_BUSY',
  'E_JOURNAL_WRITE',
  'E_JOURNAL_VERSION',
  'E_CLOCK_BEHIND',
  'E_SQLITE',
];
const INTERNAL: readonly ErrorCode[] = ['E_INTERNAL', 'E_BOOKS'];

/** Exit code of an error that ended the program; what a user wrote or named wrongly is usage. */
export function exitCodeOf(code: ErrorCode): number {
  if (ENVIRONMENT.includes(code)) return EXIT.environment;
  if (code === 'E_NO_RECORD') return EXIT.expectationFailed;
  return INTERNAL.includes(code) ? EXIT.internal : EXIT.usage;
}
