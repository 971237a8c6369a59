import { CountersignError } from '../../../protocol/errors/countersign-error.ts';
import { sixDigits } from '../../../protocol/bytes/digits.ts';
import { maskPan } from '../../../protocol/bytes/card-number.ts';
import { roomyFields } from '../../../protocol/codec/field-text.ts';
import type { FieldValues } from '../../../protocol/message/message.ts';
import { postingsOf, type Posting } from '../books/ledger.ts';
import type { CardAccount } from '../host-config.ts';
import type { TransactionRecord } from '../host-event.ts';
import type { HostState } from '../host-state.ts';
import { netOf, type Transaction } from '../transaction-book.ts';
import { transactionId } from '../transaction-index.ts';
import { businessDate, commit, hostMoment, takeRrn, type HostStep } from '../host-step.ts';
import { isCutOff } from '../issuer/channel.ts';
import { authorise } from '../issuer/authorise.ts';
import { reviewApproved, whyStopped } from '../risk/judge-sale.ts';
import { openTerminalCase } from '../refund-desk/apply-refund.ts';
import { afterRefund, move } from '../refund-desk/case-steps.ts';
import { decideRefund } from '../refund-desk/decide-refund.ts';
import { approveRefund, freedBy } from '../refund-desk/refund-entry.ts';
import { termsOf } from '../refund-desk/refund-terms.ts';
import { dueOnOf } from '../settlement/instant.ts';
import { quoteOf, USUAL_CONTRACT, type Product } from '../tariff/tariff.ts';
import type { Reaction, Waits } from './reaction.ts';
import { isLinePlain, waitForIssuer } from '../upstream/issuer-line.ts';
import { payByCode } from '../wallet/pay-by-code.ts';
import { voucherOf } from '../wallet/payment-code.ts';
import { orderCloseOfVoid } from '../wallet/wallet-orders.ts';
import { readingOf, type Request } from './request.ts';

/**
 * A record whose outcome is not known yet. It is its request's own and is completed where it is: a copy
 * with more members costs ten times as much.
 */
export type Draft = { -readonly [Member in keyof TransactionRecord]: TransactionRecord[Member] };

/** The record of this request, before its outcome is known. */
function draft(step: HostStep, request: Request, kind: TransactionRecord['kind']): Draft {
  const { message, tid, mid, batchNo, stan, amountFen } = request;
  const { card, pan } = request;
  const entry = readingOf(step.state, request)?.entry ?? 'keyed';
  const isSmall = amountFen <= step.state.institution.policy.noPinLimitFen;
  const record: Draft = {
    id: request.id,
    kind,
    tid,
    mid,
    batchNo,
    stan,
    rrn: takeRrn(step),
    authCode: '',
    date: businessDate(step),
    settlementDate: hostMoment(step).settlementDate,
    cardId: card?.account.id ?? '',
    cardMasked: card?.masked ?? maskPan(pan ?? ''),
    amountFen,
    feeFen: 0,
    entry,
    entryDigits: sameDigits((message.fields[22] ?? '').slice(0, 2)),
    rc: '00',
  };
  if (entry === 'contactless' && isSmall) record.noSignature = 'small-contactless';
  return record;
}

/** One text for all records that say the same: most say what the one before says. */
function sameDigits(entryDigits: string): string {
  if (entryDigits !== lastDigits) lastDigits = entryDigits;
  return lastDigits;
}

let lastDigits = '';

/** Field 44: issuer and acquirer; zeros for a card that no issuer knows (spec 3.3). */
export function institutionsField(step: HostStep, cardId: string): string {
  const issuer = step.state.cards.get(cardId)?.account.issuer ?? '00000000';
  const { acquirer } = step.state.institution;
  if (issuer !== lastField?.issuer || acquirer !== lastField.acquirer) {
    lastField = { issuer, acquirer, text: issuer.padEnd(11) + acquirer.padEnd(11) };
  }
  return lastField.text;
}

/** Kept with every answer, and mostly the same one. */
let lastField: Readonly<Record<'issuer' | 'acquirer' | 'text', string>> | undefined;

/** Fields 15, 37, 38 and 44 of a financial answer. */
export function answerFields(step: HostStep, record: TransactionRecord): FieldValues {
  const fields: FieldValues = roomyFields();
  fields[15] = record.settlementDate;
  fields[37] = record.rrn;
  if (record.authCode !== '') fields[38] = record.authCode;
  fields[44] = institutionsField(step, record.cardId);
  fields[63] = 'CUP';
  return fields;
}

export function decline(
  step: HostStep,
  record: TransactionRecord,
  rc: string,
  why?: string,
): Reaction {
  commit(step, { kind: 'transaction-declined', transaction: { ...record, rc } });
  return { rc, fields: answerFields(step, record), ...(why === undefined ? {} : { why }) };
}

/** A whole sale, or the mirror of it, with everything that it cost (D10). */
export function salePostings(
  step: HostStep,
  event: 'sale' | 'sale-undone' | 'issuer-debit-confirmed',
  sale: TransactionRecord,
): Posting[] {
  const { cardId, mid, amountFen, feeFen, surchargeFen = 0, wallet } = sale;
  const owners = wallet === undefined ? { card: cardId, mid } : { wallet, mid };
  return postingsOf(
    step.state.institution.postings,
    wallet === undefined || event === 'issuer-debit-confirmed' ? event : `wallet-${event}`,
    owners,
    { amount: amountFen, fee: feeFen, surcharge: surchargeFen, net: netOf(sale) },
  );
}

function authCode(step: HostStep): string {
  return sixDigits(step.env.random.below(1_000_000));
}

/**
 * Whether its reversal came before it. Nearly always none has: to be looked for, an id must be made one
 * text and hashed.
 */
function isReversedBefore({ notedReversals }: HostState, id: string): boolean {
  return notedReversals.size > 0 && notedReversals.has(id);
}

export function answerSale(step: HostStep, request: Request): Reaction | Waits {
  const record = draft(step, request, 'sale');
  const { state } = step;
  if (isReversedBefore(state, record.id)) {
    return decline(step, record, state.institution.policy.lateOriginal);
  }
  if (record.entry === 'qr') return payByCode(step, request, record);
  // 14 also when fields 2 and 35 disagree: no card is both.
  const { card } = request;
  if (card === undefined) return decline(step, record, '14');
  if (isCutOff(state, record)) return decline(step, record, '91');
  const stopped = whyStopped(step, record);
  if (stopped !== undefined) return decline(step, record, stopped.rc, stopped.why);
  const { rc, why, chip, atc } = authorise(step, request, card);
  const isPlain = isLinePlain(state);
  if (rc !== '00' && isPlain) return decline(step, record, rc, why);
  const transaction = priced(step, record, 'card', card.account.class);
  transaction.authCode = authCode(step);
  if (atc !== undefined) transaction.atc = atc;
  if (!isPlain) return waitForIssuer(step, request, transaction, { rc, chip });
  commit(step, {
    kind: 'sale-approved',
    transaction,
    postings: salePostings(step, 'sale', transaction),
  });
  reviewApproved(step, transaction);
  const fields = answerFields(step, transaction);
  return { rc: '00', fields: chip === undefined ? fields : { ...fields, 55: chip } };
}

/** The draft of a sale, completed with what it costs its merchant: the tariff in force now (D09). */
export function priced(
  step: HostStep,
  record: Draft,
  product: Product,
  cardClass: CardAccount['class'],
): Draft {
  const { state } = step;
  const { entry, amountFen, mid } = record;
  const at = hostMoment(step).dateTime;
  const sale = { product, class: cardClass, entry, amountFen, at } as const;
  const contract = state.contracts.get(mid) ?? USUAL_CONTRACT;
  const quote = quoteOf(state.institution.tariff, contract, sale);
  if (quote === undefined) {
    throw new CountersignError('E_INTERNAL', { text: 'the tariff has no line for this sale' });
  }
  const { feeFen, surchargeFen, line, from } = quote;
  record.feeFen = feeFen;
  if (surchargeFen !== 0) record.surchargeFen = surchargeFen;
  record.tariffLine = lineText(line.name, from);
  record.dueOn = dueOnOf(step, mid, contract);
  return record;
}

/** How a record names the line of the tariff; most have the one of the record before. */
function lineText(name: string, from: string): string {
  if (name !== lastLine.name || from !== lastLine.from) {
    lastLine = { name, from, text: `${name} ${from}` };
  }
  return lastLine.text;
}

let lastLine = { name: '', from: '', text: ' ' };

/** Void: the sale of this terminal's open batch that field 61 names, with all its data equal. */
export function answerVoid(step: HostStep, request: Request): Reaction {
  const record = draft(step, request, 'void');
  const { state } = step;
  if (isReversedBefore(state, record.id)) {
    return decline(step, record, state.institution.policy.lateOriginal);
  }
  const original = originalOfVoid(step, request);
  if (original === undefined) return decline(step, record, '25');
  const voucher = voucherOf(state.institution.dialect, request.message);
  const refused = whyNotVoid(original, record, request, voucher);
  if (refused !== undefined) return decline(step, record, refused);
  if (isCutOff(state, original)) return decline(step, record, '91');
  const { feeFen, surchargeFen, wallet } = original;
  const transaction = {
    ...record,
    feeFen,
    ...(surchargeFen === undefined ? {} : { surchargeFen }),
    originalId: original.id,
    ...(wallet === undefined ? {} : { wallet, noSignature: 'payment-code' as const }),
  };
  commit(step, {
    kind: 'void-approved',
    transaction,
    postings: salePostings(step, 'sale-undone', original),
  });
  if (wallet !== undefined) orderCloseOfVoid(step, original, transaction);
  return { rc: '00', fields: answerFields(step, transaction) };
}

function originalOfVoid(
  step: HostStep,
  { message, tid, batchNo }: Request,
): Transaction | undefined {
  const where = message.fields[61] ?? '';
  const original = step.state.transactions.get(
    transactionId(tid, where.slice(0, 6), where.slice(6, 12)),
  );
  const isHere = original?.kind === 'sale' && original.batchNo === batchNo && !original.isSettled;
  const { 37: rrn, 38: code } = message.fields;
  const isNamed = original?.rrn === rrn && (code === undefined || code === original?.authCode);
  return isHere && isNamed ? original : undefined;
}

/** A refunded sale is no longer voidable: the refund would pay twice (I-09). */
function whyNotVoid(
  original: Transaction,
  record: TransactionRecord,
  request: Request,
  voucher: string | undefined,
): string | undefined {
  if (original.status !== 'active' || original.refundedFen > 0) return '25';
  if (original.cardId !== record.cardId) return '14';
  if (original.voucher !== voucher) return '25';
  return original.amountFen === request.amountFen ? undefined : '64';
}

/** A refund at the terminal executes the case that is agreed on its sale, or is one of its own. */
export function answerRefund(step: HostStep, request: Request): Reaction {
  const record = draft(step, request, 'refund');
  const { state } = step;
  const decision = decideRefund(step, request, record);
  if (decision.kind === 'refused') {
    const { rc, why, remark } = decision;
    const declined = decline(step, record, rc, why);
    if (remark === undefined) return declined;
    return { ...declined, fields: { ...declined.fields, 63: acquirerRemark(remark) } };
  }
  const { original } = decision;
  const { wallet } = original;
  if (isCutOff(state, original)) return decline(step, record, '91');
  const { id, amountFen } = record;
  const refundCase = decision.refundCase ?? openTerminalCase(step, original, id, amountFen);
  if (refundCase.state !== 'agreed') move(step, refundCase, 'agreed', 'rule');
  const terms = termsOf(step, original, amountFen, refundCase);
  const freed = freedBy(step, original, amountFen, terms);
  const byCode = wallet === undefined ? {} : { noSignature: 'payment-code' as const };
  const refund = approveRefund(step, original, { ...record, ...byCode }, terms, freed);
  afterRefund(step, refundCase);
  return { rc: '00', fields: answerFields(step, refund) };
}

/** Field 63 with the third of its remarks, behind those of issuer and network (spec 3.11). */
function acquirerRemark(text: string): string {
  return `CUP${' '.repeat(40)}${text}`;
}
