import { asciiText } from '../bytes/ascii.ts';
import type { FramingSpec } from '../dialect/framing-spec.ts';
import { readPrefix } from './frame-prefix.ts';

const HTTP_STARTS = ['GE', 'PO', 'HE', 'PU', 'OP', 'DE', 'CO', 'PA', 'TR', 'PR'];

/** The framings that are in use, each a way to read the same first bytes. */
export const KNOWN_PREFIXES: readonly {
  readonly name: string;
  readonly prefix: FramingSpec['prefix'];
}[] = [
  { name: 'two bytes, big-endian', prefix: { encoding: 'binary', bytes: 2 } },
  { name: 'two bytes, little-endian', prefix: { encoding: 'binary-le', bytes: 2 } },
  { name: 'four bytes, big-endian', prefix: { encoding: 'binary', bytes: 4 } },
  { name: 'four bytes, little-endian', prefix: { encoding: 'binary-le', bytes: 4 } },
  { name: 'four ASCII digits', prefix: { encoding: 'ascii', bytes: 4 } },
  { name: 'two BCD bytes', prefix: { encoding: 'bcd', bytes: 2 } },
].flatMap(({ name, prefix }) => {
  const known = prefix as FramingSpec['prefix'];
  return [
    { name, prefix: known },
    { name: `${name}, counting itself`, prefix: { ...known, includesItself: true } },
  ];
});

function nameOf(prefix: FramingSpec['prefix']): string {
  const known = KNOWN_PREFIXES.find(
    (each) =>
      each.prefix.encoding === prefix.encoding &&
      each.prefix.bytes === prefix.bytes &&
      (each.prefix.includesItself ?? false) === (prefix.includesItself ?? false),
  );
  return known?.name ?? 'something else';
}

/**
 * A hint for a prefix that makes no sense: what the bytes look like instead (F010, F012).
 * @param left bytes that follow the prefix in the same chunk
 */
export function guessStranger(
  framing: FramingSpec,
  prefix: Uint8Array,
  left: number,
): string | undefined {
  const start = asciiText(prefix, 0, 2);
  if (HTTP_STARTS.includes(start)) {
    return 'this looks like an HTTP request; the port speaks plain framed ISO 8583';
  }
  if (prefix[0] === 0x16 && prefix[1] === 0x03) {
    return 'this looks like a TLS ClientHello; the port speaks plain TCP';
  }
  const own = nameOf(framing.prefix);
  const fitting = KNOWN_PREFIXES.find((known) => {
    if (known.prefix.bytes !== prefix.length || known.name === own) return false;
    const reading = readPrefix({ ...framing, prefix: known.prefix }, prefix, 0);
    return reading.kind === 'length' && reading.lengthBytes === left && left > 0;
  });
  if (fitting !== undefined) {
    return `read as ${fitting.name}, the prefix would fit; this dialect has it as ${own}`;
  }
  if (framing.prefix.encoding !== 'ascii' && /^\d\d$/.test(start)) {
    return 'this looks like a length in ASCII digits; the prefix of this dialect is another';
  }
  return undefined;
}
