import { CountersignError } from '../../../protocol/errors/countersign-error.ts';
import { readPath } from '../../../protocol/structure/field-structure.ts';
import { sessionKeys } from '../../../protocol/security/session-keys.ts';
import { unwrapWorkingKeys, type WorkingKeys } from '../../../protocol/security/working-keys.ts';
import { echoFields, signInFields, signOffFields } from '../requests/build-request.ts';
import { screenOfCode, SCREENS } from '../screens.ts';
import { signedInEntry } from '../terminal-record.ts';
import type { Operation } from '../terminal-state.ts';
import { persist, takeStan } from '../terminal-step.ts';
import { finishWith, GO_ON, type Job, type Next } from './job.ts';

const NO_ANSWER = finishWith('unknown', SCREENS.noAnswer);
const NOT_SENT = finishWith('not-sent', SCREENS.notSent);

/** A sign-in that goes before another operation and fails: that operation was never sent. */
function failed(operation: Operation, next: Extract<Next, { kind: 'finish' }>): Next {
  return operation.command.verb === 'sign-in' ? next : { ...next, outcome: 'not-sent' };
}

/** Sign-in: fresh working keys, all or none, and the host's batch number (spec 4.2, 6.1). */
export const signInJob: Job = {
  begin(step) {
    const { config, record } = step.state;
    return { mti: '0800', fields: signInFields(config, record.batchNo, takeStan(step)) };
  },
  answered(step, operation, _request, answer) {
    const { config } = step.state;
    const rc = answer.fields[39] ?? '';
    if (rc !== '00') {
      return failed(operation, finishWith('declined', screenOfCode(config.dialect, rc), { rc }));
    }
    let keys: WorkingKeys;
    try {
      keys = unwrapWorkingKeys(config.keyForm, config.tmk, answer.fields[62] ?? '');
      // Keys that cannot make the MAC of the dialect are not installed either.
      sessionKeys(config.keyForm, keys, config.dialect.mac);
    } catch (error) {
      if (!(error instanceof CountersignError)) throw error;
      return failed(operation, finishWith('refused', SCREENS.keysRefused, { rc }));
    }
    const batchNo = readPath(config.dialect, answer, '60.2') ?? '';
    // Batches count from 000001 (spec 6.1); without one there is nothing to trade in.
    if (!/^(?!000000)\d{6}$/.test(batchNo)) {
      return failed(operation, finishWith('refused', SCREENS.signInFailed, { rc }));
    }
    persist(step, signedInEntry(batchNo, config.keyForm, keys));
    if (operation.command.verb !== 'sign-in') return GO_ON;
    return finishWith('approved', SCREENS.signedIn, { rc, batchNo });
  },
  unanswered: (_step, operation) => failed(operation, NO_ANSWER),
  forged: (_step, operation) => failed(operation, NO_ANSWER),
  notSent: (_step, operation) => failed(operation, NOT_SENT),
};

export const signOffJob: Job = {
  begin(step) {
    const { config, record } = step.state;
    return { mti: '0820', fields: signOffFields(config, record.batchNo, takeStan(step)) };
  },
  answered(step, _operation, _request, answer) {
    const rc = answer.fields[39] ?? '';
    if (rc !== '00') {
      return finishWith('declined', screenOfCode(step.state.config.dialect, rc), { rc });
    }
    persist(step, { kind: 'sign-in-lost' });
    return finishWith('approved', SCREENS.signedOff, { rc });
  },
  unanswered: () => NO_ANSWER,
  forged: () => NO_ANSWER,
  notSent: () => NOT_SENT,
};

export const echoJob: Job = {
  begin(step) {
    const { config, record } = step.state;
    return { mti: '0820', fields: echoFields(config, record.batchNo) };
  },
  answered(step, _operation, _request, answer) {
    const rc = answer.fields[39] ?? '';
    return rc === '00'
      ? finishWith('approved', SCREENS.echo, { rc })
      : finishWith('declined', screenOfCode(step.state.config.dialect, rc), { rc });
  },
  unanswered: () => NO_ANSWER,
  forged: () => NO_ANSWER,
  notSent: () => NOT_SENT,
};
