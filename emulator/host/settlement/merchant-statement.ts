import type { Posting } from '../books/ledger.ts';
import { dayOf } from '../event-day.ts';
import type { HostEvent } from '../host-event.ts';
import { applyToBook, emptyBook, type TransactionBook } from '../transaction-book.ts';

/** What a merchant's balance is made of: all that the acquirer has of his, but for open batches. */
const PLACES = ['payable', 'held', 'deposit', 'transit', 'receivable'] as const;

export type Place = (typeof PLACES)[number];

/** What a line of a statement is about, in its order there. */
export const STATEMENT_LINES = [
  'sales',
  'fees',
  'surcharges',
  'refunds',
  'refund-costs',
  'adjustments',
  'chargebacks',
  'payout-fees',
  'payouts',
  'other',
] as const;

export type StatementLine = (typeof STATEMENT_LINES)[number];

/** A merchant's money over some days, all in fen: what he began with, what moved it, what is left. */
export interface MerchantStatement {
  readonly mid: string;
  /** First and last day, ISO; a batch belongs to its settlement day. */
  readonly from: string;
  readonly to: string;
  readonly openingFen: number;
  /** What moved it: how often, and by how much in all. */
  readonly lines: Readonly<Record<StatementLine, { readonly count: number; readonly fen: number }>>;
  readonly closingFen: number;
  /** Where the closing balance lies; what he owes is negative. */
  readonly places: Readonly<Record<Place, number>>;
}

/** The statement of a merchant, from a journal alone. */
export function merchantStatement(
  journal: Iterable<HostEvent>,
  mid: string,
  { from, to }: { readonly from: string; readonly to: string },
): MerchantStatement {
  const book = emptyBook();
  const lines = Object.fromEntries(
    STATEMENT_LINES.map((line) => [line, { count: 0, fen: 0 }]),
  ) as Record<StatementLine, { count: number; fen: number }>;
  const places = Object.fromEntries(PLACES.map((place) => [place, 0])) as Record<Place, number>;
  let openingFen = 0;
  let closingFen = 0;
  let today = '';
  for (const event of journal) {
    applyToBook(book, event);
    const day = dayOf(event);
    if (day !== undefined && event.kind !== 'batch-closed') today = day;
    const on = event.kind === 'batch-closed' ? event.on : today;
    if (!('postings' in event) || on > to) continue;
    const moved = movedBy(event.postings, mid);
    for (const [place, fen] of moved) places[place] += fen;
    const fen = moved.reduce((sum, [, each]) => sum + each, 0);
    closingFen += fen;
    if (on < from) openingFen += fen;
    else {
      for (const [line, count, part] of partsOf(book, event, mid, fen)) {
        lines[line].count += count;
        lines[line].fen += part;
      }
    }
  }
  return { mid, from, to, openingFen, lines, closingFen, places };
}

type Part = readonly [StatementLine, number, number];

/** Which lines an event belongs to; the parts add up to what it has moved. */
function partsOf(
  book: TransactionBook,
  event: Extract<HostEvent, { postings: readonly Posting[] }>,
  mid: string,
  fen: number,
): Part[] {
  switch (event.kind) {
    case 'batch-closed': {
      const sales = book.transactions
        .in(event.tid, event.batchNo)
        .filter((each) => each.kind === 'sale' && each.status === 'active' && each.mid === mid);
      const sum = (of: (sale: (typeof sales)[number]) => number): number =>
        sales.reduce((total, sale) => total + of(sale), 0);
      const gross = sum(({ amountFen }) => amountFen);
      const fees = sum(({ feeFen }) => feeFen);
      return [
        ['sales', sales.length, gross],
        ['fees', 0, 0 - fees],
        ['surcharges', 0, fen - gross + fees],
      ];
    }
    case 'refund-approved': {
      if (event.transaction.mid !== mid) return [];
      const { amountFen } = event.transaction;
      return [
        ['refunds', 1, 0 - amountFen],
        ['refund-costs', 0, fen + amountFen],
      ];
    }
    case 'adjustment-booked':
      return fen === 0 ? [] : [['adjustments', 1, fen]];
    case 'hold-taken':
      return fen === 0 ? [] : [['chargebacks', 1, fen]];
    case 'paid-out':
      return fen === 0 ? [] : [['payouts', 1, fen]];
    // The amount stays in the balance, on its way; the fee has gone.
    case 'payout-ordered':
    case 'payout-returned':
      return fen === 0 ? [] : [['payout-fees', 1, fen]];
    default:
      return fen === 0 ? [] : [['other', 1, fen]];
  }
}

function movedBy(postings: readonly Posting[], mid: string): [Place, number][] {
  return postings.flatMap(({ account, fen }) => {
    const place = PLACES.find((each) => account === `merchant/${mid}/${each}`);
    return place === undefined ? [] : [[place, fen] satisfies [Place, number]];
  });
}
