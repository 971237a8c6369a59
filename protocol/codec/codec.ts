import { CODE_PAGES } from '../bytes/code-page.ts';
import type { Dialect, FieldSpec } from '../dialect/dialect.ts';
import { compileField } from './compile-field.ts';
import { KIND_TRACK, MOST_FIELDS, SLOTS, SLOT_CHECK, SLOT_KIND, SLOT_QUICK } from './slots.ts';

/** A dialect, or the inside of a field, made ready for many messages. */
export interface Codec {
  readonly fields: Readonly<Record<number, FieldSpec>>;
  /** {@link SLOTS} numbers a field, field 0 included; see `SLOT`. */
  readonly table: Int32Array;
  /** Defined field numbers, ascending. */
  readonly defined: Uint8Array;
  /** Defined BCD tracks. */
  readonly tracks: readonly number[];
  /** Kind and code page of the message type: -1 for BCD, otherwise the index of a code page. */
  readonly mtiPage: number;
  /** 0 binary, 1 hex in ASCII, 2 hex in EBCDIC. */
  readonly bitmapCode: number;
  readonly bitmaps: number;
  readonly encryptedTrack: Dialect['encryptedTrack'];
}

const codecs = new WeakMap<Dialect, Codec>();

/** The compiled form of a dialect, made once. The dialect must have passed `checkDialect`. */
export function codecOf(dialect: Dialect): Codec {
  if (dialect === lastDialect) return lastCodec!;
  const codec = codecs.get(dialect) ?? compileCodec(dialect);
  codecs.set(dialect, codec);
  lastDialect = dialect;
  lastCodec = codec;
  return codec;
}

/** Whoever asks mostly asks for the same one again. */
let lastDialect: Dialect | undefined;
let lastCodec: Codec | undefined;

function compileCodec(dialect: Dialect): Codec {
  const { encoding } = dialect.mti;
  return {
    ...compileFields(dialect.fields, dialect.defaults),
    mtiPage: encoding === 'bcd' ? -1 : CODE_PAGES.findIndex((page) => page.encoding === encoding),
    bitmapCode: bitmapCodeOf(dialect.bitmap.encoding),
    bitmaps: dialect.bitmap.fields / 64,
    encryptedTrack: dialect.encryptedTrack,
  };
}

function bitmapCodeOf(encoding: 'binary' | 'hex' | 'ebcdic-hex'): number {
  return encoding === 'binary' ? 0 : encoding === 'hex' ? 1 : 2;
}

function compileFields(
  fields: Readonly<Record<number, FieldSpec>>,
  defaults: Dialect['defaults'],
): Pick<Codec, 'fields' | 'table' | 'defined' | 'tracks'> {
  const table = new Int32Array((MOST_FIELDS + 1) * SLOTS);
  // Nothing goes the quick way through a field that is not defined.
  for (let field = 0; field <= MOST_FIELDS; field++) {
    table[field * SLOTS + SLOT_CHECK] = -1;
    table[field * SLOTS + SLOT_QUICK] = -1;
  }
  const defined = Object.keys(fields).map(Number);
  for (const field of defined) {
    compileField(fields[field]!, defaults, table.subarray(field * SLOTS, (field + 1) * SLOTS));
  }
  const tracks = defined.filter((field) => table[field * SLOTS + SLOT_KIND] === KIND_TRACK);
  return { fields, table, defined: Uint8Array.from(defined), tracks };
}

const insides = new WeakMap<Codec['fields'], Codec>();

/**
 * The compiled form of a sub-message's fields. They say their encodings themselves: the defaults of
 * a dialect are for its own fields.
 */
export function codecOfFields(fields: Codec['fields']): Codec {
  const known = insides.get(fields);
  if (known !== undefined) return known;
  const codec: Codec = {
    ...compileFields(fields, {}),
    mtiPage: 0,
    bitmapCode: 0,
    bitmaps: 1,
    encryptedTrack: undefined,
  };
  insides.set(fields, codec);
  return codec;
}
