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

interface Beside {
  /** Of the transaction. */
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

const PACKED_KEYS: ReadonlySet<string> = new Set<keyof TransactionRecord>([
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
]);

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
  // One that has more to say than is known here stays as it is.
  if (keysOf(approved) !== 3 || keysOf(answered) !== 6) return undefined;
  if (taken !== undefined && (keysOf(taken) !== 2 || taken.sequence === NOT_TAKEN))
    return undefined;
  const { transaction, postings } = approved;
  const more = morePacked(transaction);
  if (more === undefined || transaction.kind !== 'sale') return undefined;
  const { tid, batchNo, stan, authCode } = transaction;
  if (stan.length !== STAN_LENGTH) return undefined;
  if (answered.tid !== tid || answered.batchNo !== batchNo || answered.stan !== stan) {
    return undefined;
  }
  const answer = packAnswer(answered.answer, transaction);
  if (answer === undefined) return undefined;
  const sale: PlainSale = [
    taken?.sequence ?? NOT_TAKEN,
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
  const isPlain = arePlain(transaction, postings);
  if (more === NOTHING_MORE && isPlain) return sale;
  const beside: Beside = {
    ...(more === NOTHING_MORE ? {} : { transaction: more }),
    ...(isPlain ? {} : { postings }),
  };
  return [...sale, beside];
}

function keysOf(record: object): number {
  return Object.keys(record).length;
}

/** Undefined when a field is not what the transaction says of it. */
function packAnswer(
  answer: FieldValues,
  { settlementDate, rrn, authCode, rc }: TransactionRecord,
): (number | string)[] | undefined {
  if (answer[15] !== settlementDate || answer[37] !== rrn) return undefined;
  if (answer[38] !== authCode || answer[39] !== rc) return undefined;
  const rest: (number | string)[] = [];
  for (const key of Object.keys(answer)) {
    const field = Number(key);
    if (!(field > 0)) return undefined;
    if (field !== 15 && field !== 37 && field !== 38 && field !== 39)
      rest.push(field, answer[field]!);
  }
  return rest;
}

const NOTHING_MORE: Partial<TransactionRecord> = {};

/** What a transaction says beside what every plain sale says; undefined where that is not all there. */
function morePacked(transaction: TransactionRecord): Partial<TransactionRecord> | undefined {
  let more: Record<string, unknown> | undefined;
  let known = 0;
  for (const key of Object.keys(transaction)) {
    if (PACKED_KEYS.has(key)) known++;
    else (more ??= {})[key] = transaction[key as keyof TransactionRecord];
  }
  return known === PACKED_KEYS.size ? (more ?? NOTHING_MORE) : undefined;
}

/** Those of a sale that costs its merchant a fee and nothing else. */
function plainPostings(cardId: string, mid: string, amountFen: number, feeFen: number): Posting[] {
  return [
    { account: `card/${cardId}`, fen: -amountFen },
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
      return posting.account === account && posting.fen === fen && keysOf(posting) === 2;
    })
  );
}

function unpackEvents(packed: PackedEntries): readonly HostEvent[] | undefined {
  const isWhole = packed.length === SALE_LENGTH || packed.length === SALE_LENGTH + 1;
  return isWhole ? unpackSale(packed as PackedSale) : undefined;
}

/** The events of a packed sale, in their order. */
function unpackSale(sale: PackedSale): HostEvent[] {
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
  const beside = sale.length === SALE_LENGTH ? undefined : sale[SALE_LENGTH];
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
  const answer = roomyFields(64);
  answer[15] = settlementDate;
  answer[37] = rrn;
  answer[38] = authCode;
  answer[39] = rc;
  for (let at = 0; at < rest.length; at += 2) answer[rest[at] as number] = rest[at + 1] as string;
  const approved: HostEvent = {
    kind: 'sale-approved',
    transaction:
      beside?.transaction === undefined ? transaction : { ...transaction, ...beside.transaction },
    postings: beside?.postings ?? plainPostings(cardId, mid, amountFen, feeFen),
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
