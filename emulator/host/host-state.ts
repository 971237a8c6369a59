import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import { FrameDecoder } from '../../protocol/framing/frame-decoder.ts';
import { fromHex } from '../../protocol/bytes/hex.ts';
import { nextBatchNo } from '../../protocol/message/batch-number.ts';
import type { FieldValues } from '../../protocol/message/message.ts';
import type { BatchTotals } from '../../protocol/message/totals-field.ts';
import { desCipher, type BlockCipher } from '../../protocol/security/block-cipher.ts';
import { sessionKeys, type SessionKeys } from '../../protocol/security/session-keys.ts';
import { unwrapWorkingKeys } from '../../protocol/security/working-keys.ts';
import type { StoredSignature } from './archive/stored-signature.ts';
import { emptyLedger, post, postingsOf, type Ledger } from './books/ledger.ts';
import type {
  CardAccount,
  HostPolicy,
  Institution,
  MerchantAccount,
  TerminalAccount,
} from './host-config.ts';
import type {
  ChipCompletion,
  HoldMove,
  HoldRecord,
  HostEvent,
  PayoutRecord,
  TransactionRecord,
  UploadedDetail,
} from './host-event.ts';

export type TransactionStatus = 'active' | 'voided' | 'reversed' | 'declined';

export interface Transaction extends TransactionRecord {
  status: TransactionStatus;
  refundedFen: number;
  /** Its batch is closed. */
  isSettled: boolean;
  payoutId: string | undefined;
  /** What its chip ended with, as the batch upload tells; wrong when its cryptogram is. */
  completion?: ChipCompletion;
}

export interface Hold extends HoldRecord {
  state: 'frozen' | 'released';
  heldFen: number;
  releasedBy: string | undefined;
}

interface Answered {
  readonly fingerprint: string;
  readonly answer: FieldValues;
}

export interface TerminalSession {
  readonly account: TerminalAccount;
  isSignedIn: boolean;
  batchNo: string;
  /** Working keys in force, and those before them: for telling a late MAC from a wrong one. */
  keys: SessionKeys | undefined;
  earlierKeys: SessionKeys | undefined;
  /** Answers of the open batch by STAN, for retransmissions (I-03). */
  answered: Map<string, Answered>;
  /** The last closed batch and its totals: a repeated settlement gets the same verdict (F087). */
  closed: { readonly batchNo: string; readonly totals: BatchTotals } | undefined;
  /** Details that the terminal has uploaded since its totals differed, by STAN. */
  dispute: Map<string, UploadedDetail> | undefined;
}

export interface CardState {
  readonly account: CardAccount;
  pinFailures: number;
  /** Highest transaction counter that its chip has shown. */
  atc: number;
  /** The chip has told what it made of the issuer's script. */
  isScriptDone: boolean;
  /** Spent by business date, for the daily limit (I-34). */
  readonly spentFen: Map<string, number>;
}

export interface Connection {
  readonly decoder: FrameDecoder;
  readonly peer: string;
}

export interface HostState {
  readonly institution: Institution;
  readonly merchants: ReadonlyMap<string, MerchantAccount>;
  readonly terminals: ReadonlyMap<string, TerminalSession>;
  readonly cards: ReadonlyMap<string, CardState>;
  readonly cardByPan: ReadonlyMap<string, CardState>;
  /** PIN key between acquirer and issuer. */
  readonly issuerZone: BlockCipher;
  readonly ledger: Ledger;
  readonly transactions: Map<string, Transaction>;
  readonly byRrn: Map<string, string>;
  readonly notedReversals: Set<string>;
  /** By transaction. */
  readonly signatures: Map<string, StoredSignature>;
  readonly holds: Map<string, Hold>;
  readonly payouts: PayoutRecord[];
  readonly connections: Map<number, Connection>;
  isChannelOpen: boolean;
  isArpcRight: boolean;
  chipCardSwiped: HostPolicy['chipCardSwiped'];
  sequence: number;
}

/** A host with the events of its journal applied; `fresh` holds those that opened the cards. */
export function bootHost(
  institution: Institution,
  journal: readonly HostEvent[],
): { state: HostState; fresh: HostEvent[] } {
  const cards = institution.cards.map((account): CardState => {
    return { account, pinFailures: 0, atc: -1, isScriptDone: false, spentFen: new Map() };
  });
  const state: HostState = {
    institution,
    merchants: new Map(institution.merchants.map((merchant) => [merchant.mid, merchant])),
    terminals: new Map(
      institution.terminals.map((account) => [account.tid, emptySession(account)]),
    ),
    cards: new Map(cards.map((card) => [card.account.id, card])),
    cardByPan: new Map(cards.map((card) => [card.account.pan, card])),
    issuerZone: desCipher(fromHex(institution.zonePinKey)),
    ledger: emptyLedger(),
    transactions: new Map(),
    byRrn: new Map(),
    notedReversals: new Set(),
    signatures: new Map(),
    holds: new Map(),
    payouts: [],
    connections: new Map(),
    isChannelOpen: true,
    isArpcRight: true,
    chipCardSwiped: institution.policy.chipCardSwiped,
    sequence: 0,
  };
  for (const event of journal) applyEvent(state, event);
  const fresh = openCards(state, journal);
  for (const event of fresh) applyEvent(state, event);
  return { state, fresh };
}

function emptySession(account: TerminalAccount): TerminalSession {
  return {
    account,
    isSignedIn: false,
    batchNo: '000001',
    keys: undefined,
    earlierKeys: undefined,
    answered: new Map(),
    closed: undefined,
    dispute: undefined,
  };
}

function openCards(state: HostState, journal: readonly HostEvent[]): HostEvent[] {
  const opened = new Set(
    journal.flatMap((event) => (event.kind === 'card-opened' ? [event.cardId] : [])),
  );
  return [...state.cards.values()]
    .filter(({ account }) => !opened.has(account.id))
    .map(({ account }) => ({
      kind: 'card-opened',
      cardId: account.id,
      postings: postingsOf(
        state.institution.postings,
        'card-opened',
        { card: account.id },
        { amount: account.openingFen },
      ),
    }));
}

export function transactionId(tid: string, batchNo: string, stan: string): string {
  return `${tid}-${batchNo}-${stan}`;
}

/** The only way the host's state changes (connections aside, which no journal holds). */
export function applyEvent(state: HostState, event: HostEvent): void {
  if ('postings' in event) post(state.ledger, event.postings);
  switch (event.kind) {
    case 'card-opened':
      return;
    case 'sequence-taken':
      state.sequence = event.sequence;
      return;
    case 'session-opened':
      openSession(state, event);
      return;
    case 'session-closed':
      session(state, event.tid).isSignedIn = false;
      return;
    case 'sale-approved':
      remember(state, event.transaction, 'active');
      spend(state, event.transaction, 1);
      return;
    case 'void-approved': {
      remember(state, event.transaction, 'active');
      setVoided(state, event.transaction, true);
      return;
    }
    case 'refund-approved':
      remember(state, event.transaction, 'active');
      find(state, event.transaction.originalId).refundedFen += event.transaction.amountFen;
      moveHolds(state, event.holdMoves, -1);
      return;
    case 'transaction-declined':
      remember(state, event.transaction, 'declined');
      return;
    case 'transaction-reversed':
      reverse(state, find(state, event.id));
      return;
    case 'reversal-noted':
      state.notedReversals.add(event.id);
      return;
    case 'exchange-answered':
      session(state, event.tid).answered.set(event.stan, event);
      return;
    case 'batch-closed':
      closeBatch(state, event);
      return;
    case 'batch-disputed':
      session(state, event.tid).dispute ??= new Map();
      return;
    case 'details-uploaded': {
      const { dispute } = session(state, event.tid);
      for (const detail of event.details) dispute?.set(detail.stan, detail);
      return;
    }
    case 'hold-placed':
      state.holds.set(event.hold.id, {
        ...event.hold,
        state: 'frozen',
        heldFen: event.heldFen,
        releasedBy: undefined,
      });
      return;
    case 'hold-released': {
      const hold = state.holds.get(event.holdId);
      if (hold === undefined) return;
      hold.state = 'released';
      hold.heldFen = 0;
      hold.releasedBy = event.by;
      return;
    }
    case 'paid-out':
      state.payouts.push(event.payout);
      for (const id of event.payout.transactionIds) find(state, id).payoutId = event.payout.id;
      return;
    case 'channel-set':
      state.isChannelOpen = event.isOpen;
      return;
    case 'chip-counted':
      cardState(state, event.cardId).atc = event.atc;
      return;
    case 'chip-completed':
      find(state, event.id).completion = event.completion;
      return;
    case 'script-answered':
      cardState(state, event.cardId).isScriptDone = true;
      return;
    case 'issuer-set':
      state.isArpcRight = event.isArpcRight ?? state.isArpcRight;
      state.chipCardSwiped = event.chipCardSwiped ?? state.chipCardSwiped;
      return;
    case 'signature-received':
      storeSignature(state, event);
      return;
    case 'pin-failed':
      cardState(state, event.cardId).pinFailures++;
      return;
    case 'pin-accepted':
      cardState(state, event.cardId).pinFailures = 0;
      return;
    default:
      event satisfies never;
  }
}

function storeSignature(
  state: HostState,
  { id, place, piece, slip, image }: Extract<HostEvent, { kind: 'signature-received' }>,
): void {
  const stored = place === 0 ? undefined : state.signatures.get(id);
  state.signatures.set(id, {
    slip: stored?.slip ?? slip,
    pieces: [...(stored?.pieces ?? []), piece],
    ...(image === undefined ? {} : { image }),
  });
}

function missing(what: string): CountersignError {
  return new CountersignError('E_JOURNAL', { text: `an event names ${what}, which is unknown` });
}

function session(state: HostState, tid: string): TerminalSession {
  const found = state.terminals.get(tid);
  if (found === undefined) throw missing(`terminal ${tid}`);
  return found;
}

function cardState(state: HostState, cardId: string): CardState {
  const found = state.cards.get(cardId);
  if (found === undefined) throw missing(`card ${cardId}`);
  return found;
}

function find(state: HostState, id: string | undefined): Transaction {
  const found = state.transactions.get(id ?? '');
  if (found === undefined) throw missing(`transaction ${id ?? '?'}`);
  return found;
}

function openSession(
  state: HostState,
  event: Extract<HostEvent, { kind: 'session-opened' }>,
): void {
  const { tid, batchNo, keyForm, keyBlob } = event;
  const opened = session(state, tid);
  const keys = unwrapWorkingKeys(keyForm, fromHex(opened.account.tmk), keyBlob);
  opened.isSignedIn = true;
  opened.batchNo = batchNo;
  opened.earlierKeys = opened.keys;
  opened.keys = sessionKeys(keyForm, keys, state.institution.dialect.mac);
}

function remember(state: HostState, record: TransactionRecord, status: TransactionStatus): void {
  state.transactions.set(record.id, {
    ...record,
    status,
    refundedFen: 0,
    isSettled: false,
    payoutId: undefined,
  });
  state.byRrn.set(record.rrn, record.id);
}

function spend(state: HostState, record: TransactionRecord, sign: 1 | -1): void {
  const { spentFen } = cardState(state, record.cardId);
  spentFen.set(record.date, (spentFen.get(record.date) ?? 0) + sign * record.amountFen);
}

function setVoided(state: HostState, record: TransactionRecord, isVoided: boolean): void {
  const sale = find(state, record.originalId);
  sale.status = isVoided ? 'voided' : 'active';
  spend(state, sale, isVoided ? -1 : 1);
}

function reverse(state: HostState, transaction: Transaction): void {
  transaction.status = 'reversed';
  if (transaction.kind === 'sale') spend(state, transaction, -1);
  if (transaction.kind === 'void') setVoided(state, transaction, false);
}

function moveHolds(state: HostState, moves: readonly HoldMove[], sign: 1 | -1): void {
  for (const { holdId, fen } of moves) {
    const hold = state.holds.get(holdId);
    if (hold === undefined) throw missing(`hold ${holdId}`);
    hold.heldFen += sign * fen;
  }
}

function closeBatch(state: HostState, event: Extract<HostEvent, { kind: 'batch-closed' }>): void {
  const closing = session(state, event.tid);
  for (const transaction of state.transactions.values()) {
    const isInBatch = transaction.tid === event.tid && transaction.batchNo === event.batchNo;
    if (isInBatch) transaction.isSettled = true;
  }
  moveHolds(state, event.holdMoves, 1);
  closing.closed = { batchNo: event.batchNo, totals: event.totals };
  closing.batchNo = nextBatchNo(event.batchNo);
  closing.answered = new Map();
  closing.dispute = undefined;
}
