import { roomyFields } from '../../protocol/codec/field-text.ts';
import { fieldNumbers, type FieldValues } from '../../protocol/message/message.ts';
import type { Transaction } from './transaction-book.ts';

/** What was answered to a request: fields by number, and what the request said. */
export interface Answered {
  readonly fingerprint: string;
  readonly answer: FieldValues;
}

/** What the answers to many transactions have in common. */
export interface AnswerForm {
  /** Ascending. */
  readonly fields: readonly number[];
  /** Their values; empty where the transaction has them. */
  readonly values: readonly string[];
}

/** A transaction as it holds the answer to its own request, while its batch is open. */
type Holder = Pick<Transaction, 'rrn' | 'authCode' | 'fingerprint' | 'answerForm'>;

const RRN = 37;
const CODE = 38;

/** Reference number and authorisation code: they differ from transaction to transaction. */
function isOwn(field: number): boolean {
  return field === RRN || field === CODE;
}

/** What the requests of a terminal's open batch were answered by STAN, where no transaction can hold it. */
export interface OtherAnswers {
  otherAnswers: Map<string, Answered> | undefined;
}

/**
 * What a request of the open batch was answered, for retransmissions (I-03). There are so many that the
 * transaction that a request has made holds its answer, as little of it as no other has.
 *
 * @param own that transaction
 */
export function earlierAnswer(
  { otherAnswers }: OtherAnswers,
  stan: string,
  own: Holder | undefined,
): Answered | undefined {
  if (own?.answerForm !== undefined && own.fingerprint !== undefined) {
    return { fingerprint: own.fingerprint, answer: heldBy(own, own.answerForm) };
  }
  const other = otherAnswers?.get(stan);
  return other && copyOf(other);
}

/** Keeps it, in place of what was answered before. */
export function keepAnswer(
  others: OtherAnswers,
  stan: string,
  answered: Answered,
  own: Holder | undefined,
): void {
  if (own !== undefined && saysTheSame(own, answered.answer)) {
    own.fingerprint = answered.fingerprint;
    own.answerForm = formOf(answered.answer);
    return;
  }
  if (own !== undefined) forgetAnswer(own);
  others.otherAnswers ??= new Map();
  others.otherAnswers.set(stan, copyOf(answered));
}

/** The form of the answer that was given last, and mostly of the next one. */
let lastForm: AnswerForm = { fields: [], values: [] };

function formOf(answer: FieldValues): AnswerForm {
  const fields = fieldNumbers({ fields: answer });
  if (!isOfForm(lastForm, fields, answer)) {
    lastForm = { fields, values: fields.map((field) => (isOwn(field) ? '' : answer[field]!)) };
  }
  return lastForm;
}

/** Its batch is closed: nobody asks again. */
export function forgetAnswer(own: Holder): void {
  own.fingerprint = undefined;
  own.answerForm = undefined;
}

function copyOf({ fingerprint, answer }: Answered): Answered {
  return { fingerprint, answer: { ...answer } };
}

/** Whether it says of the transaction what that says of itself. */
function saysTheSame({ rrn, authCode }: Holder, answer: FieldValues): boolean {
  return (answer[RRN] ?? rrn) === rrn && (answer[CODE] ?? authCode) === authCode;
}

function isOfForm(form: AnswerForm, fields: readonly number[], answer: FieldValues): boolean {
  // Answers of the same fields share their list.
  if (form.fields !== fields) return false;
  for (let at = 0; at < fields.length; at++) {
    const field = fields[at]!;
    if (!isOwn(field) && answer[field] !== form.values[at]) return false;
  }
  return true;
}

function heldBy({ rrn, authCode }: Holder, { fields, values }: AnswerForm): FieldValues {
  const answer: FieldValues = roomyFields();
  for (const [at, field] of fields.entries()) answer[field] = values[at]!;
  if (answer[RRN] !== undefined) answer[RRN] = rrn;
  if (answer[CODE] !== undefined) answer[CODE] = authCode;
  return answer;
}
