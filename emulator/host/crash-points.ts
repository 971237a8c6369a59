/**
 * Places at which the host can lose its power, in the order in which a step meets them. Nothing is
 * armed outside a simulation or a test.
 */
export const CRASH_POINTS = [
  /** Decided, not yet in the journal: nobody will know of it. */
  'before-commit',
  /** In the journal, the answer not yet sent. */
  'after-commit',
  /** The answer has left. */
  'after-answer',
  /** A wallet is being called; what comes of it nobody will hear. */
  'wallet-called',
  /** A message to a holder was sent, the journal does not know. */
  'notice-sent',
  /** A payout is ordered in the journal, the bank not yet asked. */
  'payout-ordered',
  /** The bank has executed a payout, the journal does not know. */
  'payout-executed',
] as const;

export type CrashPoint = (typeof CRASH_POINTS)[number];

/** Says at each point whether the power goes off there. */
export interface CrashSwitch {
  isDead(point: CrashPoint): boolean;
}

/** Lets the host die at a point, once, after passing it some times. */
export interface CrashDesk extends CrashSwitch {
  arm(point: CrashPoint, passes?: number): void;
  /** Armed and not struck yet. */
  readonly pending: number;
}

export function crashDesk(): CrashDesk {
  let armed: { readonly point: CrashPoint; passes: number } | undefined;
  return {
    isDead(point) {
      if (armed?.point !== point) return false;
      if (armed.passes > 0) {
        armed.passes--;
        return false;
      }
      armed = undefined;
      return true;
    },
    arm(point, passes = 0) {
      armed = { point, passes };
    },
    get pending() {
      return armed === undefined ? 0 : 1;
    },
  };
}
