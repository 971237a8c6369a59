import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { messageVectors } from '../vectors.ts';
import { closedPort, countersign, inFolder, silentServer, start } from './command-line.ts';
import { expectNoSecrets } from './secrets.ts';

const LISTENS = /host listens on (tcp:\/\/127\.0\.0\.1:(\d+))/;

describe('countersign serve', () => {
  it('trades with a terminal in another process, again and again, and stops with 130', async () => {
    await inFolder(async (folder) => {
      const host = start(['serve', '--port', '0', '--verbose', '--data', 'data'], { cwd: folder });
      const [, url] = await host.until(LISTENS);
      for (const round of ['first', 'second']) {
        const run = countersign(['run', 'g01', '--host', url!, '--out', round], { cwd: folder });
        expect(run.out + run.err).toMatch(/✔ g01/);
        expect(run.code).toBe(0);
        // What only the back office sees is left out by name, not passed silently.
        expect(run.out).toMatch(/↷ step \d+ "merchant-account" not observed: the back office/);
        expectNoSecrets(readFileSync(join(folder, round, 'events.jsonl'), 'utf8'));
        expectNoSecrets(readFileSync(join(folder, round, 'junit.xml'), 'utf8'));
        expectNoSecrets(run.out);
      }
      host.process.kill('SIGINT');
      expect(await host.over).toBe(130);
      expect(host.said).toContain('host stopped');
      expect(host.said).toMatch(/→ 0500 .*TID 10000001/);
      expectNoSecrets(host.said);
      for (const journal of readdirSync(join(folder, 'data'))) {
        const text = readFileSync(join(folder, 'data', journal), 'latin1');
        expect(text).not.toContain('6225881234567898');
        expect(text).not.toMatch(/D3012\d/);
      }
    });
  });

  it('remembers after a restart what it has journalled', async () => {
    await inFolder(async (folder) => {
      for (const round of ['1', '2']) {
        const host = start(['serve', '--port', '0', '--data', 'data'], { cwd: folder });
        const [, url] = await host.until(LISTENS);
        const run = countersign(['run', 'g01', '--host', url!, '--out', round], { cwd: folder });
        expect(run.out + run.err).toMatch(/✔ g01/);
        host.process.kill('SIGKILL');
        await host.over;
      }
    });
  });

  it('says 3 when its clock is behind its journal, and at what time it would begin', async () => {
    await inFolder(async (folder) => {
      const serve = (time: string): string[] => {
        return ['serve', '--port', '0', '--no-api', '--data', 'data', '--clock', time];
      };
      const host = start(serve('now'), { cwd: folder });
      const [, url] = await host.until(LISTENS);
      expect(countersign(['run', 'g01', '--host', url!], { cwd: folder }).code).toBe(0);
      host.process.kill('SIGINT');
      await host.over;
      const verify = ['journal', 'verify', '--data', 'data', '--json'];
      const before = countersign(verify, { cwd: folder }).out;
      const behind = countersign(serve('2020-01-14 09:30'), { cwd: folder });
      expect([behind.code, behind.out]).toEqual([3, '']);
      expect(behind.err).toMatch(
        /^E_CLOCK_BEHIND .*last (?:settlement )?day is 20.*says 2020-01-14 09:30:00/,
      );
      expect(countersign(verify, { cwd: folder }).out).toBe(before);
      const [, time = ''] = /--clock "([^"]+)"/.exec(behind.err) ?? [];
      const again = start(serve(time), { cwd: folder });
      await again.until(LISTENS);
      again.process.kill('SIGINT');
      await again.over;
    });
  });

  it('logs one masked line a refusal, and serves the next one on', async () => {
    await inFolder(async (folder) => {
      const host = start(['serve', '--port', '0'], { cwd: folder });
      const [, url, port] = await host.until(LISTENS);
      const bad = messageVectors.negative.filter(({ expected }) => !expected.includes('time-out'));
      for (const { hex } of bad) {
        await new Promise<void>((resolve) => {
          const socket = connect({ host: '127.0.0.1', port: Number(port) });
          socket.on('error', () => resolve());
          socket.on('close', () => resolve());
          socket.on('data', () => socket.end());
          socket.write(Buffer.from(hex, 'hex'));
        });
      }
      await host.until(new RegExp(`(?:; (?:answered|closed)[^]*){${bad.length}}`));
      const lines = host.said.split('\n').filter((line) => /; (answered|closed)/.test(line));
      expect(lines).toHaveLength(bad.length);
      expectNoSecrets(host.said);
      const run = countersign(['run', 'g01', '--host', url!], { cwd: folder });
      expect(run.out).toMatch(/✔ g01/);
      host.process.kill('SIGTERM');
      expect(await host.over).toBe(143);
    });
  });

  it('says 3 when its port is taken, and how to choose another', async () => {
    const taken = await silentServer();
    const { code, err } = countersign(['serve', '--port', String(taken.port)]);
    taken.close();
    expect(code).toBe(3);
    expect(err).toContain('E_PORT_IN_USE');
    expect(err).toContain('--port');
  });

  it('says 3 when it would listen beyond this machine', () => {
    const { code, err } = countersign(['serve', '--address', '0.0.0.0', '--port', '0']);
    expect(code).toBe(3);
    expect(err).toContain('E_NOT_LOOPBACK');
  });
});

describe('countersign run --host', () => {
  it('trades with a host whose clock was moved when it is told the time, as the host says', async () => {
    await inFolder(async (folder) => {
      const host = start(['serve', '--port', '0', '--no-api', '--clock', '2026-01-15 09:30'], {
        cwd: folder,
      });
      const [, url = ''] = await host.until(LISTENS);
      const [, clock = ''] = await host.until(/try it .* --clock "([^"]+)"/);
      expect(clock).toBe('2026-01-15 09:30');
      const args = ['run', 'g01', '--host', url];
      const told = countersign([...args, '--clock', clock], { cwd: folder });
      expect([told.code, told.out]).toEqual([0, expect.stringContaining('1 passed, 0 failed')]);
      // A chip of another day is refused, and the replay of that keeps the time.
      const other = countersign([...args, '--clock', '2026-01-20 09:30'], { cwd: folder });
      expect([other.code, other.out]).toEqual([
        1,
        expect.stringMatching(/replay .* --clock "2026-01-20 09:30" /),
      ]);
      const alone = countersign(['run', 'g01', '--clock', clock], { cwd: folder });
      expect([alone.code, alone.err]).toEqual([2, expect.stringMatching(/--clock without --host/)]);
      const wrong = countersign([...args, '--clock', 'noon'], { cwd: folder });
      expect([wrong.code, wrong.err]).toEqual([
        2,
        expect.stringMatching(/^E_USAGE .*--clock noon/),
      ]);
      host.process.kill('SIGINT');
      await host.over;
    });
  });

  it('says 3 when nobody listens there', async () => {
    const port = await closedPort();
    await inFolder((folder) => {
      const args = ['run', 'g01', '--host', `tcp://127.0.0.1:${port}`];
      const { code, err } = countersign(args, { cwd: folder });
      expect(err).toContain('E_NETWORK');
      expect(code).toBe(3);
    });
  });

  it('skips with the reason what needs the back office, and does not call that proved', async () => {
    await inFolder(async (folder) => {
      const host = start(['serve', '--port', '0'], { cwd: folder });
      const [, url] = await host.until(LISTENS);
      const run = countersign(['run', 'a04', 'a10', 'b01', '--host', url!], { cwd: folder });
      expect(run.out).toMatch(/↷ a04 .*skipped: step 2 "channel": the back office of a host/);
      expect(run.out).toMatch(/↷ a10 .*skipped: /);
      expect(run.out).toMatch(/↷ b01\/day-0 .*skipped: .*clock/);
      expect(run.out).toMatch(/0 passed, 0 failed, 6 skipped/);
      expect(run.err).toContain('nothing was proved');
      expect(run.code).toBe(1);
      host.process.kill('SIGINT');
      await host.over;
    });
  });

  it('replays the cases that need only a terminal, faults on the line included', async () => {
    await inFolder(async (folder) => {
      const host = start(['serve', '--port', '0'], { cwd: folder });
      const [, url] = await host.until(LISTENS);
      const args = ['run', '--host', url!, '--response-timeout', '1200'];
      const run = countersign(args, { cwd: folder });
      expect(run.out).not.toContain('✖');
      expect(run.out).toMatch(/✔ a07\/silence/);
      expect(run.out).toMatch(/✔ c01/);
      expect(run.code).toBe(0);
      host.process.kill('SIGINT');
      await host.over;
    });
  });
});

describe('countersign serve --keys', () => {
  const CANARIES = {
    tmk: 'CAFEBABE0123456789ABCDEF01234567',
    imk: '0DDBA11FEEDFACE0123456789ABCDEF0',
  };

  it('trades under the keys of a file with a terminal that has them too, and shows none', async () => {
    await inFolder(async (folder) => {
      const { tmk, imk } = CANARIES;
      const terminals = [{ tid: '77000001', mid: '898110000000077', tmk }];
      const issuers = ['622588', '622848'].map((bin) => ({ bin, imk }));
      const keys = join(folder, 'keys.json');
      writeFileSync(keys, JSON.stringify({ terminals, issuers }), { mode: 0o600 });
      const args = ['--port', '0', '--verbose', '--data', 'data', '--keys', keys];
      const host = start(['serve', ...args], { cwd: folder });
      const [, url] = await host.until(LISTENS);
      const cases = ['g01', 'g13', 'g14', 'g15', 'c01'];
      const run = countersign(
        [
          'run',
          ...cases,
          '--host',
          url!,
          '--keys',
          keys,
          '--verbose',
          '--response-timeout',
          '1500',
        ],
        {
          cwd: folder,
        },
      );
      expect(run.out + run.err).toMatch(/✔ g01/);
      expect(run.out).toMatch(/✔ g13/);
      const strange = countersign(['run', 'g01', '--host', url!, '--out', 'strange'], {
        cwd: folder,
      });
      // The built-in terminals are not known there.
      expect(strange.code).toBe(1);
      host.process.kill('SIGINT');
      await host.over;
      expect(host.said).toContain('TID 77000001');
      const texts = [
        run.out,
        run.err,
        strange.out,
        host.said,
        readFileSync(join(folder, 'countersign-report', 'events.jsonl'), 'latin1'),
        readFileSync(join(folder, 'countersign-report', 'junit.xml'), 'latin1'),
        ...readdirSync(join(folder, 'data')).map((name) =>
          readFileSync(join(folder, 'data', name), 'latin1'),
        ),
      ];
      for (const [name, value] of Object.entries(CANARIES)) {
        const bytes = Buffer.from(value, 'hex').toString('latin1');
        for (const [index, text] of texts.entries()) {
          const isThere = text.toUpperCase().includes(value) || text.includes(bytes);
          expect({ name, index, isThere }).toEqual({ name, index, isThere: false });
        }
      }
    });
  });

  it('refuses a file that others may read, one that is wrong, and --keys without --host', async () => {
    await inFolder((folder) => {
      const keys = join(folder, 'keys.json');
      const content = JSON.stringify({ issuers: [{ bin: '622588', imk: CANARIES.imk }] });
      writeFileSync(keys, content, { mode: 0o644 });
      const open = countersign(['serve', '--port', '0', '--keys', keys], { cwd: folder });
      expect(open.code).not.toBe(0);
      expect(open.err).toContain('E_SECRET_FILE');
      expect(open.err).toContain('chmod 600');
      const without = countersign(['run', 'g01', '--keys', keys], { cwd: folder });
      expect([without.code, without.err.includes('--host')]).toEqual([2, true]);
      return Promise.resolve();
    });
  });
});
