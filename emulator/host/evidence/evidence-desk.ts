import type { HostEvent } from '../host-event.ts';
import type { HostState } from '../host-state.ts';
import { hostMoment, type Act } from '../host-step.ts';
import { auditTrail, type JournalEntry } from './audit-trail.ts';
import { caseExport } from './case-export.ts';
import type { Retrieval } from './retrieval-book.ts';
import {
  openRetrievals,
  retrieve,
  supply,
  type RetrievalOrder,
  type RetrievalOutcome,
} from './retrieve.ts';

/** Where people look at what was done, and take it away with them. */
export interface EvidenceDesk {
  /** Everything in the journal about a transaction (id or reference number), a hold, a review … */
  trail(subject: string): JournalEntry[];
  /** The same as JSON for people outside, masked and chained. */
  exportCase(subject: string): string;
  /** Asks for the slip of a transaction, or looks again at what was asked. */
  retrieve(order: RetrievalOrder): RetrievalOutcome;
  /** What has come on paper closes an open request. */
  supply(retrievalId: string, paper: string, by: string): RetrievalOutcome;
  /** Requests that are not answered on a day, ISO. */
  openRetrievals(today: string): { readonly retrieval: Retrieval; readonly isOverdue: boolean }[];
}

export function evidenceDesk(
  state: HostState,
  act: Act,
  journal: () => readonly HostEvent[],
): EvidenceDesk {
  return {
    trail: (subject) => auditTrail(journal(), subject),
    exportCase: (subject) =>
      act((step) => caseExport(journal(), subject, hostMoment(step).dateTime)),
    retrieve: (order) => act((step) => retrieve(step, order, journal)),
    supply: (retrievalId, paper, by) => act((step) => supply(step, retrievalId, paper, by)),
    openRetrievals: (today) => openRetrievals(state, today),
  };
}
