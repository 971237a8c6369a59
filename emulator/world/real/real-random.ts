import { randomBytes } from 'node:crypto';
import type { Random } from '../random.ts';

/** Drawn in one go: every call of the generator costs far more than the few bytes that are asked for. */
const STOCK_BYTES = 8192;
const WORD = 2 ** 32;

export function realRandom(): Random {
  let stock = randomBytes(STOCK_BYTES);
  let used = 0;
  const word = (): number => {
    if (used + 4 > stock.length) {
      stock = randomBytes(STOCK_BYTES);
      used = 0;
    }
    const drawn = stock.readUInt32LE(used);
    used += 4;
    return drawn;
  };
  return {
    bytes: (count) => new Uint8Array(randomBytes(count)),
    below(limit) {
      // What lies above the last whole multiple would make the small ones likelier.
      const fair = WORD - (WORD % limit);
      let drawn = word();
      while (drawn >= fair) drawn = word();
      return drawn % limit;
    },
  };
}
