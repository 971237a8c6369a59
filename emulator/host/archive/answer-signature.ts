import { CountersignError } from '../../../protocol/errors/countersign-error.ts';
import { featureCode } from '../../../protocol/message/feature-code.ts';
import { decodeSlip } from '../../../protocol/signature/slip-elements.ts';
import { readPath } from '../../../protocol/structure/field-structure.ts';
import { commit, takeRrn, type HostStep } from '../host-step.ts';
import type { Reaction } from '../switch/reaction.ts';
import type { Request } from '../switch/request.ts';
import type { Transaction } from '../transaction-book.ts';
import type { SignatureImage, StoredSignature } from './archive-state.ts';
import { readImage } from './read-image.ts';
import { sealedNow } from './sealed-now.ts';

/** 60.3 of a signature in one message, and of the first of several (spec 7.3). */
const WHOLE = 800;
const FIRST = 801;
const LAST = 809;

/** What was received already is a success for the terminal (spec 7.1). */
const STORED_ALREADY = '94';

/**
 * The upload of a signature, whole or in packets: bound to its transaction, complete when its image
 * can be decoded. Whatever is wrong with it, the transaction stays as it is (I-25, I-26); why is
 * kept with what is open.
 */
export function answerSignature(step: HostStep, request: Request): Reaction {
  const { state } = step;
  const { id } = request;
  const signed = state.transactions.get(id);
  if (signed === undefined) return { rc: '25', why: 'no transaction has this STAN' };
  const reaction = take(step, request, signed);
  const { rc, why } = reaction;
  const isOpen = state.archive.signatures.get(id)?.whole === undefined;
  if (why !== undefined && isOpen) commit(step, { kind: 'signature-refused', id, rc, why });
  return reaction;
}

function take(step: HostStep, request: Request, signed: Transaction): Reaction {
  const { id } = signed;
  const { archive, institution } = step.state;
  const { message } = request;
  const refusal = whyNotOf(step, request, signed);
  if (refusal !== undefined) return refusal;
  const { 55: slip = '', 62: piece = '' } = message.fields;
  try {
    decodeSlip(slip);
  } catch (error) {
    if (!(error instanceof CountersignError)) throw error;
    return { rc: '30', why: `${error.code} ${error.message}` };
  }
  if (piece === '') return { rc: '30', why: 'field 62 is empty' };
  // A variant of the dialect without 60.3 sends a signature in one message.
  const code = Number(readPath(institution.dialect, message, '60.3') ?? WHOLE);
  const stored = archive.signatures.get(id);
  const place = placeOf(stored, code, piece);
  if (typeof place !== 'number') return place;
  if (place > 0 && stored?.slip !== slip) {
    return { rc: '96', why: 'field 55 is not that of the first packet' };
  }
  const picture = [...(stored?.pieces.slice(0, place) ?? []), piece].join('');
  const image = imageOf(picture, code, featureCode(signed.settlementDate, signed.rrn));
  if (image !== undefined && 'rc' in image) return image;
  if (image?.hasFeature === false && step.state.signatureFeature === 'required') {
    return { rc: '30', why: 'the feature code of the transaction is not in the picture' };
  }
  commit(step, {
    kind: 'signature-received',
    id,
    place,
    piece,
    slip,
    ...(image === undefined ? {} : { whole: wholeOf(step, signed, { slip, picture, image }) }),
  });
  return { rc: '00', fields: { 37: takeRrn(step) } };
}

/** What comes with the last packet: the picture as it is stored from now on, sealed. */
function wholeOf(
  step: HostStep,
  signed: Transaction,
  { slip, picture, image }: { slip: string; picture: string; image: SignatureImage },
): NonNullable<StoredSignature['whole']> {
  return { image, seal: sealedNow(step, signed, { kind: 'signature', slip, picture, image }) };
}

/** Whether the transaction is what the message says it is, and may be signed. */
function whyNotOf(
  { state }: HostStep,
  { message, amountFen, card }: Request,
  signed: Transaction,
): Reaction | undefined {
  if (signed.status === 'declined' || signed.status === 'reversed') {
    return { rc: '25', why: `the transaction is ${signed.status}` };
  }
  if (message.fields[37] !== signed.rrn) {
    return { rc: '25', why: 'field 37 is another transaction' };
  }
  if (state.archive.exemptions.has(signed.id)) {
    return { rc: '25', why: 'the transaction is exempt from a signature' };
  }
  if (amountFen !== signed.amountFen) return { rc: '64', why: 'field 4 is another amount' };
  const isOther = card?.account.id !== signed.cardId;
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
  if (stored?.whole !== undefined) {
    return { rc: STORED_ALREADY, why: 'another signature of this transaction is stored' };
  }
  // An earlier packet again, with other content: the terminal goes on from there anew.
  const due = stored?.pieces.length ?? 0;
  if (place <= due) return place;
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
    return readImage(hex, feature);
  } catch (error) {
    if (!(error instanceof CountersignError)) throw error;
    const isOpen = code >= FIRST && code < LAST && error.code === 'E_JBIG_TRUNCATED';
    return isOpen ? undefined : { rc: '30', why: `${error.code} ${error.message}` };
  }
}
