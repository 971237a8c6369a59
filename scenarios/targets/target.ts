import type { Dialect } from '../../protocol/dialect/dialect.ts';
import type { CardBox } from '../../emulator/bench/card-box.ts';
import type { BankDesk } from '../../emulator/bank/payout-bank.ts';
import type { Publish } from '../../emulator/events/party-event.ts';
import type { WebFaultDesk } from '../../emulator/faults/faulty-web.ts';
import type { WalletGateway } from '../../emulator/wallet/gateway.ts';
import type { NoticeGateway } from '../../emulator/notice-gateway/notice-gateway.ts';
import type { FaultDesk } from '../../emulator/faults/faulty-network.ts';
import type { Institution } from '../../emulator/host/host-config.ts';
import type { CrashDesk } from '../../emulator/host/crash-points.ts';
import type { HostControl } from '../../emulator/host/host-control.ts';
import type { HostEvent } from '../../emulator/host/host-event.ts';
import type { HostState } from '../../emulator/host/host-state.ts';
import type { CardPresented } from '../../emulator/terminal/card-presented.ts';
import type { Key, Pressed } from '../../emulator/terminal/keypad/keypad.ts';
import type { Command } from '../../emulator/terminal/command.ts';
import type { OperationResult } from '../../emulator/terminal/operation-result.ts';
import type { TerminalConfig } from '../../emulator/terminal/terminal-config.ts';
import type { TerminalRecord } from '../../emulator/terminal/terminal-record.ts';
import type { Store } from '../../emulator/world/store.ts';

/** What a step may need of its target. */
export type Need = 'terminal' | 'link-faults' | 'host-control' | 'host-time';

export type TerminalChanges = Partial<
  Pick<
    TerminalConfig,
    'keyForm' | 'encryptsTracks' | 'signs' | 'packetBytes' | 'raster' | 'mostSignatures'
  >
> & {
  /** The operator sets the trace number of the next message. */
  readonly nextStan?: number;
};

/** What a case asks of the target that is opened for it. */
export interface TargetOptions {
  readonly seed: number;
  /** Civil time at the start, epoch milliseconds. */
  readonly startMs: number;
  readonly publish: Publish;
  /** Of terminal and host, instead of the usual one. */
  readonly dialect?: Dialect;
  /** Keeps what the emulated host decides; without it that ends with the case. */
  readonly hostStore?: Store<HostEvent>;
}

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
  /** Keys of a terminal; what the last one has led to. */
  press(tid: string, keys: readonly Key[], card: CardPresented | undefined): Pressed;
  powerCut(tid: string): void;
  readonly faults: FaultDesk;
  /** Civil time of the emulated parties, epoch milliseconds. */
  civilMs(): number;
  advance(ms: number): Promise<void>;
  readonly control: HostControl | undefined;
  /** The bank that pays out, and the power of the emulated host. */
  readonly bank: BankDesk | undefined;
  readonly crash: CrashDesk | undefined;
  /** What holders were told by the emulated host. */
  readonly notices: NoticeGateway | undefined;
  /** The wallets' gateway, and what harms the calls of it. */
  readonly wallet: WalletGateway | undefined;
  readonly web: WebFaultDesk | undefined;
  /** What a time between terminal and host is there: real ones are shorter. */
  lineMs(ms: number): number;
  /** For laws: the emulated host, and the terminals that were used. */
  readonly host: HostState | undefined;
  terminals(): ReadonlyMap<string, TerminalRecord>;
  /** Hash over all bytes on the line; the simulated world has one. */
  traceHash(): string | undefined;
  stop(): Promise<void>;
}
