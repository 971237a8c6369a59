import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ENVELOPE_BYTES, messageVectors, vectorBodyHex } from '../vectors.ts';
import { fullField } from '../../protocol/codec/compile-field.ts';
import type { FieldSpec } from '../../protocol/dialect/dialect.ts';
import { UNIONPAY_POS } from '../../protocol/dialects/unionpay-pos.ts';
import { fromHex, toHex } from '../../protocol/bytes/hex.ts';
import { asciiBytes } from '../../protocol/bytes/ascii.ts';
import { encodeTlv } from '../../protocol/structure/ber-tlv.ts';
import {
  decodeMessage,
  locateFields,
  type DecodeResult,
} from '../../protocol/message/decode-message.ts';
import { describeMessage } from '../../protocol/message/describe-message.ts';
import { concatBytes } from '../../protocol/bytes/concat-bytes.ts';
import { encodeMessage } from '../../protocol/message/encode-message.ts';
import { maskMessage } from '../../protocol/message/mask.ts';
import type { FieldValues, Message } from '../../protocol/message/message.ts';
import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import { ERROR_TABLE } from '../../protocol/errors/error-table.ts';

const LENIENT = { isLenient: true };

function characters(alphabet: string, size: number): fc.Arbitrary<string> {
  const unit = fc.constantFrom(...alphabet);
  return fc.string({ unit, minLength: size, maxLength: size });
}

const DIGITS = '0123456789';
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const PRINTABLE = Array.from({ length: 95 }, (_, at) => String.fromCharCode(32 + at)).join('');

function valueOfSize(spec: FieldSpec, size: number): fc.Arbitrary<string> {
  if (spec.encoding === 'gbk') {
    // Half of a character may be left at the end of any cut.
    return characters('中国银联电子签名', size >> 1).map((text) => text + 'A'.repeat(size % 2));
  }
  switch (spec.class) {
    case 'n':
      return characters(DIGITS, size);
    case 'z':
      return characters('0123456789ABCDEF', size);
    case 'an':
      return characters(DIGITS + LETTERS, size);
    case 'ans':
      return characters(PRINTABLE, size);
    case 'b':
      return fc.uint8Array({ minLength: size, maxLength: size }).map((bytes) => toHex(bytes));
    default:
      throw new Error(`no field of this dialect is of class ${spec.class}`);
  }
}

/** Any value of a field, its shortest and longest often. */
function valueOf(spec: FieldSpec): fc.Arbitrary<string> {
  const { min, max } = fullField(spec, UNIONPAY_POS.defaults);
  return fc
    .oneof(fc.constantFrom(min, max), fc.integer({ min, max: Math.min(max, min + 30) }))
    .chain((size) => valueOfSize(spec, size));
}

const specs = Object.entries(UNIONPAY_POS.fields);
const types = [
  '0200',
  '0210',
  '0220',
  '0320',
  '0400',
  '0500',
  '0800',
  '0810',
  '0820',
  '0000',
  '9999',
];
const privates = ['22000001', '0000000100100', '00000001004', '00000001201', '07000001800'];

/** Messages from the field table of the dialect, with the codes that masking asks for often. */
const anyMessage: fc.Arbitrary<Message> = fc
  .record({
    mti: fc.oneof(fc.constantFrom(...types), characters(DIGITS, 4)),
    fields: fc.record(
      Object.fromEntries(
        specs.map(([field, spec]) => [
          field,
          field === '60' ? fc.oneof(fc.constantFrom(...privates), valueOf(spec)) : valueOf(spec),
        ]),
      ),
      { requiredKeys: [] },
    ),
  })
  .map(({ mti, fields }) => ({ mti, fields: consistent(fields) }));

/** A track in clear has no nibble but digits and D; only field 53 can say that it is encrypted. */
function consistent(fields: Readonly<Record<string, string | undefined>>): FieldValues {
  const clear: FieldValues = {};
  for (const [field, value] of Object.entries(fields)) {
    if (value !== undefined) clear[Number(field)] = value;
  }
  if (clear[53]?.[2] === '1') return clear;
  for (const field of [35, 36]) {
    const track = clear[field];
    if (track !== undefined) clear[field] = track.replaceAll(/[ABCEF]/g, 'D');
  }
  return clear;
}

const vectorMessages = messageVectors.messages.map((vector) =>
  fromHex(vectorBodyHex(vector)).subarray(ENVELOPE_BYTES),
);

type Mutation =
  | { readonly kind: 'set' | 'insert'; readonly at: number; readonly value: number }
  | { readonly kind: 'flip'; readonly at: number; readonly bit: number }
  | { readonly kind: 'delete' | 'cut'; readonly at: number };

const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('set', 'insert'),
    at: fc.nat(1100),
    value: fc.nat(255),
  }),
  fc.record({ kind: fc.constant('flip'), at: fc.nat(1100), bit: fc.nat(7) }),
  fc.record({ kind: fc.constantFrom('delete', 'cut'), at: fc.nat(1100) }),
);

function mutated(bytes: Uint8Array, change: Mutation): Uint8Array {
  const at = change.at % bytes.length;
  const [before, after] = [bytes.slice(0, at), bytes.slice(at + 1)];
  switch (change.kind) {
    case 'set':
      return concatBytes([before, Uint8Array.of(change.value), after]);
    case 'insert':
      return concatBytes([before, Uint8Array.of(change.value), bytes.slice(at)]);
    case 'flip':
      return concatBytes([before, Uint8Array.of(bytes[at]! ^ (1 << change.bit)), after]);
    case 'delete':
      return concatBytes([before, after]);
    case 'cut':
      return before.length === 0 ? bytes : before;
  }
}

const mutatedVector = fc
  .tuple(fc.constantFrom(...vectorMessages), fc.array(mutation, { maxLength: 4 }))
  .map(([bytes, changes]) => changes.reduce(mutated, bytes));

/** Random bytes behind a bitmap of defined fields get further than random bytes alone. */
const plausibleBytes = fc
  .tuple(
    characters(DIGITS, 4),
    fc.subarray(specs.map(([field]) => Number(field))),
    fc.uint8Array({ maxLength: 200 }),
  )
  .map(([mti, fields, rest]) => {
    const bitmap = new Uint8Array(8);
    for (const field of fields) bitmap[(field - 1) >> 3]! |= 0x80 >> ((field - 1) & 7);
    return concatBytes([fromHex(mti), bitmap, rest]);
  });

const anyBytes = fc.oneof(mutatedVector, plausibleBytes, fc.uint8Array({ maxLength: 300 }));

/** The bytes with the pad nibbles that were warned of set to 0. */
function padded(bytes: Uint8Array, result: DecodeResult & { ok: true }): Uint8Array {
  const corrected = bytes.slice();
  for (const { code, path, offset } of result.warnings) {
    if (code !== 'E_BAD_PAD') continue;
    const keep = UNIONPAY_POS.fields[Number(path)]?.justify === 'right' ? 0x0f : 0xf0;
    corrected[offset]! &= keep;
  }
  return corrected;
}

function expectOurError(error: unknown, length: number): void {
  if (!(error instanceof CountersignError)) throw error;
  expect(ERROR_TABLE).toHaveProperty(error.code);
  expect(error.code).not.toBe('E_INTERNAL');
  if (error.offset !== undefined) {
    expect(error.offset).toBeGreaterThanOrEqual(0);
    expect(error.offset).toBeLessThanOrEqual(length);
  }
  // An error says where, and shows no more of a field than a prefix or one byte (I-36).
  expect(error.message).not.toMatch(/[0-9A-F]{7}/);
}

describe('a message', () => {
  it('of any fields comes back from its bytes, each field in its place (I-40)', () => {
    fc.assert(
      fc.property(anyMessage, (message) => {
        const bytes = encodeMessage(UNIONPAY_POS, message);
        const result = decodeMessage(UNIONPAY_POS, bytes);
        if (!result.ok) throw result.error;
        expect(result.message).toEqual(message);
        expect(result.warnings).toEqual([]);
        let at = 10;
        const places = locateFields(UNIONPAY_POS, bytes);
        for (const place of places) {
          expect(place.offset).toBe(at);
          at += place.lengthBytes;
        }
        expect(at).toBe(bytes.length);
        expect(places.map(({ field }) => field)).toEqual(Object.keys(message.fields).map(Number));
      }),
      { numRuns: 300 },
    );
  });

  it('in the middle of other bytes is decoded as if it stood alone', () => {
    fc.assert(
      fc.property(anyMessage, fc.uint8Array(), fc.uint8Array(), (message, before, after) => {
        const bytes = encodeMessage(UNIONPAY_POS, message);
        const end = before.length + bytes.length;
        const result = decodeMessage(
          UNIONPAY_POS,
          concatBytes([before, bytes, after]),
          before.length,
          end,
        );
        expect(result).toMatchObject({ ok: true, message });
      }),
    );
  });

  it('that is accepted is encoded to the very same bytes, pad nibbles aside (I-40)', () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        const result = decodeMessage(UNIONPAY_POS, bytes, 0, bytes.length, LENIENT);
        const options = { ...LENIENT, hasOwnTexts: true };
        expect(decodeMessage(UNIONPAY_POS, bytes, 0, bytes.length, options)).toEqual(result);
        if (!result.ok) return;
        const again = encodeMessage(UNIONPAY_POS, result.message);
        expect(toHex(again)).toBe(toHex(padded(bytes, result)));
      }),
      { numRuns: 3000 },
    );
  });

  it('that is accepted strictly is encoded to the very same bytes', () => {
    fc.assert(
      fc.property(mutatedVector, (bytes) => {
        const result = decodeMessage(UNIONPAY_POS, bytes);
        if (result.ok)
          expect(toHex(encodeMessage(UNIONPAY_POS, result.message))).toBe(toHex(bytes));
      }),
      { numRuns: 1000 },
    );
  });

  it('that is refused is refused with an error of the table, inside the bytes', () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        const result = decodeMessage(UNIONPAY_POS, bytes);
        if (!result.ok) expectOurError(result.error, bytes.length);
      }),
      { numRuns: 3000 },
    );
  });

  it.each(specs)('with field %s one too long or one too short is not encoded', (key, spec) => {
    const field = Number(key);
    const unit = spec.class === 'b' ? '00' : '1';
    const refusal = (size: number): string => {
      try {
        encodeMessage(UNIONPAY_POS, { mti: '0200', fields: { [field]: unit.repeat(size) } });
      } catch (error) {
        if (error instanceof CountersignError) return `${error.code} ${error.path}`;
        throw error;
      }
      return 'encoded';
    };
    const { min, max } = fullField(spec, UNIONPAY_POS.defaults);
    const isFixed = typeof spec.length === 'number';
    expect(refusal(min)).toBe('encoded');
    expect(refusal(max)).toBe('encoded');
    expect(refusal(max + 1)).toBe(`${isFixed ? 'E_FIELD_VALUE' : 'E_LENGTH_OVER_MAX'} ${field}`);
    if (min === 0) return;
    expect(refusal(min - 1)).toBe(`${isFixed ? 'E_FIELD_VALUE' : 'E_LENGTH_UNDER_MIN'} ${field}`);
  });

  it('with a value that does not fit its field is not encoded', () => {
    const wrong = fc.record({
      field: fc.integer({ min: 0, max: 65 }),
      value: fc.oneof(fc.string({ unit: 'binary' }), characters(DIGITS, 9), fc.string()),
    });
    fc.assert(
      fc.property(wrong, ({ field, value }) => {
        const message: Message = { mti: '0200', fields: { [field]: value } };
        let bytes: Uint8Array;
        try {
          bytes = encodeMessage(UNIONPAY_POS, message);
        } catch (error) {
          if (!(error instanceof CountersignError)) throw error;
          expect(error.path).toBe(String(field));
          return;
        }
        const result = decodeMessage(UNIONPAY_POS, bytes);
        // What it did encode was a value of the field, in another spelling at most.
        if (result.ok) expect(encodeMessage(UNIONPAY_POS, result.message)).toEqual(bytes);
        // An encrypted track, and GBK that is no text, are written for lenient readers.
        else expect(['E_BAD_BCD', 'E_BAD_CHARSET']).toContain(result.error.code);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('the description of a message', () => {
  it('never fails on what can be decoded, whole or in part', () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        const result = decodeMessage(UNIONPAY_POS, bytes, 0, bytes.length, LENIENT);
        const message = result.ok ? result.message : result.partial;
        if (message === undefined) return;
        const places = result.ok ? locateFields(UNIONPAY_POS, bytes) : [];
        const described = describeMessage(UNIONPAY_POS, message, places);
        expect(described.fields.map(({ field }) => String(field))).toEqual(
          Object.keys(message.fields),
        );
      }),
      { numRuns: 2000 },
    );
    fc.assert(
      fc.property(anyMessage, (message) => {
        describeMessage(UNIONPAY_POS, message);
        maskMessage(UNIONPAY_POS, message);
      }),
    );
  });

  it('holds no control character, so that a console shows it as it is', () => {
    fc.assert(
      fc.property(anyMessage, (message) => {
        const texts = describeMessage(UNIONPAY_POS, message).fields.flatMap((each) => [
          each.value,
          ...each.details,
        ]);
        expect(texts.join('')).not.toMatch(/\p{Cc}/u);
      }),
    );
  });
});

/** Digits without 0: a secret of them meets the other fields of a message by no accident. */
const NONZERO = '123456789';

const canary = fc.record({
  pan: fc.integer({ min: 13, max: 19 }).chain((size) => characters(NONZERO, size)),
  rest: characters(NONZERO, 12),
  pin: characters('123456789ABCDEF', 16),
  key: characters('123456789ABCDEF', 80),
  code: characters(NONZERO, 19),
  request: fc.constantFrom<readonly [string, string]>(
    ['0200', '22000000000600'],
    ['0210', '22000000000600'],
    ['0220', '25000000000600'],
    ['0400', '22000000000600'],
    ['0320', '00000000201'],
    ['0800', '00000000004'],
    ['0810', '00000000004'],
    ['0820', '07000000800'],
    ['0920', '07000000'],
  ),
});

/** Four characters of a text as hex: half of one may stand in front of other digits by accident. */
function characterPieces(name: string): string[] {
  return pieces(name, 8).filter((_, at) => at % 2 === 0);
}

function pieces(secret: string, size: number): string[] {
  return Array.from({ length: secret.length - size + 1 }, (_, at) => secret.slice(at, at + size));
}

describe('masking of generated messages', () => {
  it('lets no PAN, track, PIN block, key, signature or payment code through (I-36)', () => {
    fc.assert(
      fc.property(canary, fc.boolean(), ({ pan, rest, pin, key, code, request }, hasOdd) => {
        const track = `${pan}D${rest}`;
        const even = track.length % 2 === 0 ? track : `${track}F`;
        const name = toHex(asciiBytes(rest));
        const uploaded = `01${'00000000'}${pan.padStart(20, '0')}000000000000`;
        const fields: FieldValues = {
          2: pan,
          35: track,
          36: `99${track}`,
          48: request[0] === '0320' ? uploaded : '0',
          52: pin,
          55: encodeTlv([
            { tag: '5A', value: pan.padEnd(20, 'F') },
            { tag: '57', value: even },
            { tag: '5F20', value: name },
          ]),
          56: key,
          57: key,
          58: key,
          59: toHex(asciiBytes(`A3019${code}`)),
          60: request[1],
          62: key,
          63: hasOdd ? 'SM016\\x9Aabc' : 'CUP',
        };
        const message = { mti: request[0], fields };
        const text = JSON.stringify([
          describeMessage(UNIONPAY_POS, message),
          maskMessage(UNIONPAY_POS, message),
        ]);
        // Six digits may stand at the front and four at the end: seven in a row never.
        const secrets = [
          ...pieces(pan, 7),
          ...pieces(rest, 7),
          ...pieces(pin, 7),
          ...characterPieces(name),
          ...pieces(code, 7),
          'x9A',
        ];
        expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
        // A key block that happens to be printable stays hidden as well, but for the two requests
        // whose field 62 is a text of the terminal.
        expect(pieces(key, 7).filter((secret) => text.includes(secret))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});
