import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import { didYouMean } from '../../scenarios/language/suggest.ts';
import { findCases } from '../../scenarios/find-scenarios.ts';
import type { PlannedCase } from '../../scenarios/plan/plan.ts';
import { runPlan, type OpenTarget } from '../../scenarios/run/run-plan.ts';
import { simTarget } from '../../scenarios/targets/sim-target.ts';
import { tcpTarget } from '../../scenarios/targets/tcp-target.ts';
import { keptCards } from '../../scenarios/targets/kept-cards.ts';
import { institutionOf } from '../../scenarios/keys-file/read-keys-file.ts';
import { theirHostTarget } from '../../scenarios/targets/their-host-target.ts';
import type { TerminalEntry } from '../../emulator/terminal/terminal-record.ts';
import type { Store } from '../../emulator/world/store.ts';
import { consoleReporter } from '../../reports/console-reporter.ts';
import { junitReporter } from '../../reports/junit-reporter.ts';
import { reporterListener, type Reporter } from '../../reports/reporter.ts';
import { storedRunReporter } from '../../reports/stored-run.ts';
import { EXIT } from '../exit-codes.ts';
import { listOf, wholeNumber } from '../options.ts';
import { packageVersion } from '../version.ts';

type Options = Record<string, string | boolean>;

/** A step that waits for three time-outs of a reversal and its own must still fit. */
const STEP_TIMEOUT_MS = 120_000;

export async function runCommand(names: string[], options: Options): Promise<number> {
  const seed = wholeNumber(options['seed'], 'seed', 0, 0xffff_ffff);
  const targets = targetsOf(options);
  const cases = selected(findCases(names), options);
  if (options['list'] === true) {
    for (const { id, title, place } of cases) {
      process.stdout.write(`${id.padEnd(16)} ${title.zh}  ${title.en}  (${place.file})\n`);
    }
    return EXIT.asExpected;
  }
  const folder = String(options['out']);
  const files = openReports(folder);
  let interrupted = false;
  const onSignal = (): void => {
    if (interrupted) process.exit(EXIT.interrupted);
    interrupted = true;
    process.stderr.write('\ninterrupted: finishing the case under way (again to stop at once)\n');
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  let isReportBroken = false;
  const listener = reporterListener([consoleOf(options), ...files.reporters], (reporter, error) => {
    isReportBroken = true;
    const text = error instanceof Error ? error.message : String(error);
    process.stderr.write(`the ${reporter.name} report failed: ${text}\n`);
  });
  const counts = await runPlan(cases, {
    seed,
    version: packageVersion(),
    targets,
    listener,
    stepTimeoutMs: STEP_TIMEOUT_MS,
    isInterrupted: () => interrupted,
  });
  process.stdout.write(`\nJUnit   ${files.junit}\nevents  ${files.events}\n`);
  if (counts.interrupted) return EXIT.interrupted;
  if (counts.failed > 0) return EXIT.expectationFailed;
  if (counts.passed === 0) {
    process.stderr.write('nothing was proved: every case was skipped\n');
    return EXIT.expectationFailed;
  }
  return isReportBroken ? EXIT.environment : EXIT.asExpected;
}

function consoleOf(options: Options): Reporter {
  const isTerminal = process.stdout.isTTY === true;
  return consoleReporter({
    write: (text) => process.stdout.write(text),
    isColoured: isTerminal && options['color'] !== false && process.env['NO_COLOR'] === undefined,
    isLive: isTerminal,
    isVerbose: options['verbose'] === true,
  });
}

function openReports(folder: string): { junit: string; events: string; reporters: Reporter[] } {
  const junit = join(folder, 'junit.xml');
  const events = join(folder, 'events.jsonl');
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(events, '');
    // A report of an earlier run must not be taken for one of this.
    rmSync(junit, { force: true });
  } catch (cause) {
    throw new CountersignError('E_FILE', {
      text: `${folder} cannot be written`,
      hint: 'choose another folder with --out',
      cause,
    });
  }
  const reporters = [
    storedRunReporter((line) => appendFileSync(events, line)),
    junitReporter((xml) => writeFileSync(junit, xml)),
  ];
  return { junit, events, reporters };
}

function targetsOf(options: Options): OpenTarget[] {
  const { host } = options;
  if (typeof host === 'string') {
    const match = /^tcp:\/\/(\[[0-9a-fA-F:]+\]|[^:/]+):(\d{1,5})$/.exec(host);
    if (match === null) {
      const hint = 'a host is tcp://address:port, such as tcp://127.0.0.1:5000';
      throw new CountersignError('E_USAGE', { text: `--host ${host}`, hint });
    }
    wholeNumber(match[2], 'host tcp://address:port, whose port', 1, 65_535);
    const endpoint = `${match[1]!}:${match[2]!}`;
    const responseTimeoutMs = wholeNumber(
      options['responseTimeout'],
      'response-timeout',
      1,
      600_000,
    );
    const stores = new Map<string, Store<TerminalEntry>>();
    const institution = institutionOf(textOf(options['keys']));
    // Not among the reports, which people throw away: one run must find what the last one left.
    const chips = join('.countersign', 'chips.json');
    const { cards, keep } = keptCards(institution, chips, Date.now());
    return [
      {
        name: 'host',
        replayOptions: `--host ${host} --response-timeout ${responseTimeoutMs}${keysOption(options)}`,
        async open({ publish }) {
          const theirs = { endpoint, responseTimeoutMs, institution, publish, stores, cards };
          const target = await theirHostTarget(theirs);
          const stop = (): Promise<void> => target.stop().finally(keep);
          return { ...target, stop };
        },
      },
    ];
  }
  if (options['keys'] !== undefined) {
    const hint = 'keys of another party are for --host; sim and tcp have their own';
    throw new CountersignError('E_USAGE', { text: '--keys without --host', hint });
  }
  const names = listOf(options['target']);
  if (names.length === 0) throw unknownTarget('');
  return names.map((name): OpenTarget => {
    const replayOptions = `--target ${name}`;
    if (name === 'sim') {
      return { name, replayOptions, open: (each) => Promise.resolve(simTarget(each)) };
    }
    if (name === 'tcp') return { name, replayOptions, open: tcpTarget };
    throw unknownTarget(name);
  });
}

function keysOption(options: Options): string {
  const keys = textOf(options['keys']);
  return keys === undefined ? '' : ` --keys ${keys}`;
}

function textOf(option: string | boolean | undefined): string | undefined {
  return typeof option === 'string' ? option : undefined;
}

function unknownTarget(name: string): CountersignError {
  return new CountersignError('E_USAGE', {
    text: `there is no target "${name}"`,
    hint: 'targets are sim and tcp; --host tcp://address:port runs against another host',
  });
}

function selected(cases: PlannedCase[], options: Options): PlannedCase[] {
  const only = listOf(options['only']);
  const tags = listOf(options['tag']);
  const ids = cases.map(({ id }) => id);
  for (const id of only) {
    if (ids.some((each) => each === id || each.startsWith(`${id}/`))) continue;
    const hint = didYouMean(id, ids);
    throw new CountersignError('E_NO_SCENARIO', {
      text: `--only ${id}`,
      ...(hint === '' ? {} : { hint }),
    });
  }
  const chosen = cases.filter(
    (each) =>
      (only.length === 0 || only.some((id) => each.id === id || each.id.startsWith(`${id}/`))) &&
      (tags.length === 0 || each.tags.some((tag) => tags.includes(tag))),
  );
  if (chosen.length > 0) return chosen;
  const known = [...new Set(cases.flatMap((each) => each.tags))].sort().join(', ');
  throw new CountersignError('E_NO_SCENARIO', {
    text: tags.length > 0 ? `no case has the tag ${tags.join(' or ')}` : 'there is no case to run',
    hint: known === '' ? 'the folder holds no scenario' : `tags here: ${known}`,
  });
}
