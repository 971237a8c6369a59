import type { HostEvent, SalePart } from '../host-event.ts';
import type { HoldBook } from '../risk/hold-book.ts';
import type { PayoutBook } from './payout-book.ts';

/** Money of a sale, in fen, that went another way than with a payout that names the sale. */
export interface SaleParts {
  /** Lost with a freeze of the sale itself. */
  disputedFen: number;
  /** Lost with a frozen amount, which names no sale. */
  seizedFen: number;
  depositFen: number;
  /** To what its merchant owed. */
  owedFen: number;
  /** Paid out while the rest of the sale was frozen. */
  paidFen: number;
}

/** The parts of each sale that has any: few have. */
export interface PartBook {
  readonly parts: Map<string, SaleParts>;
}

export function emptyParts(): PartBook {
  return { parts: new Map() };
}

type Known = PartBook & HoldBook & PayoutBook;

/** What an event of the journal does to the parts of sales; most do nothing. */
export function applyToParts(book: Known, event: HostEvent): void {
  switch (event.kind) {
    case 'hold-taken': {
      const { transactionId } = book.holds.get(event.holdId) ?? {};
      if (transactionId === undefined) add(book, 'seizedFen', event.parts);
      else add(book, 'disputedFen', [{ transactionId, fen: event.fen }]);
      return;
    }
    case 'hold-released':
    case 'recovery-undone':
      add(book, 'owedFen', event.parts, -1);
      return;
    case 'deposit-frozen':
      add(book, 'depositFen', event.parts);
      return;
    case 'deposit-returned':
      add(book, 'depositFen', event.parts, -1);
      return;
    case 'receivable-recovered':
      add(book, 'owedFen', event.parts);
      return;
    case 'payout-ordered':
      add(book, 'paidFen', event.payout.parts);
      return;
    case 'payout-returned':
      add(book, 'paidFen', book.payouts.get(event.id)?.parts, -1);
      return;
    default:
      return;
  }
}

function add(
  book: PartBook,
  kind: keyof SaleParts,
  parts: readonly SalePart[] | undefined,
  sign: 1 | -1 = 1,
): void {
  for (const { transactionId, fen } of parts ?? []) {
    const before = book.parts.get(transactionId) ?? NO_PARTS;
    book.parts.set(transactionId, { ...before, [kind]: before[kind] + sign * fen });
  }
}

const NO_PARTS: Readonly<SaleParts> = {
  disputedFen: 0,
  seizedFen: 0,
  depositFen: 0,
  owedFen: 0,
  paidFen: 0,
};

export function partsOf(book: PartBook, transactionId: string): Readonly<SaleParts> {
  return book.parts.get(transactionId) ?? NO_PARTS;
}
