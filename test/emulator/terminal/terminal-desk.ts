import { ENVELOPE_BYTES, messageVectors } from '../../vectors.ts';
import { cardBox } from '../../../emulator/bench/card-box.ts';
import { terminalSetup } from '../../../emulator/bench/terminal-setup.ts';
import { TEST_INSTITUTION } from '../../../emulator/bench/test-institution.ts';
import type { PartyEvent } from '../../../emulator/events/party-event.ts';
import type { CardPresented } from '../../../emulator/terminal/card-presented.ts';
import type { Command } from '../../../emulator/terminal/command.ts';
import type { OperationResult } from '../../../emulator/terminal/operation-result.ts';
import { stepTerminal } from '../../../emulator/terminal/step-terminal.ts';
import type { TerminalConfig } from '../../../emulator/terminal/terminal-config.ts';
import { signedInEntry, type TerminalEntry } from '../../../emulator/terminal/terminal-record.ts';
import { bootTerminal, type TerminalState } from '../../../emulator/terminal/terminal-state.ts';
import type { TerminalEffect, TerminalInput } from '../../../emulator/terminal/terminal-step.ts';
import { parseCivilTime, toEpochMs } from '../../../emulator/world/civil-time.ts';
import { seededRandom } from '../../../emulator/world/seeded-random.ts';
import { fromHex, toHex } from '../../../protocol/bytes/hex.ts';
import { UNIONPAY_POS } from '../../../protocol/dialects/unionpay-pos.ts';
import { encodeFrame } from '../../../protocol/framing/envelope.ts';
import { decodeMessage } from '../../../protocol/message/decode-message.ts';
import { encodeMessage } from '../../../protocol/message/encode-message.ts';
import { answerMti, type FieldValues, type Message } from '../../../protocol/message/message.ts';
import { desCipher } from '../../../protocol/security/block-cipher.ts';
import { sealMac } from '../../../protocol/security/mac.ts';
import type { WorkingKeys } from '../../../protocol/security/working-keys.ts';

const { keys } = messageVectors;

/** The working keys of the message vectors. */
export const VECTOR_KEYS: WorkingKeys = {
  pik: fromHex(keys['PIK']!),
  mak: fromHex(keys['MAK_double']!),
  tdk: fromHex(keys['TDK']!),
};

/** A terminal that is signed in under the keys of the vectors, batch 000001, next STAN given. */
export function signedIn(nextStan: number): TerminalEntry[] {
  const before = nextStan === 1 ? 999_999 : nextStan - 1;
  return [signedInEntry('000001', '004', VECTOR_KEYS), { kind: 'stan-taken', stan: before }];
}

export function testCard(
  id: string,
  entry: CardPresented['entry'] = 'swipe',
  pin = '',
): CardPresented {
  const account = TEST_INSTITUTION.cards.find((each) => each.id === id);
  if (account === undefined) throw new Error(`no card ${id}`);
  return cardBox(TEST_INSTITUTION.issuers).present(account, { entry, pin });
}

export const SALE: Command = {
  verb: 'sale',
  amountFen: 10_000,
  card: testCard('debit', 'swipe', '123456'),
};

/** How an answer differs from the right one. */
export interface AnswerChanges {
  readonly mti?: string;
  /** Overrides; undefined leaves the field out. */
  readonly fields?: { readonly [field: number]: string | undefined };
  readonly mac?: 'right' | 'wrong' | 'none';
}

/** The terminal machine on a desk: every input is given by hand, every effect is looked at. */
export class TerminalDesk {
  readonly entries: TerminalEntry[];
  readonly sent: Uint8Array[] = [];
  readonly effects: TerminalEffect[] = [];
  readonly results: OperationResult[] = [];
  readonly events: PartyEvent[] = [];
  readonly timers = new Set<string>();
  /** Number of the connection that was asked for last. */
  link = -1;
  state: TerminalState;
  readonly #config: TerminalConfig;

  constructor(entries: readonly TerminalEntry[] = [], changes: Partial<TerminalConfig> = {}) {
    this.entries = [...entries];
    this.#config = terminalSetup(TEST_INSTITUTION, '10000001', changes);
    this.state = bootTerminal(this.#config, this.entries);
  }

  /** What the last operation came to. */
  get result(): OperationResult {
    const last = this.results.at(-1);
    if (last === undefined) throw new Error('no operation has ended');
    return last;
  }

  get lastSentHex(): string {
    return toHex(this.sent.at(-1) ?? new Uint8Array());
  }

  /** The request that was sent last, decoded. */
  get request(): Message {
    const frame = this.sent.at(-1);
    if (frame === undefined) throw new Error('nothing was sent');
    const decoded = decodeMessage(UNIONPAY_POS, frame, 2 + ENVELOPE_BYTES);
    if (!decoded.ok) throw decoded.error;
    return decoded.message;
  }

  operate(command: Command): this {
    return this.feed({ kind: 'operate', command });
  }

  /** The connection stands; what waits for it is sent. */
  open(): this {
    return this.feed({ kind: 'opened', link: this.link });
  }

  receive(bytes: Uint8Array, link = this.link): this {
    return this.feed({ kind: 'received', link, bytes });
  }

  /** The right answer to the request that was sent last, with changes. */
  answer(changes: AnswerChanges = {}): this {
    return this.receive(this.answerFrame(changes));
  }

  /** Opens and answers at once. */
  exchange(changes: AnswerChanges = {}): this {
    return this.open().answer(changes);
  }

  timeOut(): this {
    const [timer] = this.timers;
    if (timer !== 'connect' && timer !== 'response') throw new Error('no timer runs');
    this.timers.delete(timer);
    return this.feed({ kind: 'timer', timer });
  }

  close(reason: 'ended' | 'reset' | 'refused' = 'reset'): this {
    return this.feed({ kind: 'closed', link: this.link, reason });
  }

  /** Power off and on: nothing but the store survives. */
  powerCut(): this {
    this.timers.clear();
    this.state = bootTerminal(this.#config, structuredClone(this.entries));
    return this;
  }

  answerFrame(changes: AnswerChanges = {}): Uint8Array {
    const { request } = this;
    const fields: FieldValues = {};
    for (const field of [2, 3, 4, 11, 25, 41, 42, 49, 60]) {
      const value = request.fields[field];
      if (value !== undefined) fields[field] = value;
    }
    const isSettlement = request.mti === '0500';
    Object.assign(fields, { 12: '093000', 13: '0115', 37: '093000000001' });
    if (isSettlement) fields[48] = flagged(request.fields[48] ?? '', '1');
    else fields[39] = '00';
    const mac = changes.mac ?? (request.fields[64] === undefined ? 'none' : 'right');
    if (mac !== 'none') fields[64] = '00'.repeat(8);
    for (const [field, value] of Object.entries(changes.fields ?? {})) {
      if (value === undefined) delete fields[Number(field)];
      else fields[Number(field)] = value;
    }
    const encoded = encodeMessage(UNIONPAY_POS, {
      mti: changes.mti ?? answerMti(request.mti),
      fields,
    });
    const mak = this.state.record.keys?.mak ?? VECTOR_KEYS.mak;
    if (mac !== 'none') sealMac(desCipher(mak), encoded);
    if (mac === 'wrong') encoded[encoded.length - 1]! ^= 1;
    return encodeFrame({ tpdu: '6000000003', header: '603100310000' }, encoded, UNIONPAY_POS);
  }

  feed(input: TerminalInput): this {
    const startMs = toEpochMs(parseCivilTime('2026-01-15 09:30')!);
    const env = { clock: { civilMs: () => startMs }, random: seededRandom(1), isTraced: true };
    for (const effect of stepTerminal(this.state, input, env)) {
      this.effects.push(effect);
      if (effect.kind === 'persist') this.entries.push(effect.entry);
      else if (effect.kind === 'connect') this.link = effect.link;
      else if (effect.kind === 'send') this.sent.push(effect.bytes);
      else if (effect.kind === 'start-timer') this.timers.add(effect.timer);
      else if (effect.kind === 'stop-timer') this.timers.delete(effect.timer);
      else if (effect.kind === 'publish') this.events.push(effect.event);
      else if (effect.kind === 'done') this.results.push(effect.result);
    }
    return this;
  }
}

/** Field 48 with the verdict digit of the domestic totals; the foreign ones always agree. */
export function flagged(totals: string, flag: string): string {
  return `${totals.slice(0, 30)}${flag}${totals.slice(31, 61)}1`;
}
