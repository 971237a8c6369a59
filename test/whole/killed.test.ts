import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HostEvent } from '../../emulator/host/host-event.ts';
import { bootHost, type HostState } from '../../emulator/host/host-state.ts';
import { netOf } from '../../emulator/host/transaction-book.ts';
import { HOST_FORM } from '../../emulator/host/packed-events.ts';
import { hasSqlite, readSqliteJournal } from '../../emulator/world/real/sqlite-store.ts';
import { seededRandom } from '../../emulator/world/seeded-random.ts';
import { AS_PUBLISHED } from '../../bundle/as-published.ts';
import { sessionOpened, START_MS } from '../emulator/host/host-desk.ts';
import { inFolder } from './command-line.ts';
import { executedIn } from './killed/bank-file.ts';
import type { BeginOrder } from './killed/host.ts';
import { KILLED_INSTITUTION, TIDS } from './killed/institution.ts';
import { Till, type Answered } from './killed/till.ts';

const KILLS = Number(process.env['COUNTERSIGN_KILLS'] ?? 200);
/** After so many a day ends, is settled to the last fen, and another one begins in a fresh folder. */
const KILLS_A_DAY = 20;
const SEED = Number(process.env['COUNTERSIGN_SEED'] ?? 1);

const root = fileURLToPath(new URL('../..', import.meta.url));
/** Inside, so that packages are found; built like what is published. */
const built = join(root, 'node_modules', '.cache', 'countersign-killed');

beforeAll(async () => {
  await build({
    ...AS_PUBLISHED,
    input: join(root, 'test', 'whole', 'killed', 'host.ts'),
    output: { file: join(built, 'host.mjs') },
  });
});

/** A process that is loaded and waits to be told to begin. */
function loaded(): ChildProcess {
  return spawn(process.execPath, [join(built, 'host.mjs')], { stdio: ['pipe', 'pipe', 'inherit'] });
}

const children = new Set<ChildProcess>();
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
});

class Hosts {
  #next: ChildProcess = this.#load();

  #load(): ChildProcess {
    const child = loaded();
    children.add(child);
    child.on('exit', () => children.delete(child));
    return child;
  }

  /** Begins on a folder; the port comes when it listens, undefined when it dies before. */
  begin(folder: string, seed: number): { child: ChildProcess; port: Promise<number | undefined> } {
    const child = this.#next;
    this.#next = this.#load();
    const opening = TIDS.map((tid) => sessionOpened(tid));
    const order: BeginOrder = { folder, seed, startMs: START_MS, opening };
    child.stdin!.write(`${JSON.stringify(order)}\n`);
    const port = new Promise<number | undefined>((resolve) => {
      createInterface(child.stdout!).once('line', (line) => resolve(Number(line.split(':')[1])));
      child.once('exit', () => resolve(undefined));
    });
    return { child, port };
  }
}

async function kill(child: ChildProcess): Promise<void> {
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

/** Long enough on any machine: what has not come by then does not come. */
const PATIENCE_MS = 60_000;

async function inTime(work: Promise<void>, what: () => string): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const isOver = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it does not end: ${what()}`)), PATIENCE_MS);
  });
  await Promise.race([work, isOver]).finally(() => clearTimeout(timer));
}

function stateOf(folder: string): HostState {
  const { entries, close } = readSqliteJournal<HostEvent>(join(folder, 'journal.sqlite'), {
    form: HOST_FORM,
  });
  try {
    return bootHost(KILLED_INSTITUTION, entries).state;
  } finally {
    close();
  }
}

/** What must hold of a journal whatever instant its host died at. */
function expectTrue(folder: string, answered: readonly Answered[]): HostState {
  const state = stateOf(folder);
  const lost = answered.filter(({ id, rrn, amountFen, kind }) => {
    const found = state.transactions.get(id);
    return (
      found?.rc !== '00' ||
      found.rrn !== rrn ||
      found.amountFen !== amountFen ||
      found.kind !== kind
    );
  });
  expect(lost.map(({ id }) => id)).toEqual([]);
  // No reference number is given out a second time.
  const numbers = Array.from(state.transactions.values(), ({ rrn }) => rrn);
  expect(new Set(numbers).size).toBe(numbers.length);
  expect([...state.ledger.balances.values()].reduce((sum, fen) => sum + fen, 0)).toBe(0);
  const executed = executedIn(join(folder, 'bank.jsonl'));
  // The bank has heard of nothing that was not journalled first, and paid nothing twice.
  expect(new Set(executed.map(({ id }) => id)).size).toBe(executed.length);
  for (const { id, fen, account } of executed) {
    expect(state.payouts.get(id)).toMatchObject({ amountFen: fen, account });
  }
  const ids = new Set(executed.map(({ id }) => id));
  for (const { id, state: how } of state.payouts.values()) {
    if (how === 'paid') expect(ids).toContain(id);
  }
  const named = [...state.payouts.values()].flatMap(({ transactionIds }) => transactionIds);
  expect(new Set(named).size).toBe(named.length);
  return state;
}

/** Trades, is killed, again and again; at last everything is settled and paid. */
async function day(folder: string, kills: number, seed: number, hosts: Hosts): Promise<number> {
  const random = seededRandom(seed);
  const tills = TIDS.map((tid, place) => new Till(tid, seededRandom(seed * 100 + place)));
  const answered = (): Answered[] => tills.flatMap((till) => till.answered);
  for (let round = 0; round < kills; round++) {
    const { child, port } = hosts.begin(folder, seed * 1000 + round);
    // Some die as they begin, before or while they read their journal.
    if (random.below(8) === 0) await pause(random.below(6));
    else {
      const wanted = random.below(50);
      const at = await port;
      if (at === undefined) throw new Error('the host did not begin');
      let heard = 0;
      const isServed = new Promise<void>((resolve) => {
        const onAnswer = (): void => {
          if (heard++ === wanted) resolve();
        };
        for (const till of tills) till.trade(at, onAnswer);
      });
      await inTime(isServed, () => `of ${wanted} answers ${heard} have come`);
      await pause(random.below(3));
    }
    await kill(child);
    for (const till of tills) till.hangUp();
    expect(tills.flatMap(({ wrong }) => wrong)).toEqual([]);
    if (answered().length > 0) expectTrue(folder, answered());
  }
  return await endDay(folder, tills, hosts, answered);
}

async function endDay(
  folder: string,
  tills: readonly Till[],
  hosts: Hosts,
  answered: () => Answered[],
): Promise<number> {
  const { child, port } = hosts.begin(folder, 1);
  const at = await port;
  for (const till of tills) {
    till.isClosing = true;
    till.trade(at!, () => undefined);
  }
  // Payouts are repeated until the bank has answered for each.
  const stop = new AbortController();
  let left = 'not every batch is settled';
  const paysOut = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      await pause(5);
      if (!tills.every(({ isSettled }) => isSettled)) continue;
      const { payouts, ledger } = stateOf(folder);
      const unpaid = [...payouts.values()].filter(({ state: how }) => how !== 'paid');
      const owed = [...ledger.balances].filter(
        ([name, fen]) => /(payable|transit|unsettled)$/.test(name) && fen !== 0,
      );
      if (unpaid.length === 0 && owed.length === 0) return;
      left = `${unpaid.length} payouts are under way, ${JSON.stringify(owed)} are owed`;
    }
  };
  const why = (): string => [left, ...tills.flatMap(({ wrong }) => wrong)].join('; ');
  await inTime(paysOut(), why).finally(() => stop.abort());
  await kill(child);
  for (const till of tills) till.hangUp();
  expect(tills.flatMap(({ wrong }) => wrong)).toEqual([]);
  const state = expectTrue(folder, answered());
  const known = new Set(answered().map(({ id }) => id));
  const sold = [...state.transactions.values()].filter(({ rc }) => rc === '00');
  // Nothing is in the books that no client knows of, and every sale in force was paid exactly.
  expect(sold.filter(({ id }) => !known.has(id)).map(({ id }) => id)).toEqual([]);
  const net = sold
    .filter(({ kind, status }) => kind === 'sale' && status === 'active')
    .reduce((sum, sale) => sum + netOf(sale), 0);
  const paid = executedIn(join(folder, 'bank.jsonl')).reduce((sum, { fen }) => sum + fen, 0);
  expect(paid).toBe(net);
  return known.size;
}

describe.skipIf(!hasSqlite())('a host that is killed', () => {
  it(`${KILLS} times under load has every 00 that a client saw, and paid each payout once`, async () => {
    await inFolder(async (folder) => {
      const hosts = new Hosts();
      let transactions = 0;
      for (let done = 0; done < KILLS; done += KILLS_A_DAY) {
        const today = join(folder, String(done));
        mkdirSync(today);
        const kills = Math.min(KILLS_A_DAY, KILLS - done);
        transactions += await day(today, kills, SEED * 1000 + done, hosts);
        rmSync(today, { recursive: true });
      }
      expect(transactions).toBeGreaterThan(KILLS * 5);
    });
  }, 900_000);
});
