import { isDigits, numberOf, sixDigits } from '../../protocol/bytes/digits.ts';
import { roomyFields } from '../../protocol/codec/field-text.ts';
import { fieldNumbers, type FieldValues } from '../../protocol/message/message.ts';
import { lastUpTo } from './ascending.ts';

/** What was answered to a request: fields by number, and what the request said. */
export interface Answered {
  readonly fingerprint: string;
  readonly answer: FieldValues;
}

/**
 * Answers of an open batch by STAN, for retransmissions (I-03). A record by field number has room for
 * all fields below its highest: what is kept of it is the fields that are there, all answers in two
 * lists, because there are so many.
 */
export class Answers {
  /**
   * Trace numbers that came in ascending order, as they nearly all do, each with the place in the other
   * list of what was answered to it.
   */
  readonly #numbers: number[] = [];
  /** Which fields an answer has, its fingerprint, then the values of these fields; the next one behind it. */
  readonly #kept: Kept[] = [];
  readonly #others = new Map<string, Answered>();

  stans(): string[] {
    const own = this.#numbers.filter((_, at) => at % 2 === 0);
    return [...own.map(sixDigits), ...this.#others.keys()];
  }

  has(stan: string): boolean {
    return placeOf(this.#numbers, stanNumber(stan)) >= 0 || this.#others.has(stan);
  }

  get(stan: string): Answered | undefined {
    const place = placeOf(this.#numbers, stanNumber(stan));
    if (place < 0) return copyOf(this.#others.get(stan));
    const start = this.#numbers[place + 1]!;
    const fields = this.#kept[start] as readonly number[];
    const fingerprint = this.#kept[start + 1] as string;
    const answer: FieldValues = roomyFields();
    for (const [at, field] of fields.entries()) {
      answer[field] = this.#kept[start + 2 + at] as string;
    }
    return { fingerprint, answer };
  }

  set(stan: string, answered: Answered): void {
    const { fingerprint, answer } = answered;
    const number = stanNumber(stan);
    const all = this.#numbers;
    const found = placeOf(all, number);
    if (found < 0 && number <= lastOf(all)) {
      this.#others.set(stan, copyOf(answered));
      return;
    }
    const fields = fieldNumbers({ fields: answer });
    // One that is set again lies behind all others, and its earlier texts are given up.
    const start = this.#kept.push(fields, fingerprint) - 2;
    for (const field of fields) this.#kept.push(answer[field]!);
    if (found < 0) all.push(number, start);
    else all[found + 1] = start;
  }
}

type Kept = string | readonly number[];

function copyOf(answered: Answered): Answered;
function copyOf(answered: Answered | undefined): Answered | undefined;
function copyOf(answered: Answered | undefined): Answered | undefined {
  return answered && { fingerprint: answered.fingerprint, answer: { ...answered.answer } };
}

/** Where a number is in the list of them, or -1; one that comes behind all is not searched for. */
function placeOf(numbers: readonly number[], number: number): number {
  if (number > lastOf(numbers)) return -1;
  const at = 2 * lastUpTo(numbers.length / 2, (place) => numbers[place * 2]! > number);
  return numbers[at] === number ? at : -1;
}

/** The highest number, which is the last one; -1 where there is none. */
function lastOf(numbers: readonly number[]): number {
  return numbers.length === 0 ? -1 : numbers[numbers.length - 2]!;
}

/** The number of six digits; -1 for any other text, as of a journal that was not ours. */
function stanNumber(stan: string): number {
  return isDigits(stan, 6, 6) ? numberOf(stan) : -1;
}
