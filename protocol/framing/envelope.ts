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
  if (isLast(body, tpduBytes, allBytes)) return last.envelope;
  last = {
    head: Uint8Array.from(body.subarray(0, allBytes)),
    tpduBytes,
    envelope: { tpdu: toHex(body, 0, tpduBytes), header: toHex(body, tpduBytes, allBytes) },
  };
  return last.envelope;
}

/** Messages of one network nearly all come in the same envelope. */
let last = {
  head: new Uint8Array(0),
  tpduBytes: 0,
  envelope: { tpdu: '', header: '' } as Envelope,
};

function isLast(body: Uint8Array, tpduBytes: number, allBytes: number): boolean {
  const { head } = last;
  if (head.length !== allBytes || last.tpduBytes !== tpduBytes) return false;
  for (let at = 0; at < allBytes; at++) if (head[at] !== body[at]) return false;
  return true;
}

/** The envelope of an answer: destination and source exchanged, header echoed (spec 1.2). */
export function answerEnvelope({ tpdu, header }: Envelope): Envelope {
  if (tpdu !== lastAnswer.asked || header !== lastAnswer.header) {
    const turned = tpdu.slice(0, 2) + tpdu.slice(6, 10) + tpdu.slice(2, 6);
    lastAnswer = { asked: tpdu, tpdu: turned, header };
  }
  return { tpdu: lastAnswer.tpdu, header };
}

/** Requests of one network nearly all come in the same envelope. */
let lastAnswer = { asked: '', tpdu: '', header: '' };

/**
 * Length prefix, TPDU, header and message as one frame.
 * @throws E_FRAME_TOO_LONG
 */
export function encodeFrame(envelope: Envelope, message: Uint8Array, dialect: Dialect): Uint8Array {
  const { framing } = dialect;
  const head = headOf(envelope);
  const length = head.length + message.length;
  if (length > framing.maxFrameBytes) {
    const text = `${length} bytes, limit ${framing.maxFrameBytes}`;
    throw new CountersignError('E_FRAME_TOO_LONG', { text });
  }
  const start = framing.prefix.bytes;
  const frame = takeBytes(start + length);
  writePrefix(framing, length, frame);
  // So few that a call would cost more.
  for (let at = 0; at < head.length; at++) frame[start + at] = head[at]!;
  frame.set(message, start + head.length);
  return frame;
}

/** TPDU and header as bytes; whoever writes one envelope mostly writes it again. */
function headOf({ tpdu, header }: Envelope): Uint8Array {
  if (tpdu !== lastHead.tpdu || header !== lastHead.header) {
    lastHead = { tpdu, header, bytes: fromHex(tpdu + header) };
  }
  return lastHead.bytes;
}

let lastHead = { tpdu: '', header: '', bytes: fromHex('') };
