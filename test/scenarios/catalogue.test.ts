import { describe, expect, it } from 'vitest';
import { catalogueCases, findCases } from '../../scenarios/find-scenarios.ts';
import { explainCase } from '../../scenarios/language/explain-case.ts';
import { LAW_TABLE } from '../../scenarios/laws/law-table.ts';
import { VERB_TABLE } from '../../scenarios/verbs/verb-table.ts';
import { fits } from '../../scenarios/run/compare.ts';
import { eventsOf, ofKind } from './run-of-cases.ts';

const CASES = catalogueCases().map((planned) => ({ id: planned.id, planned }));

describe('the catalogue', () => {
  it('holds the documented cases with their rows', () => {
    expect(CASES.map(({ id }) => id).sort()).toEqual([
      'a01',
      'a02/after-the-bank',
      'a02/before-the-bank',
      'a03',
      'a04',
      'a05',
      'a06',
      'a07/cut',
      'a07/half-frame',
      'a07/silence',
      'a08/dropped',
      'a08/silent',
      'a08/unavailable',
      'a09',
      'a10',
      'a12',
      'a13',
      'a13-released',
      'a14',
      'a14-amount',
      'a14-twice',
      'a15',
      'a16',
      'a17',
      'a18',
      'a18-late',
      'a19',
      'b01/day-0',
      'b01/day-30',
      'b01/day-31',
      'b01/day-45',
      'b02/day-0',
      'b02/day-30',
      'b02/day-31',
      'b03/day-15',
      'b03/day-16',
      'b03/day-6',
      'b03/day-7',
      'b04',
      'b05',
      'b06',
      'b06-turned-away',
      'b07',
      'b08-terminal',
      'b08/day-7',
      'b08/day-8',
      'b08/day-8-holder',
      'b09',
      'b10',
      'b11',
      'b12-enough',
      'b12/a-fen-short',
      'b12/enough',
      'b12/none',
      'b13',
      'b14',
      'b15',
      'b16/other-acquirer',
      'b16/wallet',
      'b16/web-shop',
      'b17',
      'b18',
      'b19',
      'b20',
      'b21/policy',
      'b21/service',
      'b21/transaction',
      'b22/faulty',
      'b22/last-day',
      'b22/no-report',
      'b22/too-late',
      'b23',
      'c01',
      'c02',
      'c03',
      'c04/a-fen-less',
      'c04/a-fen-more',
      'c04/other-card',
      'c04/other-merchant',
      'c04/other-terminal',
      'c05',
      'c06',
      'd01',
      'd02/above-cap',
      'd02/below-cap',
      'd02/below-half',
      'd02/cap',
      'd02/half-a-fen',
      'd02/plain',
      'd02/rounds-to-cap',
      'd03',
      'd03-day',
      'd04',
      'd05',
      'd06',
      'd07',
      'd08',
      'd09',
      'd10',
      'd11/chip',
      'd11/contactless',
      'd11/fallback',
      'd11/keyed',
      'd11/swipe',
      'e01',
      'e02',
      'e03',
      'e04',
      'e05',
      'e05-order',
      'e06',
      'e07',
      'e08',
      'e09',
      'e10',
      'f01',
      'f01-boundary',
      'f01-monthly',
      'f01-takings/merchant',
      'f01-takings/terminal',
      'f02',
      'f02-declined/rc-59',
      'f02-declined/rc-61',
      'f02-declined/rc-62',
      'f02-new',
      'f02-night',
      'f02-ways',
      'f03-pin',
      'f03/expired',
      'f03/lost',
      'f03/restricted',
      'f03/stolen',
      'f03/unknown',
      'f04/merchant',
      'f04/terminal',
      'f05',
      'g01',
      'g13',
      'g14',
      'g15',
      'h01',
      'h02',
      'h03',
      'h04',
    ]);
  });

  it.each(CASES)(
    '$id runs green twice with the same trace, and with another for another seed',
    async ({ planned }) => {
      const [first, second, other] = [
        await eventsOf([planned], 1),
        await eventsOf([planned], 1),
        await eventsOf([planned], 2),
      ];
      const hashes = [first, second, other].map((events) => {
        const [ended] = ofKind(events, 'case-ended');
        expect(ended).toMatchObject({ status: 'passed', failures: [], skippedSteps: 0 });
        expect(ended?.traceHash).toMatch(/^[0-9a-f]{64}$/);
        return ended?.traceHash;
      });
      expect(hashes[0]).toBe(hashes[1]);
      expect(hashes[0]).not.toBe(hashes[2]);
    },
  );

  it.each(CASES)(
    '$id expects something of most of its steps, and checks every law',
    ({ planned }) => {
      const expecting = planned.steps.filter(({ expect: each }) => Object.keys(each).length > 0);
      expect(expecting.length).toBeGreaterThan(planned.steps.length / 2);
      expect(planned.laws).toEqual([...LAW_TABLE.keys()]);
    },
  );

  it.each(CASES)('$id has no expectation that anything would meet', async ({ planned }) => {
    const ended = ofKind(await eventsOf([planned]), 'step-ended');
    for (const [at, step] of planned.steps.entries()) {
      for (const [name, expected] of Object.entries(step.expect)) {
        const seen = ended[at]?.seen[name];
        if (expected !== 'absent') expect([name, seen]).not.toEqual([name, undefined]);
        expect(fits('something else', seen)).toBe(false);
      }
    }
  });
});

describe('a case told as prose', () => {
  it.each(CASES.flatMap((each) => (['zh', 'en'] as const).map((lang) => ({ ...each, lang }))))(
    '$id in $lang mentions every step and every law',
    ({ planned, lang }) => {
      const text = explainCase(planned, lang);
      expect(text).not.toMatch(/undefined|null|NaN|\[object/);
      expect(text).toContain(planned.title[lang]);
      for (const step of planned.steps) {
        const done = VERB_TABLE.get(step.verb)!.explain(step.args, lang);
        expect(text).toContain(`${String(step.index).padStart(2)}. ${done}`);
        expect(done).not.toBe('');
      }
      for (const law of planned.laws) expect(text).toContain(LAW_TABLE.get(law)!.title[lang]);
      for (const { expect: expected } of planned.steps) {
        const shown = Object.values(expected).filter((value) => /\d/.test(value));
        for (const value of shown) expect(text).toContain(value);
      }
    },
  );

  it.each(CASES)('$id in Chinese has no expectation label left in English', ({ planned }) => {
    const lines = explainCase(planned, 'zh')
      .split('\n')
      .filter((line) => line.includes('应为'));
    for (const line of lines) expect(line).toMatch(/应为：[^a-z]/);
  });
});

describe('finding cases', () => {
  it('by id, by row, and all of them', () => {
    expect(findCases(['a07']).map(({ id }) => id)).toHaveLength(3);
    expect(findCases(['a07/cut']).map(({ id }) => id)).toEqual(['a07/cut']);
    expect(findCases([])).toHaveLength(CASES.length);
    expect(findCases(['a07', 'a07/cut'])).toHaveLength(3);
  });

  it('suggests the nearest id', () => {
    expect(() => findCases(['a77'])).toThrow(expect.objectContaining({ code: 'E_NO_SCENARIO' }));
    expect(() => findCases(['ao7'])).toThrow(
      expect.objectContaining({ hint: expect.stringMatching(/did you mean/) as string }),
    );
  });
});
