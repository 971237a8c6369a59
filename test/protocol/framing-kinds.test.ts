import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asciiBytes } from '../../protocol/bytes/ascii.ts';
import { concatBytes } from '../../protocol/bytes/concat-bytes.ts';
import { fromHex, toHex } from '../../protocol/bytes/hex.ts';
import type { Dialect } from '../../protocol/dialect/dialect.ts';
import type { FramingSpec } from '../../protocol/dialect/framing-spec.ts';
import { loadDialect } from '../../protocol/dialect/load-dialect.ts';
import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import { encodeFrame } from '../../protocol/framing/envelope.ts';
import { FrameDecoder } from '../../protocol/framing/frame-decoder.ts';

interface Kind {
  readonly name: string;
  readonly prefix: FramingSpec['prefix'];
  /** Prefixes of bodies of 117 and 3000 bytes, and one that says more than any limit. */
  readonly of117: string;
  readonly of3000: string;
  readonly huge: string;
}

function rows(table: string): string[][] {
  const cells = (row: string): string[] => row.split('|').map((cell) => cell.trim());
  return table.trim().split('\n').map(cells);
}

/** All six kinds, counting themselves or not, worked out by hand. */
const KINDS: readonly Kind[] = rows(`
binary 2 alone | 0075 | 0BB8 | FFFF
binary 2 self | 0077 | 0BBA | FFFF
binary-le 2 alone | 7500 | B80B | FFFF
binary-le 2 self | 7700 | BA0B | FFFF
binary 4 alone | 00000075 | 00000BB8 | FFFFFFFF
binary 4 self | 00000079 | 00000BBC | FFFFFFFF
binary-le 4 alone | 75000000 | B80B0000 | FFFFFFFF
binary-le 4 self | 79000000 | BC0B0000 | FFFFFFFF
ascii 4 alone | 30313137 | 33303030 | 39393939
ascii 4 self | 30313231 | 33303034 | 39393939
bcd 2 alone | 0117 | 3000 | 9999
bcd 2 self | 0119 | 3002 | 9999
`).map(([name, of117, of3000, huge]) => ({
  name: name!,
  prefix: prefixOf(name!),
  of117: of117!,
  of3000: of3000!,
  huge: huge!,
}));

/** A prefix by encoding, size, and whether it counts itself. */
function prefixOf(name: string): FramingSpec['prefix'] {
  const [encoding, bytes, self] = name.split(' ') as ['binary' | 'binary-le', string, string];
  return { encoding, bytes: Number(bytes) as 2 | 4, includesItself: self === 'self' };
}

function dialectOf(prefix: FramingSpec['prefix'], framing: Partial<FramingSpec> = {}): Dialect {
  return loadDialect(
    {
      id: 'framing-only',
      title: 'framing only',
      mti: { encoding: 'bcd' },
      bitmap: { encoding: 'binary', fields: 64 },
      fields: {},
      framing: { prefix, maxFrameBytes: 3000, ...framing },
    },
    () => undefined,
  );
}

const NO_ENVELOPE = { tpdu: '', header: '' };

function framed(dialect: Dialect, body: Uint8Array): Uint8Array {
  return encodeFrame(NO_ENVELOPE, body, dialect);
}

interface Reading {
  readonly bodies: readonly string[];
  readonly error: CountersignError | undefined;
  readonly decoder: FrameDecoder;
}

/** Frames of a stream that is cut at these places, and the first error. */
function readStream(dialect: Dialect, stream: Uint8Array, cuts: readonly number[] = []): Reading {
  const decoder = new FrameDecoder(dialect);
  const bodies: string[] = [];
  let error: CountersignError | undefined;
  const edges = [0, ...cuts.map((cut) => cut % (stream.length + 1)), stream.length];
  edges.sort((one, other) => one - other);
  for (const [index, edge] of edges.slice(1).entries()) {
    try {
      decoder.push(stream.slice(edges[index]!, edge), (body) => bodies.push(toHex(body)));
    } catch (thrown) {
      if (!(thrown instanceof CountersignError)) throw thrown;
      error ??= thrown;
    }
  }
  return { bodies, error, decoder };
}

const anyBodies = fc.array(fc.uint8Array({ minLength: 1, maxLength: 600 }), { maxLength: 5 });
const anyCuts = fc.array(fc.nat(4000), { maxLength: 20 });

describe.each(KINDS)('a prefix $name', ({ prefix, of117, of3000, huge }) => {
  const dialect = dialectOf(prefix);

  it('says 117 and 3000 bytes as worked out by hand, and says them to the decoder', () => {
    for (const [length, hex] of [
      [117, of117],
      [3000, of3000],
    ] as const) {
      const body = new Uint8Array(length).fill(0xa5);
      const frame = framed(dialect, body);
      expect(toHex(frame, 0, prefix.bytes)).toBe(hex);
      expect(frame.subarray(prefix.bytes)).toEqual(body);
      expect(readStream(dialect, frame).bodies).toEqual([toHex(body)]);
    }
  });

  it('gives the same frames however the stream is split or merged (F001-F004)', () => {
    fc.assert(
      fc.property(anyBodies, anyCuts, (bodies, cuts) => {
        const stream = concatBytes(bodies.map((body) => framed(dialect, body)));
        const { bodies: read, error, decoder } = readStream(dialect, stream, cuts);
        expect(read).toEqual(bodies.map((body) => toHex(body)));
        expect(error).toBeUndefined();
        expect(decoder.isInsideFrame).toBe(false);
        expect(decoder.pendingBytes).toBe(0);
      }),
      { numRuns: 40 },
    );
  });

  it('gives the same frames byte by byte, and counts what is pending (F001, F002)', () => {
    const frame = framed(
      dialect,
      Uint8Array.from({ length: 20 }, (_, at) => at + 1),
    );
    const decoder = new FrameDecoder(dialect);
    const bodies: string[] = [];
    for (const [at, byte] of [...frame, ...frame].entries()) {
      decoder.push(Uint8Array.of(byte), (body) => bodies.push(toHex(body)));
      const pending = (at + 1) % frame.length;
      expect(decoder.pendingBytes).toBe(pending);
      expect(decoder.isInsideFrame).toBe(pending > 0);
    }
    expect(bodies).toEqual([toHex(frame, prefix.bytes), toHex(frame, prefix.bytes)]);
  });

  it('of no bytes is a keep-alive, or refused where the dialect says so (F005)', () => {
    const refusing = dialectOf(prefix, { zeroFrame: 'refuse' });
    const empty = framed(dialect, new Uint8Array(0));
    expect(empty).toHaveLength(prefix.bytes);
    const stream = concatBytes([empty, empty, framed(dialect, Uint8Array.of(7)), empty]);
    for (const cuts of [[], [1, 3, 5, 6, 7, 8, 9, 10]]) {
      for (const kept of [dialect, dialectOf(prefix, { zeroFrame: 'keep-alive' })]) {
        const { bodies, error, decoder } = readStream(kept, stream, cuts);
        expect([bodies, error, decoder.pendingBytes]).toEqual([['07'], undefined, 0]);
      }
      const behind = concatBytes([framed(dialect, Uint8Array.of(7)), stream]);
      const { bodies, error } = readStream(refusing, behind, cuts);
      expect([bodies, error?.code]).toEqual([['07'], 'E_FRAME_SHORT']);
    }
  });

  it('above the limit is refused from itself alone, and the limit is not (F006)', () => {
    const small = dialectOf(prefix, { maxFrameBytes: 116 });
    const exact = dialectOf(prefix, { maxFrameBytes: 117 });
    for (const cuts of [[], [1]]) {
      const { error, bodies } = readStream(small, fromHex(of117), cuts);
      expect(error?.code).toBe('E_FRAME_TOO_LONG');
      expect(error?.message).toContain('117 bytes announced, limit 116');
      expect(bodies).toEqual([]);
      expect(readStream(exact, fromHex(of117), cuts).error).toBeUndefined();
      // All of it there at once.
      const whole = framed(exact, new Uint8Array(117));
      expect(readStream(small, whole, cuts)).toMatchObject({
        error: { code: 'E_FRAME_TOO_LONG' },
        bodies: [],
      });
      expect(readStream(exact, whole, cuts).bodies).toEqual(['00'.repeat(117)]);
    }
    expect(() => framed(small, new Uint8Array(117))).toThrow(
      expect.objectContaining({ code: 'E_FRAME_TOO_LONG' }),
    );
    expect(framed(exact, new Uint8Array(117))).toHaveLength(117 + prefix.bytes);
  });

  it('gives the frames before a bad one, and nothing behind it (F011)', () => {
    const frames = [Uint8Array.of(1, 2), Uint8Array.of(3)].map((body) => framed(dialect, body));
    const stream = concatBytes([...frames, fromHex(huge), ...frames]);
    fc.assert(
      fc.property(anyCuts, (cuts) => {
        const { bodies, error, decoder } = readStream(dialect, stream, cuts);
        expect(bodies).toEqual(['0102', '03']);
        expect(error?.code).toBe('E_FRAME_TOO_LONG');
        expect(decoder.pendingBytes).toBe(prefix.bytes);
        decoder.push(frames[0]!, () => expect.unreachable());
      }),
    );
  });

  it('leaves bodies alone that it has handed out, whatever becomes of the chunk', () => {
    const decoder = new FrameDecoder(dialect);
    const bodies: Uint8Array[] = [];
    const stream = concatBytes([1, 2, 3].map((byte) => framed(dialect, Uint8Array.of(byte, byte))));
    for (const size of [1, stream.length]) {
      for (let at = 0; at < stream.length; at += size) {
        const chunk = stream.slice(at, at + size);
        decoder.push(chunk, (body) => bodies.push(body));
        chunk.fill(0xff);
      }
    }
    expect(bodies.map((body) => toHex(body)).join(' ')).toBe('0101 0202 0303 0101 0202 0303');
  });

  it.each(['GET / HTTP/1.1\r\n', 'POST /pay HTTP/1.1\r\n', 'HEAD / HTTP/1.0\r\n'])(
    'knows an HTTP request: %j (F012)',
    (request) => {
      const { error } = readStream(dialectOf(prefix, { maxFrameBytes: 700 }), asciiBytes(request));
      expect(error?.code).toMatch(/^E_FRAME_(TOO_LONG|PREFIX)$/);
      expect(error?.hint).toContain('HTTP request');
    },
  );

  it('knows a TLS ClientHello (F012)', () => {
    const hello = fromHex('16030100C8010000C40303');
    const { error } = readStream(dialectOf(prefix, { maxFrameBytes: 700 }), hello);
    expect(error?.hint).toContain('TLS ClientHello');
  });
});

describe('a prefix that is no number', () => {
  it.each([
    ['ascii', 4, '00A0'],
    ['ascii', 4, ' 012'],
    ['ascii', 4, '00:0'],
    ['bcd', 2, '\x0a\x10'],
    ['bcd', 2, '\xa0\x00'],
  ] as const)('is refused: %s %i %j (F008)', (encoding, bytes, text) => {
    const prefix = Uint8Array.from(text, (character) => character.charCodeAt(0));
    for (const includesItself of [false, true]) {
      const dialect = dialectOf({ encoding, bytes, includesItself });
      for (const cuts of [[], [1], [1, 2, 3]]) {
        const { error, bodies } = readStream(dialect, concatBytes([prefix, prefix]), cuts);
        expect([error?.code, error?.offset, bodies]).toEqual(['E_FRAME_PREFIX', 0, []]);
        expect(error?.message).toContain(toHex(prefix));
      }
    }
  });
});

describe('a prefix that counts itself', () => {
  it.each([
    ['binary', 2, ['0000', '0001']],
    ['binary-le', 2, ['0000', '0100']],
    ['binary', 4, ['00000000', '00000001', '00000003']],
    ['binary-le', 4, ['00000000', '03000000']],
    ['ascii', 4, ['30303030', '30303033']],
    ['bcd', 2, ['0000', '0001']],
  ] as const)('%s %i cannot say less than its own size (F009)', (encoding, bytes, prefixes) => {
    for (const zeroFrame of ['keep-alive', 'refuse'] as const) {
      const dialect = dialectOf({ encoding, bytes, includesItself: true }, { zeroFrame });
      for (const hex of prefixes) {
        const { error, bodies } = readStream(dialect, fromHex(`${hex}0102`));
        expect([error?.code, bodies]).toEqual(['E_FRAME_SHORT', []]);
      }
    }
  });
});

describe('the largest lengths', () => {
  it.each([
    ['binary', 2, false, 'FFFF', 65_535],
    ['binary', 4, false, '80000000', 2_147_483_648],
    ['binary', 4, false, 'FFFFFFFF', 4_294_967_295],
    ['binary', 4, true, 'FFFFFFFF', 4_294_967_291],
    ['binary-le', 4, false, '00000080', 2_147_483_648],
    ['bcd', 2, false, '9999', 9999],
  ] as const)('of %s %i, with itself %s: %s is %i (F007)', (encoding, bytes, self, hex, length) => {
    const dialect = dialectOf({ encoding, bytes, includesItself: self });
    const { error } = readStream(dialect, fromHex(hex));
    expect(error?.code).toBe('E_FRAME_TOO_LONG');
    expect(error?.message).toContain(`: ${length} bytes announced, limit 3000`);
  });

  it('are kept as far as they have arrived, whatever is announced (F007, F018)', () => {
    const dialect = dialectOf({ encoding: 'binary', bytes: 4 }, { maxFrameBytes: 1_048_576 });
    const before = process.memoryUsage().arrayBuffers;
    const decoders = Array.from({ length: 400 }, () => new FrameDecoder(dialect));
    for (const decoder of decoders) {
      decoder.push(fromHex('00100000'), () => expect.unreachable());
      for (let read = 0; read < 100; read++) {
        decoder.push(fromHex('0102030405'), () => expect.unreachable());
      }
    }
    // What is announced is 400 MB, what has arrived 200 kB.
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8_000_000);
    expect(decoders.map(({ pendingBytes }) => pendingBytes)).toEqual(decoders.map(() => 504));
  });

  it('up to the limit are given whole from many reads', () => {
    const dialect = dialectOf({ encoding: 'binary', bytes: 4 }, { maxFrameBytes: 1_048_576 });
    const body = Uint8Array.from({ length: 1_048_576 }, (_, at) => (at * 7 + (at >> 8)) & 0xff);
    const frame = framed(dialect, body);
    expect(toHex(frame, 0, 4)).toBe('00100000');
    const decoder = new FrameDecoder(dialect);
    const bodies: Uint8Array[] = [];
    for (let at = 0; at < frame.length; at += 1460) {
      decoder.push(frame.subarray(at, at + 1460), (read) => bodies.push(read));
    }
    expect(bodies).toHaveLength(1);
    expect(Buffer.compare(bodies[0]!, body)).toBe(0);
  });
});

describe('an unfinished frame', () => {
  const none = (): void => expect.unreachable();
  const dialect = dialectOf({ encoding: 'binary', bytes: 2 });

  it('is overdue by the clock of its first byte, however its bytes trickle in (F017, F018)', () => {
    const decoder = new FrameDecoder(dialect);
    expect(decoder.isOverdue(1_000_000, 1)).toBe(false);
    for (const [hex, nowMs] of [
      ['00', 1000],
      ['05', 1400],
      ['AA', 1800],
      ['', 1900],
      ['BBCC', 1999],
    ] as const) {
      decoder.push(fromHex(hex), none, nowMs);
      expect(decoder.isOverdue(1999, 1000)).toBe(false);
      expect(decoder.isOverdue(2000, 1000)).toBe(true);
    }
    decoder.push(fromHex('DDEE'), () => undefined, 2500);
    expect(decoder.isOverdue(1_000_000, 1000)).toBe(false);
  });

  it('is timed from the read that it begins in, behind others and keep-alives', () => {
    const decoder = new FrameDecoder(dialect);
    decoder.push(fromHex('00'), none, 0);
    expect([decoder.isOverdue(99, 100), decoder.isOverdue(100, 100)]).toEqual([false, true]);
    decoder.push(fromHex('01AA0000'), () => undefined, 500);
    expect(decoder.isOverdue(1_000_000, 100)).toBe(false);
    decoder.push(fromHex('0001BB0002CC'), () => undefined, 700);
    expect([decoder.isOverdue(799, 100), decoder.isOverdue(800, 100)]).toEqual([false, true]);
    decoder.push(fromHex('DD0001'), () => undefined, 900);
    expect([decoder.isOverdue(999, 100), decoder.isOverdue(1000, 100)]).toEqual([false, true]);
  });

  it('is never overdue without a clock', () => {
    const decoder = new FrameDecoder(dialect);
    decoder.push(fromHex('0005AA'), none);
    expect(decoder.isOverdue(1_000_000, 1)).toBe(false);
    expect(decoder.isInsideFrame).toBe(true);
  });
});

describe('the hint for a stranger', () => {
  it.each(
    rows(`
    binary 2 alone | 7500 | two bytes, little-endian | two bytes, big-endian
    binary-le 2 alone | 0075 | two bytes, big-endian | two bytes, little-endian
    binary 4 alone | 79000000 | four bytes, little-endian, counting itself | four bytes, big-endian
    ascii 4 alone | 00000075 | four bytes, big-endian | four ASCII digits
    binary 4 self | 30313137 | four ASCII digits | four bytes, big-endian, counting itself
    bcd 2 alone | 00FA | two bytes, big-endian | two BCD bytes
    bcd 2 alone | 00FC | two bytes, big-endian, counting itself | two BCD bytes
    binary 2 self | 0001 | two bytes, big-endian | two bytes, big-endian, counting itself
    `),
  )('of %s for %s names the form that fits (F010)', (form, prefix, fitting, own) => {
    const dialect = dialectOf(prefixOf(form!), { maxFrameBytes: 116 });
    const length = prefix === '0001' ? 1 : prefix!.startsWith('00F') ? 250 : 117;
    const { error } = readStream(dialect, fromHex(prefix! + 'A5'.repeat(length)));
    expect(error?.hint).toBe(
      `read as ${fitting}, the prefix would fit; this dialect has it as ${own}`,
    );
  });

  it('names ASCII digits where the prefix is binary, and guesses nothing from noise', () => {
    const hintOf = (prefix: FramingSpec['prefix'], hex: string): string | undefined =>
      readStream(dialectOf(prefix, { maxFrameBytes: 200 }), fromHex(hex)).error?.hint;
    expect(hintOf({ encoding: 'binary', bytes: 2 }, '303131376000')).toContain('in ASCII digits');
    expect(hintOf({ encoding: 'binary', bytes: 2 }, 'FEFE01')).not.toContain('looks like');
    expect(hintOf({ encoding: 'binary', bytes: 4 }, `00750000${'A5'.repeat(117)}`)).not.toContain(
      'read',
    );
    // The right form, were there one byte more.
    expect(hintOf({ encoding: 'binary', bytes: 2 }, `7500${'A5'.repeat(116)}`)).not.toContain(
      'read as',
    );
  });
});

describe('the length of a frame', () => {
  it('counts TPDU, header and message (1.1)', () => {
    const envelope = { tpdu: '6000030000', header: '603100310000' };
    for (const [encoding, bytes, prefix] of [
      ['binary', 2, '0015'],
      ['ascii', 4, '30303231'],
      ['bcd', 2, '0021'],
    ] as const) {
      const dialect = dialectOf({ encoding, bytes }, { ...envelope, maxFrameBytes: 21 });
      const frame = toHex(encodeFrame(envelope, new Uint8Array(10), dialect));
      expect(frame).toBe(`${prefix}6000030000603100310000${'00'.repeat(10)}`);
      expect(() => encodeFrame(envelope, new Uint8Array(11), dialect)).toThrow(CountersignError);
    }
  });
});
