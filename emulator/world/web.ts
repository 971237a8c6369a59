import type { Cancel } from './clock.ts';

/** A call of an HTTP service wherever it is: the path follows its origin. Bodies are JSON texts. */
export interface ServiceCall {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: string;
}

/** The same with its place. */
export interface WebCall extends Omit<ServiceCall, 'path'> {
  /** Origin and path, such as `http://127.0.0.1:8020/payments`. */
  readonly url: string;
}

export interface WebAnswer {
  readonly status: number;
  readonly body: string;
}

/** Why no answer came. Only after `refused` is it certain that the service knows nothing of the call. */
export type WebFailure = 'refused' | 'reset' | 'timeout';

export type WebOutcome =
  | ({ readonly kind: 'answered' } & WebAnswer)
  | { readonly kind: 'failed'; readonly reason: WebFailure };

/** What a service sees of a call. */
export interface WebRequest {
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

export interface ServeEvents {
  /** `origin` is where it really listens, such as `http://127.0.0.1:40123`. */
  listening(origin: string): void;
  failed(error: Error): void;
}

/** Calls to HTTP services of other parties, and services of one's own. */
export interface Web {
  /** `done` is called once, later; never when the call was cancelled. */
  call(call: WebCall, limitMs: number, done: (outcome: WebOutcome) => void): Cancel;
  /** Answers every call to an origin; what it returns takes the service down. */
  serve(origin: string, answer: (request: WebRequest) => WebAnswer, events: ServeEvents): Cancel;
}
