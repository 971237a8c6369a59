import { request as ask } from 'node:http';
import { connect, createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { faultyWeb, type WebFault } from '../../../emulator/faults/faulty-web.ts';
import type { Clock } from '../../../emulator/world/clock.ts';
import { realClock } from '../../../emulator/world/real/real-clock.ts';
import { realWeb } from '../../../emulator/world/real/real-web.ts';
import { simulatedWorld } from '../../../emulator/world/simulated/simulated-world.ts';
import type {
  Web,
  WebAnswer,
  WebCall,
  WebOutcome,
  WebRequest,
} from '../../../emulator/world/web.ts';

interface Site {
  readonly web: Web;
  readonly clock: Clock;
  readonly origin: string;
  /** Waits for what a callback brings. */
  readonly wait: <Result>(begin: (done: (result: Result) => void) => void) => Promise<Result>;
}

const implementations: [string, () => Site][] = [
  [
    'real',
    () => ({
      web: realWeb(),
      clock: realClock(),
      origin: 'http://127.0.0.1:0',
      wait: (begin) => new Promise((resolve) => begin(resolve)),
    }),
  ],
  [
    'simulated',
    () => {
      const world = simulatedWorld({ seed: 1, startMs: 0 });
      return {
        web: world.web,
        clock: world.clock,
        origin: 'http://wallet:1',
        async wait<Result>(begin: (done: (result: Result) => void) => void) {
          const results: Result[] = [];
          begin((result) => results.push(result));
          expect(world.runUntil(() => results.length > 0)).toBe(true);
          return results[0]!;
        },
      };
    },
  ],
];

/** A service that counts what it was asked and says it back. */
async function served(
  site: Site,
): Promise<{ origin: string; seen: WebRequest[]; close: () => void }> {
  const seen: WebRequest[] = [];
  let close = (): void => undefined;
  const origin = await site.wait<string>((listening) => {
    close = site.web.serve(
      site.origin,
      (request) => {
        seen.push(request);
        return { status: 201, body: JSON.stringify({ said: request.body }) };
      },
      {
        listening,
        failed(error) {
          throw error;
        },
      },
    );
  });
  return { origin, seen, close };
}

function call(site: Site, made: WebCall, limitMs = 5000, web = site.web): Promise<WebOutcome> {
  return site.wait((done) => void web.call(made, limitMs, done));
}

describe.each(implementations)('the %s web', (_, create) => {
  it('brings a call to its service and the answer back, in whatever letters', async () => {
    const site = create();
    const { origin, seen, close } = await served(site);
    const outcome = await call(site, { method: 'POST', url: `${origin}/pay?x=1`, body: '"电签"' });
    close();
    expect(seen).toEqual([{ method: 'POST', path: '/pay', body: '"电签"' }]);
    expect(outcome).toEqual({ kind: 'answered', status: 201, body: '{"said":"\\"电签\\""}' });
  });

  it('says refused where nobody listens after a service was taken down', async () => {
    const site = create();
    const refused = { kind: 'failed', reason: 'refused' };
    const { origin, close } = await served(site);
    close();
    expect(await call(site, { method: 'GET', url: `${origin}/` })).toEqual(refused);
  });

  it.each<[WebFault, number, unknown]>([
    ['unavailable', 0, { kind: 'answered', status: 503, body: '' }],
    ['call-lost', 0, { kind: 'failed', reason: 'timeout' }],
    ['call-late', 0, { kind: 'failed', reason: 'timeout' }],
    ['answer-lost', 1, { kind: 'failed', reason: 'timeout' }],
    ['dropped', 1, { kind: 'failed', reason: 'reset' }],
  ])('%s: the service sees %i calls', async (fault, calls, outcome) => {
    const site = create();
    const { origin, seen, close } = await served(site);
    const { web, desk } = faultyWeb(site.web, site.clock);
    desk.order({ fault, fits: ({ method }) => method === 'POST', times: 1 });
    const post: WebCall = { method: 'POST', url: `${origin}/pay`, body: '1' };
    expect(await call(site, { method: 'GET', url: `${origin}/other` }, 5000, web)).toMatchObject({
      status: 201,
    });
    expect(desk.pending).toBe(1);
    expect(await call(site, post, 200, web)).toEqual(outcome);
    expect(desk.pending).toBe(0);
    expect(await call(site, post, 5000, web)).toMatchObject({ status: 201 });
    close();
    expect(seen.filter(({ path }) => path === '/pay')).toHaveLength(calls + 1);
  });
});

describe('the real web', () => {
  it('gives up on a service that never answers, and hears nothing of a cancelled call', async () => {
    const silent = createServer(() => undefined);
    const port = await new Promise<number>((resolve) => {
      silent.listen(0, '127.0.0.1', () => {
        const address = silent.address();
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
    const web = realWeb();
    const url = `http://127.0.0.1:${port}/`;
    const outcomes: WebOutcome[] = [];
    web.call({ method: 'GET', url }, 20, (outcome) => outcomes.push(outcome))();
    const late = await new Promise((resolve) => web.call({ method: 'GET', url }, 50, resolve));
    expect(late).toEqual({ kind: 'failed', reason: 'timeout' });
    expect(outcomes).toEqual([]);
    silent.close();
  });

  it.each([
    ['from a page in a browser', { origin: 'http://evil.example' }],
    ['under another name', { host: 'evil.example:80' }],
  ])('refuses a call %s', async (_, headers) => {
    const site = implementations[0]![1]();
    const { origin, seen, close } = await served(site);
    const status = await new Promise<number>((resolve, reject) => {
      ask(`${origin}/pay`, { method: 'POST', headers }, (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      })
        .on('error', reject)
        .end('1');
    });
    close();
    expect(status).toBe(403);
    expect(seen).toEqual([]);
  });

  it('takes no answer above 64 KiB', async () => {
    const { web, wait } = implementations[0]![1]();
    let close = (): void => undefined;
    const origin = await wait<string>((listening) => {
      const answer = (): WebAnswer => ({ status: 200, body: 'x'.repeat(64 * 1024 + 1) });
      close = web.serve('http://127.0.0.1:0', answer, { listening, failed: () => undefined });
    });
    const outcome = await wait((done) => web.call({ method: 'GET', url: origin }, 5000, done));
    close();
    expect(outcome).toEqual({ kind: 'failed', reason: 'reset' });
  });

  it('refuses a body above 64 KiB and lives on after a caller that breaks off', async () => {
    const site = implementations[0]![1]();
    const { origin, seen, close } = await served(site);
    const big = 'x'.repeat(64 * 1024 + 1);
    const url = `${origin}/pay`;
    expect(await call(site, { method: 'POST', url, body: big })).toMatchObject({ status: 413 });
    const { hostname, port } = new URL(origin);
    await new Promise<void>((resolve) => {
      const socket = connect({ host: hostname, port: Number(port) }, () => {
        socket.write(
          'POST /pay HTTP/1.1\r\nhost: localhost:1\r\ncontent-length: 9\r\n\r\nhalf',
          () => {
            socket.resetAndDestroy();
            resolve();
          },
        );
      });
    });
    expect(await call(site, { method: 'POST', url, body: '1' })).toMatchObject({ status: 201 });
    expect(seen).toHaveLength(1);
    close();
  });
});
