import { amountDigits } from '../../../protocol/message/amount.ts';
import { toHex } from '../../../protocol/bytes/hex.ts';
import type { Tags } from '../../card/chip-card.ts';
import type { Random } from '../../world/random.ts';
import { civilTime, isoDate } from '../../world/civil-time.ts';

/** Terminal verification results (95), five bytes: what the terminal found on the way. */
export const TVR = {
  none: [0, 0, 0, 0, 0],
  /** Byte 2: the application has expired. */
  expired: [0, 0x40, 0, 0, 0],
  /** Byte 3: a PIN was entered for the issuer. */
  onlinePin: [0, 0, 0x04, 0, 0],
  /** Byte 5: the issuer did not prove itself; a script failed before or after the last cryptogram. */
  issuerFailed: [0, 0, 0, 0, 0x40],
  scriptFailedBefore: [0, 0, 0, 0, 0x20],
  scriptFailedAfter: [0, 0, 0, 0, 0x10],
} as const;

/** Transaction status (9B), first byte: what has been done. */
export const TSI = {
  cardholderVerified: 0x40,
  cardRisk: 0x20,
  issuerAuthenticated: 0x10,
  terminalRisk: 0x08,
  scriptsRun: 0x04,
} as const;

/** How the holder was verified (9F34): PIN for the issuer, or not at all. */
const CVM = { onlinePin: '420300', none: '1F0302' } as const;

export function withBits(tvr: string, bits: readonly number[]): string {
  const bytes = bits.map((bit, at) => bit | Number.parseInt(tvr.slice(at * 2, at * 2 + 2), 16));
  return toHex(Uint8Array.from(bytes));
}

export interface ChipSale {
  readonly amountFen: number;
  readonly stan: string;
  readonly civilMs: number;
  /** YYMM on the card. */
  readonly expiry: string;
  readonly hasPin: boolean;
}

/** What the terminal gives the chip and the issuer about a sale (spec 9.1). */
export function terminalTags(random: Random, sale: ChipSale): Tags {
  const date = isoDate(civilTime(sale.civilMs)).replaceAll('-', '').slice(2);
  let tvr = toHex(Uint8Array.from(TVR.none));
  if (sale.expiry < date.slice(0, 4)) tvr = withBits(tvr, TVR.expired);
  if (sale.hasPin) tvr = withBits(tvr, TVR.onlinePin);
  return new Map([
    ['9F37', toHex(random.bytes(4))],
    ['95', tvr],
    ['9A', date],
    ['9C', '00'],
    ['9F02', amountDigits(sale.amountFen)],
    ['5F2A', '0156'],
    ['9F1A', '0156'],
    ['9F03', '000000000000'],
    ['9F33', 'E0E1C8'],
    ['9F34', sale.hasPin ? CVM.onlinePin : CVM.none],
    ['9F35', '22'],
    ['9F1E', '3132333435363738'],
    ['9F09', '0020'],
    ['9F41', sale.stan.padStart(8, '0')],
  ]);
}

/** The customary order of the tags in field 55 (spec 9.1). */
const ORDER = [
  '9F26',
  '9F27',
  '9F10',
  '9F37',
  '9F36',
  '95',
  '9A',
  '9C',
  '9F02',
  '5F2A',
  '82',
  '9F1A',
  '9F03',
  '9F33',
  '9F34',
  '9F35',
  '9F1E',
  '84',
  '9F09',
  '9F41',
] as const;

/** Tags in the order of a request; those that are not listed are left out. */
export function inOrder(tags: Tags): { tag: string; value: string }[] {
  return ORDER.flatMap((tag) => {
    const value = tags.get(tag);
    return value === undefined ? [] : [{ tag, value }];
  });
}
