import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decoded, secretsOf } from '../protocol/vector-secrets.ts';
import { messageVector, messageVectors } from '../vectors.ts';
import { inFolder, type Ended } from './command-line.ts';
import { countersign } from './in-thread.ts';

const VECTORS = messageVectors.messages;
const ALL = VECTORS.map(({ hex }) => hex).join('\n');
const SALE = messageVector('sale-mag-pin-request').hex;
const PAN = '6225881234567898';
const PIN_BLOCK = 'BB4811E7B532AB3F';
/** Its track has F where the pad nibble is due. */
const BAD_PAD = messageVector('observed-sale-contactless-nopin-request').hex;

type Json = Record<string, unknown>;

/** One JSON object a line. */
function objects({ out }: Ended): Json[] {
  return out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Json);
}

function errorOf(object: Json | undefined): Json {
  return (object?.['error'] ?? {}) as Json;
}

/** Nothing of what the vectors hide, in any of the outputs. */
function expectNoSecrets(outputs: readonly string[]): void {
  for (const [at, vector] of VECTORS.entries()) {
    const found = secretsOf(decoded(vector)).filter((secret) => outputs[at]!.includes(secret));
    expect([vector.name, found]).toEqual([vector.name, []]);
  }
}

describe('countersign decode, with encode behind it', () => {
  it('gives every vector back, but for the pad nibble that was wrong', () => {
    const json = countersign(['decode', '--json', '--unmask', '--lenient'], { input: ALL });
    const back = objects(countersign(['encode', '--json'], { input: json.out }));
    expect(back).toHaveLength(VECTORS.length);
    const different = VECTORS.filter(({ hex }, at) => back[at]?.['hex'] !== hex);
    expect(different.map(({ name }) => name)).toEqual(['observed-sale-contactless-nopin-request']);
    const at = VECTORS.indexOf(different[0]!);
    expect(back[at]).toEqual({ hex: BAD_PAD.replace('0000000F3733', '000000003733') });
  });

  it('takes JSON as an argument, a file, and standard input, with and without an envelope', async () => {
    const json = '{"mti":"0820","fields":{"11":"000001","41":"10000001"}}';
    const hex = '082000200000008000000000013130303030303031';
    expect(countersign(['encode', json])).toEqual({ code: 0, out: `${hex}\n`, err: '' });
    expect(countersign(['encode'], { input: `# one\n\n${json}\n` }).out).toBe(`${hex}\n`);
    await inFolder((cwd) => {
      writeFileSync(join(cwd, 'one.jsonl'), json);
      expect(countersign(['encode', 'one.jsonl'], { cwd }).out).toBe(`${hex}\n`);
    });
    const enveloped = countersign(['encode', json.replace('{', '{"tpdu":"6000030000",')]);
    expect(enveloped.out).toBe(`6000030000603100310000${hex}\n`);
    const framed = countersign(['encode', json.replace('{', '{"length":0,')]);
    expect(framed.out).toBe(`00206000030000603100310000${hex}\n`);
  });

  it.each(['iso87-ascii', 'iso87-binary'])('works in the dialect %s too', (dialect) => {
    const fields = { 2: PAN, 4: '000000010000', 7: '0102030405', 11: '000001', 28: 'C00000100' };
    const json = JSON.stringify({ mti: '0200', fields });
    const hex = countersign(['encode', '--dialect', dialect, json]).out.trim();
    const [back] = objects(
      countersign(['decode', '--dialect', dialect, '--json', '--unmask', hex]),
    );
    expect(back).toMatchObject({ mti: '0200', fields });
    expect(hex.length % 2).toBe(0);
  });
});

describe('countersign decode', () => {
  it('shows no secret of any vector, in the table or as JSON', () => {
    const json = countersign(['decode', '--json', '--lenient'], { input: ALL });
    expect(json.err).toBe('');
    expectNoSecrets(json.out.trimEnd().split('\n'));
    const table = countersign(['decode', '--lenient'], { input: ALL });
    expect(table.err).toBe('');
    const tables = table.out.split(/\n\n(?=\d{4} {2})/);
    expectNoSecrets(tables);
  });

  it('shows them with --unmask, and warns on standard error', () => {
    const { code, out, err } = countersign(['decode', '--json', '--unmask', SALE]);
    expect(code).toBe(0);
    expect(err).toMatch(/^warning: --unmask .*card data/);
    expect(objects({ code, out, err })[0]).toMatchObject({
      fields: { 35: `${PAN}D3012101123456789000`, 52: PIN_BLOCK, '60.2': '000001' },
    });
    expect(countersign(['decode', '--unmask', SALE]).out).toContain(PIN_BLOCK);
    expect(countersign(['decode', SALE]).err).toBe('');
  });

  it('answers every line of a batch in order, the damaged ones with their line', () => {
    const input = `# comment\n${SALE}\n  \nzz\n${SALE.slice(0, 100)}\r\n  # more\n  ${SALE}  \n`;
    const ended = countersign(['decode', '--json'], { input });
    expect(ended).toMatchObject({ code: 1, err: '' });
    const [first, second, third, fourth, ...more] = objects(ended);
    expect(more).toEqual([]);
    expect(first).toMatchObject({ mti: '0200' });
    expect(first).not.toHaveProperty('error');
    expect(second).toEqual({
      error: {
        code: 'E_HEX',
        message: expect.stringContaining('"z" at position 0'),
        hint: expect.stringContaining('0-9 A-F'),
        line: 4,
      },
    });
    expect(errorOf(third)).toMatchObject({ code: 'E_FRAME_LENGTH', offset: 0, line: 5 });
    expect(fourth).toEqual(first);
    const table = countersign(['decode'], { input });
    expect(table.code).toBe(1);
    expect(table.out.match(/^line \d+: E_\w+/gm)).toEqual([
      'line 4: E_HEX',
      'line 5: E_FRAME_LENGTH',
    ]);
  });

  it('names no line for the only message', () => {
    const [only] = objects(countersign(['decode', '--json', 'zz00'.replace('zz', '02')]));
    expect(errorOf(only)).toMatchObject({ code: expect.stringMatching(/^E_/) });
    expect(errorOf(only)).not.toHaveProperty('line');
  });

  it('is strict, and with --lenient warns of the same at the same place', () => {
    const strict = countersign(['decode', '--json', BAD_PAD]);
    expect(strict.code).toBe(1);
    const error = errorOf(objects(strict)[0]);
    expect(error).toMatchObject({ code: 'E_BAD_PAD', path: '35', offset: 72 });
    const lenient = countersign(['decode', '--json', '--lenient', BAD_PAD]);
    expect(lenient.code).toBe(0);
    const [message] = objects(lenient);
    expect(message).not.toHaveProperty('error');
    expect(message?.['warnings']).toMatchObject([
      { leniency: 'pad-nibble', code: 'E_BAD_PAD', path: '35', offset: 72 },
    ]);
    const table = countersign(['decode', '--lenient', BAD_PAD]).out;
    expect(table).toContain('warning: leniency pad-nibble: field 35, byte 72');
  });

  it('says of every warning what is wrong, as it says of every error', () => {
    for (const { hex } of VECTORS) {
      const { warnings = [] } = objects(countersign(['decode', '--json', '--lenient', hex]))[0]!;
      for (const warning of warnings as Json[]) expect(warning['message']).not.toBe('');
    }
  });

  it('says of an error that --lenient would accept it', () => {
    const names = [
      'observed-sale-contactless-nopin-request',
      'observed-sale-contactless-sm4-request',
    ];
    for (const name of names) {
      const [object] = objects(countersign(['decode', '--json', messageVector(name).hex]));
      expect([name, errorOf(object)['hint']]).toEqual([name, expect.stringContaining('--lenient')]);
    }
  });

  it('tells findings that a leniency accepts from those that none does', () => {
    const { hex } = messageVector('observed-sale-qpboc-request');
    const codes = ({ errors = [] }: Json): unknown[] =>
      (errors as Json[]).map(({ code, path, offset }) => [code, path, offset]);
    const strict = countersign(['decode', '--json', hex]);
    expect(strict.code).toBe(1);
    expect(codes(objects(strict)[0]!)).toEqual([
      ['E_TLV_TRUNCATED', '59.12', 263],
      ['E_FIELD_FORBIDDEN', '48', 93],
      ['E_FIELD_LENGTH', '60', 411],
    ]);
    const lenient = countersign(['decode', '--json', '--lenient', hex]);
    expect(lenient.code).toBe(1);
    const [message] = objects(lenient);
    expect(errorOf(message)).toMatchObject({ code: 'E_FIELD_FORBIDDEN', path: '48', offset: 93 });
    expect(message?.['warnings']).toMatchObject([
      { leniency: 'free-text', code: 'E_TLV_TRUNCATED', path: '59.12', offset: 263 },
      { leniency: 'f60-length', code: 'E_FIELD_LENGTH', path: '60', offset: 411 },
    ]);
  });

  it('finds rules broken in these observed vectors only, and in none of the patched dialects', () => {
    const ended = objects(countersign(['decode', '--json', '--lenient'], { input: ALL }));
    const broken = VECTORS.filter((_, at) => ended[at]?.['error'] !== undefined);
    expect(broken.map(({ name }) => name.replace('observed-', ''))).toEqual([
      'sale-qpboc-request',
      'signin-request-sm4-005',
      'signin-response-sm4-005',
      'sale-contactless-sm4-request',
      'esign-upload-0920-private',
      'esign-upload-0930-private',
      'sale-ic-response',
      'signin-request-minimal',
      'private-0800-196-request',
      'qr-sale-request-with-mac',
    ]);
    for (const [dialect, name] of [
      ['unionpay-pos-esign-0920', 'observed-esign-upload-0920-private'],
      ['unionpay-pos-esign-0920', 'observed-esign-upload-0930-private'],
      ['unionpay-pos-qr-a', 'observed-qr-sale-request-with-mac'],
    ] as const) {
      const { code } = countersign(['decode', '--dialect', dialect, messageVector(name).hex]);
      expect([name, code]).toEqual([name, 0]);
    }
  });
});

describe('countersign encode', () => {
  it('answers every line of a batch, errors with code, path and hint', () => {
    const lines = [
      '{"mti":"0200","fields":{"3":"00000A"}}',
      '# comment',
      `{"mti":"0200","fields":{"2":"${PAN}"`,
      '[]',
      '{"mti":"02","fields":{}}',
      '{"mti":"0200","fields":{"5":"1"}}',
      '{"mti":"0200","fields":{"41.1":"1"}}',
      '{"mti":"0200","fields":{"2":"62258812345678987654"}}',
      '{"mti":"0200","fields":{"11":"000001"}}',
    ];
    const ended = countersign(['encode', '--json'], { input: lines.join('\n') });
    expect(ended).toMatchObject({ code: 1, err: '' });
    const found = objects(ended);
    expect(
      found.map((each) => errorOf(each)).map(({ code, path, line }) => [code, path, line]),
    ).toEqual([
      ['E_FIELD_VALUE', '3', 1],
      ['E_JSON', undefined, 3],
      ['E_JSON', undefined, 4],
      ['E_BAD_MTI', expect.stringMatching(/^mti$/i), 5],
      ['E_UNDEFINED_FIELD', '5', 6],
      ['E_PATH', '41.1', 7],
      ['E_LENGTH_OVER_MAX', '2', 8],
      [undefined, undefined, undefined],
    ]);
    for (const each of found.slice(0, -1)) expect(errorOf(each)['hint']).toMatch(/\w{3}/);
    expect(found.at(-1)).toEqual({ hex: '02000020000000000000000001' });
    expect(ended.out).not.toContain(PAN);
    const text = countersign(['encode'], { input: lines.join('\n') });
    expect(text.code).toBe(1);
    expect(text.out).toBe('02000020000000000000000001\n');
    expect(text.err.match(/^line \d+: E_\w+/gm)).toHaveLength(7);
    expect(text.err.match(/^ {2}hint: ./gm)).toHaveLength(7);
    expect(text.err).not.toContain(PAN);
  });

  it.each([
    'sale-mag-pin-request',
    'sale-ic-request',
    'signin-004-response',
    'sale-mag-encrypted-track-request',
  ])('refuses the masked %s and says that it is masked', (name) => {
    const masked = countersign(['decode', '--json', messageVector(name).hex]).out;
    const ended = countersign(['encode', '--json'], { input: masked });
    expect(ended.code).toBe(1);
    const error = errorOf(objects(ended)[0]);
    expect(error['code']).toBe('E_FIELD_VALUE');
    // The first field that is hidden, whichever comes first.
    expect(error['path']).toMatch(/^(?:2|35|52|62)$/);
    expect(`${String(error['message'])} ${String(error['hint'])}`).toContain('mask');
  });

  it('ends with 2 when there is nothing to encode, or what it is cannot be told', () => {
    expect(countersign(['encode'], { input: '' })).toMatchObject({ code: 2 });
    expect(countersign(['encode', 'none.json']).err).toContain('E_FILE');
    const secret = countersign(['encode', `[{"mti":"0200","fields":{"2":"${PAN}"}}]`]);
    expect(secret.code).toBe(2);
    expect(secret.err).not.toContain(PAN);
  });
});
