import type { Dialect } from '../../protocol/dialect/dialect.ts';
import type { PostingRules } from './books/posting-rules.ts';
import type { RefundPolicyVersion } from './refund-desk/refund-policy.ts';
import type { MerchantContract, Tariff } from './tariff/tariff.ts';

export interface MerchantAccount {
  readonly mid: string;
  readonly name: string;
  /** His own account at a bank, where he is paid: invented. */
  readonly account: string;
  /** Rates and device; the usual ones when absent. */
  readonly contract?: MerchantContract;
}

export interface TerminalAccount {
  readonly tid: string;
  readonly mid: string;
  /** Terminal master key as hex: a test key. */
  readonly tmk: string;
}

export type CardStatus = 'active' | 'lost' | 'stolen' | 'restricted';

export interface CardAccount {
  /** Name in scenarios and journals; the number itself stays out of both. */
  readonly id: string;
  readonly pan: string;
  /** YYMM */
  readonly expiry: string;
  readonly sequence: string;
  readonly track2: string;
  readonly pin: string;
  readonly class: 'debit' | 'credit';
  readonly issuer: string;
  readonly status: CardStatus;
  readonly openingFen: number;
  readonly singleLimitFen: number;
  readonly dailyLimitFen: number;
  /** Of a calendar month; without one when absent. */
  readonly monthlyLimitFen?: number;
  /** Inside of a template 72 that the issuer sends with its next approval: 9F18 and commands. */
  readonly script?: string;
}

/** The key of an issuer for the chips of one BIN: a test key, 16 bytes as hex. */
export interface IssuerKey {
  readonly bin: string;
  readonly imk: string;
}

/** Choices of the institution that the protocol leaves open; response codes are F39 values. */
export interface HostPolicy {
  /** Window of instant payouts, D+0: minutes after midnight, the last one not in it. */
  readonly instantFromMinutes: number;
  readonly instantToMinutes: number;
  /** Calendar days from a merchant's first approved sale, its own among them, without instant payouts. */
  readonly newMerchantDays: number;
  /** Minutes after midnight from which trade belongs to the next settlement date (F15). */
  readonly cutOffMinutes: number;
  readonly zoneOffsetMinutes: number;
  readonly pinTries: number;
  /** Working days within which a request for a slip must be answered. */
  readonly retrievalWorkingDays: number;
  /** Answer to a card whose PIN tries are used up: 75 or 38. */
  readonly pinTriesUsedUp: string;
  /** Contactless up to this amount needs no PIN (spec 2.5); the answer to more without one. */
  readonly noPinLimitFen: number;
  readonly pinNeeded: string;
  /** Answer to a cryptogram that is wrong, used before, or not of a kind that is verified. */
  readonly cryptogramRefused: string;
  /** Answer to a track that is not the one on the card. */
  readonly trackRefused: string;
  /**
   * A signature without the feature code of its transaction: stored with a note, or refused. Vendors
   * make the code in different ways (spec 7.4).
   */
  readonly signatureFeature: 'noted' | 'required';
  /** Whether the stripe of a chip card is taken: always, after its chip failed, or never (45). */
  readonly chipCardSwiped: 'allowed' | 'after-failure' | 'refused';
  readonly reversalNotFound: string;
  readonly reversalOfDeclined: string;
  readonly reversalAfterSettlement: string;
  /** Answer to an original that comes after its reversal (I-06). */
  readonly lateOriginal: string;
  /** Answer to a transaction while the details of its batch are being uploaded. */
  readonly duringUpload: string;
  /** A voided sale counts as debit and its void as credit, or neither counts (spec 3.4). */
  readonly voidedSaleInTotals: 'both' | 'neither';
  /** A frame that was begun must be whole within this time; not renewed by further bytes. */
  readonly partialFrameMs: number;
  /** How long a message to a holder may take, and when one that failed is first sent again. */
  readonly noticeCallMs: number;
  readonly noticeRetryMs: number;
  /** How long a terminal waits for an answer (spec 6.3): the times below leave it some. */
  readonly terminalWaitMs: number;
  /** An issuer that has not answered by then is asked to reverse, and the terminal gets 98. */
  readonly issuerAnswerMs: number;
  /** One call of a wallet, the time between two questions what became of it, and the time for all. */
  readonly walletCallMs: number;
  readonly walletQueryMs: number;
  readonly walletAnswerMs: number;
  /** Until what a wallet has to undo is asked for again; doubled each time, up to a limit. */
  readonly walletRetryMs: number;
  /** A void of a payment by code is told to the wallet after this time, or when its terminal goes on. */
  readonly voidFinalMs: number;
}

export interface Institution {
  readonly dialect: Dialect;
  /** Acquiring institution, field 32. */
  readonly acquirer: string;
  readonly merchants: readonly MerchantAccount[];
  readonly terminals: readonly TerminalAccount[];
  readonly cards: readonly CardAccount[];
  readonly issuers: readonly IssuerKey[];
  /** PIN key between acquirer and issuer, 16 bytes as hex: a test key. */
  readonly zonePinKey: string;
  readonly tariff: Tariff;
  /** The rules of the refund desk, each from its day on. */
  readonly refundPolicies: readonly RefundPolicyVersion[];
  readonly postings: PostingRules;
  readonly policy: HostPolicy;
}
