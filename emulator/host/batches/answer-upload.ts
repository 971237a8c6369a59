import { readPath } from '../../../protocol/structure/field-structure.ts';
import type { ChipCompletion, UploadedDetail } from '../host-event.ts';
import { maskPan } from '../../../protocol/bytes/card-number.ts';
import type { Transaction } from '../transaction-book.ts';
import { commit, takeRrn, type HostStep } from '../host-step.ts';
import { verifyChip, type GenuineChip } from '../issuer/verify-chip.ts';
import { refuse, type Reaction } from '../switch/reaction.ts';
import { panOf, type Request } from '../switch/request.ts';
import { closeBatch } from './answer-settlement.ts';
import { hostTotals } from './batch-totals.ts';

const RECORD_DIGITS = 40;
const MOST_RECORDS = 8;
/** 60.3 of the end of an unbalanced upload; 207 ends a balanced one, which has nothing to dispute. */
const END_UNBALANCED = '202';

/** The batch was closed already and its answer lost: said again, nothing done (I-15). */
function isRepeated({ session, batchNo }: Request): boolean {
  return session.closed?.batchNo === batchNo;
}

function accept(step: HostStep, request: Request, details: UploadedDetail[]): Reaction {
  const { session, tid } = request;
  if (session.dispute === undefined && !isRepeated(request)) return refuse('12');
  if (session.dispute !== undefined) commit(step, { kind: 'details-uploaded', tid, details });
  return { rc: '00', fields: { 37: takeRrn(step) } };
}

/** Up to eight records of 40 digits: class 2, STAN 6, PAN 20, amount 12 (spec 3.4). */
export function answerUpload(step: HostStep, request: Request): Reaction {
  const value = request.message.fields[48] ?? '';
  const count = Number(value.slice(0, 2));
  if (count < 1 || count > MOST_RECORDS || value.length !== 2 + count * RECORD_DIGITS) {
    return refuse('30');
  }
  const details = Array.from({ length: count }, (_, index): UploadedDetail => {
    const record = value.slice(2 + index * RECORD_DIGITS);
    return { stan: record.slice(2, 8), amountFen: Number(record.slice(28, 40)) };
  });
  const reaction = accept(step, request, details);
  if (reaction.rc !== '00') return reaction;
  return { ...reaction, fields: { ...reaction.fields, 48: String(count).padStart(2, '0') } };
}

/** An advice: a message of its own for one detail. */
export function answerSingleUpload(step: HostStep, request: Request): Reaction {
  const { stan, amountFen } = request;
  return accept(step, request, [{ stan, amountFen }]);
}

/**
 * A chip sale: its detail, and the last cryptogram of the card, which the issuer keeps as its proof.
 * One that is wrong is kept as such; the money follows the host's books (spec 6.8).
 */
export function answerChipUpload(step: HostStep, request: Request): Reaction {
  const reaction = answerSingleUpload(step, request);
  const sale = step.state.transactions.get(request.id);
  const card = step.state.cards.get(sale?.cardId ?? '');
  if (reaction.rc !== '00' || sale === undefined || card === undefined) return reaction;
  const verdict = verifyChip(step.state.institution, card.account, request.message);
  const why = verdict.kind === 'refused' ? verdict.why : whyOther(verdict, sale, request);
  const completion =
    verdict.kind === 'genuine' && why === undefined
      ? (COMPLETIONS[verdict.information] ?? 'wrong')
      : 'wrong';
  if (sale.completion !== completion) {
    commit(step, { kind: 'chip-completed', id: sale.id, completion });
  }
  return why === undefined ? reaction : { ...reaction, why };
}

/** A cryptogram proves the sale that it was made for, and no other. */
function whyOther(
  { atc }: GenuineChip,
  sale: Transaction,
  { amountFen, message }: Request,
): string | undefined {
  if (amountFen !== sale.amountFen) return 'field 4 is not the amount of this sale';
  if (atc !== sale.atc) return '9F36 is not the counter of this sale';
  return maskPan(panOf(message) ?? '') === sale.cardMasked ? undefined : 'field 2 is another card';
}

const COMPLETIONS: Readonly<Record<string, ChipCompletion>> = { 40: 'tc', '00': 'aac', 80: 'arqc' };

/**
 * End of upload: only a complete one closes the batch (I-15). The money follows the host's own
 * books; the details stay as the terminal's view of the difference.
 */
export function answerUploadEnd(step: HostStep, request: Request): Reaction {
  const { session, tid, batchNo, message } = request;
  const value = message.fields[48] ?? '';
  const network = readPath(step.state.institution.dialect, message, '60.3');
  if (!isRepeated(request)) {
    if (session.dispute === undefined || network !== END_UNBALANCED) return refuse('12');
    if (Number(value) !== session.dispute.size) return refuse('30');
    closeBatch(step, request, hostTotals(step.state, tid, batchNo));
  }
  return { rc: '00', fields: { 37: takeRrn(step), 48: value } };
}
