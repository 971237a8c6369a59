import { codecOf } from '../codec/codec.ts';
import { describeRefusal } from '../codec/describe-refusal.ts';
import { fieldText, mtiText, roomyFields } from '../codec/field-text.ts';
import { indexFields, indexHead, indexMessage } from '../codec/index-message.ts';
import { MessageIndex, type Tolerance } from '../codec/message-index.ts';
import type { Dialect } from '../dialect/dialect.ts';
import type { CountersignError } from '../errors/countersign-error.ts';
import type { ErrorCode } from '../errors/error-table.ts';
import type { ContentHash } from './content-hash.ts';
import type { FieldValues, Message } from './message.ts';

/** Where a field lies in the bytes: `offset` of its length prefix or first byte. */
export interface FieldPlace {
  readonly field: number;
  readonly offset: number;
  /** Offset of the value, behind the length prefix. */
  readonly valueOffset: number;
  readonly lengthBytes: number;
}

/** A defect that a leniency of the dialect let pass. */
export interface DecodeWarning {
  readonly leniency: string;
  readonly code: ErrorCode;
  readonly path: string;
  readonly offset: number;
}

export type DecodeResult =
  | {
      readonly ok: true;
      readonly message: Message;
      readonly warnings: readonly DecodeWarning[];
    }
  | {
      readonly ok: false;
      readonly error: CountersignError;
      /** What could be read before the damage; absent when not even the message type could. */
      readonly partial: Message | undefined;
    };

export interface DecodeOptions {
  /** Lets pass what the dialect's leniencies name, with a warning; strict otherwise. */
  readonly isLenient?: boolean;
  /**
   * Values are texts of their own, for those who compare and keep them: all but those that a fill was
   * taken off. Otherwise the long ones are pieces of one text of the whole message: sooner made, but V8
   * compares and looks for a piece more slowly, and whoever keeps one keeps the whole message.
   */
  readonly hasOwnTexts?: boolean;
  /** Takes what an accepted message says, from its bytes as they are. */
  readonly content?: ContentHash;
}

const indexes = new WeakMap<Dialect, MessageIndex>();
const NO_WARNINGS: readonly DecodeWarning[] = [];

/**
 * Decodes one message (message type, bitmaps, fields): every byte must be accounted for. Damage is
 * a value, not an exception, because a host answers it.
 *
 * @param bytes any bytes that hold the message; offsets in errors count from their first byte
 * @param start offset of the message type
 */
export function decodeMessage(
  dialect: Dialect,
  bytes: Uint8Array,
  start = 0,
  end = bytes.length,
  options?: DecodeOptions,
): DecodeResult {
  const index = indexOf(dialect);
  const tolerance = options?.isLenient === true ? toleranceOf(dialect) : undefined;
  const at = indexHead(index, bytes, start, end, tolerance);
  const fields = roomyFields(index.count === 0 ? 1 : index.numbers[index.count - 1]!);
  const isOwn = options?.hasOwnTexts === true;
  const isSound = at >= 0 && indexFields(index, at, isOwn ? undefined : fields);
  if (isOwn) {
    for (let each = 0; each < index.count; each++) {
      const field = index.numbers[each]!;
      fields[field] = fieldText(index, field);
    }
  }
  if (isSound) {
    options?.content?.take(index);
    const warnings = index.passed.length === 0 ? NO_WARNINGS : warningsOf(dialect, index);
    return { ok: true, message: { mti: mtiText(index), fields }, warnings };
  }
  const partial = index.hasMti
    ? { mti: mtiText(index), fields: upToDamage(index, fields) }
    : undefined;
  return { ok: false, error: describeRefusal(index), partial };
}

/**
 * Reads messages one after another and makes text only of the fields that are asked for: for those
 * who look at a few fields of many messages. One message is open at a time.
 */
export class MessageReader {
  readonly #index: MessageIndex;

  constructor(dialect: Dialect) {
    this.#index = new MessageIndex(codecOf(dialect));
  }

  /**
   * Judges a message as strictly as {@link decodeMessage}. The bytes must stay as they are until the
   * next one is opened.
   * @throws what the message is refused for
   */
  open(bytes: Uint8Array, start = 0, end = bytes.length): void {
    if (indexMessage(this.#index, bytes, start, end)) return;
    // Nothing of a refused message, or of the one before it, can be read.
    this.#index.words.fill(0);
    throw describeRefusal(this.#index);
  }

  get mti(): string {
    return this.#index.hasMti ? mtiText(this.#index) : '';
  }

  has(field: number): boolean {
    return this.#index.has(field);
  }

  /** The value of a field of the open message, undefined when it is not there. */
  get(field: number): string | undefined {
    return this.#index.has(field) ? fieldText(this.#index, field) : undefined;
  }
}

/** Where the fields of a message lie that {@link decodeMessage} has accepted. */
export function locateFields(
  dialect: Dialect,
  bytes: Uint8Array,
  start = 0,
  end = bytes.length,
): FieldPlace[] {
  const index = indexOf(dialect);
  indexMessage(index, bytes, start, end, toleranceOf(dialect));
  const places: FieldPlace[] = [];
  for (let each = 0; each < index.count; each++) {
    const field = index.numbers[each]!;
    const offset = index.startOf(field);
    const lengthBytes = index.ends[field]! - offset;
    places.push({ field, offset, valueOffset: index.offsets[field]!, lengthBytes });
  }
  return places;
}

/** Fields before the damage: a track is refused when fields behind it have been read. */
function upToDamage({ count, numbers }: MessageIndex, texts: FieldValues): FieldValues {
  const fields: FieldValues = {};
  for (const field of numbers.subarray(0, count)) fields[field] = texts[field]!;
  return fields;
}

function indexOf(dialect: Dialect): MessageIndex {
  if (dialect === lastDialect) return lastIndex!;
  const index = indexes.get(dialect) ?? new MessageIndex(codecOf(dialect));
  indexes.set(dialect, index);
  lastDialect = dialect;
  lastIndex = index;
  return index;
}

let lastDialect: Dialect | undefined;
let lastIndex: MessageIndex | undefined;

const LENIENT_CODES: Partial<Readonly<Record<ErrorCode, string>>> = {
  E_BAD_PAD: 'pad-nibble',
  E_BAD_CHARSET: 'charset',
};

function leniencyFor(dialect: Dialect, accepts: string, field: number): string | undefined {
  return Object.entries(dialect.leniencies).find(
    ([, each]) => each.accepts === accepts && (each.fields?.includes(field) ?? true),
  )?.[0];
}

const tolerances = new WeakMap<Dialect, Tolerance>();

function toleranceOf(dialect: Dialect): Tolerance {
  const known = tolerances.get(dialect);
  if (known !== undefined) return known;
  const tolerance: Tolerance = {
    padNibble: (field) => leniencyFor(dialect, 'pad-nibble', field) !== undefined,
    charset: (field) => leniencyFor(dialect, 'charset', field) !== undefined,
  };
  tolerances.set(dialect, tolerance);
  return tolerance;
}

function warningsOf(dialect: Dialect, index: MessageIndex): DecodeWarning[] {
  return index.passed.map(({ code, field, offset }) => ({
    leniency: leniencyFor(dialect, LENIENT_CODES[code] ?? '', field) ?? '',
    code,
    path: String(field),
    offset,
  }));
}
