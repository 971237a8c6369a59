import { describe, expect, it } from 'vitest';
import { UNIONPAY_POS } from '../../protocol/dialects/unionpay-pos.ts';
import { encodeMessage } from '../../protocol/message/encode-message.ts';

describe('bytes', () => {
  // Long texts go another way than short ones.
  it.each([8, 64, 200])(
    'of %i hex digits are refused with one wrong character anywhere',
    (size) => {
      const field = size === 8 ? 62 : 55;
      const good = 'A0'.repeat(size / 2);
      expect(encodeMessage(UNIONPAY_POS, { mti: '0200', fields: { [field]: good } })).toBeDefined();
      for (const wrong of ['a', 'G', ' ', '\u0130', '\u4130', '\uFF10', '/', ':', '@']) {
        for (let at = 0; at < size; at++) {
          const value = good.slice(0, at) + wrong + good.slice(at + 1);
          const fields = { [field]: value };
          expect(() => encodeMessage(UNIONPAY_POS, { mti: '0200', fields })).toThrow(
            expect.objectContaining({ code: 'E_FIELD_VALUE', path: String(field) }),
          );
        }
      }
    },
  );
});

describe('digits and text', () => {
  it.each([
    [4, '000000010000'],
    [22, '021'],
    [23, '001'],
    [35, '6225881234567898D3012'],
    [35, '6225881234567898D30122'],
    [41, '10000001'],
    [42, '898110000000001'],
  ])('of field %i are refused with one wrong character anywhere', (field, good) => {
    for (const wrong of ['\u0130', '\u3030', '\u4130', '\n', '\u00b2', '\u0000', '\uffff']) {
      for (let at = 0; at < good.length; at++) {
        const fields = { [field]: good.slice(0, at) + wrong + good.slice(at + 1) };
        expect(() => encodeMessage(UNIONPAY_POS, { mti: '0200', fields })).toThrow(
          expect.objectContaining({ code: 'E_FIELD_VALUE', path: String(field) }),
        );
      }
    }
  });
});

describe('digits', () => {
  it.each([
    [4, '000000010000'],
    [11, '000017'],
    [22, '021'],
    [23, '001'],
    [25, '00'],
    [2, '6225881234567890128'],
  ])('of field %i are refused with a neighbour of 0 or 9, or a letter, anywhere', (field, good) => {
    for (const wrong of ['/', ':', 'A', 'D', 'F', 'a', ' ']) {
      for (let at = 0; at < good.length; at++) {
        const fields = { [field]: good.slice(0, at) + wrong + good.slice(at + 1) };
        expect(() => encodeMessage(UNIONPAY_POS, { mti: '0200', fields })).toThrow(
          expect.objectContaining({ code: 'E_FIELD_VALUE', path: String(field) }),
        );
      }
    }
  });
});
