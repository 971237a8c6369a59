import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import type { Publish } from '../../emulator/events/party-event.ts';
import { simulatedBench } from '../../emulator/bench/simulated-bench.ts';
import { TEST_INSTITUTION } from '../../emulator/bench/test-institution.ts';
import type { Target } from './target.ts';

export interface TargetOptions {
  readonly seed: number;
  /** Civil time at the start, epoch milliseconds. */
  readonly startMs: number;
  readonly publish: Publish;
}

/** Terminal and host both ours, in virtual time: everything can be done, nothing takes time. */
export function simTarget({ seed, startMs, publish }: TargetOptions): Target {
  const bench = simulatedBench({ seed, startMs, publish });
  const { world, terminals, host } = bench;
  return {
    name: 'sim',
    institution: TEST_INSTITUTION,
    cards: bench.cards,
    lacks: () => undefined,
    operate: (tid, command) =>
      new Promise((resolve, reject) => {
        try {
          resolve(bench.perform(tid, command));
        } catch (error) {
          reject(error instanceof Error ? error : new CountersignError('E_INTERNAL'));
        }
      }),
    setUp: (tid, changes) => terminals.setUp(tid, changes),
    powerCut: (tid) => terminals.powerCut(tid),
    faults: terminals.faults,
    civilMs: () => world.clock.civilMs(),
    advance(ms) {
      world.advance(ms);
      return Promise.resolve();
    },
    control: host.control,
    host: host.state,
    terminals: () =>
      new Map([...terminals.running()].map(([tid, terminal]) => [tid, terminal.record])),
    traceHash: () => world.traceHash(),
    stop() {
      terminals.stop();
      return Promise.resolve();
    },
  };
}
