import { answerMti, type Message } from '../../protocol/message/message.ts';

/** Fields that an answer must repeat, besides the message type (spec 6.3). */
const MATCHED_FIELDS = [3, 4, 11, 25, 41, 42, 49] as const;
/** A financial answer may leave these out; a management answer everything but its identity. */
const OPTIONAL_FIELDS: readonly number[] = [25, 49];
const IDENTITY_FIELDS: readonly number[] = [11, 41, 42];
const MANAGEMENT_MTI = /^0[358]/;

/** Why an answer does not belong to a request; empty when it does (I-33). */
export function whyNotAnswer(request: Message, answer: Message): string[] {
  const why: string[] = [];
  const expected = answerMti(request.mti);
  if (answer.mti !== expected) why.push(`MTI ${answer.mti} ≠ ${expected}`);
  // Only a settlement answers without a code: its verdict is in field 48 (spec 2.4).
  if (answer.fields[39] === undefined && request.mti !== '0500') why.push('DE39 missing');
  for (const field of MATCHED_FIELDS) {
    const asked = request.fields[field];
    const given = answer.fields[field];
    if (asked === undefined || asked === given) continue;
    const isOptional = MANAGEMENT_MTI.test(request.mti)
      ? !IDENTITY_FIELDS.includes(field)
      : OPTIONAL_FIELDS.includes(field);
    if (given === undefined && isOptional) continue;
    // A partial approval names another amount.
    if (field === 4 && answer.fields[39] === '10') continue;
    why.push(`DE${field} ${given ?? 'missing'} ≠ ${asked}`);
  }
  return why;
}
