import { roomyFields } from '../../protocol/codec/field-text.ts';
import type { PackedEntries, PackedForm } from '../world/store.ts';
import type { FieldValues } from '../../protocol/message/message.ts';
import type { Posting } from './books/ledger.ts';
import type { HostEvent, TransactionRecord } from './host-event.ts';

type Of<Kind extends HostEvent['kind']> = Extract<HostEvent, { readonly kind: Kind }>;

/**
 * A sale in the journal: the number that was taken for it, its approval and its answer, side by side and
 * without their names. What follows from something else in it is left out, what is there beside comes last.
 */
type PlainSale = readonly [
  sequence: number,
  id: string,
  tid: string,
  mid: string,
  batchNo: string,
  /** STAN and authorisation code: both differ from sale to sale, and are read at once. */
  numbers: string,
  rrn: string,
  date: string,
  settlementDate: string,
  cardId: string,
  cardMasked: string,
  amountFen: number,
  feeFen: number,
  entry: TransactionRecord['entry'],
  entryDigits: string,
  rc: string,
  tariffLine: string,
  dueOn: string,
  fingerprint: string,
  /** Field and value in turn, of those fields of the answer that the transaction does not say. */
  answer: readonly (number | string)[],
];

type PackedSale = PlainSale | readonly [...PlainSale, Beside];

/** Members that not every sale has, in the places where a record has them: its order is kept as well. */
interface Beside {
  /** Of the transaction, between its code and its tariff. */
  readonly before?: Partial<TransactionRecord>;
  /** Of the transaction, behind all others. */
  readonly transaction?: Partial<TransactionRecord>;
  /** Where they are not those of a plain sale. */
  readonly postings?: readonly Posting[];
}

/** Without what is beside. */
const SALE_LENGTH = 20 satisfies PlainSale['length'];

/** Of a sale whose number was taken earlier; those that are taken begin with 1. */
const NOT_TAKEN = 0;

/** Characters of a STAN in {@link PlainSale}. */
const STAN_LENGTH = 6;

/** Members that every sale has, in their order. */
const SALE_KEYS: readonly (keyof TransactionRecord)[] = [
  'id',
  'kind',
  'tid',
  'mid',
  'batchNo',
  'stan',
  'rrn',
  'authCode',
  'date',
  'settlementDate',
  'cardId',
  'cardMasked',
  'amountFen',
  'feeFen',
  'entry',
  'entryDigits',
  'rc',
  'tariffLine',
  'dueOn',
];
/** Of those, what comes behind the members that stand {@link Beside.before}. */
const TARIFF_AT = SALE_KEYS.indexOf('tariffLine');
const TAKEN_KEYS = ['kind', 'sequence'];
const APPROVED_KEYS = ['kind', 'transaction', 'postings'];
const ANSWERED_KEYS = ['kind', 'tid', 'batchNo', 'stan', 'fingerprint', 'answer'];
const POSTING_KEYS = ['account', 'fen'];

/** Places of {@link PlainSale} that hold whole numbers; the last one holds the answer, the others texts. */
const NUMBER_PLACES: readonly number[] = [0, 11, 12];

/** How a journal of many sales keeps them. */
export const HOST_FORM: PackedForm<HostEvent> = { pack: packEvents, unpack: unpackEvents };

/** Events as the journal keeps them: sales packed, whatever else as it is. */
function packEvents(events: readonly HostEvent[]): (HostEvent | PackedSale)[] {
  const packed: (HostEvent | PackedSale)[] = [];
  for (let at = 0; at < events.length; at++) {
    const event = events[at]!;
    // A chip has its own to say between the number that is taken and the sale.
    const taken = event.kind === 'sequence-taken' ? event : undefined;
    const saleAt = taken === undefined ? at : at + 1;
    const sale = packSale(taken, events[saleAt], events[saleAt + 1]);
    packed.push(sale ?? event);
    if (sale !== undefined) at = saleAt + 1;
  }
  return packed;
}

function packSale(
  taken: Of<'sequence-taken'> | undefined,
  approved: HostEvent | undefined,
  answered: HostEvent | undefined,
): PackedSale | undefined {
  if (approved?.kind !== 'sale-approved' || answered?.kind !== 'exchange-answered')
    return undefined;
  // One that has more to say than is known here, or says it otherwise, stays as it is.
  if (!hasKeys(approved, APPROVED_KEYS) || !hasKeys(answered, ANSWERED_KEYS)) return undefined;
  if (taken !== undefined && (!hasKeys(taken, TAKEN_KEYS) || taken.sequence === NOT_TAKEN)) {
    return undefined;
  }
  const { transaction, postings } = approved;
  const more = besideOf(transaction);
  if (more === undefined || transaction.kind !== 'sale') return undefined;
  const { tid, batchNo, stan, authCode } = transaction;
  if (typeof stan !== 'string' || typeof authCode !== 'string') return undefined;
  if (stan.length !== STAN_LENGTH || !Array.isArray(postings)) return undefined;
  if (answered.tid !== tid || answered.batchNo !== batchNo || answered.stan !== stan) {
    return undefined;
  }
  const answer = packAnswer(answered.answer, transaction);
  if (answer === undefined) return undefined;
  const sale: PlainSale = [
    taken === undefined ? NOT_TAKEN : taken.sequence,
    transaction.id,
    tid,
    transaction.mid,
    batchNo,
    stan + authCode,
    transaction.rrn,
    transaction.date,
    transaction.settlementDate,
    transaction.cardId,
    transaction.cardMasked,
    transaction.amountFen,
    transaction.feeFen,
    transaction.entry,
    transaction.entryDigits,
    transaction.rc,
    transaction.tariffLine!,
    transaction.dueOn!,
    answered.fingerprint,
    answer,
  ];
  if (!isPlainSale(sale)) return undefined;
  const isPlain = arePlain(transaction, postings);
  if (more === NOTHING_MORE && isPlain) return sale;
  return [...sale, isPlain ? more : { ...more, postings }];
}

/** Whether a record has these members and no others, in this order. */
function hasKeys(record: unknown, keys: readonly string[]): boolean {
  if (typeof record !== 'object' || record === null) return false;
  const own = Object.keys(record);
  return own.length === keys.length && keys.every((key, at) => own[at] === key);
}

/** Whether every place holds what it is to hold: what was packed, or what a journal says. */
function isPlainSale(list: PackedEntries): list is PlainSale {
  for (let at = 0; at < SALE_LENGTH - 1; at++) {
    const value = list[at];
    const isRight = NUMBER_PLACES.includes(at)
      ? Number.isSafeInteger(value)
      : typeof value === 'string';
    if (!isRight) return false;
  }
  return isAnswer(list[SALE_LENGTH - 1]);
}

function isAnswer(value: unknown): boolean {
  if (!Array.isArray(value) || value.length % 2 === 1) return false;
  for (let at = 0; at < value.length; at += 2) {
    if (!(Number.isSafeInteger(value[at]) && value[at] > 0 && typeof value[at + 1] === 'string'))
      return false;
  }
  return true;
}

/** Undefined when a field is not what the transaction says of it. */
function packAnswer(
  answer: FieldValues,
  { settlementDate, rrn, authCode, rc }: TransactionRecord,
): (number | string)[] | undefined {
  if (typeof answer !== 'object' || answer === null) return undefined;
  if (answer[15] !== settlementDate || answer[37] !== rrn) return undefined;
  if (answer[38] !== authCode || answer[39] !== rc) return undefined;
  const rest: (number | string)[] = [];
  for (const key of Object.keys(answer)) {
    const field = Number(key);
    if (!(field > 0) || String(field) !== key) return undefined;
    if (field !== 15 && field !== 37 && field !== 38 && field !== 39)
      rest.push(field, answer[field]!);
  }
  return rest;
}

const NOTHING_MORE: Beside = {};

/**
 * What a transaction says beside what every plain sale says; undefined where that is not all there, or
 * in another order.
 */
function besideOf(transaction: TransactionRecord): Beside | undefined {
  if (typeof transaction !== 'object' || transaction === null) return undefined;
  let before: Record<string, unknown> | undefined;
  let behind: Record<string, unknown> | undefined;
  let known = 0;
  for (const key of Object.keys(transaction)) {
    if (key === SALE_KEYS[known]) known++;
    else if (key === '__proto__') return undefined;
    else if (known === TARIFF_AT) (before ??= {})[key] = memberOf(transaction, key);
    else if (known === SALE_KEYS.length) (behind ??= {})[key] = memberOf(transaction, key);
    else return undefined;
  }
  if (known < SALE_KEYS.length) return undefined;
  if (before === undefined && behind === undefined) return NOTHING_MORE;
  return {
    ...(before === undefined ? {} : { before }),
    ...(behind === undefined ? {} : { transaction: behind }),
  };
}

function memberOf(transaction: TransactionRecord, key: string): unknown {
  return transaction[key as keyof TransactionRecord];
}

/** Those of a sale that costs its merchant a fee and nothing else. */
function plainPostings(cardId: string, mid: string, amountFen: number, feeFen: number): Posting[] {
  return [
    // Not the negative: of nothing it is another nothing.
    { account: `card/${cardId}`, fen: 0 - amountFen },
    { account: `merchant/${mid}/unsettled`, fen: amountFen - feeFen },
    { account: 'acquirer/fees', fen: feeFen },
  ];
}

function arePlain(
  { cardId, mid, amountFen, feeFen }: TransactionRecord,
  postings: readonly Posting[],
): boolean {
  const plain = plainPostings(cardId, mid, amountFen, feeFen);
  return (
    postings.length === plain.length &&
    plain.every(({ account, fen }, at) => {
      const posting = postings[at]!;
      return hasKeys(posting, POSTING_KEYS) && posting.account === account && posting.fen === fen;
    })
  );
}

function unpackEvents(packed: PackedEntries): readonly HostEvent[] | undefined {
  if (!isPlainSale(packed)) return undefined;
  if (packed.length === SALE_LENGTH) return unpackSale(packed, NOTHING_MORE);
  const beside: unknown = packed[SALE_LENGTH];
  const isWithMore = packed.length === SALE_LENGTH + 1 && isRecord(beside);
  return isWithMore ? unpackSale(packed, beside) : undefined;
}

function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The events of a packed sale, in their order. */
function unpackSale(sale: PlainSale, beside: Beside): HostEvent[] {
  const tid = sale[2];
  const mid = sale[3];
  const batchNo = sale[4];
  const stan = sale[5].slice(0, STAN_LENGTH);
  const authCode = sale[5].slice(STAN_LENGTH);
  const rrn = sale[6];
  const settlementDate = sale[8];
  const cardId = sale[9];
  const amountFen = sale[11];
  const feeFen = sale[12];
  const rc = sale[15];
  const rest = sale[19];
  const transaction: TransactionRecord = {
    id: sale[1],
    kind: 'sale',
    tid,
    mid,
    batchNo,
    stan,
    rrn,
    authCode,
    date: sale[7],
    settlementDate,
    cardId,
    cardMasked: sale[10],
    amountFen,
    feeFen,
    entry: sale[13],
    entryDigits: sale[14],
    rc,
    tariffLine: sale[16],
    dueOn: sale[17],
  };
  const answer = roomyFields();
  answer[15] = settlementDate;
  answer[37] = rrn;
  answer[38] = authCode;
  answer[39] = rc;
  for (let at = 0; at < rest.length; at += 2) answer[rest[at] as number] = rest[at + 1] as string;
  const approved: HostEvent = {
    kind: 'sale-approved',
    transaction: beside === NOTHING_MORE ? transaction : withBeside(transaction, beside),
    postings: beside.postings ?? plainPostings(cardId, mid, amountFen, feeFen),
  };
  const fingerprint = sale[18];
  const answered: HostEvent = {
    kind: 'exchange-answered',
    tid,
    batchNo,
    stan,
    fingerprint,
    answer,
  };
  const sequence = sale[0];
  if (sequence === NOT_TAKEN) return [approved, answered];
  return [{ kind: 'sequence-taken', sequence }, approved, answered];
}

/** With the members that not every sale has in their places. */
function withBeside(
  { tariffLine, dueOn, ...first }: TransactionRecord,
  { before, transaction: behind }: Beside,
): TransactionRecord {
  return { ...first, ...before, tariffLine: tariffLine!, dueOn: dueOn!, ...behind };
}
