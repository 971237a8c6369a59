import type { CardBox } from '../../emulator/bench/card-box.ts';
import type { FaultDesk } from '../../emulator/faults/faulty-network.ts';
import type { Institution } from '../../emulator/host/host-config.ts';
import type { HostControl } from '../../emulator/host/host-control.ts';
import type { HostState } from '../../emulator/host/host-state.ts';
import type { Command } from '../../emulator/terminal/command.ts';
import type { OperationResult } from '../../emulator/terminal/operation-result.ts';
import type { TerminalConfig } from '../../emulator/terminal/terminal-config.ts';
import type { TerminalRecord } from '../../emulator/terminal/terminal-record.ts';

/** What a step may need of its target. */
export type Need = 'terminal' | 'link-faults' | 'host-control' | 'host-time';

export type TerminalChanges = Partial<
  Pick<TerminalConfig, 'keyForm' | 'encryptsTracks' | 'signs' | 'packetBytes'>
>;

export type TargetName = 'sim' | 'tcp' | 'host';

/** Terminal and host as a scenario meets them, wherever each of them really is. */
export interface Target {
  readonly name: TargetName;
  readonly institution: Institution;
  /** The cards of the run, their chips counting. */
  readonly cards: CardBox;
  /** Why the target cannot do this; undefined when it can. */
  lacks(need: Need): string | undefined;
  /** Settings of a terminal, which boots again with them. */
  setUp(tid: string, changes: TerminalChanges): void;
  operate(tid: string, command: Command): Promise<OperationResult>;
  powerCut(tid: string): void;
  readonly faults: FaultDesk;
  /** Civil time of the emulated parties, epoch milliseconds. */
  civilMs(): number;
  advance(ms: number): Promise<void>;
  readonly control: HostControl | undefined;
  /** For laws: the emulated host, and the terminals that were used. */
  readonly host: HostState | undefined;
  terminals(): ReadonlyMap<string, TerminalRecord>;
  /** Hash over all bytes on the line; the simulated world has one. */
  traceHash(): string | undefined;
  stop(): Promise<void>;
}
