import { XMLParser } from 'fast-xml-parser';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CATALOGUE, countersign, inFolder, shell, silentServer, start } from './command-line.ts';
import { expectNoSecrets } from './secrets.ts';
import { catalogueCases } from '../../scenarios/find-scenarios.ts';

/** Each is played on sim and on tcp. */
const CASES = catalogueCases().length;

/** A copy of a case, with one place of it changed; the place must stand there once. */
function copied(folder: string, name: string, find: string, put: string): string {
  const [, file] = /([^/]+\.yaml)$/.exec(name)!;
  const path = join(folder, file!);
  const source = readFileSync(join(CATALOGUE, name), 'utf8');
  if (source.split(find).length !== 2) throw new Error(`"${find}" does not stand once in ${name}`);
  writeFileSync(
    path,
    source.replace(find, () => put),
  );
  return file!;
}

const C03 = 'c-void/c03-void-after-settlement.yaml';

describe('countersign run', () => {
  it('replays the catalogue on both targets, green, and writes reports without secrets', async () => {
    await inFolder((folder) => {
      const { code, out, err } = countersign(['run', '--seed', '5'], { cwd: folder });
      expect(err).toBe('');
      expect(code).toBe(0);
      expect(out).toMatch(new RegExp(`${2 * CASES} passed, 0 failed`));
      for (const id of ['a03', 'a07/cut', 'a10', 'b01/day-31', 'c01', 'g01', 'g13', 'g14', 'g15']) {
        expect(out.match(new RegExp(`✔ ${id} `, 'g'))).toHaveLength(2);
      }
      expect(out).toContain('countersign-report/junit.xml');
      const events = readFileSync(join(folder, 'countersign-report/events.jsonl'), 'utf8');
      const junit = readFileSync(join(folder, 'countersign-report/junit.xml'), 'utf8');
      for (const text of [out, events, junit]) expectNoSecrets(text);
      const parsed = new XMLParser({ ignoreAttributes: false }).parse(junit) as {
        testsuites: Record<string, string>;
      };
      expect(parsed.testsuites['@_tests']).toBe(String(2 * CASES));
      expect(parsed.testsuites['@_failures']).toBe('0');
    });
  });

  it('gives the same traces again for the same seed', async () => {
    await inFolder((folder) => {
      const hashes = ['a', 'b', 'c'].map((out, index) => {
        const seed = index === 2 ? '6' : '5';
        const args = ['run', 'a07', 'c01', '--target', 'sim', '--seed', seed, '--out', out];
        expect(countersign(args, { cwd: folder }).code).toBe(0);
        const events = readFileSync(join(folder, out, 'events.jsonl'), 'utf8');
        return [...events.matchAll(/"traceHash":"([0-9a-f]+)"/g)].map(([, hash]) => hash);
      });
      expect(hashes[0]).toHaveLength(4);
      expect(hashes[0]).toEqual(hashes[1]);
      expect(hashes[0]).not.toEqual(hashes[2]);
    });
  });

  it.each(['sim', 'tcp'])(
    'says 1 for a broken expectation on %s, and its replay command fails at the same place',
    async (target) => {
      await inFolder((folder) => {
        const file = copied(folder, C03, "available: '9 900.00'", "available: '9 900.01'");
        const { code, out } = countersign(['run', file, '--target', target, '--seed', '3'], {
          cwd: folder,
        });
        expect(code).toBe(1);
        expect(out).toContain(`✖ c03 [${target}] › step 6 "card-account"   E_EXPECT`);
        expect(out).toContain('expected available 9 900.01, got 9900.00');
        const [, place] = /at (\S+:\d+:\d+)/.exec(out)!;
        expect(place).toMatch(/^c03-void-after-settlement\.yaml:\d+:15$/);
        const [, replay] = /replay {2}(.*)/.exec(out)!;
        const again = shell(replay!, { cwd: folder });
        expect(again.code).toBe(1);
        expect(again.out).toContain(`at ${place!}`);
        expect(again.out).toContain('seed 3');
        expect(again.out).toMatch(/#\d+ → 0500 /);
      });
    },
  );

  it('replays one row of a case, from a folder whose name has blanks and Chinese in it', async () => {
    await inFolder((folder) => {
      mkdirSync(join(folder, 'my 用例'));
      const file = copied(
        join(folder, 'my 用例'),
        'b-refunds/b01-refund-window.yaml',
        "      days: '31',\n      outcome: declined,",
        "      days: '31',\n      outcome: approved,",
      );
      const { code, out } = countersign(['run', `my 用例/${file}`, '--target', 'sim'], {
        cwd: folder,
      });
      expect(code).toBe(1);
      expect(out).toMatch(/1 failed/);
      const [, replay] = /replay {2}(.*)/.exec(out)!;
      const again = shell(replay!, { cwd: folder });
      expect(again.code).toBe(1);
      expect(again.out).toMatch(/0 passed, 1 failed/);
      expect(again.out).toContain('✖ b01/day-31');
    });
  });

  it('says 2 for a typo, with file, line, column and what was meant, and runs nothing', async () => {
    await inFolder((folder) => {
      const file = copied(folder, C03, '  - refund:', '  - refnud:');
      const { code, out, err } = countersign(['run', file], { cwd: folder });
      expect(code).toBe(2);
      expect(err).toMatch(/E_SCENARIO .*"refnud" at c03-void-after-settlement\.yaml:\d+:5/);
      expect(err).toContain('did you mean "refund"?');
      expect(out).not.toContain('✔');
    });
  });

  it.each([
    [['run', 'a77'], /E_NO_SCENARIO/],
    [['run', '--only', 'a99'], /E_NO_SCENARIO[^]*did you mean/],
    [['run', '--tag', 'Z99'], /E_NO_SCENARIO[^]*tags here/],
    [['run', '--target', 'moon'], /E_USAGE[^]*sim and tcp/],
    [['run', '--target', ''], /E_USAGE/],
    [['run', '--seed', 'x'], /--seed takes a whole number/],
    [['run', '--seed', '-1'], /--seed/],
    [['run', '--host', 'localhost'], /tcp:\/\/address:port/],
    [['run', '--host', 'http://127.0.0.1:1'], /tcp:\/\/address:port/],
    [['run', '--unknown'], /unknown option/],
    [['launch'], /unknown command/],
    [['explain', '--lang', 'fr'], /zh or en/],
    [['prove', '--runs', '0'], /--runs takes/],
    [['prove', '--path', '../x'], /numbers joined by colons/],
    [['serve', '--port', '70000'], /--port takes/],
    [['serve', '--port', 'http'], /--port takes/],
  ])('says 2 for %j', (args, text) => {
    const { code, err } = countersign(args);
    expect(err).toMatch(text);
    expect(code).toBe(2);
  });

  it('says 2 when the reports cannot be written', async () => {
    await inFolder((folder) => {
      writeFileSync(join(folder, 'taken'), '');
      const { code, err } = countersign(['run', 'a04', '--target', 'sim', '--out', 'taken'], {
        cwd: folder,
      });
      expect(code).toBe(2);
      expect(err).toContain('--out');
    });
  });

  it('lists cases, and runs by tag and by folder', async () => {
    await inFolder((folder) => {
      const list = countersign(['run', '--list'], { cwd: folder });
      expect(list.code).toBe(0);
      expect(list.out.trim().split('\n')).toHaveLength(CASES);
      const tagged = countersign(['run', '--tag', 'C03', '--target', 'sim'], { cwd: folder });
      expect(tagged.out).toMatch(/1 passed, 0 failed/);
      cpSync(join(CATALOGUE, 'c-void'), join(folder, 'mine'), { recursive: true });
      const mine = countersign(['run', 'mine', '--target', 'sim'], { cwd: folder });
      expect(mine.out).toMatch(/10 passed, 0 failed/);
      expect(mine.code).toBe(0);
    });
  });

  it('says 130 when it is interrupted twice, at once', async () => {
    const peer = await silentServer();
    await inFolder(async (folder) => {
      const host = `tcp://127.0.0.1:${peer.port}`;
      const args = ['run', 'g01', '--host', host, '--response-timeout', '600000'];
      const run = start(args, { cwd: folder });
      await run.until(/countersign \d/);
      run.process.kill('SIGINT');
      await run.until(/interrupted/);
      run.process.kill('SIGINT');
      expect(await run.over).toBe(130);
    });
    peer.close();
  });
});

describe('countersign', () => {
  it('tells its version and its help, with examples and exit codes', () => {
    const version = countersign(['--version']);
    const manifest = JSON.parse(
      readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
    ) as { version: string };
    expect(version).toMatchObject({ code: 0, out: `${manifest.version}\n` });
    const help = countersign(['--help']);
    expect(help.code).toBe(0);
    for (const word of ['run', 'serve', 'decode', 'explain', 'prove', 'Exit codes', 'Examples']) {
      expect(help.out).toContain(word);
    }
    for (const command of ['run', 'serve', 'decode', 'explain', 'prove']) {
      expect(countersign([command, '--help'])).toMatchObject({ code: 0, err: '' });
    }
  });

  it('explains a case in both languages', () => {
    const zh = countersign(['explain', 'a07/cut', '--lang', 'zh']);
    expect(zh.code).toBe(0);
    expect(zh.out).toContain('终端签到');
    expect(zh.out).toContain('应为');
    const all = countersign(['explain']);
    expect(all.out).toContain('The terminal signs in');
    expect(all.out + zh.out).not.toContain('undefined');
    expect(countersign(['explain', 'a99x']).code).toBe(2);
  });

  it('proves the same thing twice for one seed, and another for another', () => {
    const prove = (seed: string) => countersign(['prove', '--runs', '40', '--seed', seed]);
    const [first, second, other] = [prove('1'), prove('1'), prove('2')];
    expect(first.code).toBe(0);
    const hash = ({ out }: { out: string }) => /trace hash ([0-9a-f]{64})/.exec(out)?.[1];
    expect(hash(first)).toBeDefined();
    expect(first.out).toBe(second.out);
    expect(hash(first)).not.toBe(hash(other));
  });

  it('ends quietly when its reader goes away', () => {
    const { err } = shell('npx countersign explain; echo "code $?" >&2; } | true', {
      before: '{ ',
    });
    expect(err).toBe('code 0\n');
  });
});
