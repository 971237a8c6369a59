import { describe, expect, it } from 'vitest';
import { catalogueCases } from '../../scenarios/find-scenarios.ts';
import { eventsOf, ofKind } from './run-of-cases.ts';

const CASES = catalogueCases().map((planned) => ({ id: planned.id, planned }));

describe('every documented case', () => {
  it.each(CASES)(
    '$id runs green twice with the same trace, and with another for another seed',
    async ({ planned }) => {
      const hashes: unknown[] = [];
      for (const seed of [1, 1, 2]) {
        const [ended] = ofKind(await eventsOf([planned], seed), 'case-ended');
        expect(ended).toMatchObject({ status: 'passed', failures: [], skippedSteps: 0 });
        expect(ended?.traceHash).toMatch(/^[0-9a-f]{64}$/);
        hashes.push(ended?.traceHash);
      }
      expect(hashes[0]).toBe(hashes[1]);
      expect(hashes[0]).not.toBe(hashes[2]);
    },
  );
});
