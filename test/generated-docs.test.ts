import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { generatedFiles } from '../docs/generated.ts';
import { readScenario } from '../scenarios/language/read-scenario.ts';
import { eventsOf } from './scenarios/run-of-cases.ts';

describe('generated pages', () => {
  it.each([...generatedFiles()])('%s is in step with the code (npm run docs)', (path, content) => {
    expect(readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')).toBe(content);
  });
});

describe('the example of the scenario page', () => {
  it('runs green, every row of it', async () => {
    const page = readFileSync(new URL('../docs/scenarios.md', import.meta.url), 'utf8');
    const example = /```yaml\n([\s\S]+?)```/.exec(page)![1]!;
    const cases = readScenario('docs/scenarios.md', example);
    expect(cases.map(({ id }) => id)).toEqual(['my-first/small', 'my-first/large']);
    const ended = (await eventsOf(cases)).at(-1);
    expect(ended).toMatchObject({ kind: 'run-ended', passed: 2, failed: 0, skipped: 0 });
  });
});
