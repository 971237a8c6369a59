import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FAMILIES, joinPieces, type Family } from './dialect-families.ts';
import { concatBytes } from '../../protocol/bytes/concat-bytes.ts';
import { fromHex, toHex } from '../../protocol/bytes/hex.ts';
import { fullField, type FullField } from '../../protocol/codec/compile-field.ts';
import type { Dialect, FieldClass, FieldSpec } from '../../protocol/dialect/dialect.ts';
import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import { ERROR_TABLE } from '../../protocol/errors/error-table.ts';
import { decodeMessage, MessageReader } from '../../protocol/message/decode-message.ts';
import { encodeMessage } from '../../protocol/message/encode-message.ts';
import { fieldNumbers, type Message } from '../../protocol/message/message.ts';

const DIGITS = '0123456789';
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const PRINTABLE = Array.from({ length: 95 }, (_, at) => String.fromCharCode(32 + at)).join('');

const CHARACTERS: Readonly<Record<Exclude<FieldClass, 'b' | 'x+n'>, string>> = {
  n: DIGITS,
  a: LETTERS,
  an: DIGITS + LETTERS,
  anp: `${DIGITS}${LETTERS} `,
  ans: PRINTABLE,
  z: `${DIGITS}=D`,
};

function text(characters: string, length: number): fc.Arbitrary<string> {
  const unit = fc.constantFrom(...characters);
  return fc.string({ unit, minLength: length, maxLength: length });
}

/** Lengths of a value, the least and the most often among them. */
function lengthOf(spec: FieldSpec, full: FullField): fc.Arbitrary<number> {
  const { prefix, padNibble, encoding, max } = full;
  // A trimmed field has any length up to its own.
  const min = spec.trim === true ? 0 : full.min;
  const usual = fc.oneof(fc.constant(min), fc.constant(max), fc.integer({ min, max }));
  // Bytes tell an odd number of digits from an even one by a pad F only.
  const isEven = encoding === 'bcd' && prefix?.counts === 'bytes' && padNibble === '0';
  return isEven ? usual.map((length) => length - (length % 2)) : usual;
}

/** Text whose bytes in GBK are as many as asked for: pairs become one character now and then. */
function gbkText(length: number): fc.Arbitrary<string> {
  const plain = text(PRINTABLE.replace('\\', ''), length);
  const pairs = fc.array(fc.nat(Math.max(0, length - 2)), { maxLength: length < 2 ? 0 : 4 });
  return fc.tuple(plain, pairs).map(([value, places]) => {
    let mixed = value;
    for (const at of places) {
      const isPlain = /^[ -~]{2}$/.test(mixed.slice(at, at + 2));
      if (isPlain) mixed = `${mixed.slice(0, at)}测${mixed.slice(at + 2)}`;
    }
    return mixed;
  });
}

function valueOf(spec: FieldSpec, defaults: Dialect['defaults']): fc.Arbitrary<string> {
  const full = fullField(spec, defaults);
  const cls = spec.class;
  return lengthOf(spec, full)
    .chain((length) => {
      if (cls === 'b') return text('0123456789ABCDEF', length * 2);
      if (full.encoding === 'gbk') return gbkText(length);
      if (cls !== 'x+n') {
        const characters = full.encoding === 'bcd' ? CHARACTERS[cls].replace('=', '') : undefined;
        return text(characters ?? CHARACTERS[cls], length);
      }
      if (length === 0) return fc.constant('');
      return fc
        .tuple(fc.constantFrom('C', 'D'), text(DIGITS, length - 1))
        .map((two) => two.join(''));
    })
    .filter((value) => !isTrimmedAway(spec, full, value));
}

/** A trimmed field cannot hold its own fill at the edge where it is filled. */
function isTrimmedAway(spec: FieldSpec, full: FullField, value: string): boolean {
  if (spec.trim !== true) return false;
  const fill = spec.fill === 'zero' ? '0' : ' ';
  return full.justify === 'right' ? value.startsWith(fill) : value.endsWith(fill);
}

function messageOf({ fields, defaults }: Dialect): fc.Arbitrary<Message> {
  const values = Object.entries(fields).map(
    ([field, spec]) => [field, valueOf(spec, defaults)] as const,
  );
  return fc.record({
    mti: text(DIGITS, 4),
    fields: fc
      .subarray(values, { maxLength: 14 })
      .chain((chosen) => fc.record(Object.fromEntries(chosen))),
  });
}

type Change = (bytes: Uint8Array) => Uint8Array;

/** One change anywhere: another byte, one bit, a byte more or less, an end cut off. */
const change: fc.Arbitrary<Change> = fc
  .record({
    kind: fc.constantFrom('byte', 'bit', 'more', 'less', 'cut'),
    at: fc.nat(4000),
    byte: fc.oneof(fc.nat(255), fc.constantFrom(0x00, 0x0f, 0x20, 0x30, 0x40, 0x61, 0xf0, 0xff)),
  })
  .map(({ kind, at: anywhere, byte }) => (bytes) => {
    const at = anywhere % bytes.length;
    const [before, behind] = [bytes.subarray(0, at), bytes.subarray(at + 1)];
    if (kind === 'cut') return before;
    if (kind === 'less') return concatBytes([before, behind]);
    if (kind === 'more') return concatBytes([before, Uint8Array.of(byte), bytes.subarray(at)]);
    const other = kind === 'bit' ? bytes[at]! ^ (1 << (byte % 8)) : byte;
    return concatBytes([before, Uint8Array.of(other), behind]);
  });

const CODES = new Set(Object.keys(ERROR_TABLE));

/** Any bytes are refused at a place in them, or written the same again; what else they are. */
function violation(dialect: Dialect, bytes: Uint8Array): string | undefined {
  const decoded = decodeMessage(dialect, bytes);
  if (decoded.ok) {
    const again = rewritten(dialect, decoded.message);
    return again === toHex(bytes) ? undefined : `${toHex(bytes)} is written ${again}`;
  }
  const { error } = decoded;
  const { code, offset = -1 } = error;
  const isKnown = error instanceof CountersignError && CODES.has(code) && code !== 'E_INTERNAL';
  const isPlaced = offset >= 0 && offset <= bytes.length;
  return isKnown && isPlaced ? undefined : `${toHex(bytes)} is refused as ${error.message}`;
}

function rewritten(dialect: Dialect, message: Message): string {
  try {
    return toHex(encodeMessage(dialect, message));
  } catch (error) {
    if (error instanceof CountersignError) return `${error.code}: ${error.message}`;
    throw error;
  }
}

const BITS = [1, 2, 4, 8, 16, 32, 64, 128];
const ONE_OR_TWO_BITS = [...new Set(BITS.flatMap((one) => BITS.map((other) => one | other)))];

describe.each(FAMILIES)('messages of the family $name', ({ dialect, pieces }: Family) => {
  const message = messageOf(dialect);

  it('come back from the wire, alone and amid other bytes', () => {
    const other = fc.uint8Array({ maxLength: 20 });
    fc.assert(
      fc.property(message, other, other, (sent, before, behind) => {
        const bytes = encodeMessage(dialect, sent);
        const due = { ok: true, message: sent, warnings: [] };
        expect(decodeMessage(dialect, bytes)).toEqual(due);
        const whole = concatBytes([before, bytes, behind]);
        const end = before.length + bytes.length;
        expect(decodeMessage(dialect, whole, before.length, end)).toEqual(due);
        const view = new MessageReader(dialect);
        view.open(whole, before.length, end);
        expect(view.mti).toBe(sent.mti);
        const seen = fieldNumbers(sent).map((field) => [field, view.get(field)]);
        expect(Object.fromEntries(seen)).toEqual(sent.fields);
      }),
      { numRuns: 150 },
    );
  });

  it('that are changed on the wire are refused where they are, or are other messages', () => {
    fc.assert(
      fc.property(message, fc.array(change, { minLength: 1, maxLength: 3 }), (sent, changes) => {
        let bytes = encodeMessage(dialect, sent);
        for (const each of changes) if (bytes.length > 0) bytes = each(bytes);
        expect(violation(dialect, bytes)).toBeUndefined();
      }),
      { numRuns: 400 },
    );
  });

  it('with one or two bits turned in any byte are refused as well, or are other messages', () => {
    const bytes = fromHex(joinPieces(pieces));
    for (let at = 0; at < bytes.length; at++) {
      const right = bytes[at]!;
      for (const bits of ONE_OR_TWO_BITS) {
        bytes[at] = right ^ bits;
        const found = violation(dialect, bytes);
        if (found !== undefined) expect.fail(`byte ${at}: ${found}`);
      }
      bytes[at] = right;
    }
  });
});
