import { formatYuan } from '../../../protocol/message/amount.ts';
import { daysBetween, hhmmss } from '../../world/civil-time.ts';
import type { TransactionRecord } from '../host-event.ts';
import type { HostState } from '../host-state.ts';
import { commit, hostMoment, type HostStep } from '../host-step.ts';
import { whyOverLimit, type RiskRefusal } from './check-limits.ts';
import { freeze } from './freeze.ts';
import { attemptOf, latestAttempts, type Attempt, type ReviewBook } from './review-book.ts';
import type { RiskCondition, RiskRule, RuleHit, RuleSheet } from './rules.ts';

/** Who places the holds of the rules: no person, so that any person may end them. */
export const RISK_ENGINE = 'risk-engine';

/** Before a sale goes to its issuer: a limit, or a rule that declines. What was found is journalled. */
export function whyStopped(step: HostStep, record: TransactionRecord): RiskRefusal | undefined {
  const { state } = step;
  const over = whyOverLimit(state, record);
  if (over !== undefined) return over;
  const sheet = state.sheets.at(-1);
  if (sheet === undefined) return undefined;
  for (const rule of sheet.rules) {
    if (rule.outcome.kind !== 'decline') continue;
    const hit = hitOf(state, rule, record);
    if (hit === undefined) continue;
    const { version } = sheet;
    const { rc } = rule.outcome;
    commit(step, { kind: 'rule-refused', transactionId: record.id, version, hit, rc });
    return { rc, why: `rule ${hit.rule} of version ${version}: ${hit.evidence}` };
  }
  return undefined;
}

/** After its approval: a rule that holds keeps its money back, and opens a review. */
export function reviewApproved(step: HostStep, sale: TransactionRecord): void {
  const { state } = step;
  const sheet = state.sheets.at(-1);
  if (sheet === undefined) return;
  const hits = holdHits(state, sheet, sale);
  if (hits.length === 0) return;
  const reason = `rule ${hits.map(({ rule }) => rule).join(', ')}`;
  const frozen = freeze(step, { scope: 'transaction', rrn: sale.rrn, reason, by: RISK_ENGINE });
  if (frozen.outcome !== 'frozen') return;
  commit(step, {
    kind: 'review-opened',
    review: {
      id: `V${String(state.reviews.size + 1).padStart(6, '0')}`,
      transactionId: sale.id,
      holdId: frozen.holdId,
      version: sheet.version,
      hits,
      at: hostMoment(step).dateTime,
    },
  });
}

function holdHits(state: HostState, { rules }: RuleSheet, sale: TransactionRecord): RuleHit[] {
  return rules
    .filter(({ outcome }) => outcome.kind === 'hold')
    .flatMap((rule) => hitOf(state, rule, sale) ?? []);
}

function hitOf(book: ReviewBook, rule: RiskRule, record: TransactionRecord): RuleHit | undefined {
  const found = rule.when.map((condition) => evidenceOf(book, condition, record));
  const evidence = found.filter((each) => each !== undefined);
  return evidence.length === found.length
    ? { rule: rule.name, evidence: evidence.join('; ') }
    : undefined;
}

/** By what a sale meets a condition; undefined when it does not. */
function evidenceOf(
  book: ReviewBook,
  condition: RiskCondition,
  record: TransactionRecord,
): string | undefined {
  const { tid, mid, amountFen, date, entry } = record;
  switch (condition.kind) {
    case 'many-cards': {
      if (entry === 'qr') return undefined;
      const { cards, withinMinutes } = condition;
      const recent = within(book, tid, record, withinMinutes);
      const found = new Set(recent.map(({ card }) => card)).size;
      const text = `${found} cards at ${tid} within ${withinMinutes} minutes`;
      return found >= cards ? text : undefined;
    }
    case 'same-card': {
      if (entry === 'qr') return undefined;
      const { times, withinMinutes } = condition;
      const recent = within(book, attemptOf(record).card, record, withinMinutes);
      const text = `the card ${recent.length} times within ${withinMinutes} minutes`;
      return recent.length >= times ? text : undefined;
    }
    case 'round-sum': {
      const { multipleFen } = condition;
      const text = `${formatYuan(amountFen)} is a multiple of ${formatYuan(multipleFen)}`;
      return amountFen % multipleFen === 0 ? text : undefined;
    }
    case 'night': {
      const time = record.rrn.slice(0, 6);
      const from = clockText(condition.fromMinutes);
      const to = clockText(condition.toMinutes);
      const isNight = from <= to ? from <= time && time < to : time >= from || time < to;
      return isNight ? `at ${time.slice(0, 2)}:${time.slice(2, 4)}` : undefined;
    }
    case 'above': {
      const text = `${formatYuan(amountFen)} is above ${formatYuan(condition.fen)}`;
      return amountFen > condition.fen ? text : undefined;
    }
    case 'new-merchant': {
      const day = daysBetween(book.firstTrade.get(mid) ?? date, date) + 1;
      return day <= condition.days ? `day ${day} of the merchant` : undefined;
    }
    default:
      return condition satisfies never;
  }
}

/** Attempts of a terminal or a card up to so many minutes before a sale, and the sale itself. */
function within(
  book: ReviewBook,
  key: string,
  record: TransactionRecord,
  minutes: number,
): Attempt[] {
  const own = attemptOf(record);
  const since = own.atSeconds - minutes * 60;
  const earlier = latestAttempts(book, key);
  return [...earlier.filter(({ id, atSeconds }) => id !== own.id && atSeconds >= since), own];
}

/** Minutes after midnight as hhmmss. */
function clockText(minutes: number): string {
  const [hour, minute] = [Math.floor(minutes / 60), minutes % 60];
  return hhmmss({ year: 0, month: 1, day: 1, hour, minute, second: 0 });
}
