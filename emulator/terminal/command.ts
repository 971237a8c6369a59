import type { Message } from '../../protocol/message/message.ts';
import type { Strokes } from '../../protocol/signature/strokes.ts';
import type { CardPresented } from './card-presented.ts';

/** What an operator does at the terminal. */
export type Command =
  | { readonly verb: 'sign-in' }
  | { readonly verb: 'sign-off' }
  | { readonly verb: 'echo' }
  | { readonly verb: 'settle' }
  | { readonly verb: 'sale'; readonly amountFen: number; readonly card: CardPresented }
  | ScanCommand
  | VoidCommand
  | RefundCommand
  | SignCommand
  | SendCommand
  | UnlockCommand;

/** The holder of a wallet shows a payment code. */
export interface ScanCommand {
  readonly verb: 'scan';
  readonly amountFen: number;
  /** 16 to 24 digits. */
  readonly code: string;
}

export interface VoidCommand {
  readonly verb: 'void';
  /** Trace number on the slip of the sale. */
  readonly stan: string;
  readonly card: CardPresented | undefined;
  readonly password: string;
  /** Of a payment by code that the terminal does not hold; with `unchecked`. */
  readonly voucher?: string;
  /**
   * Sends the void although the terminal does not hold the sale, with these data: what a faulty
   * terminal would do, to see what the host makes of it.
   */
  readonly unchecked?: OriginalKeys;
}

export interface OriginalKeys {
  readonly batchNo: string;
  readonly rrn: string;
  readonly authCode: string;
  readonly amountFen: number;
}

/** The holder signs on the pad. */
export interface SignCommand {
  readonly verb: 'sign';
  /** Trace number of the transaction. */
  readonly stan: string;
  /** What was drawn; nothing when the holder cancels. */
  readonly strokes: Strokes | undefined;
  /** Nobody touches the pad until its time is over. */
  readonly isLeft?: boolean;
  /** Mobile number for the slip, up to 12 digits. */
  readonly phone?: string;
}

/**
 * Sends a message as it is given, sealed like any other, and remembers nothing of it: what a faulty
 * terminal would do, to see what the host makes of it.
 */
export interface SendCommand {
  readonly verb: 'send';
  readonly message: Message;
}

export interface RefundCommand {
  readonly verb: 'refund';
  readonly amountFen: number;
  /** Reference number and date (MMDD) of the sale, from its slip. */
  readonly rrn: string;
  readonly date: string;
  /** Absent for a payment by code, which its voucher names. */
  readonly card: CardPresented | undefined;
  readonly voucher?: string;
  /** The refund password. */
  readonly password: string;
}

/** The supervisor allows refunds again after too many wrong passwords. */
export interface UnlockCommand {
  readonly verb: 'unlock';
  /** The supervisor's. */
  readonly password: string;
}
