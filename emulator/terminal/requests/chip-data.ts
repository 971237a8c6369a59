import { amountDigits } from '../../../protocol/message/amount.ts';
import { decodeTlv, encodeTlv } from '../../../protocol/structure/ber-tlv.ts';
import { toHex } from '../../../protocol/bytes/hex.ts';
import type { Random } from '../../world/random.ts';
import { civilTime, isoDate } from '../../world/civil-time.ts';

/**
 * Field 55 with the shape of a chip sale (spec 9.1). The cryptogram is random: the card model that
 * computes it and the issuer that verifies it are not built yet, so the host does not look at it.
 */
export function chipData(random: Random, civilMs: number, amountFen: number, stan: string): string {
  return encodeTlv([
    { tag: '9F26', value: toHex(random.bytes(8)) },
    { tag: '9F27', value: '80' },
    { tag: '9F10', value: '07010103A00000010A010000000000ED538FE4' },
    { tag: '9F37', value: toHex(random.bytes(4)) },
    { tag: '9F36', value: toHex(random.bytes(2)) },
    { tag: '95', value: '0000000000' },
    { tag: '9A', value: isoDate(civilTime(civilMs)).replaceAll('-', '').slice(2) },
    { tag: '9C', value: '00' },
    { tag: '9F02', value: amountDigits(amountFen) },
    { tag: '5F2A', value: '0156' },
    { tag: '82', value: '7C00' },
    { tag: '9F1A', value: '0156' },
    { tag: '9F03', value: '000000000000' },
    { tag: '9F33', value: 'E0E1C8' },
    { tag: '9F35', value: '22' },
    { tag: '9F1E', value: '3132333435363738' },
    { tag: '84', value: 'A000000333010101' },
    { tag: '9F09', value: '0020' },
    { tag: '9F41', value: stan.padStart(8, '0') },
  ]);
}

/** The short list of a reversal; the ATC is left out when the cause is a time-out (spec 9.3). */
export function reversalChipData(request: string, reason: string): string {
  const wanted = reason === '98' ? ['95', '9F1E', '9F10'] : ['95', '9F1E', '9F10', '9F36'];
  const items = decodeTlv(request);
  return encodeTlv(wanted.flatMap((tag) => items.find((item) => item.tag === tag) ?? []));
}
