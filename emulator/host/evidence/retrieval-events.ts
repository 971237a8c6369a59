import type { RetrievalRecord } from './retrieval-book.ts';

/** Somebody asks for the slip of a transaction (调单), and what he is given. */
export type RetrievalEvent =
  | { readonly kind: 'retrieval-requested'; readonly retrieval: RetrievalRecord }
  | {
      readonly kind: 'retrieval-answered';
      readonly retrievalId: string;
      readonly transactionId: string;
      /** image: the signature as stored. rule: it needs none. paper: what a person has handed in. */
      readonly evidence: 'image' | 'rule' | 'paper';
      /** Hash of the sealed record, the rule, or what the paper is. */
      readonly detail: string;
      readonly by: string;
      readonly at: string;
    };
