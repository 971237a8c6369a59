import type { Dialect } from '../dialect/dialect.ts';
import type { FramingSpec } from '../dialect/framing-spec.ts';
import { KNOWN_PREFIXES } from '../framing/guess-stranger.ts';
import { readPrefix } from '../framing/frame-prefix.ts';
import { checkMessage, transactionOf } from '../message/check-message.ts';
import { decodeMessage } from '../message/decode-message.ts';
import { titleOf } from '../message/describe-message.ts';

/** One way to read unknown bytes. */
export interface Reading {
  readonly framing: string;
  readonly dialect: string;
  /** Offset of the message type. */
  readonly start: number;
  readonly verdict: 'strict' | 'lenient' | 'rules broken' | 'refused';
  /** Higher is better; what it is made of stands in `why`. */
  readonly score: number;
  readonly why: readonly string[];
}

interface Candidate {
  readonly framing: string;
  readonly prefix: FramingSpec['prefix'] | undefined;
  readonly start: number;
  /** Offset behind the message. */
  readonly end: number;
  readonly envelopeBytes: number;
  readonly why: readonly string[];
  readonly score: number;
}

const TPDU_BYTES = 5;
const HEADER_BYTES = 6;
/** A telephone concentrator puts so many bytes between TPDU and header (spec 1.4). */
const ANI_BYTES = 14;

/** Points for what fits; a whole decode outweighs everything around it. */
const POINTS = {
  strict: 100,
  lenient: 90,
  prefix: 20,
  tpdu: 6,
  known: 20,
  own: 4,
  most: 50,
} as const;

/**
 * Tries the framings in use and the given dialects on bytes of unknown origin: the best reading
 * first. Readings that fail remain, with the place where they do.
 */
export function identify(bytes: Uint8Array, dialects: readonly Dialect[]): Reading[] {
  const readings = candidatesOf(bytes).flatMap((candidate) =>
    dialects.map((dialect) => readingOf(bytes, candidate, dialect)),
  );
  return readings.sort((one, other) => other.score - one.score);
}

function candidatesOf(bytes: Uint8Array): Candidate[] {
  const end = bytes.length;
  const bare = { prefix: undefined, start: 0, end, envelopeBytes: 0, why: [], score: 0 };
  const framings: Candidate[] = [{ ...bare, framing: 'no length prefix' }];
  for (const { name, prefix } of KNOWN_PREFIXES) {
    const candidate = prefixed(bytes, name, prefix);
    if (candidate !== undefined) framings.push(candidate);
  }
  return framings.flatMap((each) => withEnvelopes(bytes, each));
}

/** A length prefix that fits, that leaves room for more frames, or that a TPDU follows all the same. */
function prefixed(
  bytes: Uint8Array,
  name: string,
  prefix: FramingSpec['prefix'],
): Candidate | undefined {
  if (bytes.length <= prefix.bytes) return undefined;
  const reading = readPrefix({ prefix, maxFrameBytes: bytes.length }, bytes, 0);
  if (reading.kind !== 'length') return undefined;
  const { lengthBytes } = reading;
  const left = bytes.length - prefix.bytes;
  const { bytes: start } = prefix;
  const base = { framing: name, prefix, start, envelopeBytes: 0 };
  const hasTpdu = bytes[start] === 0x60;
  if (lengthBytes === left) {
    const why = [`the prefix says ${lengthBytes}, and so many bytes follow`];
    return { ...base, end: bytes.length, why, score: POINTS.prefix };
  }
  const isFirst = lengthBytes < left && hasTpdu && bytes[start + lengthBytes + start] === 0x60;
  if (isFirst) {
    const why = [`the prefix says ${lengthBytes}; behind them another frame begins`];
    return { ...base, end: start + lengthBytes, why, score: POINTS.prefix };
  }
  if (!hasTpdu) return undefined;
  const why = [`the prefix says ${lengthBytes}, but ${left} bytes follow`];
  return { ...base, framing: `${name}, wrong`, end: bytes.length, why, score: 0 };
}

function withEnvelopes(bytes: Uint8Array, bare: Candidate): Candidate[] {
  if (bytes[bare.start] !== 0x60) return [bare];
  const why = [...bare.why, 'byte 60 begins a TPDU'];
  const score = bare.score + POINTS.tpdu;
  const wrap = (name: string, size: number): Candidate => ({
    ...bare,
    framing: `${bare.framing}, ${name}`,
    start: bare.start + size,
    envelopeBytes: size,
    why,
    score,
  });
  return [
    bare,
    wrap('TPDU', TPDU_BYTES),
    wrap('TPDU and header', TPDU_BYTES + HEADER_BYTES),
    wrap('TPDU, 14 bytes of a concentrator, header', TPDU_BYTES + ANI_BYTES + HEADER_BYTES),
  ];
}

function readingOf(bytes: Uint8Array, candidate: Candidate, dialect: Dialect): Reading {
  const { framing, start, end } = candidate;
  const base = { framing, dialect: dialect.id, start };
  const own = isOwnFraming(candidate, dialect) ? POINTS.own : 0;
  const why =
    own > 0 ? [...candidate.why, 'this is the framing of the dialect'] : [...candidate.why];
  const score = candidate.score + own;
  const strict = decodeMessage(dialect, bytes, start, end);
  const lenient = strict.ok
    ? strict
    : decodeMessage(dialect, bytes, start, end, { isLenient: true });
  if (!lenient.ok) {
    const { error, partial } = lenient;
    const offset = error.offset ?? start;
    const read = (offset - start) / Math.max(1, end - start);
    const fields = partial === undefined ? 0 : Object.keys(partial.fields).length;
    const points = Math.round(Math.min(1, read) * POINTS.most * (fields > 0 ? 1 : 0.2));
    why.push(`${fields} fields, then ${error.message}`);
    return { ...base, verdict: 'refused', score: score + points, why };
  }
  const { message, warnings } = lenient;
  why.push(`${Object.keys(message.fields).length} fields take every byte`);
  for (const { leniency, path, offset } of warnings) {
    why.push(`leniency ${leniency}: field ${path}, byte ${offset}`);
  }
  const findings = checkMessage(dialect, message);
  const broken = findings.filter(({ leniency }) => leniency === undefined);
  const isKnown = transactionOf(dialect, message) !== undefined;
  if (isKnown) why.push(`${message.mti} is a ${titleOf(dialect, message).en}`);
  for (const { path, text } of broken) why.push(`rule broken: ${path} ${text}`);
  const points =
    (strict.ok ? POINTS.strict : POINTS.lenient) +
    (isKnown ? POINTS.known : 0) -
    3 * broken.length -
    (findings.length - broken.length);
  const isLenient = !strict.ok || findings.length > 0;
  const verdict = broken.length > 0 ? 'rules broken' : isLenient ? 'lenient' : 'strict';
  return { ...base, verdict, score: score + points, why };
}

function isOwnFraming(candidate: Candidate, { framing }: Dialect): boolean {
  const own = ((framing.tpdu ?? '').length + (framing.header ?? '').length) / 2;
  if (candidate.envelopeBytes !== own) return false;
  const { prefix } = candidate;
  return (
    prefix === undefined ||
    (prefix.encoding === framing.prefix.encoding &&
      prefix.bytes === framing.prefix.bytes &&
      (prefix.includesItself ?? false) === (framing.prefix.includesItself ?? false))
  );
}
