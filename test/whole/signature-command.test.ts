import { existsSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fromHex } from '../../protocol/bytes/hex.ts';
import { inFolder, type Ended } from './command-line.ts';
import { countersign, withBytes } from './in-thread.ts';
import { jbigVectors } from '../protocol/jbig-vectors.ts';

/** As `countersign`, with bytes on both sides: what comes out as hex. */
function asHex(args: readonly string[], input: Uint8Array): Ended {
  const { code, out, err } = withBytes(args, input);
  return { code, out: out.toString('hex').toUpperCase(), err: err.toString('utf8') };
}

function vector(name: string): { readonly pbm: Uint8Array; readonly hex: string } {
  const found = jbigVectors.jbig.find((each) => each.name.startsWith(name));
  if (found === undefined) throw new Error(`no vector ${name}`);
  return { pbm: fromHex(found.pbmP4Hex), hex: found.bieHex };
}

const LETTER = vector('letter 8x8, TPBON 3-line');

describe('countersign signature encode', () => {
  it.each([
    ['letter 8x8, TPBON 3-line', []],
    ['letter 8x8, no options', ['--no-typical']],
    ['letter 8x8, LRLTWO only', ['--no-typical', '--template', '2']],
    ['letter 8x8, LRLTWO+TPBON', ['--template=2']],
    ['letter 8x8, stripes of 3 lines (SDNORM', ['--stripe', '3']],
    ['letter 8x8, stripes of 3 lines ended by SDRST', ['--stripe', '3', '--reset']],
    ['sig160x60', ['--template', '3', '--stripe', '128']],
  ])('writes %s, as JBIG-KIT does', (name, options) => {
    const { pbm, hex } = vector(name);
    const ended = asHex(['signature', 'encode', '-', '-o', '-', ...options], pbm);
    expect(ended).toEqual({ code: 0, out: hex, err: '' });
  });

  it('reads and writes files as well', async () => {
    await inFolder((folder) => {
      const [image, stream, again] = ['a.pbm', 'a.jbg', 'b.pbm'].map((each) => join(folder, each));
      writeFileSync(image!, LETTER.pbm);
      const encoded = countersign(['signature', 'encode', image!, '--out', stream!]);
      expect(encoded).toEqual({ code: 0, out: '', err: '' });
      expect(readFileSync(stream!).toString('hex').toUpperCase()).toBe(LETTER.hex);
      const decoded = countersign(['signature', 'decode', stream!, '-o', again!]);
      expect(decoded).toEqual({ code: 0, out: '', err: '' });
      expect(readFileSync(again!).equals(readFileSync(image!))).toBe(true);
    });
  });

  it('takes digits (P1), and says with its byte what is no PBM', () => {
    const args = ['signature', 'encode', '-', '-o', '-'];
    const digits = asHex(args, Buffer.from('P1 # pen\n1 1\n1\n'));
    expect([digits.code, digits.out.slice(40)]).toEqual([0, 'E0FF02']);
    const wrong = asHex(args, Buffer.from('P5 1 1 255\n0'));
    expect([wrong.code, wrong.out]).toEqual([2, '']);
    expect(wrong.err).toMatch(/^E_PBM {2}.*neither P4 nor P1 \(byte 0\)\n {2}hint: .*-monochrome/);
  });

  it.each([
    ['--template', '4', '2 to 3'],
    ['--template', 'x', '2 to 3'],
    ['--stripe', '0', '1 to 4294967295'],
    ['--stripe', '-1', '1 to 4294967295'],
  ])('refuses %s %s', (option, value, hint) => {
    const ended = asHex(['signature', 'encode', '-', '-o', '-', option, value], LETTER.pbm);
    expect([ended.code, ended.out]).toEqual([2, '']);
    expect(ended.err).toContain('E_USAGE');
    expect(ended.err).toContain(hint);
  });

  it('wants both files named', () => {
    for (const args of [[], ['-'], ['-o', '-'], ['a', 'b', '-o', '-']]) {
      expect(countersign(['signature', 'encode', ...args])).toMatchObject({ code: 2, out: '' });
    }
  });
});

describe('countersign signature decode', () => {
  it.each(jbigVectors.jbig)('gives the image of $name', ({ bieHex, pbmP4Hex }) => {
    const ended = asHex(['signature', 'decode', '-', '-o', '-'], fromHex(bieHex));
    expect(ended).toEqual({ code: 0, out: pbmP4Hex, err: '' });
  });

  it('ends with 1 when the stream is refused, and writes nothing', async () => {
    await inFolder((folder) => {
      const [stream, image] = [join(folder, 'a.jbg'), join(folder, 'a.pbm')];
      writeFileSync(stream, fromHex(LETTER.hex).subarray(0, 25));
      const ended = countersign(['signature', 'decode', stream, '-o', image]);
      expect([ended.code, ended.out, existsSync(image)]).toEqual([1, '', false]);
      expect(ended.err).toMatch(/^E_JBIG_TRUNCATED .*\(byte 25\)\n {2}hint: field 62 may/);
    });
  });

  it('ends with 2 when a file cannot be read or written', async () => {
    await inFolder((folder) => {
      const stream = join(folder, 'a.jbg');
      writeFileSync(stream, fromHex(LETTER.hex));
      mkdirSync(join(folder, 'folder'));
      for (const [from, to] of [
        [join(folder, 'gone'), '-'],
        [join(folder, 'folder'), '-'],
        [stream, join(folder, 'folder')],
        [stream, join(folder, 'gone', 'a.pbm')],
      ]) {
        const ended = countersign(['signature', 'decode', from!, '-o', to!]);
        expect([ended.code, ended.out]).toEqual([2, '']);
        expect(ended.err).toContain('E_FILE');
      }
    });
  });

  it('does not swallow what cannot be a signature, from a file or standard input', async () => {
    const much = 64 * 1024 * 1024 + 1;
    await inFolder((folder) => {
      const file = join(folder, 'large.jbg');
      writeFileSync(file, '');
      // Its bytes are nowhere, only its length is.
      truncateSync(file, much);
      const ended = countersign(['signature', 'decode', file, '-o', '-']);
      expect(ended).toMatchObject({ code: 2, out: '' });
      expect(ended.err).toMatch(/^E_FILE .*large\.jbg has over 67108864 bytes/);
    });
    const piped = asHex(['signature', 'decode', '-', '-o', '-'], new Uint8Array(much));
    expect([piped.code, piped.out]).toEqual([2, '']);
    expect(piped.err).toContain('standard input has over 67108864 bytes');
  });
});

describe('countersign signature inspect', () => {
  const inspected = (hex: string): Ended => {
    const { code, out, err } = withBytes(['signature', 'inspect', '-'], fromHex(hex));
    return { code, out: out.toString('utf8'), err: err.toString('utf8') };
  };

  it('shows what is inside, and no image', () => {
    const { hex } = vector('letter 8x8, pbmtojbg defaults');
    const { code, out } = inspected(hex);
    expect(code).toBe(0);
    expect(out).toBe(
      [
        'image      8×8, 18 black pixels',
        'bytes      36',
        'template   3 lines, typical prediction',
        'header     options 1C, order 3, MX 8, MY 0',
        'stripes    4 stripes of 2 lines',
        'coder      48 decisions, 18 less probable',
        'contexts   31 of 1024',
        'encoder    ours makes the same bytes',
        ' byte  what',
        '   20  lines 0 to 1, 1 typical, 2 bytes of data, SDNORM',
        '   24  lines 2 to 3, 1 typical, 2 bytes of data, SDNORM',
        '   28  lines 4 to 5, 0 typical, 3 bytes of data, SDNORM',
        '   33  lines 6 to 7, 1 typical, 1 byte of data, SDNORM',
        '',
      ].join('\n'),
    );
  });

  it('names marker segments where they stand', () => {
    const lines = (name: string): string => inspected(vector(name).hex).out;
    expect(lines('letter 8x8 with comment')).toContain('\n   20  COMMENT of 2 bytes\n   28  lines');
    expect(lines('periodic')).toContain('\n   20  ATMOVE from line 17 on, 126 to the left\n');
    const variable = lines('letter 8x8, VLENGTH');
    expect(variable).toContain('8×8, 20 lines declared, 18 black');
    expect(variable).toContain('\n   31  NEWLEN 8\n   37  no line, 0 typical, 0 bytes of data');
  });

  it('gives one JSON object, for a refusal too', () => {
    const { out } = asHex(['signature', 'inspect', '-', '--json'], fromHex(LETTER.hex));
    expect(JSON.parse(Buffer.from(out, 'hex').toString())).toMatchObject({
      totalBytes: 28,
      height: 8,
      header: { width: 8, options: 8 },
      stripes: [{ dataOffset: 20, dataBytes: 6, end: 'SDNORM' }],
      segments: [],
      isReproduced: true,
    });
    const { hex } = vector('letter 8x8 with comment');
    const commented = asHex(['signature', 'inspect', '-', '--json'], fromHex(hex));
    expect(JSON.parse(Buffer.from(commented.out, 'hex').toString())).toMatchObject({
      segments: [{ kind: 'comment', offset: 20, bytes: '6869' }],
    });
    const refused = asHex(['signature', 'inspect', '-', '--json'], Buffer.from('GIF89a'));
    expect([refused.code, refused.err]).toEqual([1, '']);
    expect(JSON.parse(Buffer.from(refused.out, 'hex').toString())).toEqual({
      error: {
        code: 'E_JBIG_TRUNCATED',
        message: expect.stringContaining('a header has 20 bytes'),
        offset: 6,
        hint: expect.any(String),
      },
    });
  });

  it('says a refusal on standard output without --json as well', () => {
    const ended = asHex(['signature', 'inspect', '-'], fromHex(`${LETTER.hex}FF02`));
    expect([ended.code, ended.err]).toEqual([1, '']);
    expect(Buffer.from(ended.out, 'hex').toString()).toMatch(/^E_JBIG_TRAILING .*2 left/);
  });
});

describe('the help of countersign signature', () => {
  it.each(['encode', 'decode', 'inspect'])('has an example of %s', (command) => {
    const ended = countersign(['signature', command, '--help']);
    expect(ended.code).toBe(0);
    expect(ended.out).toContain(`countersign signature ${command} `);
  });
});
