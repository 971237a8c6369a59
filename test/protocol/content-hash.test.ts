import { describe, expect, it } from 'vitest';
import { fromHex } from '../../protocol/bytes/hex.ts';
import { UNIONPAY_POS } from '../../protocol/dialects/unionpay-pos.ts';
import { ContentHash } from '../../protocol/message/content-hash.ts';
import { decodeMessage, locateFields } from '../../protocol/message/decode-message.ts';
import { encodeMessage } from '../../protocol/message/encode-message.ts';
import type { FieldValues } from '../../protocol/message/message.ts';
import { seededRandom } from '../../emulator/world/seeded-random.ts';
import { messageVector } from '../vectors.ts';

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

  it('counts texts in their order, with their lengths', () => {
    const texts = [[], [''], ['', ''], ['a'], ['b'], ['a', 'b'], ['b', 'a'], ['ab'], ['', 'ab']];
    const hashes = texts.map((each) => hashOf({}, LEFT_OUT, each));
    expect(new Set(hashes).size).toBe(texts.length);
    expect(hashOf({}, LEFT_OUT, ['a', 'b'])).toBe(hashes[5]);
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
