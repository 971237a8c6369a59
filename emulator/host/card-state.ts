import { maskPan } from '../../protocol/bytes/card-number.ts';
import type { PinBlockFormat } from '../../protocol/security/pin-block.ts';
import type { CardAccount } from './host-config.ts';

/** What the issuer knows of a card. */
export interface CardState {
  readonly account: CardAccount;
  /** Its number for people. */
  readonly masked: string;
  /** The clear block of its PIN in the format that was asked for last, and that format. */
  pinBlock: { readonly format: PinBlockFormat; readonly clear: Uint8Array } | undefined;
  pinFailures: number;
  /** Highest transaction counter that its chip has shown. */
  atc: number;
  /** The chip has told what it made of the issuer's script. */
  isScriptDone: boolean;
  /** Spent by business date, for the daily limit (I-34). */
  readonly spentFen: Map<string, number>;
}

export function newCard(account: CardAccount): CardState {
  return {
    account,
    masked: maskPan(account.pan),
    pinBlock: undefined,
    pinFailures: 0,
    atc: -1,
    isScriptDone: false,
    spentFen: new Map(),
  };
}
