import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeTlv, encodeTlv } from '../../protocol/structure/ber-tlv.ts';
import { fromHex, toHex } from '../../protocol/bytes/hex.ts';
import { CountersignError } from '../../protocol/errors/countersign-error.ts';

const byte = (min: number, max: number) => fc.integer({ min, max });

/** Tags of one to four bytes; the low five bits of the first say whether more follow. */
/** 00 begins no tag. */
const tag = fc.oneof(
  byte(1, 255)
    .filter((first) => (first & 0x1f) !== 0x1f)
    .map((first) => [first]),
  fc
    .tuple(byte(0, 7), fc.array(byte(0x80, 0xff), { maxLength: 2 }), byte(0, 0x7f))
    .map(([top, middle, last]) => [(top << 5) | 0x1f, ...middle, last]),
);

const sizes = fc.oneof(byte(0, 20), fc.constantFrom(0, 1, 0x7f, 0x80, 0xff, 0x100, 0x1000));

const items = fc.array(
  fc.tuple(tag, sizes, byte(0, 255)).map(([bytes, size, fill]) => ({
    tag: toHex(Uint8Array.from(bytes)),
    value: toHex(new Uint8Array(size).fill(fill)),
  })),
  { maxLength: 8 },
);

function refusal(hex: string): { code: string; path: string; offset: number } {
  try {
    decodeTlv(hex);
  } catch (error) {
    if (!(error instanceof CountersignError)) throw error;
    return { code: error.code, path: error.path!, offset: error.offset! };
  }
  throw new Error(`${hex} was accepted`);
}

describe('BER-TLV', () => {
  it('gives back all items, unknown and repeated tags included', () => {
    fc.assert(
      fc.property(items, (given) => {
        expect(decodeTlv(encodeTlv(given))).toEqual(given);
      }),
    );
  });

  it.each([
    [0x7f, '9F107F'],
    [0x80, '9F108180'],
    [0xff, '9F1081FF'],
    [0x100, '9F10820100'],
    [0xffff, '9F1082FFFF'],
  ])('writes a length of %i in the shortest form', (size, start) => {
    const hex = encodeTlv([{ tag: '9F10', value: '00'.repeat(size) }]);
    expect(hex.slice(0, start.length)).toBe(start);
    expect(hex.length).toBe(start.length + size * 2);
  });

  it('refuses a value that no length of two bytes can name', () => {
    expect(() => encodeTlv([{ tag: '9F10', value: '00'.repeat(0x1_0000) }])).toThrow(
      expect.objectContaining({ code: 'E_TLV_LENGTH' }),
    );
  });

  it.each([
    ['a tag of two bytes without the second', '9F', 'E_TLV_TRUNCATED 55 0'],
    ['a tag of three bytes without the third', 'DF81', 'E_TLV_TRUNCATED 55 0'],
    ['a tag without length', '9F26', 'E_TLV_TRUNCATED 55.9F26 2'],
    ['a length without value', '9F2608', 'E_TLV_TRUNCATED 55.9F26 3'],
    ['a value that is cut', '9F26081122334455', 'E_TLV_TRUNCATED 55.9F26 3'],
    ['a long length that is cut', '9F2682 01', 'E_TLV_TRUNCATED 55.9F26 2'],
    ['the indefinite form', '9F2680 1122 0000', 'E_TLV_INDEFINITE 55.9F26 2'],
    ['a length of three bytes', '9F2683 000001 11', 'E_TLV_LENGTH 55.9F26 2'],
    ['a length of four bytes', '9F2684 00000001 11', 'E_TLV_LENGTH 55.9F26 2'],
    ['a length of 2^31 - 1', '9F26847FFFFFFF 11', 'E_TLV_LENGTH 55.9F26 2'],
    ['a tag of five bytes', '9F8181818101', 'E_TLV_TAG 55 0'],
    ['a tag 00', '0000', 'E_TLV_TAG 55 0'],
    ['padding of FF', 'FFFFFFFF', 'E_TLV_TRUNCATED 55 0'],
    ['damage after a whole item', '950500000000009A03 2601', 'E_TLV_TRUNCATED 55.9A 9'],
  ])('refuses %s and says where (F037)', (_, hex, expected) => {
    const { code, path, offset } = refusal(hex.replaceAll(' ', ''));
    expect(`${code} ${path} ${offset}`).toBe(expected);
  });

  it('only ever refuses with its own error, at an offset inside the bytes', () => {
    fc.assert(
      fc.property(items, byte(0, 4000), byte(0, 255), (given, at, value) => {
        const bytes = fromHex(encodeTlv(given));
        if (bytes.length > 0) bytes[at % bytes.length] = value;
        const cut = toHex(bytes.subarray(0, at));
        let read: ReturnType<typeof decodeTlv>;
        try {
          read = decodeTlv(cut);
        } catch (error) {
          if (!(error instanceof CountersignError)) throw error;
          expect(error.code).toMatch(/^E_TLV_/);
          expect(error.offset).toBeLessThanOrEqual(cut.length / 2);
          return;
        }
        // What it accepts it has read whole.
        expect(decodeTlv(encodeTlv(read))).toEqual(read);
        const valueDigits = read.reduce((sum, each) => sum + each.value.length, 0);
        expect(valueDigits).toBeLessThanOrEqual(cut.length);
      }),
      { numRuns: 500 },
    );
  });

  it('reads items nested twelve levels deep as one item, and does not descend (F038)', () => {
    let hex = '5A0412345678';
    for (let level = 0; level < 12; level++) hex = encodeTlv([{ tag: '70', value: hex }]);
    expect(decodeTlv(hex)).toHaveLength(1);
  });
});
