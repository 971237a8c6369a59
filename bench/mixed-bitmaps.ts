import { seededRandom } from '../emulator/world/seeded-random.ts';
import { UNIONPAY_POS } from '../protocol/dialects/unionpay-pos.ts';
import { encodeMessage } from '../protocol/message/encode-message.ts';
import type { FieldValues } from '../protocol/message/message.ts';
import { UNIONPAY_PURCHASE } from './reference-messages.ts';

const SEED = 20;
const MESSAGES = 50;
const FIELDS = 12;

/** How far a message may be from the single one. */
const NEAR_BYTES = 3;

export interface MixedBitmaps {
  /** The message of one bitmap that the others are compared with. */
  readonly single: Uint8Array;
  /** Messages of {@link MESSAGES} different bitmaps, as long as the single one but for 3 bytes. */
  readonly mixed: readonly Uint8Array[];
  readonly meanBytes: number;
}

/**
 * Subsets of the fields of message (b): all of 12 fields, field 55 among them, and all of nearly the
 * same length, so that there is as much to do in each of them as in the single one.
 */
export function mixedBitmaps(): MixedBitmaps {
  const random = seededRandom(SEED);
  const seen = new Set<string>();
  const draw = (): Uint8Array => {
    for (;;) {
      const numbers = Object.keys(UNIONPAY_PURCHASE.fields);
      while (numbers.length > FIELDS) {
        const at = random.below(numbers.length);
        if (numbers[at] !== '55') numbers.splice(at, 1);
      }
      const key = numbers.join();
      if (seen.has(key)) continue;
      seen.add(key);
      return encodeSubset(numbers);
    }
  };
  const single = draw();
  const mixed: Uint8Array[] = [];
  while (mixed.length < MESSAGES) {
    const bytes = draw();
    if (Math.abs(bytes.length - single.length) <= NEAR_BYTES) mixed.push(bytes);
  }
  const meanBytes = mixed.reduce((sum, { length }) => sum + length, 0) / MESSAGES;
  return { single, mixed, meanBytes };
}

function encodeSubset(numbers: readonly string[]): Uint8Array {
  const fields: FieldValues = {};
  for (const number of numbers) {
    fields[Number(number)] = UNIONPAY_PURCHASE.fields[Number(number)]!;
  }
  return encodeMessage(UNIONPAY_POS, { mti: UNIONPAY_PURCHASE.mti, fields });
}
