import {
  applySignature,
  dueSignature,
  outcomeOf,
  type PendingSignature,
  type SignatureDue,
  type SignatureEntry,
  type SignatureOutcome,
} from './signing/pending-signature.ts';
import type { EntryMode } from './card-presented.ts';
import type { FieldValues } from '../../protocol/message/message.ts';
import type { KeyForm, WorkingKeys } from '../../protocol/security/working-keys.ts';
import { fromHex, toHex } from '../../protocol/bytes/hex.ts';

/** A completed transaction in the log of the open batch. */
export interface LoggedTransaction {
  readonly kind: 'sale' | 'void' | 'refund';
  readonly stan: string;
  readonly batchNo: string;
  readonly rrn: string;
  readonly authCode: string;
  readonly amountFen: number;
  readonly pan: string;
  readonly expiry: string;
  readonly entry: EntryMode;
  readonly sequence: string;
  /** The wallet's number of a payment by code: a void and a refund name it. */
  readonly voucher?: string;
  /** Request fields that a batch upload repeats (chip data, the advice itself). */
  readonly request: FieldValues;
  /** MMDD, host's. */
  readonly date: string;
  readonly originalStan?: string;
  /** The terminal signs electronically: whether this one had to be signed was asked. */
  readonly signs?: boolean;
  /** Transaction status of a chip that completed, two bytes as hex. */
  readonly tsi?: string;
  isVoided: boolean;
}

/** A request that must be undone or repeated: its fields without MAC, as they were sent. */
export interface PendingReversal {
  readonly stan: string;
  readonly fields: FieldValues;
  reason: string;
  sends: number;
}

export interface PendingAdvice {
  readonly stan: string;
  readonly fields: FieldValues;
  readonly request: { readonly pan: string; readonly expiry: string; readonly sequence: string };
  readonly entry: EntryMode;
  readonly voucher?: string;
}

/** What a chip made of the issuer's script: told before the next transaction (spec 6.8). */
export interface PendingScript {
  readonly stan: string;
  readonly fields: FieldValues;
  sends: number;
}

/** A settlement under way: asked for, or its details going up one message after the other. */
export interface Settlement {
  readonly stan: string;
  readonly isUploading: boolean;
  /** The totals were equal: only what the chips have said goes up. */
  readonly isBalanced: boolean;
  /** Upload messages that the host has acknowledged, or has refused for good. */
  readonly uploaded: number;
  /** How often it has refused the next one. */
  readonly refusals: number;
}

/** What survives a power cut. Changed by {@link applyEntry} alone. */
export interface TerminalRecord {
  nextStan: number;
  batchNo: string;
  isSignedIn: boolean;
  keys: WorkingKeys | undefined;
  /** The form of sign-in that brought them. */
  keyForm: KeyForm | undefined;
  log: LoggedTransaction[];
  reversal: PendingReversal | undefined;
  advice: PendingAdvice | undefined;
  /** Results of issuer scripts that the issuer does not know yet (0620), the oldest first. */
  scripts: PendingScript[];
  /** Signatures of the open batch, the oldest first. */
  signatures: PendingSignature[];
  /** What became of the signatures of closed batches, the last of them. */
  signatureOutcomes: SignatureOutcome[];
  /** A settlement that has not ended: nothing else may enter the batch. */
  settlement: Settlement | undefined;
  /** STANs whose reversal was given up: the host's books may differ there. */
  givenUp: string[];
  /** Wrong refund passwords in a row. */
  refundPasswordFailures: number;
}

export type TerminalEntry =
  | { readonly kind: 'stan-taken'; readonly stan: number }
  | {
      readonly kind: 'signed-in';
      readonly batchNo: string;
      readonly form: KeyForm;
      readonly pik: string;
      readonly mak: string;
      readonly tdk: string;
    }
  | { readonly kind: 'sign-in-lost' }
  | { readonly kind: 'reversal-stored'; readonly reversal: PendingReversal }
  | {
      readonly kind: 'reversal-reason';
      readonly reason: string;
      /** Field 55 of a chip that did not complete. */
      readonly chip?: string;
    }
  | { readonly kind: 'reversal-sent' }
  | { readonly kind: 'reversal-cleared' }
  | { readonly kind: 'reversal-given-up' }
  | { readonly kind: 'advice-stored'; readonly advice: PendingAdvice }
  | { readonly kind: 'advice-cleared' }
  | { readonly kind: 'refund-password-failed' }
  | { readonly kind: 'refund-password-cleared' }
  | {
      readonly kind: 'transaction-logged';
      readonly transaction: LoggedTransaction;
      readonly script?: PendingScript;
      readonly signature?: SignatureDue;
    }
  | SignatureEntry
  | { readonly kind: 'script-sent' }
  | { readonly kind: 'script-cleared' }
  | { readonly kind: 'settlement-begun'; readonly stan: string }
  | { readonly kind: 'upload-begun'; readonly isBalanced: boolean }
  | { readonly kind: 'upload-acknowledged' }
  | { readonly kind: 'upload-refused' }
  | { readonly kind: 'settlement-ended' }
  | { readonly kind: 'batch-closed'; readonly nextBatchNo: string };

export function emptyRecord(firstStan: number): TerminalRecord {
  return {
    nextStan: firstStan,
    batchNo: '000000',
    isSignedIn: false,
    keys: undefined,
    keyForm: undefined,
    log: [],
    reversal: undefined,
    advice: undefined,
    scripts: [],
    signatures: [],
    signatureOutcomes: [],
    settlement: undefined,
    givenUp: [],
    refundPasswordFailures: 0,
  };
}

const LAST_STAN = 999_999;
/** Ended signatures that are remembered. */
const MOST_OUTCOMES = 1000;

/** As if the STAN before the given one had just been taken. */
export function stanBefore(stan: number): TerminalEntry {
  return { kind: 'stan-taken', stan: stan === 1 ? LAST_STAN : stan - 1 };
}

/** The only way the record changes; replaying all entries gives it again. */
export function applyEntry(record: TerminalRecord, entry: TerminalEntry): void {
  switch (entry.kind) {
    case 'stan-taken':
      record.nextStan = entry.stan === LAST_STAN ? 1 : entry.stan + 1;
      return;
    case 'signed-in':
      record.isSignedIn = true;
      record.batchNo = entry.batchNo;
      record.keyForm = entry.form;
      record.keys = {
        pik: fromHex(entry.pik),
        mak: fromHex(entry.mak),
        ...(entry.tdk === '' ? {} : { tdk: fromHex(entry.tdk) }),
      };
      return;
    case 'sign-in-lost':
      record.isSignedIn = false;
      return;
    case 'reversal-stored':
      record.reversal = { ...entry.reversal };
      return;
    case 'reversal-reason':
      changeReversal(record, entry);
      return;
    case 'reversal-sent':
      if (record.reversal !== undefined) record.reversal.sends++;
      return;
    case 'reversal-cleared':
      record.reversal = undefined;
      return;
    case 'reversal-given-up':
      if (record.reversal !== undefined) record.givenUp.push(record.reversal.stan);
      record.reversal = undefined;
      return;
    case 'advice-stored':
      record.advice = entry.advice;
      return;
    case 'advice-cleared':
      record.advice = undefined;
      return;
    case 'refund-password-failed':
      record.refundPasswordFailures++;
      return;
    case 'refund-password-cleared':
      record.refundPasswordFailures = 0;
      return;
    case 'transaction-logged':
      logTransaction(record, { ...entry.transaction });
      if (entry.script !== undefined) record.scripts.push({ ...entry.script });
      if (entry.signature !== undefined) record.signatures.push(dueSignature(entry.signature));
      return;
    case 'script-sent':
      if (record.scripts[0] !== undefined) record.scripts[0].sends++;
      return;
    case 'script-cleared':
      record.scripts.shift();
      return;
    case 'settlement-begun':
      record.settlement = {
        stan: entry.stan,
        isUploading: false,
        isBalanced: false,
        uploaded: 0,
        refusals: 0,
      };
      return;
    case 'upload-begun':
      if (record.settlement === undefined) return;
      record.settlement = {
        ...record.settlement,
        isUploading: true,
        isBalanced: entry.isBalanced,
        uploaded: 0,
        refusals: 0,
      };
      return;
    case 'upload-acknowledged':
      if (record.settlement === undefined) return;
      record.settlement = {
        ...record.settlement,
        uploaded: record.settlement.uploaded + 1,
        refusals: 0,
      };
      return;
    case 'upload-refused':
      if (record.settlement === undefined) return;
      record.settlement = { ...record.settlement, refusals: record.settlement.refusals + 1 };
      return;
    case 'settlement-ended':
      record.settlement = undefined;
      return;
    case 'signature-rejected':
    case 'signature-captured':
    case 'signature-packet':
    case 'signature-restarted':
    case 'signature-uploaded':
    case 'signature-on-paper':
      applySignature(
        record.signatures.find(({ stan }) => stan === entry.stan),
        entry,
      );
      return;
    case 'batch-closed':
      record.settlement = undefined;
      record.signatureOutcomes = [...record.signatureOutcomes, ...outcomesOf(record)].slice(
        -MOST_OUTCOMES,
      );
      record.signatures = [];
      record.log = [];
      record.batchNo = entry.nextBatchNo;
      return;
    default:
      entry satisfies never;
  }
}

/** How the signature of each transaction ended that a signing terminal has logged. */
function outcomesOf({ log, signatures }: TerminalRecord): SignatureOutcome[] {
  const unsigned = log
    .filter(({ signs, stan }) => signs === true && !signatures.some((each) => each.stan === stan))
    .map(({ batchNo, stan }) => ({ batchNo, stan, ended: 'not-needed', digest: '' }) as const);
  return [...signatures.map(outcomeOf), ...unsigned];
}

function changeReversal(
  record: TerminalRecord,
  { reason, chip }: Extract<TerminalEntry, { kind: 'reversal-reason' }>,
): void {
  if (record.reversal === undefined) return;
  const { fields } = record.reversal;
  record.reversal = {
    ...record.reversal,
    reason,
    fields: chip === undefined ? fields : { ...fields, 55: chip },
  };
}

/**
 * One entry for all that an approval means: the log, the end of its reversal or advice, and for a
 * void the mark on its sale. No power cut can part them.
 */
function logTransaction(record: TerminalRecord, transaction: LoggedTransaction): void {
  record.log.push(transaction);
  if (record.reversal?.stan === transaction.stan) record.reversal = undefined;
  if (record.advice?.stan === transaction.stan) record.advice = undefined;
  if (transaction.kind !== 'void') return;
  const original = record.log.find(
    (each) => each.kind === 'sale' && each.stan === transaction.originalStan,
  );
  if (original !== undefined) original.isVoided = true;
}

export function signedInEntry(batchNo: string, form: KeyForm, keys: WorkingKeys): TerminalEntry {
  return {
    kind: 'signed-in',
    batchNo,
    form,
    pik: toHex(keys.pik),
    mak: toHex(keys.mak),
    tdk: keys.tdk === undefined ? '' : toHex(keys.tdk),
  };
}
