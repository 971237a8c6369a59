import { digest } from '../../../protocol/security/digest.ts';
import type { TransactionRecord } from '../host-event.ts';

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
  | { readonly kind: 'signature'; readonly slip: string; readonly image: string }
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
  const { id, kind, rrn, mid, amountFen, date, settlementDate, cardMasked } = transaction;
  const sequence = head.sequence + 1;
  const parts = [
    sequence,
    at,
    head.hash,
    [id, kind, rrn, mid, amountFen, date, settlementDate, cardMasked],
    content.kind,
    ...partsOf(content),
  ];
  return { sequence, at, previous: head.hash, hash: digest(JSON.stringify(parts)) };
}

function partsOf(content: SealedContent): readonly string[] {
  switch (content.kind) {
    case 'signature':
      return [content.slip, content.image];
    case 'exemption':
      return [content.reason, content.by];
    case 'agreement':
      return [content.holder, content.merchant, content.by];
    default:
      return content satisfies never;
  }
}
