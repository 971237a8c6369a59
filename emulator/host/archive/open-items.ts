import type { Transaction } from '../transaction-book.ts';
import type { ArchiveState } from './archive-state.ts';

/**
 * stored: whole and bound. partial: packets are missing. due: nothing that could be taken has come.
 * exempt: a person has said so. not-needed: declined or undone, or small, contactless, without PIN.
 */
export type SignatureState = 'stored' | 'partial' | 'due' | 'exempt' | 'not-needed';

export function signatureState(archive: ArchiveState, transaction: Transaction): SignatureState {
  const stored = archive.signatures.get(transaction.id);
  if (stored?.whole !== undefined) return 'stored';
  if (archive.exemptions.has(transaction.id)) return 'exempt';
  if (!needsSignature(transaction)) return 'not-needed';
  return stored === undefined ? 'due' : 'partial';
}

/** Whether there must be a signature (I-25). */
function needsSignature({ status, noSignature }: Transaction): boolean {
  return status === 'active' && noSignature === undefined;
}

/** A transaction whose signature is missing, and why. */
export interface OpenItem {
  readonly transaction: Transaction;
  readonly state: 'due' | 'partial';
  readonly reason: string;
}

/** All transactions that still miss their signature, in the order in which they came. */
export function openItems(transactions: Iterable<Transaction>, archive: ArchiveState): OpenItem[] {
  const items: OpenItem[] = [];
  for (const transaction of transactions) {
    const state = signatureState(archive, transaction);
    if (state !== 'due' && state !== 'partial') continue;
    items.push({ transaction, state, reason: reasonOf(archive, transaction.id) });
  }
  return items;
}

/** Why a signature is missing, as far as the archive knows. */
export function reasonOf(archive: ArchiveState, id: string): string {
  const packets = archive.signatures.get(id)?.pieces.length ?? 0;
  const refusal = archive.refusals.get(id);
  const came = packets === 0 ? '' : `${packets} ${packets === 1 ? 'packet' : 'packets'} came`;
  if (refusal === undefined) return came === '' ? 'nothing came' : came;
  return `${came === '' ? '' : `${came}, `}refused ${refusal}`;
}
