/** What makes a sale look suspicious; the figures are those of the sheet, none are built in (spec 8.5). */
export type RiskCondition =
  /** So many different cards at one terminal, this one among them, whether approved or not. */
  | { readonly kind: 'many-cards'; readonly cards: number; readonly withinMinutes: number }
  /** One card so many times anywhere, this time among them. */
  | { readonly kind: 'same-card'; readonly times: number; readonly withinMinutes: number }
  /** A whole multiple of a sum. */
  | { readonly kind: 'round-sum'; readonly multipleFen: number }
  /** Minutes after midnight at the host, from and up to, not including the last; over midnight when from is later. */
  | { readonly kind: 'night'; readonly fromMinutes: number; readonly toMinutes: number }
  | { readonly kind: 'above'; readonly fen: number }
  /** The merchant's first days, counted from his first approved sale, whose day is the first. */
  | { readonly kind: 'new-merchant'; readonly days: number };

/** hold: approved, and its money kept back for a review. decline: answered with this code. */
export type RiskOutcome =
  | { readonly kind: 'hold' }
  | { readonly kind: 'decline'; readonly rc: '59' | '61' | '62' };

/** A rule hits when all its conditions hold. */
export interface RiskRule {
  readonly name: string;
  readonly when: readonly RiskCondition[];
  readonly outcome: RiskOutcome;
}

/** The rules as they stand together; a change of any makes a new version, and the earlier stay on record. */
export interface RuleSheet {
  /** From 1 on. */
  readonly version: number;
  /** Since when it holds, civil time at the host. */
  readonly at: string;
  readonly rules: readonly RiskRule[];
}

/** A rule that a sale has met, and by what. */
export interface RuleHit {
  readonly rule: string;
  readonly evidence: string;
}

/** Attempts of a terminal and of a card that are kept: no rule looks at more of them. */
export const MOST_ATTEMPTS = 200;

/** Most that a figure can be, where there is a limit: a rule beyond it would never be met. */
const MOST: Readonly<Record<string, number>> = {
  fromMinutes: 1440,
  toMinutes: 1440,
  cards: MOST_ATTEMPTS,
  times: MOST_ATTEMPTS,
};

/** Why a sheet cannot be put in force; undefined when it can. */
export function checkRules(rules: readonly RiskRule[]): string | undefined {
  const names = rules.map(({ name }) => name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) return `two rules are named ${twice}`;
  for (const { name, when } of rules) {
    if (name.trim() === '') return 'a rule has no name';
    if (when.length === 0) return `${name} has no condition: it would stop every sale`;
    const wrong = when.flatMap(({ kind, ...figures }) =>
      Object.entries(figures).flatMap(([figure, value]) => {
        const least = kind === 'night' || figure === 'fen' ? 0 : 1;
        const most = MOST[figure] ?? Number.MAX_SAFE_INTEGER;
        const isRight = Number.isSafeInteger(value) && value >= least && value <= most;
        return isRight ? [] : [`${name}: ${figure} ${value} of ${kind}`];
      }),
    );
    if (wrong.length > 0) return wrong[0];
  }
  return undefined;
}
