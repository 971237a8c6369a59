import { numberOf } from '../../../protocol/bytes/digits.ts';
import { withRoom } from '../../../protocol/codec/field-text.ts';
import {
  applyRules,
  checkStructures,
  findingError,
  type Finding,
} from '../../../protocol/message/check-message.ts';
import {
  classifyRequest,
  type NamedTransaction,
} from '../../../protocol/message/classify-request.ts';
import { isRequestMti, type Message } from '../../../protocol/message/message.ts';
import type { Dialect } from '../../../protocol/dialect/dialect.ts';
import { explainWrongMac } from '../../../protocol/security/explain-wrong-mac.ts';
import { verifyMac } from '../../../protocol/security/mac.ts';
import { answerSignature } from '../archive/answer-signature.ts';
import { answerSettlement } from '../batches/answer-settlement.ts';
import {
  answerChipUpload,
  answerSingleUpload,
  answerUpload,
  answerUploadEnd,
} from '../batches/answer-upload.ts';
import { earlierAnswer, type Answered } from '../answers.ts';
import type { TerminalSession } from '../host-state.ts';
import { commit, type HostStep } from '../host-step.ts';
import { answerRefund, answerSale, answerVoid } from './financial.ts';
import { clearTracks } from './clear-tracks.ts';
import { refuse, type Reaction, type Waits } from './reaction.ts';
import { freeOrdersOf } from '../wallet/wallet-orders.ts';
import type { Transaction } from '../transaction-book.ts';
import { panOf, toRequest, type Request } from './request.ts';
import { fingerprintOf, isSameContent, numbersRead } from './request-content.ts';
import { answerScriptResult } from './script-result.ts';
import { answerReversal } from './reversal.ts';
import { answerEcho, answerSignIn, answerSignOff } from './session.ts';

type Room = (step: HostStep, request: Request) => Reaction | Waits;

/** Which room answers which transaction; what is not here is not supported (40). */
const ROOMS: Readonly<Record<string, Room>> = {
  'sign-in': answerSignIn,
  'sign-off': answerSignOff,
  echo: answerEcho,
  sale: answerSale,
  void: answerVoid,
  refund: answerRefund,
  reversal: answerReversal,
  settlement: answerSettlement,
  upload: answerUpload,
  'upload-chip': answerChipUpload,
  'upload-advice': answerSingleUpload,
  'upload-end': answerUploadEnd,
  'script-result': answerScriptResult,
  'signature-upload': answerSignature,
};

/** Requests that carry a batch number which must be the open one. */
const BATCH_BOUND: readonly string[] = ['sale', 'void', 'refund'];
/** Requests that need a session although they carry no MAC. */
const SESSION_BOUND: readonly string[] = [
  'settlement',
  'upload',
  'upload-chip',
  'upload-advice',
  'upload-end',
  'sign-off',
];

export type Judgement =
  | {
      readonly kind: 'answer';
      readonly transaction: NamedTransaction | undefined;
      readonly session: TerminalSession | undefined;
      readonly reaction: Reaction;
      /** Why it was refused; logged. */
      readonly refusal?: string;
      /** The request with its tracks in clear, once they are. */
      readonly clear?: Message;
    }
  /** Another party is asked first; `id` is the transaction. */
  | { readonly kind: 'wait'; readonly id: string; readonly request: Request }
  | { readonly kind: 'close'; readonly why: string };

function refused(
  rc: string,
  refusal: string,
  transaction?: NamedTransaction,
  session?: TerminalSession,
): Judgement {
  return { kind: 'answer', transaction, session, reaction: refuse(rc), refusal };
}

/**
 * The switch: what is it, who sent it, may he, is it new — then the room that knows the rest
 * (spec 5.2 for the codes).
 *
 * @param message what `readRequest` has read last
 * @param encoded the message bytes, for the MAC
 */
export function judgeRequest(step: HostStep, message: Message, encoded: Uint8Array): Judgement {
  const { state } = step;
  const { dialect } = state.institution;
  const found = classifyRequest(dialect, message);
  if (found.kind === 'unknown-mti') {
    return isRequestMti(message.mti)
      ? refused('40', `unknown message type ${message.mti}`)
      : { kind: 'close', why: `${message.mti} is no request` };
  }
  const tid = message.fields[41];
  if (tid === undefined) return refused('30', 'field 41 is missing');
  if (message.fields[42] === undefined) return refused('30', 'field 42 is missing');
  const session = state.terminals.get(tid);
  if (session === undefined) return refused('97', `terminal ${printable(tid)} is unknown`);
  if (message.fields[42] !== session.account.mid) {
    const isMerchant = state.merchants.has(message.fields[42] ?? '');
    return refused(isMerchant ? '97' : '03', 'field 42 is not the merchant of this terminal');
  }
  if (found.kind === 'contradictory') {
    return refused('12', 'fields 3, 25 and 60.1 contradict each other', undefined, session);
  }
  if (found.kind === 'unsupported') {
    const lost = [3, 25, 60].filter((field) => message.fields[field] === undefined);
    return lost.length > 0 && !isManagement(message.mti)
      ? refused('30', `missing field ${lost.join(', ')}`, undefined, session)
      : refused('40', 'no such transaction', undefined, session);
  }
  const { transaction } = found;
  const numbers = numbersRead();
  const refusal = whyRefused(step, message, numbers, encoded, transaction, session);
  if (refusal !== undefined) {
    return refused(refusal.rc, refusal.why, transaction, sealable(refusal.rc, session));
  }
  const room = ROOMS[transaction.name];
  if (room === undefined) {
    return refused('40', `${transaction.name} is not supported`, transaction, session);
  }
  const clear = clearTracks(message, session);
  if ('why' in clear) return refused('30', clear.why, transaction, session);
  const hasCard = clear.fields[2] !== undefined || clear.fields[35] !== undefined;
  const pan = hasCard ? panOf(clear) : undefined;
  if (hasCard && pan === undefined) {
    return refused('14', 'fields 2 and 35 name no card, or different ones', transaction, session);
  }
  const request = toRequest(state, { message: clear, numbers, pan }, transaction, session);
  if (BATCH_BOUND.includes(transaction.name)) {
    const barred = whyBarred(step, session.account);
    // What was answered before is answered again, whatever holds now.
    const own = state.transactions.at(tid, session.batchNo, request.stan);
    const earlier = earlierAnswer(session, request.stan, own);
    const isNew = earlier === undefined;
    if (barred !== undefined && isNew) {
      return refused(barred.rc, barred.why, transaction, session);
    }
    // Reversals, settlements and signatures end what has begun: they go on while there is room for them.
    if (isNew && step.env.isShort?.() === true) {
      return refused('96', 'the disk of the journal is full', transaction, session);
    }
    if (isNew) freeOrdersOf(step, request);
    request.fingerprint = fingerprintOf(request);
    return answerOnce(step, request, room, own, earlier);
  }
  if (!isKnownBatch(request)) {
    return refused('77', `batch ${request.batchNo} is not open`, transaction, session);
  }
  if (transaction.mti === '0500') freeOrdersOf(step, request);
  return judged(request, roomy(room(step, request)));
}

/** What these rooms answer are literals. */
function roomy(made: Reaction | Waits): Reaction | Waits {
  if ('waitsFor' in made || made.fields === undefined) return made;
  return { ...made, fields: withRoom(made.fields) };
}

/** Suspended in mid-batch: no new business, but what is open can be settled (F04). */
function whyBarred(
  { state }: HostStep,
  { tid, mid }: TerminalSession['account'],
): { rc: string; why: string } | undefined {
  if (state.suspended.size === 0) return undefined;
  if (state.suspended.has(mid)) return { rc: '03', why: `merchant ${mid} is suspended` };
  if (state.suspended.has(tid)) return { rc: '58', why: `terminal ${tid} is suspended` };
  return undefined;
}

function judged(request: Request, made: Reaction | Waits): Judgement {
  return 'waitsFor' in made
    ? { kind: 'wait', id: made.waitsFor, request }
    : answered(request, made);
}

/** The answer of a room; a reason that it gives is logged like one of the switch. */
export function answered(
  request: Request,
  reaction: Reaction,
): Extract<Judgement, { kind: 'answer' }> {
  const { transaction, session, message: clear } = request;
  const answer = { kind: 'answer', transaction, session, reaction, clear } as const;
  return reaction.why === undefined ? answer : { refusal: reaction.why, ...answer };
}

/** Messages without processing code: settlement, upload, network management. */
function isManagement(mti: string): boolean {
  return /^0[3568]/.test(mti);
}

/** An answer to a request whose MAC was wrong is not sealed: no key is agreed (spec 4.10). */
function sealable(rc: string, session: TerminalSession): TerminalSession | undefined {
  return rc === 'A0' || rc === '77' ? undefined : session;
}

function printable(text: string): string {
  return text.replaceAll(/[^\x20-\x7E]/g, '?');
}

function whyRefused(
  step: HostStep,
  message: Message,
  numbers: readonly number[],
  encoded: Uint8Array,
  transaction: NamedTransaction,
  session: TerminalSession,
): { rc: string; why: string } | undefined {
  const { dialect } = step.state.institution;
  const needsSession = transaction.mac === true || SESSION_BOUND.includes(transaction.name);
  if (needsSession && !session.isSignedIn) return { rc: '77', why: 'not signed in' };
  // A missing MAC is a matter of authenticity, not of form.
  const isBare = transaction.mac === true && message.fields[64] === undefined;
  if (isBare) return { rc: 'A0', why: 'the MAC is missing' };
  if (transaction.mac === true && !isSealed(session, encoded)) {
    return { rc: 'A0', why: whyWrongMac(step, session, encoded) };
  }
  const why = whyMalformed(dialect, message, numbers, transaction);
  if (why !== undefined) return { rc: '30', why };
  if (message.fields[11] === '000000') return { rc: '30', why: 'STAN 000000' };
  if (dialect.rules[transaction.request]?.mandatory.includes(4) === true && !isPayable(message)) {
    return { rc: '13', why: 'amount is zero or in another currency' };
  }
  return undefined;
}

/** With whom nobody listens, the search for a reason is not made. */
function whyWrongMac(step: HostStep, session: TerminalSession, encoded: Uint8Array): string {
  if (!step.env.isTraced) return 'the MAC is wrong';
  const reason = explainWrongMac(step.state.institution.dialect, encoded, [
    { name: 'in force', keys: session.keys },
    { name: 'of the sign-in before', keys: session.earlierKeys },
  ]);
  return `the MAC is wrong. ${reason.replace(/\.$/, '')}`;
}

function isSealed({ keys }: TerminalSession, encoded: Uint8Array): boolean {
  return keys !== undefined && verifyMac(keys.mak, encoded);
}

/** Fields that are missing, forbidden, of a wrong length or broken inside; leniencies are granted. */
function whyMalformed(
  dialect: Dialect,
  message: Message,
  numbers: readonly number[],
  transaction: NamedTransaction,
): string | undefined {
  const rules = dialect.rules[transaction.request];
  const found =
    (rules && applyRules(dialect, message, rules, transaction.name, numbers).find(isStrict)) ??
    checkStructures(dialect, message, numbers).find(isStrict);
  return found === undefined ? undefined : findingError(found, undefined).message;
}

function isStrict({ leniency }: Finding): boolean {
  return leniency === undefined;
}

function isPayable(message: Message): boolean {
  const currency = message.fields[49];
  return numberOf(message.fields[4] ?? '') > 0 && (currency === undefined || currency === '156');
}

/** Settlement and upload may name the batch that was closed last, when its answer was lost. */
function isKnownBatch({ transaction, session, batchNo }: Request): boolean {
  const isBatchWork = transaction.mti === '0500' || transaction.mti === '0320';
  if (!isBatchWork) return true;
  return batchNo === session.batchNo || batchNo === session.closed?.batchNo;
}

/** Same STAN and content: the same answer again; same STAN, other content: 94 (I-03). */
function answerOnce(
  step: HostStep,
  request: Request,
  room: Room,
  own: Transaction | undefined,
  earlier: Answered | undefined,
): Judgement {
  const { session, transaction, id, stan, tid, batchNo } = request;
  if (batchNo !== session.batchNo) {
    return refused('77', `batch ${batchNo} is not open`, transaction, session);
  }
  if (earlier !== undefined) {
    if (!isSameContent(earlier.fingerprint, request)) {
      return refused('94', `STAN ${stan} was used with other content`, transaction, session);
    }
    if (own?.status === 'reversed') {
      const late = step.state.institution.policy.lateOriginal;
      return refused(late, `STAN ${stan} was reversed meanwhile`, transaction, session);
    }
    const { 39: rc = '96', ...fields } = earlier.answer;
    return answered(request, { rc, fields });
  }
  if (session.dispute !== undefined) {
    const rc = step.state.institution.policy.duringUpload;
    return refused(rc, `batch ${batchNo} is being uploaded`, transaction, session);
  }
  // Nearly always nothing waits; to be looked for, an id must be made one text and hashed.
  const pending = step.state.pending.size > 0 ? step.state.pending.get(id) : undefined;
  if (pending !== undefined) {
    // Asked again while it waits: the answer will go where it was asked last.
    return isSameContent(pending.fingerprint, request)
      ? { kind: 'wait', id, request }
      : refused('94', `STAN ${stan} was used with other content`, transaction, session);
  }
  if (own?.status === 'reversed') {
    const late = step.state.institution.policy.lateOriginal;
    return refused(late, `STAN ${stan} was reversed while it waited`, transaction, session);
  }
  const reaction = room(step, request);
  if ('waitsFor' in reaction) return judged(request, reaction);
  // The room's own fields, which nobody else has: a copy is as large as a whole message.
  const answer = reaction.fields ?? {};
  answer[39] = reaction.rc;
  const { fingerprint = '' } = request;
  commit(step, { kind: 'exchange-answered', tid, batchNo, stan, fingerprint, answer });
  return answered(request, reaction);
}

/** For a log: which terminal, as far as it can be read. */
export function whoSent(message: Message | undefined): string {
  return printable(message?.fields[41] ?? '?');
}
