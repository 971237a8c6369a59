import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { beforeAll, describe, expect, it } from 'vitest';
import { caseOf, eventsOf, lacking, SIM } from '../scenarios/run-of-cases.ts';
import { consoleReporter, type ConsoleOptions } from '../../reports/console-reporter.ts';
import { junitReporter } from '../../reports/junit-reporter.ts';
import { displayWidth, padDisplay, printable } from '../../reports/printable.ts';
import { reporterListener, type Reporter } from '../../reports/reporter.ts';
import { readStoredRun, storedRunReporter } from '../../reports/stored-run.ts';
import type { Failure, RunEvent } from '../../scenarios/events/run-event.ts';
import { findCases } from '../../scenarios/find-scenarios.ts';

const SALE = "sale: { amount: '100.00', card: debit, pin: '123456' }";

/** A run with a green case, a red one, a skipped one, and one that could not observe a step. */
let run: RunEvent[];
beforeAll(async () => {
  const limited = lacking(['host-control'], 'not ours');
  const cases = [
    ...findCases(['g01', 'a07/silence']),
    ...caseOf(`  - sign-in:\n  - ${SALE}\n    expect: { outcome: declined, screen: <nothing> }\n`),
    ...caseOf('  - channel: { issuer: closed }\n').map((each) => ({ ...each, id: 't02' })),
  ];
  run = await eventsOf(cases, 7, [SIM, { ...limited, name: 'host' }]);
});

function junitOf(events: readonly RunEvent[]): string {
  let document = '';
  const reporter = junitReporter((xml) => {
    document = xml;
  });
  for (const event of events) reporter.hear(event);
  return document;
}

function consoleOf(events: readonly RunEvent[], options: Partial<ConsoleOptions> = {}): string {
  let text = '';
  const reporter = consoleReporter({
    write: (part) => void (text += part),
    isColoured: false,
    isLive: false,
    isVerbose: false,
    ...options,
  });
  for (const event of events) reporter.hear(event);
  return text;
}

function storedOf(events: readonly RunEvent[]): string {
  let text = '';
  const reporter = storedRunReporter((line) => void (text += line));
  for (const event of events) reporter.hear(event);
  return text;
}

interface Suite {
  readonly name: string;
  readonly tests: string;
  readonly failures: string;
  readonly skipped: string;
  readonly testcase: {
    readonly name: string;
    readonly failure?: { type: string; message: string; '#text': string }[];
    readonly skipped?: { message: string };
  }[];
}

function parsed(xml: string): { tests: string; failures: string; testsuite: Suite[] } {
  const lists = ['testsuite', 'testcase', 'failure'];
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '',
    isArray: (name) => lists.includes(name),
    processEntities: true,
    htmlEntities: true,
  });
  return (parser.parse(xml) as { testsuites: ReturnType<typeof parsed> }).testsuites;
}

/** A run of one failed case whose texts are given. */
function runWith(failure: Partial<Failure>, title = 'A test'): RunEvent[] {
  const header = {
    id: 't01',
    target: 'sim',
    title: { zh: '测试', en: title },
    tags: [],
    file: 'cases/t01.yaml',
    steps: 1,
  };
  const whole: Failure = {
    code: 'E_EXPECT',
    lines: ['step 1 "sale"', 'expected rc 00, got 51'],
    hint: '',
    place: { file: 'cases/t01.yaml', line: 21, column: 5 },
    replay: 'npx countersign run cases/t01.yaml --target sim --seed 7 --verbose',
    ...failure,
  };
  return [
    { kind: 'run-started', v: 1, version: '0', seed: 7, targets: ['sim'], cases: 1, at: 'now' },
    { kind: 'case-started', case: header },
    {
      kind: 'case-ended',
      case: header,
      status: 'failed',
      failures: [whole],
      skippedSteps: 0,
      wallMs: 3,
    },
    { kind: 'run-ended', passed: 0, failed: 1, skipped: 0, interrupted: false, wallMs: 4 },
  ];
}

describe('the JUnit report', () => {
  it('is well-formed, and its counts agree with the run', () => {
    const xml = junitOf(run);
    expect(XMLValidator.validate(xml)).toBe(true);
    const ended = run.at(-1) as Extract<RunEvent, { kind: 'run-ended' }>;
    const { tests, failures, testsuite } = parsed(xml);
    expect(Number(tests)).toBe(ended.passed + ended.failed + ended.skipped);
    expect(Number(failures)).toBe(ended.failed);
    expect(testsuite.map(({ name }) => name)).toEqual(['sim', 'host']);
    for (const suite of testsuite) {
      expect(Number(suite.tests)).toBe(suite.testcase.length);
      expect(Number(suite.failures)).toBe(
        suite.testcase.filter(({ failure }) => failure !== undefined).length,
      );
      expect(Number(suite.skipped)).toBe(
        suite.testcase.filter(({ skipped }) => skipped !== undefined).length,
      );
    }
    expect(testsuite[1]!.testcase[3]!.skipped?.message).toContain('not ours');
  });

  it('says of a failure what was expected, where, and how to replay it', () => {
    const [failure] = parsed(junitOf(run)).testsuite[0]!.testcase[2]!.failure!;
    expect(failure!.type).toBe('E_EXPECT_OUTCOME');
    expect(failure!.message).toBe('step 2 "sale": expected outcome declined, got approved');
    expect(failure!['#text']).toContain('expected screen <nothing>, got 交易成功');
    expect(failure!['#text']).toContain('at cases/t01.yaml:6:15');
    expect(failure!['#text']).toContain('replay npx countersign run cases/t01.yaml');
  });

  it('is the same from the stored run as live', () => {
    expect(junitOf(readStoredRun(storedOf(run)))).toBe(junitOf(run));
  });

  it.each([
    'a <b> & "c" \'d\'',
    ']]><failure/>',
    '\u001B[31mred\u0007\u0000',
    '\u202Egnp.exe',
    'line\nbreak\ttab\r',
    '\uFFFE\uFFFF',
    '&#0;',
  ])('keeps %j in its place', (text) => {
    const xml = junitOf(runWith({ lines: ['step', text], hint: text }, text));
    expect(XMLValidator.validate(xml)).toBe(true);
    // What XML 1.0 forbids does not stand there, not even as a reference.
    // eslint-disable-next-line no-control-regex
    expect(xml).not.toMatch(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/);
    expect(xml).not.toMatch(/&#0?;/);
    expect(parsed(xml).testsuite[0]!.testcase[0]!.failure).toHaveLength(1);
  });
});

describe('the stored run', () => {
  it('gives every event back as it was', () => {
    expect(readStoredRun(storedOf(run))).toEqual(run);
  });

  it('is one line of JSON an event', () => {
    const lines = storedOf(run).trimEnd().split('\n');
    expect(lines).toHaveLength(run.length);
    expect(lines.every((line) => JSON.parse(line) !== null)).toBe(true);
  });

  it.each([
    ['an empty file', ''],
    ['another beginning', '{"kind":"run-ended"}\n'],
    ['another version', '{"kind":"run-started","v":99}\n'],
    ['no JSON', 'hello\n'],
    ['null', 'null\n'],
  ])('that is %s is refused', (_what, content) => {
    expect(() => readStoredRun(content)).toThrow(expect.objectContaining({ code: 'E_FILE' }));
  });

  it('names the damaged line', () => {
    const lines = storedOf(run).split('\n');
    lines[3] = '{"kind":';
    expect(() => readStoredRun(lines.join('\n'))).toThrow(/line 4/);
  });

  it('holds no card number, track, PIN block or key (I-36)', () => {
    const text = storedOf(run);
    expect(text).toContain('622588******7898');
    expect(text).not.toContain('6225881234567898');
    expect(text).not.toMatch(/D3012\d/);
    expect(text).not.toContain('0123456789ABCDEFFEDCBA9876543210');
  });
});

describe('the console report', () => {
  it('shows a line a case and a summary', () => {
    const text = consoleOf(run);
    expect(text).toMatch(/✔ g01 +签到/);
    expect(text).toMatch(/✖ t01 /);
    expect(text).toMatch(/↷ t02 .*skipped: step 1 "channel": not ours/);
    const ended = run.at(-1) as Extract<RunEvent, { kind: 'run-ended' }>;
    expect(text).toContain(
      `${ended.passed} passed, ${ended.failed} failed, ${ended.skipped} skipped`,
    );
    expect(text).not.toContain('\u001B');
  });

  it('tells a failure with step, expected, got, place and replay', () => {
    const text = consoleOf(run);
    expect(text).toContain('✖ t01 [sim] › step 2 "sale"   E_EXPECT_OUTCOME');
    expect(text).toContain('    expected outcome declined, got approved\n');
    expect(text).toContain('    at cases/t01.yaml:6:15\n');
    expect(text).toMatch(/replay {2}npx countersign run cases\/t01.yaml --target sim --seed 7/);
    expect(text).toMatch(/#\d+ → 0200 /);
  });

  it('shows a hint where there is one, and control characters as text', () => {
    const text = consoleOf(runWith({ lines: ['step', '\u001B[2Jgone'], hint: 'look\u0007 here' }));
    expect(text).toContain('\\u001B[2Jgone');
    expect(text).toContain('hint    look\\u0007 here');
    expect(text).not.toContain('\u001B');
  });

  it('colours and rewrites its line only when asked to', () => {
    expect(consoleOf(run, { isColoured: true })).toContain('\u001B[31m');
    expect(consoleOf(run, { isLive: true })).toContain('\r\u001B[2K');
  });

  it('shows steps and exchanges when verbose', () => {
    const text = consoleOf(run, { isVerbose: true });
    expect(text).toMatch(/ {2}1\. 终端签到 {2}The terminal signs in/);
    expect(text).toMatch(/#\d+ → 0800 /);
    expect(text).not.toContain('6225881234567898');
  });

  it('says that a run was interrupted', () => {
    const events = run.map((event) =>
      event.kind === 'run-ended' ? { ...event, interrupted: true } : event,
    );
    expect(consoleOf(events)).toContain('interrupted');
  });
});

describe('reporters together', () => {
  it('go on when one breaks, which is told once', () => {
    const heard: string[] = [];
    const good: Reporter = { name: 'good', hear: (event) => void heard.push(event.kind) };
    let calls = 0;
    const bad: Reporter = {
      name: 'bad',
      hear() {
        calls++;
        if (calls === 2) throw new Error('disk full');
      },
    };
    const broken: [string, unknown][] = [];
    const listener = reporterListener([bad, good], ({ name }, error) => broken.push([name, error]));
    for (const event of run) listener(event);
    expect(heard).toHaveLength(run.length);
    expect(calls).toBe(2);
    expect(broken).toEqual([['bad', new Error('disk full')]]);
  });
});

describe('text for people', () => {
  it.each([
    ['plain 文字', 'plain 文字'],
    ['\u001B[31m', '\\u001B[31m'],
    ['\u0000\u0007\u007F\u0085\u009B', '\\u0000\\u0007\\u007F\\u0085\\u009B'],
    ['\r', '\\u000D'],
    ['a\nb\tc', 'a\nb\tc'],
    ['\u202E\u2066\u200F', '\\u202E\\u2066\\u200F'],
    ['\uFFFE', '\\uFFFE'],
    ['😀', '😀'],
  ])('shows %j', (text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  it('is padded by the columns it takes', () => {
    expect(displayWidth('a签到')).toBe(5);
    expect(padDisplay('签到', 6)).toBe('签到  ');
    expect(padDisplay('签到签到', 6)).toBe('签到签到');
  });
});
