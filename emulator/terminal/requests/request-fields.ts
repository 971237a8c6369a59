import type { Dialect } from '../../../protocol/dialect/dialect.ts';
import type { FieldValues } from '../../../protocol/message/message.ts';
import { securityControl } from '../../../protocol/message/security-control.ts';
import { pinFields } from '../../../protocol/security/pin-fields.ts';
import type { SessionKeys } from '../../../protocol/security/session-keys.ts';
import { encryptTrack } from '../../../protocol/security/track-cipher.ts';
import { encodeTlv } from '../../../protocol/structure/ber-tlv.ts';
import type { Random } from '../../world/random.ts';
import type { CardPresented } from '../card-presented.ts';
import type { TerminalConfig } from '../terminal-config.ts';
import { inOrder, terminalTags } from '../chip/terminal-tags.ts';

/** What a card request is built from. */
export interface RequestContext {
  readonly config: TerminalConfig;
  readonly batchNo: string;
  readonly stan: string;
  readonly keys: SessionKeys;
  readonly random: Random;
  readonly civilMs: number;
}

/** 156, the yuan. */
export const CURRENCY = '156';

/** Reads magnetic stripe, chip and contactless (60.4 = 6). */
const READS_ALL = '6';

/** Condition of the chip whose stripe was read (60.5): none was tried, or one that failed. */
const NO_CHIP = '0';
const CHIP_FAILED = '2';

/** Field 60 of a management message, or of one with a card (spec 3.8). */
export function field60(
  type: string,
  batchNo: string,
  network = '000',
  isFallback = false,
): string {
  if (network !== '000') return type + batchNo + network;
  return type + batchNo + network + READS_ALL + (isFallback ? CHIP_FAILED : NO_CHIP);
}

/** Fields of every request that names the terminal. */
export function identity(config: TerminalConfig, stan: string): FieldValues {
  return { 11: stan, 41: config.tid, 42: config.mid };
}

function entryMode(dialect: Dialect, card: CardPresented, hasPin: boolean): string {
  const { entered, none } = dialect.pinDigits;
  return dialect.entryModes[card.entry] + (hasPin ? entered : none);
}

/** A small contactless amount asks for no PIN (spec 2.5). */
function asksForPin(config: TerminalConfig, card: CardPresented, amountFen: number): boolean {
  return card.entry !== 'contactless' || amountFen > config.noPinLimitFen;
}

/** Fields that the presented card gives: number, expiry, entry mode, track, PIN. */
export function cardFields(
  { config, keys }: RequestContext,
  card: CardPresented,
  amountFen: number,
): FieldValues {
  const isChip = card.entry === 'chip' || card.entry === 'contactless';
  const hasPin = card.pin !== '' && asksForPin(config, card, amountFen);
  const tdk = config.encryptsTracks && card.track2 !== '' ? keys.tdk : undefined;
  const track = tdk === undefined ? card.track2 : encryptTrack(tdk, card.track2);
  return {
    // A pure swipe leaves the number to track 2 (spec 2.3, note C1).
    ...(card.entry === 'swipe' ? {} : { 2: card.pan }),
    14: card.expiry,
    22: entryMode(config.dialect, card, hasPin),
    ...(isChip ? { 23: card.sequence } : {}),
    ...(hasPin ? { 26: '12', ...pinFields(keys, card.pin, card.pan) } : {}),
    ...(card.entry === 'keyed' ? {} : { 35: track }),
    53: securityControl({ hasPin, form: keys.form, isTrackEncrypted: tdk !== undefined }),
  };
}

/**
 * Field 55 of a sale: what terminal and chip say, with the ARQC (spec 9.1). Absent where no chip is
 * read; undefined when the chip has counted to its end.
 */
export function chipFields(
  { random, civilMs, stan }: RequestContext,
  card: CardPresented,
  amountFen: number,
  hasPin: boolean,
): FieldValues | undefined {
  if (card.chip === undefined) return {};
  const sale = { amountFen, stan, civilMs, expiry: card.expiry, hasPin };
  const terminal = terminalTags(random, sale);
  const own = card.chip.request(terminal);
  return own === undefined ? undefined : { 55: encodeTlv(inOrder(new Map([...terminal, ...own]))) };
}
