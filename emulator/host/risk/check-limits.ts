import { formatYuan } from '../../../protocol/message/amount.ts';
import type { TransactionRecord } from '../host-event.ts';
import { commit, type HostStep } from '../host-step.ts';
import { monthOf, usedOf, type LimitBook, type Limits } from './limit-book.ts';

export interface RiskRefusal {
  readonly rc: string;
  readonly why: string;
}

const AMOUNT_LIMIT = '61';
const COUNT_LIMIT = '65';

/** Why the acquirer does not let a sale pass: one fen, or one sale, above what its terminal or merchant may take. */
export function whyOverLimit(
  book: LimitBook,
  { tid, mid, date, amountFen }: TransactionRecord,
): RiskRefusal | undefined {
  for (const who of [tid, mid]) {
    const limits = book.limits.get(who);
    if (limits === undefined) continue;
    const { singleFen, dailyFen, monthlyFen, dailyCount, monthlyCount } = limits;
    const today = usedOf(book, who, date);
    const month = usedOf(book, who, monthOf(date));
    const amounts = [
      ['single', amountFen, singleFen],
      ['daily', today.fen + amountFen, dailyFen],
      ['monthly', month.fen + amountFen, monthlyFen],
    ] as const;
    for (const [period, fen, most = Infinity] of amounts) {
      if (fen <= most) continue;
      const why = `${formatYuan(fen)} above the ${period} limit ${formatYuan(most)} of ${who}`;
      return { rc: AMOUNT_LIMIT, why };
    }
    const counts = [
      ['daily', today.count + 1, dailyCount],
      ['monthly', month.count + 1, monthlyCount],
    ] as const;
    for (const [period, count, most = Infinity] of counts) {
      if (count <= most) continue;
      return { rc: COUNT_LIMIT, why: `${count} sales, ${most} is the ${period} limit of ${who}` };
    }
  }
  return undefined;
}

/** Sets what a terminal or a merchant may take in; returns why it is refused, or nothing. */
export function setLimits(
  step: HostStep,
  who: string,
  limits: Limits,
  by: string,
): string | undefined {
  const { merchants, terminals } = step.state;
  if (!merchants.has(who) && !terminals.has(who)) return `${who} is unknown`;
  const wrong = Object.values(limits).find(
    (most: number | undefined) => most !== undefined && !(Number.isSafeInteger(most) && most >= 0),
  );
  if (wrong !== undefined) return `${wrong} is no limit`;
  commit(step, { kind: 'limits-set', who, limits, by });
  return undefined;
}
