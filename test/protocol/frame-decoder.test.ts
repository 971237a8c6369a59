import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UNIONPAY_POS } from '../../protocol/dialects/unionpay-pos.ts';
import { FrameDecoder } from '../../protocol/framing/frame-decoder.ts';
import { asciiBytes } from '../../protocol/bytes/ascii.ts';
import { fromHex, toHex } from '../../protocol/bytes/hex.ts';
import { concatBytes } from '../../protocol/bytes/concat-bytes.ts';
import { CountersignError } from '../../protocol/errors/countersign-error.ts';

const LIMIT = UNIONPAY_POS.framing.maxFrameBytes;

function framed(body: Uint8Array): Uint8Array {
  return concatBytes([Uint8Array.of(body.length >> 8, body.length & 0xff), body]);
}

/** Frames that a stream gives when it is cut at `cuts`, and the error that ended it. */
function readStream(
  stream: Uint8Array,
  cuts: readonly number[],
): { bodies: string[]; error: CountersignError | undefined; decoder: FrameDecoder } {
  const decoder = new FrameDecoder(UNIONPAY_POS);
  const bodies: string[] = [];
  const edges = [0, ...cuts.map((cut) => cut % (stream.length + 1)), stream.length];
  edges.sort((left, right) => left - right);
  let error: CountersignError | undefined;
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

const sizes = fc.oneof(
  fc.integer({ min: 0, max: 40 }),
  fc.constantFrom(0, 1, 2, 255, 256, 257, LIMIT - 1, LIMIT),
);

const bodiesOf = fc.array(
  fc
    .tuple(sizes, fc.nat(255))
    .map(([size, first]) => Uint8Array.from({ length: size }, (_, at) => (first + at * 7) & 0xff)),
  { maxLength: 6 },
);

const cutsOf = fc.array(fc.nat(20_000), { maxLength: 30 });

describe('the frame decoder', () => {
  it('gives the same frames however the stream is split or merged (F001-F005)', () => {
    fc.assert(
      fc.property(bodiesOf, cutsOf, (bodies, cuts) => {
        const { bodies: read, error, decoder } = readStream(concatBytes(bodies.map(framed)), cuts);
        // A frame of length zero is a keep-alive.
        expect(read).toEqual(bodies.filter(({ length }) => length > 0).map((body) => toHex(body)));
        expect(error).toBeUndefined();
        expect(decoder.isInsideFrame).toBe(false);
        expect(decoder.pendingBytes).toBe(0);
      }),
    );
  });

  it('gives one frame from one byte per read (F001)', () => {
    const stream = fromHex('0003AABBCC');
    const { bodies } = readStream(stream, [1, 2, 3, 4]);
    expect(bodies).toEqual(['AABBCC']);
  });

  it('gives the whole frames of a stream that ends inside one, and counts the rest (F004)', () => {
    const stream = fromHex('0002AABB0004CCDD');
    for (const [length, pending] of [
      [4, 0],
      [5, 1],
      [6, 2],
      [7, 3],
      [8, 4],
    ] as const) {
      const { bodies, decoder } = readStream(stream.slice(0, length), [3]);
      expect(bodies).toEqual(['AABB']);
      expect(decoder.pendingBytes).toBe(pending);
      expect(decoder.isInsideFrame).toBe(pending > 0);
    }
  });

  it('hands out bodies that later reads do not overwrite', () => {
    const decoder = new FrameDecoder(UNIONPAY_POS);
    const bodies: Uint8Array[] = [];
    const chunk = fromHex('0002AABB');
    decoder.push(chunk, (body) => bodies.push(body));
    chunk.fill(0);
    decoder.push(fromHex('0002CCDD'), (body) => bodies.push(body));
    expect(bodies.map((body) => toHex(body))).toEqual(['AABB', 'CCDD']);
  });

  it('refuses a length above the limit from the prefix alone (F006, F007)', () => {
    for (const length of [LIMIT + 1, 0x7fff, 0xfffe, 0xffff]) {
      const prefix = Uint8Array.of(length >> 8, length & 0xff);
      for (const cuts of [[], [1]]) {
        const { bodies, error } = readStream(prefix, cuts);
        expect(error?.code).toBe('E_FRAME_TOO_LONG');
        expect(error?.message).toContain(`${length} bytes announced, limit ${LIMIT}`);
        expect(bodies).toEqual([]);
      }
    }
  });

  it('never buffers what a prefix above the limit announces (F007)', () => {
    const before = process.memoryUsage().arrayBuffers;
    const decoders = Array.from({ length: 400 }, () => new FrameDecoder(UNIONPAY_POS));
    const body = new Uint8Array(1000);
    for (const decoder of decoders) {
      expect(() => decoder.push(fromHex('FFFF'), () => undefined)).toThrow(CountersignError);
      for (let read = 0; read < 30; read++) decoder.push(body, () => undefined);
      expect(decoder.pendingBytes).toBeLessThanOrEqual(2);
    }
    // 400 × 65535 bytes would be 26 million.
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8_000_000);
    expect(decoders).toHaveLength(400);
  });

  it('gives the frames before a bad prefix, and nothing after it (F011)', () => {
    fc.assert(
      fc.property(cutsOf, (cuts) => {
        const { bodies, error } = readStream(fromHex('0002AABB0001CCFFFF0001DD0001EE'), cuts);
        expect(bodies).toEqual(['AABB', 'CC']);
        expect(error?.code).toBe('E_FRAME_TOO_LONG');
      }),
    );
  });

  it('stays failed without failing again', () => {
    const decoder = new FrameDecoder(UNIONPAY_POS);
    expect(() => decoder.push(fromHex('FFFF'), () => undefined)).toThrow(CountersignError);
    decoder.push(fromHex('0001AAFFFF'), () => expect.unreachable());
  });

  it.each([
    ['an HTTP request', asciiBytes('GET / HTTP/1.1\r\n'), 'HTTP'],
    ['an HTTP request with a body', asciiBytes('POST /pay HTTP/1.1\r\n'), 'HTTP'],
    ['a TLS ClientHello', fromHex('16030100C8010000C4'), 'TLS'],
    ['a length in ASCII digits', asciiBytes('01176000030000'), 'ASCII digits'],
    ['a little-endian length', fromHex(`7500${'60'.repeat(0x75)}`), 'big-endian'],
  ])('names what %s looks like (F008, F010, F012)', (_, stream, hint) => {
    const { error } = readStream(stream, []);
    expect(error?.code).toBe('E_FRAME_TOO_LONG');
    expect(error?.hint).toContain(hint);
  });

  it('only ever fails with its own error, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3000 }), cutsOf, (stream, cuts) => {
        const { bodies, decoder } = readStream(stream, cuts);
        const whole = readStream(stream, []);
        expect(bodies).toEqual(whole.bodies);
        expect(decoder.pendingBytes).toBeLessThanOrEqual(LIMIT + 2);
      }),
    );
  });
});
