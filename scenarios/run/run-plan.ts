import type { Dialect } from '../../protocol/dialect/dialect.ts';
import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import type { Strokes } from '../../protocol/signature/strokes.ts';
import type { PartyEvent } from '../../emulator/events/party-event.ts';
import { parseCivilTime, toEpochMs } from '../../emulator/world/civil-time.ts';
import type { CaseHeader, CaseStatus, Failure, Listener, StepStatus } from '../events/run-event.ts';
import { EVENT_VERSION } from '../events/run-event.ts';
import { checkLaws } from '../laws/law-table.ts';
import type { Place, PlannedCase, PlannedStep, Texts } from '../plan/plan.ts';
import type { Target, TargetName, TargetOptions } from '../targets/target.ts';
import type { StepResult, Verb } from '../verbs/verb.ts';
import { VERB_TABLE } from '../verbs/verb-table.ts';
import { fits } from './compare.ts';
import { diagnose } from './diagnose.ts';

export interface OpenTarget {
  readonly name: TargetName;
  open(options: TargetOptions, planned: PlannedCase): Promise<Target>;
  /** What a host that is not ours speaks; cases of another dialect are left out. */
  readonly speaks?: Dialect;
  /** Options that a replay command needs to reach the same target. */
  readonly replayOptions: string;
}

export interface RunOptions {
  readonly seed: number;
  readonly version: string;
  readonly targets: readonly OpenTarget[];
  readonly listener: Listener;
  /** A step that takes longer has hung; only real time counts. */
  readonly stepTimeoutMs: number;
  readonly isInterrupted?: () => boolean;
}

export interface RunCounts {
  passed: number;
  failed: number;
  skipped: number;
}

/** Runs every case on every target, each in a world of its own, and tells the listener all of it. */
export async function runPlan(
  cases: readonly PlannedCase[],
  options: RunOptions,
): Promise<RunCounts & { interrupted: boolean }> {
  const { seed, version, targets, listener } = options;
  const counts: RunCounts = { passed: 0, failed: 0, skipped: 0 };
  const beganMs = performance.now();
  listener({
    kind: 'run-started',
    v: EVENT_VERSION,
    version,
    seed,
    targets: targets.map(({ name }) => name),
    cases: cases.length * targets.length,
    at: new Date().toISOString(),
  });
  let interrupted = false;
  for (const target of targets) {
    for (const planned of cases) {
      interrupted = options.isInterrupted?.() === true;
      if (interrupted) break;
      counts[await runCase(planned, target, options)]++;
    }
  }
  listener({ kind: 'run-ended', ...counts, interrupted, wallMs: since(beganMs) });
  return { ...counts, interrupted };
}

function since(beganMs: number): number {
  return Math.round(performance.now() - beganMs);
}

interface CaseRun {
  readonly planned: PlannedCase;
  readonly target: Target;
  readonly options: RunOptions;
  readonly results: Map<string, StepResult>;
  readonly drawn: Map<string, Strokes>;
  readonly failures: Failure[];
  /** All party events of the case, as text: nothing secret may be in them (I-36). */
  readonly told: string[];
  /** Party events of the step under way. */
  readonly trace: { number: number; event: PartyEvent }[];
  readonly replay: string;
}

async function runCase(
  planned: PlannedCase,
  opener: OpenTarget,
  options: RunOptions,
): Promise<CaseStatus> {
  const { listener, seed } = options;
  const header: CaseHeader = {
    id: planned.id,
    target: opener.name,
    title: planned.title,
    tags: planned.tags,
    file: planned.place.file,
    steps: planned.steps.length,
  };
  const beganMs = performance.now();
  listener({ kind: 'case-started', case: header });
  const trace: CaseRun['trace'] = [];
  const told: string[] = [];
  let number = 0;
  const publish = (event: PartyEvent): void => {
    number++;
    trace.push({ number, event });
    told.push(JSON.stringify(event));
    listener({ kind: 'party', number, event });
  };
  const startMs = toEpochMs(parseCivilTime(planned.clock)!);
  const { dialect } = planned;
  const spoken = dialect === undefined ? {} : { dialect };
  const target = await opener.open({ seed, startMs, publish, ...spoken }, planned);
  const replay = replayCommand(planned, opener, seed);
  const run: CaseRun = {
    planned,
    target,
    options,
    results: new Map(),
    drawn: new Map(),
    failures: [],
    told,
    trace,
    replay,
  };
  const reason = whyNotSpoken(planned, opener) ?? whyNotRun(planned, target);
  let skippedSteps = 0;
  try {
    if (reason === undefined) {
      skippedSteps = await runSteps(run);
      if (run.failures.length === 0) checkEnd(run);
    }
  } finally {
    await target.stop();
  }
  const status = reason !== undefined ? 'skipped' : run.failures.length > 0 ? 'failed' : 'passed';
  const traceHash = target.traceHash();
  listener({
    kind: 'case-ended',
    case: header,
    status,
    failures: run.failures,
    skippedSteps,
    ...(reason === undefined ? {} : { reason }),
    ...(traceHash === undefined ? {} : { traceHash }),
    wallMs: since(beganMs),
  });
  return status;
}

function replayCommand(planned: PlannedCase, opener: OpenTarget, seed: number): string {
  const file = shellWord(planned.place.file);
  const row = planned.rowName === '' ? '' : ` --only ${planned.id}`;
  return `npx countersign run ${file}${row} ${opener.replayOptions} --seed ${seed} --verbose`;
}

/** A path as a shell takes it for one word and no option. */
function shellWord(path: string): string {
  const plain = path.startsWith('-') ? `./${path}` : path;
  return /[^\w./-]/.test(plain) ? `'${plain.replaceAll("'", `'\\''`)}'` : plain;
}

function whyNotSpoken({ dialect }: PlannedCase, { speaks }: OpenTarget): string | undefined {
  if (dialect === undefined || speaks === undefined || dialect.id === speaks.id) return undefined;
  return `the case is in the dialect ${dialect.id}, the host is spoken to in ${speaks.id}`;
}

/** A target that cannot act as a step asks leaves out the whole case, and says why. */
function whyNotRun(planned: PlannedCase, target: Target): string | undefined {
  for (const step of planned.steps) {
    const verb = verbOf(step);
    if (verb.isObservation) continue;
    const reason = lacking(verb, target);
    if (reason !== undefined) return `step ${step.index} "${step.verb}": ${reason}`;
  }
  return undefined;
}

function lacking(verb: Verb, target: Target): string | undefined {
  for (const need of verb.needs) {
    const reason = target.lacks(need);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

function verbOf(step: PlannedStep): Verb {
  const verb = VERB_TABLE.get(step.verb);
  if (verb === undefined) throw new CountersignError('E_INTERNAL', { text: step.verb });
  return verb;
}

/** Runs the steps up to the first failure; returns how many could only be skipped. */
async function runSteps(run: CaseRun): Promise<number> {
  const { listener } = run.options;
  let skipped = 0;
  for (const step of run.planned.steps) {
    const verb = verbOf(step);
    const { index } = step;
    let seen: Texts = {};
    const ended = (status: StepStatus, more: { reason?: string; failure?: Failure } = {}): void =>
      listener({ kind: 'step-ended', index, verb: step.verb, status, seen, ...more });
    if (run.failures.length > 0) {
      ended('not-run');
      continue;
    }
    const text = { zh: verb.explain(step.args, 'zh'), en: verb.explain(step.args, 'en') };
    listener({ kind: 'step-started', index, verb: step.verb, text });
    const reason = lacking(verb, run.target);
    if (reason !== undefined) {
      skipped++;
      ended('skipped', { reason });
      continue;
    }
    run.trace.length = 0;
    const { failure, result } = await runStep(run, step, verb);
    seen = result?.seen ?? {};
    run.told.push(JSON.stringify(seen));
    if (failure === undefined) ended('passed');
    else {
      run.failures.push(failure);
      ended('failed', { failure });
    }
  }
  return skipped;
}

async function runStep(
  run: CaseRun,
  step: PlannedStep,
  verb: Verb,
): Promise<{ failure?: Failure; result?: StepResult }> {
  let result: StepResult;
  try {
    const { file } = run.planned.place;
    const args = argsOf(run, step, verb);
    const { target, results, drawn } = run;
    const running = verb.run({ target, results, drawn, file }, args);
    result = await withinLimit(running, run.options.stepTimeoutMs);
  } catch (error) {
    const isBug = !(error instanceof CountersignError) || error.code === 'E_INTERNAL';
    if (isBug) throw error;
    const { code, message, hint } = error;
    return { failure: failureOf(run, step.place, code, [message], hint, step) };
  }
  if (step.as !== undefined) run.results.set(step.as, result);
  const wrong = Object.entries(step.expect).filter(
    ([name, expected]) => !fits(resolved(run, expected), result.seen[name]),
  );
  if (wrong.length === 0) return { result };
  const [first] = wrong[0]!;
  const code = first === 'outcome' ? 'E_EXPECT_OUTCOME' : 'E_EXPECT';
  const lines = wrong.map(([name, expected]) => {
    const got = result.seen[name];
    return `expected ${name} ${resolved(run, expected)}, got ${got ?? 'none'}`;
  });
  const screen = result.seen['screen'];
  if (screen !== undefined && !wrong.some(([name]) => name === 'screen')) {
    lines.push(`screen ${screen}`);
  }
  const place = step.expectPlaces[first] ?? step.place;
  const all = [...lines, ...diagnose(run.trace)];
  return { result, failure: failureOf(run, place, code, all, '', step) };
}

/**
 * The arguments with the values of earlier steps in place.
 * @throws E_SCENARIO for a value that there is not, or that does not fit
 */
function argsOf(run: CaseRun, step: PlannedStep, verb: Verb): Texts {
  const entries = Object.entries(step.args).map(([name, text]) => {
    const value = resolved(run, text);
    if (value === text) {
      const missing = /^\$[a-z][a-z0-9-]*\.[a-z-]+$/.test(text);
      if (missing) throw new CountersignError('E_SCENARIO', { text: `${text} is not known` });
    } else if (!new RegExp(`^(${verb.args[name]?.pattern ?? '.*'})$`).test(value)) {
      const hint = `${name} looks like ${verb.args[name]?.example ?? '?'}`;
      throw new CountersignError('E_SCENARIO', { text: `${text} is "${value}"`, hint });
    }
    return [name, value] as const;
  });
  return Object.fromEntries(entries);
}

/** `$sale1.rrn` in an argument or an expectation is what that step left behind. */
function resolved(run: CaseRun, text: string): string {
  return text.replaceAll(
    /\$([a-z][a-z0-9-]*)\.([a-z-]+)/g,
    (whole, step: string, name: string) => run.results.get(step)?.seen[name] ?? whole,
  );
}

function failureOf(
  run: CaseRun,
  place: Place,
  code: string,
  lines: string[],
  hint = '',
  step?: PlannedStep,
): Failure {
  const where = step === undefined ? [] : [`step ${step.index} "${step.verb}"`];
  return { code, lines: [...where, ...lines], hint, place, replay: run.replay };
}

async function withinLimit<Value>(running: Promise<Value>, limitMs: number): Promise<Value> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const text = `${limitMs} ms`;
    timer = setTimeout(() => reject(new CountersignError('E_STEP_TIMEOUT', { text })), limitMs);
  });
  try {
    return await Promise.race([running, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Faults that never struck make a case prove less than it says; then the laws. */
function checkEnd(run: CaseRun): void {
  const { planned, target } = run;
  const unused = target.faults.pending + (target.web?.pending ?? 0);
  if (unused > 0) {
    const text = `${unused} ordered fault(s) never struck`;
    run.failures.push(failureOf(run, planned.place, 'E_EXPECT', [text]));
  }
  const { host } = target;
  if (host === undefined) return;
  const broken = checkLaws(planned.laws, {
    host,
    terminals: target.terminals(),
    ...(target.wallet === undefined ? {} : { wallet: target.wallet }),
    told: run.told,
  });
  if (broken.length > 0) run.failures.push(failureOf(run, planned.place, 'E_LAW', broken));
}
