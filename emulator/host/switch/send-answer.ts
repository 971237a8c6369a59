import { USUAL_FIELDS } from '../../../protocol/codec/slots.ts';
import { CountersignError } from '../../../protocol/errors/countersign-error.ts';
import { answerEnvelope, encodeFrame, type Envelope } from '../../../protocol/framing/envelope.ts';
import { deriveAnswer } from '../../../protocol/message/derive-answer.ts';
import { assumedOf, titleOf } from '../../../protocol/message/describe-message.ts';
import { encodeMessage } from '../../../protocol/message/encode-message.ts';
import { maskMessage } from '../../../protocol/message/mask.ts';
import type { FieldValues, Message } from '../../../protocol/message/message.ts';
import { readPath } from '../../../protocol/structure/field-structure.ts';
import { toHex } from '../../../protocol/bytes/hex.ts';
import { MAC_BYTES, sealMac } from '../../../protocol/security/mac.ts';
import { commit, hostMoment, publish, type HostStep } from '../host-step.ts';
import { transactionId } from '../transaction-index.ts';
import type { Judgement } from './answer-request.ts';
import { panOf } from './request.ts';

/** Where a request came from, and so where its answer goes. */
export interface Asker {
  readonly link: number;
  readonly envelope: Envelope;
  /** As it came. */
  readonly message: Message;
}

/** Answers a request that was judged: sealed where a key is agreed, and sent. */
export function sendAnswer(
  step: HostStep,
  { link, envelope, message }: Asker,
  judgement: Extract<Judgement, { kind: 'answer' }>,
): void {
  const { dialect } = step.state.institution;
  const answer = answerTo(step, judgement.clear ?? message, judgement);
  const encoded = encodedAnswer(step, link, answer);
  if (answer.fields[dialect.macField] !== undefined) {
    sealMac(judgement.session!.keys!.mak, encoded);
    // Only who describes messages looks at it there.
    if (step.env.isTraced) {
      answer.fields[dialect.macField] = toHex(encoded, encoded.length - MAC_BYTES);
    }
  }
  reply(step, link, envelope, answer, encoded, slownessMs(step, message));
}

/** How late the answer to a financial request leaves, which is on record with it (A01). */
function slownessMs(step: HostStep, request: Message): number {
  const { slowAnswers, transactions, institution } = step.state;
  if (slowAnswers.times === 0 || !request.mti.startsWith('02')) return 0;
  const { 11: stan = '', 41: tid = '' } = request.fields;
  const batchNo = readPath(institution.dialect, request, '60.2') ?? '';
  const id = transactionId(tid, batchNo, stan);
  if (!transactions.has(id)) return 0;
  const { delayMs } = slowAnswers;
  const lateMs = Math.max(0, delayMs - institution.policy.terminalWaitMs);
  commit(step, { kind: 'answer-slow', id, delayMs, lateMs });
  return delayMs;
}

/** Third digit of field 53. */
function areTracksEncrypted(
  request: Message,
  { clear }: Extract<Judgement, { kind: 'answer' }>,
): boolean {
  return clear === undefined && request.fields[53]?.[2] === '1';
}

/** Fields of a request that the card gave: an answer can do without them. */
const OF_CARD = [2, 14, 23, 35, 36, 53] as const;

/**
 * What a request says is echoed, and a request may say what no message may: it is answered without
 * that, rather than not at all.
 */
function encodedAnswer(step: HostStep, link: number, answer: Message): Uint8Array {
  const { dialect } = step.state.institution;
  try {
    return encodeMessage(dialect, answer);
  } catch (error) {
    if (!(error instanceof CountersignError)) throw error;
    logRefusal(step, link, error.code, error.message, 'answered without card data');
    for (const field of OF_CARD) delete answer.fields[field];
    return encodeMessage(dialect, answer);
  }
}

export function reply(
  step: HostStep,
  link: number,
  envelope: Envelope,
  answer: Message,
  encoded: Uint8Array,
  delayMs = 0,
): void {
  const { dialect } = step.state.institution;
  const bytes = encodeFrame(answerEnvelope(envelope), encoded, dialect);
  publishMessage(step, 'sent', answer, bytes.length);
  step.effects.push(
    delayMs === 0 ? { kind: 'send', link, bytes } : { kind: 'send-later', link, bytes, delayMs },
  );
}

/** Echoed fields, what the room added, host time, acquirer, code; sealed when a key is agreed. */
export function answerTo(
  step: HostStep,
  request: Message,
  judgement: Extract<Judgement, { kind: 'answer' }>,
): Message {
  const { transaction, session, reaction } = judgement;
  const { dialect, acquirer } = step.state.institution;
  const now = hostMoment(step);
  const { mti, fields } = deriveAnswer(dialect, request, transaction);
  // Of a track that stayed encrypted nobody knows where the card number ends.
  const pan = areTracksEncrypted(request, judgement) ? request.fields[2] : panOf(request);
  if (transaction?.echo.includes(2) === true && pan !== undefined) fields[2] = pan;
  fields[12] = now.hhmmss;
  fields[13] = now.mmdd;
  fields[32] = acquirer;
  if (reaction.fields !== undefined) addFields(fields, reaction.fields);
  if (reaction.withoutRc !== true) fields[39] = reaction.rc;
  if (transaction?.mac === true && session?.isSignedIn === true && session.keys !== undefined) {
    fields[dialect.macField] = UNSEALED;
  }
  return { mti, fields };
}

function addFields(to: FieldValues, added: FieldValues): void {
  for (let field = 1; field <= USUAL_FIELDS; field++) {
    if (field in added && added[field] !== undefined) to[field] = added[field]!;
  }
}

const UNSEALED = '0'.repeat(2 * MAC_BYTES);

/** One masked line a refusal: no field value but the terminal number is in it. */
export function logRefusal(
  step: HostStep,
  link: number,
  code: string,
  text: string,
  reaction: string,
): void {
  const peer = step.state.connections.get(link)?.peer ?? '?';
  publish(step, { kind: 'refused', party: 'host', peer, code, text, reaction });
}

export function publishMessage(
  step: HostStep,
  direction: 'sent' | 'received',
  message: Message,
  lengthBytes: number,
): void {
  if (!step.env.isTraced) return;
  const { dialect } = step.state.institution;
  const assumed = assumedOf(dialect, message);
  publish(step, {
    kind: 'message',
    party: 'host',
    direction,
    tid: message.fields[41] ?? '',
    mti: message.mti,
    title: titleOf(dialect, message),
    ...(assumed === undefined ? {} : { assumed }),
    fields: maskMessage(dialect, message),
    lengthBytes,
  });
}
