import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import { withRoom } from '../../protocol/codec/field-text.ts';
import { FrameDecoder } from '../../protocol/framing/frame-decoder.ts';
import { toHex } from '../../protocol/bytes/hex.ts';
import {
  encodeFrame,
  envelopeBytes,
  readEnvelope,
  usualEnvelope,
} from '../../protocol/framing/envelope.ts';
import { classifyRequest } from '../../protocol/message/classify-request.ts';
import { decodeMessage } from '../../protocol/message/decode-message.ts';
import { whyNotAnswer } from '../../protocol/message/derive-answer.ts';
import { encodeMessage } from '../../protocol/message/encode-message.ts';
import { assumedOf, titleOf } from '../../protocol/message/describe-message.ts';
import { maskMessage } from '../../protocol/message/mask.ts';
import type { Message } from '../../protocol/message/message.ts';
import { explainWrongMac } from '../../protocol/security/explain-wrong-mac.ts';
import { MAC_BYTES, sealMac, verifyMac } from '../../protocol/security/mac.ts';
import type { Command } from './command.ts';
import { beginOperation } from './operations/begin-operation.ts';
import { GO_ON, type Job, type Next, type Silence } from './operations/job.ts';
import { echoJob, signInJob, signOffJob } from './operations/session-jobs.ts';
import { adviceJob, refundJob, saleJob, scanJob, voidJob } from './operations/financial-jobs.ts';
import { reversalJob } from './operations/reversal-job.ts';
import { sendJob } from './operations/send-job.ts';
import { scriptJob } from './operations/script-job.ts';
import { settlementJob } from './operations/settlement-job.ts';
import { uploadJob } from './operations/upload-job.ts';
import { signJob } from './signing/sign-job.ts';
import { signaturesJob } from './signing/signatures-job.ts';
import {
  sessionCiphers,
  type Exchange,
  type JobName,
  type Operation,
  type TerminalState,
} from './terminal-state.ts';
import {
  finish,
  persist,
  publish,
  type TerminalEffect,
  type TerminalEnv,
  type TerminalInput,
  type TerminalStep,
} from './terminal-step.ts';

/** Processing requirement in digit 6 of the header of an answer. */
const SIGN_IN_AGAIN = '3';

/** A terminal takes what its dialect calls lenient (spec 00, default profile). */
const LENIENT = { isLenient: true } as const;

const JOBS: Readonly<Record<JobName, Job>> = {
  'sign-in': signInJob,
  'sign-off': signOffJob,
  echo: echoJob,
  reversal: reversalJob,
  advice: adviceJob,
  sale: saleJob,
  scan: scanJob,
  void: voidJob,
  refund: refundJob,
  'script-result': scriptJob,
  sign: signJob,
  send: sendJob,
  signatures: signaturesJob,
  settlement: settlementJob,
  upload: uploadJob,
};

/**
 * The terminal: one input, the effects it asks for, in order. It changes `state` and nothing else,
 * and never waits.
 */
export function stepTerminal(
  state: TerminalState,
  input: TerminalInput,
  env: TerminalEnv,
): TerminalEffect[] {
  const step: TerminalStep = { state, env, effects: [] };
  const { phase } = state;
  if (input.kind === 'operate') operate(step, input.command);
  else if (phase.kind === 'waiting') {
    if (input.kind === 'timer' && input.timer === 'holder') {
      const { operation } = phase;
      goOn(step, operation, currentJob(operation).waited?.(step, operation) ?? GO_ON);
    }
  } else if (phase.kind !== 'idle') {
    const { operation, exchange } = phase;
    const isOther = input.kind !== 'timer' && input.link !== exchange.link;
    if (isOther) return step.effects;
    switch (input.kind) {
      case 'opened':
        if (phase.kind === 'connecting') send(step, operation, exchange);
        break;
      case 'received':
        receive(step, operation, exchange, input.bytes);
        break;
      case 'closed':
        publishLink(step, exchange.isSent ? 'closed' : 'connect-failed', input.reason);
        endExchange(step, exchange, false);
        goOn(step, operation, lost(step, operation, exchange, 'disconnected'));
        break;
      case 'timer':
        publishLink(step, 'timed-out', input.timer);
        endExchange(step, exchange, true);
        goOn(step, operation, lost(step, operation, exchange, 'timeout'));
        break;
      default:
        input satisfies never;
    }
  }
  return step.effects;
}

function operate(step: TerminalStep, command: Command): void {
  const operation = beginOperation(step, command);
  if (operation !== undefined) startNextJob(step, operation);
}

/** The job whose exchange is under way stands first in the list until it has ended. */
function currentJob(operation: Operation): Job {
  return JOBS[operation.jobs[0]!];
}

function startNextJob(step: TerminalStep, operation: Operation): void {
  if (operation.jobs.length === 0) {
    throw new CountersignError('E_INTERNAL', { text: 'an operation ended without a result' });
  }
  const begun = currentJob(operation).begin(step, operation);
  if ('kind' in begun) goOn(step, operation, begun);
  else connect(step, operation, begun);
}

function goOn(step: TerminalStep, operation: Operation, next: Next): void {
  switch (next.kind) {
    case 'finish':
      finish(step, operation, next.outcome, next.screen, next.known);
      return;
    case 'again':
      startNextJob(step, operation);
      return;
    case 'wait':
      step.state.phase = { kind: 'waiting', operation };
      step.effects.push({ kind: 'start-timer', timer: 'holder', delayMs: next.delayMs });
      return;
    case 'go-on': {
      operation.jobs.shift();
      startNextJob(step, operation);
    }
  }
}

function connect(step: TerminalStep, operation: Operation, { mti, fields }: Message): void {
  const { state } = step;
  const { dialect, connectTimeoutMs } = state.config;
  const { mak } = sessionCiphers(state) ?? {};
  const request: Message = { mti, fields: withRoom(fields) };
  const isSealed = needsMac(state, request) && mak !== undefined;
  if (isSealed) request.fields[dialect.macField] = '0'.repeat(2 * MAC_BYTES);
  const encoded = encodeMessage(dialect, request);
  if (isSealed) {
    sealMac(mak, encoded);
    request.fields[dialect.macField] = toHex(encoded, encoded.length - MAC_BYTES);
  }
  const link = state.links++;
  const exchange: Exchange = {
    link,
    request,
    bytes: encodeFrame(usualEnvelope(dialect.framing), encoded, dialect),
    decoder: new FrameDecoder(dialect),
    isSent: false,
  };
  state.phase = { kind: 'connecting', operation, exchange };
  step.effects.push({ kind: 'start-timer', timer: 'connect', delayMs: connectTimeoutMs });
  step.effects.push({ kind: 'connect', link });
}

function needsMac(state: TerminalState, request: Message): boolean {
  const found = classifyRequest(state.config.dialect, request);
  return found.kind === 'known' && found.transaction.mac === true;
}

function send(step: TerminalStep, operation: Operation, exchange: Exchange): void {
  const { state } = step;
  step.effects.push({ kind: 'stop-timer', timer: 'connect' });
  currentJob(operation).sending?.(step);
  exchange.isSent = true;
  state.phase = { kind: 'awaiting', operation, exchange };
  operation.wire.push(exchange.request.mti);
  publishMessage(step, 'sent', exchange.request, exchange.bytes.length);
  step.effects.push({ kind: 'send', link: exchange.link, bytes: exchange.bytes });
  const delayMs = state.config.responseTimeoutMs;
  step.effects.push({ kind: 'start-timer', timer: 'response', delayMs });
}

/** Takes the first frame that is the answer; whatever is not is said aloud and waited past. */
function receive(
  step: TerminalStep,
  operation: Operation,
  exchange: Exchange,
  bytes: Uint8Array,
): void {
  const bodies: Uint8Array[] = [];
  try {
    exchange.decoder.push(bytes, (body) => bodies.push(body));
  } catch (error) {
    if (!(error instanceof CountersignError)) throw error;
    refuseAnswer(step, operation, [`${error.code} ${error.message}`]);
  }
  for (const body of bodies) {
    const { phase } = step.state;
    if (!('exchange' in phase) || phase.exchange !== exchange) return;
    judge(step, operation, exchange, body);
  }
}

function judge(
  step: TerminalStep,
  operation: Operation,
  exchange: Exchange,
  body: Uint8Array,
): void {
  const answer = readAnswer(step, body);
  if ('why' in answer) {
    refuseAnswer(step, operation, answer.why);
    return;
  }
  publishMessage(step, 'received', answer.message, body.length + 2);
  const why = whyNotAnswer(step.state.config.dialect, exchange.request, answer.message);
  if (why.length > 0) {
    refuseAnswer(step, operation, why, answer.message.mti);
    return;
  }
  operation.wire.push(answer.message.mti);
  endExchange(step, exchange, true);
  const job = currentJob(operation);
  if (isForged(step, exchange.request, answer.message, answer.encoded)) {
    publish(step, {
      kind: 'answer-refused',
      tid: step.state.config.tid,
      why: [whyForged(step, answer.message, answer.encoded)],
    });
    goOn(step, operation, job.forged(step, operation));
    return;
  }
  const next = job.answered(step, operation, exchange.request, answer.message);
  // The host asks for a sign-in: done before the next operation (spec 1.3, 6.2).
  if (answer.header[5] === SIGN_IN_AGAIN) persist(step, { kind: 'sign-in-lost' });
  goOn(step, operation, next);
}

function readAnswer(
  step: TerminalStep,
  body: Uint8Array,
): { message: Message; encoded: Uint8Array; header: string } | { why: string[] } {
  const { dialect } = step.state.config;
  let header: string;
  try {
    // The TPDU of an answer is not checked: front ends rewrite it (spec 1.2).
    header = readEnvelope(body, dialect.framing).header;
  } catch (error) {
    if (!(error instanceof CountersignError)) throw error;
    return { why: [`${error.code} ${error.message}`] };
  }
  const start = envelopeBytes(dialect.framing);
  const decoded = decodeMessage(dialect, body, start, body.length, LENIENT);
  return decoded.ok
    ? { message: decoded.message, encoded: body.subarray(start), header }
    : { why: [`${decoded.error.code} ${decoded.error.message}`] };
}

/** A missing MAC is taken for a refusal only: a host that holds no key cannot make one (spec 4.10). */
function isForged(
  step: TerminalStep,
  request: Message,
  answer: Message,
  encoded: Uint8Array,
): boolean {
  const { macField, responseCodes, reversalFinal } = step.state.config.dialect;
  if (request.fields[macField] === undefined) return false;
  const { mak } = sessionCiphers(step.state) ?? {};
  if (answer.fields[macField] === undefined) {
    const rc = answer.fields[39] ?? '';
    // What ends a reversal counts as much as an approval: nobody else may say it.
    const endsReversal = request.mti === '0400' && reversalFinal.includes(rc);
    return responseCodes[rc]?.class === 'A' || endsReversal;
  }
  return mak === undefined || !verifyMac(mak, encoded);
}

function whyForged(step: TerminalStep, answer: Message, encoded: Uint8Array): string {
  const { dialect } = step.state.config;
  if (answer.fields[dialect.macField] === undefined) return 'missing MAC';
  if (!step.env.isTraced) return 'wrong MAC';
  const keys = sessionCiphers(step.state);
  return `wrong MAC. ${explainWrongMac(dialect, encoded, [{ name: 'in force', keys }])}`;
}

function refuseAnswer(step: TerminalStep, operation: Operation, why: string[], mti = ''): void {
  operation.wire.push(`${mti}?`);
  publish(step, { kind: 'answer-refused', tid: step.state.config.tid, why });
}

function lost(step: TerminalStep, operation: Operation, exchange: Exchange, why: Silence): Next {
  const job = currentJob(operation);
  return exchange.isSent ? job.unanswered(step, operation, why) : job.notSent(step, operation);
}

function endExchange(step: TerminalStep, exchange: Exchange, isOpen: boolean): void {
  const timer = exchange.isSent ? 'response' : 'connect';
  step.effects.push({ kind: 'stop-timer', timer });
  if (isOpen) step.effects.push({ kind: 'disconnect', link: exchange.link });
}

function publishLink(
  step: TerminalStep,
  what: 'connect-failed' | 'closed' | 'timed-out',
  reason: string,
): void {
  publish(step, { kind: 'link', party: 'terminal', what, tid: step.state.config.tid, reason });
}

function publishMessage(
  step: TerminalStep,
  direction: 'sent' | 'received',
  message: Message,
  lengthBytes: number,
): void {
  if (!step.env.isTraced) return;
  const { dialect, tid } = step.state.config;
  const assumed = assumedOf(dialect, message);
  publish(step, {
    kind: 'message',
    party: 'terminal',
    direction,
    tid,
    mti: message.mti,
    title: titleOf(dialect, message),
    ...(assumed === undefined ? {} : { assumed }),
    fields: maskMessage(dialect, message),
    lengthBytes,
  });
}
