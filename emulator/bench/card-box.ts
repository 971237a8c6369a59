import { fromHex } from '../../protocol/bytes/hex.ts';
import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import { ChipCard } from '../card/chip-card.ts';
import type { CardAccount, IssuerKey } from '../host/host-config.ts';
import type { CardPresented } from '../terminal/card-presented.ts';

/** How a card is held out: what a scenario says beside its name. */
export interface Presentation {
  readonly entry: CardPresented['entry'];
  readonly pin?: string;
  /** The chip was tried and failed: the stripe is read instead. */
  readonly isFallback?: boolean;
}

/** The cards of a run. A chip counts its transactions, so that each card is one and the same object. */
export interface CardBox {
  present(card: CardAccount, presentation: Presentation): CardPresented;
  /** What the chips that were used have counted to, by card. */
  counters(): Readonly<Record<string, number>>;
}

/** Where a chip begins to count in the simulated world: its first transaction is 0157. */
export const FIRST_ATC = 0x156;

/**
 * @param issuers keys by BIN; a chip of an issuer without one cannot be made
 * @param counted what the chip of a card has counted to before the run
 */
export function cardBox(
  issuers: readonly IssuerKey[],
  counted: (cardId: string) => number = () => FIRST_ATC,
): CardBox {
  const chips = new Map<string, ChipCard>();
  const chipOf = (card: CardAccount): ChipCard => {
    const known = chips.get(card.id);
    if (known !== undefined) return known;
    const issuer = issuers.find(({ bin }) => card.pan.startsWith(bin));
    if (issuer === undefined) {
      const text = `no issuer key for the BIN ${card.pan.slice(0, 6)} of card "${card.id}"`;
      const hint = 'add { "bin": …, "imk": … } for it to "issuers"';
      throw new CountersignError('E_KEYS_FILE', { text, hint });
    }
    const { pan, sequence } = card;
    const imk = fromHex(issuer.imk);
    const chip = new ChipCard({ pan, psn: sequence.slice(-2), imk, atc: counted(card.id) });
    chips.set(card.id, chip);
    return chip;
  };
  return {
    present(card, { entry, pin = '', isFallback }) {
      const { pan, expiry, track2, sequence } = card;
      const hasChip = entry === 'chip' || entry === 'contactless';
      return {
        entry,
        pan,
        expiry,
        sequence,
        track2: entry === 'keyed' ? '' : track2,
        pin,
        ...(hasChip ? { chip: chipOf(card) } : {}),
        ...(isFallback === true ? { isFallback } : {}),
      };
    },
    counters: () => Object.fromEntries([...chips].map(([id, { atc }]) => [id, atc])),
  };
}
