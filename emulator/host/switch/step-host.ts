import { CountersignError } from '../../../protocol/errors/countersign-error.ts';
import type { ErrorCode } from '../../../protocol/errors/error-table.ts';
import { FrameDecoder } from '../../../protocol/framing/frame-decoder.ts';
import { envelopeBytes, readEnvelope, type Envelope } from '../../../protocol/framing/envelope.ts';
import { encodeMessage } from '../../../protocol/message/encode-message.ts';
import { isRequestMti, type Message } from '../../../protocol/message/message.ts';
import type { Connection, HostState } from '../host-state.ts';
import {
  beginStep,
  endStep,
  type HostEffect,
  type HostEnv,
  type HostInput,
  type LinkInput,
  type HostStep,
} from '../host-step.ts';
import { noticeAnswered, noticeRings, resumeNotices } from '../notifications/outbox.ts';
import { armAlarms, closeDays } from '../settlement/close-day.ts';
import { alarmRings, resumePending, walletAnswers } from '../upstream/answers.ts';
import { judgeRequest, whoSent, type Judgement } from './answer-request.ts';
import { readRequest } from './request-content.ts';
import { answerTo, logRefusal, publishMessage, reply, sendAnswer } from './send-answer.ts';

/** Errors after which nobody can say where the next message begins. */
const LENGTH_IN_DOUBT: readonly ErrorCode[] = [
  'E_TRUNCATED',
  'E_BIT_WITHOUT_DATA',
  'E_TRAILING',
  'E_DATA_WITHOUT_BIT',
];

/**
 * One input of the host, the effects it asks for; the journal group of the step comes first among
 * them.
 */
export function stepHost(state: HostState, input: HostInput, env: HostEnv): HostEffect[] {
  const step = beginStep(state, env);
  closeDays(step);
  switch (input.kind) {
    case 'started':
      resumePending(step);
      resumeNotices(step);
      break;
    case 'alarm':
      state.alarmsSet.delete(input.key);
      alarmRings(step, input.key);
      noticeRings(step, input.key);
      break;
    case 'wallet-answered':
      walletAnswers(step, input);
      break;
    case 'notice-answered':
      noticeAnswered(step, input.key, input.outcome);
      break;
    case 'accepted': {
      const decoder = new FrameDecoder(state.institution.dialect);
      state.connections.set(input.link, { decoder, peer: input.peer });
      break;
    }
    default:
      stepLine(step, input);
  }
  armAlarms(step);
  return endStep(step);
}

/** The host's line side: connections, frames, answers. */
function stepLine(step: HostStep, input: LinkInput): void {
  const { link } = input;
  const connection = step.state.connections.get(link);
  if (connection === undefined) return;
  switch (input.kind) {
    case 'received':
      receive(step, link, connection, input.bytes);
      return;
    case 'closed':
      if (connection.decoder.isInsideFrame) {
        const text = `${connection.decoder.pendingBytes} bytes of a frame, then ${input.reason}`;
        logRefusal(step, link, 'E_FRAME_TRUNCATED', text, 'closed');
        step.effects.push({ kind: 'stop-timer', link });
      }
      step.state.connections.delete(link);
      return;
    case 'timer': {
      const text = `${connection.decoder.pendingBytes} bytes of a frame, then nothing`;
      close(step, link, 'E_FRAME_TIMEOUT', text);
      return;
    }
    default:
      input satisfies never;
  }
}

function receive(step: HostStep, link: number, connection: Connection, bytes: Uint8Array): void {
  const { decoder } = connection;
  const wasInside = decoder.isInsideFrame;
  let frames = 0;
  try {
    decoder.push(bytes, (body) => {
      frames++;
      // A frame may have closed the connection; what follows it is not looked at.
      if (step.state.connections.has(link)) answerFrame(step, link, body);
    });
  } catch (error) {
    if (!(error instanceof CountersignError)) throw error;
    close(step, link, error.code, `${error.message}; ${error.hint}`);
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

function answerFrame(step: HostStep, link: number, body: Uint8Array): void {
  const { dialect } = step.state.institution;
  let envelope: Envelope;
  try {
    envelope = readEnvelope(body, dialect.framing);
  } catch (error) {
    if (!(error instanceof CountersignError)) throw error;
    close(step, link, error.code, error.message);
    return;
  }
  const start = envelopeBytes(dialect.framing);
  const decoded = readRequest(dialect, body, start);
  if (!decoded.ok) {
    answerDamage(step, link, envelope, decoded.error, decoded.partial);
    return;
  }
  const { message } = decoded;
  publishMessage(step, 'received', message, body.length + 2);
  const encoded = new Uint8Array(body.buffer, body.byteOffset + start, body.length - start);
  const judgement = judgeRequest(step, message, encoded);
  if (judgement.kind === 'close') {
    close(step, link, 'E_BAD_MTI', judgement.why);
    return;
  }
  if (judgement.kind === 'wait') {
    step.state.waiting.set(judgement.id, {
      asker: { link, envelope, message },
      request: judgement.request,
    });
    return;
  }
  if (judgement.refusal !== undefined) {
    const { rc } = judgement.reaction;
    const text = `${whoSent(message)} ${message.mti}: ${judgement.refusal}`;
    logRefusal(step, link, rc, text, `answered ${rc}`);
  }
  sendAnswer(step, { link, envelope, message }, judgement);
}

/**
 * A message that cannot be read is answered with a format error and whatever of it could be read;
 * where its length is in doubt the stream cannot be trusted any more and is closed as well.
 */
function answerDamage(
  step: HostStep,
  link: number,
  envelope: Envelope,
  error: CountersignError,
  partial: Message | undefined,
): void {
  const isLengthInDoubt = LENGTH_IN_DOUBT.includes(error.code);
  const text = `${whoSent(partial)} ${partial?.mti ?? '????'}: ${error.message}`;
  if (partial === undefined || !isRequestMti(partial.mti)) {
    close(step, link, error.code, text);
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
  if (isLengthInDoubt) close(step, link, error.code, `${text}; answered 30`);
  else logRefusal(step, link, error.code, text, 'answered 30');
}

function close(step: HostStep, link: number, code: string, text: string): void {
  logRefusal(step, link, code, text, 'closed');
  step.state.connections.delete(link);
  step.effects.push({ kind: 'disconnect', link });
}
