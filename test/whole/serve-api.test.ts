import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { benchTerminals } from '../../emulator/bench/bench.ts';
import { cardBox } from '../../emulator/bench/card-box.ts';
import { TEST_INSTITUTION } from '../../emulator/bench/test-institution.ts';
import type { Command } from '../../emulator/terminal/command.ts';
import type { OperationResult } from '../../emulator/terminal/operation-result.ts';
import { realClock } from '../../emulator/world/real/real-clock.ts';
import { realNetwork } from '../../emulator/world/real/real-network.ts';
import { realWeb } from '../../emulator/world/real/real-web.ts';
import { seededRandom } from '../../emulator/world/seeded-random.ts';
import { memoryStore } from '../../emulator/world/simulated/memory-store.ts';
import { createTasks } from '../../emulator/world/tasks.ts';
import { accountOf, START_MS, TID } from '../emulator/host/host-desk.ts';
import { countersign, inFolder, silentServer, start, type Started } from './command-line.ts';
import { expectNoSecrets } from './secrets.ts';

const HOST_AT = /host listens on (tcp:\/\/127\.0\.0\.1:\d+)/;
const API_AT = /api {7}(http:\/\/127\.0\.0\.1:(\d+)), the back office/;
const WHO = { reason: 'review', by: 'li' } as const;

type Json = Readonly<Record<string, unknown>>;
type Call = (
  method: string,
  path: string,
  body?: unknown,
) => Promise<{ status: number; json: Json }>;

/** A host with its API, and a way to call it. */
async function served(
  folder: string,
  ...args: string[]
): Promise<{ host: Started; url: string; api: string; call: Call; token: string }> {
  const host = start(['serve', '--port', '0', '--data', 'data', ...args], { cwd: folder });
  const [, url = ''] = await host.until(HOST_AT);
  const [, api = ''] = await host.until(API_AT);
  const token = readFileSync(join(folder, 'data', 'api-token'), 'utf8').trim();
  return {
    host,
    url,
    api,
    token,
    async call(method, path, body) {
      const headers = {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      };
      const sent = body === undefined ? {} : { body: JSON.stringify(body) };
      const answer = await fetch(api + path, { method, headers, ...sent });
      const text = await answer.text();
      expectNoSecrets(text.padEnd(101));
      return { status: answer.status, json: JSON.parse(text) as Json };
    },
  };
}

/** A terminal of ours sells twice, and settles. */
async function tradedOverTcp(url: string): Promise<void> {
  const world = {
    clock: realClock(START_MS),
    random: seededRandom(1),
    network: realNetwork(),
    web: realWeb(),
    tasks: createTasks(),
  };
  const terminals = benchTerminals(world, () => url.replace('tcp://', ''), {
    institution: TEST_INSTITUTION,
    terminalStore: () => memoryStore(),
  });
  const card = cardBox([]).present(accountOf('debit'), { entry: 'swipe', pin: '123456' });
  const perform = (command: Command): Promise<OperationResult> =>
    new Promise((resolve) => terminals.operate(TID, command, resolve));
  for (const amountFen of [10_000, 25_000]) {
    expect(await perform({ verb: 'sale', amountFen, card })).toMatchObject({ outcome: 'approved' });
  }
  expect(await perform({ verb: 'settle' })).toMatchObject({ outcome: 'balanced' });
  terminals.stop();
}

async function stopped(host: Started): Promise<void> {
  host.process.kill('SIGINT');
  expect(await host.over).toBe(130);
}

interface Told {
  readonly transaction: { readonly rrn: string; readonly id: string; readonly kind: string };
  readonly status: string;
  readonly cause: string;
  readonly evidence: string;
}

describe('the back office over HTTP', () => {
  it('remembers that its clock was moved on, though nothing else has happened', async () => {
    await inFolder(async (folder) => {
      const { host, call } = await served(folder, '--clock', '2026-01-15 09:30');
      const moved = await call('POST', '/clock/advance', { days: 400 });
      const year = String(moved.json['civil']).slice(0, 4);
      expect(year).toBe('2027');
      await call('POST', '/clock/advance', { days: 400 });
      await stopped(host);
      const early = start(
        ['serve', '--port', '0', '--data', 'data', '--clock', '2026-01-16 09:30'],
        { cwd: folder },
      );
      expect(await early.over).toBe(3);
      expect(early.said).toContain('E_CLOCK_BEHIND');
      const again = await served(folder, '--clock', '2028-03-26 00:00');
      expect((await again.call('GET', '/clock')).json['civil']).toContain('2028-03-26');
      await stopped(again.host);
    });
  });

  it('freezes what a terminal has sold over TCP, holds it back from a payout, and lets it go', async () => {
    await inFolder(async (folder) => {
      const { host, url, call, token } = await served(folder, '--clock', '2026-01-15 09:30');
      await tradedOverTcp(url);

      const asked = '/enquiry?card=622588******7898&date=2026-01-15';
      const { status, json } = await call('GET', asked);
      expect(status).toBe(200);
      const answers = json['answers'] as Told[];
      const sale = answers.find(
        (each) => each.cause === 'not-due-yet' && each.status === 'active',
      )!;
      const { rrn, id } = sale.transaction;
      const [tid, batch, stan] = id.split('-');
      const keys = `/enquiry?tid=${tid!}&batch=${batch!}&stan=${stan!}`;
      expect((await call('GET', keys)).json['answers']).toEqual([sale]);

      const order = { scope: 'transaction', rrn, ...WHO };
      const frozen = await call('POST', '/freezes', order);
      expect(frozen).toMatchObject({ status: 201, json: { state: 'frozen', transactionId: id } });
      const heldFen = frozen.json['heldFen'] as number;
      // Thursday's money is due on Friday.
      expect((await call('POST', '/clock/advance', { days: 1 })).status).toBe(200);
      // Its cut-off is over: nothing else has to happen first.
      const closed = (await call('GET', '/settlement-days')).json['days'] as Json[];
      expect(closed).toMatchObject([{ day: '2026-01-15', state: 'closed' }]);
      const paid = (await call('POST', '/payouts', {})).json['lines'] as Json[];
      expect([heldFen, paid[0]]).toEqual([
        9950,
        expect.objectContaining({ heldFen, paidFen: 24_875, problem: '' }),
      ]);
      const why = (await call('GET', `/enquiry?rrn=${rrn}&lang=zh`)).json['answers'] as Told[];
      expect(why[0]).toMatchObject({ cause: 'compliance-review', causeName: { zh: '合规审查' } });

      const holdId = frozen.json['id'] as string;
      const release = `/freezes/${holdId}/release`;
      expect(await call('POST', release, { by: 'li' })).toMatchObject({ status: 409 });
      expect(await call('POST', release, { by: 'wang' })).toMatchObject({
        status: 200,
        json: { state: 'released', releasedFen: heldFen },
      });
      expect(await call('POST', release, { by: 'wang' })).toMatchObject({ status: 409 });
      const rest = (await call('POST', '/payouts', {})).json['lines'] as Json[];
      expect(rest[0]).toMatchObject({ paidFen: heldFen, heldFen: 0 });
      const arrived = (await call('GET', `/enquiry?rrn=${rrn}`)).json['answers'] as Told[];
      expect(arrived[0]).toMatchObject({ cause: 'arrived', on: '2026-01-16' });
      expect((await call('GET', '/trial-balance')).json).toMatchObject({ totalFen: 0 });
      await stopped(host);
      expect(host.said).toContain(`hold-placed ${holdId}`);
      expect(host.said).not.toContain(token);

      // After a restart the same token opens the same books, and the journal tells the same.
      const again = await served(folder, '--clock', '2026-01-16 10:00');
      expect(again.token).toBe(token);
      const after = (await again.call('GET', `/enquiry?rrn=${rrn}`)).json['answers'] as Told[];
      expect(after).toEqual(arrived);
      const data = join(folder, 'data');
      const told = countersign(['why', rrn, '--data', data, '--on', '2026-01-16', '--json']);
      expect(JSON.parse(told.out)).toMatchObject({
        cause: 'arrived',
        evidence: after[0]!.evidence,
        events: (after[0] as unknown as Json)['events'],
      });
      await stopped(again.host);
    });
  });

  it('is called as its lines say, and by nobody else', async () => {
    await inFolder(async (folder) => {
      const { host, api, call, token } = await served(folder);
      await host.until(/stop {6}Ctrl-C/);
      const lines = host.said.split('\n').filter((line) => line.trim().startsWith('curl '));
      expect(lines).toHaveLength(2);
      if (spawnSync('curl', ['--version']).status === 0) {
        for (const line of lines) {
          const { status, stdout } = spawnSync('sh', ['-c', line.trim()], {
            cwd: folder,
            encoding: 'utf8',
          });
          expect([status, Object.keys(JSON.parse(stdout) as Json).length]).toEqual([0, 1]);
        }
      }
      const before = await call('GET', '/journal');
      const authorization = `Bearer ${token}`;
      const json = { authorization, 'content-type': 'application/json' };
      const body = JSON.stringify({ scope: 'merchant', mid: '898110000000001', ...WHO });
      const form = { ...json, 'content-type': 'application/x-www-form-urlencoded' };
      for (const [status, headers, sent] of [
        [401, { 'content-type': 'application/json' }, body],
        [415, form, body],
        [403, { ...json, origin: 'http://elsewhere.example' }, body],
        [413, json, `{"reason":"${'x'.repeat(10_000_000)}"}`],
      ] as const) {
        const answer = await fetch(`${api}/freezes`, { method: 'POST', headers, body: sent });
        expect([answer.status, answer.headers.get('content-type')]).toEqual([
          status,
          'application/problem+json',
        ]);
      }
      const [, , port] = API_AT.exec(host.said)!;
      const rebound = await new Promise<number | undefined>((resolve, reject) => {
        const headers = { host: `rebound.example:${port!}`, authorization };
        request({ host: '127.0.0.1', port, path: '/cards', headers }, (answer) => {
          answer.resume();
          resolve(answer.statusCode);
        })
          .on('error', reject)
          .end();
      });
      expect(rebound).toBe(403);
      expect(await call('GET', '/journal')).toEqual(before);
      expect((await fetch(`${api}/health`)).status).toBe(200);
      // The machine's own clock stays.
      expect(await call('POST', '/clock/advance', { days: 1 })).toMatchObject({ status: 409 });
      const file = join(folder, 'data', 'api-token');
      if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
      await stopped(host);
      await expect(fetch(`${api}/health`)).rejects.toThrow();
    });
  });

  it('answers with a problem what is no call, and closes the connection', async () => {
    await inFolder(async (folder) => {
      const { host, api, token } = await served(folder);
      const { port, host: name } = new URL(api);
      const secret = '6225881234567898';
      for (const bytes of [
        `GIMME ${secret}\r\n\r\n`,
        `GET /cards?${secret} HTTP/1.1\r\nauthorization: Bearer ${token}\r\n\r\n`,
        `GET ${secret} HTTP/1.1\r\nhost: ${name}\r\n\r\n`,
        `GET /cards HTTP/1.1\r\nhost: ${secret} x\r\n\r\n`,
        `GET /cards HTTP/1.1\r\nhost: ${name}\r\nx: ${secret.repeat(2000)}\r\n\r\n`,
      ]) {
        const text = await new Promise<string>((resolve) => {
          let got = '';
          const socket = connect({ host: '127.0.0.1', port: Number(port) });
          socket.on('error', () => undefined).on('close', () => resolve(got));
          socket.setEncoding('utf8').on('data', (more: string) => (got += more));
          socket.write(bytes);
        });
        const [head = '', body = ''] = text.split('\r\n\r\n');
        expect(head).toMatch(/^HTTP\/1\.1 4\d\d [^]*content-type: application\/problem\+json/i);
        expect(JSON.parse(body)).toMatchObject({ code: expect.stringMatching(/^E_API_H/) });
        expect(text).not.toContain(secret);
      }
      await stopped(host);
      expect(host.said).not.toContain(secret);
    });
  });

  it('shows a token that is kept nowhere, and takes one from a file', async () => {
    await inFolder(async (folder) => {
      const bare = start(['serve', '--port', '0', '--api-port', '0'], { cwd: folder });
      const [, api = ''] = await bare.until(API_AT);
      const [, shown = ''] = await bare.until(/Bearer ([\w-]{32})"/);
      const call = (headers: Record<string, string>): Promise<Response> =>
        fetch(`${api}/cards`, { headers });
      expect((await call({ authorization: `Bearer ${shown}` })).status).toBe(200);
      await stopped(bare);

      const mine = join(folder, 'my token');
      writeFileSync(mine, 'a-token-of-my-own\n', { mode: 0o600 });
      const { host, api: at } = await served(folder).then(async ({ host: first, ...rest }) => {
        await stopped(first);
        const args = ['serve', '--port', '0', '--data', 'data', '--token-file', mine];
        const second = start(args, { cwd: folder });
        const [, bound = ''] = await second.until(API_AT);
        return { ...rest, host: second, api: bound };
      });
      const answer = await fetch(`${at}/cards`, {
        headers: { authorization: 'Bearer a-token-of-my-own' },
      });
      expect(answer.status).toBe(200);
      await stopped(host);
      expect(host.said).not.toContain('a-token-of-my-own');
    });
  });

  it('is left out with --no-api, and stops the host where it cannot be served', async () => {
    await inFolder(async (folder) => {
      const without = start(['serve', '--port', '0', '--no-api'], { cwd: folder });
      await without.until(/stop {6}Ctrl-C/);
      expect(without.said).not.toContain('api ');
      await stopped(without);

      const taken = await silentServer();
      const open = join(folder, 'open');
      writeFileSync(open, 'a-token-of-my-own\n');
      chmodSync(open, 0o644);
      const short = join(folder, 'short');
      writeFileSync(short, 'short\n', { mode: 0o600 });
      const ends: [readonly string[], number, string][] = [
        [['--api-port', String(taken.port)], 3, 'E_PORT_IN_USE'],
        [['--api-port', '70000'], 2, 'E_USAGE'],
        [['--clock', 'yesterday'], 2, 'E_USAGE'],
        [['--token-file', short], 2, 'E_FILE'],
        [['--token-file', join(folder, 'none')], 2, 'E_FILE'],
      ];
      if (process.platform !== 'win32') ends.push([['--token-file', open], 2, 'E_SECRET_FILE']);
      for (const [args, code, error] of ends) {
        const ended = countersign(['serve', '--port', '0', '--data', 'd', ...args], {
          cwd: folder,
        });
        expect([args, ended.code, ended.err.includes(error)]).toEqual([args, code, true]);
        if (code === 3) expect(ended.err).toContain('--api-port');
      }
      taken.close();
      // None of them has kept the journal.
      const after = start(['serve', '--port', '0', '--data', 'd'], { cwd: folder });
      await after.until(API_AT);
      await stopped(after);
    });
  });

  it.each(['README.md', 'README.zh-CN.md'])('does what %s shows', async (name) => {
    const page = readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');
    const [block = ''] =
      /(?<=```sh\nnpx countersign run g01 --host tcp:.+\n)api=[\s\S]+?(?=```)/.exec(page) ?? [];
    expect(block.match(/^curl /gm)).toHaveLength(4);
    expect(page).toContain('npx countersign serve --data mine --clock now');
    if (spawnSync('curl', ['--version']).status !== 0) return;
    await inFolder(async (folder) => {
      const args = ['serve', '--port', '0', '--data', 'mine', '--clock', 'now'];
      const host = start(args, { cwd: folder });
      const [url = ''] = await host.until(/tcp:\/\/127\.0\.0\.1:\d+/);
      const [, api = ''] = await host.until(API_AT);
      expect(countersign(['run', 'g01', '--host', url], { cwd: folder }).code).toBe(0);
      const script = block
        .replace('http://127.0.0.1:5001', api)
        .replaceAll('curl -s', 'echo; curl -s');
      const { stdout } = spawnSync('sh', ['-c', script], { cwd: folder, encoding: 'utf8' });
      const answers = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Json);
      expect(answers).toEqual([
        expect.objectContaining({ mid: '898110000000001' }),
        expect.objectContaining({ id: 'H000001', state: 'frozen' }),
        expect.objectContaining({ id: 'H000001', state: 'released', endedBy: 'wang' }),
        expect.objectContaining({
          answers: expect.arrayContaining([
            expect.objectContaining({ cause: 'not-due-yet', status: 'active' }),
          ]),
        }),
      ]);
      await stopped(host);
    });
  });
});
