import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import { benchHost, benchTerminals, type BenchHost } from '../../emulator/bench/bench.ts';
import { cardBox } from '../../emulator/bench/card-box.ts';
import { TEST_INSTITUTION } from '../../emulator/bench/test-institution.ts';
import type { HostEvent } from '../../emulator/host/host-event.ts';
import { createTasks } from '../../emulator/world/tasks.ts';
import { seededRandom } from '../../emulator/world/seeded-random.ts';
import { atTurnEnd } from '../../emulator/world/real/at-turn-end.ts';
import { realClock } from '../../emulator/world/real/real-clock.ts';
import { realNetwork } from '../../emulator/world/real/real-network.ts';
import { realWeb } from '../../emulator/world/real/real-web.ts';
import { memoryStore } from '../../emulator/world/simulated/memory-store.ts';
import type { World } from '../../emulator/world/world.ts';
import type { Target, TargetOptions } from './target.ts';

/** Real time-outs would make a silent line cost a minute; on loopback an answer takes no time. */
const RESPONSE_TIMEOUT_MS = 600;
const CONNECT_TIMEOUT_MS = 2000;
const SIGN_TIMEOUT_MS = 200;

/** The host asks others in less time than a terminal waits. */
const UPSTREAM_TIMES = {
  terminalWaitMs: RESPONSE_TIMEOUT_MS,
  issuerAnswerMs: 300,
  walletCallMs: 150,
  walletQueryMs: 30,
  walletAnswerMs: 380,
  walletRetryMs: 100,
  noticeRetryMs: 50,
  voidFinalMs: 2000,
} as const;

/** How often, and how far apart, `advance` looks whether the wallets are done. */
const MOST_LOOKS = 200;
const LOOK_MS = 10;

/** A minute is what a terminal waits for an answer. */
function lineMs(ms: number): number {
  return Math.round((ms * RESPONSE_TIMEOUT_MS) / 60_000);
}

/** Terminal and host both ours, over real sockets on the loopback; civil time can be moved. */
export async function tcpTarget(options: TargetOptions): Promise<Target> {
  const { seed, startMs, publish, dialect, hostStore = memoryStore<HostEvent>() } = options;
  const clock = realClock(startMs, { inSteps: true });
  const world: World = {
    clock,
    random: seededRandom(seed),
    network: realNetwork(),
    web: realWeb(),
    tasks: createTasks(),
    atTurnEnd,
  };
  const institution = {
    ...TEST_INSTITUTION,
    ...(dialect === undefined ? {} : { dialect }),
    policy: { ...TEST_INSTITUTION.policy, ...UPSTREAM_TIMES },
  };
  let host: BenchHost | undefined;
  const endpoint = await new Promise<string>((resolve, reject) => {
    host = benchHost(world, '127.0.0.1:0', institution, hostStore, publish, {
      onListening: resolve,
      onListenFailed: (cause) => reject(new CountersignError('E_NETWORK', { cause })),
    });
  });
  const terminals = benchTerminals(world, () => endpoint, {
    institution,
    publish,
    terminal: {
      responseTimeoutMs: RESPONSE_TIMEOUT_MS,
      connectTimeoutMs: CONNECT_TIMEOUT_MS,
      signTimeoutMs: SIGN_TIMEOUT_MS,
    },
    terminalStore: () => memoryStore(),
  });
  return {
    name: 'tcp',
    institution,
    cards: cardBox(institution.issuers),
    lacks: () => undefined,
    operate: (tid, command) => new Promise((resolve) => terminals.operate(tid, command, resolve)),
    setUp: (tid, changes) => terminals.setUp(tid, changes),
    press: (tid, keys, card) => terminals.press(tid, keys, card),
    powerCut: (tid) => terminals.powerCut(tid),
    faults: terminals.faults,
    civilMs: () => clock.civilMs(),
    async advance(ms) {
      clock.advance(ms);
      // What other parties were asked for takes its own time, however far the calendar is moved.
      const isBusy = (): boolean =>
        [...(host?.state.walletOrders.values() ?? [])].some(({ state }) => state === 'due') ||
        (host?.state.dueNotices.size ?? 0) > 0;
      for (let tries = 0; tries < MOST_LOOKS && isBusy(); tries++) {
        await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      }
    },
    get control() {
      return host?.control;
    },
    get host() {
      return host?.state;
    },
    bank: host?.bank,
    crash: host?.crash,
    notices: host?.notices,
    wallet: host?.wallet,
    web: host?.web,
    lineMs,
    terminals: () =>
      new Map([...terminals.running()].map(([tid, terminal]) => [tid, terminal.record])),
    traceHash: () => undefined,
    stop() {
      terminals.stop();
      return Promise.resolve();
    },
  };
}
