import { fromHex, toHex } from '../bytes/hex.ts';
import { takeBytes } from '../bytes/slab.ts';
import type { Dialect } from '../dialect/dialect.ts';
import type { FramingSpec } from '../dialect/framing-spec.ts';
import { CountersignError } from '../errors/countersign-error.ts';
import { writePrefix } from './frame-prefix.ts';

/** TPDU (5 bytes) and header around a message, as hex (spec 1.2, 1.3); empty where there is none. */
export interface Envelope {
  readonly tpdu: string;
  readonly header: string;
}

/** Bytes of TPDU and header in front of the message type. */
export function envelopeBytes({ tpdu = '', header = '' }: FramingSpec): number {
  return (tpdu.length + header.length) / 2;
}

/** What a terminal of the dialect sends in front of its messages. */
export function usualEnvelope({ tpdu = '', header = '' }: FramingSpec): Envelope {
  return { tpdu, header };
}

/**
 * Reads TPDU and header of a frame body; the message starts at {@link envelopeBytes}.
 * @param before bytes in front of the body, for the offsets of errors
 * @throws E_BAD_TPDU, E_TRUNCATED
 */
export function readEnvelope(body: Uint8Array, framing: FramingSpec, before = 0): Envelope {
  const tpduBytes = (framing.tpdu ?? '').length / 2;
  const allBytes = envelopeBytes(framing);
  if (tpduBytes > 0 && body.length > 0 && body[0] !== 0x60) {
    throw new CountersignError('E_BAD_TPDU', { offset: before, text: toHex(body, 0, 1) });
  }
  if (body.length < allBytes) {
    throw new CountersignError('E_TRUNCATED', {
      path: 'TPDU and header',
      offset: before + body.length,
      text: `${allBytes} bytes needed, ${body.length} left`,
    });
  }
  return { tpdu: toHex(body, 0, tpduBytes), header: toHex(body, tpduBytes, allBytes) };
}

/** The envelope of an answer: destination and source exchanged, header echoed (spec 1.2). */
export function answerEnvelope({ tpdu, header }: Envelope): Envelope {
  return { tpdu: tpdu.slice(0, 2) + tpdu.slice(6, 10) + tpdu.slice(2, 6), header };
}

/**
 * Length prefix, TPDU, header and message as one frame.
 * @throws E_FRAME_TOO_LONG
 */
export function encodeFrame(envelope: Envelope, message: Uint8Array, dialect: Dialect): Uint8Array {
  const { framing } = dialect;
  const head = fromHex(envelope.tpdu + envelope.header);
  const length = head.length + message.length;
  if (length > framing.maxFrameBytes) {
    const text = `${length} bytes, limit ${framing.maxFrameBytes}`;
    throw new CountersignError('E_FRAME_TOO_LONG', { text });
  }
  const start = framing.prefix.bytes;
  const frame = takeBytes(start + length);
  writePrefix(framing, length, frame);
  frame.set(head, start);
  frame.set(message, start + head.length);
  return frame;
}
