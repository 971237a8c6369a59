/** Encodings of printable text, one byte a character. */
export type TextEncoding = 'ascii' | 'ebcdic-037' | 'ebcdic-500' | 'ebcdic-1047';

/**
 * One bit a character class: the flags of a byte say to which classes its character belongs, so the
 * AND over a field says which classes the whole field satisfies.
 */
export const CLASS_BIT = { n: 1, a: 2, an: 4, anp: 8, ans: 16, z: 32, hex: 64 } as const;

export interface CodePage {
  readonly encoding: TextEncoding;
  /** Class bits by byte; 0 where the byte is no printable character. */
  readonly flags: Uint8Array;
  /** ASCII code by byte; 0 where there is none. */
  readonly toAscii: Uint8Array;
  /** Byte by ASCII code; 0 where there is none. */
  readonly fromAscii: Uint8Array;
}

/**
 * Bytes of the characters 20 to 7E in EBCDIC 037. Pages 500 and 1047 are the same but for the few
 * characters below: the ones that break messages between hosts (F036).
 */
const EBCDIC_037 =
  '405A7F7B5B6C507D4D5D5C4E6B604B61F0F1F2F3F4F5F6F7F8F97A5E4C7E6E6F' +
  '7CC1C2C3C4C5C6C7C8C9D1D2D3D4D5D6D7D8D9E2E3E4E5E6E7E8E9BAE0BBB06D' +
  '79818283848586878889919293949596979899A2A3A4A5A6A7A8A9C04FD0A1';

const DIFFERENT: Readonly<Record<TextEncoding, Readonly<Record<string, number>>>> = {
  ascii: {},
  'ebcdic-037': {},
  'ebcdic-500': { '!': 0x4f, '[': 0x4a, ']': 0x5a, '^': 0x5f, '|': 0xbb },
  'ebcdic-1047': { '[': 0xad, ']': 0xbd, '^': 0x5f },
};

function buildPage(encoding: TextEncoding): CodePage {
  const flags = new Uint8Array(256);
  const toAscii = new Uint8Array(256);
  const fromAscii = new Uint8Array(128);
  for (let code = 0x20; code < 0x7f; code++) {
    const character = String.fromCharCode(code);
    const at = (code - 0x20) * 2;
    const byte =
      encoding === 'ascii'
        ? code
        : (DIFFERENT[encoding][character] ?? Number.parseInt(EBCDIC_037.slice(at, at + 2), 16));
    flags[byte] = classBits(character);
    toAscii[byte] = code;
    fromAscii[code] = byte;
  }
  return { encoding, flags, toAscii, fromAscii };
}

function classBits(character: string): number {
  const isDigit = /\d/.test(character);
  const isLetter = /[A-Za-z]/.test(character);
  let bits: number = CLASS_BIT.ans;
  if (isDigit) bits |= CLASS_BIT.n;
  if (isLetter) bits |= CLASS_BIT.a;
  if (isDigit || isLetter) bits |= CLASS_BIT.an;
  if (isDigit || isLetter || character === ' ') bits |= CLASS_BIT.anp;
  if (isDigit || character === '=' || character === 'D') bits |= CLASS_BIT.z;
  if (isDigit || /[A-F]/.test(character)) bits |= CLASS_BIT.hex;
  return bits;
}

/** The code pages, in the order of their numbers in compiled dialects. */
export const CODE_PAGES: readonly CodePage[] = (
  ['ascii', 'ebcdic-037', 'ebcdic-500', 'ebcdic-1047'] as const
).map(buildPage);

export const ASCII_PAGE = CODE_PAGES[0]!;

export function codePageOf(encoding: TextEncoding): CodePage {
  return CODE_PAGES.find((page) => page.encoding === encoding) ?? ASCII_PAGE;
}
