import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ENVELOPE_BYTES, messageVectors, vectorBodyHex } from '../vectors.ts';
import { asciiBytes } from '../../protocol/bytes/ascii.ts';
import { fromHex, toHex } from '../../protocol/bytes/hex.ts';
import type { Dialect } from '../../protocol/dialect/dialect.ts';
import { loadDialect } from '../../protocol/dialect/load-dialect.ts';
import type { StructureSpec, SubMessageSpec } from '../../protocol/dialect/structure-spec.ts';
import { UNIONPAY_POS } from '../../protocol/dialects/unionpay-pos.ts';
import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import { decodeMessage } from '../../protocol/message/decode-message.ts';
import type { Message } from '../../protocol/message/message.ts';
import { readField, readPath } from '../../protocol/structure/field-structure.ts';
import { flatItems, type StructureItem } from '../../protocol/structure/read-structure.ts';
import { writePath } from '../../protocol/structure/write-path.ts';

/** Rows of cells between bars; `~` stands for a blank. */
function rows(table: string): string[][] {
  const filled = (cell: string): string => cell.trim().replaceAll('~', ' ');
  const cells = (row: string): string[] => row.split('|').map(filled);
  return table.trim().split('\n').map(cells);
}

/** Hex with blanks in it; a word behind a quote is text, with `_` for blanks. */
function bytes(words: string): string {
  const hexOf = (word: string): string =>
    word.startsWith("'") ? toHex(asciiBytes(word.slice(1).replaceAll('_', ' '))) : word;
  return words.split(' ').map(hexOf).join('');
}

/** A message that must not be written to. */
function frozen(mti: string, fields: Message['fields']): Message {
  return Object.freeze({ mti, fields: Object.freeze({ ...fields }) });
}

/** The refusal of a write as `code path`. */
function refusalOf(dialect: Dialect, message: Message, path: string, value: string): string {
  try {
    writePath(dialect, message, path, value);
  } catch (error) {
    if (!(error instanceof CountersignError)) throw error;
    return `${error.code} ${error.path ?? '-'}`;
  }
  return 'accepted';
}

function with62(structure: StructureSpec, fieldClass: 'b' | 'ans' = 'b'): Dialect {
  const spec = { name: 'x', zh: 'x', class: fieldClass, length: { max: 999 }, structure };
  const fields: Dialect['fields'] = { 62: { ...spec, prefix: 'LLL' } };
  const bitmap = { encoding: 'hex', fields: 64 } as const;
  const mti = { encoding: 'ascii' } as const;
  return loadDialect({ id: 'one-field', title: 'one field', mti, bitmap, fields }, () => undefined);
}

/** A dialect in whose field 62 there are fields, with a bitmap or without. */
function withFields(encoding: string): Dialect {
  const x = { name: 'x', zh: 'x' };
  const prefix = { form: 'L', encoding: 'binary' } as const;
  const parts = [6, 2].map((size) => ({ ...x, size }));
  const fields: SubMessageSpec['fields'] = {
    1: { ...x, class: 'n', encoding: 'bcd', length: 4 },
    2: { ...x, class: 'ans', length: { max: 9 }, prefix: 'LL' },
    3: { ...x, class: 'b', length: { max: 200 }, prefix, structure: { kind: 'ber-tlv' } },
    9: { ...x, class: 'ans', encoding: 'gbk', length: 8, structure: { kind: 'positions', parts } },
  };
  if (encoding === 'none') return with62({ kind: 'sub-message', fields });
  const bitmap = { encoding: encoding as 'binary' | 'hex' | 'ebcdic-hex', bytes: 2 };
  return with62({ kind: 'sub-message', bitmap, fields });
}

const RECORD = '0000000200006225881234567898000000010000';
const OTHER = '0100000400006228484123456789000000000500';

describe('writing a path of text', () => {
  it.each(
    rows(`
    0200 | 22000001000600 | 60 | 60.2 | 000007 | 22000007000600
    0200 | 22000001000 | 60 | 60.4 | 6 | 220000010006
    0200 | 2200000100060004812 | 60 | 60.8 | 3 | 220000010006000483
    0200 | | 60 | 60.1 | 22 | 22
    0200 | 051 | 22 | 22.2 | 2 | 052
    0210 | 03080000~~~ | 44 | 44.2 | 48021000~~~ | 03080000~~~48021000~~~
    0200 | 000001000002 | 61 | 61.3 | 0115 | 0000010000020115
    0200 | 2600000000000000 | 53 | 53.3 | 1 | 2610000000000000
    0210 | CUP备注 | 63 | 63.1 | VIS | VIS备注
    0210 | CUP | 63 | 63.2.1 | 备注~~~~~~~~~~~~~~~~ | CUP备注~~~~~~~~~~~~~~~~
    0210 | CUP | 63 | 63.2 | \\xB2~~~~~~~~~~~~~~~~~~~ | CUP\\xB2~~~~~~~~~~~~~~~~~~~
    0200 | SM0160123456789012345 | 63 | 63.2 | 41424344454647484950515253545556 | SM016ABCDEFGHIPQRSTUV
    0210 | 1002156C000000123456 | 54 | 54.1.4 | D | 1002156D000000123456
    `),
  )('in %s of %s in field %s: %s = %s', (mti, before, field, path, value, after) => {
    const message = frozen(mti!, { 11: '000001', [Number(field)]: before! });
    const written = writePath(UNIONPAY_POS, message, path!, value!);
    expect(written).toEqual({ mti, fields: { 11: '000001', [Number(field)]: after! } });
    expect(readPath(UNIONPAY_POS, written, path!)).toBe(value);
  });

  it('writes whole fields and the message type', () => {
    const message = frozen('0200', { 41: '10000001' });
    expect(writePath(UNIONPAY_POS, message, '41', 'X').fields).toEqual({ 41: 'X' });
    const both = { 11: '000001', 41: '10000001' };
    expect(writePath(UNIONPAY_POS, message, '11', '000001').fields).toEqual(both);
    expect(writePath(UNIONPAY_POS, message, 'mti', '0210')).toEqual({ ...message, mti: '0210' });
  });

  it('writes records and counts them (3.4)', () => {
    const write = (before: string, path: string, value: string): string | undefined => {
      const message = frozen('0320', { 48: before, 60: '00000001201' });
      return writePath(UNIONPAY_POS, message, path, value).fields[48];
    };
    expect(write(`01${RECORD}`, '48.1', OTHER)).toBe(`01${OTHER}`);
    expect(write(`01${RECORD}`, '48.2', OTHER)).toBe(`02${RECORD}${OTHER}`);
    expect(write('00', '48.1', OTHER)).toBe(`01${OTHER}`);
    expect(write(`02${RECORD}${OTHER}`, '48.1.4', '000000000001')).toBe(
      `02${RECORD.slice(0, 28)}000000000001${OTHER}`,
    );
    expect(write(`02${RECORD}${OTHER}`, '48.2.1', '00')).toBe(`02${RECORD}00${OTHER.slice(2)}`);
    const group = '1002156C000000123456';
    const balance = frozen('0210', { 54: group });
    expect(writePath(UNIONPAY_POS, balance, '54.2', group).fields[54]).toBe(group + group);
  });
});

describe('writing a tag', () => {
  it.each(
    rows(`
    59 | 'A3003abcZ9001z | A3 | 12 | 'A300212Z9001z
    59 | 'Q1001qA3003abcZ9001z | A4 | 12 | 'Q1001qA3003abcZ9001zA400212
    59 | 'A3003abcA4001x | A4 | | 'A3003abcA4000
    59 | | A3 | 123 | 'A3003123
    59 | 'A3003abcZ9001z | Z9 | 测试 | 'A3003abcZ9004 B2E2CAD4
    59 | 'A3003abc | Z9 | \\xB2 | 'A3003abcZ9001 B2
    55 | 9F36020157 950500000000 00 | 9F36 | 0158 | 9F36020158 950500000000 00
    55 | DF7901FF 9F36020157 C000 | 9F36 | 0158 | DF7901FF 9F36020158 C000
    55 | | 9F36 | 0158 | 9F36020158
    55 | 7103C10101 95810500000000 00 9F36020157 | 9F36 | 0158 | 7103C10101 95810500000000 00 9F36020158
    55 | C0810101 | C0 | 0203 | C081020203
    55 | C082000101 9F36020157 | C0 | 02 | C082000102 9F36020157
    55 | 7103860101 9F36020157 | 71.86 | 020304 | 7105 8603020304 9F36020157
    55 | 7103860101 | 71.9F18 | 01 | 7107 860101 9F180101
    55 | 71820003860101 | 71.86 | 0203 | 71820004 86020203
    55 | 9F36020157 | 71.9F18 | 01 | 9F36020157 71049F180101
    `),
  )('in field %s of %s: %s = %s', (field, before, tag, value, after) => {
    const number = Number(field);
    const message = frozen('0200', { [number]: bytes(before!) });
    const path = `${field!}.${tag!}`;
    const written = writePath(UNIONPAY_POS, message, path, value!);
    expect(written.fields[number]).toBe(bytes(after!));
    expect(readPath(UNIONPAY_POS, written, path)).toBe(value);
  });

  it.each([
    [0x7d, '717F C17D'],
    [0x7e, '718180 C17E'],
    [0x80, '718183 C18180'],
    [0xfc, '7181FF C181FC'],
    [0xfd, '71820100 C181FD'],
    [0x100, '71820104 C1820100'],
  ])('of %i bytes makes its own length and that of its template grow: %s', (size, head) => {
    const message = frozen('0200', { 55: '7103C101019F36020157' });
    const value = '5A'.repeat(size);
    const written = writePath(UNIONPAY_POS, message, '55.71.C1', value);
    expect(written.fields[55]).toBe(`${bytes(head)}${value}9F36020157`);
    expect(readPath(UNIONPAY_POS, written, '55.71.C1')).toBe(value);
  });

  it('of the magnetic parameters keeps the others (3.10)', () => {
    const write = (before: string, path: string, value: string): string | undefined => {
      const message = frozen('0810', { 60: '00000001360', 62: bytes(before) });
      return writePath(UNIONPAY_POS, message, path, value).fields[62];
    };
    expect(write("'1160120313126 80000000", '62.12', '05')).toBe(bytes("'1160120513126 80000000"));
    expect(write("'116026 80000000", '62.13', '2')).toBe(bytes("'116026 80000000 '132"));
    const switches = '\\xFF\\xE0\\x00A';
    expect(write("'26 80000000", '62.26', switches)).toBe(bytes("'26 FFE00041"));
    const name = `测试${' '.repeat(36)}`;
    expect(write("'1160", '62.22', name)).toBe(bytes(`'116022 B2E2CAD4 '${'_'.repeat(36)}`));
  });

  it('behind a part grows the rest', () => {
    const before = frozen('0830', { 60: '00000001372', 62: bytes("'1 9F0602A000 9F220108") });
    const written = writePath(UNIONPAY_POS, before, '62.2.9F06', 'A000000333');
    expect(written.fields[62]).toBe(bytes("'1 9F0605A000000333 9F220108"));
    expect(writePath(UNIONPAY_POS, written, '62.2.DF05', '26').fields[62]).toBe(
      bytes("'1 9F0605A000000333 9F220108 DF050126"),
    );
  });
});

describe('writing a field of a sub-message', () => {
  it.each(
    rows(`
    binary | E000 1234 '02AB 00 | 2 | XYZ | E000 1234 '03XYZ 00
    binary | 8000 1234 | 3 | 9F3600 | A000 1234 03 9F3600
    binary | 2000 05 9F36020157 | 3.9F36 | 015800 | 2000 06 9F3603015800
    binary | 2000 05 9F36020157 | 3.C1 | 01 | 2000 08 9F36020157 C10101
    binary | A080 1234 00 B2E2CAD4 '0102 | 9.2 | XY | A080 1234 00 B2E2CAD4 '01XY
    binary | A080 1234 00 B2E2CAD4 '0102 | 9.1 | 试~~~~ | A080 1234 00 CAD4 '____02
    hex | 'A000 1234 00 | 1 | 9876 | 'A000 9876 00
    hex | '8000 1234 | 9 | 12345678 | '8080 1234 '12345678
    ebcdic-hex | C1F0F0F0 1234 00 | 2 | | C5F0F0F0 1234 '00 00
    none | 1234 '02AB | 2 | XYZ | 1234 '03XYZ
    none | 1234 '02AB | 3.C1 | 02 | 1234 '02AB 03 C10102
    none | 1234 '02AB 00 '12345678 | 3.C1 | 02 | 1234 '02AB 03 C10102 '12345678
    `),
  )('with bitmap %s of %s: %s = %s', (name, before, path, value, after) => {
    const dialect = withFields(name!);
    const written = writePath(
      dialect,
      frozen('0200', { 62: bytes(before!) }),
      `62.${path!}`,
      value!,
    );
    expect(written.fields[62]).toBe(bytes(after!));
    expect(readPath(dialect, written, `62.${path!}`)).toBe(value);
  });

  it.each(
    rows(`
    1 | 12345 | E_FIELD_VALUE 62.1
    1 | 12A4 | E_FIELD_VALUE 62.1
    2 | 1234567890 | E_LENGTH_OVER_MAX 62.2
    2 | é | E_FIELD_VALUE 62.2
    3 | 9F3 | E_FIELD_VALUE 62.3
    3.C1 | 0g | E_FIELD_VALUE 62.3.C1
    9.2 | ABC | E_FIELD_VALUE 62.9.2
    9.3 | A | E_PATH 62.9.3
    4 | 1 | E_UNDEFINED_FIELD 62.4
    1.1 | 1 | E_PATH 62.1.1
    `),
  )('refuses %s = %s', (path, value, refusal) => {
    const message = frozen('0200', { 62: bytes("A080 1234 00 B2E2CAD4 '0102") });
    expect(refusalOf(withFields('binary'), message, `62.${path!}`, value!)).toBe(refusal);
  });
});

describe('writing refuses', () => {
  const message = frozen('0200', {
    22: '051',
    41: '10000001',
    54: '1002156C000000123456',
    55: bytes('9F36020157 C101AA C101BB 7103C10101'),
    59: bytes("'A3003abcZ9001zZ9001y"),
    60: '22000001',
    61: '000001',
    63: 'CUP',
  });

  it.each(
    rows(`
    a field that is not defined | 5.1 | 1 | E_UNDEFINED_FIELD 5
    a field that is no number | sixty.1 | 1 | E_UNDEFINED_FIELD sixty
    a field in another notation | 0x3C.1 | 22 | E_UNDEFINED_FIELD 0x3C
    the inside of the message type | mti.1 | 1 | E_UNDEFINED_FIELD mti
    no path | | 1 | E_UNDEFINED_FIELD~
    the inside of a part that has none | 60.1.1 | 2 | E_PATH 60.1.1
    a part behind the last | 22.3 | 1 | E_PATH 22.3
    part 0 | 22.0 | 1 | E_PATH 22.0
    a part in another notation | 22.0x1 | 05 | E_PATH 22.0x1
    an empty step | 22. | 05 | E_PATH 22.
    a short value | 22.1 | 5 | E_FIELD_VALUE 22.1
    a long value | 22.2 | 12 | E_FIELD_VALUE 22.2
    a part behind a gap | 60.4 | 6 | E_PATH 60.4
    the rest behind a gap | 61.5 | 6 | E_PATH 61.5
    a short remark in GBK | 63.2.1 | 备注 | E_FIELD_VALUE 63.2.1
    a second remark without the first | 63.2.2 | ~~~~~~~~~~~~~~~~~~~~ | E_PATH 63.2.2
    a character without GBK form | 63.2 | \u{1F600} | E_FIELD_VALUE 63.2
    a lone backslash | 63.2 | a\\b | E_FIELD_VALUE 63.2
    a record behind a gap | 54.3 | 1002156C000000123456 | E_PATH 54.3
    record 0 | 54.0 | 1002156C000000123456 | E_PATH 54.0
    a short record | 54.2 | 1002156C00000012345 | E_FIELD_VALUE 54.2
    part of a record that is not there | 54.2.1 | 10 | E_FIELD_VALUE 54.2
    a tag that stands twice | 59.Z9 | q | E_PATH 59.Z9
    a tag of one character | 59.Z | q | E_PATH 59.Z
    a tag of other characters | 59.Z# | q | E_PATH 59.Z#
    a BER tag that stands twice | 55.C1 | CC | E_PATH 55.C1
    the first byte of a BER tag | 55.9F | 01 | E_PATH 55.9F
    a BER tag and its length | 55.C201 | 01 | E_PATH 55.C201
    a BER tag in lower case | 55.9f36 | 0158 | E_PATH 55.9f36
    the BER tag 00 | 55.00 | 01 | E_PATH 55.00
    half a byte | 55.9F36 | 015 | E_FIELD_VALUE 55.9F36
    hex in lower case | 55.9F36 | 0a0b | E_FIELD_VALUE 55.9F36
    `),
  )('%s: %s = %s', (_, path, value, refusal) => {
    const spoken = value!.replace('\\u{1F600}', '\u{1F600}');
    expect(refusalOf(UNIONPAY_POS, message, path!, spoken)).toBe(refusal);
  });

  it.each(
    rows(`
    54 | 54.1 | 1002156C000000123456 | 100 | E_STRUCTURE 54
    55 | 55.C1 | 01 | 9F36 | E_TLV_TRUNCATED 55
    55 | 55.71.C1 | 01 | 7103C10201 | E_TLV_TRUNCATED 55.71
    59 | 59.A3 | 1 | 413330 | E_TLV_TRUNCATED 59
    60 | 60.1 | 22 | 2200000 | E_STRUCTURE 60
    `),
  )('to write into field %s when it is damaged: %s', (field, path, value, damaged, refusal) => {
    const spoilt = frozen('0200', { [Number(field)]: damaged! });
    expect(refusalOf(UNIONPAY_POS, spoilt, path!, value!)).toBe(refusal);
  });

  it('values that no length can name', () => {
    const tlv = with62({ kind: 'text-tlv', tagCharacters: 1, lengthDigits: 1 }, 'ans');
    const empty = frozen('0200', { 62: '' });
    expect(writePath(tlv, empty, '62.A', '123456789').fields[62]).toBe('A9123456789');
    expect(refusalOf(tlv, empty, '62.A', '1234567890')).toBe('E_FIELD_VALUE 62.A');
    expect(refusalOf(UNIONPAY_POS, empty, '55.C1', '00'.repeat(0x10000))).toMatch(/^E_TLV_LENGTH /);
  });

  it('unknown tags among those whose sizes only the list knows', () => {
    const given = frozen('0810', { 60: '00000001360', 62: bytes("'1160") });
    expect(refusalOf(UNIONPAY_POS, given, '62.12', '5')).toBe('E_FIELD_VALUE 62.12');
    expect(refusalOf(UNIONPAY_POS, given, '62.99', '5')).toMatch(/^E_\w+ 62\.99$/);
  });
});

const MESSAGES = messageVectors.messages.map((vector): [string, Message] => {
  const body = fromHex(vectorBodyHex(vector));
  const options = { isLenient: true };
  const result = decodeMessage(UNIONPAY_POS, body, ENVELOPE_BYTES, body.length, options);
  if (!result.ok) throw result.error;
  return [vector.name, frozen(result.message.mti, result.message.fields)];
});

function itemsOf(dialect: Dialect, message: Message): StructureItem[] {
  const fields = Object.keys(message.fields).map(Number);
  return fields.flatMap((field) => flatItems(readField(dialect, message, field).items));
}

describe('what is inside the vectors', () => {
  it.each(MESSAGES)('of %s is read by path, and written back as it is', (_, message) => {
    const items = itemsOf(UNIONPAY_POS, message);
    for (const { path, value } of items) {
      const first = items.find((item) => item.path === path)!;
      expect(readPath(UNIONPAY_POS, message, path)).toBe(first.value);
      const count = items.filter((item) => item.path === path).length;
      if (count === 1) expect(writePath(UNIONPAY_POS, message, path, value)).toEqual(message);
      else expect(refusalOf(UNIONPAY_POS, message, path, value)).toBe(`E_PATH ${path}`);
    }
  });

  it('is more than 800 items', () => {
    const count = MESSAGES.reduce((sum, [, each]) => sum + itemsOf(UNIONPAY_POS, each).length, 0);
    expect(count).toBeGreaterThan(800);
  });

  it('stays as it is but for what is written, and what holds that', () => {
    const chosen = fc.tuple(fc.nat(), fc.nat(), fc.uint8Array({ maxLength: 300 }));
    const read = (message: Message, path: string): string[] =>
      itemsOf(UNIONPAY_POS, message)
        .filter((item) => !`${path}.`.startsWith(`${item.path}.`))
        .map((item) => `${item.path} ${item.value}`);
    const messages = MESSAGES.map(([, message]) => message);
    const chips = messages.filter(({ fields }) => fields[55] !== undefined);
    fc.assert(
      fc.property(chosen, ([which, nth, value]) => {
        const message = chips[which % chips.length]!;
        const items = flatItems(readField(UNIONPAY_POS, message, 55).items);
        const { path } = items[nth % items.length]!;
        if (refusalOf(UNIONPAY_POS, message, path, toHex(value)) !== 'accepted') return;
        const written = writePath(UNIONPAY_POS, message, path, toHex(value));
        const isSound = readField(UNIONPAY_POS, written, 55).problem === undefined;
        if (isSound) expect(read(written, path)).toEqual(read(message, path));
        expect({ ...written.fields, 55: '' }).toEqual({ ...message.fields, 55: '' });
      }),
    );
  });
});

describe('writing any path', () => {
  const step = fc.oneof(
    fc.constantFrom('1', '2', '0', '-1', '70', '9F36', '71', 'A3', '26', '', '__proto__', 'length'),
    fc.string({ maxLength: 4 }),
  );
  const head = fc.constantFrom('48', '54', '55', '59', '60', '61', '62', '63', 'mti', '');
  const steps = fc.array(step, { maxLength: 5 });
  const anyPath = fc.tuple(head, steps).map(([first, others]) => [first, ...others].join('.'));
  const anyValue = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.uint8Array().map((value) => toHex(value)),
    fc.stringMatching(/^\d{0,90}$/),
  );

  it('gives a message from which it is read, or its own error', () => {
    fc.assert(
      fc.property(fc.nat(), anyPath, anyValue, anyValue, (which, path, value, before) => {
        const [, vector] = MESSAGES[which % MESSAGES.length]!;
        for (const field of [0, 48, 55, 59, 60, 62, 63]) {
          const fields = field === 0 ? vector.fields : { ...vector.fields, [field]: before };
          const message = frozen(vector.mti, fields);
          if (refusalOf(UNIONPAY_POS, message, path, value) !== 'accepted') continue;
          const read = readPath(UNIONPAY_POS, writePath(UNIONPAY_POS, message, path, value), path);
          expect([undefined, value]).toContain(read);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
