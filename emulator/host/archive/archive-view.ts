import type { TransactionRecord } from '../host-event.ts';
import type { HostState } from '../host-state.ts';
import type { Agreement, Exemption, StoredSignature } from './archive-state.ts';
import { reasonOf, signatureState, type SignatureState } from './open-items.ts';

/** What the archive holds of one transaction. */
export interface ArchiveView {
  readonly state: SignatureState;
  readonly signature?: StoredSignature;
  readonly exemption?: Exemption;
  readonly agreement?: Agreement;
  /** The rule by which there needs to be none. */
  readonly rule?: TransactionRecord['noSignature'];
  /** Why the signature is missing, where it is. */
  readonly missing?: string;
}

/** Undefined for a transaction that the host does not know. */
export function archived(state: HostState, id: string): ArchiveView | undefined {
  const { archive } = state;
  const transaction = state.transactions.get(id);
  if (transaction === undefined) return undefined;
  const signature = archive.signatures.get(id);
  const exemption = archive.exemptions.get(id);
  const agreement = archive.agreements.get(id);
  const found = signatureState(archive, transaction);
  const isMissing = found === 'due' || found === 'partial';
  return {
    state: found,
    ...(signature === undefined ? {} : { signature }),
    ...(exemption === undefined ? {} : { exemption }),
    ...(agreement === undefined ? {} : { agreement }),
    ...(transaction.noSignature === undefined ? {} : { rule: transaction.noSignature }),
    ...(isMissing ? { missing: reasonOf(archive, id) } : {}),
  };
}
