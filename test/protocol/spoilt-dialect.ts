import { expect, it } from 'vitest';
import { checkDialect } from '../../protocol/dialect/check-dialect.ts';
import type { Dialect } from '../../protocol/dialect/dialect.ts';
import { mergePatch } from '../../protocol/dialect/merge-patch.ts';
import { shippedDialect } from '../../protocol/dialects/shipped.ts';

/** A shipped dialect with something spoilt in it. */
export function spoilt(patch: unknown, id = 'unionpay-pos'): Dialect {
  return mergePatch(shippedDialect(id), patch) as Dialect;
}

/** What is wrong in it, a line each. */
export function problemsOf(patch: unknown, id?: string): string {
  const problems = checkDialect(spoilt(patch, id));
  return problems.map(({ path, text }) => `${path.join('.')}: ${text}`).join('\n');
}

/** The only problem that a patch makes, the patch, and a piece of the hint. */
export type Row = readonly [problem: string, patch: unknown, hint: string];

/** A test for each row. */
export function breaks(rows: readonly Row[], id?: string): void {
  it.each(rows)('says "%s"', (problem, patch, hint) => {
    expect(problemsOf(patch, id)).toBe(problem);
    expect(checkDialect(spoilt(patch, id))[0]?.hint).toContain(hint);
  });
}

/** A test for each patch that spoils nothing. */
export function passes(
  rows: readonly (readonly [what: string, patch: unknown])[],
  id?: string,
): void {
  it.each(rows)('lets pass %s', (_what, patch) => {
    expect(problemsOf(patch, id)).toBe('');
  });
}

/** What a field, part or tag must be called. */
export const NAMED = { name: 'x', zh: 'x' };

/** A patch of one field. */
export function field(number: number, spec: object): object {
  return { fields: { [number]: spec } };
}
