import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decoded, secretsOf } from '../protocol/vector-secrets.ts';
import { messageVector, messageVectors } from '../vectors.ts';
import { inFolder } from './command-line.ts';
import { countersign } from './in-thread.ts';

const VECTORS = messageVectors.messages;
const SALE = messageVector('sale-mag-pin-request').hex;
const CHIP = messageVector('sale-ic-request').hex;
const PAN = '6225881234567898';
const PIN_BLOCK = 'BB4811E7B532AB3F';

type Json = Record<string, unknown>;

function objects(out: string): Json[] {
  return out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Json);
}

interface Reading extends Json {
  readonly score: number;
}

/** The readings of the only message. */
function readingsIn(out: string): Reading[] {
  return objects(out)[0]!['readings'] as Reading[];
}

describe('countersign diff', () => {
  it('ends with 0 when both say the same, framed or not, as arguments or in one file', async () => {
    const same = { code: 0, out: 'the messages say the same\n', err: '' };
    expect(countersign(['diff', SALE, SALE])).toEqual(same);
    expect(countersign(['diff', SALE, SALE.slice(4)])).toEqual(same);
    expect(countersign(['diff', '-'], { input: `${SALE}\n# twice\n${SALE}\n` })).toEqual(same);
    await inFolder((cwd) => {
      writeFileSync(join(cwd, 'two.txt'), `${SALE}\n${SALE}\n`);
      expect(countersign(['diff', 'two.txt'], { cwd })).toEqual(same);
    });
    const json = countersign(['diff', '--json', SALE, SALE]);
    expect(json).toEqual({ code: 0, out: '{"differences":[]}\n', err: '' });
  });

  it('ends with 1 when they differ, and shows where, card data masked', () => {
    const { code, out, err } = countersign(['diff', SALE, CHIP]);
    expect({ code, err }).toEqual({ code: 1, err: '' });
    expect(out).toMatch(/^2 +PAN +\(absent\) {2}→ {2}622848\*{9}9011\n/);
    expect(out).toMatch(/^22\.1 +PAN entry +02 {2}→ {2}05$/m);
    expect(out).toMatch(/^52 +PIN block +\(8 bytes, hidden\) {2}\(differs where it is hidden\)$/m);
    expect(out).toMatch(/\n\d+ different\n$/);
    for (const name of ['sale-mag-pin-request', 'sale-ic-request']) {
      const secrets = secretsOf(decoded(messageVector(name)));
      expect(secrets.filter((secret) => out.includes(secret))).toEqual([]);
    }
    const [json] = objects(countersign(['diff', '--json', SALE, CHIP]).out);
    expect(json?.['differences']).toEqual(
      expect.arrayContaining([
        { path: '22.1', name: 'PAN entry', left: '02', right: '05' },
        { path: '52', name: 'PIN block', left: HIDDEN, right: HIDDEN, isHidden: true },
      ]),
    );
  });

  it('shows all with --unmask, and warns', () => {
    const other = SALE.replace(PIN_BLOCK, PIN_BLOCK.replace('B', 'A'));
    const { code, out, err } = countersign(['diff', '--unmask', SALE, other]);
    expect(code).toBe(1);
    expect(err).toMatch(/^warning: --unmask/);
    expect(out).toMatch(new RegExp(`^52 +PIN block +${PIN_BLOCK} {2}→ {2}AB4811E7B532AB3F\n`));
  });

  it('compares TPDU and header as well', () => {
    const other = SALE.replace('6000030000603100310000', '6000040000603100310001');
    const [json] = objects(countersign(['diff', '--json', SALE, other]).out);
    expect(json?.['differences']).toEqual([
      { path: 'tpdu', name: 'TPDU', left: '6000030000', right: '6000040000' },
      { path: 'header', name: 'header', left: '603100310000', right: '603100310001' },
    ]);
    const bare = objects(countersign(['diff', '--json', SALE, SALE.slice(26)]).out)[0];
    expect(bare?.['differences']).toMatchObject([{ path: 'tpdu' }, { path: 'header' }]);
    expect(JSON.stringify(bare)).not.toContain('right');
  });

  it('reads leniently when it is told to', () => {
    const { hex } = messageVector('observed-sale-contactless-nopin-request');
    expect(countersign(['diff', hex, hex]).err).toContain('E_BAD_PAD');
    expect(countersign(['diff', '--lenient', hex, hex]).code).toBe(0);
  });

  it('ends with 2 when there are not two messages', () => {
    for (const [args, input] of [
      [[SALE], ''],
      [[SALE, '-'], `${SALE}\n${SALE}\n`],
      [['-'], `${SALE}\n${SALE}\n${SALE}\n`],
    ] as const) {
      const { code, out, err } = countersign(['diff', ...args], { input });
      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(err).toMatch(/E_USAGE .*\d messages where two are due/);
      expect(err).toContain('hint: give two messages');
    }
    expect(countersign(['diff', SALE, 'none.txt']).err).toContain('E_FILE');
  });

  it('says which of the two is damaged, as JSON when JSON is wanted', () => {
    const damaged = SALE.slice(0, 100);
    const text = countersign(['diff', SALE, damaged]);
    expect(text.code).not.toBe(0);
    expect(text.out + text.err).toMatch(/E_FRAME_LENGTH/);
    expect(text.out + text.err).toMatch(/right|second|line 2/);
    const json = countersign(['diff', '--json', SALE, damaged]);
    expect(json.code).not.toBe(0);
    expect(objects(json.out)).toMatchObject([{ error: { code: 'E_FRAME_LENGTH', offset: 0 } }]);
  });
});

const HIDDEN = '(8 bytes, hidden)';

describe('countersign redact', () => {
  const all = VECTORS.map(({ hex }) => hex).join('\n');

  it('prints every vector as hex of the same length, without any secret', () => {
    const { code, out, err } = countersign(['redact'], { input: all });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const lines = out.trimEnd().split('\n');
    expect(lines.map(({ length }) => length)).toEqual(VECTORS.map(({ hex }) => hex.length));
    for (const [at, vector] of VECTORS.entries()) {
      const found = secretsOf(decoded(vector)).filter((secret) => lines[at]!.includes(secret));
      expect([vector.name, found]).toEqual([vector.name, []]);
      expect(lines[at]!.slice(0, 22)).toBe(vector.hex.slice(0, 22));
    }
    expect(countersign(['redact'], { input: out })).toEqual({ code, out, err });
  });

  it('prints what decodes as before', () => {
    const input = countersign(['redact', '--json'], { input: all })
      .out.trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { hex?: string }).hex ?? 'zz')
      .join('\n');
    const errorsOf = (text: string): unknown[] =>
      objects(countersign(['decode', '--json', '--lenient'], { input: text }).out).map(
        ({ error }) => (error as Json | undefined)?.['code'],
      );
    expect(errorsOf(input)).toEqual(errorsOf(all));
  });

  it('does not print what it cannot read', () => {
    const damaged = [`zz${SALE}`, SALE.slice(0, -2), `${PAN}D30121011`, '02'];
    const input = [...damaged, SALE].join('\n');
    const text = countersign(['redact'], { input });
    expect(text.code).toBe(1);
    expect(text.out.trimEnd().split('\n')).toHaveLength(1);
    expect(text.err.match(/^line [1-4]: E_/gm)).toHaveLength(4);
    const json = countersign(['redact', '--json'], { input });
    expect(json).toMatchObject({ code: 1, err: '' });
    expect(objects(json.out).map(({ error }) => (error as Json | undefined)?.['line'])).toEqual([
      1,
      2,
      3,
      4,
      undefined,
    ]);
    for (const secret of [PAN, PIN_BLOCK, '3012101123456789']) {
      expect(text.out + text.err + json.out).not.toContain(secret);
    }
  });
});

describe('countersign identify', () => {
  const observed = VECTORS.filter(({ name }) => name.startsWith('observed-'));
  const dialectOf = (name: string): string =>
    /esign-upload-09[23]0/.test(name)
      ? 'unionpay-pos-esign-0920'
      : name === 'observed-qr-sale-request-with-mac'
        ? 'unionpay-pos-qr-a'
        : 'unionpay-pos';
  const framingOf = (form = ''): string =>
    `${form.startsWith('tpdu') ? 'no length prefix' : 'two bytes, big-endian'}, TPDU and header`;

  it('names framing and dialect of every observed vector, and why', () => {
    expect(observed).toHaveLength(19);
    const input = observed.map(({ hex }) => hex).join('\n');
    const { code, out, err } = countersign(['identify', '--json'], { input });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const found = objects(out).map(({ readings }) => (readings as Json[])[0]!);
    expect(found.map(({ dialect, framing }) => [dialect, framing])).toEqual(
      observed.map(({ name, form }) => [dialectOf(name), framingOf(form)]),
    );
    for (const { why } of found) expect((why as string[]).join('\n')).toContain('TPDU');
    const text = countersign(['identify'], { input }).out;
    expect(text.match(/^line \d+:$/gm)).toHaveLength(19);
    expect(text.match(/^1\. .*points\)$/gm)).toEqual(
      observed.map(({ name, form }) =>
        expect.stringContaining(`1. ${dialectOf(name)}, ${framingOf(form)}  (`),
      ),
    );
  });

  it('shows no secret while it says why', () => {
    for (const vector of observed) {
      const { out } = countersign(['identify', '--top', '999', vector.hex]);
      const found = secretsOf(decoded(vector)).filter((secret) => out.includes(secret));
      expect([vector.name, found]).toEqual([vector.name, []]);
    }
  });

  it.each([
    ['iso87-ascii', 'four ASCII digits'],
    ['iso87-binary', 'two bytes, big-endian'],
  ])('names %s', (dialect, framing) => {
    const fields = { 2: PAN, 4: '000000010000', 7: '0102030405', 11: '000001' };
    const json = JSON.stringify({ mti: '0200', fields, length: 0 });
    const hex = countersign(['encode', '--dialect', dialect, json]).out.trim();
    const { code, out } = countersign(['identify', '--json', '--top', '1', hex]);
    expect(code).toBe(0);
    expect(objects(out)).toMatchObject([{ readings: [{ dialect, framing, verdict: 'strict' }] }]);
  });

  it('ends with 1 for what nobody reads, and shows how far each came', () => {
    const { code, out } = countersign(['identify', '--top', '2', 'DEADBEEFDEADBEEFDEADBEEF']);
    expect(code).toBe(1);
    expect(out.match(/^\d\. .*\(refused, \d+ points\)$/gm)).toHaveLength(2);
    expect(out).toContain('message type is not four decimal digits');
  });

  it('puts a reading whose prefix is right before the others, and broken rules far behind', () => {
    const [rubbish] = readingsIn(countersign(['identify', '--json', '0008DEADBEEFDEADBEEF']).out);
    expect(rubbish?.['framing']).toBe('two bytes, big-endian');
    const { hex } = messageVector('observed-esign-upload-0920-private');
    const [first, second] = readingsIn(countersign(['identify', '--json', hex]).out);
    expect(second?.['verdict']).toBe('rules broken');
    expect(first!.score - second!.score).toBeGreaterThan(20);
  });

  it('prefers the dialect whose framing it is', async () => {
    await inFolder((cwd) => {
      const framing = { prefix: { encoding: 'ascii', bytes: 4 }, maxFrameBytes: 4096 };
      const patch = { framing };
      const mine = { id: 'mine', title: 'Mine', extends: 'iso87-binary', patch };
      writeFileSync(join(cwd, 'mine.json'), JSON.stringify(mine));
      const json = '{"mti":"0200","fields":{"4":"000000010000","7":"0102030405"},"length":0}';
      const hex = countersign(['encode', '--dialect', 'mine.json', json], { cwd }).out;
      const ended = countersign(['identify', '--json', '--dialect', 'mine.json'], {
        cwd,
        input: hex,
      });
      expect(readingsIn(ended.out).slice(0, 2)).toMatchObject([
        { dialect: 'mine', framing: 'four ASCII digits' },
        { dialect: 'iso87-binary', framing: 'four ASCII digits' },
      ]);
    });
  });

  it('names the line of a damaged one as the other commands do', () => {
    const { code, out } = countersign(['identify', '--json'], { input: `zz\n${SALE}\n` });
    expect(code).toBe(1);
    expect(objects(out)[0]).toMatchObject({ error: { code: 'E_HEX', line: 1 } });
  });

  it('tries dialect files beside the shipped ones', async () => {
    await inFolder((cwd) => {
      const patch = { transactions: { mine: { ...OWN } } };
      const mine = { id: 'mine', title: 'Mine', extends: 'unionpay-pos', patch };
      writeFileSync(join(cwd, 'mine.json'), JSON.stringify(mine));
      const hex = messageVector('observed-private-0800-196-request').hex;
      const ended = countersign(
        ['identify', '--json', '--top', '1', '--dialect', 'mine.json', '--', hex],
        {
          cwd,
        },
      );
      expect(objects(ended.out)[0]).toMatchObject({ readings: [{ dialect: 'mine' }] });
      expect(ended).toMatchObject({ code: 0, err: '' });
    });
  });

  it('does not take the message for another dialect, and never shows it', async () => {
    await inFolder((cwd) => {
      const mine = { id: 'mine', title: 'Mine', extends: 'unionpay-pos' };
      writeFileSync(join(cwd, 'mine.json'), JSON.stringify(mine));
      const ended = countersign(['identify', '--dialect', 'mine.json', SALE], { cwd });
      expect(ended.err + ended.out).not.toContain(PAN);
      expect(ended.code).toBe(0);
    });
  });
});

const OWN = {
  zh: '私有',
  mti: '0800',
  network: ['960'],
  request: 'download',
  answer: 'download-answer',
  echo: [],
};
