import { describe, expect, it } from 'vitest';
import { mutateJbig } from '../../bench/mutate-jbig.ts';

const SEED = 7;
const RUNS = 100_000;

describe('damaged streams', () => {
  // `npm run fuzz:jbig` looks at memory as well, and takes other seeds.
  it(`are refused with code and byte, or are images of their size (${RUNS}, seed ${SEED})`, () => {
    const { bugs, accepted, refused } = mutateJbig({ seed: SEED, runs: RUNS });
    expect(bugs).toEqual([]);
    expect(accepted).toBeGreaterThan(RUNS / 20);
    expect([...refused.keys()].toSorted()).toEqual([
      'E_JBIG_HEADER',
      'E_JBIG_LIMIT',
      'E_JBIG_MARKER',
      'E_JBIG_TRAILING',
      'E_JBIG_TRUNCATED',
    ]);
  });
});
