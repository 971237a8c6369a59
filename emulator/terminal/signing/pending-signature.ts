import type { FieldValues } from '../../../protocol/message/message.ts';
import { digest } from '../../../protocol/security/digest.ts';
import type { SlipElements } from '../../../protocol/signature/slip-elements.ts';

/** Why a transaction was signed on paper instead: the exemption that is recorded. */
export type PaperReason =
  | 'no-slip'
  | 'cancelled'
  | 'timed-out'
  | 'empty'
  | 'too-large'
  | 'refused-by-host'
  | 'not-signed';

/** The signature of one approved transaction, from the moment that it is due until its batch ends. */
export interface PendingSignature {
  /** STAN of the transaction, by which its file is kept. */
  readonly stan: string;
  readonly batchNo: string;
  /** Fields of the upload that are those of the transaction: 2, 4, 15, 37. */
  readonly fields: FieldValues;
  readonly elements: SlipElements;
  /** Settlement date and reference number, burnt into the picture. */
  readonly feature: string;
  state: 'due' | 'captured' | 'uploaded' | 'paper';
  /** Times that what was drawn could not be used. */
  rejections: number;
  /** The picture as JBIG, hex; empty until it is captured. */
  image: string;
  /** Field 55 of the upload. */
  slip: string;
  /** Bytes of the picture in one message, as the terminal was set up when it was drawn. */
  packetBytes: number;
  /** Packets that the host has acknowledged. */
  packets: number;
  paper: PaperReason | undefined;
}

export type SignatureEntry =
  | { readonly kind: 'signature-rejected'; readonly stan: string }
  | {
      readonly kind: 'signature-captured';
      readonly stan: string;
      readonly image: string;
      readonly slip: string;
      readonly packetBytes: number;
    }
  | { readonly kind: 'signature-packet'; readonly stan: string }
  | { readonly kind: 'signature-restarted'; readonly stan: string }
  | { readonly kind: 'signature-uploaded'; readonly stan: string }
  | { readonly kind: 'signature-on-paper'; readonly stan: string; readonly reason: PaperReason };

/** How the signature of a transaction ended. The picture itself goes with its batch (spec 7.5). */
export interface SignatureOutcome {
  readonly batchNo: string;
  readonly stan: string;
  readonly ended: 'uploaded' | 'not-uploaded' | 'not-needed' | PaperReason;
  /** SHA-256 of the picture, as its hex; empty when there was none. */
  readonly digest: string;
}

/** What is left of a signature when its batch is closed. */
export function outcomeOf(signature: PendingSignature): SignatureOutcome {
  const { batchNo, stan, state, paper, image } = signature;
  const ended =
    state === 'uploaded'
      ? 'uploaded'
      : (paper ?? (state === 'due' ? 'not-signed' : 'not-uploaded'));
  return { batchNo, stan, ended, digest: image === '' ? '' : digest(image) };
}

/** What the record knows of a signature when its transaction is logged. */
export type SignatureDue = Pick<
  PendingSignature,
  'stan' | 'batchNo' | 'fields' | 'elements' | 'feature'
>;

export function dueSignature(due: SignatureDue): PendingSignature {
  return {
    ...due,
    state: 'due',
    rejections: 0,
    image: '',
    slip: '',
    packetBytes: 0,
    packets: 0,
    paper: undefined,
  };
}

/** The only way a signature changes; entries of one that is gone are those of a closed batch. */
export function applySignature(
  signature: PendingSignature | undefined,
  entry: SignatureEntry,
): void {
  if (signature === undefined) return;
  switch (entry.kind) {
    case 'signature-rejected':
      signature.rejections++;
      return;
    case 'signature-captured':
      signature.state = 'captured';
      signature.image = entry.image;
      signature.slip = entry.slip;
      signature.packetBytes = entry.packetBytes;
      return;
    case 'signature-packet':
      signature.packets++;
      return;
    case 'signature-restarted':
      signature.packets = 0;
      return;
    case 'signature-uploaded':
      signature.state = 'uploaded';
      return;
    case 'signature-on-paper':
      signature.state = 'paper';
      signature.paper = entry.reason;
      return;
    default:
      entry satisfies never;
  }
}
