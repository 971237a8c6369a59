import { describe, expect, it } from 'vitest';
import { messageVector } from '../vectors.ts';
import { asciiBytes } from '../../protocol/bytes/ascii.ts';
import { toHex } from '../../protocol/bytes/hex.ts';
import type { Dialect } from '../../protocol/dialect/dialect.ts';
import { loadDialect } from '../../protocol/dialect/load-dialect.ts';
import type { StructureSpec, SubMessageSpec } from '../../protocol/dialect/structure-spec.ts';
import { UNIONPAY_POS } from '../../protocol/dialects/unionpay-pos.ts';
import type { Message } from '../../protocol/message/message.ts';
import { meaningOf, readField, readPath } from '../../protocol/structure/field-structure.ts';
import { flatItems } from '../../protocol/structure/read-structure.ts';

/**
 * Everything inside a field: `.path value @place`, of what has items itself without the value, and
 * at last `! code .path @place`. The field is left out of the paths.
 */
function inside(message: Message, field: number, dialect: Dialect = UNIONPAY_POS): string {
  const { items, problem } = readField(dialect, message, field);
  const inField = (path: string): string => path.replace(new RegExp(`^${field}`), '');
  const lines = flatItems(items).map(({ path, value, at, items: inner }) =>
    inner.length > 0 ? `${inField(path)} @${at}` : `${inField(path)} ${value} @${at}`,
  );
  if (problem !== undefined) {
    lines.push(`! ${problem.code} ${inField(problem.path)} @${problem.at}`.replace('  ', ' '));
  }
  return lines.join(', ');
}

/** Rows of cells between bars; `~` stands for a blank, `$K` for the 16 bytes of a key. */
function rows(table: string): string[][] {
  const filled = (cell: string): string => cell.trim().replaceAll('~', ' ').replaceAll('$K', KEY);
  const cells = (row: string): string[] => row.split('|').map(filled);
  return table.trim().split('\n').map(cells);
}

/** Hex with blanks in it; a word behind a quote is text, with `_` for blanks. */
function bytes(words: string): string {
  const hexOf = (word: string): string =>
    word.startsWith("'") ? toHex(asciiBytes(word.slice(1).replaceAll('_', ' '))) : word;
  return words.split(' ').map(hexOf).join('');
}

/** A dialect whose field 62 has this structure. */
function with62(structure: StructureSpec, fieldClass: 'b' | 'ans' = 'b'): Dialect {
  const spec = { name: 'x', zh: 'x', class: fieldClass, length: { max: 999 }, structure };
  const fields: Dialect['fields'] = { 62: { ...spec, prefix: 'LLL' } };
  const bitmap = { encoding: 'hex', fields: 64 } as const;
  const mti = { encoding: 'ascii' } as const;
  return loadDialect({ id: 'one-field', title: 'one field', mti, bitmap, fields }, () => undefined);
}

/** What is inside a field of such a message, by its value. */
function read(field: number, mti: string, others: Message['fields'] = {}) {
  return (value: string) => inside({ mti, fields: { ...others, [field]: value } }, field);
}

function of62(dialect: Dialect, value: string): string {
  return inside({ mti: '0200', fields: { 62: value } }, 62, dialect);
}

const KEY = '1F'.repeat(16);
const RECORD_1 = '0000000200006225881234567898000000010000';
const RECORD_2 = '0000000406228484123456789011000000010000';

describe('parts by position', () => {
  it.each(
    rows(`
    0200 | | 22 | 051 | .1 05 @0, .2 1 @2
    0200 | | 22 | 091 | ! E_STRUCTURE .1 @0
    0200 | | 22 | 073 | .1 07 @0, ! E_STRUCTURE .2 @2
    0200 | | 44 | 03080000~~~48021000~~~ | .1 03080000~~~ @0, .2 48021000~~~ @11
    0200 | | 44 | 03080000~~~48021000~~ | .1 03080000~~~ @0, ! E_STRUCTURE .2 @11
    0200 | | 44 | 03080000~~~48021000~~~1 | .1 03080000~~~ @0, .2 48021000~~~ @11, ! E_STRUCTURE @22
    0200 | | 53 | 2610000000000000 | .1 2 @0, .2 6 @1, .3 1 @2, .4 0000000000000 @3
    0200 | | 60 | 00000000003 | .1 00 @0, .2 000000 @2, .3 003 @8
    0200 | | 60 | 22000001000621 | .1 22 @0, .2 000001 @2, .3 000 @8, .4 6 @11, .5 2 @12, .6 1 @13
    0200 | | 60 | 2200000100 | .1 22 @0, .2 000001 @2, ! E_STRUCTURE .3 @8
    0200 | | 60 | 22000001000301 | .1 22 @0, .2 000001 @2, .3 000 @8, ! E_STRUCTURE .4 @11
    0200 | | 61 | 000001000002 | .1 000001 @0, .2 000002 @6
    0200 | | 61 | 0000000000000115 | .1 000000 @0, .2 000000 @6, .3 0115 @12
    0200 | | 61 | 00000112 | .1 000001 @0, ! E_STRUCTURE .2 @6
    0200 | | 41 | 10000001 |
    0800 | | 63 | 01~ | .1 01~ @0
    0210 | | 63 | CUP | .1 CUP @0
    0210 | | 63 | CU | ! E_STRUCTURE .1 @0
    0200 | | 63 | SM016\\x01\\x7FABCDEFGHIJKLMN | .1 SM016 @0, .2 017F4142434445464748494A4B4C4D4E @5
    0320 | 00000001207 | 48 | 0002 | .1 0002 @0
    0320 | 00000001207 | 48 | 00021 | .1 0002 @0, ! E_STRUCTURE @4
    0330 | 00000001201 | 48 | 02 | .1 02 @0
    0220 | 34000001 | 48 | 000000000100 | .1 000000000100 @0
    0220 | 25000001 | 48 | 000000000100 |
    `),
  )('in %s %s of field %s: %s', (mti, code, field, value, lines) => {
    const reader = read(Number(field), mti!, code === '' ? {} : { 60: code! });
    expect(reader(value!)).toBe(lines);
  });

  it('at the end may take the rest (3.8, 3.9)', () => {
    const of60 = read(60, '0200');
    expect(of60('22000001000621048')).toMatch(/, \.6 1 @13, \.7 048 @14$/);
    expect(of60('2200000100062104812')).toMatch(/, \.7 048 @14, \.8 12 @17$/);
    expect(of60('220000010006210')).toMatch(/, \.6 1 @13, ! E_STRUCTURE \.7 @14$/);
    const of61 = read(61, '0200');
    expect(of61('00000100000201150212345678901')).toMatch(/, \.4 02 @16, \.5 12345678901 @18$/);
  });

  it('of the settlement totals are those of the spec (3.4), in request and answer', () => {
    const totals = '00000002500000300000001300000200000000000000000000000000000000';
    const domestic = '.1 000000025000 @0, .2 003 @12, .3 000000013000 @15, .4 002 @27, .5 0 @30, ';
    const foreign = '.6 000000000000 @31, .7 000 @43, .8 000000000000 @46, .9 000 @58, .10 0 @61';
    expect(read(48, '0500')(totals)).toBe(domestic + foreign);
    expect(read(48, '0510')(totals)).toBe(domestic + foreign);
    expect(read(48, '0200')(totals)).toBe('');
    const wrong = `${totals.slice(0, 30)}4${totals.slice(31)}`;
    expect(read(48, '0510')(wrong)).toMatch(/ \.4 002 @27, ! E_STRUCTURE \.5 @30$/);
  });

  it('count bytes in GBK text, and a character that a border cuts is kept as two bytes', () => {
    const of63 = read(63, '0210');
    const ones = '1'.repeat(19);
    // 测 is B2 E2: the first byte is the last one before place 43, the second begins there.
    expect(of63(`CUP测试${' '.repeat(16)}${ones}测${ones}`)).toBe(
      `.1 CUP @0, .2 @3, .2.1 测试${' '.repeat(16)} @3, .2.2 ${ones}\\xB2 @23, .2.3 \\xE2${ones} @43`,
    );
    expect(of63(`CUP测试${' '.repeat(15)}`)).toMatch(/, ! E_STRUCTURE \.2\.1 @3$/);
    expect(of63(`CUP${'x'.repeat(120)}`)).toMatch(/, \.2\.4 x{60} @63$/);
    expect(of63(`CUP${'x'.repeat(121)}`)).toMatch(/, ! E_STRUCTURE \.2 @123$/);
  });

  it('say what a value means, where there is a list', () => {
    const message = { mti: '0200', fields: { 22: '021' } };
    const { items } = readField(UNIONPAY_POS, message, 22);
    expect(items[0]?.meaning).toBe('magnetic stripe 磁条');
    expect(items[1]?.meaning).toBe('PIN entered 有PIN');
    expect(readPath(UNIONPAY_POS, message, '22.1.1')).toBeUndefined();
  });
});

describe('records', () => {
  const of48 = read(48, '0320', { 60: '00000001201' });

  it('are those of the spec (3.4), two of them', () => {
    expect(of48(`02${RECORD_1}${RECORD_2}`)).toBe(
      '.1 @2, .1.1 00 @2, .1.2 000002 @4, .1.3 00006225881234567898 @10, .1.4 000000010000 @30, ' +
        '.2 @42, .2.1 00 @42, .2.2 000004 @44, .2.3 06228484123456789011 @50, .2.4 000000010000 @70',
    );
    expect(of48(`08${RECORD_1.repeat(8)}`)).toMatch(/, \.8\.4 000000010000 @310$/);
    expect(of48('00')).toBe('');
  });

  it.each([
    ['one more announced', `02${RECORD_1}`, '.1.4 000000010000 @30, ! E_STRUCTURE @0'],
    ['one fewer announced', `00${RECORD_1}`, '.1.4 000000010000 @30, ! E_STRUCTURE @0'],
    ['half a record behind', `01${RECORD_1}0`, '.1.4 000000010000 @30, ! E_STRUCTURE @42'],
    ['the first one cut', `01${RECORD_1.slice(1)}`, '! E_STRUCTURE @2'],
    ['a count of one digit', '0', '! E_STRUCTURE @0'],
    ['a class of no list', `01${RECORD_1.replace('00', '02')}`, '! E_STRUCTURE .1.1 @2'],
    ['more than the most', `09${RECORD_1.repeat(9)}`, '@350, ! E_STRUCTURE @0'],
  ])('are refused with %s', (_, value, end) => {
    expect(of48(value).slice(-end.length)).toBe(end);
  });

  it('of field 54 are groups without a count (3.6)', () => {
    const of54 = read(54, '0210');
    const group = '1002156C000000123456';
    const one = '.1 @0, .1.1 10 @0, .1.2 02 @2, .1.3 156 @4, .1.4 C @7, .1.5 000000123456 @8';
    expect(of54(group)).toBe(one);
    expect(of54(group + group)).toMatch(/ @8, \.2 @20, .*, \.2\.5 000000123456 @28$/);
    expect(of54(group.slice(1))).toBe('! E_STRUCTURE @0');
    expect(of54(`${group}1`)).toBe(`${one}, ! E_STRUCTURE @20`);
    expect(of54(group.replace('C', 'E'))).toMatch(/ 156 @4, ! E_STRUCTURE \.1\.4 @7$/);
    expect(of54('1002156C00000012345A')).toMatch(/ C @7, ! E_STRUCTURE \.1\.5 @8$/);
    expect(of54('')).toBe('');
  });
});

describe('text TLV', () => {
  const of59 = read(59, '0200');

  it.each(
    rows(`
    the payment code (3.7) | A30196225000012345678901 | .A3 6225000012345678901 @5
    unknown tags in order | Z9001zA3002abB0000 | .Z9 z @5, .A3 ab @11, .B0  @18
    a tag that comes twice | A3001xA4001yA3001z | .A3 x @5, .A4 y @11, .A3 z @17
    a tag cut | A3001xA | .A3 x @5, ! E_TLV_TRUNCATED @6
    a tag without length | A3 | ! E_TLV_TRUNCATED .A3 @2
    a length that is cut | A3001xA401 | .A3 x @5, ! E_TLV_TRUNCATED .A4 @8
    a value overrunning | A3004123 | ! E_TLV_TRUNCATED .A3 @5
    a length with a blank | A3_04123_ | ! E_TLV_LENGTH .A3 @2
    a length in hex | A300A1234567890 | ! E_TLV_LENGTH .A3 @2
    a tag of other characters | A3001x#3001x | .A3 x @5, ! E_TLV_TAG @6
    `),
  )('reads %s: %s (F037)', (_, text, lines) => {
    expect(of59(bytes(`'${text!}`))).toBe(lines);
  });

  it('counts bytes of GBK text, and takes none of its halves for a tag or a length', () => {
    expect(of59(bytes("'A1004 B2E2CAD4"))).toBe('.A1 测试 @5');
    expect(of59(bytes("'A1003 B2E2CA30"))).toBe('.A1 测\\xCA @5, ! E_TLV_TRUNCATED @8');
    expect(of59(bytes("B2E2 '001x"))).toBe('! E_TLV_TAG @0');
    expect(of59(bytes("'A300 B2 'x"))).toBe('! E_TLV_LENGTH .A3 @2');
  });

  const list = { kind: 'text-tlv', tagCharacters: 3, lengthDigits: 2 } as const;

  it('of other sizes has parts inside, and judges the size that a tag has', () => {
    const parts = [2, 2].map((size) => ({ name: 'x', zh: 'x', size }));
    const structure = { kind: 'positions', parts } as const;
    const date = { name: 'x', zh: 'x', size: 4, structure };
    const dialect = with62({ ...list, tags: { T01: date } }, 'ans');
    expect(of62(dialect, 'XYZ01qT01042607')).toBe(
      '.XYZ q @5, .T01 @11, .T01.1 26 @11, .T01.2 07 @13',
    );
    expect(of62(dialect, 'XYZ01qT0103260')).toBe('.XYZ q @5, ! E_TLV_LENGTH .T01 @11');
  });

  it('refuses a tag that comes twice where the dialect says so (F038)', () => {
    const dialect = with62({ ...list, repeats: 'refuse' }, 'ans');
    expect(of62(dialect, 'A0101xB0101y')).toBe('.A01 x @5, .B01 y @11');
    expect(of62(dialect, 'A0101xA0101y')).toMatch(/^\.A01 x @5, ! E_TLV_TAG \.A01 @/);
  });
});

describe('tags of known sizes', () => {
  const of62Answer = read(62, '0810', { 60: '00000001360' });

  it('are the magnetic parameters of the vector (3.10), with the switches at last', () => {
    expect(of62Answer(messageVector('params-response').fields['62'] as string)).toBe(
      '.11 60 @2, .12 03 @6, .18 0 @10, .20 1 @13, .21 1 @16, .22 测试商户一' +
        `${' '.repeat(30)} @19, .23 3 @61, .24 1 @64, .25 1 @67, .26 \\xFF\\xE0\\x00\\x00 @70`,
    );
  });

  it.each(
    rows(`
    an unknown tag | 1160998813x | .11 60 @2, ! E_TLV_TAG @4
    a tag that is cut | 11601 | .11 60 @2, ! E_TLV_TAG @4
    a value that is cut | 1160151234567890123 | .11 60 @2, ! E_TLV_TRUNCATED .15 @6
    a value that is missing | 116012 | .11 60 @2, ! E_TLV_TRUNCATED .12 @6
    `),
  )('end at %s', (_, text, lines) => {
    expect(of62Answer(bytes(`'${text!}`))).toBe(lines);
  });
});

describe('BER-TLV', () => {
  it.each(
    rows(`
    the answer of the spec (9.2) | 9F36 02 0157 91 02 8060 | .9F36 0157 @3, .91 8060 @7
    tags of up to four bytes | 5A01AA DF3101BB DF81820101CC | .5A AA @2, .DF31 BB @6, .DF818201 CC @12
    a tag that comes twice | 9F36020157 9F36020158 | .9F36 0157 @3, .9F36 0158 @8
    lengths longer than needed | 9F36 81 02 0157 5A 82 0001 AA | .9F36 0157 @4, .5A AA @10
    a template | 71 07 9F36020157 8600 9A00 | .71 @2, .71.9F36 0157 @5, .71.86  @9, ! E_TLV_LENGTH .9A @11
    an empty template | 71 00 9F36020157 | .71  @2, .9F36 0157 @5
    a template with a long length | 71 82 0007 9F36 82 0002 0157 | .71 @4, .71.9F36 0157 @9
    a cut tag | 9F36020157 9F | .9F36 0157 @3, ! E_TLV_TRUNCATED @5
    a cut value | 5A01AA 9F36 02 01 | .5A AA @2, ! E_TLV_TRUNCATED .9F36 @6
    the indefinite form | 5A01AA 71 80 5A01AA 0000 | .5A AA @2, ! E_TLV_INDEFINITE .71 @4
    a length of four bytes | 9F36 84 FFFFFFFF 0157 | ! E_TLV_LENGTH .9F36 @2
    a cut length | 5A01AA 9F26 82 01 | .5A AA @2, ! E_TLV_TRUNCATED .9F26 @5
    padding of 00 | 9F36020157 00 | .9F36 0157 @3, ! E_TLV_TAG @5
    a tag of five bytes | DF81818101 00 | ! E_TLV_TAG @0
    a wrong size | 5A01AA 9F2607 11223344556677 | .5A AA @2, ! E_TLV_LENGTH .9F26 @6
    a child over its parent | 71 05 9F36 03 0157 01 5A00 | .71 9F36030157 @2, ! E_TLV_OVERRUN .71.9F36 @5
    a tag over its parent | 71 01 9F 36 02 0157 | .71 9F @2, ! E_TLV_OVERRUN .71 @2
    a length over its parent | 71 02 9F36 00 5A00 | .71 9F36 @2, ! E_TLV_OVERRUN .71.9F36 @4
    a template over its parent | 70 02 71 03 5A01AA | .70 7103 @2, ! E_TLV_OVERRUN .70.71 @4
    a grandchild over its parent | 70 06 71 04 9F360301 | .70 @2, .70.71 9F360301 @4, ! E_TLV_OVERRUN .70.71.9F36 @7
    an indefinite child | 71 03 9F36 80 | .71 9F3680 @2, ! E_TLV_INDEFINITE .71.9F36 @4
    a child of a wrong size | 71 04 9F36 01 01 | .71 9F360101 @2, ! E_TLV_LENGTH .71.9F36 @5
    a child 00 | 71 03 5A00 00 | .71 @2, .71.5A  @4, ! E_TLV_TAG .71 @4
    `),
  )('reads %s: %s (F037)', (_, hex, lines) => {
    expect(read(55, '0200')(bytes(hex!))).toBe(lines);
  });

  it.each([1, 2, 4, 12])('goes %i levels deep and no further, 4 by itself (F038)', (maxDepth) => {
    const dialect = with62({ kind: 'ber-tlv', ...(maxDepth === 4 ? {} : { maxDepth }) });
    const wrapped = (hex: string): string => `70${toHex(Uint8Array.of(hex.length / 2))}${hex}`;
    let hex = '5A01AA';
    for (let level = 1; level < maxDepth; level++) hex = wrapped(hex);
    const templates = '.70'.repeat(maxDepth);
    expect(`, ${of62(dialect, hex)}`).toMatch(`, ${templates.slice(3)}.5A AA @${maxDepth * 2}`);
    expect(of62(dialect, wrapped(hex))).toMatch(`! E_TLV_DEPTH ${templates} @${maxDepth * 2}`);
    const deeper = { mti: '0200', fields: { 62: wrapped(hex) } };
    expect(readPath(dialect, deeper, `62${templates}`)).toBe('5A01AA');
    expect(readPath(dialect, deeper, `62${templates}.5A`)).toBeUndefined();
  });

  it('refuses a tag that comes twice where the dialect says so, in one template (F038)', () => {
    const dialect = with62({ kind: 'ber-tlv', repeats: 'refuse' });
    expect(of62(dialect, '5A01AA70035A01AA')).toBe('.5A AA @2, .70 @5, .70.5A AA @7');
    expect(of62(dialect, '5A01AA9F36005A01AA')).toMatch(/9F36  @6, ! E_TLV_TAG \.5A @/);
    expect(of62(dialect, '70065A01AA5A01AA')).toMatch(/5A AA @4, ! E_TLV_TAG \.70\.5A @/);
  });

  it('has parts inside a tag, even inside a template, where the dialect says so', () => {
    const parts = [1, 2].map((size) => ({ name: 'x', zh: 'x', size }));
    const tag = { name: 'x', zh: 'x', structure: { kind: 'positions', parts } } as const;
    const dialect = with62({ kind: 'ber-tlv', tags: { 70: tag, C1: tag } });
    const lines = '.70 @2, .70.1 01 @2, .70.2 0203 @3, .C1 @7, .C1.1 04 @7, .C1.2 0506 @8';
    expect(of62(dialect, '7003010203C103040506')).toBe(lines);
  });

  it('of slip elements has no templates, whatever the bits of their tags say (7.2)', () => {
    const hex = 'FF0104CFFBB7D1FF020101';
    expect(read(55, '0820', { 60: '07000001800' })(hex)).toBe('.FF01 CFFBB7D1 @3, .FF02 01 @10');
    expect(read(55, '0820', { 60: '00000001301' })(hex)).toBe(
      '.FF01 CFFBB7D1 @3, ! E_TLV_LENGTH .FF01.CF @4',
    );
  });
});

describe('a sub-message', () => {
  const x = { name: 'x', zh: 'x' };
  const prefix = { form: 'L', encoding: 'binary' } as const;
  const fields: SubMessageSpec['fields'] = {
    1: { ...x, class: 'n', encoding: 'bcd', length: 4 },
    2: { ...x, class: 'ans', length: { max: 9 }, prefix: 'LL' },
    3: { ...x, class: 'b', length: { max: 9 }, prefix, structure: { kind: 'ber-tlv' } },
    9: { ...x, class: 'n', encoding: 'bcd', length: 5 },
  };

  it.each(
    rows(`
    binary | E080 1234 '02AB 05 9F36020157 123450 | .1 1234 @2, .2 AB @6, .3 @9, .3.9F36 0157 @12, .9 12345 @14
    hex | 'E080 1234 '02AB 05 9F36020157 123450 | .1 1234 @4, .2 AB @8, .3 @11, .3.9F36 0157 @14, .9 12345 @16
    ebcdic-hex | C5F0F8F0 1234 '00 00 123450 | .1 1234 @4, .2  @8, .3  @9, .9 12345 @9
    none | 1234 '02AB 05 9F36020157 123450 | .1 1234 @0, .2 AB @4, .3 @7, .3.9F36 0157 @10, .9 12345 @12
    none | 1234 '00 | .1 1234 @0, .2  @4
    none | 1234 '02A | .1 1234 @0, ! E_TRUNCATED .2 @5
    none | 1234 '00 00 123450 FF | .1 1234 @0, .2  @4, .3  @5, .9 12345 @5, ! E_TRAILING @8
    binary | 0080 123450 | .9 12345 @2
    binary | E0 | ! E_BAD_BITMAP .bitmap @0
    hex | 'e080 | ! E_BAD_BITMAP .bitmap @0
    ebcdic-hex | 'E080 | ! E_BAD_BITMAP .bitmap @0
    binary | 8000 | ! E_BIT_WITHOUT_DATA .1 @2
    binary | C000 1234 | .1 1234 @2, ! E_BIT_WITHOUT_DATA .2 @4
    binary | 9000 1234 | .1 1234 @2, ! E_UNDEFINED_FIELD .4 @4
    binary | 8000 12A4 | ! E_BAD_BCD .1 @3
    binary | 8000 1234 123450 | .1 1234 @2, ! E_DATA_WITHOUT_BIT .9 @4
    binary | 0080 123451 | ! E_BAD_PAD .9 @4
    binary | 2080 05 9F36030157 123450 | .3 9F36030157 @3, ! E_TLV_TRUNCATED .3.9F36 @6
    `),
  )('with bitmap %s: %s', (name, hex, lines) => {
    const encoding = name as 'binary' | 'hex' | 'ebcdic-hex' | 'none';
    const bitmap = encoding === 'none' ? {} : { bitmap: { encoding, bytes: 2 } };
    expect(of62(with62({ kind: 'sub-message', ...bitmap, fields }), bytes(hex!))).toBe(lines);
  });
});

describe('field 62 (3.10)', () => {
  it.each(
    rows(`
    Sign-in sequence number | 0800 | 003 | 'Sequence_No14 '3060AB | .1 Sequence No @0, .2 14 @11, .3 3060AB @13
    Sign-in sequence number | 0800 | 004 | 'Sequence_NoX1 | .1 Sequence No @0, ! E_STRUCTURE .2 @11
    Sign-in sequence number | 0800 | 001 | 'sequence_No14 | ! E_STRUCTURE .1 @0
    Private payload | 0800 | 301 | 'Sequence_No14 |
    Working keys | 0810 | 003 | $K 22222222 $K 44444444 | .1 $K @0, .2 22222222 @16, .3 $K @20, .4 44444444 @36
    Entries received | 0820 | 372 | '100 | .1 1 @0, .2 00 @1
    Key or parameter list | 0830 | 372 | '1 9F0602A000 9F220108 | .1 1 @0, .2 @1, .2.9F06 A000 @4, .2.9F22 08 @9
    Key or parameter list | 0830 | 382 | '3 9F0605A0 | .1 3 @0, .2 9F0605A0 @1, ! E_TLV_TRUNCATED .2.9F06 @4
    Key or parameter wanted | 0800 | 370 | 9F0605A000000333 9F220108 | .9F06 A000000333 @3, .9F22 08 @11
    Key or parameters | 0810 | 380 | '1 DF200105 | .1 1 @0, .2 @1, .2.DF20 05 @4
    E-signature image | 0820 | 800 | 00000100 |
    SM4 PIN | 0200 | 000 | 'SM016 $K | .1 SM016 @0, .2 $K @5
    `),
  )('is %s in %s with 60.3 %s: %s', (name, mti, network, value, lines) => {
    const type = network === '800' ? '07' : '00';
    const message = { mti: mti!, fields: { 60: `${type}000001${network!}`, 62: bytes(value!) } };
    expect(meaningOf(UNIONPAY_POS, message, 62).name).toBe(name);
    expect(inside(message, 62)).toBe(lines);
  });

  it('has keys at other places by the form of the answer (001, 004)', () => {
    const places = (network: string, lengthBytes: number): string => {
      const reader = read(62, '0810', { 60: `00000001${network}` });
      return reader('00'.repeat(lengthBytes)).replaceAll(/ 0+ @/g, '@');
    };
    expect(places('001', 24)).toBe('.1@0, .2@8, .3@12, .4@20');
    expect(places('004', 60)).toBe('.1@0, .2@16, .3@20, .4@36, .5@40, .6@56');
    expect(places('003', 41)).toMatch(/ \.4@36, ! E_STRUCTURE @40$/);
  });

  it('has details in an upload of IC transactions, by how they ended', () => {
    const details = (code: string, text: string): string =>
      read(62, '0320', { 60: code })(bytes(`'${text}`));
    const common = '.2 00 @2, .3 05 @4, .4 000000010000 @6, .5 156 @18';
    expect(details('0000000120360', '610005000000010000156')).toBe(`.1 61 @0, ${common}`);
    const failed = '71000500000001000015621';
    expect(details('0000000120660', failed)).toBe(`.1 71 @0, ${common}, .6 2 @21, .7 1 @22`);
    expect(details('2500000120660', failed)).toBe('');
    expect(details('0000000120360', failed)).toBe('! E_STRUCTURE .1 @0');
  });

  it('has instalments where the condition code says so', () => {
    expect(read(62, '0200', { 25: '64' })(bytes("'06ABC"))).toBe('.1 06 @0, .2 ABC @2');
    expect(read(62, '0200', { 25: '00' })(bytes("'06ABC"))).toBe('');
  });
});
