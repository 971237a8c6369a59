import { describe, expect, it } from 'vitest';
import { corruptMessages } from '../../bench/corrupt-messages.ts';

const RUNS = 2000;

describe('a message with three random bytes', () => {
  const result = corruptMessages({ seed: 1, runs: RUNS });

  it('has 22 fields in 261 bytes', () => {
    expect(result.messageBytes).toBe(261);
  });

  it('is accepted only where its values are right and encode to the same bytes again', () => {
    expect(result.bugs).toEqual([]);
  });

  it('is accepted by us at all, so that the sentence before says something', () => {
    expect(result.acceptedByUs).toBeGreaterThan(0);
    expect(result.kinds.size).toBeGreaterThan(3);
  });

  it('is accepted by us in less than one case of fifty', () => {
    expect(result.acceptedByUs).toBeLessThan(RUNS / 50);
  });

  it('is accepted far more often by npm iso_8583', () => {
    expect(result.acceptedByIso8583).toBeGreaterThan(RUNS * 0.8);
    expect(result.acceptedByIso8583).toBeGreaterThan(result.acceptedByUs);
  });

  it('is the same message for the same seed, and another one for another', () => {
    const again = corruptMessages({ seed: 1, runs: 300 });
    const other = corruptMessages({ seed: 2, runs: 300 });
    expect(again).toEqual(corruptMessages({ seed: 1, runs: 300 }));
    expect([...other.kinds]).not.toEqual([...again.kinds]);
  });

  it('shows no card data in an example', () => {
    for (const { example } of result.kinds.values()) {
      expect(example).not.toMatch(/\d{6}|field (?:2|35|52):/);
    }
  });
});
