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
 * all fields below its highest: what is kept of it is the fields that are there, all answers in a few
 * lists, because there are so many.
 */
export class Answers {
  /** Trace numbers that came in ascending order, as they nearly all do. */
  readonly #numbers: number[] = [];
  /** The place in the list of texts of each, and the fields that lie there. */
  readonly #starts: number[] = [];
  readonly #fields: (readonly number[])[] = [];
  /** A fingerprint, then the values of the fields; the next one behind it. */
  readonly #texts: string[] = [];
  readonly #others = new Map<string, Answered>();

  stans(): string[] {
    return [...this.#numbers.map(sixDigits), ...this.#others.keys()];
  }

  has(stan: string): boolean {
    return placeOf(this.#numbers, stanNumber(stan)) >= 0 || this.#others.has(stan);
  }

  get(stan: string): Answered | undefined {
    const place = placeOf(this.#numbers, stanNumber(stan));
    if (place < 0) return copyOf(this.#others.get(stan));
    const start = this.#starts[place]!;
    const answer: FieldValues = roomyFields();
    for (const [at, field] of this.#fields[place]!.entries()) {
      answer[field] = this.#texts[start + 1 + at]!;
    }
    return { fingerprint: this.#texts[start]!, answer };
  }

  set(stan: string, answered: Answered): void {
    const { fingerprint, answer } = answered;
    const number = stanNumber(stan);
    const all = this.#numbers;
    const found = placeOf(all, number);
    if (found < 0 && number <= (all.at(-1) ?? -1)) {
      this.#others.set(stan, copyOf(answered));
      return;
    }
    const place = found < 0 ? all.push(number) - 1 : found;
    const fields = fieldNumbers({ fields: answer });
    this.#fields[place] = fields;
    // One that is set again lies behind all others, and its earlier texts are given up.
    this.#starts[place] = this.#texts.push(fingerprint) - 1;
    for (const field of fields) this.#texts.push(answer[field]!);
  }
}

function copyOf(answered: Answered): Answered;
function copyOf(answered: Answered | undefined): Answered | undefined;
function copyOf(answered: Answered | undefined): Answered | undefined {
  return answered && { fingerprint: answered.fingerprint, answer: { ...answered.answer } };
}

/** Where a number is in an ascending list, or -1; one that comes behind all is not searched for. */
function placeOf(ascending: readonly number[], number: number): number {
  if (number > (ascending.at(-1) ?? -1)) return -1;
  const place = lastUpTo(ascending, (each) => each > number);
  return ascending[place] === number ? place : -1;
}

/** The number of six digits; -1 for any other text, as of a journal that was not ours. */
function stanNumber(stan: string): number {
  return isDigits(stan, 6, 6) ? numberOf(stan) : -1;
}
