import { decodeTlv } from '../../../protocol/structure/ber-tlv.ts';
import { commit, takeRrn, type HostStep } from '../host-step.ts';
import type { Reaction } from './reaction.ts';
import { cardOf, type Request } from './request.ts';

/** 0620: what a chip made of the issuer's script, DF31 (spec 9.3). Told again, it changes nothing. */
export function answerScriptResult(step: HostStep, request: Request): Reaction {
  const card = cardOf(step.state, request.message);
  if (card === undefined) return { rc: '14' };
  const items = decodeTlv(request.message.fields[55] ?? '');
  const result = items.find(({ tag }) => tag === 'DF31')?.value;
  if (result === undefined) return { rc: '30', why: '55.DF31 is missing' };
  const cardId = card.account.id;
  if (!card.isScriptDone) commit(step, { kind: 'script-answered', cardId, result });
  return { rc: '00', fields: { 37: takeRrn(step) } };
}
