import { ENVELOPE_BYTES, messageVector } from '../../vectors.ts';
import { VECTOR_KEYS } from '../terminal/terminal-desk.ts';
import { TEST_INSTITUTION } from '../../../emulator/bench/test-institution.ts';
import type { PartyEvent } from '../../../emulator/events/party-event.ts';
import type { Institution } from '../../../emulator/host/host-config.ts';
import type { HostEvent } from '../../../emulator/host/host-event.ts';
import { bootHost, type HostState } from '../../../emulator/host/host-state.ts';
import type { HostEffect, HostInput } from '../../../emulator/host/host-step.ts';
import { stepHost } from '../../../emulator/host/switch/step-host.ts';
import { seededRandom } from '../../../emulator/world/seeded-random.ts';
import { fromHex } from '../../../protocol/bytes/hex.ts';
import { UNIONPAY_POS } from '../../../protocol/dialects/unionpay-pos.ts';
import { encodeFrame } from '../../../protocol/framing/envelope.ts';
import { FrameDecoder } from '../../../protocol/framing/frame-decoder.ts';
import { decodeMessage } from '../../../protocol/message/decode-message.ts';
import { encodeMessage } from '../../../protocol/message/encode-message.ts';
import type { FieldValues, Message } from '../../../protocol/message/message.ts';
import { desCipher } from '../../../protocol/security/block-cipher.ts';
import { sealMac, verifyMac } from '../../../protocol/security/mac.ts';
import { encryptPinBlock } from '../../../protocol/security/pin-block.ts';
import { wrapWorkingKeys } from '../../../protocol/security/working-keys.ts';

export const TID = '10000001';
export const MID = '898110000000001';
/** 2026-01-15 09:30 in Shanghai. */
export const START_MS = Date.UTC(2026, 0, 15, 1, 30);
const MAK = desCipher(VECTOR_KEYS.mak);
const PIK = desCipher(VECTOR_KEYS.pik);

/** A sign-in whose keys are those of the vectors: a terminal cannot choose them, a journal can. */
export function sessionOpened(tid = TID, batchNo = '000001'): HostEvent {
  const keyBlob = wrapWorkingKeys('004', fromHex(TEST_INSTITUTION.terminals[0]!.tmk), VECTOR_KEYS);
  return { kind: 'session-opened', tid, batchNo, keyForm: '004', keyBlob };
}

export type FieldChanges = { readonly [field: number]: string | undefined };

function fieldsOf(name: string, changes: FieldChanges): FieldValues {
  const fields: FieldValues = {};
  for (const [key, value] of Object.entries(messageVector(name).fields)) {
    if (key !== '64') fields[Number(key)] = typeof value === 'string' ? value : value.hex;
  }
  for (const [key, value] of Object.entries(changes)) {
    if (value === undefined) delete fields[Number(key)];
    else fields[Number(key)] = value;
  }
  return fields;
}

/** A frame, sealed with the vectors' MAK unless `mac` says otherwise. */
export function frame(
  mti: string,
  fields: FieldValues,
  mac: 'right' | 'none' | ((f64: Uint8Array) => void) = 'right',
): Uint8Array {
  const withMac = mac !== 'none';
  const all = withMac ? { ...fields, 64: '00'.repeat(8) } : fields;
  const encoded = encodeMessage(UNIONPAY_POS, { mti, fields: all });
  if (withMac) sealMac(MAK, encoded);
  if (typeof mac === 'function') mac(encoded.subarray(encoded.length - 8));
  return encodeFrame({ tpdu: '6000030000', header: '603100310000' }, encoded, UNIONPAY_POS);
}

/** Sale of 100.00 by swipe and PIN, STAN 000002: exactly the vector when nothing is changed. */
export function saleFields(changes: FieldChanges = {}): FieldValues {
  return fieldsOf('sale-mag-pin-request', changes);
}

export function saleFrame(changes: FieldChanges = {}): Uint8Array {
  return frame('0200', saleFields(changes));
}

/** A keyed sale without PIN, for cards other than the vector's. */
export function keyedSale(cardId: string, amount: string, changes: FieldChanges = {}): FieldValues {
  const { pan, expiry } = accountOf(cardId);
  return saleFields({
    2: pan,
    4: amount,
    14: expiry,
    22: '012',
    26: undefined,
    35: undefined,
    52: undefined,
    53: '0600000000000000',
    ...changes,
  });
}

export function accountOf(cardId: string): (typeof TEST_INSTITUTION.cards)[number] {
  const account = TEST_INSTITUTION.cards.find(({ id }) => id === cardId);
  if (account === undefined) throw new Error(`no card ${cardId}`);
  return account;
}

export function pinBlock(pin: string, pan = accountOf('debit').pan): string {
  return encryptPinBlock(PIK, pin, pan);
}

export function voidFields(sale: Message, changes: FieldChanges = {}): FieldValues {
  const { 4: amount = '', 11: stan = '', 37: rrn = '', 38: auth, 60: f60 = '' } = sale.fields;
  return fieldsOf('void-request', {
    4: amount,
    37: rrn,
    38: auth,
    61: f60.slice(2, 8) + stan,
    ...changes,
  });
}

export function refundFields(sale: Message, changes: FieldChanges = {}): FieldValues {
  const { 13: date = '', 37: rrn = '' } = sale.fields;
  return fieldsOf('refund-request', { 37: rrn, 61: `000000000000${date}`, ...changes });
}

/** The reversal of a request: its own fields, without card data, and a reason. */
export function reversalOf(request: FieldValues, changes: FieldChanges = {}): FieldValues {
  const fields: FieldValues = { 39: '98' };
  for (const field of [3, 4, 11, 14, 22, 23, 25, 38, 41, 42, 49, 60, 61]) {
    const value = request[field];
    if (value !== undefined) fields[field] = value;
  }
  for (const [key, value] of Object.entries(changes)) {
    if (value === undefined) delete fields[Number(key)];
    else fields[Number(key)] = value;
  }
  return fields;
}

/** Field 48 of a settlement request. */
export function totals(debit: [number, number], credit: [number, number]): string {
  const part = ([fen, count]: [number, number]): string =>
    String(fen).padStart(12, '0') + String(count).padStart(3, '0');
  return `${part(debit)}${part(credit)}0${'0'.repeat(31)}`;
}

export function settlementFields(field48: string, changes: FieldChanges = {}): FieldValues {
  return fieldsOf('settle-request', { 48: field48, 60: '00000001201', ...changes });
}

export function decodeFrame(bytes: Uint8Array): Message {
  const decoded = decodeMessage(UNIONPAY_POS, bytes, 2 + ENVELOPE_BYTES);
  if (!decoded.ok) throw decoded.error;
  return decoded.message;
}

/** The host machine on a desk: bytes in by hand, every effect looked at. */
export class HostDesk {
  readonly journal: HostEvent[] = [];
  readonly effects: HostEffect[] = [];
  readonly events: PartyEvent[] = [];
  readonly closed = new Set<number>();
  readonly timers = new Map<number, number>();
  readonly state: HostState;
  nowMs = START_MS;
  /** The disk of its journal is full (F104). */
  isShort = false;
  readonly #institution: Institution;
  readonly #random = seededRandom(1);
  readonly #answers = new Map<number, Message[]>();
  #links = 0;

  constructor(
    journal: readonly HostEvent[] = [sessionOpened()],
    institution: Institution = TEST_INSTITUTION,
  ) {
    this.#institution = institution;
    const { state, fresh } = bootHost(institution, journal);
    this.state = state;
    this.journal.push(...journal, ...fresh);
  }

  connect(): number {
    const link = this.#links++;
    this.feed({ kind: 'accepted', link, peer: `peer ${link}` });
    return link;
  }

  receive(link: number, bytes: Uint8Array): void {
    this.feed({ kind: 'received', link, bytes });
  }

  answersOn(link: number): Message[] {
    return this.#answers.get(link) ?? [];
  }

  /** One request on a connection of its own, and its answer. */
  ask(bytes: Uint8Array): Message {
    const link = this.connect();
    this.receive(link, bytes);
    const [answer] = this.answersOn(link);
    if (answer === undefined) throw new Error('no answer');
    return answer;
  }

  /** Response code of one sealed request. */
  rc(mti: string, fields: FieldValues): string {
    return this.ask(frame(mti, fields)).fields[39] ?? '';
  }

  get refusals(): Extract<PartyEvent, { kind: 'refused' }>[] {
    return this.events.filter((event) => event.kind === 'refused');
  }

  /** Everything that money or limits could show. */
  get books(): unknown {
    return structuredClone({
      balances: [...this.state.ledger.balances],
      entries: this.state.ledger.entryCount,
      spent: [...this.state.cards].map(([id, { spentFen }]) => [
        id,
        [...spentFen].filter(([, fen]) => fen !== 0),
      ]),
    });
  }

  /** All that a restart must bring back. */
  view(state: HostState = this.state): unknown {
    const { ledger, transactions, byRrn, notedReversals, holds, sequence } = state;
    const sessions = [...state.terminals.values()].map((session) => ({
      tid: session.account.tid,
      isSignedIn: session.isSignedIn,
      batchNo: session.batchNo,
      otherAnswers: session.otherAnswers && [...session.otherAnswers],
      closed: session.closed,
      dispute: session.dispute === undefined ? undefined : [...session.dispute],
      // Ciphers do not compare: what they make of zeros does.
      mak: session.keys?.mak.compute(new Uint8Array(8)).join(),
      pik: session.keys?.pik.encrypt(new Uint8Array(16)).join(),
      tdk: session.keys?.tdk?.encrypt(new Uint8Array(16)).join(),
    }));
    const cards = [...state.cards.values()].map((card) => {
      const { account, pinFailures, atc, isScriptDone, spentFen } = card;
      return { id: account.id, pinFailures, atc, isScriptDone, spent: [...spentFen] };
    });
    return structuredClone({
      balances: [...ledger.balances],
      entries: ledger.entries,
      transactions: [...transactions.values()],
      byRrn: Array.from(byRrn.keys(), (rrn) => [rrn, byRrn.get(rrn)]),
      notedReversals: [...notedReversals],
      holds: [...holds],
      payouts: [...state.payouts],
      pending: [...state.pending],
      walletOrders: [...state.walletOrders],
      accounts: [...state.accounts],
      contracts: [...state.contracts],
      limits: [...state.limits],
      used: [...state.used],
      sequence,
      isChannelOpen: state.isChannelOpen,
      sessions,
      cards,
    });
  }

  /** The host as it boots from what it has journalled so far, through JSON as a file would. */
  rebooted(): HostState {
    const journal = JSON.parse(JSON.stringify(this.journal)) as HostEvent[];
    return bootHost(this.#institution, journal).state;
  }

  feed(input: HostInput): void {
    const env = {
      clock: { civilMs: () => this.nowMs },
      random: this.#random,
      isTraced: true,
      isShort: () => this.isShort,
    };
    for (const effect of stepHost(this.state, input, env)) {
      this.effects.push(effect);
      if (effect.kind === 'persist') this.journal.push(...effect.events);
      else if (effect.kind === 'send') this.#sent(effect.link, effect.bytes);
      else if (effect.kind === 'disconnect') this.closed.add(effect.link);
      else if (effect.kind === 'start-timer') this.timers.set(effect.link, effect.delayMs);
      else if (effect.kind === 'stop-timer') this.timers.delete(effect.link);
      else if (effect.kind === 'publish') this.events.push(effect.event);
    }
  }

  #sent(link: number, bytes: Uint8Array): void {
    const answers = this.#answers.get(link) ?? [];
    new FrameDecoder(UNIONPAY_POS).push(bytes, () => answers.push(decodeFrame(bytes)));
    this.#answers.set(link, answers);
  }
}

/** True when the answer carries the vectors' MAC. */
export function isSealed(bytes: Uint8Array): boolean {
  return verifyMac(MAK, bytes.subarray(2 + ENVELOPE_BYTES));
}
