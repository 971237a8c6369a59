import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import type { Publish } from '../../emulator/events/party-event.ts';
import { benchTerminals, type Terminals } from '../../emulator/bench/bench.ts';
import type { CardBox } from '../../emulator/bench/card-box.ts';
import type { Institution } from '../../emulator/host/host-config.ts';
import type { Cancel } from '../../emulator/world/clock.ts';
import { civilTime } from '../../emulator/world/civil-time.ts';
import { createTasks } from '../../emulator/world/tasks.ts';
import { realClock } from '../../emulator/world/real/real-clock.ts';
import { realNetwork } from '../../emulator/world/real/real-network.ts';
import { realRandom } from '../../emulator/world/real/real-random.ts';
import { realWeb } from '../../emulator/world/real/real-web.ts';
import { memoryStore } from '../../emulator/world/simulated/memory-store.ts';
import type { Store } from '../../emulator/world/store.ts';
import type { World } from '../../emulator/world/world.ts';
import type { TerminalEntry } from '../../emulator/terminal/terminal-record.ts';
import type { Need, Target } from './target.ts';

export interface TheirHostOptions {
  /** `127.0.0.1:5000` */
  readonly endpoint: string;
  readonly responseTimeoutMs: number;
  /** What time it is at the terminal when it begins; the machine's own when absent. */
  readonly startMs?: number;
  /** Terminals, their keys, cards: what that host knows too. */
  readonly institution: Institution;
  readonly publish: Publish;
  /** One terminal for the whole run: its STANs, keys and log go on from case to case. */
  readonly stores: Map<string, Store<TerminalEntry>>;
  /** Likewise its cards: a chip never counts backwards. */
  readonly cards: CardBox;
}

const LACKS: Partial<Record<Need, string>> = {
  'host-control': 'the back office of a host in another process cannot be operated from here',
  'host-time': 'the clock of a host in another process cannot be moved',
};

/**
 * Our terminal against a host somewhere else: only what a terminal can do and see.
 * @throws E_NETWORK when nobody listens there
 */
export async function theirHostTarget(options: TheirHostOptions): Promise<Target> {
  const { endpoint, responseTimeoutMs, publish, institution } = options;
  const clock = realClock(options.startMs);
  const world: World = {
    clock,
    random: realRandom(),
    network: realNetwork(),
    web: realWeb(),
    tasks: createTasks(),
  };
  await knock(world, endpoint);
  const terminals = benchTerminals(world, () => endpoint, {
    institution,
    publish,
    // Nobody at the pad is between us and our terminal: the other host does not notice.
    terminal: { responseTimeoutMs, signTimeoutMs: 1000, firstStan: stanOfNow(clock.civilMs()) },
    terminalStore(tid) {
      const store = options.stores.get(tid) ?? memoryStore();
      options.stores.set(tid, store);
      return store;
    },
  });
  if (options.stores.size === 0) await closeOldBatches(terminals, institution);
  return {
    name: 'host',
    institution,
    cards: options.cards,
    lacks: (need) => LACKS[need],
    operate: (tid, command) => new Promise((resolve) => terminals.operate(tid, command, resolve)),
    setUp: (tid, changes) => terminals.setUp(tid, changes),
    press: (tid, keys, card) => terminals.press(tid, keys, card),
    powerCut: (tid) => terminals.powerCut(tid),
    faults: terminals.faults,
    civilMs: () => clock.civilMs(),
    advance: () => Promise.resolve(),
    control: undefined,
    bank: undefined,
    crash: undefined,
    notices: undefined,
    wallet: undefined,
    web: undefined,
    lineMs: (ms) => ms,
    host: undefined,
    terminals: () => new Map(),
    traceHash: () => undefined,
    async stop() {
      // What a case leaves open must not become part of the next one.
      await closeOldBatches(terminals, institution);
      terminals.stop();
    },
  };
}

/**
 * Settles every terminal of the institution that has been used, or the first one at the start: the
 * host may still hold transactions of an earlier run, which no total of this one would explain.
 */
async function closeOldBatches(terminals: Terminals, institution: Institution): Promise<void> {
  terminals.faults.clear();
  const used = [...terminals.running().keys()];
  const tids = used.length > 0 ? used : institution.terminals.slice(0, 1).map(({ tid }) => tid);
  for (const tid of tids) {
    await new Promise<void>((resolve) => {
      terminals.operate(tid, { verb: 'settle' }, () => resolve());
    });
  }
}

/** One connection to see that somebody is there, before a case blames the host for its answers. */
function knock(world: World, endpoint: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (reason: string): void => {
      cancel();
      reject(new CountersignError('E_NETWORK', { text: `${endpoint}: ${reason}` }));
    };
    let cancel: Cancel = () => undefined;
    const link = world.network.connect(endpoint, {
      opened() {
        cancel();
        link.end();
        resolve();
      },
      received: () => undefined,
      closed: fail,
    });
    cancel = world.clock.after(CONNECT_LIMIT_MS, () => {
      link.abort();
      fail('no connection in time');
    });
  });
}

const CONNECT_LIMIT_MS = 5000;

/**
 * The terminal of a run starts with an empty store while the host remembers earlier runs: a STAN
 * that follows the time of day (ten a second) does not meet those of the same batch again.
 */
function stanOfNow(civilMs: number): number {
  const { hour, minute, second } = civilTime(civilMs);
  return 1 + (hour * 3600 + minute * 60 + second) * 10 + Math.floor((civilMs % 1000) / 100);
}
