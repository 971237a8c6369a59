import type { Dialect } from '../../../protocol/dialect/dialect.ts';
import type { FieldValues } from '../../../protocol/message/message.ts';
import { encryptPinBlock } from '../../../protocol/security/pin-block.ts';
import type { BlockCipher } from '../../../protocol/security/block-cipher.ts';
import type { Random } from '../../world/random.ts';
import type { CardPresented } from '../card-presented.ts';
import type { TerminalConfig } from '../terminal-config.ts';
import { chipData } from './chip-data.ts';

/** What a card request is built from. */
export interface RequestContext {
  readonly config: TerminalConfig;
  readonly batchNo: string;
  readonly stan: string;
  readonly pik: BlockCipher;
  readonly random: Random;
  readonly civilMs: number;
}

/** 156, the yuan. */
export const CURRENCY = '156';

/** Reads magnetic stripe, chip and contactless (60.4 = 6), no fallback, no partial approval. */
const CAPABILITIES = '60';

export function field60(type: string, batchNo: string, network = '000'): string {
  return network === '000' ? type + batchNo + network + CAPABILITIES : type + batchNo + network;
}

/** Fields of every request that names the terminal. */
export function identity(config: TerminalConfig, stan: string): FieldValues {
  return { 11: stan, 41: config.tid, 42: config.mid };
}

function entryMode(dialect: Dialect, card: CardPresented): string {
  const { entered, none } = dialect.pinDigits;
  return dialect.entryModes[card.entry] + (card.pin === '' ? none : entered);
}

/** Fields that the presented card gives: number, expiry, entry mode, track, PIN, chip data. */
export function cardFields(
  context: RequestContext,
  card: CardPresented,
  amountFen: number,
): FieldValues {
  const { config, stan, pik, random, civilMs } = context;
  const isChip = card.entry === 'chip' || card.entry === 'contactless';
  const hasPin = card.pin !== '';
  return {
    // A pure swipe leaves the number to track 2 (spec 2.3, note C1).
    ...(card.entry === 'swipe' ? {} : { 2: card.pan }),
    14: card.expiry,
    22: entryMode(config.dialect, card),
    ...(isChip ? { 23: card.sequence } : {}),
    ...(hasPin ? { 26: '12', 52: encryptPinBlock(pik, card.pin, card.pan) } : {}),
    ...(card.entry === 'keyed' ? {} : { 35: card.track2 }),
    53: hasPin ? '2600000000000000' : '0600000000000000',
    ...(isChip ? { 55: chipData(random, civilMs, amountFen, stan) } : {}),
  };
}
