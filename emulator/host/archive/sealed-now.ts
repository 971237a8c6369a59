import type { TransactionRecord } from '../host-event.ts';
import { hostMoment, type HostStep } from '../host-step.ts';
import { sealNext, type Seal, type SealedContent } from './seal.ts';

/** The next seal of the archive, at the host's time. */
export function sealedNow(
  step: HostStep,
  transaction: TransactionRecord,
  content: SealedContent,
): Seal {
  return sealNext(step.state.archive.head, hostMoment(step).dateTime, transaction, content);
}
