import type { HostEvent } from '../host-event.ts';

/** An event of the journal with its place there, from 1 on. */
export interface JournalEntry {
  readonly place: number;
  readonly event: HostEvent;
}

/** A record inside an event, such as the transaction of an approval. */
type Fields = Readonly<Record<string, unknown>>;

/**
 * Everything in a journal about one subject, in its order: a transaction by id or reference number, a
 * hold, a review, a payout or any other record with a number of its own. What belongs to the same sale
 * belongs to it: its void, refunds, holds, and the payout that names it, but not the other sales of that
 * payout.
 */
export function auditTrail(journal: readonly HostEvent[], subject: string): JournalEntry[] {
  const known = new Set([idOf(journal, subject)]);
  for (let before = 0; before < known.size;) {
    before = known.size;
    for (const event of journal) learn(event, known);
  }
  const batches = batchesOf(journal, known);
  return journal.flatMap((event, at) =>
    isAbout(event, known, batches) ? [{ place: at + 1, event }] : [],
  );
}

/** Who did what: the people that a trail names, in order, each once. */
export function peopleOf(trail: readonly JournalEntry[]): string[] {
  return [
    ...new Set(trail.flatMap(({ event }) => recordsOf(event).flatMap(({ by }) => textsOf(by)))),
  ];
}

/** A reference number stands for its transaction. */
function idOf(journal: readonly HostEvent[], subject: string): string {
  for (const event of journal) {
    if ('transaction' in event && event.transaction.rrn === subject) return event.transaction.id;
  }
  return subject;
}

/** The event itself and the records that stand in it by name; lists are about others as well. */
function recordsOf(event: HostEvent): Fields[] {
  const isRecord = (value: unknown): value is Fields =>
    typeof value === 'object' && value !== null && !Array.isArray(value);
  return [{ ...event }, ...Object.values(event).filter(isRecord)];
}

/** What an event about something known brings with it: numbers of other records of the same sale. */
function learn(event: HostEvent, known: Set<string>): void {
  const named = recordsOf(event).flatMap(namesIn);
  const isLinked = named.some((id) => known.has(id));
  if (isLinked) for (const id of named) known.add(id);
  if (event.kind !== 'payout-ordered') return;
  const { id, transactionIds, parts = [] } = event.payout;
  const paid = [...transactionIds, ...parts.map(({ transactionId }) => transactionId)];
  if (paid.some((each) => known.has(each))) known.add(id);
}

/** Of a record, of another record, of an order at a wallet; the name of a card is none. */
const NAMES = /^(?!cardId$)(id|\w+Id|orderNo|key)$/;

/** Numbers by which an event names records. */
function namesIn(fields: Fields): string[] {
  return Object.entries(fields).flatMap(([name, value]) =>
    NAMES.test(name) ? textsOf(value) : [],
  );
}

function textsOf(value: unknown): string[] {
  return typeof value === 'string' && value !== '' ? [value] : [];
}

/** Batches and trace numbers under which the known transactions went over the line. */
function batchesOf(journal: readonly HostEvent[], known: ReadonlySet<string>): Set<string> {
  const found = new Set<string>();
  for (const event of journal) {
    if (!('transaction' in event) || !known.has(event.transaction.id)) continue;
    const { tid, batchNo, stan } = event.transaction;
    if (tid !== '') found.add(`${tid}-${batchNo}`).add(`${tid}-${batchNo}-${stan}`);
  }
  return found;
}

function isAbout(
  event: HostEvent,
  known: ReadonlySet<string>,
  batches: ReadonlySet<string>,
): boolean {
  if (event.kind === 'exchange-answered') {
    return batches.has(`${event.tid}-${event.batchNo}-${event.stan}`);
  }
  if (event.kind === 'batch-closed' && batches.has(`${event.tid}-${event.batchNo}`)) return true;
  if ('holdMoves' in event && event.holdMoves?.some(({ holdId }) => known.has(holdId)) === true) {
    return true;
  }
  const parts = 'parts' in event ? event.parts : undefined;
  if (parts?.some(({ transactionId }) => known.has(transactionId)) === true) return true;
  return recordsOf(event).some((fields) => namesIn(fields).some((id) => known.has(id)));
}
