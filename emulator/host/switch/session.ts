import { readPath } from '../../../protocol/structure/field-structure.ts';
import { isKeyForm, wrapWorkingKeys } from '../../../protocol/security/working-keys.ts';
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
  const keyBlob = wrapWorkingKeys(form, fromHex(session.account.tmk), {
    pik: random.bytes(keyBytes),
    mak: random.bytes(keyBytes),
    tdk: random.bytes(16),
  });
  const { batchNo } = session;
  commit(step, { kind: 'session-opened', tid, batchNo, keyForm: form, keyBlob });
  return {
    rc: '00',
    fields: { 37: takeRrn(step), 60: `00${batchNo}${form}`, 62: keyBlob },
  };
}

export function answerSignOff(step: HostStep, request: Request): Reaction {
  commit(step, { kind: 'session-closed', tid: request.tid });
  return { rc: '00', fields: { 37: takeRrn(step) } };
}

export function answerEcho(step: HostStep): Reaction {
  return { rc: '00', fields: { 37: takeRrn(step) } };
}
