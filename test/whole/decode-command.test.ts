import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { messageVector, messageVectors } from '../vectors.ts';
import { inFolder } from './command-line.ts';
import { countersign } from './in-thread.ts';

const CONTACTLESS = messageVector('observed-sale-contactless-nopin-request').hex;
const SALE = messageVector('sale-mag-pin-request').hex;

describe('countersign decode', () => {
  it('prints a table that a tester can read, card data masked', () => {
    const { code, out, err } = countersign(['decode', '--lenient', CONTACTLESS]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^0200 {2}消费请求 {2}sale request\n/);
    expect(out).toMatch(/\n +\d+ +4 .*\d/);
    const pan = messageVector('observed-sale-contactless-nopin-request').fields['2'];
    if (typeof pan === 'string') expect(out).not.toContain(pan);
    expect(out).toMatch(/\d{6}\*{6,}\d{4}/);
    expect(out).not.toMatch(/(?<!\d)\d{16,19}D\d/);
    expect(out).not.toContain('undefined');
  });

  it('takes an argument, a file and standard input, one message a line', async () => {
    await inFolder((folder) => {
      const lines = `# two messages\n${SALE}\n\n${SALE.replaceAll(/(..)/g, '$1 ')}\r\n`;
      writeFileSync(join(folder, 'dump.txt'), lines);
      const byFile = countersign(['decode', 'dump.txt'], { cwd: folder });
      const byInput = countersign(['decode'], { input: lines });
      const byDash = countersign(['decode', '-'], { input: lines });
      const byArgument = countersign(['decode', SALE]);
      expect(byFile.code).toBe(0);
      expect(byFile.out).toBe(`${byArgument.out}\n${byArgument.out}`);
      expect(byInput).toEqual(byFile);
      expect(byDash).toEqual(byFile);
    });
  });

  it('says once of a binary file that it is no text, and takes a comment in GBK', async () => {
    await inFolder((folder) => {
      const file = join(folder, 'slip.png');
      writeFileSync(
        file,
        Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13, 10, 7]),
      );
      for (const command of ['decode', 'redact', 'identify']) {
        const { code, out, err } = countersign([command, 'slip.png'], { cwd: folder });
        expect([command, code, out]).toEqual([command, 2, '']);
        expect(err).toMatch(/^E_HEX .*slip\.png is binary, .*\n +hint: .*xxd -p[^\n]*\n$/);
      }
      expect(countersign(['encode', 'slip.png'], { cwd: folder }).err).toMatch(/^E_JSON .*binary/);
      const gbk = Buffer.concat([
        Buffer.from([0x23, 0xcf, 0xfb, 0xb7, 0xd1, 10]),
        Buffer.from(SALE),
      ]);
      writeFileSync(join(folder, 'gbk.txt'), gbk);
      expect(countersign(['decode', 'gbk.txt'], { cwd: folder }).code).toBe(0);
    });
  });

  it('prints one JSON object a message', () => {
    const { code, out } = countersign(['decode', '--json', '--lenient'], {
      input: `${SALE}\n${CONTACTLESS}\n`,
    });
    expect(code).toBe(0);
    const [sale] = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    expect(out.trimEnd().split('\n')).toHaveLength(2);
    expect(sale).toMatchObject({
      length: 117,
      tpdu: '6000030000',
      mti: '0200',
      fields: { 4: '000000010000', 11: '000002', 41: '10000001' },
    });
    expect(out).not.toContain('6225881234567898');
    expect(out).not.toContain('BB4811E7B532AB3F');
  });

  it('decodes every message of the vectors', () => {
    const input = messageVectors.messages.map(({ hex }) => hex).join('\n');
    const { code, out } = countersign(['decode', '--json', '--lenient'], { input });
    const lines = out.trimEnd().split('\n');
    expect(lines).toHaveLength(messageVectors.messages.length);
    const decoded = lines.map((line) => JSON.parse(line) as { mti: string; error?: unknown });
    expect(decoded.map(({ mti }) => mti)).toEqual(messageVectors.messages.map(({ mti }) => mti));
    // Ten dumps of private variants have something that the rules do not know.
    const broken = messageVectors.messages.filter(
      (_, index) => decoded[index]!.error !== undefined,
    );
    expect(broken).toHaveLength(10);
    expect(broken.every(({ name }) => name.startsWith('observed-'))).toBe(true);
    expect(code).toBe(1);
  });

  it.each([
    ['a cut message', SALE.slice(0, 120), /E_FRAME_LENGTH|E_TRUNCATED/],
    ['an odd digit', `${SALE}0`, /E_HEX/],
    ['a byte too many', `${SALE}00`, /E_FRAME_LENGTH/],
    ['one byte', '02', /E_TRUNCATED/],
    ['a second bitmap', SALE.replace('0200302404', '0200B02404'), /E_BAD_BITMAP.*byte/s],
  ])('says 1, code, place and hint for %s', (_what, hex, text) => {
    const { code, out } = countersign(['decode', hex]);
    expect(code).toBe(1);
    expect(out).toMatch(text);
    expect(out).toContain('hint:');
    expect(out).not.toContain('6225881234567898');
    const json = countersign(['decode', '--json', hex]);
    expect(json.code).toBe(1);
    expect(JSON.parse(json.out)).toMatchObject({ error: { code: expect.stringMatching(/^E_/) } });
  });

  it('shows the good messages beside a damaged one', () => {
    const { code, out } = countersign(['decode'], { input: `${SALE}\nzz\n${SALE}\n` });
    expect(code).toBe(1);
    expect(out.match(/^0200 /gm)).toHaveLength(2);
    expect(out).toContain('E_HEX');
  });

  it('says 2 when there is nothing to decode, or no such file', () => {
    expect(countersign(['decode'], { input: '# nothing\n' })).toMatchObject({ code: 2 });
    const missing = countersign(['decode', 'no-such-file.txt']);
    expect(missing.code).toBe(2);
    expect(missing.err).toContain('E_FILE');
  });
});
