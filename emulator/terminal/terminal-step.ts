import type { CloseReason } from '../world/network.ts';
import type { Clock } from '../world/clock.ts';
import type { Random } from '../world/random.ts';
import type { PartyEvent, Title } from '../events/party-event.ts';
import type { Command } from './command.ts';
import type { OperationResult, Outcome } from './operation-result.ts';
import { applyEntry, type TerminalEntry } from './terminal-record.ts';
import type { Operation, TerminalState } from './terminal-state.ts';

export type TerminalInput =
  | { readonly kind: 'operate'; readonly command: Command }
  | { readonly kind: 'opened'; readonly link: number }
  | { readonly kind: 'received'; readonly link: number; readonly bytes: Uint8Array }
  | { readonly kind: 'closed'; readonly link: number; readonly reason: CloseReason }
  | { readonly kind: 'timer'; readonly timer: TimerName };

export type TimerName = 'connect' | 'response' | 'holder';

/** Done in order; `persist` is durable before the next one is done. */
export type TerminalEffect =
  | { readonly kind: 'persist'; readonly entry: TerminalEntry }
  | { readonly kind: 'connect'; readonly link: number }
  | { readonly kind: 'send'; readonly link: number; readonly bytes: Uint8Array }
  | { readonly kind: 'disconnect'; readonly link: number }
  | { readonly kind: 'start-timer'; readonly timer: TimerName; readonly delayMs: number }
  | { readonly kind: 'stop-timer'; readonly timer: TimerName }
  | { readonly kind: 'publish'; readonly event: PartyEvent }
  | { readonly kind: 'done'; readonly result: OperationResult };

/** What a step may know of the world beside its input. */
export interface TerminalEnv {
  readonly clock: Pick<Clock, 'civilMs'>;
  readonly random: Random;
  /** Somebody listens: messages are worth describing. */
  readonly isTraced: boolean;
}

/** One step under way: the state, and the effects it has asked for so far. */
export interface TerminalStep {
  readonly state: TerminalState;
  readonly env: TerminalEnv;
  readonly effects: TerminalEffect[];
}

/** Changes the durable record and asks for the entry to be stored. */
export function persist(step: TerminalStep, entry: TerminalEntry): void {
  applyEntry(step.state.record, entry);
  step.effects.push({ kind: 'persist', entry });
}

export function publish(step: TerminalStep, event: PartyEvent): void {
  if (step.env.isTraced) step.effects.push({ kind: 'publish', event });
}

/** Ends the operation: screen, result, idle. */
export function finish(
  step: TerminalStep,
  operation: Operation,
  outcome: Outcome,
  screen: Title,
  known: Partial<OperationResult> = {},
): void {
  const { state } = step;
  state.phase = { kind: 'idle' };
  publish(step, { kind: 'screen', tid: state.config.tid, text: screen });
  step.effects.push({
    kind: 'done',
    result: {
      ...operation.known,
      ...known,
      verb: operation.command.verb,
      outcome,
      screen,
      wire: operation.wire,
      reversalPending: state.record.reversal !== undefined,
    },
  });
}

/** Takes the next STAN for a message: durable before anything is sent (I-30). */
export function takeStan(step: TerminalStep): string {
  const stan = step.state.record.nextStan;
  persist(step, { kind: 'stan-taken', stan });
  return String(stan).padStart(6, '0');
}
