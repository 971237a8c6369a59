import { CountersignError } from '../../../protocol/errors/countersign-error.ts';
import { decodeTags, decodeTlv, encodeTlv } from '../../../protocol/structure/ber-tlv.ts';
import type { FieldValues } from '../../../protocol/message/message.ts';
import { CID_TC, type ChipCard, type Tags } from '../../card/chip-card.ts';
import { scriptResult } from '../../card/issuer-script.ts';
import { inOrder, TSI, TVR, withBits } from './terminal-tags.ts';

/** How a chip transaction ended after the host had approved it. */
export interface ChipEnd {
  /** The card completed with a TC. */
  readonly isApproved: boolean;
  /** Field 55 with the last cryptogram, for the batch upload. */
  readonly chip: string;
  /** Verification results after everything, scripts behind the last cryptogram among it. */
  readonly tvr: string;
  /** Transaction status, two bytes. */
  readonly tsi: string;
  /** DF31, when scripts came. */
  readonly scripts: string | undefined;
}

/**
 * Hands the issuer's answer to the card and asks for the last cryptogram (spec 9.2, 9.3): issuer
 * authentication, scripts before, second GENERATE AC, scripts after.
 */
export function completeChip(card: ChipCard, request: FieldValues, answer: FieldValues): ChipEnd {
  const sent = decodeTags(request[55] ?? '');
  const answered = issuerItems(answer[55]);
  let tvr = sent.get('95')!;
  let status = TSI.cardRisk | TSI.terminalRisk;
  if (request[52] !== undefined) status |= TSI.cardholderVerified;
  const authentication = answered.items.find(({ tag }) => tag === '91')?.value;
  if (authentication !== undefined) {
    status |= TSI.issuerAuthenticated;
    if (!card.authenticateIssuer(authentication)) tvr = withBits(tvr, TVR.issuerFailed);
  }
  const results: string[] = [];
  const run = (wanted: string, failed: readonly number[]): void => {
    for (const { tag, value } of answered.items) {
      if (tag !== wanted) continue;
      status |= TSI.scriptsRun;
      const outcome = card.runScript(value);
      results.push(scriptResult(outcome));
      if (!outcome.isReadable || outcome.failedAt !== undefined) tvr = withBits(tvr, failed);
    }
  };
  run('71', TVR.scriptFailedBefore);
  // The last cryptogram covers what was found up to now, and goes up with that.
  const covered = tvr;
  const terminal: Tags = new Map([...sent, ['95', covered] as const]);
  const last = card.complete(terminal, answered.isReadable);
  run('72', TVR.scriptFailedAfter);
  return {
    isApproved: last.get('9F27') === CID_TC,
    chip: encodeTlv(inOrder(new Map([...terminal, ...last]))),
    tvr,
    tsi: `${status.toString(16).toUpperCase().padStart(2, '0')}00`,
    scripts: results.length === 0 ? undefined : results.join(''),
  };
}

/** What the issuer sends, in order; an answer that cannot be read is none that a card could accept. */
function issuerItems(hex: string | undefined): {
  readonly items: readonly { readonly tag: string; readonly value: string }[];
  readonly isReadable: boolean;
} {
  try {
    return { items: decodeTlv(hex ?? ''), isReadable: true };
  } catch (error) {
    if (!(error instanceof CountersignError)) throw error;
    return { items: [], isReadable: false };
  }
}

/** Tags that a reversal repeats; the counter is left out unless the card itself failed (spec 9.3). */
const OF_SILENCE = ['95', '9F1E', '9F10', 'DF31'] as const;
const OF_CARD_FAILURE = ['95', '9F1E', '9F10', '9F36', 'DF31'] as const;

/** Field 55 of a reversal, from that of the request or of its end. */
export function reversalChip(chip: string, isCardFailure: boolean): string {
  const wanted: readonly string[] = isCardFailure ? OF_CARD_FAILURE : OF_SILENCE;
  const items = decodeTlv(chip);
  return encodeTlv(wanted.flatMap((tag) => items.find((item) => item.tag === tag) ?? []));
}

/** Tags of the result of a script, 0620 (spec 9.3). */
const OF_SCRIPT = [
  '9F33',
  '95',
  '9F37',
  '9F1E',
  '9F10',
  '9F26',
  '9F36',
  '82',
  'DF31',
  '9F1A',
  '9A',
] as const;

/** Field 55 of the result: what the chip said last, the results, and the TVR after them. */
export function scriptChip(chip: string, scripts: string, tvr: string): string {
  const tags = decodeTags(chip);
  tags.set('DF31', scripts).set('95', tvr);
  return encodeTlv(
    OF_SCRIPT.flatMap((tag) => {
      const value = tags.get(tag);
      return value === undefined ? [] : [{ tag, value }];
    }),
  );
}
