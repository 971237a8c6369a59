import { createHash } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../protocol/bytes/hex.ts';
import { blackCount } from '../../protocol/jbig/bitmap.ts';
import { decodeJbig } from '../../protocol/jbig/decode-jbig.ts';
import { readPortableBitmap } from '../../protocol/jbig/portable-bitmap.ts';
import { inFolder, start, type Ended } from './command-line.ts';
import { countersign } from './in-thread.ts';

interface Listed {
  readonly rrn: string;
  readonly kind: string;
  readonly state: string;
  readonly why: string;
}

function listed(folder: string, ...more: string[]): Listed[] {
  const { out, code } = countersign(['signature', 'list', '--data', folder, '--json', ...more]);
  expect(code).toBe(0);
  return out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Listed);
}

/** Two runs that keep what their hosts decide, made once. */
async function withKept<Value>(work: (kept: string, folder: string) => Value): Promise<Value> {
  return inFolder((folder) => {
    const kept = join(folder, 'kept');
    const run = countersign(['run', 'e02', 'e09', '--keep', kept, '--out', join(folder, 'report')]);
    expect(run.out + run.err).toContain('4 passed, 0 failed');
    expect(run.out).toContain(`kept    ${kept}`);
    return work(kept, folder);
  });
}

describe('an archive that a run has kept', () => {
  it('is listed, rendered in every form and verified, on sim and on tcp', async () => {
    await withKept((kept, folder) => {
      for (const target of ['sim', 'tcp']) {
        const data = join(kept, target, 'e09');
        expect(statSync(join(data, 'host-journal.jsonl')).mode & 0o077).toBe(0);
        const all = listed(data);
        expect(all.map(({ kind, state }) => `${kind} ${state}`)).toEqual([
          'sale stored',
          'sale stored',
          'void stored',
          'refund stored',
        ]);
        const { rrn } = all[3]!;
        const render = (out: string, ...more: string[]): Ended =>
          countersign(['signature', 'render', '--data', data, '--rrn', rrn, '-o', out, ...more]);
        const files = ['png', 'svg', 'txt', 'pbm', 'jbg', 'json'].map((each) =>
          join(folder, `slip.${each}`),
        );
        for (const file of files) expect(render(file)).toEqual({ code: 0, out: '', err: '' });
        const [png, svg, txt, pbm, jbg, json] = files.map((file) => readFileSync(file));
        expect(png!.subarray(1, 4).toString()).toBe('PNG');
        expect(svg!.toString()).toContain('电子签购单');
        expect(txt!.toString()).toMatch(/退货/);
        expect(txt!.toString()).toContain(rrn);
        const { bitmap } = decodeJbig(new Uint8Array(jbg!));
        expect(readPortableBitmap(new Uint8Array(pbm!))).toEqual(bitmap);
        expect(blackCount(bitmap)).toBeGreaterThan(500);
        const found = JSON.parse(json!.toString()) as Record<string, Record<string, unknown>>;
        expect(found['transaction']).toMatchObject({
          kind: 'refund',
          rrn,
          card: '622588******7898',
        });
        expect(found['elements']).toMatchObject({ typeName: '退货' });
        expect(found['image']).toMatchObject({ width: 320, height: 138, hasFeature: true });
        expect(fromHex(String(found['image']!['jbig']))).toEqual(new Uint8Array(jbg!));
        expect(found['seal']).toMatchObject({
          hash: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
        });
        for (const signer of ['holder', 'merchant']) {
          const file = join(folder, `${signer}.jbg`);
          expect(render(file, '--signer', signer)).toMatchObject({ code: 0, err: '' });
          const hex = toHex(new Uint8Array(readFileSync(file)));
          expect(found['agreement']![signer]).toBe(hex);
          expect(render(join(folder, `${signer}.png`), '--signer', signer)).toMatchObject({
            code: 0,
          });
        }
        const verified = countersign(['signature', 'verify', '--data', data]);
        expect(verified).toMatchObject({ code: 0, err: '' });
        expect(verified.out).toMatch(
          /^5 records, all as they were sealed\nlast {2}[0-9a-f]{64}\n.*--last/,
        );
      }
    });
  });

  it('says why a signature is missing, with exit 1, and nothing is written', async () => {
    await withKept((kept, folder) => {
      const data = join(kept, 'sim', 'e02');
      const open = listed(data, '--open');
      expect(open).toMatchObject([{ state: 'due', why: 'nothing came' }]);
      const out = join(folder, 'slip.png');
      const render = (rrn: string, ...more: string[]): Ended =>
        countersign(['signature', 'render', '--data', data, '--rrn', rrn, '-o', out, ...more]);
      expect(render(open[0]!.rrn)).toEqual({
        code: 1,
        out: '',
        err: `no signature of ${open[0]!.rrn} is stored: nothing came\n`,
      });
      const exempt = listed(data).find(({ state }) => state === 'exempt')!;
      expect(render(exempt.rrn)).toMatchObject({
        code: 1,
        err: expect.stringContaining('(chen)') as string,
      });
      expect(render(exempt.rrn, '--signer', 'holder')).toMatchObject({
        code: 1,
        err: `no agreement on ${exempt.rrn} is filed\n`,
      });
      expect(() => statSync(out)).toThrow();
      const table = countersign(['signature', 'list', '--data', data, '--open']);
      expect(table.out.split('\n')).toHaveLength(3);
    });
  });

  it('that was changed is found out, by its chain or by the last hash', async () => {
    await withKept((kept) => {
      const data = join(kept, 'sim', 'e02');
      const file = join(data, 'host-journal.jsonl');
      const whole = readFileSync(file, 'utf8');
      const verify = (...more: string[]): Ended =>
        countersign(['signature', 'verify', '--data', data, ...more]);
      const last = /last {2}([0-9a-f]{64})/.exec(verify().out)![1]!;
      expect(verify('--last', last)).toMatchObject({
        code: 0,
        out: expect.stringMatching(/\nas noted after record \d+, the last one\n/) as string,
      });
      // A flipped byte breaks the checksum of its line.
      writeFileSync(file, whole.replace('signed', 'singed').replace('已签', '未签'));
      expect(verify()).toMatchObject({
        code: 1,
        out: expect.stringMatching(
          /^broken: .*host-journal\.jsonl, record \d+ \(byte \d+\)\n$/,
        ) as string,
      });
      // Records cut off at the end can only be seen with the last hash.
      const lines = whole.trimEnd().split('\n');
      const keep = lines.slice(
        0,
        lines.findIndex((line) => line.includes('signature-exempted')),
      );
      writeFileSync(file, `${keep.join('\n')}\n`);
      const cut = verify();
      expect(cut.code).toBe(0);
      const before = /last {2}([0-9a-f]{64})/.exec(cut.out)![1]!;
      expect(verify('--last', last)).toMatchObject({
        code: 1,
        out: expect.stringContaining('broken') as string,
      });
      expect(verify('--last', '00').code).toBe(2);
      writeFileSync(file, whole);
      expect(verify('--last', before)).toMatchObject({
        code: 0,
        out: expect.stringMatching(/as noted after record \d+; \d+ records? since then/) as string,
      });
      // A torn end is what a host that is writing leaves: it is passed over, and stays.
      writeFileSync(file, `${whole}0123456789abcdef [{"ki`);
      expect(verify('--last', last)).toMatchObject({
        code: 0,
        out: expect.stringContaining('not whole was passed over') as string,
      });
      expect(readFileSync(file, 'utf8')).toMatch(/\[\{"ki$/);
    });
  });

  it('that was forged with its checksum is shown with a warning and exit 1', async () => {
    await withKept((kept, folder) => {
      const data = join(kept, 'sim', 'e02');
      const file = join(data, 'host-journal.jsonl');
      const lines = readFileSync(file, 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => {
          const json = line.slice(17).replace('"amountFen":6000,', '"amountFen":96000,');
          return `${createHash('sha256').update(json).digest('hex').slice(0, 16)} ${json}`;
        });
      writeFileSync(file, `${lines.join('\n')}\n`);
      const { rrn } = JSON.parse(
        countersign(['signature', 'list', '--data', data, '--json'])
          .out.split('\n')
          .find((line) => line.includes('"960.00"'))!,
      ) as Listed;
      for (const args of [
        ['list', '--data', data],
        ['render', '--data', data, '--rrn', rrn, '-o', join(folder, 'slip.txt')],
        ['render', '--data', data, '--rrn', rrn, '-o', join(folder, 'slip.json')],
      ]) {
        const ended = countersign(['signature', ...args]);
        expect([args[0], ended.code]).toEqual([args[0], 1]);
        expect(ended.err).toMatch(/^warning: the archive is not as it was sealed: record \d+, /);
      }
      expect(countersign(['signature', 'verify', '--data', data])).toMatchObject({ code: 1 });
    });
  });

  it('that is not there, or is asked in a wrong way, ends with 2 and a hint', async () => {
    await withKept((kept, folder) => {
      const data = join(kept, 'sim', 'e02');
      expect(countersign(['signature', 'list', '--data', kept]).err).toMatch(/such as .*e0[29]/);
      for (const args of [
        ['list', '--data', kept],
        ['list', '--data', join(folder, 'nothing')],
        ['verify', '--data', folder],
        ['render', '--data', data, '-o', 'x.png'],
        ['render', '--data', data, '--rrn', '999999999999', '-o', 'x.png'],
        ['render', '--data', data, '--rrn', '1', '-o', 'x.gif'],
        ['render', '--rrn', '1', '-o', 'x.png'],
        ['render', '--signer', 'holder', '-o', 'x.png'],
        ['render', '--data', data, '--rrn', '1', '--signer', 'somebody', '-o', 'x.png'],
        ['render', '--data', data, '--rrn', '1', '--signer', 'holder', '-o', 'x.json'],
        ['render', 'up.hex', '--data', data, '--rrn', '1', '-o', 'x.png'],
      ]) {
        const ended = countersign(['signature', ...args], { cwd: folder });
        expect([args.join(' '), ended.code]).toEqual([args.join(' '), 2]);
        expect(ended.err).toContain('hint:');
      }
      expect(
        countersign(['run', 'g01', '--host', 'tcp://127.0.0.1:1', '--keep', 'x']).err,
      ).toContain('--keep with --host');
      const both = countersign(['run', 'g01', '--host', 'tcp://127.0.0.1:1', '--target', 'sim']);
      expect([both.code, both.err]).toEqual([2, expect.stringContaining('--target with --host')]);
    });
  });
});

describe('the archive of a host that serves', () => {
  it('is read while it runs, with the signatures of a terminal in another process', async () => {
    await inFolder(async (folder) => {
      const data = join(folder, 'data');
      const host = start(['serve', '--port', '0', '--data', data]);
      const [, url = ''] = await host.until(/host listens on (tcp:\/\/\S+)/);
      const replay = ['run', 'e05', '--host', url, '--response-timeout', '1500'];
      const run = countersign([...replay, '--out', join(folder, 'report')]);
      expect(run.out + run.err).toContain('1 passed, 0 failed');
      const stored = listed(data).filter(({ state }) => state === 'stored');
      expect(stored.length).toBeGreaterThan(0);
      const out = join(folder, 'slip.png');
      const { rrn } = stored[0]!;
      const args = ['signature', 'render', '--data', data, '--rrn', rrn, '-o', out];
      expect(countersign(args)).toEqual({ code: 0, out: '', err: '' });
      expect(countersign(['signature', 'verify', '--data', data]).code).toBe(0);
      host.process.kill('SIGINT');
      expect(await host.over).toBe(130);
    });
  });
});

describe('a dialect for a run and for a host', () => {
  it('is spoken by both; a case of another dialect is left out with the reason', async () => {
    await inFolder(async (folder) => {
      const out = ['--out', join(folder, 'report')];
      const dialect = ['--dialect', 'unionpay-pos-esign-0920'];
      const host = start(['serve', '--port', '0', ...dialect]);
      const [, url = ''] = await host.until(/host listens on (tcp:\/\/\S+)/);
      const [tryIt] = await host.until(/npx countersign run g01 .*/);
      expect(tryIt).toContain('--dialect unionpay-pos-esign-0920');
      const right = countersign(['run', 'e10', '--host', url, ...dialect, ...out]);
      expect(right.out + right.err).toContain('1 passed, 0 failed');
      const wrong = countersign(['run', 'e10', 'g01', '--host', url, ...out]);
      expect(wrong.out).toContain('the case is in the dialect unionpay-pos-esign-0920');
      const other = countersign(['run', 'e01', '--target', 'sim', ...dialect, ...out]);
      expect(other.code).toBe(1);
      expect(other.out).toContain('got 0920 0930 0200 0210');
      const replay = /replay {2}(.*)/.exec(other.out)![1]!;
      expect(replay).toContain('--dialect unionpay-pos-esign-0920');
      host.process.kill('SIGINT');
      await host.over;
    });
  });

  it('that is not there is a clear error of run and of serve', () => {
    for (const command of [
      ['run', 'g01', '--target', 'sim'],
      ['serve', '--port', '0'],
    ]) {
      const ended = countersign([...command, '--dialect', 'unionpay-pso']);
      expect(ended.code).toBe(2);
      expect(ended.err).toMatch(/E_DIALECT_UNKNOWN[^]*hint: .*unionpay-pos/);
    }
  });
});

describe('countersign signature sample and draw', () => {
  let strokes = '';
  beforeAll(() => {
    strokes = countersign(['signature', 'sample', '--seed', '7', '-o', '-']).out;
  });

  it('draws invented strokes in the size of a terminal, with a feature code', async () => {
    await inFolder((folder) => {
      const input = join(folder, 'strokes.json');
      writeFileSync(input, strokes);
      for (const [ending, size, width] of [
        ['pbm', '320x138', 320],
        ['jbg', '128x64', 128],
      ] as const) {
        const out = join(folder, `pen.${ending}`);
        const args = [input, '-o', out, '--size', size, '--feature', '00151007'];
        expect(countersign(['signature', 'draw', ...args])).toEqual({ code: 0, out: '', err: '' });
        const bytes = new Uint8Array(readFileSync(out));
        const bitmap = ending === 'pbm' ? readPortableBitmap(bytes) : decodeJbig(bytes).bitmap;
        expect(bitmap.width).toBe(width);
      }
      const png = join(folder, 'pen.png');
      expect(countersign(['signature', 'draw', '-', '-o', png], { input: strokes }).code).toBe(0);
      expect(readFileSync(png).subarray(1, 4).toString()).toBe('PNG');
    });
  });

  it('is the same for a seed and another for another', () => {
    const again = countersign(['signature', 'sample', '--seed', '7', '-o', '-']).out;
    expect(again).toBe(strokes);
    expect(countersign(['signature', 'sample', '--seed', '8', '-o', '-']).out).not.toBe(strokes);
    const latin = countersign([
      'signature',
      'sample',
      '--seed',
      '7',
      '--script',
      'latin',
      '-o',
      '-',
    ]);
    expect(latin.out).not.toBe(strokes);
  });

  it.each([
    [['-o', 'x.gif'], 'E_USAGE'],
    [['-o', 'x.pbm', '--size', '12x'], 'E_USAGE'],
    [['-o', 'x.pbm', '--size', '320'], 'E_USAGE'],
    [['-o', 'x.pbm', '--size', '1024x1024'], 'E_USAGE'],
    [['-o', 'x.pbm', '--size', '4294967295x1'], 'E_USAGE'],
    [['-o', 'x.pbm', '--pen', '3'], 'E_USAGE'],
    [['-o', 'x.pbm', '--feature', '12'], 'E_USAGE'],
  ])('with %j ends with 2', (args, code) => {
    const ended = countersign(['signature', 'draw', '-', ...args], { input: strokes });
    expect(ended).toMatchObject({ code: 2, out: '' });
    expect(ended.err).toContain(code);
    expect(ended.err).toContain('hint:');
  });

  it('of nothing is refused: a white picture is no signature', () => {
    const ended = countersign(['signature', 'draw', '-', '-o', 'x.pbm'], { input: '[]' });
    expect(ended).toMatchObject({ code: 2, out: '' });
    expect(ended.err).toContain('E_SIGNATURE_EMPTY');
  });

  it.each(['', '{', '{"strokes":1}', '[[{"x":1}]]', '\u0000'])(
    'with %j for strokes says where',
    (input) => {
      const ended = countersign(['signature', 'draw', '-', '-o', 'x.pbm'], { input });
      expect(ended).toMatchObject({ code: 2, out: '' });
      expect(ended.err).toContain('E_STROKES');
    },
  );
});
