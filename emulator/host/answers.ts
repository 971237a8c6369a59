import { sixDigits } from '../../protocol/bytes/digits.ts';
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
  /** By the number that the trace number is: texts are slower to find among thousands. */
  readonly #kept = new Map<number | string, Kept>();

  stans(): string[] {
    return [...this.#kept.keys()].map((key) => (typeof key === 'string' ? key : sixDigits(key)));
  }

  has(stan: string): boolean {
    return this.#kept.has(keyOf(stan));
  }

  get(stan: string): Answered | undefined {
    const kept = this.#kept.get(keyOf(stan));
    if (kept === undefined) return undefined;
    const answer: FieldValues = {};
    for (const [at, field] of kept.numbers.entries()) answer[field] = kept.values[at]!;
    return { fingerprint: kept.fingerprint, answer };
  }

  set(stan: string, { fingerprint, answer }: Answered): void {
    const numbers = sameNumbers(fieldNumbers({ fields: answer }));
    this.#kept.set(keyOf(stan), {
      fingerprint,
      numbers,
      values: numbers.map((field) => answer[field]!),
    });
  }
}

/** Six digits as their number; any other text, of a journal that was not ours, as it is. */
function keyOf(stan: string): number | string {
  if (stan.length !== 6) return stan;
  let number = 0;
  for (let at = 0; at < 6; at++) {
    const digit = stan.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return stan;
    number = number * 10 + digit;
  }
  return number;
}

/** Most answers have the fields of the one before. */
function sameNumbers(numbers: readonly number[]): readonly number[] {
  const { length } = numbers;
  if (length === lastNumbers.length && numbers.every((field, at) => field === lastNumbers[at])) {
    return lastNumbers;
  }
  return (lastNumbers = numbers);
}

let lastNumbers: readonly number[] = [];
