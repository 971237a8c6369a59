import { MOST_FIELDS, USUAL_FIELDS } from '../codec/slots.ts';

/**
 * A message as text: digits for n, digits and D for z, characters for an and ans, upper-case hex
 * for b. Integer keys iterate in ascending order, which is the order on the wire.
 */
export interface Message {
  readonly mti: string;
  readonly fields: FieldValues;
}

export type FieldValues = { [field: number]: string };

/** A message to be written: a field of class b may be given as its bytes instead of their hex. */
export interface WritableMessage {
  readonly mti: string;
  readonly fields: { readonly [field: number]: string | Uint8Array };
}

/**
 * Fields that a message has, from 1 to the highest that there can be, the lowest first; a shared list
 * as {@link listOf} has it.
 */
export function fieldNumbers({ fields }: Pick<Message, 'fields'>): readonly number[] {
  const into = found;
  let count = 0;
  // Asking for each is several times quicker than a list of keys, which are texts.
  for (let field = 1; field <= USUAL_FIELDS; field++) {
    if (field in fields && fields[field] !== undefined) into[count++] = field;
  }
  for (let field = USUAL_FIELDS + 1; field <= MOST_FIELDS; field += 4) {
    // Four at a time: nearly always there is none of them.
    if (field in fields || field + 1 in fields || field + 2 in fields || field + 3 in fields) {
      for (let each = field; each < field + 4; each++) {
        if (fields[each] !== undefined) into[count++] = each;
      }
    }
  }
  return listOf(into, count);
}

/** Filled anew each time. */
const found = new Uint8Array(MOST_FIELDS);

/**
 * The first so many field numbers as a list. Messages that have the same fields share it, and most
 * have those of one before: it is not to be changed.
 */
export function listOf(numbers: Uint8Array, count: number): readonly number[] {
  const known = lists[count];
  if (known !== undefined && isListOf(known, numbers)) return known;
  const list = Array.from(numbers.subarray(0, count));
  lists[count] = list;
  return list;
}

/** By length, the one that was asked for last. */
const lists: (readonly number[] | undefined)[] = Array.from({ length: MOST_FIELDS + 1 });

function isListOf(known: readonly number[], numbers: Uint8Array): boolean {
  for (let at = 0; at < known.length; at++) if (known[at] !== numbers[at]) return false;
  return true;
}

/** The message type of the answer: request + 10 (spec 2). */
export function answerMti(request: string): string {
  if (request !== lastRequest.mti) {
    lastRequest = { mti: request, answer: String(Number(request) + 10).padStart(4, '0') };
  }
  return lastRequest.answer;
}

/** Most are asked for again at once. */
let lastRequest = { mti: '0200', answer: '0210' };

/** The message type of the request that an answer belongs to. */
export function requestMti(answer: string): string {
  return String(Number(answer) - 10).padStart(4, '0');
}

/** True for a message type that asks: its third digit is even (0200, 0220, 0400, 1100 …). */
export function isRequestMti(mti: string): boolean {
  return /^[0-2][1-9]\d\d$/.test(mti) && Number(mti[2]) % 2 === 0;
}
