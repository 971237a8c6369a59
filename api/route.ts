import type { HostControl } from '../emulator/host/host-control.ts';
import type { HostState } from '../emulator/host/host-state.ts';
import { CountersignError } from '../protocol/errors/countersign-error.ts';
import { checkForm, readQuery } from './check-form.ts';
import { object, type Form, type JsonSchema } from './form.ts';

/** What a route works with: the host as its back office sees it. */
export interface Office {
  readonly control: HostControl;
  /** To read from; the control alone changes it. */
  readonly state: HostState;
  readonly clock: ApiClock;
  readonly version: string;
  /** Whether what is read from the journal can be had. */
  readonly keepsJournal: boolean;
}

/** Civil time of the host's world; `advance` is absent where that is the machine's own. */
export interface ApiClock {
  civilMs(): number;
  advance?(ms: number): void;
}

export interface Call<Query, Body> {
  /** From the path. */
  readonly id: string;
  readonly query: Query;
  readonly body: Body;
  readonly office: Office;
}

export interface RouteSpec<Query, Body, Answer> {
  readonly method: 'get' | 'post' | 'put';
  /** With `{id}` for what is named in it. */
  readonly path: string;
  readonly summary: string;
  /** What `{id}` is. */
  readonly id?: Form<string>;
  readonly query?: Form<Query>;
  readonly body?: Form<Body>;
  readonly answer: Form<Answer>;
  /** 200 when absent. */
  readonly status?: 200 | 201;
  /** Problems beside those that every call can meet. */
  readonly problems?: readonly (404 | 409)[];
  /** No token is asked for. */
  readonly isOpen?: true;
  readonly reply: (call: Call<Query, Body>) => Answer;
}

/** A route whose forms have been checked against its types. */
export interface Route extends Omit<RouteSpec<unknown, unknown, unknown>, 'reply'> {
  /** @throws CountersignError, which becomes a problem */
  readonly reply: (call: Call<unknown, unknown>) => unknown;
}

const NOTHING: Form<Record<string, never>> = object({});

export function route<Query = Record<string, never>, Body = Record<string, never>, Answer = never>(
  spec: RouteSpec<Query, Body, Answer>,
): Route {
  const { query = NOTHING as Form<Query>, body = NOTHING as Form<Body>, reply, ...rest } = spec;
  const hasBody = spec.method !== 'get';
  return {
    ...rest,
    ...(spec.query === undefined ? {} : { query }),
    ...(hasBody ? { body } : {}),
    reply: (call) =>
      reply({
        ...call,
        query: checkForm(query, readQuery(query, call.query), 'query'),
        body: hasBody ? checkForm(body, call.body, 'body') : (call.body as Body),
      }),
  };
}

/** What is there, or a 404 that names only its kind. */
export function foundOr404<Value>(found: Value | undefined, what: string): Value {
  if (found === undefined)
    throw new CountersignError('E_API_NOT_FOUND', { text: `no such ${what}` });
  return found;
}

/** For what is read from the journal: of one that is not kept it would be nothing, and look like an answer. */
export function checkJournal({ keepsJournal }: Office): void {
  if (!keepsJournal) throw refused('the host keeps no journal: it was started without --data');
}

/** The 409 of a call that the host's rules or its state do not let through. */
export function refused(why: string): CountersignError {
  return new CountersignError('E_API_REFUSED', { text: why });
}

export type { Form, JsonSchema };
