import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Random } from '../../../emulator/world/random.ts';
import { realRandom } from '../../../emulator/world/real/real-random.ts';
import { seededRandom } from '../../../emulator/world/seeded-random.ts';

const implementations: [string, () => Random][] = [
  ['real', realRandom],
  ['seeded', () => seededRandom(8842)],
];

describe.each(implementations)('the %s random', (_, create) => {
  it('gives as many bytes as asked for', () => {
    const random = create();
    for (const count of [0, 1, 8, 16, 1000]) expect(random.bytes(count)).toHaveLength(count);
    expect(random.bytes(4)).toBeInstanceOf(Uint8Array);
  });

  it('gives every byte, and other bytes every time', () => {
    const random = create();
    expect(new Set(random.bytes(20_000)).size).toBe(256);
    expect(random.bytes(16)).not.toEqual(random.bytes(16));
  });

  it.each([1, 2, 3, 10, 256])('gives every number below %i and no other', (limit) => {
    const random = create();
    const seen = new Set(Array.from({ length: 8000 }, () => random.below(limit)));
    expect([...seen].toSorted((left, right) => left - right)).toEqual(
      Array.from({ length: limit }, (__, number) => number),
    );
  });

  it('makes no number likelier than another, where the limit does not divide 2³²', () => {
    const random = create();
    const limit = 3 * 2 ** 30;
    const low = Array.from({ length: 4000 }, () => random.below(limit)).filter(
      (number) => number < 2 ** 30,
    ).length;
    // A third of them; without care it would be half.
    expect(low).toBeGreaterThan(1000);
    expect(low).toBeLessThan(1700);
  });

  it('gives whole numbers up to the largest limit', () => {
    const random = create();
    const numbers = Array.from({ length: 1000 }, () => random.below(2 ** 32));
    for (const number of numbers) {
      expect(Number.isInteger(number)).toBe(true);
      expect(number).toBeGreaterThanOrEqual(0);
      expect(number).toBeLessThan(2 ** 32);
    }
    expect(Math.max(...numbers)).toBeGreaterThan(2 ** 31);
  });
});

/** xoshiro128** after splitmix32, as published, in whole numbers without any 32-bit trick. */
function reference(seed: number): () => bigint {
  const low = (value: bigint): bigint => BigInt.asUintN(32, value);
  const rotate = (value: bigint, bits: bigint): bigint =>
    low((value << bits) | (value >> (32n - bits)));
  let mix = low(BigInt(seed));
  const splitmix = (): bigint => {
    mix = low(mix + 0x9e3779b9n);
    const first = low((mix ^ (mix >> 16n)) * 0x85ebca6bn);
    const second = low((first ^ (first >> 13n)) * 0xc2b2ae35n);
    return second ^ (second >> 16n);
  };
  const state: [bigint, bigint, bigint, bigint] = [splitmix(), splitmix(), splitmix(), splitmix()];
  return () => {
    const result = low(rotate(low(state[1] * 5n), 7n) * 9n);
    const shifted = low(state[1] << 9n);
    state[2] ^= state[0];
    state[3] ^= state[1];
    state[1] ^= state[2];
    state[0] ^= state[3];
    state[2] ^= shifted;
    state[3] = rotate(state[3], 11n);
    return result;
  };
}

describe('the seeded random', () => {
  it('is xoshiro128**, so that a seed of today gives the same run tomorrow', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const random = seededRandom(seed);
        const next = reference(seed);
        for (let draw = 0; draw < 20; draw++) expect(random.below(2 ** 32)).toBe(Number(next()));
        expect([...random.bytes(8)]).toEqual(
          Array.from({ length: 8 }, () => Number(next() >> 24n)),
        );
      }),
    );
  });

  it('gives the same numbers for the same seed and others for another', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer(), (seed, other) => {
        expect(seededRandom(seed).bytes(32)).toEqual(seededRandom(seed).bytes(32));
        if (seed !== other) {
          expect(seededRandom(seed).bytes(32)).not.toEqual(seededRandom(other).bytes(32));
        }
      }),
    );
  });
});
