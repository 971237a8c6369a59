import type { EntryMode } from '../../terminal/card-presented.ts';
import type { CardAccount, TariffRule } from '../host-config.ts';

/** Fee of one sale: the exact product, rounded once, half up, capped (spec 8.2, I-18). */
export function feeOf(rule: TariffRule, amountFen: number): number {
  const millionths = BigInt(amountFen) * BigInt(rule.ppm);
  const rounded = Number((millionths + 500_000n) / 1_000_000n);
  return rule.capFen === undefined ? rounded : Math.min(rounded, rule.capFen);
}

/** The first rule that fits; a tariff ends in one that fits everything. */
export function tariffRule(
  tariff: readonly TariffRule[],
  cardClass: CardAccount['class'],
  entry: EntryMode,
): TariffRule | undefined {
  return tariff.find(
    (rule) =>
      (rule.class === undefined || rule.class === cardClass) &&
      (rule.entry === undefined || rule.entry === entry),
  );
}
