import { codePageOf } from '../bytes/code-page.ts';
import { toHex } from '../bytes/hex.ts';
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
  const isBare = looksLikeMti(dialect, bytes, 0);
  const fits = said >= 0 && said === bytes.length - prefixBytes;
  const isTpduBehind = bytes[prefixBytes] === TPDU_ID;
  // What fits by accident is told by the TPDU that is not behind it.
  const isElse = bytes[0] === TPDU_ID || isBare;
  if (fits && (!hasTpdu || isTpduBehind || !isElse)) {
    const body = bytes.subarray(prefixBytes);
    const start = prefixBytes + envelopeBytes(framing);
    if (envelopeBytes(framing) === 0) return { start, lengthPrefix: said };
    return { start, lengthPrefix: said, envelope: readEnvelope(body, framing, prefixBytes) };
  }
  if (!hasTpdu) return { start: 0 };
  if (bytes[0] === TPDU_ID) {
    return { start: envelopeBytes(framing), envelope: readEnvelope(bytes, framing) };
  }
  const start = prefixBytes + envelopeBytes(framing);
  if (isTpduBehind && (!isBare || looksLikeMti(dialect, bytes, start))) {
    const text = `the prefix says ${said}, ${bytes.length - prefixBytes} follow`;
    throw new CountersignError('E_FRAME_LENGTH', { offset: 0, text });
  }
  return { start: 0 };
}

const TPDU_ID = 0x60;

/** Whether a message may begin here: 01 to 28, then any two digits. */
function looksLikeMti({ mti }: Dialect, bytes: Uint8Array, at: number): boolean {
  if (mti.encoding === 'bcd') {
    const text = at + 2 <= bytes.length ? toHex(bytes, at, at + 2) : '';
    return /^[0-2][1-8]\d\d$/.test(text);
  }
  const { toAscii } = codePageOf(mti.encoding);
  const text = String.fromCharCode(
    ...[...bytes.subarray(at, at + 4)].map((byte) => toAscii[byte]!),
  );
  return /^[0-2][1-8]\d\d$/.test(text);
}
