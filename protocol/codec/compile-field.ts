import { CLASS_BIT, CODE_PAGES } from '../bytes/code-page.ts';
import type {
  Dialect,
  FieldClass,
  FieldEncoding,
  FieldSpec,
  PrefixSpec,
} from '../dialect/dialect.ts';
import { KIND, SLOT, UNIT } from './slots.ts';

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
  slots[SLOT.kind] = kindOf(spec.class, encoding);
  slots[SLOT.mask] = maskOf(spec.class);
  // A sign in front of BCD digits is a letter, in the code page of the dialect's letters.
  const letters = defaults.encoding?.a ?? defaults.encoding?.an ?? 'ascii';
  slots[SLOT.page] = pageOf(encoding === 'bcd' ? letters : encoding);
  slots[SLOT.fixed] = typeof spec.length === 'number' ? spec.length : -1;
  slots[SLOT.min] = full.min;
  slots[SLOT.max] = full.max;
  slots[SLOT.isRight] = full.justify === 'right' ? 1 : 0;
  slots[SLOT.padNibble] = full.padNibble === 'F' ? 15 : 0;
  slots[SLOT.fill] = spec.fill === undefined ? 0 : spec.fill === 'space' ? 0x20 : 0x30;
  slots[SLOT.trim] = spec.trim === true ? 1 : 0;
  if (prefix === undefined) return;
  slots[SLOT.prefixBytes] = prefixBytesOf(prefix);
  slots[SLOT.prefixCode] =
    prefix.encoding === 'bcd'
      ? PREFIX_BCD
      : prefix.encoding === 'binary'
        ? PREFIX_BINARY
        : pageOf(prefix.encoding);
  slots[SLOT.prefixUnit] = unitOf(encoding, prefix);
  slots[SLOT.prefixSelf] = prefixSelfOf(prefix);
}

function unitOf(encoding: FieldEncoding, prefix: Required<PrefixSpec>): number {
  if (encoding === 'bcd' && prefix.counts === 'bytes') return UNIT.bcdBytes;
  const isHex = encoding === 'hex' || encoding === 'ebcdic-hex';
  return isHex && prefix.counts === 'characters' ? UNIT.hexCharacters : UNIT.same;
}

function kindOf(cls: FieldClass, encoding: FieldEncoding): number {
  switch (encoding) {
    case 'bcd':
      return cls === 'z' ? KIND.track : cls === 'x+n' ? KIND.signed : KIND.bcd;
    case 'binary':
      return KIND.binary;
    case 'hex':
    case 'ebcdic-hex':
      return KIND.hex;
    case 'gbk':
      return KIND.gbk;
    default:
      return cls === 'x+n' ? KIND.signedText : KIND.text;
  }
}

/** What every character of a text is; of x+n every one but the sign. */
function maskOf(cls: FieldClass): number {
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
