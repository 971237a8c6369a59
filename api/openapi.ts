import type { JsonSchema } from './form.ts';
import { PROBLEM } from './problem.ts';
import type { Route } from './route.ts';
import { ROUTES } from './routes/route-table.ts';

const PROBLEM_TITLES: Readonly<Record<number, string>> = {
  400: 'not of the form that is due',
  401: 'without the token',
  403: 'from another site, or for another host',
  404: 'there is no such thing',
  409: 'refused by a rule, or by the state that things are in',
  413: 'a body that is too large',
  415: 'a body that is no JSON',
  500: 'a bug',
  503: 'the host is down, or cannot write its journal',
};

/** The API in OpenAPI 3.1, from the same forms that calls are checked with. */
export function openApiDocument(version: string): JsonSchema {
  const paths: Record<string, Record<string, JsonSchema>> = {};
  for (const route of ROUTES) {
    paths[route.path] ??= {};
    paths[route.path]![route.method] = operationOf(route);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Countersign: back office of the host',
      version,
      description:
        'Amounts are whole fen, days are those of the host. Cards go by the issuer’s name for them or by ' +
        'their masked number. `by` is who does it: what one person begins, another ends. A list that ' +
        'can grow is given out in parts: `limit` at most, and `next` is the `after` of the part behind. ' +
        'This document alone, and what has no `security`, can be read without the token.',
    },
    security: [{ token: [] }],
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      schemas: { Problem: PROBLEM.schema },
    },
    paths,
  };
}

function operationOf(route: Route): JsonSchema {
  const { method, path, summary, id, query, body, answer, status = 200, isOpen } = route;
  const inPath = id === undefined ? [] : [{ name: 'id', in: 'path', required: true, ...part(id) }];
  return {
    operationId: operationId(method, path),
    tags: [path.split('/')[1]],
    summary,
    ...(isOpen === true ? { security: [] } : {}),
    parameters: [...inPath, ...queryParameters(query?.schema)],
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: { 'application/json': part(body) } } }),
    responses: {
      [status]: { description: 'done', content: { 'application/json': part(answer) } },
      ...Object.fromEntries(problemsOf(route).map((each) => [each, problemAnswer(each)])),
    },
  };
}

/** `get /freezes/{id}` is `getFreezesById`. */
function operationId(method: string, path: string): string {
  const names = path.split(/[/-]/).map((name) => {
    const plain = name === '{id}' ? 'byId' : name;
    return plain.slice(0, 1).toUpperCase() + plain.slice(1);
  });
  return method + names.join('');
}

function part({ schema }: { readonly schema: JsonSchema }): JsonSchema {
  return { schema };
}

function queryParameters(schema: JsonSchema | undefined): JsonSchema[] {
  const properties = (schema?.['properties'] ?? {}) as Readonly<Record<string, JsonSchema>>;
  const required = (schema?.['required'] ?? []) as readonly string[];
  return Object.entries(properties).map(([name, each]) => {
    return { name, in: 'query', required: required.includes(name), schema: each };
  });
}

/** Statuses with which a route can refuse. */
export function problemsOf({ method, isOpen, problems = [] }: Route): number[] {
  const always = isOpen === true ? [403, 500, 503] : [401, 403, 500, 503];
  // What was not asked for is refused as well.
  const ofForm = method === 'get' ? [400] : [400, 413, 415];
  return [...new Set([...always, ...ofForm, ...problems])].sort((one, other) => one - other);
}

function problemAnswer(status: number): JsonSchema {
  return {
    description: PROBLEM_TITLES[status] ?? '',
    content: {
      'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
    },
  };
}
