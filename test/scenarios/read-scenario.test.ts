import { describe, expect, it } from 'vitest';
import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import { readScenario } from '../../scenarios/language/read-scenario.ts';
import type { PlannedCase } from '../../scenarios/plan/plan.ts';

const FILE = 'cases/x01.yaml';

const GOOD = `id: x01
title: { zh: 测试, en: A test }
tags: [A03]
each:
  - { name: one, amount: '100.00', rc: '00' }
  - { name: two, amount: '50.00', rc: '51' }
steps:
  - sign-in:
  - sale: { amount: $amount, card: debit, pin: '123456' }
    as: bought
    expect: { outcome: approved, rc: $rc }
  - void: { of: $bought }
    expect: { stan: $bought.stan }
then: [I-01, I-02]
`;

/** The error that reading gives, or a failure of the test when it gives none. */
function refusal(text: string): CountersignError {
  try {
    readScenario(FILE, text);
  } catch (error) {
    if (error instanceof CountersignError) return error;
    throw error;
  }
  throw new Error('it was read');
}

/** One place of the good scenario changed; it must stand there once. */
function changed(find: string, replace: string): string {
  if (GOOD.split(find).length !== 2) throw new Error(`"${find}" does not stand there once`);
  return GOOD.replace(find, () => replace);
}

describe('a scenario file', () => {
  it('is read into one case a row, every scalar as text', () => {
    const cases = readScenario(FILE, GOOD);
    expect(cases.map(({ id }) => id)).toEqual(['x01/one', 'x01/two']);
    const [, two] = cases as [PlannedCase, PlannedCase];
    expect(two.steps[1]).toMatchObject({
      index: 2,
      verb: 'sale',
      args: { amount: '50.00', card: 'debit', pin: '123456' },
      expect: { outcome: 'approved', rc: '51' },
      as: 'bought',
      place: { file: FILE, line: 9, column: 5 },
    });
    expect(two.steps[1]?.expectPlaces['rc']).toEqual({ file: FILE, line: 11, column: 34 });
    expect(two.laws).toEqual(['I-01', 'I-02']);
  });

  it('keeps what looks like a number as it stands', () => {
    const text = changed('{ outcome: approved, rc: $rc }', '{ stan: 000123, rc: 00, rrn: 1e3 }');
    const [first] = readScenario(FILE, text);
    expect(first?.steps[1]?.expect).toEqual({ stan: '000123', rc: '00', rrn: '1e3' });
    const card = changed("amount: '50.00'", 'amount: 1234567890123456789');
    expect(readScenario(FILE, card)[1]?.steps[1]?.args['amount']).toBe('1234567890123456789');
    for (const word of ['yes', 'null', '~', 'true', '0x10', '2026-01-15']) {
      const plain = changed('{ outcome: approved, rc: $rc }', `{ screen: ${word} }`);
      expect(readScenario(FILE, plain)[0]?.steps[1]?.expect).toEqual({ screen: word });
    }
  });

  const TYPOS: [string, string, string, string, RegExp][] = [
    ['a verb', '- sale:', '- sael:', `${FILE}:9:5`, /did you mean "sale"/],
    ['an argument', 'card: debit', 'crad: debit', `${FILE}:9:30`, /did you mean "card"/],
    ['an expectation', '{ outcome:', '{ outcom:', `${FILE}:11:15`, /did you mean "outcome"/],
    ['a law', 'I-01,', 'I-011,', `${FILE}:14:8`, /I-01/],
    ['a card', 'card: debit', 'card: debti', `${FILE}:9:36`, /did you mean "debit"/],
    ['a step name', 'of: $bought', 'of: $bougth', `${FILE}:12:17`, /did you mean "bought"/],
    ['a step name expected', '$bought.stan', '$bougt.stan', `${FILE}:13:21`, /"bought"/],
    ['a row column', 'rc: $rc', 'rc: $rcc', `${FILE}:11:38`, /./],
    ['a word of the head', 'tags:', 'tgas:', `${FILE}:3:1`, /did you mean "tags"/],
    ['a language', 'zh: 测试', 'hz: 测试', `${FILE}:2:10`, /./],
    ['a step word', '    as: bought', '    sa: bought', `${FILE}:10:5`, /did you mean "as"/],
  ];
  it.each(TYPOS)(
    'with a typo in %s names place and what was meant',
    (_what, find, put, at, hint) => {
      const error = refusal(changed(find, put));
      expect(error.code).toBe('E_SCENARIO');
      expect(error.message).toContain(at);
      expect(error.hint).toMatch(hint);
    },
  );

  const WRONG: [string, string, string, string, RegExp][] = [
    ['a missing argument', '{ of: $bought }', '{ password: "1" }', `${FILE}:12:11`, /"of"/],
    ['no argument at all', 'void: { of: $bought }', 'void:', `${FILE}:12`, /"of"/],
    ['a list for a text', 'card: debit', 'card: [debit]', `${FILE}:9:36`, /single text/],
    ['a text for arguments', '{ of: $bought }', '$bought', `${FILE}:12:11`, /named values/],
    ['an amount that is none', 'amount: $amount', 'amount: 1.234', `${FILE}:9:21`, /amount/],
    ['an amount of letters', 'amount: $amount', 'amount: ten', `${FILE}:9:21`, /amount/],
    ['two verbs in a step', 'as: bought', 'settle:', `${FILE}:10:5`, /one verb/],
    ['no verb in a step', '- sign-in:', '- as: x', `${FILE}:8`, /verb/],
    ['two rows of one name', 'name: two', 'name: one', `${FILE}:6:5`, /two rows are named one/],
    ['a name taken twice', '- sign-in:', '- sign-in:\n    as: bought', `${FILE}:11:9`, /taken/],
    ['a name of a column', 'as: bought', 'as: amount', `${FILE}:10:9`, /taken/],
    ['a bad name', 'as: bought', 'as: Bought', `${FILE}:10:9`, /lower-case/],
    ['a bad id', 'id: x01', 'id: X 01', `${FILE}:1:5`, /id/],
    ['an impossible time', 'tags: [A03]', 'clock: 2026-02-30 09:30', `${FILE}:3:8`, /no such time/],
    [
      'an unknown dialect',
      'tags: [A03]',
      'dialect: unionpay-pso',
      `${FILE}:3:10`,
      /E_DIALECT_UNKNOWN.*did you mean "unionpay-pos"/,
    ],
    [
      'a dialect file that is not there',
      'tags: [A03]',
      'dialect: ./mine.json',
      `${FILE}:3:10`,
      /E_FILE/,
    ],
    ['no steps', 'steps:', 'tags2:', `${FILE}`, /./],
  ];
  it.each(WRONG)('with %s names the place', (_what, find, put, at, text) => {
    const error = refusal(changed(find, put));
    expect(error.code).toBe('E_SCENARIO');
    expect(error.message).toContain(at);
    expect(`${error.message} ${error.hint}`).toMatch(text);
    expect(error.message).toMatch(/:\d+:\d+$/);
  });

  it('refers to earlier steps only', () => {
    const text = changed('- sign-in:', '- void: { of: $bought }');
    expect(refusal(text).message).toContain(`${FILE}:8:17`);
  });

  it('checks a reference in an argument although an expectation has the same name', () => {
    const text = changed(
      "sale: { amount: $amount, card: debit, pin: '123456' }\n    as: bought\n    expect: { outcome: approved," +
        ' rc: $rc }',
      'sale: { amount: $amuont, card: debit }\n    as: bought\n    expect: { amount: $amount }',
    );
    expect(refusal(text).message).toContain(`${FILE}:9:21`);
  });
});

describe('a file that is no scenario', () => {
  const DEEP: [string, string, RegExp][] = [
    ['is empty', '', /:1:1/],
    ['is a comment', '# nothing\n', /:\d+:\d+/],
    ['is a list', '- a\n- b\n', /:1:1/],
    ['is a word', 'hello', /:1:1/],
    ['has a tab for indentation', changed('  - sign-in:', '\t- sign-in:'), /:8:1/],
    ['has the same key twice', changed('then:', 'id:'), /:14:1/],
    ['has an alias', changed('tags: [A03]', 'tags: &t [A03]\nsource: *t'), /alias.*:\d+:\d+/],
    ['has an open quote', changed("pin: '123456'", "pin: '123456"), /:\d+:\d+/],
    ['has two documents', `${GOOD}---\n${GOOD}`, /:\d+:\d+/],
    ['has 200 000 brackets', '['.repeat(200_000), /brackets deep.*:1:1/],
    ['has 200 000 braces', '{a: '.repeat(60_000), /brackets deep.*:1:1/],
    ['has 100 000 dashes', '- '.repeat(100_000), /:\d+:\d+/],
    ['has 100 000 question marks', '? '.repeat(100_000), /:\d+:\d+/],
    ['is a megabyte long', `${GOOD}#${'x'.repeat(1_000_000)}`, /characters.*:1:1/],
  ];
  it.each(DEEP)('because it %s is refused with its place', (_what, text, message) => {
    const error = refusal(text);
    expect(['E_YAML', 'E_SCENARIO']).toContain(error.code);
    expect(error.message).toMatch(message);
    expect(error.message.length).toBeLessThan(1000);
  });
});

describe('a card number in a scenario file', () => {
  it('is refused at its place and not shown', () => {
    const number = ['62258812', '34567898'].join('');
    const text = changed('id: x01', `id: x01 # ${number}`);
    const { message } = refusal(text);
    expect(message).toMatch(/card number.*:1:\d+/);
    expect(message).not.toContain(number);
  });
});
