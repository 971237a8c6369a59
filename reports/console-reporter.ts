import type { CaseStatus, Failure, RunEvent } from '../scenarios/events/run-event.ts';
import { lineOf } from '../scenarios/run/diagnose.ts';
import { padDisplay, printable } from './printable.ts';
import type { Reporter } from './reporter.ts';

export interface ConsoleOptions {
  write(text: string): void;
  readonly isColoured: boolean;
  /** A live line for what is running; only where a line can be rewritten. */
  readonly isLive: boolean;
  /** Steps and exchanges of every case, not only of failures. */
  readonly isVerbose: boolean;
}

const MARKS: Readonly<Record<CaseStatus, string>> = { passed: '✔', failed: '✖', skipped: '↷' };
const COLOURS = { green: 32, red: 31, yellow: 33, grey: 90, bold: 1 } as const;
const ERASE_LINE = '\r\u001B[2K';

/** What a person watches: one line a case, failures in full, a summary. */
export function consoleReporter(options: ConsoleOptions): Reporter {
  const { write, isColoured, isLive, isVerbose } = options;
  const paint = (colour: keyof typeof COLOURS, text: string): string =>
    isColoured ? `\u001B[${COLOURS[colour]}m${text}\u001B[0m` : text;
  const line = (text: string): void => write(`${isLive ? ERASE_LINE : ''}${text}\n`);
  let total = 0;
  let ended = 0;
  let current = '';
  let target = '';
  /** What some messages rested on that no source states for certain. */
  const assumed = new Set<string>();
  const progress = (text: string): void => {
    if (isLive) write(`${ERASE_LINE}${paint('grey', `[${ended + 1}/${total}] ${text}`)}`);
  };

  const failure = (id: string, each: Failure): void => {
    const [first = '', ...rest] = each.lines;
    line(`${paint('red', `✖ ${id} › ${printable(first)}`)}   ${each.code}`);
    for (const text of rest) line(`    ${printable(text)}`);
    const { file, line: row, column } = each.place;
    line(`    at ${file}:${row}:${column}`);
    if (each.hint !== '') line(`    hint    ${printable(each.hint)}`);
    line(`    replay  ${paint('bold', each.replay)}`);
  };

  const caseEnded = (event: Extract<RunEvent, { kind: 'case-ended' }>): void => {
    ended++;
    const { case: header, status, reason, skippedSteps, wallMs } = event;
    const colour = status === 'passed' ? 'green' : status === 'failed' ? 'red' : 'yellow';
    const note =
      reason !== undefined
        ? `  skipped: ${printable(reason)}`
        : skippedSteps > 0
          ? `  ${skippedSteps} step(s) not observed`
          : '';
    const id = padDisplay(header.id, 14);
    const titles = `${padDisplay(printable(header.title.zh), 52)} ${printable(header.title.en)}`;
    const time = paint('grey', `${wallMs} ms`);
    line(`${paint(colour, MARKS[status])} ${id} ${titles}  ${time}${paint('yellow', note)}`);
    for (const each of event.failures) failure(`${header.id} [${header.target}]`, each);
  };

  return {
    name: 'console',
    hear(event) {
      switch (event.kind) {
        case 'run-started':
          total = event.cases;
          line(
            `countersign ${event.version}  ${total} case${total === 1 ? '' : 's'}  seed ${event.seed}`,
          );
          break;
        case 'case-started':
          if (event.case.target !== target) {
            target = event.case.target;
            line(paint('bold', `\n${target}  ${TARGET_TEXTS[target] ?? ''}`));
          }
          current = event.case.id;
          if (isVerbose) line(paint('bold', `\n${current}`));
          progress(current);
          break;
        case 'step-started': {
          const text = `${event.index}. ${printable(event.text.zh)}  ${printable(event.text.en)}`;
          if (isVerbose) line(`  ${text}`);
          else progress(`${current}  ${text}`);
          break;
        }
        case 'party': {
          if (event.event.kind === 'message' && event.event.assumed !== undefined) {
            assumed.add(`${event.event.assumed.zh} / ${event.event.assumed.en}`);
          }
          const text = isVerbose ? lineOf(event.event) : undefined;
          if (text !== undefined) line(paint('grey', `       #${event.number} ${printable(text)}`));
          break;
        }
        case 'step-ended':
          if (event.status === 'skipped') {
            const text = `step ${event.index} "${event.verb}" not observed: ${event.reason ?? ''}`;
            line(`  ${paint('yellow', '↷')} ${printable(text)}`);
          }
          break;
        case 'case-ended':
          caseEnded(event);
          break;
        case 'run-ended': {
          const parts = [
            paint('green', `${event.passed} passed`),
            paint(event.failed > 0 ? 'red' : 'grey', `${event.failed} failed`),
            ...(event.skipped > 0 ? [paint('yellow', `${event.skipped} skipped`)] : []),
          ];
          const end = event.interrupted ? paint('red', '  interrupted') : '';
          line(`\n${parts.join(', ')}  ${(event.wallMs / 1000).toFixed(1)} s${end}`);
          for (const each of assumed)
            line(paint('yellow', `resting on what is assumed: ${printable(each)}`));
          break;
        }
        default:
          event satisfies never;
      }
    },
  };
}

const TARGET_TEXTS: Readonly<Record<string, string>> = {
  sim: 'terminal and host in simulated time / 终端与主机，虚拟时间',
  tcp: 'terminal and host over loopback sockets / 终端与主机，本机真实套接字',
  host: 'our terminal, their host / 我方终端，对方主机',
};
