import { fromHex } from '../protocol/bytes/hex.ts';
import type { Dialect } from '../protocol/dialect/dialect.ts';
import { CountersignError } from '../protocol/errors/countersign-error.ts';
import { unwrapMessage, type Wrapping } from '../protocol/framing/unwrap-message.ts';
import { checkMessage, findingError, type Finding } from '../protocol/message/check-message.ts';
import {
  decodeMessage,
  locateFields,
  type DecodeWarning,
  type FieldPlace,
} from '../protocol/message/decode-message.ts';
import type { Message } from '../protocol/message/message.ts';

/** A message read from hex, with everything that its dialect says about it. */
export interface ReadMessage {
  readonly wrapping: Wrapping;
  readonly message: Message;
  readonly places: readonly FieldPlace[];
  /** Findings that are refused, by code and place. */
  readonly errors: readonly CountersignError[];
  /** Findings that a leniency lets pass, in words with the same place. */
  readonly warnings: readonly Warning[];
}

export interface Warning {
  readonly leniency: string;
  readonly code: string;
  readonly message: string;
  readonly path: string;
  readonly offset?: number;
}

/**
 * Reads one message, strictly unless `isLenient`. Offsets count from the first byte given.
 * @throws what the bytes are refused for
 */
export function readMessage(dialect: Dialect, hex: string, isLenient: boolean): ReadMessage {
  const bytes = fromHex(hex);
  const wrapping = unwrapMessage(dialect, bytes);
  const { start } = wrapping;
  const result = decodeMessage(dialect, bytes, start, bytes.length, { isLenient });
  if (!result.ok) throw wouldPass(dialect, bytes, start, result.error);
  const { message } = result;
  const places = locateFields(dialect, bytes, start);
  const findings = checkMessage(dialect, message);
  const passed = isLenient ? findings.filter(({ leniency }) => leniency !== undefined) : [];
  const offsetOf = (finding: Finding): number | undefined => offsetIn(dialect, places, finding);
  return {
    wrapping,
    message,
    places,
    errors: findings
      .filter((finding) => !passed.includes(finding))
      .map((finding) => hinted(findingError(finding, offsetOf(finding)), finding)),
    warnings: [
      ...result.warnings.map(passedWarning),
      ...passed.map((finding) => warningOf(finding, offsetOf(finding))),
    ],
  };
}

/** The byte of a finding: a structure counts characters or bytes of its field's value. */
function offsetIn(
  dialect: Dialect,
  places: readonly FieldPlace[],
  { path, at }: Finding,
): number | undefined {
  const field = Number(path.split('.')[0]);
  const place = places.find((each) => each.field === field);
  if (place === undefined) return undefined;
  if (at === undefined) return place.offset;
  const spec = dialect.fields[field];
  const encoding = spec?.encoding ?? (spec && dialect.defaults.encoding?.[spec.class]);
  const scale = encoding === 'bcd' ? 0.5 : encoding?.endsWith('hex') === true ? 2 : 1;
  return place.valueOffset + Math.floor(at * scale);
}

/** An error that a leniency would accept says so. */
function hinted(error: CountersignError, { leniency }: Finding): CountersignError {
  if (leniency === undefined) return error;
  const hint = `${error.hint}; --lenient accepts it (${leniency})`;
  return Object.assign(error, { hint });
}

/** An error of the bytes that a lenient reader would let pass says so. */
function wouldPass(
  dialect: Dialect,
  bytes: Uint8Array,
  start: number,
  error: CountersignError,
): CountersignError {
  const options = { isLenient: true };
  const lenient = decodeMessage(dialect, bytes, start, bytes.length, options);
  if (!lenient.ok) return error;
  const names = [...new Set(lenient.warnings.map(({ leniency }) => leniency))].join(', ');
  return Object.assign(error, { hint: `${error.hint}; --lenient accepts it (${names})` });
}

function passedWarning({ leniency, code, path, offset }: DecodeWarning): Warning {
  const { message } = new CountersignError(code, { path, offset });
  return { leniency, code, message, path, offset };
}

function warningOf(finding: Finding, offset: number | undefined): Warning {
  const { code, path, leniency = '' } = finding;
  const { message } = findingError(finding, offset);
  return { leniency, code, message, path, ...(offset === undefined ? {} : { offset }) };
}
