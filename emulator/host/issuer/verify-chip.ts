import { CountersignError } from '../../../protocol/errors/countersign-error.ts';
import { fromHex, toHex } from '../../../protocol/bytes/hex.ts';
import { asciiBytes } from '../../../protocol/bytes/ascii.ts';
import type { Message } from '../../../protocol/message/message.ts';
import {
  applicationCryptogram,
  cryptogramInput,
  deriveCardKey,
  responseCryptogram,
  sessionKey,
} from '../../../protocol/security/emv-cryptogram.ts';
import { decodeTags, encodeTlv } from '../../../protocol/structure/ber-tlv.ts';
import { parseCivilTime, toEpochMs } from '../../world/civil-time.ts';
import type { CardAccount, Institution } from '../host-config.ts';

type Tags = ReadonlyMap<string, string>;

/** A chip whose cryptogram is right: what the issuer needs to answer it. */
export interface GenuineChip {
  readonly kind: 'genuine';
  readonly atc: number;
  readonly arqc: string;
  readonly sk: Uint8Array;
  /** 9F27: ARQC, TC or AAC. */
  readonly information: string;
  readonly tags: Tags;
}

export type ChipVerdict = GenuineChip | { readonly kind: 'refused'; readonly why: string };

function refused(why: string): ChipVerdict {
  return { kind: 'refused', why };
}

/**
 * Whether field 55 comes from this card (spec 9.5): its cryptogram is computed again with the key of
 * the issuer. Only what can be computed is accepted; the reason names tags, never values.
 */
export function verifyChip(
  institution: Institution,
  account: CardAccount,
  message: Message,
): ChipVerdict {
  const issuer = institution.issuers.find(({ bin }) => account.pan.startsWith(bin));
  if (issuer === undefined) return refused('no issuer key for this BIN');
  let tags: Tags;
  let due: string;
  let sk: Uint8Array;
  try {
    tags = decodeTags(message.fields[55] ?? '');
    const input = cryptogramInput(tags);
    const psn = account.sequence.slice(-2);
    sk = sessionKey(deriveCardKey(fromHex(issuer.imk), account.pan, psn), tags.get('9F36')!);
    due = applicationCryptogram(sk, input);
  } catch (error) {
    if (!(error instanceof CountersignError)) throw error;
    return refused(`${error.code} ${error.message}`);
  }
  const arqc = tags.get('9F26') ?? '';
  if (arqc !== due) return refused('the cryptogram 9F26 is wrong');
  const why = whyOtherSale(tags, message);
  if (why !== undefined) return refused(why);
  const atc = Number.parseInt(tags.get('9F36')!, 16);
  return { kind: 'genuine', atc, arqc, sk, information: tags.get('9F27') ?? '', tags };
}

/** What the chip has seen must be what the message says. */
function whyOtherSale(tags: Tags, { fields }: Message): string | undefined {
  if (tags.get('9F02') !== fields[4]) return '9F02 is not the amount of field 4';
  const currency = fields[49];
  if (currency !== undefined && tags.get('5F2A') !== currency.padStart(4, '0')) {
    return '5F2A is not the currency of field 49';
  }
  return undefined;
}

/** A terminal's clock may be off by this much. */
const MOST_DAYS_OFF = 2;
const DAY_MS = 86_400_000;

/** Whether what the chip has signed is a purchase of here and now: a cryptogram of another is no use. */
export function whyNotThisSale(tags: Tags, businessDate: string): string | undefined {
  if (tags.get('9C') !== '00') return '9C is not that of a purchase';
  if (tags.get('9F03') !== '000000000000') return '9F03 asks for cash, which is not given';
  if (tags.get('9F1A') !== '0156') return '9F1A is another country';
  const [, year, month, day] = /^(\d\d)(\d\d)(\d\d)$/.exec(tags.get('9A') ?? '') ?? [];
  const date = parseCivilTime(`20${year}-${month}-${day} 00:00`);
  const today = parseCivilTime(`${businessDate} 00:00`);
  if (date === undefined || today === undefined) return '9A is no date';
  const daysOff = Math.abs(toEpochMs(date) - toEpochMs(today)) / DAY_MS;
  return daysOff <= MOST_DAYS_OFF
    ? undefined
    : `9A is 20${year}-${month}-${day}, and this is ${businessDate}: its clock or this one is wrong`;
}

/**
 * Field 55 of an approval: counter, ARPC with the response code, and a script when one is due
 * (spec 9.2).
 */
export function issuerAnswer(
  chip: GenuineChip,
  rc: string,
  script: string | undefined,
  isRight: boolean,
): string {
  const proof = fromHex(responseCryptogram(chip.sk, chip.arqc, rc));
  if (!isRight) proof[7]! ^= 1;
  const arpc = toHex(proof) + toHex(asciiBytes(rc));
  return encodeTlv([
    { tag: '9F36', value: chip.atc.toString(16).toUpperCase().padStart(4, '0') },
    { tag: '91', value: arpc },
    ...(script === undefined ? [] : [{ tag: '72', value: script }]),
  ]);
}
