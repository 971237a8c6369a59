import { CountersignError } from '../../../protocol/errors/countersign-error.ts';
import type { ErrorCode } from '../../../protocol/errors/error-table.ts';
import { FrameDecoder } from '../../../protocol/framing/frame-decoder.ts';
import {
  answerEnvelope,
  encodeFrame,
  envelopeBytes,
  readEnvelope,
  type Envelope,
} from '../../../protocol/framing/envelope.ts';
import { decodeMessage } from '../../../protocol/message/decode-message.ts';
import { deriveAnswer } from '../../../protocol/message/derive-answer.ts';
import { assumedOf, titleOf } from '../../../protocol/message/describe-message.ts';
import { encodeMessage } from '../../../protocol/message/encode-message.ts';
import { maskMessage } from '../../../protocol/message/mask.ts';
import { isRequestMti, type Message } from '../../../protocol/message/message.ts';
import { toHex } from '../../../protocol/bytes/hex.ts';
import { MAC_BYTES, sealMac } from '../../../protocol/security/mac.ts';
import { hhmmss, mmdd } from '../../world/civil-time.ts';
import type { Connection, HostState } from '../host-state.ts';
import {
  beginStep,
  endStep,
  hostTime,
  publish,
  type HostEffect,
  type HostEnv,
  type HostInput,
  type HostStep,
} from '../host-step.ts';
import { judgeRequest, whoSent, type Judgement } from './answer-request.ts';
import { panOf } from './request.ts';

/** A host takes what its dialect calls lenient (spec 00, default profile). */
const LENIENT = { isLenient: true } as const;

/** Errors after which nobody can say where the next message begins. */
const LENGTH_IN_DOUBT: readonly ErrorCode[] = [
  'E_TRUNCATED',
  'E_BIT_WITHOUT_DATA',
  'E_TRAILING',
  'E_DATA_WITHOUT_BIT',
];

/**
 * The host's line side: connections, frames, answers. One input, the effects it asks for; the
 * journal group of the step comes first among them.
 */
export function stepHost(state: HostState, input: HostInput, env: HostEnv): HostEffect[] {
  const step = beginStep(state, env);
  const { link } = input;
  if (input.kind === 'accepted') {
    const decoder = new FrameDecoder(state.institution.dialect);
    state.connections.set(link, { decoder, peer: input.peer });
    return [];
  }
  const connection = state.connections.get(link);
  if (connection === undefined) return [];
  switch (input.kind) {
    case 'received':
      receive(step, link, connection, input.bytes);
      break;
    case 'closed':
      if (connection.decoder.isInsideFrame) {
        const text = `${connection.decoder.pendingBytes} bytes of a frame, then ${input.reason}`;
        logRefusal(step, connection, 'E_FRAME_TRUNCATED', text, 'closed');
        step.effects.push({ kind: 'stop-timer', link });
      }
      state.connections.delete(link);
      break;
    case 'timer': {
      const text = `${connection.decoder.pendingBytes} bytes of a frame, then nothing`;
      close(step, link, connection, 'E_FRAME_TIMEOUT', text);
      break;
    }
    default:
      input satisfies never;
  }
  return endStep(step);
}

function receive(step: HostStep, link: number, connection: Connection, bytes: Uint8Array): void {
  const { decoder } = connection;
  const wasInside = decoder.isInsideFrame;
  let frames = 0;
  try {
    decoder.push(bytes, (body) => {
      frames++;
      // A frame may have closed the connection; what follows it is not looked at.
      if (step.state.connections.has(link)) answerFrame(step, link, connection, body);
    });
  } catch (error) {
    if (!(error instanceof CountersignError)) throw error;
    close(step, link, connection, error.code, `${error.message}; ${error.hint}`);
  }
  if (!step.state.connections.has(link)) {
    if (wasInside) step.effects.push({ kind: 'stop-timer', link });
    return;
  }
  // From the first byte of a frame, not renewed by further bytes of it (F017).
  if (wasInside && frames > 0) step.effects.push({ kind: 'stop-timer', link });
  if (decoder.isInsideFrame && (!wasInside || frames > 0)) {
    const delayMs = step.state.institution.policy.partialFrameMs;
    step.effects.push({ kind: 'start-timer', link, delayMs });
  }
}

function answerFrame(step: HostStep, link: number, connection: Connection, body: Uint8Array): void {
  const { dialect } = step.state.institution;
  let envelope: Envelope;
  try {
    envelope = readEnvelope(body, dialect.framing);
  } catch (error) {
    if (!(error instanceof CountersignError)) throw error;
    close(step, link, connection, error.code, error.message);
    return;
  }
  const start = envelopeBytes(dialect.framing);
  const decoded = decodeMessage(dialect, body, start, body.length, LENIENT);
  if (!decoded.ok) {
    answerDamage(step, link, connection, envelope, decoded.error, decoded.partial);
    return;
  }
  const { message } = decoded;
  publishMessage(step, 'received', message, body.length + 2);
  const judgement = judgeRequest(step, message, body.subarray(start));
  if (judgement.kind === 'close') {
    close(step, link, connection, 'E_BAD_MTI', judgement.why);
    return;
  }
  if (judgement.refusal !== undefined) {
    const { rc } = judgement.reaction;
    const text = `${whoSent(message)} ${message.mti}: ${judgement.refusal}`;
    logRefusal(step, connection, rc, text, `answered ${rc}`);
  }
  const answer = answerTo(step, judgement.clear ?? message, judgement);
  const encoded = encodedAnswer(step, connection, answer);
  if (answer.fields[dialect.macField] !== undefined) {
    sealMac(judgement.session!.keys!.mak, encoded);
    answer.fields[dialect.macField] = toHex(encoded, encoded.length - MAC_BYTES);
  }
  reply(step, link, envelope, answer, encoded);
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
function encodedAnswer(step: HostStep, connection: Connection, answer: Message): Uint8Array {
  const { dialect } = step.state.institution;
  try {
    return encodeMessage(dialect, answer);
  } catch (error) {
    if (!(error instanceof CountersignError)) throw error;
    logRefusal(step, connection, error.code, error.message, 'answered without card data');
    for (const field of OF_CARD) delete answer.fields[field];
    return encodeMessage(dialect, answer);
  }
}

function reply(
  step: HostStep,
  link: number,
  envelope: Envelope,
  answer: Message,
  encoded: Uint8Array,
): void {
  const { dialect } = step.state.institution;
  const bytes = encodeFrame(answerEnvelope(envelope), encoded, dialect);
  publishMessage(step, 'sent', answer, bytes.length);
  step.effects.push({ kind: 'send', link, bytes });
}

/** Echoed fields, what the room added, host time, acquirer, code; sealed when a key is agreed. */
function answerTo(
  step: HostStep,
  request: Message,
  judgement: Extract<Judgement, { kind: 'answer' }>,
): Message {
  const { transaction, session, reaction } = judgement;
  const { dialect, acquirer } = step.state.institution;
  const time = hostTime(step);
  const { mti, fields } = deriveAnswer(dialect, request, transaction);
  // Of a track that stayed encrypted nobody knows where the card number ends.
  const pan = areTracksEncrypted(request, judgement) ? request.fields[2] : panOf(request);
  if (transaction?.echo.includes(2) === true && pan !== undefined) fields[2] = pan;
  Object.assign(fields, { 12: hhmmss(time), 13: mmdd(time), 32: acquirer }, reaction.fields);
  if (reaction.withoutRc !== true) fields[39] = reaction.rc;
  if (transaction?.mac === true && session?.isSignedIn === true && session.keys !== undefined) {
    fields[dialect.macField] = '0'.repeat(16);
  }
  return { mti, fields };
}

/**
 * A message that cannot be read is answered with a format error and whatever of it could be read;
 * where its length is in doubt the stream cannot be trusted any more and is closed as well.
 */
function answerDamage(
  step: HostStep,
  link: number,
  connection: Connection,
  envelope: Envelope,
  error: CountersignError,
  partial: Message | undefined,
): void {
  const isLengthInDoubt = LENGTH_IN_DOUBT.includes(error.code);
  const text = `${whoSent(partial)} ${partial?.mti ?? '????'}: ${error.message}`;
  if (partial === undefined || !isRequestMti(partial.mti)) {
    close(step, link, connection, error.code, text);
    return;
  }
  const judgement: Judgement = {
    kind: 'answer',
    transaction: undefined,
    session: undefined,
    reaction: { rc: '30' },
  };
  const answer = answerTo(step, partial, judgement);
  reply(step, link, envelope, answer, encodeMessage(step.state.institution.dialect, answer));
  if (isLengthInDoubt) close(step, link, connection, error.code, `${text}; answered 30`);
  else logRefusal(step, connection, error.code, text, 'answered 30');
}

function close(
  step: HostStep,
  link: number,
  connection: Connection,
  code: string,
  text: string,
): void {
  logRefusal(step, connection, code, text, 'closed');
  step.state.connections.delete(link);
  step.effects.push({ kind: 'disconnect', link });
}

/** One masked line a refusal: no field value but the terminal number is in it. */
function logRefusal(
  step: HostStep,
  connection: Connection,
  code: string,
  text: string,
  reaction: string,
): void {
  const { peer } = connection;
  publish(step, { kind: 'refused', party: 'host', peer, code, text, reaction });
}

function publishMessage(
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
