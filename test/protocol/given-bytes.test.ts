import { describe, expect, it } from 'vitest';
import { ENVELOPE_BYTES, messageVectors, vectorBodyHex } from '../vectors.ts';
import { fromHex, toHex } from '../../protocol/bytes/hex.ts';
import type { Dialect } from '../../protocol/dialect/dialect.ts';
import { UNIONPAY_POS } from '../../protocol/dialects/unionpay-pos.ts';
import { decodeMessage } from '../../protocol/message/decode-message.ts';
import { encodeMessage } from '../../protocol/message/encode-message.ts';
import type { Message, WritableMessage } from '../../protocol/message/message.ts';
import { FAMILIES } from './dialect-families.ts';

/** The message with every value of class b as bytes, and how many there are. */
function asBytes(dialect: Dialect, { mti, fields }: Message): [WritableMessage, number] {
  const given: { [field: number]: string | Uint8Array } = { ...fields };
  let count = 0;
  for (const [field, value] of Object.entries(fields)) {
    if (dialect.fields[Number(field)]!.class !== 'b') continue;
    given[Number(field)] = fromHex(value);
    count++;
  }
  return [{ mti, fields: given }, count];
}

describe('values given as bytes', () => {
  it('are written like their hex in every family that has fields of bytes', () => {
    let total = 0;
    for (const { dialect, message } of FAMILIES) {
      const [given, count] = asBytes(dialect, message);
      expect(toHex(encodeMessage(dialect, given))).toBe(toHex(encodeMessage(dialect, message)));
      total += count;
    }
    expect(total).toBeGreaterThanOrEqual(FAMILIES.length);
  });

  it('are written like their hex in every vector', () => {
    let total = 0;
    for (const vector of messageVectors.messages) {
      const body = fromHex(vectorBodyHex(vector));
      const result = decodeMessage(UNIONPAY_POS, body, ENVELOPE_BYTES, body.length, {
        isLenient: true,
      });
      if (!result.ok) throw result.error;
      const [given, count] = asBytes(UNIONPAY_POS, result.message);
      expect(toHex(encodeMessage(UNIONPAY_POS, given))).toBe(
        toHex(encodeMessage(UNIONPAY_POS, result.message)),
      );
      total += count;
    }
    expect(total).toBe(100);
  });

  it('are copied: what happens to them later does not matter', () => {
    const bytes = fromHex('9F2608');
    const encoded = encodeMessage(UNIONPAY_POS, { mti: '0200', fields: { 55: bytes } });
    bytes.fill(0);
    expect(toHex(encoded)).toMatch(/00039F2608$/);
  });

  const big = new Uint8Array(256);
  it.each<[string, number, unknown, string, RegExp]>([
    [
      'too few for a fixed field',
      52,
      new Uint8Array(7),
      'E_FIELD_VALUE',
      /length 7 where 8 is due/,
    ],
    ['too many for a variable one', 55, big, 'E_LENGTH_OVER_MAX', /256 where 255 is the most/],
    ['a field of digits', 4, new Uint8Array(6), 'E_FIELD_VALUE', /bytes where a text is due/],
    ['a field of text', 41, new Uint8Array(8), 'E_FIELD_VALUE', /bytes where a text is due/],
    ['a field that there is not', 5, new Uint8Array(8), 'E_UNDEFINED_FIELD', /5/],
    ['a number', 4, 12345, 'E_FIELD_VALUE', /neither a text nor bytes/],
    [
      'a list of numbers',
      52,
      [1, 2, 3, 4, 5, 6, 7, 8],
      'E_FIELD_VALUE',
      /neither a text nor bytes/,
    ],
    ['nothing that is said', 52, null, 'E_FIELD_VALUE', /neither a text nor bytes/],
  ])('are refused: %s', (_, field, value, code, text) => {
    const fields = { [field]: value } as WritableMessage['fields'];
    expect(() => encodeMessage(UNIONPAY_POS, { mti: '0200', fields })).toThrow(
      expect.objectContaining({ code, path: String(field), message: expect.stringMatching(text) }),
    );
  });
});
