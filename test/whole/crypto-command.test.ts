import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { messageVector, securityVectors } from '../vectors.ts';
import { BIN, inFolder } from './command-line.ts';
import { crypto, expectRefused, json, KEYS, lines, secretFile } from './crypto-lines.ts';

const { TMK, PIK, MAK_single: MAK_SINGLE, MAK_double: MAK, MAK_sm4: MAK_SM4 } = KEYS;
const PAN = '6225881234567898';
const SALE = messageVector('sale-mag-pin-request').hex;
const BLOCK = securityVectors.workingKeys[0]!.f62!;
const isWindows = process.platform === 'win32';

describe('countersign crypto kcv', () => {
  it.each(securityVectors.kcv)('of $name', ({ alg, key, kcv }) => {
    const family = alg === 'SM4' ? 'sm4' : 'des';
    const ended = crypto(['kcv', '--json', '--family', family], lines(key));
    expect(json(ended)).toEqual({ kcv, family, keyBytes: key.length / 2 });
    expect(ended.out).not.toContain(key.slice(0, 16));
  });

  it('compares with --expect, three bytes or four, and ends with 1 when it does not match', () => {
    for (const expected of ['08D7B4FB', '08d7b4', '08D7B4']) {
      const ended = crypto(['kcv', '--expect', expected], lines(TMK));
      expect([ended.code, ended.out]).toEqual([0, expect.stringMatching(/verdict +matches\n/)]);
    }
    const wrong = crypto(['kcv', '--expect', '08D7B4FA', '--json'], lines(TMK));
    expect([wrong.code, json(wrong)['matches']]).toEqual([1, false]);
    expect(crypto(['kcv', '--expect', 'B4FB0000'], lines(TMK)).out).toContain('does not match');
    expectRefused(crypto(['kcv', '--expect', '08D7'], lines(TMK)), 'E_USAGE', '6 or 8 hex');
  });

  it('of AES is zeros under the key', () => {
    const key = '000102030405060708090A0B0C0D0E0F';
    expect(crypto(['kcv', '--family', 'aes'], lines(key)).out).toContain('KCV        C6A13B37');
  });
});

describe('a secret', () => {
  it('is refused as an argument, with words that say what to do, and is not repeated', () => {
    const cases: [string[], string][] = [
      [['kcv', '--key', TMK], '--key-file'],
      [['mac', '--message', '00', '--key', TMK], '--key-file'],
      [['keys', 'unwrap', '--block', BLOCK, `--key=${TMK}`], '--key-file'],
      [['pin-block', '--key', TMK], '--key-file'],
      [['pin-block', '--pin', '918273'], '--pin-file'],
      [['pin-block', '--pan', PAN], '--pan-file'],
      [['track', '--track', `${PAN}D3012`], '--track-file'],
      [['track', '--key', TMK], '--key-file'],
      [['arqc', '--tags', '9F2600', '--pan', PAN], '--pan-file'],
      [['arqc', '--tags', '9F2600', '--key', TMK], '--key-file'],
    ];
    for (const [args, option] of cases) {
      const ended = crypto(args);
      expectRefused(ended, 'E_USAGE', option);
      expect(ended.err).not.toMatch(/0123456789ABCDEF|918273|6225881234567898/);
    }
    expect(crypto(['kcv', TMK])).toMatchObject({ code: 2, out: '' });
    expect(crypto(['kcv', TMK]).err).not.toContain(TMK);
  });

  it.skipIf(isWindows)('is not read from a file that others can read', async () => {
    await inFolder((folder) => {
      const file = secretFile(folder, 'tmk.key', TMK);
      expect(crypto(['kcv', '--key-file', file]).code).toBe(0);
      for (const mode of [0o644, 0o640, 0o604, 0o620, 0o602, 0o601, 0o666]) {
        chmodSync(file, mode);
        const ended = crypto(['kcv', '--key-file', file]);
        expectRefused(ended, 'E_SECRET_FILE', `chmod 600 ${file}`);
        expect(ended.err).toContain(`mode ${mode.toString(8)}`);
        expect(ended.err).not.toContain(TMK);
      }
      for (const mode of [0o600, 0o400, 0o700]) {
        chmodSync(file, mode);
        expect(crypto(['kcv', '--key-file', file]).code).toBe(0);
      }
    });
  });

  it('stands on the only line of its file, comments aside', async () => {
    await inFolder((folder) => {
      const text = `# from the loader\n\n  ${TMK.replace(/(.{4})/g, '$1 ').toLowerCase()} \r\n`;
      const file = secretFile(folder, 'tmk.key', text);
      expect(json(crypto(['kcv', '--json', '--key-file', file]))['kcv']).toBe('08D7B4FB');
      const two = secretFile(folder, 'two.key', `${TMK}\n${PIK}\n`);
      expectRefused(crypto(['kcv', '--key-file', two]), 'E_FILE', 'on its only line');
      const none = secretFile(folder, 'none.key', '# nothing\n');
      expectRefused(crypto(['kcv', '--key-file', none]), 'E_FILE', 'on its only line');
      const large = secretFile(folder, 'large.key', '00'.repeat(5000));
      expectRefused(crypto(['kcv', '--key-file', large]), 'E_FILE', '4096 bytes at most');
      mkdirSync(join(folder, 'folder'), { mode: 0o700 });
      expectRefused(crypto(['kcv', '--key-file', join(folder, 'folder')]), 'E_FILE', '');
      expectRefused(crypto(['kcv', '--key-file', join(folder, 'gone')]), 'E_FILE', '');
    });
  });

  it('is asked for by name when it is missing, and never shown when it is wrong', () => {
    expectRefused(crypto(['kcv']), 'E_USAGE', 'give --key-file FILE');
    const few = crypto(['pin-block'], lines(PIK));
    expectRefused(few, 'E_USAGE', 'give --pan-file FILE');
    expect(few.err).toContain('no card number');
    for (const bad of ['0123456789ABCDEX', '0123456789ABCDE', 'hunter2']) {
      const ended = crypto(['kcv'], lines(bad));
      expectRefused(ended, 'E_HEX', '');
      expect(ended.err).not.toContain(bad.slice(0, 6));
      // Not even the one character that is wrong.
      expect(ended.err).not.toMatch(/"X"|position/);
    }
    const short = crypto(['kcv'], lines('0123456789ABCD'));
    expectRefused(short, 'E_KEY_LENGTH', '');
    expect(short.err).not.toContain('0123456789ABCD');
    const mistaken = crypto(['kcv', '--key-file', TMK]);
    expectRefused(mistaken, 'E_FILE', '');
    expect(mistaken.err).not.toContain(TMK);
    const pan = crypto(['pin-block'], lines(PIK, '6225-8812', '1234'));
    expectRefused(pan, 'E_USAGE', '12 to 19 digits');
    const pin = crypto(['pin-block'], lines(PIK, PAN, '918273645546372'));
    expectRefused(pin, 'E_USAGE', '4 to 12 digits');
    expect(pan.err + pin.err).not.toMatch(/6225|9182/);
  });
});

describe('countersign crypto mac', () => {
  const chained = securityVectors.mac.filter(({ data }) => data !== undefined) as readonly {
    name: string;
    algorithm: string;
    key: string;
    data: string;
    f64?: string;
    f64AsciiForm?: string;
    f64BinaryForm?: string;
  }[];
  const ALGORITHMS: Record<string, string> = { 'X9.9-CBC': 'x9.9', 'X9.19': 'x9.19' };

  it.each(chained)('$name', ({ algorithm, key, data, ...due }) => {
    const family = algorithm === 'CUP-SM4' ? 'sm4' : 'des';
    const name = ALGORITHMS[algorithm] ?? 'unionpay-ecb';
    const args = ['mac', '--message', data, '--algorithm', name, '--family', family, '--json'];
    const found = json(crypto(args, lines(key)));
    expect(found['field64']).toBe(due.f64 ?? due.f64AsciiForm);
    expect(found['assumed']).toBe(family === 'sm4' ? true : undefined);
    if (due.f64BinaryForm === undefined) return;
    const binary = json(crypto([...args, '--output', 'binary'], lines(key)));
    expect(binary['field64']).toBe(due.f64BinaryForm);
    expect(binary).not.toHaveProperty('text');
  });

  it('takes the message from an argument, a file or standard input', async () => {
    await inFolder((folder) => {
      const key = secretFile(folder, 'mak.key', MAK);
      const file = join(folder, 'sale.txt');
      writeFileSync(file, `# a sale\n${SALE}\n`);
      for (const message of [SALE, file, '-']) {
        const args = ['mac', '--check', '--message', message, '--key-file', key];
        const ended = crypto(args, { input: message === '-' ? SALE : '' });
        expect([ended.code, ended.err]).toEqual([0, '']);
        expect(ended.out).toMatch(/verdict +right\n/);
        expect(ended.out).toContain('"98AE71CC"');
      }
      const both = crypto(['mac', '--message', '-'], { input: SALE });
      expectRefused(both, 'E_USAGE', 'standard input holds the message already');
      writeFileSync(file, `${SALE}\n${SALE}\n`);
      expectRefused(crypto(['mac', '--message', file], lines(MAK)), 'E_USAGE', 'one message');
    });
  });

  it('checks a message with its frame, without the prefix, and bare', () => {
    for (const message of [SALE, SALE.slice(4), SALE.slice(4 + 22)]) {
      const ended = crypto(['mac', '--check', '--json', '--message', message], lines(MAK));
      expect([ended.code, json(ended)]).toEqual([
        0,
        {
          matches: true,
          field64: '3938414537314343',
          due: '3938414537314343',
          algorithm: 'unionpay-ecb',
          output: 'hex',
          family: 'des',
        },
      ]);
    }
  });

  it('says what would have been right, and ends with 1', async () => {
    await inFolder((folder) => {
      const other = secretFile(folder, 'yesterday.key', MAK);
      const args = ['mac', '--check', '--message', SALE];
      const old = crypto([...args, '--other-key-file', other], lines(PIK));
      expect(old.code).toBe(1);
      expect(old.out).toMatch(/verdict +wrong\nfinding +The MAC is right with the key "yesterday/);
      const algorithm = crypto([...args, '--algorithm', 'x9.19', '--json'], lines(MAK));
      expect(algorithm.code).toBe(1);
      expect(json(algorithm)).toMatchObject({
        matches: false,
        findings: [{ kind: 'variant', variant: { algorithm: 'unionpay-ecb' } }],
      });
      const lost = crypto(args, lines(MAK_SINGLE));
      expect([lost.code, lost.out]).toEqual([1, expect.stringContaining('No known way')]);
      const text = [old, algorithm, lost].map(({ out, err }) => out + err).join('');
      for (const key of [MAK, PIK, MAK_SINGLE]) expect(text).not.toContain(key);
      expect(text).not.toContain(PAN);
    });
  });

  it('says that there is none, or zeros', () => {
    const bare = SALE.slice(4 + 22);
    const zeros = `${bare.slice(0, -16)}${'0'.repeat(16)}`;
    const args = ['mac', '--check', '--message'];
    expect(crypto([...args, zeros], lines(MAK)).out).toContain('Field 64 holds zeros');
    const without = `${bare.slice(0, 19)}0${bare.slice(20, -16)}`;
    const none = crypto([...args, without], lines(MAK));
    expect([none.code, none.out]).toEqual([1, expect.stringContaining('carries no MAC')]);
    expect(none.out).not.toContain('field 64 ');
  });

  it('warns when more bytes are given than a MAC covers', () => {
    const args = ['mac', '--message'];
    const warned = crypto([...args, SALE], lines(MAK));
    expect([warned.code, warned.err]).toEqual([
      0,
      expect.stringMatching(/length prefix, TPDU or header in front and the MAC at the end/),
    ]);
    const bare = SALE.slice(4 + 22);
    expect(crypto([...args, bare], lines(MAK)).err).toMatch(/have the MAC at the end/);
    const mab = crypto([...args, bare.slice(0, -16)], lines(MAK));
    expect(mab).toMatchObject({ code: 0, err: '', out: expect.stringContaining('98AE71CC') });
  });

  it('takes what is not said from the dialect', async () => {
    await inFolder((folder) => {
      const dialect = join(folder, 'mine.json');
      const mac = { algorithm: 'iso9797-3', padding: 2, output: 'binary' };
      const source = { id: 'mine', title: 'mine', extends: 'unionpay-pos', patch: { mac } };
      writeFileSync(dialect, JSON.stringify(source));
      const args = ['mac', '--json', '--message', '4E6F77', '--dialect', dialect];
      const said = json(crypto(args, lines(MAK)));
      expect(said).toMatchObject(mac);
      const same = ['--algorithm', 'iso9797-3', '--padding', '2', '--output', 'binary'];
      const again = json(crypto(['mac', '--json', '--message', '4E6F77', ...same], lines(MAK)));
      expect(again).toEqual(said);
      // A padding of the dialect is nothing to an algorithm that has its own.
      const other = json(crypto([...args, '--algorithm', 'x9.19'], lines(MAK)));
      expect(other).not.toHaveProperty('padding');
    });
  });

  it('refuses what does not fit together', () => {
    const args = ['mac', '--message', '00', '--algorithm'];
    expectRefused(crypto([...args, 'x9.8'], lines(MAK)), 'E_USAGE', 'x9.9, x9.19');
    expectRefused(crypto([...args, 'x9.9', '--padding', '2'], lines(MAK)), 'E_USAGE', 'iso9797');
    const padding = [...args, 'iso9797-1', '--padding', '3'];
    expectRefused(crypto(padding, lines(MAK)), 'E_USAGE', 'one of 1, 2');
    expectRefused(crypto([...args, 'x9.19'], lines(MAK_SINGLE)), 'E_KEY_LENGTH', '16 bytes');
    const sm4 = [...args, 'x9.9', '--family', 'sm4'];
    expectRefused(crypto(sm4, lines(MAK_SM4)), 'E_KEY_LENGTH', 'DES');
    expectRefused(crypto(['mac', '--message', '0G'], lines(MAK)), 'E_FILE', 'hex');
    expect(crypto(['mac'], lines(MAK))).toMatchObject({ code: 2, out: '' });
    const cmac = json(crypto([...args, 'aes-cmac', '--json'], lines(MAK)));
    expect(cmac['family']).toBe('aes');
  });
});

describe('docs/crypto.md', () => {
  it.skipIf(isWindows)('shows what its commands really print', async () => {
    const page = readFileSync(new URL('../../docs/crypto.md', import.meta.url), 'utf8');
    const blocks = [...page.matchAll(/```(sh|text)\n([\s\S]+?)```/g)];
    const texts = blocks.filter(([, kind]) => kind === 'text');
    expect(texts.length).toBeGreaterThan(6);
    await inFolder((cwd) => {
      let printed = '';
      for (const [, kind, content] of blocks) {
        if (kind === 'text') {
          expect(printed).toBe(content);
          continue;
        }
        const script = content!.replaceAll('npx countersign', `"${process.execPath}" "${BIN}"`);
        const run = spawnSync('sh', ['-c', script], { cwd, encoding: 'utf8', timeout: 280_000 });
        expect(run.stderr).toBe('');
        printed = run.stdout;
      }
    });
  });

  it('is what the help of every command points its examples at', () => {
    for (const args of [['mac'], ['kcv'], ['keys', 'unwrap'], ['pin-block'], ['track'], ['arqc']]) {
      const { code, out } = crypto([...args, '--help']);
      expect(code).toBe(0);
      expect(out).toMatch(/Example:\n {2}countersign crypto /);
      expect(out).toContain('--json');
      expect(out).toContain('never arguments');
      // The options that only exist to be refused.
      expect(out).not.toMatch(/--(?:key|pin|pan|track) /);
    }
  });
});
