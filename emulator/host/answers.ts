import { sixDigits } from '../../protocol/bytes/digits.ts';
import { roomyFields } from '../../protocol/codec/field-text.ts';
import { fieldNumbers, type FieldValues } from '../../protocol/message/message.ts';

/** What was answered to a request: fields by number, and what the request said. */
export interface Answered {
  readonly fingerprint: string;
  readonly answer: FieldValues;
}

interface Kept {
  readonly fingerprint: string;
  readonly numbers: readonly number[];
  readonly values: readonly string[];
}

/**
 * Answers of an open batch by STAN, for retransmissions (I-03). A record by field number has room for
 * all fields below its highest: what is kept of it is the fields that are there.
 */
export class Answers {
  /** Trace numbers that came in ascending order, as they nearly all do, and what belongs to each. */
  readonly #numbers: number[] = [];
  readonly #kept: Kept[] = [];
  readonly #others = new Map<string, Kept>();

  stans(): string[] {
    return [...this.#numbers.map(sixDigits), ...this.#others.keys()];
  }

  has(stan: string): boolean {
    return this.#find(stan) !== undefined;
  }

  get(stan: string): Answered | undefined {
    const kept = this.#find(stan);
    if (kept === undefined) return undefined;
    const answer: FieldValues = roomyFields(64);
    for (const [at, field] of kept.numbers.entries()) answer[field] = kept.values[at]!;
    return { fingerprint: kept.fingerprint, answer };
  }

  set(stan: string, { fingerprint, answer }: Answered): void {
    const numbers = sameNumbers(fieldNumbers({ fields: answer }));
    // Made at its length: a list that grows takes twice the room.
    const kept = { fingerprint, numbers, values: numbers.map((field) => answer[field]!) };
    const number = stanNumber(stan);
    const all = this.#numbers;
    const at = placeOf(all, number);
    if (at >= 0) this.#kept[at] = kept;
    else if (number > (all.at(-1) ?? -1)) {
      all.push(number);
      this.#kept.push(kept);
    } else this.#others.set(stan, kept);
  }

  #find(stan: string): Kept | undefined {
    const at = placeOf(this.#numbers, stanNumber(stan));
    return at >= 0 ? this.#kept[at] : this.#others.get(stan);
  }
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

/** Most answers have the fields of the one before. */
function sameNumbers(numbers: readonly number[]): readonly number[] {
  if (!areEqual(numbers, lastNumbers)) lastNumbers = numbers;
  return lastNumbers;
}

let lastNumbers: readonly number[] = [];

function areEqual(some: readonly number[], others: readonly number[]): boolean {
  if (some.length !== others.length) return false;
  for (let at = 0; at < some.length; at++) if (some[at] !== others[at]) return false;
  return true;
}
