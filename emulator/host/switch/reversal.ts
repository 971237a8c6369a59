import { classifyRequest } from '../../../protocol/message/classify-request.ts';
import { readPath } from '../../../protocol/structure/field-structure.ts';
import type { FieldValues } from '../../../protocol/message/message.ts';
import { type Transaction } from '../transaction-book.ts';
import { commit, hostMoment, takeRrn, type HostStep } from '../host-step.ts';
import { undoPending } from '../upstream/resolve.ts';
import { dropClose, orderClose } from '../wallet/wallet-orders.ts';
import { institutionsField, salePostings } from './financial.ts';
import { refuse, type Reaction } from './reaction.ts';
import type { Request } from './request.ts';

/**
 * Reversal: found by terminal, batch and STAN (never by field 61, spec 2.3 C9); at most one effect;
 * an unknown original is remembered and refused when it comes (I-04, I-06).
 */
export function answerReversal(step: HostStep, request: Request): Reaction {
  const { state } = step;
  const { policy } = state.institution;
  const { message, id, amountFen } = request;
  const kind = reversedKind(step, request);
  if (kind === undefined) return refuse('12');
  const original = state.transactions.get(id);
  if (original === undefined) {
    if (!state.notedReversals.has(id)) commit(step, { kind: 'reversal-noted', id });
    return done(step, policy.reversalNotFound, original);
  }
  if (original.kind !== kind) return refuse('12');
  if (original.amountFen !== amountFen) return refuse('64');
  if (isOfAnother(request, original)) return refuse('25');
  if (original.status === 'pending') return reversePending(step, original, message.fields[39]);
  if (original.status === 'reversed') return done(step, '00', original);
  if (original.status === 'declined') return done(step, policy.reversalOfDeclined, original);
  if (original.isSettled) return done(step, policy.reversalAfterSettlement, original);
  if (isBuiltUpon(original)) return done(step, '12', original);
  const { wallet, originalId } = original;
  if (wallet !== undefined && kind === 'void') {
    const sale = state.transactions.get(originalId ?? '');
    // The payer has his money back already: the void stands.
    if (sale === undefined || !dropClose(step, sale)) return done(step, '12', original);
  }
  commit(step, {
    kind: 'transaction-reversed',
    id,
    reason: message.fields[39] ?? '',
    postings: undo(step, original),
  });
  if (wallet !== undefined && kind === 'sale') orderClose(step, original);
  return done(step, '00', original);
}

/** Nobody knows yet whether it would have been approved: it will not be, whatever comes. */
function reversePending(step: HostStep, original: Transaction, reason = ''): Reaction {
  const { id, wallet } = original;
  const pending = step.state.pending.get(id);
  const postings = pending === undefined ? [] : undoPending(step, pending);
  commit(step, { kind: 'transaction-reversed', id, reason, postings });
  step.state.waiting.delete(id);
  if (wallet !== undefined) orderClose(step, original);
  return done(step, '00', original);
}

/** What a reversal repeats of its original must be the original's (F075). */
function isOfAnother({ message, card }: Request, original: Transaction): boolean {
  const { 2: pan, 38: authCode } = message.fields;
  if (pan !== undefined && card?.account.id !== original.cardId) return true;
  if ((message.fields[22] ?? '').slice(0, 2) !== original.entryDigits) return true;
  return original.authCode !== '' && authCode !== undefined && authCode !== original.authCode;
}

/** The money of the original, back; undoing a void puts its sale in force again. */
function undo(step: HostStep, original: Transaction): ReturnType<typeof salePostings> {
  return salePostings(step, original.kind === 'void' ? 'sale' : 'sale-undone', original);
}

/** A sale that was voided or refunded meanwhile has another fate already (I-09). */
function isBuiltUpon(original: Transaction): boolean {
  return original.kind === 'sale' && (original.status === 'voided' || original.refundedFen > 0);
}

/** What the reversed request was, from the codes that the reversal takes over; if it has a reversal. */
function reversedKind(step: HostStep, request: Request): string | undefined {
  const { dialect } = step.state.institution;
  const mti = readPath(dialect, request.message, '60.1') === '25' ? '0220' : '0200';
  const found = classifyRequest(dialect, { mti, fields: request.message.fields });
  const isReversible = found.kind === 'known' && found.transaction.reversible;
  return isReversible ? found.transaction.name : undefined;
}

function done(step: HostStep, rc: string, original: Transaction | undefined): Reaction {
  const fields: FieldValues = {
    15: hostMoment(step).settlementDate,
    37: takeRrn(step),
    44: institutionsField(step, original?.cardId ?? ''),
  };
  return { rc, fields };
}
