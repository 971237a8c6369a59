import { CountersignError } from '../../../protocol/errors/countersign-error.ts';
import { featureCode } from '../../../protocol/message/feature-code.ts';
import { commit, type HostStep } from '../host-step.ts';
import type { Transaction } from '../transaction-book.ts';
import { signatureState } from './open-items.ts';
import { readImage } from './read-image.ts';
import { sealedNow } from './sealed-now.ts';

export type ArchiveOutcome =
  | { readonly outcome: 'recorded' }
  | { readonly outcome: 'refused'; readonly why: string };

/** Who says that no electronic signature will come, and why: signed on paper, the pad was broken. */
export interface ExemptionOrder {
  readonly id: string;
  readonly reason: string;
  readonly by: string;
}

/** Both signatures under the agreement on a refund: JBIG streams as hex. */
export interface AgreementOrder {
  readonly id: string;
  readonly holder: string;
  readonly merchant: string;
  readonly by: string;
}

/** Longest reason and name that a record takes. */
const MOST_TEXT = 200;

/** Records that a transaction has no electronic signature (case E02); an open item less. */
export function exempt(step: HostStep, order: ExemptionOrder): ArchiveOutcome {
  const { id, reason, by } = order;
  const transaction = step.state.transactions.get(id);
  if (transaction === undefined) return refused('no such transaction');
  const why = whyNotText(reason, 'a reason') ?? whyNotText(by, 'a name');
  if (why !== undefined) return refused(why);
  const state = signatureState(step.state.archive, transaction);
  if (state === 'stored') return refused('its signature is stored');
  if (state === 'exempt') return refused('it is exempt already');
  if (state === 'not-needed') return refused('it needs no signature');
  const seal = sealedNow(step, transaction, { kind: 'exemption', reason, by });
  commit(step, { kind: 'signature-exempted', id, reason, by, seal });
  return { outcome: 'recorded' };
}

/**
 * Files the agreement on a refund, which holder and merchant have both signed (case E09). It is
 * bound to the refund, and both pictures have to be signatures of their own.
 */
export function fileAgreement(step: HostStep, order: AgreementOrder): ArchiveOutcome {
  const { id, holder, merchant, by } = order;
  const { transactions, archive } = step.state;
  const refund = transactions.get(id);
  if (refund === undefined) return refused('no such transaction');
  const why =
    whyNotAgreed(refund) ??
    whyNotText(by, 'a name') ??
    whyNotPicture(refund, holder, 'holder') ??
    whyNotPicture(refund, merchant, 'merchant');
  if (why !== undefined) return refused(why);
  if (archive.agreements.has(id)) return refused('an agreement on it is filed already');
  if (holder === merchant) return refused('both signatures are the same picture');
  const seal = sealedNow(step, refund, { kind: 'agreement', holder, merchant, by });
  commit(step, { kind: 'agreement-filed', id, holder, merchant, by, seal });
  return { outcome: 'recorded' };
}

function refused(why: string): ArchiveOutcome {
  return { outcome: 'refused', why };
}

function whyNotAgreed({ kind, status }: Transaction): string | undefined {
  if (kind !== 'refund') return `it is a ${kind}, not a refund`;
  return status === 'active' ? undefined : `the refund is ${status}`;
}

function whyNotText(text: string, what: string): string | undefined {
  if (text.trim() === '') return `${what} is missing`;
  return text.length > MOST_TEXT ? `${what} of more than ${MOST_TEXT} characters` : undefined;
}

function whyNotPicture(refund: Transaction, hex: string, whose: string): string | undefined {
  try {
    const { hasFeature } = readImage(hex, featureCode(refund.settlementDate, refund.rrn));
    return hasFeature ? undefined : `the signature of the ${whose} is not of this refund`;
  } catch (error) {
    if (!(error instanceof CountersignError)) throw error;
    return `the signature of the ${whose}: ${error.code} ${error.message}`;
  }
}
