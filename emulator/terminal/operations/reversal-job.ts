import type { OperationResult } from '../operation-result.ts';
import { reversalFields } from '../requests/build-request.ts';
import { screenOfCode, SCREENS } from '../screens.ts';
import type { Operation } from '../terminal-state.ts';
import { persist, publish, type TerminalStep } from '../terminal-step.ts';
import { AGAIN, finishWith, GO_ON, type Job, type Next } from './job.ts';

function note(step: TerminalStep, what: 'sent' | 'done' | 'dropped' | 'given-up'): void {
  const { record, config } = step.state;
  if (record.reversal === undefined) return;
  const { stan, reason } = record.reversal;
  publish(step, { kind: 'reversal', tid: config.tid, what, stan, reason });
}

function setOutcome(
  operation: Operation,
  reversal: NonNullable<OperationResult['reversal']>,
): void {
  Object.assign(operation.known, { reversal });
}

/** After the last allowed send the record is dropped and the terminal goes on (spec 6.4, point 8). */
function sendAgainOrGiveUp(step: TerminalStep, operation: Operation): Next {
  const { record, config } = step.state;
  if ((record.reversal?.sends ?? 0) < config.reversalSends) return AGAIN;
  note(step, 'given-up');
  persist(step, { kind: 'reversal-given-up' });
  setOutcome(operation, 'given-up');
  return GO_ON;
}

/** New keys first, then the same reversal if a send is left; the number of sends bounds this. */
function signInAgain(step: TerminalStep, operation: Operation): Next {
  persist(step, { kind: 'sign-in-lost' });
  const isLeft = sendAgainOrGiveUp(step, operation).kind === 'again';
  operation.jobs.splice(1, 0, 'sign-in', ...(isLeft ? (['reversal'] as const) : []));
  return GO_ON;
}

/** Undoes the one uncertain transaction before anything else goes out (spec 6.4, I-31). */
export const reversalJob: Job = {
  begin(step) {
    const { config, record } = step.state;
    if (record.reversal === undefined) return GO_ON;
    return { mti: '0400', fields: reversalFields(config, record.reversal) };
  },
  sending(step) {
    persist(step, { kind: 'reversal-sent' });
    note(step, 'sent');
  },
  answered(step, operation, _request, answer) {
    const { config } = step.state;
    const rc = answer.fields[39] ?? '';
    if (config.dialect.reversalFinal.includes(rc)) {
      note(step, 'done');
      persist(step, { kind: 'reversal-cleared' });
      setOutcome(operation, 'done');
      return GO_ON;
    }
    if (config.dialect.signInAgain.includes(rc)) return signInAgain(step, operation);
    // Another refusal: kept and tried with the next operation, while a send is left.
    if (sendAgainOrGiveUp(step, operation).kind === 'go-on') return GO_ON;
    setOutcome(operation, 'kept');
    return finishWith('not-sent', screenOfCode(config.dialect, rc), { rc });
  },
  unanswered: sendAgainOrGiveUp,
  forged: signInAgain,
  notSent(_step, operation) {
    setOutcome(operation, 'kept');
    return finishWith('not-sent', SCREENS.reversalOpen);
  },
};
