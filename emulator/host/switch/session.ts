import { readPath } from '../../../protocol/structure/field-structure.ts';
import type { Dialect } from '../../../protocol/dialect/dialect.ts';
import { CountersignError } from '../../../protocol/errors/countersign-error.ts';
import { sessionKeys } from '../../../protocol/security/session-keys.ts';
import {
  isKeyForm,
  wrapWorkingKeys,
  type KeyForm,
  type WorkingKeys,
} from '../../../protocol/security/working-keys.ts';
import { fromHex } from '../../../protocol/bytes/hex.ts';
import { commit, takeRrn, type HostStep } from '../host-step.ts';
import { refuse, type Reaction } from './reaction.ts';
import type { Request } from './request.ts';

/** Sign-in: fresh working keys under the terminal's TMK, and the current batch number in 60.2. */
export function answerSignIn(step: HostStep, request: Request): Reaction {
  const { session, tid, message } = request;
  const form = readPath(step.state.institution.dialect, message, '60.3') ?? '';
  if (!isKeyForm(form)) return refuse('40');
  const { random } = step.env;
  const keyBytes = form === '001' ? 8 : 16;
  const keys = {
    pik: random.bytes(keyBytes),
    mak: random.bytes(keyBytes),
    tdk: random.bytes(16),
  };
  const why = whyUnfit(form, keys, step.state.institution.dialect);
  if (why !== undefined) return { rc: '40', why };
  const keyBlob = wrapWorkingKeys(form, fromHex(session.account.tmk), keys);
  const { batchNo } = session;
  commit(step, { kind: 'session-opened', tid, batchNo, keyForm: form, keyBlob });
  return {
    rc: '00',
    fields: { 37: takeRrn(step), 60: `00${batchNo}${form}`, 62: keyBlob },
  };
}

/** A form of sign-in whose keys cannot make the MAC of the dialect is not offered. */
function whyUnfit(form: KeyForm, keys: WorkingKeys, { mac }: Dialect): string | undefined {
  try {
    sessionKeys(form, keys, mac);
    return undefined;
  } catch (error) {
    if (!(error instanceof CountersignError)) throw error;
    return `${error.code} ${error.message}`;
  }
}

export function answerSignOff(step: HostStep, request: Request): Reaction {
  commit(step, { kind: 'session-closed', tid: request.tid });
  return { rc: '00', fields: { 37: takeRrn(step) } };
}

export function answerEcho(step: HostStep): Reaction {
  return { rc: '00', fields: { 37: takeRrn(step) } };
}
