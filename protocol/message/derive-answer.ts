import { roomyFields } from '../codec/field-text.ts';
import type { Dialect } from '../dialect/dialect.ts';
import { holds } from '../dialect/condition.ts';
import { readPath } from '../structure/field-structure.ts';
import type { NamedTransaction } from './classify-request.ts';
import { maskField } from './mask.ts';
import { secretOf } from './secret-spans.ts';
import { answerMti, type FieldValues, type Message } from './message.ts';

/** Repeated in the answer to a request that no transaction of the dialect fits. */
const ECHO_OF_STRANGERS: readonly number[] = [3, 4, 11, 25, 41, 42, 49, 60];

/**
 * The beginning of an answer: its message type and the fields that it repeats from the request.
 * What the host adds comes from the host.
 */
export function deriveAnswer(
  dialect: Dialect,
  request: Message,
  transaction: NamedTransaction | undefined,
): { readonly mti: string; readonly fields: FieldValues } {
  const fields: FieldValues = roomyFields(dialect.macField);
  for (const field of transaction?.echo ?? ECHO_OF_STRANGERS) {
    const value = request.fields[field];
    if (value !== undefined && dialect.fields[field] !== undefined) fields[field] = value;
  }
  return { mti: answerMti(request.mti), fields };
}

/**
 * Why an answer does not belong to a request; empty when it does (I-33). What must agree stands in
 * the dialect.
 */
export function whyNotAnswer(dialect: Dialect, request: Message, answer: Message): string[] {
  const { fields, mayLack = [], mayDiffer = [], needs = [] } = dialect.match;
  const ofRequest = (path: string): string | undefined => readPath(dialect, request, path);
  const ofAnswer = (path: string): string | undefined => readPath(dialect, answer, path);
  const why: string[] = [];
  const expected = answerMti(request.mti);
  if (answer.mti !== expected) why.push(`MTI ${answer.mti} ≠ ${expected}`);
  for (const { field, unless } of needs) {
    const isSpared = unless !== undefined && holds(unless, ofRequest);
    if (answer.fields[field] === undefined && !isSpared) why.push(`DE${field} missing`);
  }
  for (const field of fields) {
    const asked = request.fields[field];
    const given = answer.fields[field];
    if (asked === undefined || asked === given) continue;
    const isOptional = mayLack.some(
      (each) =>
        each.fields.includes(field) && (each.when === undefined || holds(each.when, ofRequest)),
    );
    if (given === undefined && isOptional) continue;
    if (mayDiffer.some((each) => each.fields.includes(field) && holds(each.when, ofAnswer)))
      continue;
    const show = (message: Message): string =>
      secretOf(dialect, field) === undefined
        ? (message.fields[field] ?? 'missing')
        : maskField(dialect, message, field) || 'missing';
    why.push(`DE${field} ${show(answer)} ≠ ${show(request)}`);
  }
  return why;
}
