import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import type { Dialect } from '../../protocol/dialect/dialect.ts';
import { openDialect } from '../../scenarios/dialect-file/read-dialect-file.ts';
import type { OpenTarget } from '../../scenarios/run/run-plan.ts';
import { keptCards } from '../../scenarios/targets/kept-cards.ts';
import { playable } from '../../scenarios/targets/playable.ts';
import { simTarget } from '../../scenarios/targets/sim-target.ts';
import type { Target, TargetOptions } from '../../scenarios/targets/target.ts';
import { tcpTarget } from '../../scenarios/targets/tcp-target.ts';
import { theirHostTarget } from '../../scenarios/targets/their-host-target.ts';
import { institutionOf } from '../../scenarios/keys-file/read-keys-file.ts';
import type { HostEvent } from '../../emulator/host/host-event.ts';
import type { TerminalEntry } from '../../emulator/terminal/terminal-record.ts';
import { fileStore } from '../../emulator/world/real/file-store.ts';
import type { Store } from '../../emulator/world/store.ts';
import { clockStart, listOf, wholeNumber } from '../options.ts';
import { HOST_JOURNAL } from './journal-file.ts';

/** Stands beside a journal that a run may replace. */
const KEPT_MARK = 'kept-by-run.txt';

type Options = Readonly<Record<string, string | boolean>>;

/** Where the cases of a run are played: `sim` and `tcp`, or a host that is not ours. */
export function targetsOf(options: Options): OpenTarget[] {
  const { host, keep } = options;
  if (typeof host === 'string') {
    if (keep !== undefined) {
      const hint = 'a host that is not ours keeps its own journal; --keep is for sim and tcp';
      throw new CountersignError('E_USAGE', { text: '--keep with --host', hint });
    }
    if (options['target'] !== undefined) {
      const hint = '--host is played against that host alone; --target is for sim and tcp';
      throw new CountersignError('E_USAGE', { text: '--target with --host', hint });
    }
    return [theirHost(host, options)];
  }
  if (options['keys'] !== undefined) {
    const hint = 'keys of another party are for --host; sim and tcp have their own';
    throw new CountersignError('E_USAGE', { text: '--keys without --host', hint });
  }
  if (options['clock'] !== undefined) {
    const hint = 'the time of a terminal is for --host; in sim and tcp the case says it';
    throw new CountersignError('E_USAGE', { text: '--clock without --host', hint });
  }
  const names = listOf(options['target'] ?? 'sim,tcp');
  if (names.length === 0) throw unknownTarget('');
  return names.map((name) => ourTarget(name, options));
}

function ourTarget(name: string, options: Options): OpenTarget {
  const { keep } = options;
  const dialect = dialectOf(options);
  const replayOptions = `--target ${name}${dialectOption(options)}`;
  const opened = (make: (each: TargetOptions) => Promise<Target>): OpenTarget['open'] => {
    return async (each, { id }) => {
      const spoken = dialect === undefined ? each : { dialect, ...each };
      if (typeof keep !== 'string') return make(spoken);
      return kept(join(keep, name, ...id.split('/')), (hostStore) =>
        make({ ...spoken, hostStore }),
      );
    };
  };
  if (name === 'sim') {
    return { name, replayOptions, open: opened((each) => Promise.resolve(simTarget(each))) };
  }
  if (name === 'tcp') return { name, replayOptions, open: opened(tcpTarget) };
  throw unknownTarget(name);
}

/** A target whose host writes its journal; what an earlier run has left there is replaced. */
async function kept(
  folder: string,
  make: (store: Store<HostEvent>) => Promise<Target>,
): Promise<Target> {
  const file = join(folder, HOST_JOURNAL);
  const mark = join(folder, KEPT_MARK);
  const hint = 'choose another folder with --keep';
  if (existsSync(file) && !existsSync(mark)) {
    const text = `${file} is the journal of a host, and not one that a run has kept`;
    throw new CountersignError('E_FILE', { text, hint });
  }
  let store: ReturnType<typeof fileStore<HostEvent>>;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    store = fileStore<HostEvent>(file, { isFresh: true });
    writeFileSync(mark, 'The next run with the same --keep replaces the journal beside this.\n');
  } catch (cause) {
    if (cause instanceof CountersignError) throw cause;
    throw new CountersignError('E_FILE', { text: `${folder} cannot be written`, hint, cause });
  }
  try {
    const target = await make(store);
    // What it shows may change, as the host does when it starts again.
    const stop = (): Promise<void> => target.stop().finally(() => store.close());
    return Object.assign(Object.create(target) as Target, { stop });
  } catch (error) {
    store.close();
    throw error;
  }
}

function theirHost(host: string, options: Options): OpenTarget {
  const match = /^tcp:\/\/(\[[0-9a-fA-F:]+\]|[^:/]+):(\d{1,5})$/.exec(host);
  if (match === null) {
    const hint = 'a host is tcp://address:port, such as tcp://127.0.0.1:5000';
    throw new CountersignError('E_USAGE', { text: `--host ${host}`, hint });
  }
  wholeNumber(match[2], 'host tcp://address:port, whose port', 1, 65_535);
  const endpoint = `${match[1]!}:${match[2]!}`;
  const responseTimeoutMs = wholeNumber(options['responseTimeout'], 'response-timeout', 1, 600_000);
  const stores = new Map<string, Store<TerminalEntry>>();
  const dialect = dialectOf(options);
  const registered = institutionOf(textOf(options['keys']));
  const institution = dialect === undefined ? registered : { ...registered, dialect };
  // Not among the reports, which people throw away: one run must find what the last one left.
  const chips = join('.countersign', 'chips.json');
  const { cards, keep } = keptCards(institution, chips, Date.now());
  const clock = textOf(options['clock']);
  const startMs = clockStart(clock);
  const beganMs = Date.now();
  const clockOption = clock === undefined ? '' : ` --clock ${JSON.stringify(clock)}`;
  const keys = textOf(options['keys']);
  const keysOption = keys === undefined ? '' : ` --keys ${keys}`;
  return {
    name: 'host',
    speaks: institution.dialect,
    replayOptions:
      `--host ${host} --response-timeout ${responseTimeoutMs}` +
      `${clockOption}${keysOption}${dialectOption(options)}`,
    async open({ publish }) {
      const theirs = { endpoint, responseTimeoutMs, institution, publish, stores, cards };
      const now = startMs === undefined ? {} : { startMs: startMs + Date.now() - beganMs };
      const target = await theirHostTarget({ ...theirs, ...now });
      const stop = (): Promise<void> => target.stop().finally(keep);
      return { ...target, stop };
    },
  };
}

function dialectOf({ dialect }: Options): Dialect | undefined {
  return typeof dialect === 'string' ? playable(openDialect(dialect)) : undefined;
}

function dialectOption({ dialect }: Options): string {
  return typeof dialect === 'string' ? ` --dialect ${dialect}` : '';
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
