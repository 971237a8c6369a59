import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { messageVector, messageVectors, vectorBodyHex } from '../vectors.ts';
import { fromHex, toHex } from '../../protocol/bytes/hex.ts';
import type { Dialect } from '../../protocol/dialect/dialect.ts';
import type { FramingSpec } from '../../protocol/dialect/framing-spec.ts';
import { loadDialect } from '../../protocol/dialect/load-dialect.ts';
import { UNIONPAY_POS } from '../../protocol/dialects/unionpay-pos.ts';
import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import { encodeFrame } from '../../protocol/framing/envelope.ts';
import { unwrapMessage, type Wrapping } from '../../protocol/framing/unwrap-message.ts';

/** The worked example of the spec (1.5): 52 bytes behind the prefix, 41 of them the message. */
const ECHO = messageVector('echo-request').hex;
const ENVELOPE = { tpdu: '6000030000', header: '603100310000' };

function unwrapped(hex: string, dialect: Dialect = UNIONPAY_POS): Wrapping {
  return unwrapMessage(dialect, fromHex(hex));
}

/** The refusal as `code @offset`, and its text. */
function refusalOf(hex: string, dialect: Dialect = UNIONPAY_POS): string {
  try {
    unwrapped(hex, dialect);
  } catch (error) {
    if (!(error instanceof CountersignError)) throw error;
    return `${error.code} @${error.offset ?? '-'} ${error.message}`;
  }
  return 'accepted';
}

function dialectOf(framing: FramingSpec): Dialect {
  return loadDialect(
    {
      id: 'framing-only',
      title: 'framing only',
      mti: { encoding: 'bcd' },
      bitmap: { encoding: 'binary', fields: 64 },
      fields: {},
      framing,
    },
    () => undefined,
  );
}

describe('a message is found', () => {
  it('in a whole frame', () => {
    expect(unwrapped(ECHO)).toEqual({ start: 13, lengthPrefix: 52, envelope: ENVELOPE });
  });

  it('in a frame without its length prefix', () => {
    expect(unwrapped(ECHO.slice(4))).toEqual({ start: 11, envelope: ENVELOPE });
  });

  it('as bare bytes', () => {
    expect(ECHO.slice(26, 30)).toBe('0820');
    expect(unwrapped(ECHO.slice(26))).toEqual({ start: 0 });
  });

  it('in every vector, at its message type', () => {
    for (const vector of messageVectors.messages) {
      const { tpdu, header } = vector;
      const body = vectorBodyHex(vector);
      expect(unwrapped(body)).toEqual({ start: 11, envelope: { tpdu, header } });
      const length = body.length / 2;
      const prefix = toHex(Uint8Array.of(length >> 8, length & 0xff));
      expect(unwrapped(prefix + body)).toEqual({
        start: 13,
        lengthPrefix: length,
        envelope: { tpdu, header },
      });
      // A bitmap that begins with 60 looks like a TPDU.
      expect(unwrapped(body.slice(22))).toEqual({ start: 0 });
    }
  });

  it('in no bytes, or one, as bare bytes', () => {
    expect(unwrapped('')).toEqual({ start: 0 });
    expect(unwrapped('02')).toEqual({ start: 0 });
  });
});

describe('a message is refused', () => {
  it('when the prefix says a byte more or fewer than there are', () => {
    expect(refusalOf(ECHO.slice(0, -2))).toMatch(/^E_FRAME_LENGTH @0 .*says 52, 51 follow/);
    expect(refusalOf(`${ECHO}00`)).toMatch(/^E_FRAME_LENGTH @0 .*says 52, 53 follow/);
    expect(refusalOf(`0000${ECHO.slice(4)}`)).toMatch(/^E_FRAME_LENGTH @0 .*says 0, 52 follow/);
    expect(refusalOf(`3400${ECHO.slice(4)}`)).toMatch(/^E_FRAME_LENGTH @0 .*says 13312, 52 follow/);
  });

  it('when the TPDU of a whole frame is not of id 60', () => {
    expect(refusalOf(`0034${ECHO.slice(4).replace('60', '61')}`)).toMatch(/^E_BAD_TPDU @2 /);
  });

  it('when a frame ends inside TPDU or header', () => {
    expect(refusalOf('60')).toMatch(/^E_TRUNCATED @1 .*11 bytes needed, 1 left/);
    expect(refusalOf('60000300006031003100')).toMatch(/^E_TRUNCATED @10 /);
    expect(refusalOf('0003600003')).toMatch(/^E_TRUNCATED @5 /);
    expect(refusalOf('0000')).toMatch(/^E_TRUNCATED @2 /);
    expect(unwrapped('000B6000030000603100310000')).toEqual({
      start: 13,
      lengthPrefix: 11,
      envelope: ENVELOPE,
    });
  });
});

describe('without TPDU', () => {
  it.each([
    ['ascii', 4, false, '30303035 0800AABBCC', 5],
    ['ascii', 4, true, '30303039 0800AABBCC', 5],
    ['bcd', 2, false, '0005 0800AABBCC', 5],
    ['bcd', 2, true, '0007 0800AABBCC', 5],
    ['binary', 4, false, '00000005 0800AABBCC', 5],
    ['binary-le', 2, true, '0700 0800AABBCC', 5],
    ['binary', 2, true, '0002', 0],
  ] as const)('a prefix %s %i, with itself %s, tells a frame by its fit', (...row) => {
    const [encoding, bytes, includesItself, hex, lengthPrefix] = row;
    const dialect = dialectOf({ prefix: { encoding, bytes, includesItself }, maxFrameBytes: 999 });
    expect(unwrapped(hex, dialect)).toEqual({ start: bytes, lengthPrefix });
    expect(unwrapped(`${hex}00`, dialect)).toEqual({ start: 0 });
    expect(unwrapped(hex.slice(bytes * 2), dialect)).toEqual({ start: 0 });
    expect(unwrapped('606060606060', dialect)).toEqual({ start: 0 });
  });

  it('a prefix that is no number, or smaller than itself, is none', () => {
    const digits = dialectOf({ prefix: { encoding: 'ascii', bytes: 4 }, maxFrameBytes: 999 });
    expect(unwrapped('30303A35 0800AABBCC', digits)).toEqual({ start: 0 });
    const self = { encoding: 'binary', bytes: 2, includesItself: true } as const;
    expect(unwrapped('0001', dialectOf({ prefix: self, maxFrameBytes: 999 }))).toEqual({
      start: 0,
    });
  });

  it('a header alone is read behind a prefix', () => {
    const prefix = { encoding: 'binary', bytes: 2 } as const;
    const dialect = dialectOf({ prefix, maxFrameBytes: 999, header: 'A1A2A3' });
    expect(unwrapped('0005 B1B2B3 0800', dialect)).toEqual({
      start: 5,
      lengthPrefix: 5,
      envelope: { tpdu: '', header: 'B1B2B3' },
    });
    expect(refusalOf('0002 B1B2', dialect)).toMatch(/^E_TRUNCATED @4 /);
  });
});

describe('whatever was framed', () => {
  const prefixes = (['binary', 'binary-le', 'ascii', 'bcd'] as const).flatMap((encoding) =>
    (encoding === 'ascii' ? [4] : encoding === 'bcd' ? [2] : [2, 4]).flatMap((bytes) =>
      [false, true].map((includesItself) => ({ encoding, bytes: bytes as 2 | 4, includesItself })),
    ),
  );
  const envelope = { tpdu: '6001050000', header: '603100310000' };

  it.each(prefixes)(
    'with $encoding $bytes, itself $includesItself, is unwrapped again',
    (prefix) => {
      const dialect = dialectOf({ prefix, maxFrameBytes: 900, ...envelope });
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 300 }), (message) => {
          const frame = encodeFrame(envelope, message, dialect);
          const start = prefix.bytes + 11;
          const lengthPrefix = frame.length - prefix.bytes;
          expect(unwrapMessage(dialect, frame)).toEqual({ start, lengthPrefix, envelope });
          const body = frame.subarray(prefix.bytes);
          expect(unwrapMessage(dialect, body)).toEqual({ start: 11, envelope });
        }),
      );
    },
  );

  it('or not, it is unwrapped or refused with an error of its own', () => {
    const start = fc.constantFrom('', '60', '0200', '0034600003', '00056000030000', '02006020');
    fc.assert(
      fc.property(start, fc.uint8Array({ maxLength: 600 }), (hex, tail) => {
        const bytes = fromHex(hex + toHex(tail));
        const refusal = refusalOf(toHex(bytes));
        expect(refusal).toMatch(/^(accepted$|E_FRAME_LENGTH |E_BAD_TPDU |E_TRUNCATED )/);
      }),
      { numRuns: 500 },
    );
  });
});
