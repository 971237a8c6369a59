import type { Dialect } from '../../../protocol/dialect/dialect.ts';
import { numberOf } from '../../../protocol/bytes/digits.ts';
import { shortCharacters } from '../../../protocol/bytes/short-text.ts';
import { characterSlice } from '../../../protocol/bytes/slice-text.ts';
import { readPath } from '../../../protocol/structure/field-structure.ts';
import type { NamedTransaction } from '../../../protocol/message/classify-request.ts';
import type { Message } from '../../../protocol/message/message.ts';
import type { EntryMode } from '../../terminal/card-presented.ts';
import type { CardState } from '../card-state.ts';
import type { HostState, TerminalSession } from '../host-state.ts';
import { transactionId } from '../transaction-index.ts';

/** A request that passed the switch: known terminal, valid session, MAC and batch. */
export interface Request {
  readonly message: Message;
  readonly transaction: NamedTransaction;
  readonly session: TerminalSession;
  /** Of the transaction that it makes, or names again. */
  readonly id: string;
  /** Card number, where the message has one, and the card where an issuer knows it. */
  readonly pan: string | undefined;
  readonly card: CardState | undefined;
  readonly tid: string;
  readonly mid: string;
  readonly batchNo: string;
  readonly stan: string;
  readonly amountFen: number;
  /** Fields that the message has, the lowest first. */
  readonly numbers: readonly number[];
  /** What makes a repetition of it the same, where that is asked. */
  fingerprint: string | undefined;
  /** See {@link readingOf}; undefined until somebody asks. */
  reading: Reading | 'unknown' | undefined;
}

export function toRequest(
  state: HostState,
  { message, numbers, pan }: Pick<Request, 'message' | 'numbers' | 'pan'>,
  transaction: NamedTransaction,
  session: TerminalSession,
): Request {
  const { tid, mid } = session.account;
  const { batchNo, text: head } = headOf(
    session,
    readPath(state.institution.dialect, message, '60.2') ?? '',
  );
  const stan = message.fields[11] ?? '';
  return {
    message,
    transaction,
    session,
    id: transactionId(tid, batchNo, stan, head),
    pan,
    card: pan === undefined ? undefined : state.cardByPan.get(pan),
    tid,
    mid,
    batchNo,
    stan,
    amountFen: numberOf(message.fields[4] ?? '0'),
    numbers,
    fingerprint: undefined,
    reading: undefined,
  };
}

/**
 * The number of a batch and what its ids begin with, each as one text: what a message says is another
 * one every time, and would be kept with every sale.
 */
function headOf(session: TerminalSession, batchNo: string): TerminalSession['head'] {
  if (session.head.batchNo !== batchNo) {
    session.head = { batchNo, text: transactionId(session.account.tid, batchNo, '') };
  }
  return session.head;
}

/** A card number at the beginning of track 2, where its separator follows. */
function panOnTrack(track: string): string | undefined {
  const end = track.indexOf('D');
  if (end < 8 || end > MOST_DIGITS) return undefined;
  for (let at = 0; at < end; at++) {
    const code = track.charCodeAt(at);
    if (code < 48 || code > 57) return undefined;
    panDigits[at] = code;
  }
  // A text of its own: a piece of the track is slow to look for.
  return shortCharacters(panDigits, 0, end) ?? characterSlice(panDigits, 0, end);
}

const MOST_DIGITS = 19;
/** Written anew for every track. */
const panDigits = new Uint8Array(MOST_DIGITS);

/**
 * Card number of a request: field 2, or the beginning of track 2; undefined when they differ or the
 * track holds none. The tracks must be in clear.
 */
export function panOf(message: Message): string | undefined {
  const { 2: keyed, 35: track } = message.fields;
  if (track === undefined) return keyed;
  const onTrack = panOnTrack(track);
  return keyed === undefined || keyed === onTrack ? onTrack : undefined;
}

/** Ways of reading by the first digits of field 22; the first way that has them is meant. */
const modes = new WeakMap<Dialect, ReadonlyMap<string, EntryMode>>();

function modesOf(dialect: Dialect): ReadonlyMap<string, EntryMode> {
  const known = modes.get(dialect);
  if (known !== undefined) return known;
  const ways = Object.entries(dialect.entryModes) as [EntryMode, string][];
  const found = new Map(ways.toReversed().map(([entry, digits]) => [digits, entry]));
  modes.set(dialect, found);
  return found;
}

/** How a card was read, and whether only because its chip had failed. */
export interface Reading {
  readonly entry: EntryMode;
  readonly isFallback: boolean;
}

/** How the card of a request was read; undefined for an unknown way. */
export function readingOf(state: HostState, request: Request): Reading | undefined {
  request.reading ??= readingIn(state.institution.dialect, request.message) ?? 'unknown';
  return request.reading === 'unknown' ? undefined : request.reading;
}

function readingIn(dialect: Dialect, message: Message): Reading | undefined {
  const digits = (message.fields[22] ?? '').slice(0, 2);
  const usual = modesOf(dialect).get(digits);
  const isAfterFailure = readPath(dialect, message, '60.5') === CHIP_FAILED;
  if (usual !== undefined) return { entry: usual, isFallback: isAfterFailure };
  const other = dialect.otherEntryModes[digits];
  if (other === undefined) return undefined;
  return other === 'fallback'
    ? { entry: 'swipe', isFallback: true }
    : { entry: other, isFallback: isAfterFailure };
}

/** 60.5 of a terminal whose last transaction was one with a chip that failed (spec 3.8). */
const CHIP_FAILED = '2';
