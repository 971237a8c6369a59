import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asciiBytes, asciiText } from '../../protocol/bytes/ascii.ts';
import type { FieldSpec } from '../../protocol/dialect/dialect.ts';
import { loadDialect } from '../../protocol/dialect/load-dialect.ts';
import { decodeMessage } from '../../protocol/message/decode-message.ts';
import { encodeMessage } from '../../protocol/message/encode-message.ts';
import type { Message } from '../../protocol/message/message.ts';
import { oracleMessage, type OracleLimits } from './oracle-messages.ts';

/** npm iso8583 0.0.1 (2013): ASCII in strings, hex bitmaps, 24 fields. It has no types. */
interface Iso8583Library {
  readonly ISO8583: new (packager: Packager) => {
    pack(fields: Record<string, string>): string;
    unpack(text: string): Record<string, string>;
  };
  readonly defaultPackager: Packager;
}

type Packager = Readonly<Record<string, { readonly length: number; readonly type: string }>>;

const { ISO8583, defaultPackager } = createRequire(import.meta.url)('iso8583') as Iso8583Library;

/** A message of its own every time: the object keeps the fields of the message before. */
function unpack(text: string): Record<string, string> {
  return new ISO8583(defaultPackager).unpack(text);
}

/** The bitmap is made where the field list has a place for it. */
function pack({ mti, fields }: Message): string {
  return new ISO8583(defaultPackager).pack({ 0: mti, 1: '', ...fields });
}

const CLASSES: Readonly<Record<string, Pick<FieldSpec, 'class' | 'prefix'>>> = {
  n: { class: 'n' },
  a: { class: 'a' },
  an: { class: 'an' },
  ans: { class: 'ans' },
  lln: { class: 'n', prefix: 'LL' },
  lllan: { class: 'an', prefix: 'LLL' },
};

function specOf({ length, type }: { length: number; type: string }): FieldSpec {
  const given = CLASSES[type]!;
  const size = given.prefix === undefined ? length : { max: length };
  return { name: type, zh: type, ...given, length: size };
}

const numbers = Object.keys(defaultPackager)
  .map(Number)
  .filter((field) => field > 1);

/** The format of the package in our notation, and field 64, which it does not know. */
const DIALECT = loadDialect(
  {
    id: 'iso8583-npm',
    title: 'What the npm package iso8583 reads and writes',
    mti: { encoding: 'ascii' },
    bitmap: { encoding: 'hex', fields: 128 },
    fields: {
      ...Object.fromEntries(
        numbers.map((field) => [field, specOf(defaultPackager[field]!)] as const),
      ),
      64: { name: 'MAC', zh: 'MAC', class: 'b', encoding: 'hex', length: 8 },
    },
  },
  () => undefined,
);

const MTIS = ['0100', '0110', '0200', '0210', '0400', '0410', '0800', '0810'];

const READ_RIGHT: OracleLimits = {
  mtis: MTIS,
  // With the first bit for a second bitmap, bit 54 is one bit too far for a number of theirs.
  fields: numbers.filter((field) => field !== 54),
  isEmptyAllowed: true,
};

const WRITTEN_RIGHT: OracleLimits = {
  mtis: MTIS,
  fields: numbers.filter((field) => field < 64),
  oneOf: [2, 3, 4],
  isEmptyAllowed: true,
};

/** Message type and bitmap, and what stands behind them. */
function wire(...parts: readonly string[]): string {
  return parts.join('');
}

function decode(text: string): Message {
  const result = decodeMessage(DIALECT, asciiBytes(text));
  if (!result.ok) throw result.error;
  return result.message;
}

function encode(message: Message): string {
  return asciiText(encodeMessage(DIALECT, message));
}

function refusalOf(text: string): string {
  const result = decodeMessage(DIALECT, asciiBytes(text));
  return result.ok ? 'none' : result.error.code;
}

describe('npm iso8583, where it is right,', () => {
  it('reads the values that we have written', () => {
    fc.assert(
      fc.property(oracleMessage(DIALECT, READ_RIGHT), (message) => {
        const { 0: mti, 1: bitmap, ...fields } = unpack(encode(message));
        expect({ mti, fields }).toEqual(message);
        expect(bitmap).toBe(encode(message).slice(4, 4 + bitmap!.length));
      }),
      { numRuns: 300 },
    );
  });

  it('reads field 54 too in a message of one bitmap', () => {
    const limits = { ...READ_RIGHT, fields: numbers.filter((field) => field < 64), oneOf: [54] };
    fc.assert(
      fc.property(oracleMessage(DIALECT, limits), (message) => {
        const { 0: mti, 1: _bitmap, ...fields } = unpack(encode(message));
        expect({ mti, fields }).toEqual(message);
      }),
    );
  });

  it('writes what we write, and we read the values in it', () => {
    fc.assert(
      fc.property(oracleMessage(DIALECT, WRITTEN_RIGHT), (message) => {
        const written = pack(message);
        expect(written).toBe(encode(message));
        expect(decode(written)).toEqual(message);
      }),
      { numRuns: 300 },
    );
  });
});

describe('npm iso8583, where it is wrong,', () => {
  it('loses the low bits of a bitmap: 4000000000000001 is field 2 only', () => {
    const text = wire('02004000000000000001', '0212', '1A2B3C4D5E6F7081');
    expect(unpack(text)).toEqual({ 0: '0200', 1: '4000000000000001', 2: '12' });
    expect(decode(text).fields).toEqual({ 2: '12', 64: '1A2B3C4D5E6F7081' });
  });

  it('loses bit 54 behind bit 1, which announces the second bitmap', () => {
    const message = { mti: '0800', fields: { 54: 'ABC', 70: '301' } };
    expect(unpack(encode(message))).not.toHaveProperty('54');
    expect(decode(encode(message))).toEqual(message);
  });

  it('writes a bitmap without its leading zeros, which we refuse', () => {
    const written = pack({ mti: '0200', fields: { 11: '000017' } });
    expect(written).toBe(wire('0200', '20000000000000', '000017'));
    expect(refusalOf(written)).toBe('E_TRUNCATED');
  });

  it('writes two bitmaps without the bit that announces the second, and loses its bits', () => {
    const written = pack({ mti: '0800', fields: { 2: '12', 70: '301' } });
    expect(written).toBe(wire('0800', '40000000000000000000000000000000', '0212', '301'));
    expect(refusalOf(written)).toBe('E_TRAILING');
  });

  it('writes no bitmap at all unless field 1 is given', () => {
    const written = new ISO8583(defaultPackager).pack({ 0: '0200', 2: '12' });
    expect(written).toBe(wire('0200', '0212'));
  });

  it.each([
    [
      'a message that is cut short',
      wire('02005000000000000000', '0212', '00000000'),
      'E_TRUNCATED',
    ],
    ['bytes behind the last field', wire('02004000000000000000', '0212', '~'), 'E_TRAILING'],
    ['letters in an amount', wire('02001000000000000000', '00000000ABCD'), 'E_BAD_DIGIT'],
    ['a message type of letters', wire('ABCD1000000000000000', '000000000100'), 'E_BAD_MTI'],
    [
      'a length over the greatest one',
      wire('02004000000000000000', '25', '6225881234567898000000000'),
      'E_LENGTH_OVER_MAX',
    ],
  ])('accepts %s', (_what, text, code) => {
    expect(unpack(text)).toHaveProperty('0', text.slice(0, 4));
    expect(refusalOf(text)).toBe(code);
  });

  it('cuts a value that is too long instead of refusing it', () => {
    const fields = { 2: '62258812345678980000000', 3: '000000' };
    const written = pack({ mti: '0200', fields });
    expect(written).toBe(wire('0200', '6000000000000000', '19', '6225881234567898000', '000000'));
    expect(() => encode({ mti: '0200', fields })).toThrow(/19 is the most/);
  });

  it('keeps the fields of the message before', () => {
    const reader = new ISO8583(defaultPackager);
    reader.unpack(wire('02004000000000000000', '0212'));
    const second = reader.unpack(wire('02001000000000000000', '000000000100'));
    expect(second).toMatchObject({ 2: '12', 4: '000000000100' });
  });

  it('has no field 14: its format is given for field 15 twice', () => {
    expect(defaultPackager).not.toHaveProperty('14');
  });
});
