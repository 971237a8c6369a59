import { Hono } from 'hono';
import { CountersignError } from '../protocol/errors/countersign-error.ts';
import type { HostControl } from '../emulator/host/host-control.ts';
import type { HostState } from '../emulator/host/host-state.ts';
import { checkMedia, checkOrigin, checkToken, type Gate, type HeaderOf } from './guard.ts';
import { openApiDocument } from './openapi.ts';
import { PROBLEM_HEADERS, problemOf } from './problem.ts';
import { readBody } from './read-body.ts';
import type { ApiClock, Route } from './route.ts';
import { ROUTES } from './routes/route-table.ts';

/** What the API is plugged into. The host may start again meanwhile, so it is asked for each time. */
export interface ApiPort {
  readonly control: () => HostControl;
  readonly state: () => HostState;
  readonly clock: ApiClock;
  /** A host that forgets its events can be asked for nothing that is read from them; true when absent. */
  readonly keepsJournal?: boolean;
  readonly token: string;
  /** `name:port` under which it may be called; known once it listens. */
  readonly hosts: () => readonly string[];
  readonly version: string;
  /** Hears of errors that are no caller's fault, in full. */
  readonly onError?: (error: unknown) => void;
}

export const DOCUMENT_PATH = '/openapi.json';

/** The back office over HTTP: guard, route, form, then one act of the host or one look at it. */
export function apiApp(port: ApiPort): Hono {
  const app = new Hono();
  app.use(async (context, next) => {
    const gate: Gate = { token: port.token, hosts: port.hosts() };
    const header: HeaderOf = (name) => context.req.header(name);
    checkOrigin(header, gate);
    if (!isOpen(context.req)) checkToken(header, gate);
    await next();
    context.header('cache-control', 'no-store');
    context.header('x-content-type-options', 'nosniff');
  });
  app.get(DOCUMENT_PATH, ({ body: send }) => {
    // A person reads it too, in a browser.
    const document = JSON.stringify(openApiDocument(port.version), null, 2);
    return send(`${document}\n`, 200, { 'content-type': 'application/json' });
  });
  for (const each of ROUTES) {
    app.on(each.method.toUpperCase(), honoPath(each), async ({ req, json, body: send }) => {
      const header: HeaderOf = (name) => req.header(name);
      if (each.method !== 'get') checkMedia(header);
      const body = each.method === 'get' ? undefined : await readBody(req.raw);
      // From here on nothing is waited for: what is looked at is what is acted on.
      const { clock, version, keepsJournal = true } = port;
      const office = { control: port.control(), state: port.state(), clock, version, keepsJournal };
      const call = { id: req.param('id') ?? '', query: queryOf(req.queries()), body, office };
      const answer = each.reply(call);
      // Written already.
      if (typeof answer === 'string') {
        return send(answer, each.status ?? 200, { 'content-type': 'application/json' });
      }
      return json(answer as object, each.status ?? 200);
    });
  }
  app.notFound(({ req }) => {
    const allowed = methodsOf(req.path);
    if (allowed.length === 0) throw new CountersignError('E_API_ROUTE');
    throw new CountersignError('E_API_METHOD', { text: `it takes ${allowed.join(', ')}` });
  });
  app.onError((error, context) => {
    const problem = problemOf(error);
    if (problem.status >= 500) port.onError?.(error);
    const headers: Record<string, string> = { ...PROBLEM_HEADERS };
    if (problem.status === 401) headers['www-authenticate'] = 'Bearer';
    if (problem.status === 405) headers['allow'] = methodsOf(context.req.path).join(', ');
    return new Response(JSON.stringify(problem), { status: problem.status, headers });
  });
  return app;
}

/** Whether a call needs no token: what it is answered with is the same for everybody, and no secret. */
function isOpen({ method, path }: { readonly method: string; readonly path: string }): boolean {
  if (path === DOCUMENT_PATH) return method === 'GET' || method === 'HEAD';
  return ROUTES.some((each) => each.isOpen === true && each.path === path);
}

/** A name that comes twice has no one meaning. @throws E_API_INPUT */
function queryOf(given: Record<string, string[]>): Record<string, string> {
  const names = Object.keys(given);
  const twice = names.find((name) => given[name]?.length !== 1);
  if (twice !== undefined) {
    const text = `query/${twice.slice(0, 40)} is given more than once`;
    throw new CountersignError('E_API_INPUT', { text });
  }
  return Object.fromEntries(names.map((name) => [name, given[name]?.[0] ?? '']));
}

function honoPath({ path }: Pick<Route, 'path'>): string {
  return path.replace('{id}', ':id');
}

/** Methods under which a path is known. */
function methodsOf(path: string): string[] {
  const known = [{ method: 'get', path: DOCUMENT_PATH }, ...ROUTES].filter((each) => {
    const pattern = each.path.replaceAll('.', '\\.').replace('{id}', '[^/]+');
    return new RegExp(`^${pattern}$`).test(path);
  });
  return known.map(({ method }) => method.toUpperCase());
}
