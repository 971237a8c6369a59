import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ISO_8583_NPM,
  iso8583Fields,
  messageOfIso8583,
  packIso8583,
  unpackIso8583,
  type Iso8583Fields,
} from '../../bench/iso-8583-library.ts';
import { asciiBytes } from '../../protocol/bytes/ascii.ts';
import { concatBytes } from '../../protocol/bytes/concat-bytes.ts';
import { fromHex, toHex } from '../../protocol/bytes/hex.ts';
import type { FieldSpec } from '../../protocol/dialect/dialect.ts';
import { decodeMessage } from '../../protocol/message/decode-message.ts';
import { encodeMessage } from '../../protocol/message/encode-message.ts';
import type { Message } from '../../protocol/message/message.ts';
import { oracleMessage, type OracleLimits } from './oracle-messages.ts';

interface Format {
  readonly ContentType: string;
  readonly LenType: string;
  readonly MaxLen: number;
}

const formats = createRequire(import.meta.url)('iso_8583/lib/formats') as Record<string, Format>;

const numbers = Object.keys(ISO_8583_NPM.fields).map(Number);

/** Message types that the package knows; it refuses others. */
const MTIS = ['0100', '0110', '0200', '0210', '0220', '0230', '0400', '0410', '0800', '0810'];

const READ_RIGHT: OracleLimits = { mtis: MTIS, fields: numbers, isEmptyAllowed: true };

const WRITTEN_RIGHT: OracleLimits = {
  mtis: MTIS,
  fields: numbers,
  // Without one of them it writes a second bitmap all the same, an empty one.
  oneOf: numbers.filter((field) => field > 64),
  printable: ` !"$%&'()*+,-./0123456789:;<=>?ABCXYZ[]^_\`abcxyz{|}~`,
  isEmptyAllowed: false,
};

function decode(bytes: Uint8Array): Message {
  const result = decodeMessage(ISO_8583_NPM, bytes);
  if (!result.ok) throw result.error;
  return result.message;
}

function refusalOf(bytes: Uint8Array): string {
  const result = decodeMessage(ISO_8583_NPM, bytes);
  return result.ok ? 'none' : result.error.code;
}

function unpack(bytes: Uint8Array): Iso8583Fields {
  return unpackIso8583(Buffer.from(bytes));
}

function pack(message: Message): Uint8Array {
  const written = packIso8583(iso8583Fields(message));
  if ('error' in written) throw new Error(written.error);
  return written;
}

/** The format of the package as our notation has it. */
function specOf({ ContentType, LenType, MaxLen }: Format): Partial<FieldSpec> {
  const length = ContentType === 'b' ? MaxLen / 2 : MaxLen;
  const cls = ContentType as FieldSpec['class'];
  if (LenType === 'fixed') return { class: cls, length };
  const prefix = 'L'.repeat(LenType.length - 'var'.length) as 'LL' | 'LLL';
  return { class: cls, length: { max: length }, prefix };
}

describe('the dialect of npm iso_8583', () => {
  it.each(numbers.map((field) => [field] as const))(
    'has field %i as the package has it',
    (field) => {
      expect(ISO_8583_NPM.fields[field]).toMatchObject(specOf(formats[field]!));
    },
  );
});

describe('npm iso_8583, where it is right,', () => {
  it('reads the values that we have written', () => {
    fc.assert(
      fc.property(oracleMessage(ISO_8583_NPM, READ_RIGHT), (message) => {
        const read = unpack(encodeMessage(ISO_8583_NPM, message));
        expect(messageOfIso8583(read)).toEqual(message);
      }),
      { numRuns: 300 },
    );
  });

  it('writes what we write, and we read the values in it', () => {
    fc.assert(
      fc.property(oracleMessage(ISO_8583_NPM, WRITTEN_RIGHT), (message) => {
        const written = pack(message);
        expect(toHex(written)).toBe(toHex(encodeMessage(ISO_8583_NPM, message)));
        expect(decode(written)).toEqual(message);
      }),
      { numRuns: 200 },
    );
  });
});

/** Message type, bitmap and what stands behind it. */
function wire(bitmap: string, body: string): Uint8Array {
  return concatBytes([asciiBytes('0200'), fromHex(bitmap), asciiBytes(body)]);
}

describe('npm iso_8583, where it is wrong,', () => {
  it('always writes a second bitmap; an empty one we refuse', () => {
    const written = pack({ mti: '0200', fields: { 3: '000000' } });
    expect(toHex(written)).toBe(
      toHex(
        concatBytes([asciiBytes('0200'), fromHex('A0'), new Uint8Array(15), asciiBytes('000000')]),
      ),
    );
    expect(refusalOf(written)).toBe('E_EMPTY_BITMAP');
  });

  it.each(['#', '@', '\\'])('does not write the printable character %s', (character) => {
    const message = { mti: '0200', fields: { 41: `TERM000${character}`, 100: '1' } };
    expect(() => pack(message)).toThrow('provided data is not of type');
    expect(decode(encodeMessage(ISO_8583_NPM, message))).toEqual(message);
  });

  it('does not write the empty value of a variable field, but reads it', () => {
    const message = { mti: '0200', fields: { 48: '', 100: '1' } };
    expect(() => pack(message)).toThrow('Field 48 in bitmap but not in json');
    expect(messageOfIso8583(unpack(encodeMessage(ISO_8583_NPM, message)))).toEqual(message);
  });

  it('does not write a message type that is not in its list', () => {
    const message = { mti: '0900', fields: { 3: '000000', 100: '1' } };
    expect(() => pack(message)).toThrow('message type undefined or invalid');
    expect(decode(encodeMessage(ISO_8583_NPM, message))).toEqual(message);
  });

  it('reads bytes as hex in lower case', () => {
    const bytes = encodeMessage(ISO_8583_NPM, { mti: '0200', fields: { 52: '1A2B3C4D5E6F7081' } });
    expect(unpack(bytes)[52]).toBe('1a2b3c4d5e6f7081');
  });

  it.each([
    ['a comma for the sign of an amount', ',00000100'],
    ['a letter behind the sign of an amount', 'CX0000100'],
  ])('writes %s', (_what, value) => {
    const written = pack({ mti: '0200', fields: { 28: value, 100: '1' } });
    expect(refusalOf(written)).toMatch(/^E_BAD_(?:SIGN|CLASS)$/);
  });

  it.each([
    ['a message that is cut short', wire('3000000000000000', '00000000000'), 'E_TRUNCATED'],
    ['a field of which nothing is there', wire('3000000000000000', '000000'), 'E_BIT_WITHOUT_DATA'],
    ['bytes behind the last field', wire('2000000000000000', '000000~'), 'E_TRAILING'],
    ['letters in an amount', wire('1000000000000000', '00000000ABCD'), 'E_BAD_DIGIT'],
    [
      'a length over the greatest one',
      wire('4000000000000000', '2562258812345678980000000AB'),
      'E_LENGTH_OVER_MAX',
    ],
    ['a length that is no number', wire('4000000000000000', 'XX12'), 'E_BAD_LENGTH'],
  ])('reads %s', (_what, bytes, code) => {
    expect(unpack(bytes)).not.toHaveProperty('error');
    expect(refusalOf(bytes)).toBe(code);
  });

  it('reads field 127 as fields of one acquirer, whatever stands in it', () => {
    const message = wire('80000000000000000000000000000002', '000009LANE 0007');
    expect(Object.keys(unpack(message))).not.toContain('127');
  });
});
