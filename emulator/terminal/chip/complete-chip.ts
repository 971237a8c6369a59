import { CountersignError } from '../../../protocol/errors/countersign-error.ts';
import { decodeTlv, encodeTlv } from '../../../protocol/structure/ber-tlv.ts';
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
  const sent = new Map(decodeTlv(request[55] ?? '').map(({ tag, value }) => [tag, value]));
  const answered = issuerTags(answer[55]);
  let tvr = sent.get('95')!;
  let status = TSI.cardRisk | TSI.terminalRisk;
  if (request[52] !== undefined) status |= TSI.cardholderVerified;
  const authentication = answered.tags.get('91');
  if (authentication !== undefined) {
    status |= TSI.issuerAuthenticated;
    if (!card.authenticateIssuer(authentication)) tvr = withBits(tvr, TVR.issuerFailed);
  }
  const results: string[] = [];
  const run = (tag: string, failed: readonly number[]): void => {
    const template = answered.tags.get(tag);
    if (template === undefined) return;
    status |= TSI.scriptsRun;
    const outcome = card.runScript(template);
    results.push(scriptResult(outcome));
    if (!outcome.isReadable || outcome.failedAt !== undefined) tvr = withBits(tvr, failed);
  };
  run('71', TVR.scriptFailedBefore);
  const terminal: Tags = new Map([...sent, ['95', tvr] as const]);
  const last = card.complete(terminal, answered.isReadable);
  run('72', TVR.scriptFailedAfter);
  const final = new Map([...sent, ...last, ['95', tvr] as const]);
  return {
    isApproved: last.get('9F27') === CID_TC,
    chip: encodeTlv(inOrder(final)),
    tsi: `${status.toString(16).toUpperCase().padStart(2, '0')}00`,
    scripts: results.length === 0 ? undefined : results.join(''),
  };
}

/** Tags of the issuer; an answer that cannot be read is none that a card could accept. */
function issuerTags(hex: string | undefined): { tags: Tags; isReadable: boolean } {
  if (hex === undefined) return { tags: new Map(), isReadable: true };
  try {
    const items = decodeTlv(hex);
    return { tags: new Map(items.map(({ tag, value }) => [tag, value])), isReadable: true };
  } catch (error) {
    if (!(error instanceof CountersignError)) throw error;
    return { tags: new Map(), isReadable: false };
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

export function scriptChip(chip: string, scripts: string): string {
  const tags = new Map(decodeTlv(chip).map(({ tag, value }) => [tag, value]));
  tags.set('DF31', scripts);
  return encodeTlv(
    OF_SCRIPT.flatMap((tag) => {
      const value = tags.get(tag);
      return value === undefined ? [] : [{ tag, value }];
    }),
  );
}
