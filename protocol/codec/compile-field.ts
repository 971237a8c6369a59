import { CLASS_BIT, CODE_PAGES } from '../bytes/code-page.ts';
import type {
  Dialect,
  FieldClass,
  FieldEncoding,
  FieldSpec,
  PrefixSpec,
} from '../dialect/dialect.ts';
import { NIBBLE_BIT, NIBBLE_FLAGS } from '../bytes/nibbles.ts';
import {
  CUT_CHARACTERS,
  CUT_BYTES,
  CUT_DIGITS_LEFT,
  CUT_DIGITS_RIGHT,
  CUT_NONE,
  CUT_TRACK_LEFT,
  KIND_BCD,
  KIND_BINARY,
  KIND_GBK,
  KIND_HEX,
  KIND_SIGNED,
  KIND_SIGNED_TEXT,
  KIND_TEXT,
  KIND_TRACK,
  QUICK_CUT,
  QUICK_MASK,
  QUICK_WIDTH,
  SLOT_CHECK,
  SLOT_CUT,
  SLOT_FILL,
  SLOT_FIXED,
  SLOT_IS_RIGHT,
  SLOT_KIND,
  SLOT_MASK,
  SLOT_MAX,
  SLOT_MIN,
  SLOT_PAD_NIBBLE,
  SLOT_PAGE,
  SLOT_PREFIX_BYTES,
  SLOT_PREFIX_CODE,
  SLOT_PREFIX_SELF,
  SLOT_PREFIX_UNIT,
  SLOT_QUICK,
  SLOT_TRIM,
  SLOT_WRITE,
  UNIT_BCD_BYTES,
  UNIT_HEX_CHARACTERS,
  UNIT_SAME,
  WIDTH_DOUBLE,
  WIDTH_HALF,
  WIDTH_SAME,
  WRITE_ASCII,
  WRITE_BYTES,
  WRITE_DIGITS,
  WRITE_GBK,
  WRITE_RIGHT,
  WRITE_SLOWLY,
  WRITE_TRACK,
} from './slots.ts';

/** A field with nothing left to a default. */
export interface FullField {
  readonly encoding: FieldEncoding;
  readonly min: number;
  readonly max: number;
  readonly prefix: Required<PrefixSpec> | undefined;
  readonly justify: 'left' | 'right';
  readonly padNibble: '0' | 'F';
}

const USUAL_ENCODING: Readonly<Record<FieldClass, FieldEncoding>> = {
  n: 'ascii',
  a: 'ascii',
  an: 'ascii',
  anp: 'ascii',
  ans: 'ascii',
  z: 'ascii',
  b: 'binary',
  'x+n': 'ascii',
};

/** Code of a prefix encoding in a compiled field: code pages first, then BCD and binary. */
export const PREFIX_ASCII = 0;
export const PREFIX_BCD = CODE_PAGES.length;
export const PREFIX_BINARY = CODE_PAGES.length + 1;

export function encodingOf(spec: FieldSpec, defaults: Dialect['defaults']): FieldEncoding {
  return spec.encoding ?? defaults.encoding?.[spec.class] ?? USUAL_ENCODING[spec.class];
}

export function fullField(spec: FieldSpec, defaults: Dialect['defaults']): FullField {
  const encoding = encodingOf(spec, defaults);
  const [min, max] =
    typeof spec.length === 'number'
      ? [spec.length, spec.length]
      : [spec.length.min ?? 0, spec.length.max];
  return {
    encoding,
    min,
    max,
    prefix: fullPrefix(spec, defaults, encoding),
    justify: spec.justify ?? defaults.justify ?? 'left',
    padNibble: spec.padNibble ?? defaults.padNibble ?? '0',
  };
}

function fullPrefix(
  spec: FieldSpec,
  defaults: Dialect['defaults'],
  encoding: FieldEncoding,
): Required<PrefixSpec> | undefined {
  if (spec.prefix === undefined) return undefined;
  const given: PrefixSpec = typeof spec.prefix === 'string' ? { form: spec.prefix } : spec.prefix;
  const usual = defaults.prefix ?? {};
  const counts = given.counts ?? usual.counts;
  return {
    form: given.form,
    encoding: given.encoding ?? usual.encoding ?? 'ascii',
    counts: countsOf(counts, encoding),
    includesItself: given.includesItself ?? usual.includesItself ?? false,
  };
}

/** Text and plain bytes have one unit, whatever it is called. */
function countsOf(
  counts: PrefixSpec['counts'],
  encoding: FieldEncoding,
): 'digits' | 'characters' | 'bytes' {
  if (encoding === 'bcd') return counts === 'bytes' ? 'bytes' : 'digits';
  if (encoding === 'hex' || encoding === 'ebcdic-hex') {
    return counts === 'characters' || counts === 'digits' ? 'characters' : 'bytes';
  }
  return 'bytes';
}

/** Bytes of a prefix on the wire. */
export function prefixBytesOf({ form, encoding }: Required<PrefixSpec>): number {
  return encoding === 'bcd' ? (form.length + 1) >> 1 : form.length;
}

/** The largest number that a prefix can say. */
export function prefixCapacity({ form, encoding }: Required<PrefixSpec>): number {
  return encoding === 'binary' ? 256 ** form.length - 1 : 10 ** form.length - 1;
}

/** What a prefix that counts itself adds. */
export function prefixSelfOf(prefix: Required<PrefixSpec>): number {
  if (!prefix.includesItself) return 0;
  const isDigits = prefix.counts === 'digits' && prefix.encoding === 'bcd';
  return prefixBytesOf(prefix) * (isDigits ? 2 : 1);
}

/** Writes the numbers of a field into its slots. */
export function compileField(
  spec: FieldSpec,
  defaults: Dialect['defaults'],
  slots: Int32Array,
): void {
  const full = fullField(spec, defaults);
  const { encoding, prefix } = full;
  slots[SLOT_KIND] = kindOf(spec.class, encoding);
  slots[SLOT_MASK] = maskOf(spec.class, encoding);
  // A sign in front of BCD digits is a letter, in the code page of the dialect's letters.
  const letters = defaults.encoding?.a ?? defaults.encoding?.an ?? 'ascii';
  slots[SLOT_PAGE] = pageOf(encoding === 'bcd' ? letters : encoding);
  slots[SLOT_FIXED] = typeof spec.length === 'number' ? spec.length : -1;
  slots[SLOT_MIN] = full.min;
  slots[SLOT_MAX] = full.max;
  slots[SLOT_IS_RIGHT] = full.justify === 'right' ? 1 : 0;
  slots[SLOT_PAD_NIBBLE] = full.padNibble === 'F' ? 15 : 0;
  slots[SLOT_FILL] = spec.fill === undefined ? 0 : spec.fill === 'space' ? 0x20 : 0x30;
  slots[SLOT_TRIM] = spec.trim === true ? 1 : 0;
  slots[SLOT_CHECK] = checkOf(slots);
  slots[SLOT_CUT] = cutOf(slots);
  setQuickWays(slots);
  if (prefix === undefined) return;
  slots[SLOT_PREFIX_BYTES] = prefixBytesOf(prefix);
  slots[SLOT_PREFIX_CODE] =
    prefix.encoding === 'bcd'
      ? PREFIX_BCD
      : prefix.encoding === 'binary'
        ? PREFIX_BINARY
        : pageOf(prefix.encoding);
  slots[SLOT_PREFIX_UNIT] = unitOf(encoding, prefix);
  slots[SLOT_PREFIX_SELF] = prefixSelfOf(prefix);
  if (slots[SLOT_PREFIX_UNIT] !== UNIT_SAME) slots[SLOT_CHECK] = -1;
  setQuickWays(slots);
}

function setQuickWays(slots: Int32Array): void {
  const check = slots[SLOT_CHECK]!;
  const width = widthOf(slots[SLOT_KIND]!) << QUICK_WIDTH;
  const cut = slots[SLOT_CUT]! << QUICK_CUT;
  const mask = slots[SLOT_MASK]! << QUICK_MASK;
  slots[SLOT_QUICK] = check < 0 ? -1 : check | width | cut | mask;
  slots[SLOT_WRITE] = writeOf(slots);
}

function widthOf(kind: number): number {
  if (kind === KIND_BCD || kind === KIND_TRACK) return WIDTH_HALF;
  return kind === KIND_HEX ? WIDTH_DOUBLE : WIDTH_SAME;
}

function cutOf(slots: Int32Array): number {
  if (slots[SLOT_TRIM] === 1) return CUT_NONE;
  switch (slots[SLOT_KIND]) {
    case KIND_TEXT:
      return slots[SLOT_PAGE] === 0 ? CUT_CHARACTERS : CUT_NONE;
    case KIND_BINARY:
      return CUT_BYTES;
    case KIND_BCD:
      return slots[SLOT_IS_RIGHT] === 1 ? CUT_DIGITS_RIGHT : CUT_DIGITS_LEFT;
    case KIND_TRACK:
      return slots[SLOT_IS_RIGHT] === 1 ? CUT_DIGITS_RIGHT : CUT_TRACK_LEFT;
    default:
      return CUT_NONE;
  }
}

/** What fills up a short value, or is counted otherwise than by its units, takes the long way. */
function writeOf(slots: Int32Array): number {
  if (slots[SLOT_FILL] !== 0) return WRITE_SLOWLY;
  if (slots[SLOT_KIND] === KIND_GBK) {
    return slots[SLOT_PREFIX_UNIT] === UNIT_SAME ? WRITE_GBK : WRITE_SLOWLY;
  }
  if (slots[SLOT_CHECK]! < 0) return WRITE_SLOWLY;
  const isRight = slots[SLOT_IS_RIGHT] === 1;
  switch (slots[SLOT_KIND]) {
    case KIND_TEXT:
      return slots[SLOT_PAGE] === 0 ? WRITE_ASCII : WRITE_SLOWLY;
    case KIND_BINARY:
      return WRITE_BYTES;
    case KIND_BCD:
      return WRITE_DIGITS | (isRight ? WRITE_RIGHT : 0);
    case KIND_TRACK:
      return WRITE_TRACK | (isRight ? WRITE_RIGHT : 0);
    default:
      return WRITE_SLOWLY;
  }
}

/** Index into {@link QUICK_FLAGS}. */
function checkOf(slots: Int32Array): number {
  switch (slots[SLOT_KIND]) {
    case KIND_BINARY:
      return 0;
    case KIND_TEXT:
    case KIND_HEX:
      return 1 + slots[SLOT_PAGE]!;
    case KIND_BCD:
    case KIND_TRACK:
      // A pad of 0 is a digit, so that the whole field is digits; another pad takes the long way.
      return slots[SLOT_PAD_NIBBLE] === 0 ? 1 + CODE_PAGES.length : -1;
    default:
      return -1;
  }
}

/** Flags of bytes by {@link SLOT_CHECK}: nothing to look at, the code pages, nibbles. */
export const QUICK_FLAGS: readonly Uint8Array[] = [
  new Uint8Array(256).fill(0xff),
  ...CODE_PAGES.map(({ flags }) => flags),
  NIBBLE_FLAGS,
];

function unitOf(encoding: FieldEncoding, prefix: Required<PrefixSpec>): number {
  if (encoding === 'bcd' && prefix.counts === 'bytes') return UNIT_BCD_BYTES;
  const isHex = encoding === 'hex' || encoding === 'ebcdic-hex';
  return isHex && prefix.counts === 'characters' ? UNIT_HEX_CHARACTERS : UNIT_SAME;
}

function kindOf(cls: FieldClass, encoding: FieldEncoding): number {
  switch (encoding) {
    case 'bcd':
      return cls === 'z' ? KIND_TRACK : cls === 'x+n' ? KIND_SIGNED : KIND_BCD;
    case 'binary':
      return KIND_BINARY;
    case 'hex':
    case 'ebcdic-hex':
      return KIND_HEX;
    case 'gbk':
      return KIND_GBK;
    default:
      return cls === 'x+n' ? KIND_SIGNED_TEXT : KIND_TEXT;
  }
}

/** What every character of a text is; of x+n every one but the sign. */
function maskOf(cls: FieldClass, encoding: FieldEncoding): number {
  if (encoding === 'bcd') return cls === 'z' ? NIBBLE_BIT.track : NIBBLE_BIT.decimal;
  if (cls === 'b') return CLASS_BIT.hex;
  if (cls === 'x+n') return CLASS_BIT.n;
  return CLASS_BIT[cls];
}

function pageOf(encoding: FieldEncoding): number {
  const text = encoding === 'ebcdic-hex' ? 'ebcdic-037' : encoding;
  return Math.max(
    0,
    CODE_PAGES.findIndex((page) => page.encoding === text),
  );
}
