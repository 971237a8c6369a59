import { isoDateTime, parseCivilTime } from '../../world/civil-time.ts';
import { parseTerm } from '../settlement/terms.ts';
import { percentText, type Rate } from './rate.ts';
import type { DepositTerms } from '../settlement/deposit-book.ts';
import type { DeviceKind, MerchantContract, RateRange, Tariff, TariffLine } from './tariff.ts';

/**
 * Why a contract cannot be entered; empty when it can (D05). A rate outside the usual range needs an
 * industry whose own range covers it.
 */
export function checkContract(tariff: Tariff, contract: MerchantContract): string[] {
  const { industry, versions = [], device, term, deposit, instantFee } = contract;
  const why: string[] = [];
  const isTerm = term === undefined || parseTerm(`${term.kind}+${term.days}`) !== undefined;
  if (!isTerm) why.push(`there is no term ${term.kind}+${term.days}`);
  if (deposit !== undefined) why.push(...checkDeposit(device, deposit));
  if (instantFee !== undefined) why.push(...checkRate('instant payout', instantFee));
  if (instantFee !== undefined && term?.days !== 0) {
    why.push('a fee of instant payouts needs the term D+0');
  }
  const begins = versions.map(({ from }) => begin(from));
  const twice = begins.find((from, at) => begins.indexOf(from) !== at);
  if (twice !== undefined) why.push(`two versions begin at ${twice}`);
  if (!Object.hasOwn(tariff.surchargeFen, device)) why.push(`there is no device "${device}"`);
  const own = industry === undefined ? undefined : industryRange(tariff, industry);
  if (industry !== undefined && own === undefined) {
    const known = Object.keys(tariff.industries).join(', ');
    why.push(`there is no tariff of the industry "${industry}": ${known}`);
  }
  for (const { from, lines } of versions) {
    if (parseCivilTime(from) === undefined) why.push(`there is no such time as ${from}`);
    if (lines.length === 0) why.push(`the version of ${from} has no line`);
    const names = lines.map(({ name }) => name);
    const same = names.find((name, at) => names.indexOf(name) !== at);
    if (same !== undefined) why.push(`two lines of ${from} are named ${same}`);
    for (const line of lines) why.push(...checkLine(line, own ?? tariff.range, industry));
  }
  return why;
}

/** Only a big POS has a deposit (D07). */
function checkDeposit(device: DeviceKind, { amountFen, turnoverFen }: DepositTerms): string[] {
  if (device !== 'big-pos') return [`no deposit is taken for the device "${device}"`];
  const isRight = [amountFen, turnoverFen].every((fen) => Number.isSafeInteger(fen) && fen > 0);
  return isRight ? [] : ['a deposit and its turnover must be above zero'];
}

/** The moment from which a version holds, in one form: `2026-01-16 00:00:00`. */
export function begin(from: string): string {
  const time = parseCivilTime(from);
  return time === undefined ? from : isoDateTime(time);
}

/** A contract with all its times in one form, so that they compare as texts. */
export function inOneForm(contract: MerchantContract): MerchantContract {
  const { versions } = contract;
  if (versions === undefined) return contract;
  return { ...contract, versions: versions.map((each) => ({ ...each, from: begin(each.from) })) };
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
