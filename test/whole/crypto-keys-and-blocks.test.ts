import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { messageVector, securityVectors } from '../vectors.ts';
import { inFolder } from './command-line.ts';
import { crypto, expectRefused, json, KEYS, lines, secretFile } from './crypto-lines.ts';

const { TMK, PIK, MAK_single: MAK_SINGLE, MAK_double: MAK, TDK } = KEYS;
const PAN = '6225881234567898';
const SALE = messageVector('sale-mag-pin-request').hex;
const BLOCK = securityVectors.workingKeys.find(
  ({ name }) => name.includes('60.3=004') && name.includes('MAK double'),
)!.f62!;
const isWindows = process.platform === 'win32';

describe('countersign crypto keys unwrap', () => {
  it('tells lengths and check values, and no key', () => {
    const ended = crypto(['keys', 'unwrap', '--block', BLOCK], lines(TMK));
    expect([ended.code, ended.err]).toEqual([0, '']);
    expect(ended.out).toContain('MAK        16 bytes  KCV 86A5F081  matches');
    for (const key of [TMK, PIK, MAK, MAK_SINGLE, TDK]) expect(ended.out).not.toContain(key);
  });

  it.each(securityVectors.workingKeys.filter(({ f62 }) => f62 !== undefined))(
    '$name',
    ({ tmk, alg, f62, expected }) => {
      const form = alg === 'SM4' ? ['--form', '006'] : [];
      const args = ['keys', 'unwrap', '--json', '--block', f62!, ...form];
      const { keys, matches, assumed } = json(crypto(args, lines(tmk)));
      expect([matches, assumed]).toEqual([true, alg === 'SM4' ? true : undefined]);
      const due = ['PIK', 'MAK', 'TDK'].flatMap((name) => {
        const key = expected[name];
        const kcv = expected[`${name.toLowerCase()}Kcv`];
        return key === undefined ? [] : [{ name, keyBytes: String(key).length / 2, kcv }];
      });
      expect(keys).toMatchObject(due);
      expect(keys).toHaveLength(due.length);
    },
  );

  it('writes the keys only where it is told to, for the owner, and over nothing', async () => {
    await inFolder((cwd) => {
      const args = ['keys', 'unwrap', '--block', BLOCK, '--out', 'session.keys'];
      expect(crypto(args, { ...lines(TMK), cwd }).code).toBe(0);
      const path = join(cwd, 'session.keys');
      if (!isWindows) expect(statSync(path).mode & 0o777).toBe(0o600);
      expect(readFileSync(path, 'utf8')).toBe(`PIK ${PIK}\nMAK ${MAK}\nTDK ${TDK}\n`);
      expectRefused(crypto(args, { ...lines(TMK), cwd }), 'E_FILE', 'a new name');
      const check = ['mac', '--check', '--message', SALE, '--key-file'];
      expect(crypto([...check, 'session.keys:MAK'], { cwd }).code).toBe(0);
      expect(crypto([...check, 'session.keys:PIK'], { cwd }).code).toBe(1);
      expectRefused(crypto([...check, 'session.keys:ZMK'], { cwd }), 'E_FILE', 'session.keys:TDK');
      const whole = crypto([...check, 'session.keys'], { cwd });
      expectRefused(whole, 'E_FILE', 'session.keys:MAK');
      for (const key of [PIK, MAK, TDK]) expect(whole.err).not.toContain(key);
    });
  });

  it('ends with 1 and writes nothing when a check value is wrong', async () => {
    await inFolder((cwd) => {
      const args = ['keys', 'unwrap', '--out', 'session.keys', '--block'];
      const foreign = crypto([...args, BLOCK], { ...lines(PIK), cwd });
      expect([foreign.code, foreign.out]).toEqual([1, expect.stringContaining('no keys written')]);
      const spoilt = `${BLOCK.slice(0, -1)}0`;
      const one = crypto([...args, spoilt, '--json'], { ...lines(TMK), cwd });
      expect(one.code).toBe(1);
      const { keys } = json(one) as { keys: { name: string; matches: boolean }[] };
      expect(keys.filter(({ matches }) => !matches).map(({ name }) => name)).toEqual(['TDK']);
      expect(existsSync(join(cwd, 'session.keys'))).toBe(false);
    });
  });

  it('refuses a block of another length or form', () => {
    const args = ['keys', 'unwrap', '--block'];
    expectRefused(crypto([...args, BLOCK.slice(2)], lines(TMK)), 'E_KEY_LENGTH', '24, 40 or 60');
    const form = [...args, BLOCK, '--form'];
    expectRefused(crypto([...form, '005'], lines(TMK)), 'E_USAGE', '001, 003, 004, or 006');
    expectRefused(crypto([...form, '003'], lines(TMK)), 'E_KEY_LENGTH', '');
  });
});

describe('countersign crypto pin-block', () => {
  it('encrypts, and decrypts without showing the PIN', () => {
    const sealed = crypto(['pin-block', '--json'], lines(PIK, PAN, '1234'));
    expect(json(sealed)).toEqual({ block: 'E0CB0B7BC787D25E', format: 'iso-0', blockBytes: 8 });
    const args = ['pin-block', '--decrypt', 'E0CB0B7BC787D25E'];
    const opened = crypto(args, lines(PIK, PAN));
    expect([opened.code, opened.err]).toEqual([0, '']);
    expect(opened.out).toMatch(/PIN +4 digits, not shown without --reveal\n/);
    expect(opened.out).not.toContain('1234');
    expect(json(crypto([...args, '--json'], lines(PIK, PAN)))).toEqual({
      format: 'iso-0',
      pinDigits: 4,
    });
  });

  it('shows it with --reveal, and warns on standard error', () => {
    const args = ['pin-block', '--reveal', '--decrypt', 'E0CB0B7BC787D25E'];
    const shown = crypto(args, lines(PIK, PAN));
    expect(shown.out).toMatch(/PIN +1234, 4 digits\n/);
    expect(shown.err).toMatch(/^warning: --reveal shows the PIN/);
    expect(json(crypto([...args, '--json'], lines(PIK, PAN)))['pin']).toBe('1234');
    expectRefused(crypto(['pin-block', '--reveal'], lines(PIK, PAN)), 'E_USAGE', '--reveal');
  });

  it('ends with 1 when the block does not have its format', () => {
    const args = ['pin-block', '--decrypt', 'E0CB0B7BC787D25E'];
    const other = crypto(args, lines(MAK, PAN));
    expect([other.code, other.err]).toEqual([1, '']);
    expect(other.out).toMatch(/^E_PIN_BLOCK /);
    const error = json(crypto([...args, '--json'], lines(MAK, PAN)))['error'];
    expect(error).toMatchObject({ code: 'E_PIN_BLOCK' });
    const cut = crypto(['pin-block', '--decrypt', 'E0CB0B'], lines(PIK, PAN));
    expect([cut.code, cut.out]).toEqual([1, expect.stringContaining('3 bytes')]);
  });

  it.each(['iso-0', 'iso-1', 'iso-2', 'iso-3', 'iso-4', 'x9.8-no-pan', 'sm4'])(
    'there and back in %s, with files for every secret',
    async (format) => {
      await inFolder((cwd) => {
        secretFile(cwd, 'pik.key', PIK);
        secretFile(cwd, 'card.pan', PAN);
        secretFile(cwd, 'my.pin', '918273');
        const files = ['--key-file', 'pik.key', '--pan-file', 'card.pan', '--pin-file', 'my.pin'];
        const args = ['pin-block', '--json', '--format', format, ...files];
        const { block, assumed } = json(crypto(args, { cwd }));
        expect(assumed).toBe(format === 'sm4' ? true : undefined);
        const opened = crypto([...args, '--decrypt', String(block), '--reveal'], { cwd });
        expect(json(opened)['pin']).toBe('918273');
        const again = json(crypto(args, { cwd }))['block'];
        const isRandom = ['iso-1', 'iso-3', 'iso-4'].includes(format);
        expect(again === block).toBe(!isRandom);
      });
    },
  );

  it('knows its formats, and the kind of key of each', () => {
    expectRefused(crypto(['pin-block', '--format', 'iso-5']), 'E_USAGE', 'iso-0, iso-1');
    const single = crypto(['pin-block', '--format', 'iso-4'], lines(MAK_SINGLE, PAN, '1234'));
    expectRefused(single, 'E_KEY_LENGTH', '16, 24 or 32');
  });
});

describe('countersign crypto track', () => {
  const CLEAR = `${PAN}D3012101123456789000`;
  const SENT = `${PAN}D3B39AEA13251A0A6A00`;

  it('shows the block and its place, and the rest only with --reveal', () => {
    const sealed = crypto(['track'], lines(TDK, CLEAR));
    expect([sealed.code, sealed.err]).toEqual([0, '']);
    expect(sealed.out).toContain('B39AEA13251A0A6A');
    expect(sealed.out).toContain('characters 19 to 34 of 36');
    expect(sealed.out).not.toContain(PAN);
    const shown = crypto(['track', '--reveal', '--json'], lines(TDK, CLEAR.replace('D', '=')));
    expect(json(shown)).toMatchObject({ block: 'B39AEA13251A0A6A', from: 18, track: SENT });
    expect(shown.err).toMatch(/^warning: --reveal shows card data/);
  });

  it('decrypts, and says whether a track came out', () => {
    const opened = crypto(['track', '--decrypt', '--json'], lines(TDK, SENT));
    expect([opened.code, json(opened)]).toEqual([
      0,
      { matches: true, digits: 36, pan: '622588******7898' },
    ]);
    const shown = crypto(['track', '--decrypt', '--reveal'], lines(TDK, SENT.toLowerCase()));
    expect(shown.out).toContain(CLEAR);
    const foreign = crypto(['track', '--decrypt'], lines(PIK, SENT));
    expect([foreign.code, foreign.out]).toEqual([1, expect.stringContaining('another key')]);
    expect(foreign.out).not.toContain('622588');
  });

  it('of SM4 is marked as assumed', () => {
    const key = securityVectors.keys['TDK_sm4']!;
    const track = '6228484123456789011D30122200000000012';
    const sealed = crypto(['track', '--family', 'sm4', '--json'], lines(key, track));
    expect(json(sealed)).toMatchObject({
      block: '17263ED9A8CAEBAA3D2237A93CF2DDC2',
      assumed: true,
    });
  });

  it('refuses a short track and foreign characters, and shows neither', () => {
    const short = crypto(['track'], lines(TDK, `${PAN}D`));
    expectRefused(short, 'E_TRACK', '');
    const foreign = crypto(['track'], lines(TDK, `${CLEAR}?`));
    expectRefused(foreign, 'E_USAGE', 'digits');
    expect(short.err + foreign.err).not.toContain('622588');
  });
});

describe('countersign crypto arqc', () => {
  const { imk, pan, arqc, arpc, ...vector } = securityVectors.arqc.find(
    ({ tags }) => tags !== undefined,
  )!;
  const tags = [...Object.entries(vector.tags!), ['9F26', arqc]]
    .map(([tag, value]) => `${tag}${(value!.length / 2).toString(16).padStart(2, '0')}${value}`)
    .join('');

  it('verifies the cryptogram and computes the answer', () => {
    const args = ['arqc', '--json', '--tags', tags, '--psn', '01', '--arc', '00'];
    const ended = crypto(args, lines(imk!, pan!));
    expect([ended.code, json(ended)]).toEqual([
      0,
      {
        matches: true,
        arqc,
        due: arqc,
        atc: '0157',
        psn: '01',
        arc: '00',
        arpc,
        tag91: `${arpc}3030`,
      },
    ]);
    expect(crypto(args.slice(0, -2), lines(imk!, pan!)).out).toBe(ended.out);
    expect(ended.out).not.toContain(pan);
  });

  it('takes card number and sequence from the tags where they are', () => {
    const more = `${tags}5F340101${`5A0A${pan}F`}`;
    expect(crypto(['arqc', '--tags', more], lines(imk!)).out).toContain(arpc);
    expect(crypto(['arqc', '--tags', `${tags}5F340101`], lines(imk!, pan!)).code).toBe(0);
    // What is said counts before what the tags say.
    expect(crypto(['arqc', '--tags', more, '--psn', '02'], lines(imk!)).code).toBe(1);
  });

  it('ends with 1 when it does not match, and then answers nothing', () => {
    for (const [key, card, psn] of [
      [TMK, pan!, '01'],
      [imk!, PAN, '01'],
      [imk!, pan!, '00'],
    ] as const) {
      const ended = crypto(['arqc', '--tags', tags, '--psn', psn], lines(key, card));
      expect([ended.code, ended.out]).toEqual([1, expect.stringContaining('does not match')]);
      expect(ended.out).not.toContain('ARPC');
    }
  });

  it('ends with 1 when it cannot be verified, and names the tag', () => {
    const without = crypto(['arqc', '--tags', '9F2608' + arqc], lines(imk!, pan!));
    expect([without.code, without.out]).toEqual([1, expect.stringMatching(/^E_CRYPTOGRAM .*9F02/)]);
    const none = crypto(['arqc', '--json', '--tags', '9F36020157'], lines(imk!, pan!));
    expect([none.code, json(none)['error']]).toMatchObject([1, { path: '55.9F26' }]);
  });

  it('refuses what is none', () => {
    const args = ['arqc', '--tags', tags];
    expectRefused(crypto([...args, '--arc', '0'], lines(imk!, pan!)), 'E_USAGE', 'two characters');
    expectRefused(crypto([...args, '--psn', '1'], lines(imk!, pan!)), 'E_USAGE', 'two digits');
    expectRefused(crypto(args, lines(MAK_SINGLE, pan!)), 'E_KEY_LENGTH', 'an IMK has 16 bytes');
    expectRefused(crypto(['arqc', '--tags', '9F26'], lines(imk!, pan!)), 'E_TLV_TRUNCATED', '');
  });
});
