import { sixDigits } from '../../protocol/bytes/digits.ts';
import { roomyFields } from '../../protocol/codec/field-text.ts';
import { fieldNumbers, type FieldValues } from '../../protocol/message/message.ts';

/** What was answered to a request: fields by number, and what the request said. */
export interface Answered {
  readonly fingerprint: string;
  readonly answer: FieldValues;
}

/** What is kept of an answer, and where: its fields in ascending order, in front of them a 0. */
interface Kept {
  readonly slots: readonly number[];
  /** The fingerprint, then the values of the fields. */
  readonly texts: readonly string[];
}

/**
 * Answers of an open batch by STAN, for retransmissions (I-03). A record by field number has room for
 * all fields below its highest: what is kept of it is the fields that are there.
 */
export class Answers {
  /** Trace numbers that came in ascending order, as they nearly all do. */
  readonly #numbers: number[] = [];
  /** What belongs to each: side by side, because there are so many. */
  readonly #slots: (readonly number[])[] = [];
  readonly #texts: (readonly string[])[] = [];
  readonly #others = new Map<string, Kept>();

  stans(): string[] {
    return [...this.#numbers.map(sixDigits), ...this.#others.keys()];
  }

  has(stan: string): boolean {
    return placeOf(this.#numbers, stanNumber(stan)) >= 0 || this.#others.has(stan);
  }

  get(stan: string): Answered | undefined {
    const at = placeOf(this.#numbers, stanNumber(stan));
    if (at >= 0) return answeredOf({ slots: this.#slots[at]!, texts: this.#texts[at]! });
    const other = this.#others.get(stan);
    return other === undefined ? undefined : answeredOf(other);
  }

  set(stan: string, { fingerprint, answer }: Answered): void {
    const slots = sameSlots(fieldNumbers({ fields: answer }));
    const texts = slots.map((field) => (field === 0 ? fingerprint : answer[field]!));
    const number = stanNumber(stan);
    const all = this.#numbers;
    const at = placeOf(all, number);
    const place = at < 0 && number > (all.at(-1) ?? -1) ? all.push(number) - 1 : at;
    if (place < 0) this.#others.set(stan, { slots, texts });
    else {
      this.#slots[place] = slots;
      this.#texts[place] = texts;
    }
  }
}

function answeredOf({ slots, texts }: Kept): Answered {
  const answer: FieldValues = roomyFields(64);
  for (const [at, field] of slots.entries()) if (field !== 0) answer[field] = texts[at]!;
  return { fingerprint: texts[0]!, answer };
}

/** Where a number is in an ascending list, or -1; one that comes behind all is not searched for. */
function placeOf(ascending: readonly number[], number: number): number {
  let from = 0;
  let to = ascending.length;
  if (to === 0 || number > ascending[to - 1]!) return -1;
  while (to - from > 1) {
    const middle = (from + to) >> 1;
    if (ascending[middle]! <= number) from = middle;
    else to = middle;
  }
  return ascending[from] === number ? from : -1;
}

/** The number of six digits; -1 for any other text, as of a journal that was not ours. */
function stanNumber(stan: string): number {
  if (stan.length !== 6) return -1;
  let number = 0;
  for (let at = 0; at < 6; at++) {
    const digit = stan.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return -1;
    number = number * 10 + digit;
  }
  return number;
}

/** Most answers have the fields of the one before, and share the list of them. */
function sameSlots(numbers: readonly number[]): readonly number[] {
  if (!isLast(numbers)) lastSlots = [0, ...numbers];
  return lastSlots;
}

let lastSlots: readonly number[] = [0];

function isLast(numbers: readonly number[]): boolean {
  if (numbers.length + 1 !== lastSlots.length) return false;
  for (let at = 0; at < numbers.length; at++) {
    if (numbers[at] !== lastSlots[at + 1]) return false;
  }
  return true;
}
