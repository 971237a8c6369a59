import type { Cancel } from '../world/clock.ts';
import { KeyedTimers } from '../world/keyed-timers.ts';
import type { Link, Listener } from '../world/network.ts';
import type { Store } from '../world/store.ts';
import type { Running } from '../world/tasks.ts';
import type { WebOutcome } from '../world/web.ts';
import type { World } from '../world/world.ts';
import type { Publish } from '../events/party-event.ts';
import type { PayoutBank } from '../bank/payout-bank.ts';
import type { CrashPoint, CrashSwitch } from './crash-points.ts';
import type { Institution } from './host-config.ts';
import type { HostEvent } from './host-event.ts';
import { hostControl, type HostControl } from './host-control.ts';
import { bootHost, type HostState } from './host-state.ts';
import type { HostEffect, HostEnv, HostInput } from './host-step.ts';
import { stepHost } from './switch/step-host.ts';

export interface HostOptions {
  readonly institution: Institution;
  readonly store: Store<HostEvent>;
  readonly endpoint: string;
  /** False for a host that runs for long: its books keep balances alone. */
  readonly keepsEntries?: boolean;
  /** Absent: messages are not described, which is faster. */
  readonly publish?: Publish;
  /** Where the gateway of the wallets is; undefined while it is not up. */
  readonly walletOrigin?: () => string | undefined;
  /** Likewise the gateway for messages to holders. */
  readonly noticeOrigin?: () => string | undefined;
  /** The bank that pays merchants out. */
  readonly bank: PayoutBank;
  /** Where it may lose its power; `onCrash` hears that it has. */
  readonly crash?: CrashSwitch;
  readonly onCrash?: () => void;
  readonly onListening?: (endpoint: string) => void;
  readonly onListenFailed?: (error: Error) => void;
}

export interface RunningHost extends Running {
  readonly control: HostControl;
  /** For laws and tests; not to be changed. */
  readonly state: HostState;
}

/** Runs the host machine on the ports of a world: boots it from its journal and listens. */
export function runHost(world: World, options: HostOptions): RunningHost {
  const { institution, store, publish } = options;
  const { state, fresh } = bootHost(institution, store.replay(), options.keepsEntries);
  store.append(fresh);
  const env: HostEnv = {
    clock: world.clock,
    random: world.random,
    isTraced: publish !== undefined,
    isShort: () => store.isShort?.() === true,
  };
  const links = new Map<number, Link>();
  const timers = new KeyedTimers<number>(world.clock);
  const alarms = new KeyedTimers<string>(world.clock);
  const calls = new Set<Cancel>();
  let nextLink = 0;
  let isKilled = false;

  const die = (point: CrashPoint): boolean => {
    if (isKilled || options.crash?.isDead(point) !== true) return isKilled;
    kill();
    options.onCrash?.();
    return true;
  };
  /** What has come in during this turn, and what the steps of the turn ask for; both in order. */
  let heard: HostInput[] = [];
  let gathered: HostEffect[] = [];
  let isTurnDue = false;
  /**
   * One step an input. Where turns have an end, inputs wait for it: steps that follow each other are a
   * good deal quicker than steps between which sockets are read.
   */
  const hear = (input: HostInput): void => {
    heard.push(input);
    if (world.atTurnEnd === undefined) endTurn();
    else if (!isTurnDue) {
      isTurnDue = true;
      world.atTurnEnd(endTurn);
    }
  };
  const endTurn = (): void => {
    isTurnDue = false;
    catchUp();
    settle();
  };
  /** A host that breaks in a step cannot tell what it has decided: it answers nobody any more. */
  const catchUp = (): void => {
    const inputs = heard;
    heard = [];
    try {
      for (const input of inputs) {
        if (!isKilled) gather(stepHost(state, input, env));
      }
    } catch (error) {
      kill();
      throw error;
    }
  };
  const gather = (effects: readonly HostEffect[]): void => {
    for (const effect of effects) gathered.push(effect);
  };
  /** Journals all events of the turn in one group, then does the rest in order (I-29). */
  const settle = (): void => {
    if (isKilled) return;
    const effects = gathered;
    gathered = [];
    let groups = 0;
    const events: HostEvent[] = [];
    for (const effect of effects) {
      if (effect.kind !== 'persist') continue;
      groups++;
      for (const event of effect.events) events.push(event);
    }
    for (let left = groups; left > 0; left--) if (die('before-commit')) return;
    if (groups > 0) keep(events);
    for (let left = groups; left > 0; left--) if (die('after-commit')) return;
    for (const effect of effects) {
      if (isKilled) return;
      if (effect.kind === 'persist') continue;
      perform(effect);
      if (effect.kind === 'send' && die('after-answer')) return;
      if (effect.kind === 'call-wallet' && die('wallet-called')) return;
    }
  };
  /** Until it happens it can be called off. */
  const later = (delayMs: number, happen: () => void): void => {
    const cancel = world.clock.after(delayMs, () => {
      calls.delete(cancel);
      happen();
    });
    calls.add(cancel);
  };
  /** A service that is not up yet refuses. */
  const callWeb = (
    origin: string | undefined,
    { call, limitMs }: Extract<HostEffect, { readonly call: unknown }>,
    answered: (outcome: WebOutcome) => void,
  ): void => {
    if (origin === undefined) {
      later(0, () => answered({ kind: 'failed', reason: 'refused' }));
      return;
    }
    const { path, ...rest } = call;
    const cancel = world.web.call({ ...rest, url: origin + path }, limitMs, (outcome) => {
      calls.delete(cancel);
      answered(outcome);
    });
    calls.add(cancel);
  };
  /**
   * A host whose journal takes no more answers nobody: what it has decided is not so (F106). Of a full
   * disk it hears before, from what the journal has set aside.
   */
  const keep = (events: readonly HostEvent[]): void => {
    try {
      store.append(events);
    } catch (error) {
      kill();
      throw error;
    }
  };
  const perform = (effect: Exclude<HostEffect, { kind: 'persist' }>): void => {
    switch (effect.kind) {
      case 'send':
        links.get(effect.link)?.send(effect.bytes);
        return;
      case 'disconnect':
        links.get(effect.link)?.end();
        links.delete(effect.link);
        return;
      case 'start-timer': {
        const { link } = effect;
        const fire = (): void => hear({ kind: 'timer', link });
        timers.start(link, effect.delayMs, fire);
        return;
      }
      case 'stop-timer':
        timers.stop(effect.link);
        return;
      case 'send-later': {
        const { link, bytes } = effect;
        later(effect.delayMs, () => links.get(link)?.send(bytes));
        return;
      }
      case 'start-alarm': {
        const { key, delayMs } = effect;
        alarms.start(key, delayMs, () => hear({ kind: 'alarm', key }));
        return;
      }
      case 'stop-alarm':
        alarms.stop(effect.key);
        return;
      case 'call-wallet':
        callWeb(options.walletOrigin?.(), effect, (outcome) => {
          const { key, action } = effect;
          hear({ kind: 'wallet-answered', key, action, outcome });
        });
        return;
      case 'call-notice':
        // Where nobody tells anybody, messages stay in the outbox.
        if (options.noticeOrigin === undefined) return;
        callWeb(options.noticeOrigin(), effect, (outcome) => {
          if (die('notice-sent')) return;
          hear({ kind: 'notice-answered', key: effect.key, outcome });
        });
        return;
      case 'pay-out':
        // The bank is asked by the back office, whoever has asked for the run.
        control.settlement.payOutIfDue();
        return;
      case 'publish':
        publish?.(effect.event);
        return;
      default:
        effect satisfies never;
    }
  };

  const listener: Listener = world.network.listen(options.endpoint, {
    listening: (endpoint) => options.onListening?.(endpoint),
    failed: (error) => options.onListenFailed?.(error),
    accepted(link) {
      const id = nextLink++;
      links.set(id, link);
      hear({ kind: 'accepted', link: id, peer: `link ${id}` });
      return {
        opened: () => undefined,
        received(bytes) {
          if (!isKilled) hear({ kind: 'received', link: id, bytes });
        },
        closed(reason) {
          if (!isKilled) hear({ kind: 'closed', link: id, reason });
          links.delete(id);
        },
      };
    },
  });

  const kill = (): void => {
    isKilled = true;
    heard = [];
    gathered = [];
    listener.close();
    timers.stopAll();
    alarms.stopAll();
    for (const cancel of calls) cancel();
    calls.clear();
    for (const link of links.values()) link.abort();
    links.clear();
  };
  const control = hostControl(state, env, {
    catchUp,
    // Who acts there sees what he has done: it does not wait for the turn to end.
    run(effects) {
      gather(effects);
      settle();
    },
    die,
    isDown: () => isKilled,
    bank: options.bank,
    journal: () => [...store.replay()],
  });
  hear({ kind: 'started' });
  return {
    // Whoever looks sees nothing that a power cut could still undo.
    get state() {
      endTurn();
      return state;
    },
    get control() {
      endTurn();
      return control;
    },
    kill,
  };
}
