import { fullField, prefixCapacity, prefixSelfOf, type FullField } from '../codec/compile-field.ts';
import type { Report } from './check-dialect.ts';
import { checkStructure } from './check-structure.ts';
import type { Dialect, FieldClass, FieldEncoding, FieldSpec } from './dialect.ts';

const MOST_UNITS = 99_999;

/** The classes that an encoding can carry. */
const CARRIES: Partial<Readonly<Record<FieldEncoding, readonly FieldClass[]>>> = {
  bcd: ['n', 'z', 'x+n'],
  binary: ['b'],
  hex: ['b'],
  'ebcdic-hex': ['b'],
  gbk: ['ans'],
};

/** What is wrong in a field of the right shape. */
export function checkField(
  spec: FieldSpec,
  defaults: Dialect['defaults'],
  path: readonly string[],
  report: Report,
): void {
  const full = fullField(spec, defaults);
  const carried = CARRIES[full.encoding];
  const fits = carried === undefined ? spec.class !== 'b' : carried.includes(spec.class);
  if (!fits) {
    const hint =
      carried === undefined
        ? 'bytes are binary, hex or ebcdic-hex'
        : `${full.encoding} carries ${carried.join(', ')}`;
    report([...path, 'class'], `class ${spec.class} cannot be ${full.encoding}`, hint);
    return;
  }
  if (full.min < 0 || full.max < 1 || full.max > MOST_UNITS || full.min > full.max) {
    const text = `lengths from ${full.min} to ${full.max} are impossible`;
    report([...path, 'length'], text, `0 ≤ min ≤ max ≤ ${MOST_UNITS}, and max at least 1`);
    return;
  }
  checkPrefix(spec, full, path, report);
  checkFill(spec, full, path, report);
  const isText = full.encoding !== 'gbk' && spec.class !== 'b';
  const places = [
    ...(spec.structure === undefined ? [] : [{ at: ['structure'], what: spec.structure }]),
    ...Object.entries(spec.variants ?? {}).flatMap(([name, { structure }]) =>
      structure === undefined ? [] : [{ at: ['variants', name, 'structure'], what: structure }],
    ),
  ];
  for (const { at, what } of places) {
    const inside = { isText, max: full.max, fieldClass: spec.class };
    checkStructure(what, inside, defaults, [...path, ...at], report);
  }
}

function checkPrefix(
  spec: FieldSpec,
  full: FullField,
  path: readonly string[],
  report: Report,
): void {
  const { prefix } = full;
  const isFixed = typeof spec.length === 'number';
  const at = [...path, 'prefix'];
  if (isFixed && prefix !== undefined) {
    report(
      at,
      'a field of fixed length has no prefix',
      'give length as { "max": … }, or no prefix',
    );
    return;
  }
  if (prefix === undefined) {
    if (isFixed) return;
    report([...path, 'length'], 'a length range needs a prefix', 'write "prefix": "LL"');
    return;
  }
  const given = typeof spec.prefix === 'object' ? spec.prefix.counts : undefined;
  if (full.encoding === 'gbk' && given === 'characters') {
    report(at, 'GBK is counted in bytes', 'write "counts": "bytes", or leave it out');
  }
  const isByteCounted = full.encoding === 'bcd' && prefix.counts === 'bytes';
  if (isByteCounted && spec.class === 'x+n') {
    report(at, 'a signed amount cannot be counted in bytes', 'count its digits');
  }
  if (isByteCounted && full.padNibble === '0' && (full.max % 2 === 1 || full.min % 2 === 1)) {
    const hint = 'write "padNibble": "F", or even lengths';
    report(at, 'bytes cannot tell an odd number of digits from its pad nibble 0', hint);
  }
  const isHexCounted = full.encoding.endsWith('hex') && prefix.counts === 'characters';
  const counted = isByteCounted ? (full.max + 1) >> 1 : full.max * (isHexCounted ? 2 : 1);
  const largest = counted + prefixSelfOf(prefix);
  if (largest > prefixCapacity(prefix)) {
    const text = `${prefix.form} cannot say ${largest}`;
    report(at, text, `its largest number is ${prefixCapacity(prefix)}; take a longer prefix`);
  }
}

function checkFill(
  spec: FieldSpec,
  full: FullField,
  path: readonly string[],
  report: Report,
): void {
  if (spec.trim === true && spec.fill === undefined) {
    report([...path, 'trim'], 'there is no fill to trim', 'write "fill": "space" beside it');
  }
  if (spec.fill === undefined) return;
  const at = [...path, 'fill'];
  if (typeof spec.length !== 'number') {
    report(at, 'a field with a prefix is not filled', 'fill fixed fields only');
  }
  const isDigits = spec.class === 'n' || spec.class === 'z';
  const due = isDigits ? 'zero' : 'space';
  const isBytes = spec.class === 'b' || spec.class === 'x+n';
  if (isBytes || (spec.fill !== due && !(spec.fill === 'zero' && spec.class !== 'a'))) {
    report(
      at,
      `class ${spec.class} is not filled with ${spec.fill}`,
      'digits take zero, text space',
    );
  }
  if (spec.fill === 'zero' && full.justify === 'left') {
    report(at, 'zeros behind a number change it', 'write "justify": "right" beside it');
  }
  if ((spec.class === 'an' || spec.class === 'a') && spec.fill === 'space') {
    report(at, `a blank is not of class ${spec.class}`, 'class anp allows blanks');
  }
  if (full.encoding === 'gbk' && spec.fill === 'zero') {
    report(at, 'GBK text is filled with blanks', 'write "fill": "space"');
  }
}
