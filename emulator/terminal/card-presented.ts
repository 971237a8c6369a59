import type { ChipCard } from '../card/chip-card.ts';

/** How a card was read, or that a code was scanned instead of one. */
export type EntryMode = 'swipe' | 'chip' | 'contactless' | 'keyed' | 'qr';

/** A card in the hand of its holder, as the terminal sees it. */
export interface CardPresented {
  readonly entry: Exclude<EntryMode, 'qr'>;
  readonly pan: string;
  /** YYMM */
  readonly expiry: string;
  /** Track 2 with D as separator; a keyed card has none. */
  readonly track2: string;
  /** Card sequence number of a chip card, three digits. */
  readonly sequence: string;
  /** Empty when the holder enters none. */
  readonly pin: string;
  /** The chip, where one is read. */
  readonly chip?: ChipCard;
  /** The chip was tried and failed; the stripe is read instead. */
  readonly isFallback?: boolean;
}
