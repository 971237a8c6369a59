import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import { FrameDecoder } from '../../protocol/framing/frame-decoder.ts';
import { fromHex } from '../../protocol/bytes/hex.ts';
import { nextBatchNo } from '../../protocol/message/batch-number.ts';
import type { BatchTotals } from '../../protocol/message/totals-field.ts';
import { desCipher, type BlockCipher } from '../../protocol/security/block-cipher.ts';
import { sessionKeys, type SessionKeys } from '../../protocol/security/session-keys.ts';
import { unwrapWorkingKeys } from '../../protocol/security/working-keys.ts';
import { keepAnswer, type OtherAnswers } from './answers.ts';
import { applyToArchive, emptyArchive, type ArchiveState } from './archive/archive-state.ts';
import { newCard, type CardState } from './card-state.ts';
import { emptyLedger, post, postingsOf, type Ledger } from './books/ledger.ts';
import { applyToEvidence, emptyEvidence, type EvidenceBook } from './enquiry/evidence-book.ts';
import type { HostPolicy, Institution, MerchantAccount, TerminalAccount } from './host-config.ts';
import type { HostEvent, TransactionRecord, UploadedDetail } from './host-event.ts';
import { applyToOffice, emptyOffice, isOfficeEvent, type OfficeBooks } from './office-books.ts';
import { applyToNotices, emptyNotices, type NoticeBook } from './notifications/notice-book.ts';
import { applyToRefunds, emptyRefunds, type RefundBook } from './refund-desk/case-book.ts';
import { applyToHolds, emptyHolds, type HoldBook } from './risk/hold-book.ts';
import { applyToUpstream, emptyUpstream, type UpstreamBook } from './upstream/upstream-book.ts';
import type { Waiting } from './upstream/waiting.ts';
import { applyToPayouts, emptyPayouts, type PayoutBook } from './settlement/payout-book.ts';
import { applyToParts, emptyParts, type PartBook } from './settlement/part-book.ts';
import { checkContract, inOneForm } from './tariff/check-contract.ts';
import type { MerchantContract } from './tariff/tariff.ts';
import {
  applyToBook,
  emptyBook,
  findTransaction,
  latestAt,
  unknownInJournal,
  type TransactionBook,
} from './transaction-book.ts';
import { transactionId } from './transaction-index.ts';

export interface TerminalSession extends OtherAnswers {
  readonly account: TerminalAccount;
  isSignedIn: boolean;
  batchNo: string;
  /** A batch and what its ids begin with: that which was asked for last. */
  head: { readonly batchNo: string; readonly text: string };
  /** Working keys in force, and those before them: for telling a late MAC from a wrong one. */
  keys: SessionKeys | undefined;
  earlierKeys: SessionKeys | undefined;
  /** The last closed batch and its totals: a repeated settlement gets the same verdict (F087). */
  closed: { readonly batchNo: string; readonly totals: BatchTotals } | undefined;
  /** Details that the terminal has uploaded since its totals differed, by STAN. */
  dispute: Map<string, UploadedDetail> | undefined;
}

export interface Connection {
  readonly decoder: FrameDecoder;
  readonly peer: string;
}

export interface HostState
  extends
    TransactionBook,
    HoldBook,
    PayoutBook,
    PartBook,
    UpstreamBook,
    EvidenceBook,
    OfficeBooks,
    RefundBook,
    NoticeBook {
  /** Who waits for pending transactions, by their id. */
  readonly waiting: Map<string, Waiting>;
  /** What the alarms of settlement are set for, by their key. */
  readonly alarmsSet: Map<string, string>;
  /** When the open settlement day ends, once that was looked for. */
  cutOffAtMs: number | undefined;
  /** A payout run that nobody asked for is under way. */
  isPayingOut: boolean;
  readonly institution: Institution;
  readonly merchants: ReadonlyMap<string, MerchantAccount>;
  readonly terminals: ReadonlyMap<string, TerminalSession>;
  readonly cards: ReadonlyMap<string, CardState>;
  readonly cardByPan: ReadonlyMap<string, CardState>;
  /** PIN key between acquirer and issuer. */
  readonly issuerZone: BlockCipher;
  readonly ledger: Ledger;
  readonly notedReversals: Set<string>;
  readonly archive: ArchiveState;
  /** By merchant; those without one have the usual contract. */
  readonly contracts: Map<string, MerchantContract>;
  /** Merchants whose contract counts calendar days. */
  readonly paidOnAnyDay: Set<string>;
  /** Registered account of each merchant. */
  readonly accounts: Map<string, string>;
  /** Merchants and terminals that may not trade, by number. */
  readonly suspended: Set<string>;
  readonly connections: Map<number, Connection>;
  isChannelOpen: boolean;
  isArpcRight: boolean;
  chipCardSwiped: HostPolicy['chipCardSwiped'];
  signatureFeature: HostPolicy['signatureFeature'];
  sequence: number;
}

/** A host with the events of its journal applied; `fresh` holds those that opened the cards. */
export function bootHost(
  institution: Institution,
  journal: Iterable<HostEvent>,
  keepsEntries = true,
): { state: HostState; fresh: HostEvent[] } {
  const cards = institution.cards.map(newCard);
  const state: HostState = {
    institution,
    merchants: new Map(institution.merchants.map((merchant) => [merchant.mid, merchant])),
    terminals: new Map(
      institution.terminals.map((account) => [account.tid, emptySession(account)]),
    ),
    cards: new Map(cards.map((card) => [card.account.id, card])),
    cardByPan: new Map(cards.map((card) => [card.account.pan, card])),
    issuerZone: desCipher(fromHex(institution.zonePinKey)),
    ledger: emptyLedger(keepsEntries),
    ...emptyBook(),
    notedReversals: new Set(),
    archive: emptyArchive(),
    ...contractsOf(institution),
    ...emptyHolds(),
    ...emptyPayouts(),
    ...emptyParts(),
    ...emptyUpstream(),
    ...emptyOffice(),
    waiting: new Map(),
    alarmsSet: new Map(),
    cutOffAtMs: undefined,
    isPayingOut: false,
    ...emptyEvidence(),
    ...emptyRefunds(),
    ...emptyNotices(),
    accounts: new Map(institution.merchants.map(({ mid, account }) => [mid, account])),
    suspended: new Set(),
    connections: new Map(),
    isChannelOpen: true,
    isArpcRight: true,
    chipCardSwiped: institution.policy.chipCardSwiped,
    signatureFeature: institution.policy.signatureFeature,
    sequence: 0,
  };
  const opened = new Set<string>();
  for (const event of journal) {
    applyEvent(state, event);
    if (event.kind === 'card-opened') opened.add(event.cardId);
  }
  const fresh = openCards(state, opened);
  for (const event of fresh) applyEvent(state, event);
  return { state, fresh };
}

/** @throws E_INSTITUTION naming the merchant whose contract cannot be entered */
function contractsOf({
  merchants,
  tariff,
}: Institution): Pick<HostState, 'contracts' | 'paidOnAnyDay'> {
  const book = {
    contracts: new Map<string, MerchantContract>(),
    paidOnAnyDay: new Set<string>(),
  };
  for (const { mid, contract } of merchants) {
    if (contract === undefined) continue;
    const [why] = checkContract(tariff, contract);
    if (why !== undefined) {
      throw new CountersignError('E_INSTITUTION', { text: `merchant ${mid}: ${why}` });
    }
    enterContract(book, mid, inOneForm(contract));
  }
  return book;
}

function enterContract(
  { contracts, paidOnAnyDay }: Pick<HostState, 'contracts' | 'paidOnAnyDay'>,
  mid: string,
  contract: MerchantContract,
): void {
  contracts.set(mid, contract);
  if (contract.term?.kind === 'D') paidOnAnyDay.add(mid);
  else paidOnAnyDay.delete(mid);
}

function emptySession(account: TerminalAccount): TerminalSession {
  return {
    account,
    isSignedIn: false,
    batchNo: '000001',
    head: { batchNo: '', text: transactionId(account.tid, '', '') },
    keys: undefined,
    earlierKeys: undefined,
    otherAnswers: undefined,
    closed: undefined,
    dispute: undefined,
  };
}

function openCards(state: HostState, opened: ReadonlySet<string>): HostEvent[] {
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

/** The only way the host's state changes (connections aside, which no journal holds). */
export function applyEvent(state: HostState, event: HostEvent): void {
  // Two of three events of a sale, which no fold but that of the evidence looks at.
  if (event.kind === 'sequence-taken') {
    applyToEvidence(state, event);
    state.sequence = event.sequence;
    return;
  }
  if (event.kind === 'exchange-answered') {
    applyToEvidence(state, event);
    const { tid, batchNo, stan } = event;
    const own = latestAt(state, event) ?? state.transactions.at(tid, batchNo, stan);
    keepAnswer(session(state, tid), stan, event, own);
    return;
  }
  if ('postings' in event) post(state.ledger, event.postings);
  applyToBook(state, event);
  applyToEvidence(state, event);
  applyToHolds(state, event);
  applyToPayouts(state, event);
  applyToParts(state, event);
  applyToUpstream(state, event);
  applyToRefunds(state, event);
  applyToNotices(state, event);
  applyToOffice(state, event);
  if (isOfficeEvent(event)) return;
  switch (event.kind) {
    // The books alone, or the folds before this one.
    case 'card-opened':
    case 'transaction-declined':
    case 'chip-completed':
    case 'refund-approved':
    case 'hold-placed':
    case 'hold-released':
    case 'hold-taken':
    case 'hold-returned':
    case 'receivable-recovered':
    case 'recovery-undone':
    case 'payout-ordered':
    case 'paid-out':
    case 'payout-returned':
    case 'payout-failed':
    case 'pending-approved':
    case 'wallet-order-made':
    case 'wallet-order-freed':
    case 'wallet-order-dropped':
    case 'wallet-order-done':
    case 'wallet-order-failed':
    case 'issuer-line-set':
    case 'answers-slowed':
    case 'answer-slow':
    case 'refund-applied':
    case 'refund-moved':
    case 'refund-consented':
    case 'refund-signed':
    case 'complaint-opened':
    case 'complaint-closed':
    case 'refund-policy-entered':
    case 'refund-maintenance-set':
    case 'other-sale-noted':
    case 'device-ordered':
    case 'device-shipped':
    case 'device-refunded':
    case 'notice-queued':
    case 'notice-delivered':
    case 'notice-failed':
      return;
    case 'session-opened':
      openSession(state, event);
      return;
    case 'session-closed':
      session(state, event.tid).isSignedIn = false;
      return;
    case 'sale-approved':
    case 'transaction-pending':
      spend(state, event.transaction, 1);
      return;
    case 'void-approved':
      spend(state, findTransaction(state, event.transaction.originalId), -1);
      return;
    case 'pending-refused':
      spend(state, findTransaction(state, event.id), -1);
      return;
    case 'transaction-reversed': {
      const reversed = findTransaction(state, event.id);
      if (reversed.kind === 'sale') spend(state, reversed, -1);
      if (reversed.kind === 'void') {
        spend(state, findTransaction(state, reversed.originalId), 1);
      }
      return;
    }
    case 'reversal-noted':
      state.notedReversals.add(event.id);
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
    case 'account-set':
      state.accounts.set(event.mid, event.account);
      return;
    case 'channel-set':
      state.isChannelOpen = event.isOpen;
      return;
    case 'chip-counted':
      cardState(state, event.cardId).atc = event.atc;
      return;
    case 'script-answered':
      cardState(state, event.cardId).isScriptDone = true;
      return;
    case 'issuer-set':
      state.isArpcRight = event.isArpcRight ?? state.isArpcRight;
      state.chipCardSwiped = event.chipCardSwiped ?? state.chipCardSwiped;
      return;
    case 'standing-set':
      if (event.isSuspended) state.suspended.add(event.who);
      else state.suspended.delete(event.who);
      return;
    case 'contract-set':
      enterContract(state, event.mid, event.contract);
      return;
    case 'archive-set':
      state.signatureFeature = event.signatureFeature;
      return;
    case 'signature-received':
    case 'signature-refused':
    case 'signature-exempted':
    case 'agreement-filed':
      applyToArchive(state.archive, event);
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

function session(state: HostState, tid: string): TerminalSession {
  const found = state.terminals.get(tid);
  if (found === undefined) throw unknownInJournal(`terminal ${tid}`);
  return found;
}

function cardState(state: HostState, cardId: string): CardState {
  const found = state.cards.get(cardId);
  if (found === undefined) throw unknownInJournal(`card ${cardId}`);
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

type SpentRecord = Pick<TransactionRecord, 'cardId' | 'date' | 'amountFen'>;

/** A payment by code uses no limit of a card. */
function spend(state: HostState, record: SpentRecord, sign: 1 | -1): void {
  if (record.cardId === '') return;
  const { spentFen } = cardState(state, record.cardId);
  spentFen.set(record.date, (spentFen.get(record.date) ?? 0) + sign * record.amountFen);
}

function closeBatch(state: HostState, event: Extract<HostEvent, { kind: 'batch-closed' }>): void {
  const closing = session(state, event.tid);
  closing.closed = { batchNo: event.batchNo, totals: event.totals };
  closing.batchNo = nextBatchNo(event.batchNo);
  closing.otherAnswers = undefined;
  closing.dispute = undefined;
}
