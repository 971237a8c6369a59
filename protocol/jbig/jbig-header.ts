import { toHex } from '../bytes/hex.ts';
import { CountersignError } from '../errors/countersign-error.ts';

/** The 20 bytes in front of an image (ITU-T T.82; spec/10-jbig.md 10.1). */
export interface JbigHeader {
  readonly width: number;
  /** As declared: with {@link OPTION.vlength} it may be too large, up to FFFFFFFF. */
  readonly height: number;
  readonly linesPerStripe: number;
  /** How far the adaptive pixel may be moved sideways and up. */
  readonly mx: number;
  readonly my: number;
  /** Order of planes and layers, which says nothing where there is one of each. */
  readonly order: number;
  readonly options: number;
}

/** Bits of the options byte. */
export const OPTION = {
  /** Two lines in the template, three when clear. */
  lrltwo: 0x40,
  /** A marker NEWLEN may follow with the true height. */
  vlength: 0x20,
  /** Typical prediction and deterministic prediction of layers above the lowest: no effect here. */
  tpdon: 0x10,
  dpon: 0x04,
  /** Typical prediction of the lowest layer: a line like the one above is one decision. */
  tpbon: 0x08,
  dppriv: 0x02,
  dplast: 0x01,
} as const;

export const HEADER_BYTES = 20;
/** The table of deterministic prediction that follows a header with DPON and DPPRIV. */
export const DP_TABLE_BYTES = 1728;
export const MOST_MX = 127;
const NO_OPTION = 0x80;
const DP_BITS = OPTION.dpon | OPTION.dppriv | OPTION.dplast;

/** @throws E_JBIG_TRUNCATED, E_JBIG_HEADER with the byte */
export function readJbigHeader(bytes: Uint8Array): JbigHeader {
  if (bytes.length < HEADER_BYTES) {
    const text = `a header has ${HEADER_BYTES} bytes`;
    throw new CountersignError('E_JBIG_TRUNCATED', { text, offset: bytes.length });
  }
  only(bytes, 0, 0, 'lowest layer', 'resolution layers are not supported: send layer 0 alone');
  only(bytes, 1, 0, 'layers above', 'resolution layers are not supported: send layer 0 alone');
  only(bytes, 2, 1, 'bit planes', 'one plane, black and white, is supported');
  only(bytes, 3, 0, 'fill byte', 'the fourth byte is 0; is this the start of a JBIG stream?');
  const header: JbigHeader = {
    width: readNumber(bytes, 4),
    height: readNumber(bytes, 8),
    linesPerStripe: readNumber(bytes, 12),
    mx: bytes[16]!,
    my: bytes[17]!,
    order: bytes[18]!,
    options: bytes[19]!,
  };
  const mistake = mistakeIn(header);
  if (mistake !== undefined) throw new CountersignError('E_JBIG_HEADER', mistake);
  return header;
}

/** @throws E_JBIG_HEADER when a value has no place in a header */
export function writeJbigHeader(header: JbigHeader): Uint8Array {
  const mistake = mistakeIn(header) ?? outOfRange(header);
  // No byte of anybody's is wrong.
  if (mistake !== undefined) throw new CountersignError('E_JBIG_HEADER', { text: mistake.text });
  const { width, height, linesPerStripe, mx, my, order, options } = header;
  const bytes = new Uint8Array(HEADER_BYTES);
  bytes[2] = 1;
  writeNumber(bytes, 4, width);
  writeNumber(bytes, 8, height);
  writeNumber(bytes, 12, linesPerStripe);
  bytes.set([mx, my, order, options], 16);
  return bytes;
}

export function hasDpTable({ options }: JbigHeader): boolean {
  return (options & DP_BITS) === (OPTION.dpon | OPTION.dppriv);
}

/** A number of four bytes, the highest first. */
export function readNumber(bytes: Uint8Array, offset: number): number {
  const [a = 0, b = 0, c = 0, d = 0] = bytes.subarray(offset, offset + 4);
  return a * 0x1000000 + ((b << 16) | (c << 8) | d);
}

export function writeNumber(bytes: Uint8Array, offset: number, value: number): void {
  for (let each = 0; each < 4; each++) bytes[offset + each] = value / 2 ** (24 - 8 * each);
}

function only(bytes: Uint8Array, offset: number, due: number, name: string, hint: string): void {
  const seen = bytes[offset]!;
  if (seen === due) return;
  throw new CountersignError('E_JBIG_HEADER', { text: `${name} ${seen}`, offset, hint });
}

interface HeaderMistake {
  readonly text: string;
  readonly offset: number;
  readonly hint: string;
}

function mistakeIn(header: JbigHeader): HeaderMistake | undefined {
  const { width, height, linesPerStripe, mx, options } = header;
  const empty = 'an image has at least one pixel, and a stripe at least one line';
  if (width === 0) return { text: 'width 0', offset: 4, hint: empty };
  if (height === 0) return { text: 'height 0', offset: 8, hint: empty };
  if (linesPerStripe === 0) return { text: 'stripes of 0 lines', offset: 12, hint: empty };
  if (mx > MOST_MX) return { text: `MX ${mx}`, offset: 16, hint: `MX is at most ${MOST_MX}` };
  const deterministic = options & DP_BITS;
  const isKnown = [0, OPTION.dpon, OPTION.dpon | OPTION.dppriv].includes(deterministic);
  if ((options & NO_OPTION) === 0 && isKnown) return undefined;
  const hint = 'known are 40 LRLTWO, 20 VLENGTH, 10 TPDON, 08 TPBON, 04 DPON, 06 with its table';
  return { text: `options ${toHex(Uint8Array.of(options))}`, offset: 19, hint };
}

function outOfRange(header: JbigHeader): Pick<HeaderMistake, 'text'> | undefined {
  const { width, height, linesPerStripe, mx, my, order, options } = header;
  const large = Object.entries({ width, height, linesPerStripe });
  const small = Object.entries({ mx, my, order, options });
  const isWhole = (value: number, most: number): boolean =>
    Number.isInteger(value) && value >= 0 && value <= most;
  const [found] = [
    ...large.filter(([, value]) => !isWhole(value, 0xffffffff)),
    ...small.filter(([, value]) => !isWhole(value, 0xff)),
  ];
  return found === undefined ? undefined : { text: `${found[0]} ${found[1]}` };
}
