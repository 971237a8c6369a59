import type { Publish } from '../../emulator/events/party-event.ts';
import { benchTerminals } from '../../emulator/bench/bench.ts';
import { TEST_INSTITUTION } from '../../emulator/bench/test-institution.ts';
import { civilTime } from '../../emulator/world/civil-time.ts';
import { createTasks } from '../../emulator/world/tasks.ts';
import { realClock } from '../../emulator/world/real/real-clock.ts';
import { realNetwork } from '../../emulator/world/real/real-network.ts';
import { realRandom } from '../../emulator/world/real/real-random.ts';
import { memoryStore } from '../../emulator/world/simulated/memory-store.ts';
import type { World } from '../../emulator/world/world.ts';
import type { Need, Target } from './target.ts';

export interface TheirHostOptions {
  /** `127.0.0.1:5000` */
  readonly endpoint: string;
  readonly responseTimeoutMs: number;
  readonly publish: Publish;
}

const LACKS: Partial<Record<Need, string>> = {
  'host-control': 'the back office of a host that is not ours cannot be operated from here',
  'host-time': 'the clock of a host that is not ours cannot be moved',
};

/** Our terminal against a host somewhere else: only what a terminal can do and see. */
export function theirHostTarget(options: TheirHostOptions): Target {
  const { endpoint, responseTimeoutMs, publish } = options;
  const clock = realClock();
  const world: World = {
    clock,
    random: realRandom(),
    network: realNetwork(),
    tasks: createTasks(),
  };
  const terminals = benchTerminals(world, () => endpoint, {
    institution: TEST_INSTITUTION,
    publish,
    terminal: { responseTimeoutMs, firstStan: stanOfNow(clock.civilMs()) },
    terminalStore: () => memoryStore(),
  });
  return {
    name: 'host',
    institution: TEST_INSTITUTION,
    lacks: (need) => LACKS[need],
    operate: (tid, command) => new Promise((resolve) => terminals.operate(tid, command, resolve)),
    powerCut: (tid) => terminals.powerCut(tid),
    faults: terminals.faults,
    civilMs: () => clock.civilMs(),
    advance: () => Promise.resolve(),
    control: undefined,
    host: undefined,
    terminals: () => new Map(),
    traceHash: () => undefined,
    stop() {
      terminals.stop();
      return Promise.resolve();
    },
  };
}

/**
 * The terminal of a run starts with an empty store while the host remembers earlier runs: a STAN
 * that follows the time of day (ten a second) does not meet those of the same batch again.
 */
function stanOfNow(civilMs: number): number {
  const { hour, minute, second } = civilTime(civilMs);
  return 1 + (hour * 3600 + minute * 60 + second) * 10;
}
