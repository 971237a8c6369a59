import type { CardAccount } from '../host/host-config.ts';
import type { CardPresented, EntryMode } from '../terminal/card-presented.ts';

/** A card account as its holder presents it at a terminal. */
export function presentCard(card: CardAccount, entry: EntryMode, pin = ''): CardPresented {
  const { pan, expiry, track2, sequence } = card;
  return { entry, pan, expiry, sequence, track2: entry === 'keyed' ? '' : track2, pin };
}
