import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { HostEvent } from '../emulator/host/host-event.ts';
import { bootHost } from '../emulator/host/host-state.ts';
import { forgetfulStore } from '../emulator/world/forgetful-store.ts';
import { HOST_FORM } from '../emulator/host/packed-events.ts';
import { sqliteStore } from '../emulator/world/real/sqlite-store.ts';
import { benchInstitution } from './host-load/bench-institution.ts';
import { SALES_A_ROUND, TERMINALS, Trader } from './host-load/trader.ts';
import { optionOf } from './option-of.ts';
import { machineLine } from './ratio-table.ts';

const SALES = Number(optionOf('--sales') ?? 1_000_000);
/** Rounds before the first figure, of another host: the program is warm, its journal is not. */
const WARM_ROUNDS = 40;
/** A figure is the median of so many rounds up to a size. */
const ROUNDS_A_FIGURE = 10;
const AIM_EVENTS_A_SECOND = 200_000;
/** As flat as a machine that others use as well can show. */
const AIM_GROWTH = 1.5;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[values.length >> 1]!;
}

function trade(path: string): number {
  const warm = new Trader(forgetfulStore());
  for (let round = 0; round < WARM_ROUNDS; round++) warm.round();
  const store = sqliteStore<HostEvent>(path, { form: HOST_FORM });
  const trader = new Trader(store);
  const sizes = [1000, 10_000, 100_000, 1_000_000].filter((size) => size <= SALES);
  const figures: number[] = [];
  const recent: number[] = [];
  for (let sold = SALES_A_ROUND; sold <= SALES; sold += SALES_A_ROUND) {
    recent.push(trader.round());
    if (recent.length > ROUNDS_A_FIGURE) recent.shift();
    if (sizes.includes(sold)) {
      figures.push(median(recent));
      const heap = (process.memoryUsage().heapUsed / 1e6).toFixed(0);
      const cost = `${figures.at(-1)!.toFixed(1)} µs of the processor a sale`;
      say(
        `${sold.toLocaleString('en').padStart(9)} sales in the journal  ${cost}, heap ${heap} MB`,
      );
    }
  }
  store.close();
  return figures.at(-1)! / Math.min(...figures.slice(0, -1));
}

function replay(path: string): number {
  const store = sqliteStore<HostEvent>(path, { form: HOST_FORM });
  let events = 0;
  function* counted(): Generator<HostEvent> {
    for (const event of store.replay()) {
      events++;
      yield event;
    }
  }
  const from = performance.now();
  const before = process.cpuUsage();
  const { state } = bootHost(benchInstitution(TERMINALS), counted(), false);
  const seconds = (performance.now() - from) / 1000;
  const { user, system } = process.cpuUsage(before);
  store.close();
  const size = (statSync(path).size / 1e6).toFixed(0);
  const sum = [...state.ledger.balances.values()].reduce((total, fen) => total + fen, 0);
  if (sum !== 0) throw new Error(`the trial balance is ${sum}`);
  say(
    `start-up: ${events.toLocaleString('en')} events, ${size} MB in ${seconds.toFixed(1)} s, ` +
      `${Math.round(events / seconds).toLocaleString('en')} a second ` +
      `(${Math.round((events * 1e6) / (user + system)).toLocaleString('en')} by processor time), ` +
      `aim ≥ ${AIM_EVENTS_A_SECOND.toLocaleString('en')}`,
  );
  return events / seconds;
}

/** A start-up is that of a new process: this one has a heap full of what it has sold. */
function startedAnew(path: string): boolean {
  const again = [...process.execArgv, ...process.argv.slice(1), '--replay', path];
  return spawnSync(process.execPath, again, { stdio: 'inherit' }).status === 0;
}

function measure(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-bench-'));
  try {
    const path = join(folder, 'journal.sqlite');
    const growth = trade(path);
    say(`the last ÷ the least before it: ${growth.toFixed(2)}, aim ≤ ${AIM_GROWTH}`);
    const isQuick = startedAnew(path);
    say(machineLine());
    return growth <= AIM_GROWTH && isQuick;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const written = optionOf('--replay');
const isGood = written === undefined ? measure() : replay(written) >= AIM_EVENTS_A_SECOND;
process.exitCode = isGood ? 0 : 1;
