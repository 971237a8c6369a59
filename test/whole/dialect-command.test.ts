import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SHIPPED_SOURCES, shippedDialect } from '../../protocol/dialects/shipped.ts';
import { messageVector } from '../vectors.ts';
import { inFolder, type Ended } from './command-line.ts';
import { countersign } from './in-thread.ts';

const SALE = messageVector('sale-mag-pin-request').hex;
const IDS = SHIPPED_SOURCES.map(({ id }) => id);

function patched(patch: string): string {
  return `{\n  "id": "mine",\n  "title": "Mine",\n  "extends": "unionpay-pos",\n  "patch": ${patch}\n}`;
}

/** Runs a command in a folder that holds mine.json. */
async function withFile(text: string, ...args: string[]): Promise<Ended> {
  return inFolder((cwd) => {
    writeFileSync(join(cwd, 'mine.json'), text);
    return countersign(args, { cwd });
  });
}

describe('countersign dialect list', () => {
  it('names the six shipped dialects and what they extend', () => {
    const { code, out, err } = countersign(['dialect', 'list']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const lines = out.trimEnd().split('\n');
    expect(lines.map((line) => line.split(' ')[0])).toEqual(IDS);
    for (const [at, { title, extends: base }] of SHIPPED_SOURCES.entries()) {
      expect(lines[at]).toContain(title);
      expect(lines[at]!.includes(`(extends ${base ?? ''}`)).toBe(base !== undefined);
    }
  });
});

describe('countersign dialect show', () => {
  it.each(IDS)('prints %s as JSON that is a dialect file again', async (id) => {
    const { code, out, err } = countersign(['dialect', 'show', id]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(JSON.parse(out)).toEqual(shippedDialect(id));
    const checked = await withFile(out, 'dialect', 'check', 'mine.json');
    expect(checked).toMatchObject({ code: 0, err: '' });
  });

  it('prints a file with what it extends, or why it cannot', async () => {
    const good = patched('{ "fields": { "41": { "name": "Till" } } }');
    const { code, out } = await withFile(good, 'dialect', 'show', 'mine.json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      id: 'mine',
      fields: { 41: { name: 'Till', length: 8 } },
    });
    const unknown = countersign(['dialect', 'show', 'unionpay-pso']);
    expect(unknown).toMatchObject({ code: 2, out: '' });
    expect(unknown.err).toContain('E_DIALECT_UNKNOWN');
    expect(unknown.err).toContain('did you mean "unionpay-pos"');
  });
});

describe('countersign dialect check', () => {
  const spoilt = patched(
    '{\n    "fields": {\n      "41": { "clas": "an" },\n      "42": { "class": "anns" }\n    }\n  }',
  );

  it('counts what a good dialect has, a shipped one or a file', async () => {
    const { code, out } = countersign(['dialect', 'check', 'unionpay-pos']);
    expect(code).toBe(0);
    expect(out).toMatch(/^unionpay-pos: UnionPay-style .*; \d+ fields, \d+ transactions\n$/);
    const file = await withFile(patched('{}'), 'dialect', 'check', 'mine.json');
    expect(file).toEqual({ code: 0, out: out.replace(/^.*?; /, 'mine: Mine; '), err: '' });
    const json = await withFile(patched('{}'), 'dialect', 'check', '--json', 'mine.json');
    expect(JSON.parse(json.out)).toEqual({
      id: 'mine',
      title: 'Mine',
      fields: Number(/; (\d+) fields/.exec(out)?.[1]),
      transactions: Number(/(\d+) trans/.exec(out)?.[1]),
    });
  });

  it('ends with 2 and names every mistake with its line, reason and a hint', async () => {
    const { code, out, err } = await withFile(spoilt, 'dialect', 'check', 'mine.json');
    expect({ code, err }).toEqual({ code: 2, err: '' });
    expect(out.split('\n')).toEqual([
      'mine.json:7:15  fields.41.clas: there is no such member',
      expect.stringMatching(/^ {2}hint: did you mean "class"\?/),
      'mine.json:8:15  fields.42.class: "anns" is not possible',
      expect.stringMatching(/^ {2}hint: did you mean "ans"\?/),
      '',
    ]);
  });

  it('prints one JSON object a mistake', async () => {
    const { code, out, err } = await withFile(spoilt, 'dialect', 'check', '--json', 'mine.json');
    expect({ code, err }).toEqual({ code: 2, err: '' });
    const [first, second, ...more] = out.trimEnd().split('\n');
    expect(more).toEqual([]);
    expect(JSON.parse(first!)).toEqual({
      error: {
        code: 'E_DIALECT',
        message: 'fields.41.clas: there is no such member',
        file: 'mine.json',
        line: 7,
        column: 15,
        hint: expect.stringMatching(/^did you mean "class"\?/),
      },
    });
    expect(JSON.parse(second!)).toMatchObject({ error: { line: 8, column: 15 } });
  });

  it.each([
    ['broken JSON', '{ "id": }', 'E_JSON'],
    ['an unknown base', patched('{}').replace('unionpay-pos', 'nobody'), 'E_DIALECT_UNKNOWN'],
    ['a cycle', patched('{}').replace('unionpay-pos', './mine.json'), 'E_DIALECT_CYCLE'],
    ['a missing base', patched('{}').replace('unionpay-pos', './none.json'), 'E_FILE'],
  ])('refuses %s in words and as a JSON object', async (_what, text, error) => {
    const words = await withFile(text, 'dialect', 'check', 'mine.json');
    expect(words.code).toBe(2);
    expect(words.out + words.err).toMatch(new RegExp(`${error} .*\n +hint: .`));
    const json = await withFile(text, 'dialect', 'check', '--json', 'mine.json');
    expect(json.code).toBe(2);
    expect(JSON.parse(json.out === '' ? 'null' : json.out)).toMatchObject({
      error: { code: error, hint: expect.any(String) },
    });
  });

  it('refuses a folder and a file that is not there', async () => {
    await inFolder((cwd) => {
      mkdirSync(join(cwd, 'folder.json'));
      for (const name of ['folder.json', './none.json']) {
        const { code, out, err } = countersign(['dialect', 'check', name], { cwd });
        expect({ code, out }).toEqual({ code: 2, out: '' });
        expect(err).toContain(`E_FILE  a file cannot be read or written: ${name}`);
      }
    });
  });

  it('refuses a variant that asks for its own inside, before a message meets it', async () => {
    const variant = '"name": "x", "zh": "x", "when": { "path": "60.1", "is": ["22"] }';
    const text = patched(`{ "fields": { "60": { "variants": { "x": { ${variant} } } } } }`);
    const checked = await withFile(text, 'dialect', 'check', 'mine.json');
    expect(checked).toMatchObject({ code: 2, err: '' });
    expect(checked.out).toContain('60');
    const used = await withFile(text, 'decode', '--dialect', 'mine.json', SALE);
    expect(used.code).toBe(2);
    expect(used.err).toMatch(/^E_DIALECT /);
  });

  it('does not break over a patch that takes everything away', async () => {
    const text = patched('{ "framing": null, "rules": null, "match": null, "leniencies": null }');
    const checked = await withFile(text, 'dialect', 'check', 'mine.json');
    const used = await withFile(text, 'decode', '--dialect', 'mine.json', SALE);
    for (const { code, err } of [checked, used]) {
      expect(err).not.toContain('E_INTERNAL');
      expect([0, 1, 2]).toContain(code);
    }
    expect(used.code === 2).toBe(checked.code === 2);
  });
});

describe('a dialect file', () => {
  it('is taken by every command that reads messages, quietly', async () => {
    const good = patched('{ "fields": { "41": { "name": "Till" } } }');
    await inFolder((cwd) => {
      writeFileSync(join(cwd, 'mine.json'), good);
      const dialect = ['--dialect', 'mine.json'];
      const decoded = countersign(['decode', ...dialect, SALE], { cwd });
      expect(decoded).toMatchObject({ code: 0, err: '' });
      expect(decoded.out).toContain('Till');
      for (const args of [
        ['diff', ...dialect, SALE, SALE],
        ['redact', ...dialect, SALE],
        ['encode', ...dialect, '{"mti":"0820","fields":{}}'],
      ]) {
        expect([args[0], countersign(args, { cwd })]).toMatchObject([
          args[0],
          { code: 0, err: '' },
        ]);
      }
    });
  });

  it.each(['decode', 'diff', 'redact', 'encode', 'identify'])(
    'with a mistake is refused by %s before it reads a message',
    async (command) => {
      const spoilt = patched('{\n    "fields": { "41": { "clas": "an" } }\n  }');
      const message = command === 'encode' ? '{"mti":"0820","fields":{}}' : SALE;
      const two = command === 'diff' ? [message, message] : [message];
      const { code, out, err } = await withFile(spoilt, command, ...two, '--dialect', 'mine.json');
      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(err).toMatch(/^E_DIALECT .*fields\.41\.clas: .* at mine\.json:6:25\n +hint: did you/);
    },
  );
});

describe('--help', () => {
  it.each([
    [['decode'], ['--dialect', '--lenient', '--json', '--unmask', 'standard input']],
    [['encode'], ['--dialect', '--json', 'standard input']],
    [['diff'], ['--dialect', '--lenient', '--json', '--unmask', 'left', 'right']],
    [['redact'], ['--dialect', '--json', 'standard input']],
    [['identify'], ['--dialect', '--top', '--json', 'standard input']],
    [['dialect'], ['list', 'show', 'check']],
    [['dialect', 'list'], ['shipped']],
    [
      ['dialect', 'show'],
      ['<name>', 'JSON'],
    ],
    [
      ['dialect', 'check'],
      ['<file>', '--json', 'line'],
    ],
    [[], ['decode', 'encode', 'diff', 'redact', 'identify', 'dialect', 'Exit codes']],
  ])('of %j names its options', (command, words) => {
    const { code, out, err } = countersign([...command, '--help']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(words.filter((word) => !out.includes(word))).toEqual([]);
    expect(out).toMatch(new RegExp(`^Usage: ${['countersign', ...command].join(' ')} `));
  });

  it('is offered for an unknown option or command', () => {
    for (const args of [
      ['decode', '--unmusk', SALE],
      ['dialect', 'chek', 'x'],
      ['decod', SALE],
    ]) {
      const { code, err } = countersign(args);
      expect(code).toBe(2);
      expect(err).toMatch(/Did you mean|--help/);
      expect(err).not.toContain(PAN);
    }
  });
});

const PAN = '6225881234567898';
