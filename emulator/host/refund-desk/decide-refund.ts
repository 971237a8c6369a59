import { readPath } from '../../../protocol/structure/field-structure.ts';
import { daysBetween } from '../../world/civil-time.ts';
import type { HoldMove, TransactionRecord } from '../host-event.ts';
import type { Transaction } from '../transaction-book.ts';
import type { HostStep } from '../host-step.ts';
import { takenOf } from '../risk/held-money.ts';
import { voucherOf } from '../wallet/payment-code.ts';
import type { Request } from '../switch/request.ts';

export type RefundDecision =
  | { readonly kind: 'refused'; readonly rc: string }
  | {
      readonly kind: 'agreed';
      readonly original: Transaction;
      readonly holdMoves: readonly HoldMove[];
    };

function refused(rc: string): RefundDecision {
  return { kind: 'refused', rc };
}

/**
 * A refund by the wire: same merchant, card, reference number and date as an active sale, inside
 * the window, together at most the sale (spec 5.2, I-10…I-12).
 */
export function decideRefund(
  step: HostStep,
  request: Request,
  record: TransactionRecord,
): RefundDecision {
  const { state } = step;
  const { dialect, policy } = state.institution;
  const original = state.transactions.get(state.byRrn.get(request.message.fields[37] ?? '') ?? '');
  if (original === undefined || original.kind !== 'sale' || original.mid !== request.mid) {
    return refused('25');
  }
  const date = readPath(dialect, request.message, '61.3');
  if (date !== original.date.slice(5).replace('-', '')) return refused('25');
  if (original.status !== 'active') return refused('25');
  if (original.cardId !== record.cardId) return refused('14');
  if (original.voucher !== voucherOf(dialect, request.message)) return refused('25');
  const days = daysBetween(original.date, record.date);
  if (days < 0 || days > policy.refundWindowDays) return refused('22');
  // What a dispute has sent back cannot be refunded as well.
  const remainingFen = original.amountFen - original.refundedFen - takenOf(state, original.id);
  if (remainingFen <= 0) return refused('25');
  if (request.amountFen > remainingFen) return refused('61');
  return { kind: 'agreed', original, holdMoves: holdMoves(step, original, request.amountFen) };
}

/** A refund of frozen money is taken from the freeze first (spec 8.5). */
function holdMoves(step: HostStep, original: Transaction, amountFen: number): HoldMove[] {
  let leftFen = amountFen;
  const moves: HoldMove[] = [];
  for (const hold of step.state.holds.values()) {
    if (hold.state !== 'frozen' || hold.transactionId !== original.id) continue;
    const fen = Math.min(hold.heldFen, leftFen);
    if (fen > 0) moves.push({ holdId: hold.id, fen });
    leftFen -= fen;
  }
  return moves;
}
