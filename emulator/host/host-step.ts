import { sixDigits } from '../../protocol/bytes/digits.ts';
import type { Clock } from '../world/clock.ts';
import type { CloseReason } from '../world/network.ts';
import type { ServiceCall, WebOutcome } from '../world/web.ts';
import type { WalletAction } from './wallet/wallet-calls.ts';
import type { Random } from '../world/random.ts';
import type { CivilTime } from '../world/civil-time.ts';
import type { PartyEvent } from '../events/party-event.ts';
import type { HostEvent } from './host-event.ts';
import { momentOf, type HostMoment } from './host-moment.ts';
import { applyEvent, type HostState } from './host-state.ts';

/** What happens on a connection that was accepted. */
export type LinkInput =
  | { readonly kind: 'received'; readonly link: number; readonly bytes: Uint8Array }
  | { readonly kind: 'closed'; readonly link: number; readonly reason: CloseReason }
  /** The partial-frame timer of a connection. */
  | { readonly kind: 'timer'; readonly link: number };

export type HostInput =
  /** It runs, with what its journal has told. */
  | { readonly kind: 'started' }
  | { readonly kind: 'accepted'; readonly link: number; readonly peer: string }
  | LinkInput
  | { readonly kind: 'alarm'; readonly key: string }
  | WalletAnswered
  | { readonly kind: 'notice-answered'; readonly key: string; readonly outcome: WebOutcome };

/** What became of a call of the wallet's gateway. */
export interface WalletAnswered {
  readonly kind: 'wallet-answered';
  /** The payment or the order that it was for. */
  readonly key: string;
  readonly action: WalletAction;
  readonly outcome: WebOutcome;
}

/** `persist` always comes first and is durable before any other effect is done (I-29). */
export type HostEffect =
  | { readonly kind: 'persist'; readonly events: readonly HostEvent[] }
  | { readonly kind: 'send'; readonly link: number; readonly bytes: Uint8Array }
  | { readonly kind: 'disconnect'; readonly link: number }
  | { readonly kind: 'start-timer'; readonly link: number; readonly delayMs: number }
  | { readonly kind: 'stop-timer'; readonly link: number }
  /** As `send`, but after a while. */
  | {
      readonly kind: 'send-later';
      readonly link: number;
      readonly bytes: Uint8Array;
      readonly delayMs: number;
    }
  /** Set again, an alarm rings at its new time only. */
  | { readonly kind: 'start-alarm'; readonly key: string; readonly delayMs: number }
  | { readonly kind: 'stop-alarm'; readonly key: string }
  | {
      readonly kind: 'call-wallet';
      readonly key: string;
      readonly action: WalletAction;
      readonly call: ServiceCall;
      readonly limitMs: number;
    }
  | {
      readonly kind: 'call-notice';
      readonly key: string;
      readonly call: ServiceCall;
      readonly limitMs: number;
    }
  /** The payouts of a working day are due. */
  | { readonly kind: 'pay-out' }
  | { readonly kind: 'publish'; readonly event: PartyEvent };

export interface HostEnv {
  readonly clock: Pick<Clock, 'civilMs'>;
  readonly random: Random;
  readonly isTraced: boolean;
  /** Whether the disk of the journal is full, so that nothing new may begin (F104). */
  readonly isShort?: () => boolean;
}

/** Does one act of the back office as a step of its own: decided, journalled, then told. */
export type Act = <Result>(decide: (step: HostStep) => Result) => Result;

/** One step under way: what it has changed so far and what it asks for. */
export interface HostStep {
  readonly state: HostState;
  readonly env: HostEnv;
  /** When it began: a step takes no time. */
  readonly nowMs: number;
  readonly events: HostEvent[];
  readonly effects: HostEffect[];
}

export function beginStep(state: HostState, env: HostEnv): HostStep {
  return { state, env, nowMs: env.clock.civilMs(), events: [], effects: [] };
}

/** All effects of a step: the journal group first, then what it lets out. */
export function endStep(step: HostStep): HostEffect[] {
  const { events, effects } = step;
  return events.length === 0 ? effects : [{ kind: 'persist', events }, ...effects];
}

/** Decides an event: applied now, journalled before anything of this step leaves. */
export function commit(step: HostStep, event: HostEvent): void {
  applyEvent(step.state, event);
  step.events.push(event);
}

export function publish(step: HostStep, event: PartyEvent): void {
  if (step.env.isTraced) step.effects.push({ kind: 'publish', event });
}

/** The host's civil time in its own zone: the one source of business dates (I-35). */
export function hostMoment({ nowMs, state }: HostStep): HostMoment {
  return momentOf(nowMs, state.institution.policy);
}

export function hostTime(step: HostStep): CivilTime {
  return hostMoment(step).time;
}

export function businessDate(step: HostStep): string {
  return hostMoment(step).date;
}

/** A fresh reference number: hhmmss and a running number (field 37). */
export function takeRrn(step: HostStep): string {
  const sequence = (step.state.sequence % 999_999) + 1;
  commit(step, { kind: 'sequence-taken', sequence });
  return hostMoment(step).hhmmss + sixDigits(sequence);
}
