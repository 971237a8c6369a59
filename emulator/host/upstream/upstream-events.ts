import type { Posting } from '../books/ledger.ts';
import type { TransactionRecord } from '../host-event.ts';

/** Something that a wallet has to undo, sooner or later; asked for until it has done so. */
export interface WalletOrderRecord {
  /** Once made, an order is executed once. */
  readonly key: string;
  /** The payment, by the number under which the wallet knows it. */
  readonly orderNo: string;
  readonly action: 'close' | 'refund';
  readonly fen: number;
  /**
   * A void can be reversed until its terminal goes on: the order waits for that terminal's next
   * message, which has a later trace number than the void.
   */
  readonly heldFor?: string;
  readonly heldSince?: string;
}

/** How the line to the issuers behaves. */
export interface IssuerLine {
  readonly delayMs: number;
  /** Requests arrive, answers do not. */
  readonly losesAnswers: boolean;
}

/** What happens while another party is asked. */
export type UpstreamEvent =
  | {
      /** An issuer or a wallet was asked; the answer to the terminal waits for theirs. */
      readonly kind: 'transaction-pending';
      readonly transaction: TransactionRecord;
      readonly fingerprint: string;
      readonly postings: readonly Posting[];
      /** What the issuer has said, whose answer is under way: code and field 55. */
      readonly issuer?: { readonly rc: string; readonly chip?: string };
    }
  | {
      readonly kind: 'pending-approved';
      readonly id: string;
      /** Of a wallet. */
      readonly voucher?: string;
      readonly postings: readonly Posting[];
    }
  | {
      readonly kind: 'pending-refused';
      readonly id: string;
      readonly rc: string;
      readonly why: string;
      readonly postings: readonly Posting[];
    }
  | { readonly kind: 'wallet-order-made'; readonly order: WalletOrderRecord }
  /** What it waited for has happened: it is due now. */
  | { readonly kind: 'wallet-order-freed'; readonly key: string }
  /** The void behind it was reversed. */
  | { readonly kind: 'wallet-order-dropped'; readonly key: string }
  | { readonly kind: 'wallet-order-done'; readonly key: string }
  | { readonly kind: 'wallet-order-failed'; readonly key: string; readonly reason: string }
  | ({ readonly kind: 'issuer-line-set' } & IssuerLine)
  /** The next financial answers leave late. */
  | { readonly kind: 'answers-slowed'; readonly delayMs: number; readonly times: number }
  | {
      /** An answer that leaves late; `lateMs` is how long after the terminal has given up. */
      readonly kind: 'answer-slow';
      readonly id: string;
      readonly delayMs: number;
      readonly lateMs: number;
    };
