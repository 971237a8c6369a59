import { decodeTlv } from '../../../protocol/structure/ber-tlv.ts';
import { transactionId } from '../transaction-index.ts';
import { commit, takeRrn, type HostStep } from '../host-step.ts';
import type { Reaction } from './reaction.ts';
import type { Request } from './request.ts';

/** 0620: what a chip made of the issuer's script, DF31 (spec 9.3). Told again, it changes nothing. */
export function answerScriptResult(step: HostStep, request: Request): Reaction {
  const { state } = step;
  const { message, tid, card } = request;
  if (card === undefined) return { rc: '14' };
  const { 37: rrn, 61: where = '' } = message.fields;
  const original = state.transactions.get(
    transactionId(tid, where.slice(0, 6), where.slice(6, 12)),
  );
  const isHere = original?.rrn === rrn && original?.cardId === card.account.id;
  if (!isHere || original.atc === undefined || card.account.script === undefined) {
    return { rc: '25', why: 'no chip sale that a script came with' };
  }
  const items = decodeTlv(message.fields[55] ?? '');
  const result = items.find(({ tag }) => tag === 'DF31')?.value ?? '';
  if (!/^([012][0-9A-F]{9})+$/.test(result)) {
    return { rc: '30', why: '55.DF31 has no five bytes a script' };
  }
  const cardId = card.account.id;
  if (!card.isScriptDone) commit(step, { kind: 'script-answered', cardId, result });
  return { rc: '00', fields: { 37: takeRrn(step) } };
}
