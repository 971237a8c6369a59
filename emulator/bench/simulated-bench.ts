import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import type { Publish } from '../events/party-event.ts';
import type { Institution } from '../host/host-config.ts';
import type { HostEvent } from '../host/host-event.ts';
import type { Command } from '../terminal/command.ts';
import type { OperationResult } from '../terminal/operation-result.ts';
import type { TerminalConfig } from '../terminal/terminal-config.ts';
import type { Store } from '../world/store.ts';
import { memoryStore } from '../world/simulated/memory-store.ts';
import { simulatedWorld, type SimulatedWorld } from '../world/simulated/simulated-world.ts';
import {
  benchHost,
  benchTerminals,
  type BenchHost,
  type PartnerBooks,
  type Terminals,
} from './bench.ts';
import { cardBox, type CardBox } from './card-box.ts';
import { TEST_INSTITUTION } from './test-institution.ts';

export interface SimulatedBenchOptions {
  readonly seed: number;
  readonly startMs: number;
  readonly institution?: Institution;
  readonly terminal?: Partial<TerminalConfig>;
  readonly publish?: Publish;
  readonly hostStore?: Store<HostEvent>;
  readonly books?: PartnerBooks;
}

/** Terminal and host in one simulated world, driven synchronously. */
export interface SimulatedBench {
  readonly world: SimulatedWorld;
  readonly host: BenchHost;
  readonly terminals: Terminals;
  readonly cards: CardBox;
  /** Runs the world until the operation has ended. */
  perform(tid: string, command: Command): OperationResult;
}

export function simulatedBench(options: SimulatedBenchOptions): SimulatedBench {
  const { seed, startMs, publish, hostStore = memoryStore<HostEvent>() } = options;
  const institution = options.institution ?? TEST_INSTITUTION;
  const world = simulatedWorld({ seed, startMs });
  const host = benchHost(world, 'host:1', institution, hostStore, publish, {}, options.books);
  const terminals = benchTerminals(world, () => 'host:1', {
    institution,
    terminalStore: () => memoryStore(),
    ...(options.terminal === undefined ? {} : { terminal: options.terminal }),
    ...(publish === undefined ? {} : { publish }),
  });
  return {
    world,
    host,
    terminals,
    cards: cardBox(institution.issuers),
    perform(tid, command) {
      const ended: OperationResult[] = [];
      terminals.operate(tid, command, (result) => ended.push(result));
      world.runUntil(() => ended.length > 0);
      const [result] = ended;
      if (result === undefined) {
        throw new CountersignError('E_INTERNAL', { text: 'the terminal waits for nothing' });
      }
      return result;
    },
  };
}
