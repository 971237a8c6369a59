import type { Failure, RunEvent } from '../scenarios/events/run-event.ts';
import { lineOf } from '../scenarios/run/diagnose.ts';
import { printable, xmlText } from './printable.ts';
import type { Reporter } from './reporter.ts';

interface Case {
  readonly ended: Extract<RunEvent, { kind: 'case-ended' }>;
  readonly output: readonly string[];
}

/**
 * JUnit XML as CI servers read it: a suite a target, a test case a case, failures with place and
 * replay command. `done` gets the whole document when the run has ended.
 */
export function junitReporter(done: (xml: string) => void): Reporter {
  const suites = new Map<string, Case[]>();
  let output: string[] = [];
  let started: Extract<RunEvent, { kind: 'run-started' }> | undefined;
  return {
    name: 'junit',
    hear(event) {
      switch (event.kind) {
        case 'run-started':
          started = event;
          break;
        case 'case-started':
          output = [];
          break;
        case 'step-started':
          output.push(`${event.index}. ${event.text.zh}  ${event.text.en}`);
          break;
        case 'party': {
          const text = lineOf(event.event);
          if (text !== undefined) output.push(`   #${event.number} ${text}`);
          break;
        }
        case 'step-ended':
          if (event.reason !== undefined) output.push(`   not observed: ${event.reason}`);
          break;
        case 'case-ended': {
          const { target } = event.case;
          const cases = suites.get(target) ?? [];
          suites.set(target, [...cases, { ended: event, output }]);
          break;
        }
        case 'run-ended':
          done(document(started, suites, event));
          break;
        default:
          event satisfies never;
      }
    },
  };
}

/** Text for an attribute or element: characters that XML forbids are shown by their code. */
function xml(text: string): string {
  return xmlText(printable(text));
}

/** `<name a="1" b="2">`, or closed in itself. */
function tag(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  isEmpty = false,
): string {
  const list = Object.entries(attributes).map(([key, value]) => ` ${key}="${xml(String(value))}"`);
  return `<${name}${list.join('')}${isEmpty ? '/' : ''}>`;
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}

function document(
  started: Extract<RunEvent, { kind: 'run-started' }> | undefined,
  suites: ReadonlyMap<string, readonly Case[]>,
  ended: Extract<RunEvent, { kind: 'run-ended' }>,
): string {
  const { passed, failed, skipped } = ended;
  const count = passed + failed + skipped;
  const bodies = [...suites].map(([target, cases]) => suite(target, cases, started));
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    tag('testsuites', {
      name: 'countersign',
      tests: count,
      failures: failed,
      errors: 0,
      skipped,
      time: seconds(ended.wallMs),
    }),
    ...bodies,
    '</testsuites>',
    '',
  ].join('\n');
}

function suite(
  target: string,
  cases: readonly Case[],
  started: Extract<RunEvent, { kind: 'run-started' }> | undefined,
): string {
  const count = (status: string): number =>
    cases.filter(({ ended }) => ended.status === status).length;
  const wallMs = cases.reduce((sum, { ended }) => sum + ended.wallMs, 0);
  const properties = [
    ['seed', String(started?.seed ?? '')],
    ['version', started?.version ?? ''],
  ].map(([name = '', value = '']) => `      ${tag('property', { name, value }, true)}`);
  return [
    `  ${tag('testsuite', {
      name: target,
      tests: cases.length,
      failures: count('failed'),
      errors: 0,
      skipped: count('skipped'),
      time: seconds(wallMs),
      timestamp: started?.at ?? '',
    })}`,
    '    <properties>',
    ...properties,
    '    </properties>',
    ...cases.map(testcase),
    '  </testsuite>',
  ].join('\n');
}

function testcase({ ended, output }: Case): string {
  const { case: header, status, reason, failures, wallMs } = ended;
  const name = `${header.id} ${header.title.zh} ${header.title.en}`;
  return [
    `    ${tag('testcase', {
      classname: `countersign.${header.target}`,
      name,
      file: header.file,
      time: seconds(wallMs),
    })}`,
    ...(status === 'skipped' ? [`      ${tag('skipped', { message: reason ?? '' }, true)}`] : []),
    ...failures.map(failureElement),
    `      <system-out>${xml(output.join('\n'))}</system-out>`,
    '    </testcase>',
  ].join('\n');
}

function failureElement({ code, lines, hint, place, replay }: Failure): string {
  const text = [
    ...lines,
    `at ${place.file}:${place.line}:${place.column}`,
    ...(hint === '' ? [] : [`hint ${hint}`]),
    `replay ${replay}`,
  ].join('\n');
  const message = lines.slice(0, 2).join(': ');
  return `      ${tag('failure', { type: code, message })}${xml(text)}</failure>`;
}
