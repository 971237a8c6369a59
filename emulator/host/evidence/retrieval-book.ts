import type { HostEvent } from '../host-event.ts';
import { unknownInJournal } from '../transaction-book.ts';

export interface RetrievalRecord {
  readonly id: string;
  readonly transactionId: string;
  readonly reason: string;
  readonly by: string;
  readonly at: string;
  /** ISO date by which it must be answered. */
  readonly dueOn: string;
}

export interface Retrieval extends RetrievalRecord {
  state: 'open' | 'answered';
  /** What it was answered with; absent while it is open. */
  evidence: 'image' | 'rule' | 'paper' | undefined;
  detail: string | undefined;
}

/** Every request for a slip, by number. */
export interface RetrievalBook {
  readonly retrievals: Map<string, Retrieval>;
}

export function emptyRetrievals(): RetrievalBook {
  return { retrievals: new Map() };
}

/** What an event of the journal does to the requests; most do nothing. */
export function applyToRetrievals(book: RetrievalBook, event: HostEvent): void {
  switch (event.kind) {
    case 'retrieval-requested':
      book.retrievals.set(event.retrieval.id, {
        ...event.retrieval,
        state: 'open',
        evidence: undefined,
        detail: undefined,
      });
      return;
    case 'retrieval-answered': {
      const retrieval = book.retrievals.get(event.retrievalId);
      if (retrieval === undefined) throw unknownInJournal(`retrieval ${event.retrievalId}`);
      retrieval.state = 'answered';
      retrieval.evidence = event.evidence;
      retrieval.detail = event.detail;
      return;
    }
    default:
      return;
  }
}
