import { CountersignError } from '../errors/countersign-error.ts';
import type { Dialect } from '../dialect/dialect.ts';
import { fromHex, toHex } from '../bytes/hex.ts';
import { concatBytes } from '../message/encode-message.ts';

/** TPDU (5 bytes) and header (6 bytes) around a message, as hex (spec 1.2, 1.3). */
export interface Envelope {
  readonly tpdu: string;
  readonly header: string;
}

/** Bytes of TPDU and header in front of the message type. */
export const ENVELOPE_BYTES = 11;

/**
 * Reads TPDU and header of a frame body; the message starts at {@link ENVELOPE_BYTES}.
 * @throws E_BAD_TPDU, E_TRUNCATED
 */
export function readEnvelope(body: Uint8Array): Envelope {
  if (body.length > 0 && body[0] !== 0x60) {
    throw new CountersignError('E_BAD_TPDU', { offset: 0, text: toHex(body, 0, 1) });
  }
  if (body.length < ENVELOPE_BYTES) {
    throw new CountersignError('E_TRUNCATED', {
      path: 'TPDU and header',
      offset: body.length,
      text: `${ENVELOPE_BYTES} bytes needed, ${body.length} left`,
    });
  }
  return { tpdu: toHex(body, 0, 5), header: toHex(body, 5, ENVELOPE_BYTES) };
}

/** The envelope of an answer: destination and source exchanged, header echoed (spec 1.2). */
export function answerEnvelope({ tpdu, header }: Envelope): Envelope {
  return { tpdu: tpdu.slice(0, 2) + tpdu.slice(6, 10) + tpdu.slice(2, 6), header };
}

/** Length prefix, TPDU, header and message as one frame. */
export function encodeFrame(envelope: Envelope, message: Uint8Array, dialect: Dialect): Uint8Array {
  const length = ENVELOPE_BYTES + message.length;
  if (length > dialect.framing.maxFrameBytes) {
    const text = `${length} bytes, limit ${dialect.framing.maxFrameBytes}`;
    throw new CountersignError('E_FRAME_TOO_LONG', { text });
  }
  return concatBytes([
    Uint8Array.of(length >> 8, length & 0xff),
    fromHex(envelope.tpdu),
    fromHex(envelope.header),
    message,
  ]);
}
