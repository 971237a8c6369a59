import { decodeSlip, type SlipElements } from '../../../protocol/signature/slip-elements.ts';
import { reasonOf, signatureState } from '../archive/open-items.ts';
import { readArchive } from '../archive/read-archive.ts';
import type { Seal } from '../archive/seal.ts';
import type { HostEvent } from '../host-event.ts';
import type { HostState } from '../host-state.ts';
import { businessDate, commit, hostMoment, type HostStep } from '../host-step.ts';
import { addWorkingDays } from '../settlement/working-days.ts';
import type { Retrieval } from './retrieval-book.ts';

export interface RetrievalOrder {
  /** Id of the transaction. */
  readonly id: string;
  readonly reason: string;
  readonly by: string;
}

/** The slip of a transaction as it was signed. */
export interface SignedSlip {
  readonly elements: SlipElements;
  /** JBIG as hex. */
  readonly picture: string;
  readonly seal: Seal;
  /** Why the archive's chain is not as it was sealed; absent when it is. */
  readonly broken?: string;
}

export type RetrievalOutcome =
  | { readonly outcome: 'answered'; readonly retrieval: Retrieval; readonly slip?: SignedSlip }
  /** The evidence is missing: an open item with its reason. */
  | { readonly outcome: 'open'; readonly retrieval: Retrieval; readonly missing: string }
  | { readonly outcome: 'refused'; readonly why: string };

/**
 * Asks for the slip of a transaction (A18). One that is open already is looked at again under its
 * number, and answered as soon as its signature is there.
 */
export function retrieve(
  step: HostStep,
  order: RetrievalOrder,
  journal: () => readonly HostEvent[],
): RetrievalOutcome {
  const { state } = step;
  const transaction = state.transactions.get(order.id);
  if (transaction === undefined) return { outcome: 'refused', why: 'no such transaction' };
  const { status } = transaction;
  if (status !== 'active' && status !== 'voided') {
    return { outcome: 'refused', why: `it was ${status}: there is no slip` };
  }
  if (order.reason.trim() === '') return { outcome: 'refused', why: 'a reason is missing' };
  const retrieval = openOne(state, order.id) ?? request(step, order);
  return lookedAt(step, retrieval, order.by, journal);
}

/** What has come on paper closes an open request (a signed slip, an invoice). */
export function supply(
  step: HostStep,
  retrievalId: string,
  paper: string,
  by: string,
): RetrievalOutcome {
  const retrieval = step.state.retrievals.get(retrievalId);
  if (retrieval === undefined) {
    return { outcome: 'refused', why: `there is no request ${retrievalId}` };
  }
  if (retrieval.state === 'answered') {
    return { outcome: 'refused', why: `${retrievalId} is answered` };
  }
  if (paper.trim() === '') return { outcome: 'refused', why: 'what has come is missing' };
  answer(step, retrieval, { evidence: 'paper', detail: paper, by });
  return { outcome: 'answered', retrieval };
}

/** Requests that are not answered; overdue from the day after their last one. */
export function openRetrievals(
  { retrievals }: HostState,
  today: string,
): { readonly retrieval: Retrieval; readonly isOverdue: boolean }[] {
  return [...retrievals.values()]
    .filter(({ state }) => state === 'open')
    .map((retrieval) => ({ retrieval, isOverdue: retrieval.dueOn < today }));
}

function openOne(state: HostState, id: string): Retrieval | undefined {
  return [...state.retrievals.values()].find(
    (each) => each.transactionId === id && each.state === 'open',
  );
}

function request(step: HostStep, { id, reason, by }: RetrievalOrder): Retrieval {
  const { retrievals, institution } = step.state;
  const retrievalId = `Q${String(retrievals.size + 1).padStart(6, '0')}`;
  commit(step, {
    kind: 'retrieval-requested',
    retrieval: {
      id: retrievalId,
      transactionId: id,
      reason,
      by,
      at: hostMoment(step).dateTime,
      dueOn: addWorkingDays(businessDate(step), institution.policy.retrievalWorkingDays),
    },
  });
  return retrievals.get(retrievalId)!;
}

function lookedAt(
  step: HostStep,
  retrieval: Retrieval,
  by: string,
  journal: () => readonly HostEvent[],
): RetrievalOutcome {
  const { archive, transactions } = step.state;
  const { transactionId: id } = retrieval;
  const transaction = transactions.get(id)!;
  const stored = archive.signatures.get(id);
  if (stored?.whole !== undefined) {
    const { seal } = stored.whole;
    const broken = readArchive(journal()).broken?.why;
    answer(step, retrieval, { evidence: 'image', detail: seal.hash, by });
    const slip: SignedSlip = {
      elements: decodeSlip(stored.slip).elements,
      picture: stored.pieces.join(''),
      seal,
      ...(broken === undefined ? {} : { broken }),
    };
    return { outcome: 'answered', retrieval, slip };
  }
  if (signatureState(archive, transaction) === 'not-needed') {
    const detail = transaction.noSignature ?? transaction.status;
    answer(step, retrieval, { evidence: 'rule', detail, by });
    return { outcome: 'answered', retrieval };
  }
  const exemption = archive.exemptions.get(id);
  const missing = exemption === undefined ? reasonOf(archive, id) : exemption.reason;
  return { outcome: 'open', retrieval, missing };
}

function answer(
  step: HostStep,
  { id: retrievalId, transactionId }: Retrieval,
  more: Pick<Extract<HostEvent, { kind: 'retrieval-answered' }>, 'evidence' | 'detail' | 'by'>,
): void {
  const at = hostMoment(step).dateTime;
  commit(step, { kind: 'retrieval-answered', retrievalId, transactionId, ...more, at });
}
