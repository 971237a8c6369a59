import type { HoldMove, HoldRecord, HostEvent } from '../host-event.ts';
import { unknownInJournal } from '../transaction-book.ts';

export interface Hold extends HoldRecord {
  /** Once it is no longer frozen: what has ended it. */
  state: 'frozen' | 'released' | 'taken' | 'returned';
  heldFen: number;
  /** What it took in all, and what of that went which way. */
  placedFen: number;
  releasedFen: number;
  takenFen: number;
  releasedBy: string | undefined;
}

/** Every freeze that was ever placed, by number. */
export interface HoldBook {
  readonly holds: Map<string, Hold>;
  /** The same by merchant, and those that name a sale by that, the oldest first. */
  readonly holdsOf: {
    readonly merchants: Map<string, Hold[]>;
    readonly sales: Map<string, Hold[]>;
  };
}

export function emptyHolds(): HoldBook {
  return { holds: new Map(), holdsOf: { merchants: new Map(), sales: new Map() } };
}

/** What an event of the journal does to the freezes; most do nothing. */
export function applyToHolds(book: HoldBook, event: HostEvent): void {
  switch (event.kind) {
    case 'hold-placed':
      place(book, {
        ...event.hold,
        state: 'frozen',
        heldFen: event.heldFen,
        placedFen: event.heldFen,
        releasedFen: 0,
        takenFen: 0,
        releasedBy: undefined,
      });
      return;
    case 'hold-released':
      endHold(book, event);
      moveHolds(book, event.holdMoves ?? [], 1);
      return;
    case 'hold-taken':
      endHold(book, event);
      return;
    case 'hold-returned': {
      const hold = findHold(book, event.holdId);
      hold.state = 'returned';
      hold.releasedBy = event.by;
      return;
    }
    // A refund takes its part out of the hold; a settlement brings one in, and so does a deposit.
    case 'refund-approved':
      moveHolds(book, event.holdMoves, -1);
      return;
    case 'batch-closed':
      moveHolds(book, event.holdMoves, 1);
      return;
    case 'deposit-returned':
      moveHolds(book, event.holdMoves ?? [], 1);
      return;
    default:
      return;
  }
}

function place({ holds, holdsOf }: HoldBook, hold: Hold): void {
  holds.set(hold.id, hold);
  note(holdsOf.merchants, hold.mid, hold);
  if (hold.transactionId !== undefined) note(holdsOf.sales, hold.transactionId, hold);
}

function note(holds: Map<string, Hold[]>, key: string, hold: Hold): void {
  const others = holds.get(key);
  if (others === undefined) holds.set(key, [hold]);
  else others.push(hold);
}

function findHold(book: HoldBook, id: string): Hold {
  const found = book.holds.get(id);
  if (found === undefined) throw unknownInJournal(`hold ${id}`);
  return found;
}

function endHold(
  book: HoldBook,
  event: Extract<HostEvent, { kind: 'hold-released' | 'hold-taken' }>,
): void {
  const { kind, holdId, fen, by } = event;
  const hold = findHold(book, holdId);
  hold.heldFen -= fen;
  if (kind === 'hold-taken') hold.takenFen += fen;
  else hold.releasedFen += fen;
  if (hold.heldFen > 0 || (kind === 'hold-released' && event.isPart === true)) return;
  hold.state = kind === 'hold-taken' ? 'taken' : 'released';
  hold.releasedBy = by;
}

function moveHolds(book: HoldBook, moves: readonly HoldMove[], sign: 1 | -1): void {
  for (const { holdId, fen } of moves) {
    const hold = findHold(book, holdId);
    hold.heldFen += sign * fen;
    hold.placedFen += sign * fen;
  }
}
