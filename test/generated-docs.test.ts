import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ERROR_EXAMPLES, exampleError } from '../docs/error-examples.ts';
import { generatedFiles } from '../docs/generated.ts';
import { SAMPLE_SLIP_FILE, sampleSlip } from '../docs/sample-slip.ts';
import { slipPng } from '../reports/slip/slip-png.ts';
import { slipSvg } from '../reports/slip/slip-svg.ts';
import { ERROR_TABLE, type ErrorCode } from '../protocol/errors/error-table.ts';
import { readScenario } from '../scenarios/language/read-scenario.ts';
import { eventsOf } from './scenarios/run-of-cases.ts';

describe('generated pages', () => {
  it.each([...generatedFiles()])('%s is in step with the code (npm run docs)', (path, content) => {
    expect(readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')).toBe(content);
  });
});

describe('the picture of a slip', () => {
  it('is what the code draws of a simulated sale (npm run docs)', async () => {
    const drawn = await slipPng(slipSvg(sampleSlip(), 'zh'));
    const kept = readFileSync(new URL(`../${SAMPLE_SLIP_FILE}`, import.meta.url));
    expect(kept.equals(drawn)).toBe(true);
  });
});

describe('the examples of the error page', () => {
  it('are there for every code, and for no other', () => {
    expect(Object.keys(ERROR_EXAMPLES).toSorted()).toEqual(Object.keys(ERROR_TABLE).toSorted());
  });

  it.each(Object.keys(ERROR_TABLE) as ErrorCode[])('come out as %s', (code) => {
    expect(exampleError(code).code).toBe(code);
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
