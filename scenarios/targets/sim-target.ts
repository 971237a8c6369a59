import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import { simulatedBench } from '../../emulator/bench/simulated-bench.ts';
import { TEST_INSTITUTION } from '../../emulator/bench/test-institution.ts';
import type { Target, TargetOptions } from './target.ts';

/** Terminal and host both ours, in virtual time: everything can be done, nothing takes time. */
export function simTarget({ dialect, hostStore, ...options }: TargetOptions): Target {
  const institution = dialect === undefined ? TEST_INSTITUTION : { ...TEST_INSTITUTION, dialect };
  const bench = simulatedBench({
    ...options,
    institution,
    ...(hostStore === undefined ? {} : { hostStore }),
  });
  const { world, terminals, host } = bench;
  return {
    name: 'sim',
    institution,
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
    press: (tid, keys, card) => terminals.press(tid, keys, card),
    powerCut: (tid) => terminals.powerCut(tid),
    faults: terminals.faults,
    civilMs: () => world.clock.civilMs(),
    advance(ms) {
      world.advance(ms);
      return Promise.resolve();
    },
    get control() {
      return host.control;
    },
    get host() {
      return host.state;
    },
    bank: host.bank,
    crash: host.crash,
    notices: host.notices,
    wallet: host.wallet,
    web: host.web,
    lineMs: (ms) => ms,
    terminals: () =>
      new Map([...terminals.running()].map(([tid, terminal]) => [tid, terminal.record])),
    traceHash: () => world.traceHash(),
    stop() {
      terminals.stop();
      return Promise.resolve();
    },
  };
}
