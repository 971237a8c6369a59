import type { Dialect } from '../dialect/dialect.ts';
import { CountersignError } from '../errors/countersign-error.ts';
import { envelopeBytes, readEnvelope, type Envelope } from './envelope.ts';
import { readPrefix } from './frame-prefix.ts';

/** What stands around a message. */
export interface Wrapping {
  /** Offset of the message type. */
  readonly start: number;
  /** What the length prefix says, where there is one. */
  readonly lengthPrefix?: number;
  readonly envelope?: Envelope;
}

/**
 * Finds the message in a whole frame, in one without its length prefix, or in bare bytes: told apart
 * by what fits.
 * @throws E_FRAME_LENGTH, E_BAD_TPDU, E_TRUNCATED
 */
export function unwrapMessage(dialect: Dialect, bytes: Uint8Array): Wrapping {
  const { framing } = dialect;
  const prefixBytes = framing.prefix.bytes;
  const hasPrefix = bytes.length >= prefixBytes;
  const reading = hasPrefix ? readPrefix(framing, bytes, 0) : undefined;
  const said = reading?.kind === 'length' ? reading.lengthBytes : -1;
  const hasTpdu = framing.tpdu !== undefined;
  if (said >= 0 && said === bytes.length - prefixBytes) {
    const body = bytes.subarray(prefixBytes);
    const start = prefixBytes + envelopeBytes(framing);
    if (envelopeBytes(framing) === 0) return { start, lengthPrefix: said };
    return { start, lengthPrefix: said, envelope: readEnvelope(body, framing) };
  }
  if (!hasTpdu) return { start: 0 };
  if (bytes[0] === 0x60) {
    return { start: envelopeBytes(framing), envelope: readEnvelope(bytes, framing) };
  }
  // A message type never begins with 60 at its third byte, a framed one always does.
  if (bytes[prefixBytes] === 0x60 && bytes.length > envelopeBytes(framing) + prefixBytes) {
    const text = `the prefix says ${said}, ${bytes.length - prefixBytes} follow`;
    throw new CountersignError('E_FRAME_LENGTH', { offset: 0, text });
  }
  return { start: 0 };
}
