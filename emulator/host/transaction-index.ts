import { isDigits, numberOf } from '../../protocol/bytes/digits.ts';
import { lastUpTo } from './ascending.ts';
import type { Transaction } from './transaction-book.ts';

/** The transactions of one batch in the order in which they came. */
interface Batch {
  list: Transaction[];
  /** The trace number of the last of them, as long as they ascend; below 0 where there is none. */
  lastStan: number;
  /** By trace number, where those did not come in ascending order; otherwise the list is searched. */
  byStan: Map<string, Transaction> | undefined;
}

/** The transactions of one terminal. */
interface OfTerminal {
  /** The batch that was written to last. */
  batchNo: string;
  batch: Batch;
  /** The others by their number. */
  readonly others: Map<string, Batch>;
}

/** Digits of a batch number, and of a trace number, in an id. */
const DIGITS = 6;
/** What an id has behind the terminal's number: two hyphens, and six digits behind each. */
const TAIL = 2 * (DIGITS + 1);
const NO_TRANSACTIONS: readonly Transaction[] = [];

/**
 * Transactions by terminal, batch and trace number, of which their ids are made: a sale has its place
 * beside the one before it, not somewhere among all that ever were, and to settle a batch does not
 * look at others.
 */
export class TransactionIndex {
  readonly #all: Transaction[] = [];
  readonly #terminals = new Map<string, OfTerminal>();
  /** Those whose id is not made of the three, such as refunds of the host's own. */
  readonly #others = new Map<string, Transaction>();

  get size(): number {
    return this.#all.length;
  }

  /** All, in the order in which they came. */
  values(): IterableIterator<Transaction> {
    return this.#all.values();
  }

  /** Those that came behind the first so many. */
  behind(place: number): readonly Transaction[] {
    return this.#all.slice(place);
  }

  has(id: string): boolean {
    return this.get(id) !== undefined;
  }

  get(id: string): Transaction | undefined {
    const end = id.length - TAIL;
    if (end >= 0) {
      const batchNo = id.slice(end + 1, end + 1 + DIGITS);
      const found = this.at(id.slice(0, end), batchNo, id.slice(-DIGITS));
      if (found?.id === id) return found;
    }
    return this.#others.get(id);
  }

  /** The one with this trace number in a batch; both have six digits. */
  at(tid: string, batchNo: string, stan: string): Transaction | undefined {
    const batch = batchOf(this.#terminals.get(tid), batchNo);
    return batch === undefined ? undefined : findIn(batch, stan, stanNumber(stan));
  }

  /** @returns false, and nothing is entered, where there is one with its id */
  add(transaction: Transaction): boolean {
    const batch = this.#batchToAdd(transaction);
    const isOwn = isMadeOfThree(transaction);
    const number = isOwn ? stanNumber(transaction.stan) : NO_STAN;
    if (isOwn && findIn(batch, transaction.stan, number) !== undefined) return false;
    if ((!isOwn || this.#others.size > 0) && this.has(transaction.id)) return false;
    if (!isOwn) this.#others.set(transaction.id, transaction);
    if (number > batch.lastStan) batch.lastStan = number;
    else batch.byStan ??= new Map(batch.list.map((each) => [each.stan, each]));
    if (isOwn) batch.byStan?.set(transaction.stan, transaction);
    batch.list.push(transaction);
    this.#all.push(transaction);
    return true;
  }

  /** All transactions of a batch, the first one first. */
  in(tid: string, batchNo: string): readonly Transaction[] {
    return batchOf(this.#terminals.get(tid), batchNo)?.list ?? NO_TRANSACTIONS;
  }

  /** It is closed: its list needs no room for more, of which there are so many. */
  close(tid: string, batchNo: string): readonly Transaction[] {
    const batch = batchOf(this.#terminals.get(tid), batchNo);
    if (batch === undefined) return NO_TRANSACTIONS;
    batch.list = [...batch.list];
    return batch.list;
  }

  #batchToAdd({ tid, batchNo }: Transaction): Batch {
    const found = this.#terminals.get(tid);
    if (found === undefined) {
      const batch = emptyBatch();
      this.#terminals.set(tid, { batchNo, batch, others: new Map() });
      return batch;
    }
    if (found.batchNo !== batchNo) turnTo(found, batchNo);
    return found.batch;
  }
}

function emptyBatch(): Batch {
  return { list: [], lastStan: NO_STAN, byStan: undefined };
}

function turnTo(found: OfTerminal, batchNo: string): void {
  found.others.set(found.batchNo, found.batch);
  found.batchNo = batchNo;
  found.batch = found.others.get(batchNo) ?? emptyBatch();
  found.others.delete(batchNo);
}

function batchOf(found: OfTerminal | undefined, batchNo: string): Batch | undefined {
  if (found === undefined) return undefined;
  return found.batchNo === batchNo ? found.batch : found.others.get(batchNo);
}

/** @param number of the STAN */
function findIn(
  { list, lastStan, byStan }: Batch,
  stan: string,
  number: number,
): Transaction | undefined {
  if (byStan !== undefined) return byStan.get(stan);
  // Mostly it is none, because it comes behind all of them; neither is one of another form.
  if (number > lastStan || number === NO_STAN) return undefined;
  const found = list[lastUpTo(list.length, (place) => list[place]!.stan > stan)];
  return found?.stan === stan ? found : undefined;
}

const NO_STAN = -1;

/** Below 0 for a text that is not six digits. */
function stanNumber(stan: string): number {
  return isDigits(stan, DIGITS, DIGITS) ? numberOf(stan) : NO_STAN;
}

/**
 * The id that is made of the three. V8 keeps its parts apart until somebody looks into it, and then
 * makes one text of them: so of what the last one is made is known without a look.
 *
 * @param head what the ids of the batch begin with
 */
export function transactionId(
  tid: string,
  batchNo: string,
  stan: string,
  head = `${tid}-${batchNo}-`,
): string {
  last = { id: head + stan, tid, batchNo, stan };
  return last.id;
}

let last: OwnId = { id: '', tid: '', batchNo: '', stan: '' };

type OwnId = Pick<Transaction, 'id' | 'tid' | 'batchNo' | 'stan'>;

function isMadeOfThree({ id, tid, batchNo, stan }: OwnId): boolean {
  if (batchNo.length !== DIGITS || stan.length !== DIGITS) return false;
  if (id === last.id && tid === last.tid && batchNo === last.batchNo && stan === last.stan) {
    return true;
  }
  if (id.length !== tid.length + TAIL) return false;
  return id.startsWith(tid) && id.startsWith(batchNo, tid.length + 1) && id.endsWith(stan);
}
