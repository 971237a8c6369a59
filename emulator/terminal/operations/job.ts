import type { Message } from '../../../protocol/message/message.ts';
import type { OperationResult, Outcome } from '../operation-result.ts';
import type { Title } from '../../events/party-event.ts';
import type { Operation } from '../terminal-state.ts';
import type { TerminalStep } from '../terminal-step.ts';

/** How an operation goes on after a job. */
export type Next =
  | { readonly kind: 'go-on' }
  /** The same job again: another send. */
  | { readonly kind: 'again' }
  /** Nothing goes out; `waited` is asked when the time is over. */
  | { readonly kind: 'wait'; readonly delayMs: number }
  | {
      readonly kind: 'finish';
      readonly outcome: Outcome;
      readonly screen: Title;
      readonly known?: Partial<OperationResult>;
    };

/** Why an exchange brought no answer. */
export type Silence = 'timeout' | 'disconnected';

export const GO_ON: Next = { kind: 'go-on' };
export const AGAIN: Next = { kind: 'again' };

export function finishWith(
  outcome: Outcome,
  screen: Title,
  known: Partial<OperationResult> = {},
): Extract<Next, { kind: 'finish' }> {
  return { kind: 'finish', outcome, screen, known };
}

/** One kind of exchange: what it sends and what each way of ending means. */
export interface Job {
  /** Builds the request and makes durable what must be; or ends the operation instead. */
  begin(step: TerminalStep, operation: Operation): Message | Next;
  /** The time that `begin` wanted to wait is over. */
  waited?(step: TerminalStep, operation: Operation): Next;
  /** Just before the bytes leave. */
  sending?(step: TerminalStep): void;
  /** The answer matched and was authentic. */
  answered(step: TerminalStep, operation: Operation, request: Message, answer: Message): Next;
  /** It was sent and no valid answer came. */
  unanswered(step: TerminalStep, operation: Operation, why: Silence): Next;
  /** The answer matched but its MAC was wrong. */
  forged(step: TerminalStep, operation: Operation): Next;
  /** Nothing was sent. */
  notSent(step: TerminalStep, operation: Operation): Next;
}
