import { describe, expect, it } from 'vitest';
import { fromHex } from '../../protocol/bytes/hex.ts';
import { UNIONPAY_POS } from '../../protocol/dialects/unionpay-pos.ts';
import type { Dialect } from '../../protocol/dialect/dialect.ts';
import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import { ContentHash } from '../../protocol/message/content-hash.ts';
import { decodeMessage, locateFields } from '../../protocol/message/decode-message.ts';
import { encodeMessage } from '../../protocol/message/encode-message.ts';
import type { FieldValues } from '../../protocol/message/message.ts';
import { seededRandom } from '../../emulator/world/seeded-random.ts';
import { messageVector } from '../vectors.ts';
import { codecOf } from '../../protocol/codec/codec.ts';
import { FAMILIES } from './dialect-families.ts';

const FIELDS = Object.fromEntries(
  Object.entries(messageVector('sale-mag-pin-request').fields).map(([field, value]) => [
    field,
    typeof value === 'string' ? value : value.hex,
  ]),
) as FieldValues;
const LEFT_OUT = [2, 35, 64];
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

function hashOfBytes(bytes: Uint8Array, leftOut = LEFT_OUT, texts: readonly string[] = []): string {
  const content = new ContentHash(leftOut);
  if (!decodeMessage(UNIONPAY_POS, bytes, 0, bytes.length, { content }).ok) return 'refused';
  for (const text of texts) content.add(text);
  return content.text();
}

function hashOf(changes: FieldValues, leftOut?: readonly number[], texts?: string[]): string {
  const fields = { ...FIELDS, ...changes };
  const bytes = encodeMessage(UNIONPAY_POS, { mti: '0200', fields });
  return hashOfBytes(bytes, leftOut as number[], texts);
}

/** What a reader makes of fields, where they can be written. */
function readBack(
  dialect: Dialect,
  fields: FieldValues,
  content: ContentHash,
): FieldValues | undefined {
  try {
    const bytes = encodeMessage(dialect, { mti: '0200', fields });
    const decoded = decodeMessage(dialect, bytes, 0, bytes.length, { content });
    return decoded.ok ? decoded.message.fields : undefined;
  } catch (error) {
    if (error instanceof CountersignError) return undefined;
    throw error;
  }
}

/** How many of the sixty bits are not the same. */
function bitsApart(one: string, other: string): number {
  let apart = 0;
  for (let at = 0; at < one.length; at++) {
    let bits = LETTERS.indexOf(one[at]!) ^ LETTERS.indexOf(other[at]!);
    for (; bits > 0; bits >>= 1) apart += bits & 1;
  }
  return apart;
}

describe('the hash of a content', () => {
  it('is ten letters, the same for the same bytes wherever they lie', () => {
    const first = hashOf({});
    expect(first).toMatch(/^[\w-]{10}$/);
    const bytes = encodeMessage(UNIONPAY_POS, { mti: '0200', fields: FIELDS });
    const moved = new Uint8Array(bytes.length + 9).fill(0x99);
    moved.set(bytes, 4);
    const content = new ContentHash(LEFT_OUT);
    for (let turn = 0; turn < 2; turn++) {
      const options = { content, isLenient: turn === 1 };
      expect(decodeMessage(UNIONPAY_POS, moved, 4, 4 + bytes.length, options).ok).toBe(true);
      expect(content.text()).toBe(first);
    }
  });

  it('is the one that journals have: another one would not know what was sent before', () => {
    expect(hashOf({})).toBe('3cvTLWgVmh');
    expect(hashOf({}, LEFT_OUT, ['0200', 'debit'])).toBe('pKSSRBq46R');
    expect(hashOf({ 62: '0102030405' }, [])).toBe('TK9Lf273Aq');
  });

  it('is another one for every bit of every field that counts, and of no other field', () => {
    const bytes = encodeMessage(UNIONPAY_POS, { mti: '0200', fields: FIELDS });
    const first = hashOfBytes(bytes);
    const seen = new Map<number, number>();
    for (const { field, valueOffset, offset, lengthBytes } of locateFields(UNIONPAY_POS, bytes)) {
      for (let at = valueOffset; at < offset + lengthBytes; at++) {
        for (let bit = 1; bit < 256; bit <<= 1) {
          const changed = Uint8Array.from(bytes);
          changed[at]! ^= bit;
          const hash = hashOfBytes(changed);
          if (hash === 'refused') continue;
          seen.set(field, (seen.get(field) ?? 0) + 1);
          const isSame = LEFT_OUT.includes(field);
          expect([field, at, bit, hash === first]).toEqual([field, at, bit, isSame]);
          if (!isSame) expect(bitsApart(hash, first)).toBeGreaterThan(12);
        }
      }
    }
    expect([...seen.keys()].toSorted((one, other) => one - other)).toEqual(
      Object.keys(FIELDS).map(Number),
    );
  });

  it('changes half of its bits, whichever digit changes', () => {
    const first = hashOf({});
    const apart: number[] = [];
    for (let digit = 0; digit < 12; digit++) {
      for (let value = 1; value < 10; value++) {
        const amount = [...'000000000000'];
        amount[digit] = String(value);
        apart.push(bitsApart(first, hashOf({ 4: amount.join('') })));
      }
    }
    const mean = apart.reduce((sum, each) => sum + each, 0) / apart.length;
    expect(mean).toBeGreaterThan(28);
    expect(mean).toBeLessThan(32);
  });

  it('counts which field a value is of, how long it is, and that it is there', () => {
    const one = { 38: '123456', 37: '000000000000' };
    const hashes = [
      hashOf({}),
      hashOf({ 61: '000000' }),
      hashOf({ 62: '000000' }),
      hashOf({ 62: '00000000' }),
      hashOf({ 62: '' }),
      hashOf({ 62: '0000000000' }),
      hashOf(one),
      hashOf({ ...one, 38: '000000', 37: '123456000000' }),
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it('counts an odd digit, and not the pad beside it, on either side', () => {
    const pairs = [
      { 60: ['22000001000', '220000010000'] },
      { 60: ['2200000100050', '22000001000500'] },
      { 61: ['0000000000000115102', '00000000000001151020'] },
      { 35: ['6225880000000000D', '6225880000000000D0'] },
    ];
    for (const pair of pairs) {
      const [field, values] = Object.entries(pair)[0]!;
      const hashes = values.map((value) => hashOf({ [field]: value }, []));
      expect([field, hashes[0] === hashes[1]]).toEqual([field, false]);
    }
  });

  it('is the same exactly when the text is, in every field of every family', () => {
    let compared = 0;
    for (const { dialect } of FAMILIES) {
      for (const field of codecOf(dialect).defined) {
        const hashes = new Map<string, string>();
        for (const value of ['1', '01', '10', '010', '100', '0100', '1000', '10000000']) {
          const content = new ContentHash([]);
          const read = readBack(dialect, { [field]: value }, content)?.[field];
          if (read === undefined) continue;
          compared++;
          expect([dialect.id, field, hashes.get(read) ?? content.text()]).toEqual([
            dialect.id,
            field,
            content.text(),
          ]);
          hashes.set(read, content.text());
        }
        expect([dialect.id, field, new Set(hashes.values()).size]).toEqual([
          dialect.id,
          field,
          hashes.size,
        ]);
      }
    }
    expect(compared).toBeGreaterThan(500);
  });

  it('counts texts in their order, with their lengths', () => {
    const texts = [[], [''], ['', ''], ['a'], ['b'], ['a', 'b'], ['b', 'a'], ['ab'], ['', 'ab']];
    const hashes = texts.map((each) => hashOf({}, LEFT_OUT, each));
    expect(new Set(hashes).size).toBe(texts.length);
    expect(hashOf({}, LEFT_OUT, ['a', 'b'])).toBe(hashes[5]);
  });

  it('is even of contents that are mostly zeros or single bits', () => {
    const random = seededRandom(7);
    const fields = { ...FIELDS, 62: '00'.repeat(12) };
    const bytes = encodeMessage(UNIONPAY_POS, { mti: '0200', fields });
    const { valueOffset } = locateFields(UNIONPAY_POS, bytes).find(({ field }) => field === 62)!;
    const content = new ContentHash([]);
    const seen = new Set<string>();
    const halves = [new Set<string>(), new Set<string>()];
    const letters = Array.from({ length: 10 }, () => new Map<string, number>());
    while (seen.size < 60_000) {
      for (let at = 0; at < 12; at++)
        bytes[valueOffset + at] = [0, 0, 0x80, 0xff, 1][random.below(5)]!;
      const key = String(bytes.subarray(valueOffset, valueOffset + 12));
      if (seen.has(key)) continue;
      seen.add(key);
      decodeMessage(UNIONPAY_POS, bytes, 0, bytes.length, { content });
      const text = content.text();
      halves[0]!.add(text.slice(0, 5));
      halves[1]!.add(text.slice(5));
      for (const [at, of] of letters.entries()) of.set(text[at]!, (of.get(text[at]!) ?? 0) + 1);
    }
    // Of 60 000 out of 2^30 one or two are alike by chance; each letter comes 937 times of 60 000.
    for (const half of halves) expect(seen.size - half.size).toBeLessThan(9);
    for (const of of letters) {
      expect(of.size).toBe(64);
      expect(Math.max(...of.values())).toBeLessThan(1100);
      expect(Math.min(...of.values())).toBeGreaterThan(780);
    }
  });

  it('has no two alike in 200 000 contents, and half of it next to none', () => {
    const random = seededRandom(5);
    const bytes = encodeMessage(UNIONPAY_POS, {
      mti: '0200',
      fields: { ...FIELDS, 62: '00'.repeat(8) },
    });
    const place = locateFields(UNIONPAY_POS, bytes).find(({ field }) => field === 62)!;
    const content = new ContentHash([]);
    const wholes = new Set<string>();
    const halves = [new Set<string>(), new Set<string>()];
    for (let each = 0; each < 200_000; each++) {
      // Counted up, or few bits in it: what real contents differ by.
      const word = each < 100_000 ? each : 1 << random.below(32);
      const at = place.valueOffset + (each < 100_000 ? 0 : random.below(5));
      for (let byte = 0; byte < 4; byte++) bytes[at + byte]! ^= (word >>> (24 - 8 * byte)) & 255;
      if (each < 100_000)
        bytes.set(fromHex(each.toString(16).padStart(8, '0')), place.valueOffset + 4);
      decodeMessage(UNIONPAY_POS, bytes, 0, bytes.length, { content });
      const text = content.text();
      const key = `${text} ${String(bytes.subarray(place.valueOffset, place.valueOffset + 8))}`;
      wholes.add(key);
      halves[0]!.add(text.slice(0, 5));
      halves[1]!.add(text.slice(5));
    }
    const hashes = new Set([...wholes].map((key) => key.slice(0, 10)));
    expect(hashes.size).toBe(wholes.size);
    // Of 200 000 out of 2^30 some nineteen are alike by chance.
    for (const half of halves) expect(wholes.size - half.size).toBeLessThan(45);
  });
});
