import type { Clock } from '../world/clock.ts';
import type { Store } from '../world/store.ts';
import type { World } from '../world/world.ts';
import type { Publish } from '../events/party-event.ts';
import { faultyWeb, type WebFaultDesk } from '../faults/faulty-web.ts';
import { walletGateway, type WalletGateway } from '../wallet/gateway.ts';
import type { WalletEvent } from '../wallet/wallet-book.ts';
import { TEST_PAYERS } from '../wallet/test-payers.ts';
import { faultyNetwork, type FaultDesk } from '../faults/faulty-network.ts';
import type { Institution } from '../host/host-config.ts';
import type { HostEvent } from '../host/host-event.ts';
import {
  noticeGateway,
  type NoticeEvent,
  type NoticeGateway,
} from '../notice-gateway/notice-gateway.ts';
import type { BankEvent } from '../bank/bank-book.ts';
import { payoutBank, type BankDesk } from '../bank/payout-bank.ts';
import { crashDesk, type CrashDesk } from '../host/crash-points.ts';
import type { HostControl } from '../host/host-control.ts';
import type { HostState } from '../host/host-state.ts';
import { runHost, type HostOptions, type RunningHost } from '../host/run-host.ts';
import type { Command } from '../terminal/command.ts';
import type { OperationResult } from '../terminal/operation-result.ts';
import { SCREENS } from '../terminal/screens.ts';
import type { CardPresented } from '../terminal/card-presented.ts';
import { IDLE_KEYPAD, type Key, type Pressed } from '../terminal/keypad/keypad.ts';
import { runTerminal, type RunningTerminal } from '../terminal/run-terminal.ts';
import type { TerminalConfig } from '../terminal/terminal-config.ts';
import { stanBefore, type TerminalEntry } from '../terminal/terminal-record.ts';
import { terminalSetup } from './terminal-setup.ts';

export interface PartiesOptions {
  readonly institution: Institution;
  readonly publish?: Publish;
  readonly terminal?: Partial<TerminalConfig>;
  /** A store of its own for every terminal. */
  readonly terminalStore: (tid: string) => Store<TerminalEntry>;
}

type Done = (result: OperationResult) => void;

/** Terminals on a line that can be harmed, towards one host. */
export interface Terminals {
  readonly faults: FaultDesk;
  readonly clock: Clock;
  /** Settings of its own for a terminal; one that runs boots again with them. */
  setUp(tid: string, changes: Partial<TerminalConfig> & { readonly nextStan?: number }): void;
  operate(tid: string, command: Command, onDone: Done): void;
  /** Keys one after the other; what the last one has led to. */
  press(tid: string, keys: readonly Key[], card: CardPresented | undefined): Pressed;
  /** Kills the terminal and boots it from its store; what it was doing ends as `power-lost`. */
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
  const { networkOf, desk } = faultyNetwork(world.network, publish);
  const stores = new Map<string, Store<TerminalEntry>>();
  const running = new Map<string, RunningTerminal>();
  const settings = new Map<string, Partial<TerminalConfig>>();
  /** What each terminal is doing, for the one whose power fails meanwhile. */
  const underWay = new Map<string, { command: Command; onDone: Done }>();
  const cutPower = (tid: string): void => {
    const lost = underWay.get(tid);
    underWay.delete(tid);
    world.tasks.restart(`terminal ${tid}`);
    const record = running.get(tid)?.record;
    lost?.onDone({
      verb: lost.command.verb,
      outcome: 'power-lost',
      screen: SCREENS.powerLost,
      wire: [],
      reversalPending: record?.reversal !== undefined,
    });
  };
  const storeOf = (tid: string): Store<TerminalEntry> => {
    const store = stores.get(tid) ?? options.terminalStore(tid);
    stores.set(tid, store);
    return store;
  };
  const boot = (tid: string): RunningTerminal => {
    const store = storeOf(tid);
    const config = terminalSetup(institution, tid, { ...options.terminal, ...settings.get(tid) });
    // The step that sends ends first: power fails between two of them.
    const network = networkOf(() => void world.clock.after(0, () => cutPower(tid)));
    const terminal = runTerminal(
      { ...world, network },
      {
        config,
        store,
        endpoint: endpoint(),
        ...(publish === undefined ? {} : { publish }),
      },
    );
    running.set(tid, terminal);
    return terminal;
  };
  return {
    faults: desk,
    clock: world.clock,
    setUp(tid, { nextStan, ...changes }) {
      // Judged now, not when the terminal boots.
      terminalSetup(institution, tid, { ...options.terminal, ...changes });
      settings.set(tid, changes);
      if (nextStan !== undefined) storeOf(tid).append([stanBefore(nextStan)]);
      if (running.has(tid)) cutPower(tid);
    },
    operate(tid, command, onDone) {
      if (!running.has(tid)) world.tasks.start(`terminal ${tid}`, () => boot(tid));
      const begun = { command, onDone };
      // One that is turned away because of another does not take its place.
      if (!underWay.has(tid)) underWay.set(tid, begun);
      running.get(tid)!.operate(command, (result) => {
        if (underWay.get(tid) === begun) underWay.delete(tid);
        onDone(result);
      });
    },
    press(tid, keys, card) {
      if (!running.has(tid)) world.tasks.start(`terminal ${tid}`, () => boot(tid));
      let pressed: Pressed = { state: IDLE_KEYPAD, screen: SCREENS.ready };
      for (const key of keys) {
        pressed = running.get(tid)!.press(key, card);
        // What it does now it does alone: later keys are not heard.
        if (pressed.command !== undefined) break;
      }
      return pressed;
    },
    powerCut: cutPower,
    running: () => running,
    stop() {
      desk.hangUp();
      world.tasks.killAll();
    },
  };
}

/** The host of a bench, whichever start of it runs, with its bank and its power switch. */
export interface BenchHost {
  readonly state: HostState;
  readonly control: HostControl;
  readonly bank: BankDesk;
  readonly crash: CrashDesk;
  /** The wallets' gateway, and what harms the calls of it. */
  readonly wallet: WalletGateway;
  readonly web: WebFaultDesk;
  /** What holders were told. */
  readonly notices: NoticeGateway;
}

/** Where the parties beside the host keep their own books; absent: with their process. */
export interface PartnerBooks {
  readonly bank?: Store<BankEvent>;
  readonly wallet?: Store<WalletEvent>;
  readonly notices?: Store<NoticeEvent>;
}

/** Beside the host, on a port of its own: on this machine, or with a name in the simulated world. */
function siteOf(name: string, endpoint: string): string {
  return /^(127\.|localhost|\[)/.test(endpoint) ? 'http://127.0.0.1:0' : `http://${name}:1`;
}

/** A host under the same supervision: when its power fails it starts again from its journal. */
export function benchHost(
  world: World,
  endpoint: string,
  institution: Institution,
  store: Store<HostEvent>,
  publish: Publish | undefined,
  heard: Pick<HostOptions, 'keepsEntries' | 'onListening' | 'onListenFailed'> = {},
  books: PartnerBooks = {},
): BenchHost {
  let host: RunningHost | undefined;
  // A port that the system has chosen is the same after a restart.
  let bound = endpoint;
  const bank = payoutBank(books.bank);
  const wallet = walletGateway(TEST_PAYERS, books.wallet);
  const { web, desk } = faultyWeb(world.web, world.clock);
  let walletOrigin: string | undefined;
  let noticeOrigin: string | undefined;
  const notices = noticeGateway(
    ({ channel, to, text }) =>
      publish?.({ kind: 'host-event', name: 'notice', text: `${channel} to ${to}: ${text}` }),
    books.notices,
  );
  const site = siteOf('wallet', endpoint);
  world.tasks.start('wallet gateway', () => ({
    kill: web.serve(site, (request) => wallet.answer(request), {
      listening: (origin) => (walletOrigin = origin),
      failed: (error) => heard.onListenFailed?.(error),
    }),
  }));
  world.tasks.start('notice gateway', () => ({
    kill: web.serve(siteOf('notices', endpoint), (request) => notices.answer(request), {
      listening: (origin) => (noticeOrigin = origin),
      failed: (error) => heard.onListenFailed?.(error),
    }),
  }));
  const crash = crashDesk();
  world.tasks.start('host', () => {
    host = runHost(
      { ...world, web },
      {
        institution,
        store,
        endpoint: bound,
        walletOrigin: () => walletOrigin,
        noticeOrigin: () => noticeOrigin,
        bank,
        crash,
        onCrash: () => world.tasks.restart('host'),
        ...(publish === undefined ? {} : { publish }),
        ...heard,
        onListening(listening) {
          bound = listening;
          heard.onListening?.(listening);
        },
      },
    );
    return host;
  });
  return {
    get state() {
      return host!.state;
    },
    get control() {
      return host!.control;
    },
    bank,
    crash,
    wallet,
    web: desk,
    notices,
  };
}
