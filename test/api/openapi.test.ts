import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { apiApp } from '../../api/app.ts';
import { ROUTES } from '../../api/routes/route-table.ts';
import { ERROR_TABLE } from '../../protocol/errors/error-table.ts';
import { TEST_INSTITUTION } from '../../emulator/bench/test-institution.ts';
import { CLAIM, reviewed } from './office-calls.ts';
import { apiDesk, HOST, TOKEN } from './api-desk.ts';

/** What must be asked with, by path. */
const QUERIES: Readonly<Record<string, string>> = {
  '/tariff/quotes': '?mid=898110000000001&product=debit&amountFen=100',
  '/merchants/{id}/statement': '?from=2026-01-15&to=2026-01-16',
};

interface Document {
  readonly openapi: string;
  readonly info: { readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

interface Operation {
  readonly operationId: string;
  readonly security?: readonly unknown[];
  readonly parameters: readonly {
    readonly name: string;
    readonly in: string;
    readonly required: boolean;
    readonly schema: object;
  }[];
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly schema: object }>>;
  };
  readonly responses: Readonly<
    Record<string, { readonly content: Readonly<Record<string, { readonly schema: object }>> }>
  >;
}

async function served(): Promise<Document> {
  const { json } = await apiDesk().call('GET', '/openapi.json');
  return json as unknown as Document;
}

function operationsOf({ paths }: Document): [string, Operation][] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, each]): [string, Operation] => [
      `${method.toUpperCase()} ${path}`,
      each,
    ]),
  );
}

describe('the document', () => {
  it('names every route that the app answers, and no other', async () => {
    const { bench } = apiDesk();
    const app = apiApp({
      control: () => bench.host.control,
      state: () => bench.host.state,
      clock: { civilMs: () => 0 },
      token: TOKEN,
      hosts: () => [HOST],
      version: '0.0.0',
    });
    // What is registered, whatever any table of ours says.
    const answered = app.routes
      .filter(({ method, path }) => method !== 'ALL' && path !== '/openapi.json')
      .map(({ method, path }) => `${method} ${path.replace(':id', '{id}')}`);
    const named = operationsOf(await served()).map(([name]) => name);
    expect(answered.length).toBeGreaterThan(30);
    expect(named.toSorted()).toEqual(answered.toSorted());
  });

  it('is written for a reader, as JSON', async () => {
    const { text, headers } = await apiDesk().call('GET', '/openapi.json');
    expect(text).toMatch(/^\{\n {2}"openapi": "3\.1\.0",\n/);
    expect(headers.get('content-type')).toBe('application/json');
  });

  it('is OpenAPI 3.1 with schemas that compile, and operations of different names', async () => {
    const document = await served();
    expect(document).toMatchObject({ openapi: '3.1.0', info: { version: '0.0.0' } });
    const ajv = new Ajv({ strict: false, validateFormats: false, discriminator: true });
    ajv.addSchema(document, 'api');
    const operations = operationsOf(document);
    expect(new Set(operations.map(([, { operationId }]) => operationId)).size).toBe(
      operations.length,
    );
    for (const [name, { parameters, requestBody, responses }] of operations) {
      const inPath = parameters.filter((each) => each.in === 'path').map((each) => each.name);
      expect([name, inPath]).toEqual([name, name.includes('{id}') ? ['id'] : []]);
      expect([name, requestBody !== undefined]).toEqual([name, !name.startsWith('GET ')]);
      // Whatever is asked for, it can be asked wrongly, and the host can be down.
      const statuses = Object.keys(responses);
      expect([name, statuses]).toEqual([name, expect.arrayContaining(['400', '500', '503'])]);
      const schemas = [
        ...parameters.map(({ schema }) => schema),
        ...Object.values(requestBody?.content ?? {}).map(({ schema }) => schema),
        ...Object.values(responses).flatMap(({ content }) =>
          Object.values(content).map(({ schema }) => schema),
        ),
      ];
      for (const schema of schemas) {
        const isReference = '$ref' in schema;
        ajv.compile(isReference ? { $ref: `api${String(schema.$ref)}` } : schema);
      }
    }
  });

  it('says what a query must have', async () => {
    const needed = operationsOf(await served()).flatMap(([name, { parameters }]) =>
      parameters.flatMap((each) => (each.in === 'query' && each.required ? [name, each.name] : [])),
    );
    const quotes = 'GET /tariff/quotes';
    const statement = 'GET /merchants/{id}/statement';
    const ofQuotes = [quotes, 'mid', quotes, 'product', quotes, 'amountFen'];
    expect(needed).toEqual([...ofQuotes, statement, 'from', statement, 'to']);
  });

  it('asks for the token everywhere but where the app does not', async () => {
    const open = operationsOf(await served()).filter(([, { security }]) => security?.length === 0);
    expect(open.map(([name]) => name)).toEqual(['GET /health']);
  });

  it('refuses amounts that are no whole fen in every form that has one', async () => {
    const text = JSON.stringify(await served());
    const amounts = [...text.matchAll(/"(\w*Fen)":(\{[^{}]*\})/g)];
    expect(amounts.length).toBeGreaterThan(40);
    for (const [, name, schema] of amounts) {
      const { type } = JSON.parse(schema!) as { type: string };
      expect([name, type]).toEqual([name, 'integer']);
    }
  });

  it('has errors that the table knows', () => {
    for (const code of Object.keys(ERROR_TABLE).filter((each) => each.startsWith('E_API_'))) {
      expect(ERROR_TABLE[code as keyof typeof ERROR_TABLE].hint).not.toBe('');
    }
    expect(ROUTES.length).toBeGreaterThan(30);
  });
});

describe('what the API tells', () => {
  it('holds no card number, track, PIN, key, picture or token, wherever one asks', async () => {
    const desk = apiDesk();
    const { call, bench, sale } = desk;
    reviewed(desk);
    const { signatures } = bench.host.state.archive;
    const session = bench.host.state.terminals.get('10000001');
    const secrets = new Map<string, string>([['the token', TOKEN]]);
    for (const { id, pan, track2 } of TEST_INSTITUTION.cards) {
      secrets.set(`number of ${id}`, pan);
      secrets.set(`track of ${id}`, track2.slice(17));
    }
    for (const { tid, tmk } of TEST_INSTITUTION.terminals) secrets.set(`TMK of ${tid}`, tmk);
    for (const { bin, imk } of TEST_INSTITUTION.issuers) secrets.set(`key of ${bin}`, imk);
    for (const [name, key] of Object.entries(session?.keys?.raw ?? {})) {
      secrets.set(`working key ${name}`, Buffer.from(key).toString('hex').toUpperCase());
    }
    const [stored] = [...signatures.values()];
    secrets.set('the picture', stored!.pieces[0]!.slice(0, 40).toUpperCase());
    secrets.set('the slip', stored!.slip.slice(0, 24).toUpperCase());
    expect(secrets.size).toBeGreaterThan(20);
    const mid = '898110000000001';
    const who = { reason: 'review', by: 'li' };
    const id = { transactionId: '10000001-000001-000002', ...who };
    await call('POST', '/freezes', { body: { scope: 'transaction', rrn: sale.rrn, ...who } });
    await call('POST', '/payouts');
    await call('POST', '/retrievals', { body: id });
    await call('POST', '/refund-cases', { body: { ...CLAIM, requestNo: 'q-1' } });
    const device = { mid, device: 'mpos', priceFen: 100, depositFen: 0 };
    await call('POST', '/device-orders', { body: device });
    await call('PUT', '/other-sales/777', { body: { mid, channel: 'wallet' } });
    const ids: Readonly<Record<string, string>> = {
      cards: 'debit',
      terminals: '10000001',
      merchants: mid,
      limits: '10000001',
      freezes: 'H000001',
      payouts: 'P000001',
      retrievals: 'Q000001',
      reviews: 'V000001',
      channels: 'issuer',
      evidence: '10000001-000001-000002',
      'device-orders': 'D000001',
      'other-sales': '777',
      'refund-cases': 'R000001',
      'settlement-days': '2026-01-15',
    };
    const told = [];
    for (const { method, path, query } of ROUTES) {
      if (method !== 'get') continue;
      const [, room = ''] = path.split('/');
      const needsKeys = (JSON.stringify(query?.schema) ?? '').includes('"rrn"');
      const asked = QUERIES[path] ?? (needsKeys ? `?rrn=${sale.rrn!}` : '');
      const answer = await call('GET', path.replace('{id}', ids[room] ?? 'nothing') + asked);
      expect([path, answer.status]).toEqual([path, 200]);
      told.push(answer.text);
    }
    told.push((await call('GET', '/openapi.json')).text);
    const all = told.join('\n').toUpperCase();
    expect(all).toContain('622588******7898');
    for (const [name, value] of secrets) {
      expect([name, all.includes(value.toUpperCase())]).toEqual([name, false]);
    }
    expect(all).not.toMatch(/(?<!\d)123456(?!\d)/);
  });
});
