import { connect, type Socket } from 'node:net';
import { FrameDecoder } from '../../../protocol/framing/frame-decoder.ts';
import { decodeMessage } from '../../../protocol/message/decode-message.ts';
import { UNIONPAY_POS } from '../../../protocol/dialects/unionpay-pos.ts';
import type { FieldValues, Message } from '../../../protocol/message/message.ts';
import type { Random } from '../../../emulator/world/random.ts';
import {
  frame,
  reversalOf,
  saleFields,
  settlementFields,
  totals,
  voidFields,
} from '../../emulator/host/host-desk.ts';
import { ENVELOPE_BYTES } from '../../vectors.ts';
import { midOf } from './institution.ts';

interface Asked {
  readonly kind: 'sale' | 'void' | 'settle' | 'repeat' | 'reverse-unknown' | 'late';
  readonly stan: string;
  readonly amountFen: number;
  readonly bytes: Uint8Array;
  /** What a repeat must be answered with. */
  readonly earlier?: Answered;
}

/** What a client has seen of a transaction: it must be in the books from then on. */
export interface Answered {
  readonly id: string;
  readonly kind: 'sale' | 'void';
  readonly rrn: string;
  readonly amountFen: number;
  readonly bytes: Uint8Array;
}

const SALES_A_BATCH = 6;

/**
 * A terminal that trades as fast as it is answered. What has had no answer when the host dies is
 * asked again of the next one, so that in the end it knows the fate of everything.
 */
export class Till {
  /** Every 00 that it has seen. */
  readonly answered: Answered[] = [];
  /** What was not as it must be; empty in the end. */
  readonly wrong: string[] = [];
  readonly tid: string;
  readonly #random: Random;
  #batch = 1;
  #stan = 1;
  #pending: Asked | undefined;
  /** 00 answers of the open batch, the newest last, and the voidable sale. */
  #open: Answered[] = [];
  #voidable: Message | undefined;
  /** A sale whose reversal came first. */
  #reversed: Asked | undefined;
  #debit: [number, number] = [0, 0];
  #credit: [number, number] = [0, 0];
  #socket: Socket | undefined;

  constructor(tid: string, random: Random) {
    this.tid = tid;
    this.#random = random;
  }

  /** Trades with a host until it dies; `onAnswer` hears every answer. */
  trade(port: number, onAnswer: () => void): void {
    const decoder = new FrameDecoder(UNIONPAY_POS);
    const socket = connect({ host: '127.0.0.1', port, noDelay: true });
    this.#socket = socket;
    socket.on('error', () => undefined);
    socket.on('connect', () => this.#ask(socket));
    socket.on('data', (chunk) => {
      decoder.push(new Uint8Array(chunk), (body) => {
        const decoded = decodeMessage(UNIONPAY_POS, body, ENVELOPE_BYTES);
        if (!decoded.ok) throw decoded.error;
        this.#heard(decoded.message);
        onAnswer();
        this.#ask(socket);
      });
    });
  }

  hangUp(): void {
    this.#socket?.destroy();
  }

  /** Nothing is open, and nothing was begun since. */
  get isSettled(): boolean {
    return this.#pending === undefined && this.#open.length === 0;
  }

  /** From now on only what ends the day. */
  isClosing = false;

  #ask(socket: Socket): void {
    if (this.isClosing && this.isSettled) return;
    this.#pending ??= this.#next();
    socket.write(this.#pending.bytes);
  }

  #next(): Asked {
    const last = this.#open.at(-1);
    if (last !== undefined && (this.isClosing || this.#open.length >= SALES_A_BATCH)) {
      return this.#settle();
    }
    const chance = this.#random.below(10);
    if (last !== undefined && chance === 0) {
      return { ...last, kind: 'repeat', stan: '', earlier: last };
    }
    if (this.#reversed !== undefined && chance <= 2) return this.#reversed;
    const stan = String(++this.#stan).padStart(6, '0');
    if (chance === 3 && this.#voidable !== undefined) return this.#void(stan, this.#voidable);
    const amountFen = 10_000 + this.#random.below(1000);
    const fields = this.#fields(saleFields({ 4: String(amountFen).padStart(12, '0'), 11: stan }));
    const sale: Asked = { kind: 'sale', stan, amountFen, bytes: frame('0200', fields) };
    if (chance === 4 && this.#reversed === undefined) {
      this.#reversed = { ...sale, kind: 'late' };
      return { ...sale, kind: 'reverse-unknown', bytes: frame('0400', reversalOf(fields)) };
    }
    return sale;
  }

  /** The vector's fields with this terminal and its open batch. */
  #fields(fields: FieldValues): FieldValues {
    const f60 = fields[60] ?? '';
    const batch = String(this.#batch).padStart(6, '0');
    return {
      ...fields,
      41: this.tid,
      42: midOf(this.tid),
      60: f60.slice(0, 2) + batch + f60.slice(8),
    };
  }

  #void(stan: string, sale: Message): Asked {
    const fields = this.#fields(voidFields(sale, { 11: stan }));
    fields[61] = String(this.#batch).padStart(6, '0') + (sale.fields[11] ?? '');
    const amountFen = Number(sale.fields[4]);
    return { kind: 'void', stan, amountFen, bytes: frame('0200', fields) };
  }

  #settle(): Asked {
    const stan = String(++this.#stan).padStart(6, '0');
    const fields = this.#fields(settlementFields(totals(this.#debit, this.#credit), { 11: stan }));
    return { kind: 'settle', stan, amountFen: 0, bytes: frame('0500', fields, 'none') };
  }

  #heard(answer: Message): void {
    const asked = this.#pending;
    this.#pending = undefined;
    if (asked === undefined) return void this.wrong.push(`${this.tid}: an answer to nothing`);
    const { 37: rrn = '', 39: rc = '', 48: verdict = '' } = answer.fields;
    const batch = String(this.#batch).padStart(6, '0');
    const name = `${this.tid}-${batch}-${asked.stan}`;
    switch (asked.kind) {
      case 'sale':
      case 'void': {
        if (rc !== '00') return void this.wrong.push(`${name}: a ${asked.kind} got ${rc}`);
        const { kind, amountFen, bytes } = asked;
        const seen: Answered = { id: name, kind, rrn, amountFen, bytes };
        this.answered.push(seen);
        this.#open.push(seen);
        this.#voidable = kind === 'sale' ? answer : undefined;
        const count = kind === 'sale' ? this.#debit : this.#credit;
        count[0] += amountFen;
        count[1]++;
        return;
      }
      case 'repeat':
        if (rc === '00' && rrn === asked.earlier?.rrn) return;
        return void this.wrong.push(`${asked.earlier?.id}: again ${rc} ${rrn}`);
      case 'reverse-unknown':
        if (rc !== '00') this.wrong.push(`${name}: its reversal got ${rc}`);
        return;
      case 'late':
        this.#reversed = undefined;
        if (rc !== '12') this.wrong.push(`${name}: after its reversal it got ${rc}`);
        return;
      case 'settle':
        if (verdict.at(30) !== '1') this.wrong.push(`${name}: settled with ${verdict}`);
        this.#batch++;
        this.#open = [];
        this.#voidable = undefined;
        this.#reversed = undefined;
        this.#debit = [0, 0];
        this.#credit = [0, 0];
        return;
      default:
        asked.kind satisfies never;
    }
  }
}
