import type { Command } from './command.ts';
import type { PaperReason } from './signing/pending-signature.ts';
import type { Title } from '../events/party-event.ts';

/**
 * approved and declined: the host said so. unknown: sent and not answered. not-sent: nothing left
 * the terminal. refused: the terminal itself said no. balanced, unbalanced: a settlement's verdict.
 * power-lost: it went out in the middle, and was started again.
 */
export type Outcome =
  | 'approved'
  | 'declined'
  | 'unknown'
  | 'not-sent'
  | 'refused'
  | 'balanced'
  | 'unbalanced'
  | 'power-lost';

/** How an operation ended, as the operator could tell from screen and slip. */
export interface OperationResult {
  readonly verb: Command['verb'];
  readonly outcome: Outcome;
  readonly screen: Title;
  /** F39 of the answer that decided. */
  readonly rc?: string;
  readonly stan?: string;
  readonly batchNo?: string;
  readonly rrn?: string;
  readonly authCode?: string;
  readonly amountFen?: number;
  /** The wallet's number of a payment by code. */
  readonly voucher?: string;
  /** Remarks of the answer (63.2), for the slip and the operator. */
  readonly remark?: string;
  /** MMDD of the host. */
  readonly date?: string;
  /** Message types in the order they crossed the terminal's line; an answer not taken ends in `?`. */
  readonly wire: readonly string[];
  /** What becomes of the holder's signature, where one is needed. */
  readonly signature?: 'due' | 'captured' | 'paper';
  /** Why it is signed on paper instead. */
  readonly exemption?: PaperReason;
  /** Settlement date MMDD, field 15 of the answer. */
  readonly settlementDate?: string;
  /** Whether a reversal waits to be sent. */
  readonly reversalPending: boolean;
  /** What became of a reversal that went first. */
  readonly reversal?: 'done' | 'given-up' | 'kept';
  /** Settlement: how many signatures of the batch the host has, and how many are on paper. */
  readonly signatures?: { readonly uploaded: number; readonly paper: number };
  /** Settlement: our totals, and the host's when it disagrees. */
  readonly totals?: { readonly terminal: string; readonly host: string };
}
