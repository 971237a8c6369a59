import { postingsOf } from '../books/ledger.ts';
import type { TransactionRecord } from '../host-event.ts';
import type { HostState } from '../host-state.ts';
import { commit, type HostStep } from '../host-step.ts';
import type { Waits } from '../switch/reaction.ts';
import type { Request } from '../switch/request.ts';
import { alarmKey } from './answers.ts';

/** Issuers answer at once. */
export function isLinePlain({ issuerLine }: HostState): boolean {
  return issuerLine.delayMs === 0 && !issuerLine.losesAnswers;
}

/**
 * The issuer has decided, and taken the money where it said yes; its answer is under way, or lost. The
 * terminal is told in time, whatever comes (A05).
 */
export function waitForIssuer(
  step: HostStep,
  request: Request,
  transaction: TransactionRecord,
  { rc, chip }: { readonly rc: string; readonly chip: string | undefined },
): Waits {
  const { issuerLine, institution } = step.state;
  const { id, cardId: card, amountFen: amount } = transaction;
  const isTaken = rc === '00';
  commit(step, {
    kind: 'transaction-pending',
    transaction,
    fingerprint: request.fingerprint ?? '',
    postings: isTaken
      ? postingsOf(institution.postings, 'issuer-debited', { card }, { amount })
      : [],
    issuer: { rc, ...(chip === undefined ? {} : { chip }) },
  });
  const limitMs = institution.policy.issuerAnswerMs;
  const comes = !issuerLine.losesAnswers && issuerLine.delayMs < limitMs;
  step.effects.push(
    comes
      ? { kind: 'start-alarm', key: alarmKey('issuer', id), delayMs: issuerLine.delayMs }
      : { kind: 'start-alarm', key: alarmKey('limit', id), delayMs: limitMs },
  );
  return { waitsFor: id };
}
