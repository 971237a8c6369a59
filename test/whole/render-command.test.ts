import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { messageVector } from '../vectors.ts';
import { inFolder } from './command-line.ts';
import { countersign } from './in-thread.ts';

const UPLOAD = messageVector('esign-upload-request').hex;
const render = (...args: string[]): ReturnType<typeof countersign> =>
  countersign(['signature', 'render', ...args]);

describe('countersign signature render', () => {
  it('says the slip as text, card masked', () => {
    const ended = render(UPLOAD, '-o', '-', '--lang', 'en');
    expect(ended).toMatchObject({ code: 0, err: '' });
    expect(ended.out).toMatch(/^Card +622588\*{6}7898$/m);
  });

  it('draws PNG and SVG, and takes packets a line each', async () => {
    await inFolder((folder) => {
      const [hex, png, svg] = ['up.hex', 'slip.png', 'slip.SVG'].map((each) => join(folder, each));
      const parts = ['esign-upload-part1-request', 'esign-upload-part2-request'];
      writeFileSync(hex!, parts.map((name) => messageVector(name).hex).join('\n'));
      expect(render(hex!, '--out', png!)).toEqual({ code: 0, out: '', err: '' });
      expect(readFileSync(png!).subarray(1, 4).toString()).toBe('PNG');
      expect(render(hex!, '--out', svg!)).toEqual({ code: 0, out: '', err: '' });
      expect(readFileSync(svg!, 'utf8')).toContain('电子签购单');
    });
  });

  it('ends with 1 when the picture is refused, as decode does', async () => {
    await inFolder((folder) => {
      const out = join(folder, 'slip.png');
      const ended = render(messageVector('esign-upload-part1-request').hex, '-o', out);
      expect(ended).toMatchObject({ code: 1, out: '' });
      expect(ended.err).toMatch(/^E_JBIG_TRUNCATED .*\n {2}hint: /);
      expect(existsSync(out)).toBe(false);
    });
  });

  it('ends with 2 and a hint for another ending, message or language, and writes nothing', async () => {
    await inFolder((folder) => {
      const out = join(folder, 'slip.png');
      const sale = messageVector('sale-mag-pin-request').hex;
      for (const [args, code] of [
        [[UPLOAD, '-o', join(folder, 'slip.gif')], 'E_USAGE'],
        [[UPLOAD, '-o', out, '--lang', 'fr'], 'E_USAGE'],
        [[sale, '-o', out], 'E_FIELD_MISSING'],
        [[UPLOAD.slice(0, -40), '-o', out], 'E_'],
        [[UPLOAD, '-o', join(folder, 'none', 'slip.png')], 'E_FILE'],
      ] as const) {
        const ended = render(...args);
        expect([args[2], ended.code, ended.out]).toEqual([args[2], 2, '']);
        expect(ended.err).toContain(code);
        expect(ended.err).toContain('hint:');
      }
      expect(existsSync(out)).toBe(false);
    });
  });
});
