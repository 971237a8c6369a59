import { isoDateTime } from '../../world/civil-time.ts';
import type { TransactionRecord } from '../host-event.ts';
import { hostTime, type HostStep } from '../host-step.ts';
import { sealNext, type Seal, type SealedContent } from './seal.ts';

/** The next seal of the archive, at the host's time. */
export function sealedNow(
  step: HostStep,
  transaction: TransactionRecord,
  content: SealedContent,
): Seal {
  return sealNext(step.state.archive.head, isoDateTime(hostTime(step)), transaction, content);
}
