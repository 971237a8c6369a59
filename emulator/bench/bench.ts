import type { Clock } from '../world/clock.ts';
import type { Store } from '../world/store.ts';
import type { World } from '../world/world.ts';
import type { Publish } from '../events/party-event.ts';
import { faultyNetwork, type FaultDesk } from '../faults/faulty-network.ts';
import type { Institution } from '../host/host-config.ts';
import type { HostEvent } from '../host/host-event.ts';
import { runHost, type RunningHost } from '../host/run-host.ts';
import type { Command } from '../terminal/command.ts';
import type { OperationResult } from '../terminal/operation-result.ts';
import { runTerminal, type RunningTerminal } from '../terminal/run-terminal.ts';
import type { TerminalConfig } from '../terminal/terminal-config.ts';
import type { TerminalEntry } from '../terminal/terminal-record.ts';
import { terminalSetup } from './terminal-setup.ts';

export interface PartiesOptions {
  readonly institution: Institution;
  readonly publish?: Publish;
  readonly terminal?: Partial<TerminalConfig>;
  /** A store of its own for every terminal. */
  readonly terminalStore: (tid: string) => Store<TerminalEntry>;
}

/** Terminals on a line that can be harmed, towards one host. */
export interface Terminals {
  readonly faults: FaultDesk;
  readonly clock: Clock;
  /** Settings of its own for a terminal; one that runs boots again with them. */
  setUp(tid: string, changes: Partial<TerminalConfig>): void;
  operate(tid: string, command: Command, onDone: (result: OperationResult) => void): void;
  /** Kills the terminal and boots it from its store. */
  powerCut(tid: string): void;
  /** Those that have been used, by number. */
  running(): ReadonlyMap<string, RunningTerminal>;
  stop(): void;
}

/** Terminals are made when first used; `endpoint` is asked for each time one boots. */
export function benchTerminals(
  world: World,
  endpoint: () => string,
  options: PartiesOptions,
): Terminals {
  const { institution, publish } = options;
  const { network, desk } = faultyNetwork(world.network, publish);
  const harmed: World = { ...world, network };
  const stores = new Map<string, Store<TerminalEntry>>();
  const running = new Map<string, RunningTerminal>();
  const settings = new Map<string, Partial<TerminalConfig>>();
  const boot = (tid: string): RunningTerminal => {
    const store = stores.get(tid) ?? options.terminalStore(tid);
    stores.set(tid, store);
    const config = terminalSetup(institution, tid, { ...options.terminal, ...settings.get(tid) });
    const terminal = runTerminal(harmed, {
      config,
      store,
      endpoint: endpoint(),
      ...(publish === undefined ? {} : { publish }),
    });
    running.set(tid, terminal);
    return terminal;
  };
  return {
    faults: desk,
    clock: world.clock,
    setUp(tid, changes) {
      // Judged now, not when the terminal boots.
      terminalSetup(institution, tid, { ...options.terminal, ...changes });
      settings.set(tid, changes);
      if (running.has(tid)) world.tasks.restart(`terminal ${tid}`);
    },
    operate(tid, command, onDone) {
      if (!running.has(tid)) world.tasks.start(`terminal ${tid}`, () => boot(tid));
      running.get(tid)!.operate(command, onDone);
    },
    powerCut: (tid) => world.tasks.restart(`terminal ${tid}`),
    running: () => running,
    stop() {
      desk.hangUp();
      world.tasks.killAll();
    },
  };
}

/** A host under the same supervision. */
export function benchHost(
  world: World,
  endpoint: string,
  institution: Institution,
  store: Store<HostEvent>,
  publish: Publish | undefined,
  heard: { onListening?: (endpoint: string) => void; onListenFailed?: (error: Error) => void } = {},
): RunningHost {
  let host: RunningHost | undefined;
  world.tasks.start('host', () => {
    host = runHost(world, {
      institution,
      store,
      endpoint,
      ...(publish === undefined ? {} : { publish }),
      ...heard,
    });
    return host;
  });
  return host!;
}
