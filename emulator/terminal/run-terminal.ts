import { KeyedTimers } from '../world/keyed-timers.ts';
import type { Link } from '../world/network.ts';
import type { Store } from '../world/store.ts';
import type { Running } from '../world/tasks.ts';
import type { World } from '../world/world.ts';
import type { Publish } from '../events/party-event.ts';
import type { CardPresented } from './card-presented.ts';
import { IDLE_KEYPAD, pressKey, type Key, type Pressed } from './keypad/keypad.ts';
import type { Command } from './command.ts';
import type { OperationResult } from './operation-result.ts';
import { stepTerminal } from './step-terminal.ts';
import type { TerminalConfig } from './terminal-config.ts';
import type { TerminalEntry, TerminalRecord } from './terminal-record.ts';
import { bootTerminal } from './terminal-state.ts';
import type { TerminalEffect, TerminalEnv, TerminalInput, TimerName } from './terminal-step.ts';

export interface TerminalOptions {
  readonly config: TerminalConfig;
  readonly store: Store<TerminalEntry>;
  /** Where the host listens. */
  readonly endpoint: string;
  readonly publish?: Publish;
}

export interface RunningTerminal extends Running {
  /** Starts an operation; `onDone` hears how it ended, exactly once unless the power fails. */
  operate(command: Command, onDone: (result: OperationResult) => void): void;
  /** One key; with the last one of a right order comes the command that it has made. */
  press(key: Key, card: CardPresented | undefined): Pressed;
  /** For laws and tests; not to be changed. */
  readonly record: TerminalRecord;
}

/** Runs the terminal machine on the ports of a world, from what its store holds. */
export function runTerminal(world: World, options: TerminalOptions): RunningTerminal {
  const { config, store, publish } = options;
  const state = bootTerminal(config, store.replay());
  const env: TerminalEnv = {
    clock: world.clock,
    random: world.random,
    isTraced: publish !== undefined,
  };
  const links = new Map<number, Link>();
  const timers = new KeyedTimers<TimerName>(world.clock);
  const waiting: ((result: OperationResult) => void)[] = [];
  let isKilled = false;
  let keypad = IDLE_KEYPAD;

  const feed = (input: TerminalInput): void => {
    if (isKilled) return;
    for (const effect of stepTerminal(state, input, env)) perform(effect);
  };
  const perform = (effect: TerminalEffect): void => {
    switch (effect.kind) {
      case 'persist':
        store.append([effect.entry]);
        return;
      case 'connect': {
        const { link } = effect;
        const connection = world.network.connect(options.endpoint, {
          opened: () => feed({ kind: 'opened', link }),
          received: (bytes) => feed({ kind: 'received', link, bytes }),
          closed(reason) {
            links.delete(link);
            feed({ kind: 'closed', link, reason });
          },
        });
        links.set(link, connection);
        return;
      }
      case 'send':
        links.get(effect.link)?.send(effect.bytes);
        return;
      case 'disconnect':
        links.get(effect.link)?.end();
        links.delete(effect.link);
        return;
      case 'start-timer': {
        const { timer } = effect;
        timers.start(timer, effect.delayMs, () => feed({ kind: 'timer', timer }));
        return;
      }
      case 'stop-timer':
        timers.stop(effect.timer);
        return;
      case 'publish':
        publish?.(effect.event);
        return;
      case 'done':
        waiting.shift()?.(effect.result);
        return;
      default:
        effect satisfies never;
    }
  };

  return {
    record: state.record,
    operate(command, onDone) {
      // A refusal because of a running operation is told at once, before that one's own result.
      if (state.phase.kind === 'idle') waiting.push(onDone);
      else waiting.unshift(onDone);
      feed({ kind: 'operate', command });
    },
    press(key, card) {
      const pressed = pressKey(state, keypad, key, card);
      keypad = pressed.state;
      publish?.({ kind: 'screen', tid: config.tid, text: pressed.screen });
      return pressed;
    },
    kill() {
      isKilled = true;
      timers.stopAll();
      for (const link of links.values()) link.abort();
      links.clear();
    },
  };
}
