import type { EntryMode } from '../../terminal/card-presented.ts';
import type { CardAccount } from '../host-config.ts';
import type { DepositTerms } from '../settlement/deposit-book.ts';
import type { SettlementTerm } from '../settlement/terms.ts';
import { feeOf, type Rate } from './rate.ts';

/** What is sold: a card transaction, or a code that is scanned. */
export type Product = 'card' | 'qr' | 'unionpay-qr';

/** A line of a tariff sheet; what it does not name fits anything. */
export interface TariffLine {
  readonly name: string;
  readonly product?: Product;
  readonly class?: CardAccount['class'];
  readonly entry?: EntryMode;
  readonly rate: Rate;
}

/** A sheet that holds from a moment on; its first line that fits is used. */
export interface TariffVersion {
  /** Civil time in the institution's zone, `2026-01-15` or `2026-01-15 09:30:00`. */
  readonly from: string;
  readonly lines: readonly TariffLine[];
}

/** The device that a merchant has taken; some cost a surcharge on every sale (D06). */
export type DeviceKind = 'e-signature' | 'mpos' | 'big-pos';

/** Rates that a contract may agree on, in parts per million. */
export interface RateRange {
  readonly leastPpm: number;
  readonly mostPpm: number;
}

export interface Tariff {
  readonly versions: readonly TariffVersion[];
  readonly surchargeFen: Readonly<Record<DeviceKind, number>>;
  /** What any contract may say, and what one of an industry with a tariff of its own may (D05). */
  readonly range: RateRange;
  readonly industries: Readonly<Record<string, RateRange>>;
}

/** What a merchant has agreed on; without one the sheets of the tariff hold for him. */
export interface MerchantContract {
  readonly device: DeviceKind;
  /** When he is paid; T+1 when absent. */
  readonly term?: SettlementTerm;
  /** What an instant payout (D+0) costs, beside the fees of its sales; nothing when absent. */
  readonly instantFee?: Rate;
  /** Of a big POS; none when absent. */
  readonly deposit?: DepositTerms;
  /** One of the tariff's industries. */
  readonly industry?: string;
  /** Rates of his own, which come before those of the tariff. */
  readonly versions?: readonly TariffVersion[];
}

export const USUAL_CONTRACT: MerchantContract = { device: 'e-signature' };

/** As much of a sale as its price depends on. */
export interface PricedSale {
  readonly product: Product;
  readonly class: CardAccount['class'];
  readonly entry: EntryMode;
  readonly amountFen: number;
  /** Civil time in the institution's zone, `2026-01-15 09:30:00`. */
  readonly at: string;
}

/** Products of the tariff as people ask for them. */
export const PRODUCTS: Readonly<Record<string, Omit<PricedSale, 'amountFen' | 'at'>>> = {
  credit: { product: 'card', class: 'credit', entry: 'chip' },
  debit: { product: 'card', class: 'debit', entry: 'chip' },
  contactless: { product: 'card', class: 'debit', entry: 'contactless' },
  qr: { product: 'qr', class: 'credit', entry: 'keyed' },
  'unionpay-qr': { product: 'unionpay-qr', class: 'credit', entry: 'keyed' },
};

/** What a sale costs its merchant, and the line that says so. */
export interface Quote {
  readonly line: TariffLine;
  /** Since when the line holds. */
  readonly from: string;
  readonly feeFen: number;
  readonly surchargeFen: number;
  readonly netFen: number;
}

/** The price of a sale; undefined when no line fits it. */
export function quoteOf(
  tariff: Tariff,
  contract: MerchantContract,
  sale: PricedSale,
): Quote | undefined {
  const found = lineInForce(contract.versions ?? [], sale) ?? lineInForce(tariff.versions, sale);
  if (found === undefined) return undefined;
  const feeFen = feeOf(found.line.rate, sale.amountFen);
  const surchargeFen = tariff.surchargeFen[contract.device];
  const netFen = sale.amountFen - feeFen - surchargeFen;
  return { line: found.line, from: found.from, feeFen, surchargeFen, netFen };
}

/** The version that holds at the time of the sale, and its first line that fits. */
function lineInForce(
  versions: readonly TariffVersion[],
  sale: PricedSale,
): Pick<Quote, 'line' | 'from'> | undefined {
  let latest: TariffVersion | undefined;
  for (const version of versions) {
    const isBegun = version.from <= sale.at;
    if (isBegun && (latest === undefined || version.from >= latest.from)) latest = version;
  }
  const line = latest?.lines.find((each) => fits(each, sale));
  return line === undefined || latest === undefined ? undefined : { line, from: latest.from };
}

function fits(line: TariffLine, sale: PricedSale): boolean {
  return (
    (line.product === undefined || line.product === sale.product) &&
    (line.class === undefined || line.class === sale.class) &&
    (line.entry === undefined || line.entry === sale.entry)
  );
}
