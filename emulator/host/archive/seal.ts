import { digest } from '../../../protocol/security/digest.ts';
import type { TransactionRecord } from '../host-event.ts';
import type { SignatureImage } from './archive-state.ts';

/** The place of a record in the archive's chain, and a hash over it and everything before it. */
export interface Seal {
  /** From 1 on, without gaps. */
  readonly sequence: number;
  /** Civil time at the host when it was taken in, `2026-01-15 09:30:00`. */
  readonly at: string;
  /** Hash of the record before, 64 hex digits; zeros for the first. */
  readonly previous: string;
  /** SHA-256 of the record as text, with all of the above. */
  readonly hash: string;
}

/** The last record of a chain. */
export type ChainHead = Pick<Seal, 'sequence' | 'hash'>;

export const EMPTY_CHAIN: ChainHead = { sequence: 0, hash: '0'.repeat(64) };

/** What is sealed beside its transaction. */
export type SealedContent =
  | {
      readonly kind: 'signature';
      readonly slip: string;
      /** JBIG as hex. */
      readonly picture: string;
      readonly image: SignatureImage;
    }
  | { readonly kind: 'exemption'; readonly reason: string; readonly by: string }
  | {
      readonly kind: 'agreement';
      readonly holder: string;
      readonly merchant: string;
      readonly by: string;
    };

/**
 * Seals what the archive takes in. Who changes a record afterwards, or takes one away, has to make
 * every later hash anew; the last one, kept elsewhere, tells.
 */
export function sealNext(
  head: ChainHead,
  at: string,
  transaction: TransactionRecord,
  content: SealedContent,
): Seal {
  const sequence = head.sequence + 1;
  const parts = [
    sequence,
    at,
    head.hash,
    RECORD_FIELDS.map((name) => transaction[name] ?? null),
    content.kind,
    ...partsOf(content),
  ];
  return { sequence, at, previous: head.hash, hash: digest(JSON.stringify(parts)) };
}

/** What is sealed of a transaction: all that is on record of it, and nothing that changes later. */
const RECORD_FIELDS = [
  'id',
  'kind',
  'tid',
  'mid',
  'batchNo',
  'stan',
  'rrn',
  'authCode',
  'date',
  'settlementDate',
  'cardId',
  'cardMasked',
  'amountFen',
  'feeFen',
  'surchargeFen',
  'tariffLine',
  'entry',
  'entryDigits',
  'rc',
  'dueOn',
  'noSignature',
  'atc',
  'originalId',
  'wallet',
  'voucher',
  'refund',
] as const satisfies readonly (keyof TransactionRecord)[];

// A field that is added to the record is sealed as well, or this does not compile.
type Unsealed = Exclude<keyof TransactionRecord, (typeof RECORD_FIELDS)[number]>;
const NONE_UNSEALED: Unsealed extends never ? true : never = true;
void NONE_UNSEALED;

function partsOf(content: SealedContent): readonly (string | number | boolean)[] {
  switch (content.kind) {
    case 'signature': {
      const { width, height, bytes, hasFeature } = content.image;
      return [content.slip, content.picture, width, height, bytes, hasFeature];
    }
    case 'exemption':
      return [content.reason, content.by];
    case 'agreement':
      return [content.holder, content.merchant, content.by];
    default:
      return content satisfies never;
  }
}
