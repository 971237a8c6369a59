import { CountersignError } from '../../../protocol/errors/countersign-error.ts';
import { fromHex } from '../../../protocol/bytes/hex.ts';
import { blackCount } from '../../../protocol/jbig/bitmap.ts';
import { decodeJbig } from '../../../protocol/jbig/decode-jbig.ts';
import { featureCode } from '../../../protocol/message/feature-code.ts';
import { carriesFeature } from '../../../protocol/signature/feature-stamp.ts';
import { SIGNATURE_LIMITS } from '../../../protocol/signature/signature-limits.ts';
import { decodeSlip } from '../../../protocol/signature/slip-elements.ts';
import { readPath } from '../../../protocol/structure/field-structure.ts';
import { transactionId, type Transaction } from '../host-state.ts';
import { commit, takeRrn, type HostStep } from '../host-step.ts';
import type { Reaction } from '../switch/reaction.ts';
import { cardOf, type Request } from '../switch/request.ts';
import type { SignatureImage, StoredSignature } from './stored-signature.ts';

/** 60.3 of a signature in one message, and of the first of several (spec 7.3). */
const WHOLE = 800;
const FIRST = 801;
const LAST = 809;

/** What was received already is a success for the terminal (spec 7.1). */
const STORED_ALREADY = '94';

/**
 * The upload of a signature, whole or in packets: bound to its transaction, complete when its image
 * can be decoded. Whatever is wrong with it, the transaction stays as it is (I-25, I-26).
 */
export function answerSignature(step: HostStep, request: Request): Reaction {
  const { state } = step;
  const { tid, batchNo, stan, message } = request;
  const id = transactionId(tid, batchNo, stan);
  const signed = state.transactions.get(id);
  const refusal = whyNotOf(step, request, signed);
  if (refusal !== undefined || signed === undefined) return refusal ?? { rc: '25' };
  const { 55: slip = '', 62: piece = '' } = message.fields;
  try {
    decodeSlip(slip);
  } catch (error) {
    if (!(error instanceof CountersignError)) throw error;
    return { rc: '30', why: `${error.code} ${error.message}` };
  }
  if (piece === '') return { rc: '30', why: 'field 62 is empty' };
  const code = Number(readPath(state.institution.dialect, message, '60.3'));
  const place = placeOf(state.signatures.get(id), code, piece);
  if (typeof place !== 'number') return place;
  const before = place === 0 ? '' : (state.signatures.get(id)?.pieces ?? []).join('');
  const image = imageOf(before + piece, code, featureCode(signed.settlementDate, signed.rrn));
  if (image !== undefined && 'rc' in image) return image;
  const found = image === undefined ? {} : { image };
  commit(step, { kind: 'signature-received', id, place, piece, slip, ...found });
  return { rc: '00', fields: { 37: takeRrn(step) } };
}

/** Whether there is such a transaction, and it is what the message says it is. */
function whyNotOf(
  step: HostStep,
  { message, amountFen }: Request,
  signed: Transaction | undefined,
): Reaction | undefined {
  if (signed === undefined) return { rc: '25', why: 'no transaction has this STAN' };
  if (signed.status === 'declined' || signed.status === 'reversed') {
    return { rc: '25', why: `the transaction is ${signed.status}` };
  }
  if (message.fields[37] !== signed.rrn)
    return { rc: '25', why: 'field 37 is another transaction' };
  if (amountFen !== signed.amountFen) return { rc: '64', why: 'field 4 is another amount' };
  const isOther = cardOf(step.state, message)?.account.id !== signed.cardId;
  const hasCard = message.fields[2] !== undefined;
  return hasCard && isOther ? { rc: '14', why: 'field 2 is another card' } : undefined;
}

/** Which packet this is, or the answer when it is none that can be taken. */
function placeOf(
  stored: StoredSignature | undefined,
  code: number,
  piece: string,
): number | Reaction {
  const place = code === WHOLE ? 0 : code - FIRST;
  if (stored?.pieces[place] === piece) return { rc: STORED_ALREADY };
  if (stored?.image !== undefined) {
    return { rc: STORED_ALREADY, why: 'another signature of this transaction is stored' };
  }
  // The first packet again, with other content: the terminal has begun anew.
  if (place === 0) return 0;
  const due = stored?.pieces.length ?? 0;
  if (place === due) return place;
  const why = due === 0 ? 'no first packet' : `packet ${code} where ${FIRST + due} is due`;
  return { rc: '96', why };
}

/** The image of all packets so far; undefined when more are to come. */
function imageOf(
  hex: string,
  code: number,
  feature: string,
): SignatureImage | Reaction | undefined {
  try {
    const { bitmap } = decodeJbig(fromHex(hex), SIGNATURE_LIMITS);
    if (blackCount(bitmap) === 0) return { rc: '30', why: 'the image is white' };
    const { width, height } = bitmap;
    return { width, height, bytes: hex.length / 2, hasFeature: carriesFeature(bitmap, feature) };
  } catch (error) {
    if (!(error instanceof CountersignError)) throw error;
    const isOpen = code >= FIRST && code < LAST && error.code === 'E_JBIG_TRUNCATED';
    return isOpen ? undefined : { rc: '30', why: `${error.code} ${error.message}` };
  }
}
