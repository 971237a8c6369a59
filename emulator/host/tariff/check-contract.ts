import { parseCivilTime } from '../../world/civil-time.ts';
import { percentText, type Rate } from './rate.ts';
import type { MerchantContract, RateRange, Tariff, TariffLine } from './tariff.ts';

/**
 * Why a contract cannot be entered; empty when it can (D05). A rate outside the usual range needs an
 * industry whose own range covers it.
 */
export function checkContract(tariff: Tariff, contract: MerchantContract): string[] {
  const { industry, versions = [], device } = contract;
  const why: string[] = [];
  if (!Object.hasOwn(tariff.surchargeFen, device)) why.push(`there is no device "${device}"`);
  const own = industry === undefined ? undefined : industryRange(tariff, industry);
  if (industry !== undefined && own === undefined) {
    const known = Object.keys(tariff.industries).join(', ');
    why.push(`there is no tariff of the industry "${industry}": ${known}`);
  }
  for (const { from, lines } of versions) {
    if (parseCivilTime(from) === undefined) why.push(`there is no such time as ${from}`);
    if (lines.length === 0) why.push(`the version of ${from} has no line`);
    for (const line of lines) why.push(...checkLine(line, own ?? tariff.range, industry));
  }
  return why;
}

function industryRange(tariff: Tariff, industry: string): RateRange | undefined {
  return Object.hasOwn(tariff.industries, industry) ? tariff.industries[industry] : undefined;
}

function checkLine(
  { name, rate }: TariffLine,
  { leastPpm, mostPpm }: RateRange,
  industry: string | undefined,
): string[] {
  const why = checkRate(name, rate);
  const { ppm } = rate;
  if (ppm >= leastPpm && ppm <= mostPpm) return why;
  const whose = industry === undefined ? 'without an industry tariff' : `for ${industry}`;
  const range = `${percentText(leastPpm)} to ${percentText(mostPpm)}`;
  return [...why, `${name} ${percentText(ppm)} is outside ${range} ${whose}`];
}

function checkRate(name: string, rate: Rate): string[] {
  const { ppm, fixedFen = 0, minFen = 0, capFen } = rate;
  const parts = { ppm, fixedFen, minFen, capFen: capFen ?? 0 };
  const wrong = Object.entries(parts).filter(
    ([, value]) => !Number.isSafeInteger(value) || value < 0,
  );
  const why = wrong.map(
    ([part, value]) => `${name}: ${part} ${value} is no whole number from 0 on`,
  );
  if (capFen !== undefined && capFen < minFen) why.push(`${name}: the cap is below the minimum`);
  return why;
}
