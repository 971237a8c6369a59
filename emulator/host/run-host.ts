import { KeyedTimers } from '../world/keyed-timers.ts';
import type { Link, Listener } from '../world/network.ts';
import type { Store } from '../world/store.ts';
import type { Running } from '../world/tasks.ts';
import type { World } from '../world/world.ts';
import type { Publish } from '../events/party-event.ts';
import type { PayoutBank } from '../bank/payout-bank.ts';
import type { CrashPoint, CrashSwitch } from './crash-points.ts';
import type { Institution } from './host-config.ts';
import type { HostEvent } from './host-event.ts';
import { hostControl, type HostControl } from './host-control.ts';
import { bootHost, type HostState } from './host-state.ts';
import type { HostEffect, HostEnv } from './host-step.ts';
import { stepHost } from './switch/step-host.ts';

export interface HostOptions {
  readonly institution: Institution;
  readonly store: Store<HostEvent>;
  readonly endpoint: string;
  /** Absent: messages are not described, which is faster. */
  readonly publish?: Publish;
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
  const { state, fresh } = bootHost(institution, store.replay());
  store.append(fresh);
  const env: HostEnv = {
    clock: world.clock,
    random: world.random,
    isTraced: publish !== undefined,
  };
  const links = new Map<number, Link>();
  const timers = new KeyedTimers<number>(world.clock);
  let nextLink = 0;
  let isKilled = false;

  const die = (point: CrashPoint): boolean => {
    if (isKilled || options.crash?.isDead(point) !== true) return isKilled;
    kill();
    options.onCrash?.();
    return true;
  };
  const run = (effects: readonly HostEffect[]): void => {
    for (const effect of effects) {
      if (isKilled) return;
      if (effect.kind === 'persist' && die('before-commit')) return;
      perform(effect);
      if (effect.kind === 'persist' && die('after-commit')) return;
      if (effect.kind === 'send' && die('after-answer')) return;
    }
  };
  const perform = (effect: HostEffect): void => {
    switch (effect.kind) {
      case 'persist':
        store.append(effect.events);
        return;
      case 'send':
        links.get(effect.link)?.send(effect.bytes);
        return;
      case 'disconnect':
        links.get(effect.link)?.end();
        links.delete(effect.link);
        return;
      case 'start-timer': {
        const { link } = effect;
        const fire = (): void => run(stepHost(state, { kind: 'timer', link }, env));
        timers.start(link, effect.delayMs, fire);
        return;
      }
      case 'stop-timer':
        timers.stop(effect.link);
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
      run(stepHost(state, { kind: 'accepted', link: id, peer: `link ${id}` }, env));
      return {
        opened: () => undefined,
        received(bytes) {
          if (!isKilled) run(stepHost(state, { kind: 'received', link: id, bytes }, env));
        },
        closed(reason) {
          if (!isKilled) run(stepHost(state, { kind: 'closed', link: id, reason }, env));
          links.delete(id);
        },
      };
    },
  });

  const kill = (): void => {
    isKilled = true;
    listener.close();
    timers.stopAll();
    for (const link of links.values()) link.abort();
    links.clear();
  };
  return {
    state,
    control: hostControl(state, env, { run, die, isDown: () => isKilled, bank: options.bank }),
    kill,
  };
}
