import type { FieldValues } from '../../protocol/message/message.ts';
import type { BatchTotals } from '../../protocol/message/totals-field.ts';
import type { KeyForm } from '../../protocol/security/working-keys.ts';
import type { SignatureImage } from './archive/archive-state.ts';
import type { Seal } from './archive/seal.ts';
import type { HostPolicy } from './host-config.ts';
import type { EntryMode } from '../terminal/card-presented.ts';
import type { Posting } from './books/ledger.ts';
import type { OfficeEvent } from './office-books.ts';
import type { UpstreamEvent } from './upstream/upstream-events.ts';
import type { WalletName } from './wallet/wallet-calls.ts';
import type { NoticeEvent } from './notifications/notice-events.ts';
import type { DeviceEvent } from './refund-desk/device-events.ts';
import type { RefundCaseEvent } from './refund-desk/case-events.ts';
import type { RefundTerms } from './refund-desk/refund-terms.ts';
import type { MerchantContract } from './tariff/tariff.ts';

/** A transaction as the host remembers it. The card number is not in it. */
export interface TransactionRecord {
  readonly id: string;
  readonly kind: 'sale' | 'void' | 'refund';
  readonly tid: string;
  readonly mid: string;
  readonly batchNo: string;
  readonly stan: string;
  readonly rrn: string;
  readonly authCode: string;
  /** Business date of the host, ISO. */
  readonly date: string;
  /** Settlement date MMDD, field 15. */
  readonly settlementDate: string;
  /** Empty for a card that no issuer knows. */
  readonly cardId: string;
  readonly cardMasked: string;
  readonly amountFen: number;
  readonly feeFen: number;
  /** What the merchant's device costs on every sale, beside the fee; absent where it costs nothing. */
  readonly surchargeFen?: number;
  /** The line of the tariff that made the fee, and since when it holds: `debit 2016-09-06`. */
  readonly tariffLine?: string | undefined;
  readonly entry: EntryMode;
  /** F22 digits 1-2 as they came: one way of reading has several. */
  readonly entryDigits: string;
  readonly rc: string;
  /** ISO date on which a sale's money is due to its merchant. */
  readonly dueOn?: string | undefined;
  /** The rule by which it needs no signature (D08, I-25); absent where it needs one. */
  readonly noSignature?: 'small-contactless' | 'host-refund' | 'payment-code';
  /** Who paid, where a code was scanned instead of a card. */
  readonly wallet?: WalletName;
  /** The wallet's number of the payment, once it is made. */
  readonly voucher?: string;
  /** Counter of the chip that asked for it. */
  readonly atc?: number;
  readonly originalId?: string;
  /** Of a refund: what it moves beside its amount, and its case. */
  readonly refund?: RefundTerms;
}

export type HoldScope = 'transaction' | 'merchant' | 'amount';

export interface HoldRecord {
  readonly id: string;
  readonly scope: HoldScope;
  readonly mid: string;
  readonly transactionId?: string;
  readonly reason: string;
  readonly by: string;
  /** Civil time at the host, `2026-01-15 09:30:00`. */
  readonly at: string;
  /** Placed by hand, without a case of compliance (A15). */
  readonly isManual?: true;
}

export interface PayoutRecord {
  readonly id: string;
  readonly mid: string;
  /** The merchant's registered account. */
  readonly account: string;
  readonly amountFen: number;
  /** Business date of the order, ISO. */
  readonly date: string;
  readonly transactionIds: readonly string[];
  /** Made on the day of its sales, in advance of T+1. */
  readonly isInstant?: true;
  /** What it cost the merchant beside: it is not part of the amount. */
  readonly feeFen?: number;
  /** Of what it pays: money of sales that it does not name, because the rest of them is frozen. */
  readonly parts?: readonly SalePart[];
}

/** Part of what a sale brings its merchant. */
export interface SalePart {
  readonly transactionId: string;
  readonly fen: number;
}

/** Money that leaves or enters a hold together with another event. */
export interface HoldMove {
  readonly holdId: string;
  readonly fen: number;
}

export interface UploadedDetail {
  readonly stan: string;
  readonly amountFen: number;
}

/** The last cryptogram of a chip: TC, AAC, the ARQC of a contactless one, or one that is wrong. */
export type ChipCompletion = 'tc' | 'aac' | 'arqc' | 'wrong';

export interface IssuerSetting {
  /** Whether it proves itself to chips with a right cryptogram, or one that is wrong in a bit. */
  readonly isArpcRight?: boolean;
  readonly chipCardSwiped?: HostPolicy['chipCardSwiped'];
}

/** Every change of the host's state; the journal of these is the truth, and replaying it the state. */
export type HostEvent =
  | UpstreamEvent
  | { readonly kind: 'card-opened'; readonly cardId: string; readonly postings: readonly Posting[] }
  | { readonly kind: 'sequence-taken'; readonly sequence: number }
  | {
      readonly kind: 'session-opened';
      readonly tid: string;
      readonly batchNo: string;
      readonly keyForm: KeyForm;
      /** Working keys under the TMK, as they were sent: no key is journalled in clear. */
      readonly keyBlob: string;
    }
  | { readonly kind: 'session-closed'; readonly tid: string }
  | {
      readonly kind: 'sale-approved';
      readonly transaction: TransactionRecord;
      readonly postings: readonly Posting[];
    }
  | {
      readonly kind: 'void-approved';
      readonly transaction: TransactionRecord;
      readonly postings: readonly Posting[];
    }
  | {
      readonly kind: 'refund-approved';
      readonly transaction: TransactionRecord;
      readonly postings: readonly Posting[];
      readonly holdMoves: readonly HoldMove[];
    }
  | { readonly kind: 'transaction-declined'; readonly transaction: TransactionRecord }
  | {
      readonly kind: 'transaction-reversed';
      readonly id: string;
      readonly reason: string;
      readonly postings: readonly Posting[];
    }
  | {
      /** A reversal whose original is not known: the original is refused when it comes (I-06). */
      readonly kind: 'reversal-noted';
      readonly id: string;
    }
  | {
      readonly kind: 'exchange-answered';
      readonly tid: string;
      readonly batchNo: string;
      readonly stan: string;
      readonly fingerprint: string;
      readonly answer: FieldValues;
    }
  | {
      readonly kind: 'batch-closed';
      readonly tid: string;
      /** Settlement day, ISO. */
      readonly on: string;
      readonly batchNo: string;
      readonly totals: BatchTotals;
      readonly postings: readonly Posting[];
      readonly holdMoves: readonly HoldMove[];
    }
  | {
      readonly kind: 'batch-disputed';
      readonly tid: string;
      readonly batchNo: string;
      readonly terminal: BatchTotals;
      readonly host: BatchTotals;
    }
  | {
      /** Details of a disputed batch as the terminal has them; nothing is booked from them. */
      readonly kind: 'details-uploaded';
      readonly tid: string;
      readonly details: readonly UploadedDetail[];
    }
  | {
      readonly kind: 'hold-placed';
      readonly hold: HoldRecord;
      readonly heldFen: number;
      readonly postings: readonly Posting[];
    }
  | {
      /** Part of a hold, or the rest of it, is due again. */
      readonly kind: 'hold-released';
      readonly holdId: string;
      readonly by: string;
      readonly at: string;
      readonly fen: number;
      readonly postings: readonly Posting[];
      /** It lets go a part on purpose, and goes on to keep the rest, wherever that is. */
      readonly isPart?: true;
      /** Of it, what other freezes keep; absent where they keep nothing. */
      readonly holdMoves?: readonly HoldMove[];
      /** Of sales whose money a debt had taken, what is theirs again; absent where nothing is. */
      readonly parts?: readonly SalePart[];
    }
  | {
      /** The merchant has lost part of a hold, or the rest of it. */
      readonly kind: 'hold-taken';
      readonly holdId: string;
      readonly by: string;
      readonly at: string;
      readonly fen: number;
      readonly postings: readonly Posting[];
      /** Whose money it was, where the freeze names no sale. */
      readonly parts?: readonly SalePart[];
    }
  | {
      readonly kind: 'payout-ordered';
      readonly payout: PayoutRecord;
      readonly postings: readonly Posting[];
    }
  | {
      /** The bank has executed it. */
      readonly kind: 'paid-out';
      readonly id: string;
      readonly on: string;
      readonly postings: readonly Posting[];
    }
  | {
      /** The bank has refused it: the money is due again. */
      readonly kind: 'payout-returned';
      readonly id: string;
      readonly reason: string;
      readonly postings: readonly Posting[];
    }
  /** The refund before it has emptied the hold: the card holder has the money back. */
  | { readonly kind: 'hold-returned'; readonly holdId: string; readonly by: string }
  | {
      /** What a merchant owed is taken from what is due to him. */
      readonly kind: 'receivable-recovered';
      readonly mid: string;
      readonly postings: readonly Posting[];
      /** Whose money it was; absent where it was no single sale's. */
      readonly parts?: readonly SalePart[];
    }
  | {
      /** Money that a debt had taken is theirs again: it was paid for otherwise, or is no debt any more. */
      readonly kind: 'recovery-undone';
      readonly mid: string;
      readonly parts: readonly SalePart[];
    }
  /** The bank did not say: the order will be repeated. */
  | { readonly kind: 'payout-failed'; readonly id: string; readonly reason: string }
  | {
      /** Where a merchant is paid; the account is his own. */
      readonly kind: 'account-set';
      readonly mid: string;
      readonly account: string;
      readonly by: string;
    }
  | { readonly kind: 'channel-set'; readonly isOpen: boolean }
  | {
      /** A merchant or a terminal may not trade until further notice, or may again. */
      readonly kind: 'standing-set';
      readonly who: string;
      readonly isSuspended: boolean;
      readonly reason: string;
      readonly by: string;
    }
  | {
      /** What a merchant has agreed on; holds for sales from now on. */
      readonly kind: 'contract-set';
      readonly mid: string;
      readonly contract: MerchantContract;
      readonly by: string;
    }
  /** How the issuer behaves from now on; what is absent stays. */
  | ({ readonly kind: 'issuer-set' } & IssuerSetting)
  /** Whether a picture without the feature code of its transaction is taken, from now on. */
  | { readonly kind: 'archive-set'; readonly signatureFeature: HostPolicy['signatureFeature'] }
  | { readonly kind: 'chip-counted'; readonly cardId: string; readonly atc: number }
  | { readonly kind: 'chip-completed'; readonly id: string; readonly completion: ChipCompletion }
  | { readonly kind: 'script-answered'; readonly cardId: string; readonly result: string }
  | {
      /** A packet of a signature; `place` counts from 0, and what came behind it is dropped. */
      readonly kind: 'signature-received';
      readonly id: string;
      readonly place: number;
      readonly piece: string;
      readonly slip: string;
      /** With the last packet. */
      readonly whole?: { readonly image: SignatureImage; readonly seal: Seal };
    }
  | {
      /** An upload for a known transaction that was not taken; the transaction stays as it is. */
      readonly kind: 'signature-refused';
      readonly id: string;
      readonly rc: string;
      readonly why: string;
    }
  | {
      /** A person has said that no electronic signature will come. */
      readonly kind: 'signature-exempted';
      readonly id: string;
      readonly reason: string;
      readonly by: string;
      readonly seal: Seal;
    }
  | {
      /** The agreement on a refund, signed by the holder and the merchant: JBIG as hex. */
      readonly kind: 'agreement-filed';
      readonly id: string;
      readonly holder: string;
      readonly merchant: string;
      readonly by: string;
      readonly seal: Seal;
    }
  | RefundCaseEvent
  | DeviceEvent
  | NoticeEvent
  | { readonly kind: 'pin-failed'; readonly cardId: string }
  | { readonly kind: 'pin-accepted'; readonly cardId: string }
  | OfficeEvent;
