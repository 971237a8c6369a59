import { describe, expect, it } from 'vitest';
import { apiApp } from '../../api/app.ts';
import { ROUTES } from '../../api/routes/route-table.ts';
import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import { MID } from '../emulator/host/host-desk.ts';
import { apiDesk, HOST, quietDesk, TOKEN, type CallOptions } from './api-desk.ts';

const FREEZE = { scope: 'merchant', mid: MID, reason: 'review', by: 'li' } as const;
const BODY = JSON.stringify(FREEZE);
const FORM = 'application/x-www-form-urlencoded';

/** What is wrong with a call, and what it is told. */
const REFUSED: readonly (readonly [
  what: string,
  options: CallOptions,
  status: number,
  code: string,
])[] = [
  ['no token', { headers: { authorization: undefined } }, 401, 'E_API_TOKEN'],
  ['an empty token', { headers: { authorization: 'Bearer ' } }, 401, 'E_API_TOKEN'],
  ['another token', { headers: { authorization: `Bearer ${TOKEN}x` } }, 401, 'E_API_TOKEN'],
  [
    'a part of it',
    { headers: { authorization: `Bearer ${TOKEN.slice(0, -1)}` } },
    401,
    'E_API_TOKEN',
  ],
  ['another scheme', { headers: { authorization: `Basic ${TOKEN}` } }, 401, 'E_API_TOKEN'],
  ['the bare token', { headers: { authorization: TOKEN } }, 401, 'E_API_TOKEN'],
  ['another host', { headers: { host: 'rebound.example:5001' } }, 403, 'E_API_ORIGIN'],
  ['another port', { headers: { host: '127.0.0.1:5002' } }, 403, 'E_API_ORIGIN'],
  ['no port', { headers: { host: '127.0.0.1' } }, 403, 'E_API_ORIGIN'],
  ['no host', { headers: { host: undefined } }, 403, 'E_API_ORIGIN'],
  ['a foreign origin', { headers: { origin: 'http://elsewhere.example' } }, 403, 'E_API_ORIGIN'],
  ['no origin at all', { headers: { origin: 'null' } }, 403, 'E_API_ORIGIN'],
  ['https of ours', { headers: { origin: `https://${HOST}` } }, 403, 'E_API_ORIGIN'],
  ['our other name', { headers: { origin: 'http://localhost:5001' } }, 403, 'E_API_ORIGIN'],
  ['a cross-site fetch', { headers: { 'sec-fetch-site': 'cross-site' } }, 403, 'E_API_ORIGIN'],
  ['a same-site fetch', { headers: { 'sec-fetch-site': 'same-site' } }, 403, 'E_API_ORIGIN'],
  ['a form', { headers: { 'content-type': FORM }, raw: 'scope=merchant' }, 415, 'E_API_MEDIA'],
  ['a form that is JSON', { headers: { 'content-type': FORM }, raw: BODY }, 415, 'E_API_MEDIA'],
  ['plain text', { headers: { 'content-type': 'text/plain' }, raw: BODY }, 415, 'E_API_MEDIA'],
  ['another JSON', { headers: { 'content-type': 'text/json' } }, 415, 'E_API_MEDIA'],
  ['no content type', { headers: { 'content-type': '' }, raw: BODY }, 415, 'E_API_MEDIA'],
  ['GBK', { headers: { 'content-type': 'application/json; charset=gbk' } }, 415, 'E_API_MEDIA'],
  ['10 MB', { raw: `{"reason":"${'x'.repeat(10_000_000)}"}` }, 413, 'E_API_SIZE'],
  ['10 MB in pieces', { raw: () => inPieces(160) }, 413, 'E_API_SIZE'],
  ['one byte too many', { raw: ' '.repeat(64 * 1024 - BODY.length + 1) + BODY }, 413, 'E_API_SIZE'],
  ['no JSON', { raw: '{"scope":' }, 400, 'E_API_INPUT'],
  ['nothing', { raw: '' }, 400, 'E_API_INPUT'],
  ['no UTF-8', { raw: Buffer.from(BODY.replace('review', 'ré'), 'latin1') }, 400, 'E_API_INPUT'],
  ['deep brackets', { raw: '['.repeat(32_000) + ']'.repeat(32_000) }, 400, 'E_API_INPUT'],
  ['a prototype', { raw: `{"__proto__":{},${BODY.slice(1)}` }, 400, 'E_API_INPUT'],
];

/** So many pieces of 64 KB, without a length in front. */
function inPieces(count: number): ReadableStream<Uint8Array> {
  let left = count;
  return new ReadableStream({
    pull(controller) {
      if (left-- > 0) controller.enqueue(new Uint8Array(64 * 1024).fill(0x20));
      else controller.close();
    },
  });
}

describe('the guard', () => {
  it.each(REFUSED)('refuses %s, and nothing has moved', async (_what, options, status, code) => {
    const { call, standing, errors } = quietDesk();
    const before = standing();
    const answer = await call('POST', '/freezes', { body: FREEZE, ...options });
    expect([answer.status, answer.json['code']]).toEqual([status, code]);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.headers.get('www-authenticate')).toBe(status === 401 ? 'Bearer' : null);
    expect(answer.text).not.toContain(TOKEN);
    expect(standing()).toEqual(before);
    expect(errors).toEqual([]);
  });

  it.each([
    ['nothing special', {}],
    ['our own origin', { headers: { origin: `http://${HOST}`, 'sec-fetch-site': 'same-origin' } }],
    ['our other name', { headers: { host: 'LOCALHOST:5001', origin: 'http://localhost:5001' } }],
    ['a typed address', { headers: { 'sec-fetch-site': 'none' } }],
    ['a charset', { headers: { 'content-type': 'Application/JSON; charset=UTF-8' } }],
    ['a lower-case scheme', { headers: { authorization: `bearer ${TOKEN}` } }],
    ['all the bytes there may be', { raw: ' '.repeat(64 * 1024 - BODY.length) + BODY }],
  ] satisfies (readonly [string, CallOptions])[])('lets %s in', async (_what, options) => {
    const { call } = apiDesk();
    expect((await call('POST', '/freezes', { body: FREEZE, ...options })).status).toBe(201);
  });

  it.each(ROUTES.filter(({ isOpen }) => isOpen !== true))(
    'asks for the token at $method $path, before anything else',
    async ({ method, path }) => {
      const { call } = quietDesk();
      const headers = { authorization: undefined };
      const answer = await call(method.toUpperCase(), path.replace('{id}', 'x'), { headers });
      expect([answer.status, answer.json['code']]).toEqual([401, 'E_API_TOKEN']);
    },
  );

  it('asks for it at paths that are not there, and not at /health and the document', async () => {
    const { call } = quietDesk();
    const headers = { authorization: undefined };
    for (const path of ['/openapi.json/', '/openapi', '/nothing', '/', '/health/', '/HEALTH']) {
      expect([path, (await call('GET', path, { headers })).status]).toEqual([path, 401]);
    }
    expect((await call('POST', '/openapi.json', { headers })).status).toBe(401);
    for (const path of ['/health', '/openapi.json']) {
      expect([path, (await call('GET', path, { headers })).status]).toEqual([path, 200]);
      const rebound = { ...headers, host: 'rebound.example' };
      expect((await call('GET', path, { headers: rebound })).status).toBe(403);
      const foreign = { ...headers, origin: 'http://elsewhere.example' };
      expect((await call('GET', path, { headers: foreign })).status).toBe(403);
    }
    expect((await call('HEAD', '/openapi.json', { headers })).status).toBe(200);
  });

  it('lets nobody in where the token is empty', async () => {
    const { call } = apiDesk({ token: '' });
    const answer = await call('GET', '/cards', { headers: { authorization: 'Bearer ' } });
    expect(answer.status).toBe(401);
  });
});

describe('a path', () => {
  it.each([
    ['GET', '/nothing', 404, 'E_API_ROUTE', null],
    ['GET', '/freezes/H000001/release', 405, 'E_API_METHOD', 'POST'],
    ['POST', '/cards', 405, 'E_API_METHOD', 'GET'],
    ['DELETE', '/freezes/H000001', 405, 'E_API_METHOD', 'GET'],
    ['PUT', '/freezes', 405, 'E_API_METHOD', 'GET, POST'],
    ['OPTIONS', '/freezes', 405, 'E_API_METHOD', 'GET, POST'],
    ['POST', '/openapi.json', 405, 'E_API_METHOD', 'GET'],
    ['GET', '/openapiXjson', 404, 'E_API_ROUTE', null],
    ['GET', '/../freezes/%2e%2e/%2e%2e', 404, 'E_API_ROUTE', null],
  ])('%s %s is told %i', async (method, path, status, code, allow) => {
    const { call } = quietDesk();
    const answer = await call(method, path);
    expect([answer.status, answer.json['code'], answer.headers.get('allow')]).toEqual([
      status,
      code,
      allow,
    ]);
  });

  it('answers HEAD like GET, without the body', async () => {
    const { call } = quietDesk();
    expect(await call('HEAD', '/cards')).toMatchObject({ status: 200, text: '' });
  });
});

describe('a caller who goes in the middle of his body', () => {
  it('is no error of ours', async () => {
    const { call, errors } = quietDesk();
    const raw = (): ReadableStream<Uint8Array> =>
      new ReadableStream({ start: (body) => body.error(new Error('aborted')) });
    const answer = await call('POST', '/payouts', { raw });
    expect([answer.status, answer.json['detail']]).toEqual([
      400,
      'the body ended before it was whole',
    ]);
    expect(errors).toEqual([]);
  });
});

describe('an error that is no caller’s fault', () => {
  it.each([
    [new Error('secret 6225881234567898 at line 7'), 500, 'E_INTERNAL'],
    [new CountersignError('E_BOOKS', { text: 'card/debit 7' }), 500, 'E_INTERNAL'],
    [new CountersignError('E_JOURNAL_WRITE', { text: 'a-folder: ENOSPC' }), 503, 'E_JOURNAL_WRITE'],
  ])('%s is told by its kind alone, and reported in full', async (error, status, code) => {
    const heard: unknown[] = [];
    const app = apiApp({
      control: () => {
        throw error;
      },
      state: () => {
        throw error;
      },
      clock: { civilMs: () => 0 },
      token: TOKEN,
      hosts: () => [HOST],
      version: '0.0.0',
      onError: (each) => heard.push(each),
    });
    const headers = { host: HOST, authorization: `Bearer ${TOKEN}` };
    const answer = await app.request(`http://${HOST}/cards`, { headers });
    const text = await answer.text();
    expect([answer.status, JSON.parse(text)]).toEqual([
      status,
      expect.objectContaining({ status, code }),
    ]);
    for (const secret of ['secret', '7898', 'line 7', 'card/debit', 'a-folder', 'at ']) {
      expect([secret, text.includes(secret)]).toEqual([secret, false]);
    }
    expect(heard).toEqual([error]);
  });
});
