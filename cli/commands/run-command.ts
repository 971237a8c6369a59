import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import { didYouMean } from '../../scenarios/language/suggest.ts';
import { findCases } from '../../scenarios/find-scenarios.ts';
import type { PlannedCase } from '../../scenarios/plan/plan.ts';
import { runPlan } from '../../scenarios/run/run-plan.ts';
import { consoleReporter } from '../../reports/console-reporter.ts';
import { junitReporter } from '../../reports/junit-reporter.ts';
import { reporterListener, type Reporter } from '../../reports/reporter.ts';
import { storedRunReporter } from '../../reports/stored-run.ts';
import { EXIT } from '../exit-codes.ts';
import { listOf, wholeNumber } from '../options.ts';
import { packageVersion } from '../version.ts';
import { targetsOf } from './run-targets.ts';

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
  if (typeof options['keep'] === 'string') process.stdout.write(`kept    ${options['keep']}\n`);
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
