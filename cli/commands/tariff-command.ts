import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import { formatYuan, isAmount, MOST_FEN, parseYuan } from '../../protocol/message/amount.ts';
import { DOCUMENTED_TARIFF } from '../../emulator/host/tariff/documented-tariff.ts';
import { percentText, type Rate } from '../../emulator/host/tariff/rate.ts';
import {
  PRODUCTS,
  quoteOf,
  type DeviceKind,
  type Quote,
  type TariffLine,
} from '../../emulator/host/tariff/tariff.ts';
import {
  civilTime,
  isoDate,
  isoDateTime,
  parseCivilTime,
} from '../../emulator/world/civil-time.ts';
import { realClock } from '../../emulator/world/real/real-clock.ts';
import { EXIT } from '../exit-codes.ts';
import { choiceOf } from '../options.ts';

export interface TariffQuoteOptions {
  readonly product: string;
  readonly amount: string;
  readonly device: string;
  /** Civil time, `2026-01-15` or `2026-01-15 09:30`; today when absent. */
  readonly at?: string;
  readonly json?: boolean;
}

/** What a sale costs its merchant, with the line of the tariff that says so. */
export function quoteTariff(options: TariffQuoteOptions): number {
  const product = choiceOf(options.product, 'product', Object.keys(PRODUCTS));
  const devices = Object.keys(DOCUMENTED_TARIFF.surchargeFen) as DeviceKind[];
  const device = choiceOf(options.device, 'device', devices);
  const amountFen = amountOf(options.amount);
  const asked = options.at ?? isoDate(civilTime(realClock().civilMs()));
  const time = parseCivilTime(asked);
  if (time === undefined) {
    const hint = 'a civil time in Shanghai, such as 2026-01-15 or "2026-01-15 09:30"';
    throw new CountersignError('E_USAGE', { text: `--at ${asked.slice(0, 40)}`, hint });
  }
  const at = isoDateTime(time);
  const found = quoteOf(DOCUMENTED_TARIFF, { device }, { ...PRODUCTS[product]!, amountFen, at });
  if (found === undefined) {
    const [first] = DOCUMENTED_TARIFF.versions;
    const hint = `the first tariff holds from ${first?.from ?? '?'} on`;
    throw new CountersignError('E_USAGE', { text: `--at ${asked}: no tariff`, hint });
  }
  const shown = { product, device, at, amount: formatYuan(amountFen), ...moneyOf(found) };
  process.stdout.write(options.json === true ? `${JSON.stringify(shown)}\n` : textOf(shown));
  return EXIT.asExpected;
}

function amountOf(text: string): number {
  const fen = parseYuan(text);
  if (fen !== undefined && isAmount(fen)) return fen;
  const hint = `yuan above 0, such as 10000.00, at most ${formatYuan(MOST_FEN)}`;
  throw new CountersignError('E_USAGE', { text: `--amount ${text.slice(0, 40)}`, hint });
}

function moneyOf({ line, from, feeFen, surchargeFen, netFen }: Quote): Record<string, string> {
  return {
    fee: formatYuan(feeFen),
    surcharge: formatYuan(surchargeFen),
    net: formatYuan(netFen),
    rate: rateText(line.rate),
    line: line.name,
    since: from,
  };
}

function rateText({ ppm, capFen, minFen, fixedFen }: Rate): string {
  return [
    percentText(ppm),
    ...(fixedFen === undefined ? [] : [`and ${formatYuan(fixedFen)}`]),
    ...(minFen === undefined ? [] : [`at least ${formatYuan(minFen)}`]),
    ...(capFen === undefined ? [] : [`at most ${formatYuan(capFen)}`]),
  ].join(', ');
}

function textOf(shown: Readonly<Record<string, string>>): string {
  const lines = Object.entries(shown).map(([name, value]) => `${name.padEnd(10)} ${value}`);
  return `${lines.join('\n')}\n`;
}

/** The documented tariff, a line each. */
export function showTariff(isJson: boolean): number {
  if (isJson) {
    process.stdout.write(`${JSON.stringify(DOCUMENTED_TARIFF, undefined, 2)}\n`);
    return EXIT.asExpected;
  }
  const { versions, surchargeFen, range, industries } = DOCUMENTED_TARIFF;
  const sheets = versions.flatMap(({ from, lines }) => [
    `from ${from} on, the first line that fits:`,
    ...lines.map(
      (line) => `  ${line.name.padEnd(12)} ${fitsText(line).padEnd(28)} ${rateText(line.rate)}`,
    ),
  ]);
  const surcharges = Object.entries(surchargeFen).map(
    ([name, fen]) => `${name} ${formatYuan(fen)}`,
  );
  const ranges = Object.entries({ 'any contract': range, ...industries }).map(
    ([name, { leastPpm, mostPpm }]) =>
      `  ${name.padEnd(15)} ${percentText(leastPpm)} to ${percentText(mostPpm)}`,
  );
  const text = [
    ...sheets,
    `surcharge of a sale by device: ${surcharges.join(', ')}`,
    'rates that a contract may agree on (the industries’ are assumed):',
    ...ranges,
    '',
  ];
  process.stdout.write(text.join('\n'));
  return EXIT.asExpected;
}

function fitsText({ product, class: kind, entry }: TariffLine): string {
  return [product ?? 'any', kind, entry].filter((part) => part !== undefined).join(', ');
}
