import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CAMPAIGN_MUTANTS, CATALOGUE_MUTANTS } from './whole/mutant-table.ts';

describe('the line of a seeded bug', () => {
  it.each([...CAMPAIGN_MUTANTS, ...CATALOGUE_MUTANTS])('stands once: $name', ({ file, find }) => {
    const source = readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');
    expect(source.split(find)).toHaveLength(2);
  });
});
