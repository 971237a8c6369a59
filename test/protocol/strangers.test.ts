import { describe, expect, it } from 'vitest';
import { toHex } from '../../protocol/bytes/hex.ts';
import { codecOf } from '../../protocol/codec/codec.ts';
import { FieldWriter } from '../../protocol/codec/field-writer.ts';
import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import { UNIONPAY_POS } from '../../protocol/dialects/unionpay-pos.ts';
import { encodeMessage } from '../../protocol/message/encode-message.ts';
import type { WritableMessage } from '../../protocol/message/message.ts';
import { FAMILIES } from './dialect-families.ts';

/** Code and path of what writing a message ends with. */
function refusalOf(
  fields: WritableMessage['fields'],
  dialect = UNIONPAY_POS,
  mti = '0200',
): string {
  try {
    encodeMessage(dialect, { mti, fields });
    return 'written';
  } catch (error) {
    if (!(error instanceof CountersignError)) throw error;
    return `${error.code} ${error.path}`;
  }
}

describe('fields that a dialect does not have', () => {
  it('are refused behind its last bitmap and at 0, beside fields that are right', () => {
    expect(refusalOf({ 11: '000001' })).toBe('written');
    for (const field of [0, 1, 5, 65, 72, 73, 81, 96, 97, 104, 112, 113, 128]) {
      expect(refusalOf({ 11: '000001', [field]: '1' })).toBe(`E_UNDEFINED_FIELD ${field}`);
    }
  });

  it('are refused at every number of every family', () => {
    for (const { dialect } of FAMILIES) {
      const most = Math.min(192, dialect.bitmap.fields + 64);
      for (let field = 0; field <= most; field++) {
        if (dialect.fields[field] !== undefined) continue;
        expect(refusalOf({ [field]: '1' }, dialect)).toBe(`E_UNDEFINED_FIELD ${field}`);
      }
    }
  });

  it('are refused whatever they are given as', () => {
    for (const value of [null, 7, {}, new Uint8Array(8)]) {
      for (const field of [5, 65, 128]) {
        const fields = { [field]: value } as unknown as WritableMessage['fields'];
        expect(refusalOf(fields)).toBe(`E_UNDEFINED_FIELD ${field}`);
      }
    }
  });

  it('may be there when they are undefined', () => {
    const fields = Object.fromEntries([0, 5, 65, 128].map((field) => [field, undefined]));
    const plain = encodeMessage(UNIONPAY_POS, { mti: '0200', fields: { 11: '000001' } });
    const message = {
      mti: '0200',
      fields: { ...fields, 11: '000001' } as WritableMessage['fields'],
    };
    expect(encodeMessage(UNIONPAY_POS, message)).toEqual(plain);
  });
});

describe('what is written', () => {
  it('is the same wherever the room for it ends', () => {
    for (const { dialect, message } of FAMILIES) {
      const whole = toHex(encodeMessage(dialect, message));
      const writer = new FieldWriter(codecOf(dialect));
      // Message type and three bitmaps as hex fit always.
      for (let room = 52; room < whole.length / 2 + 60; room++) {
        const start = writer.write(new Uint8Array(room), 0, message.mti, message.fields);
        expect(toHex(writer.bytes.subarray(start, writer.end))).toBe(whole);
      }
    }
  });

  it('is the same wherever the room for bytes that are given as bytes ends', () => {
    const fields = { 11: '000001', 55: new Uint8Array(200).fill(0x9f) };
    const whole = toHex(encodeMessage(UNIONPAY_POS, { mti: '0200', fields }));
    const writer = new FieldWriter(codecOf(UNIONPAY_POS));
    for (let room = 52; room < 280; room++) {
      const start = writer.write(new Uint8Array(room), 0, '0200', fields);
      expect(toHex(writer.bytes.subarray(start, writer.end))).toBe(whole);
    }
  });

  it('begins with four digits, however often another type is tried', () => {
    for (const mti of ['02A0', '020', '02000', '', '２００0']) {
      for (let again = 0; again < 2; again++) {
        expect(refusalOf({ 11: '000001' }, UNIONPAY_POS, mti)).toBe('E_BAD_MTI MTI');
      }
    }
  });

  it('has one backslash where a text of GBK has two', () => {
    const message = { mti: '0210', fields: { 63: 'AB\\\\cd' } };
    expect(toHex(encodeMessage(UNIONPAY_POS, message))).toMatch(/000541425C6364$/);
  });

  it('never ends with the fill of its field, in GBK either', () => {
    const spec = { name: 'remark', zh: '附言', class: 'ans', encoding: 'gbk' } as const;
    const filled = { ...spec, length: 6, fill: 'space', trim: true } as const;
    const dialect = { ...UNIONPAY_POS, fields: { 63: filled } };
    const message = { mti: '0200', fields: { 63: 'AB' } };
    expect(toHex(encodeMessage(dialect, message))).toMatch(/414220202020$/);
    expect(refusalOf({ 63: 'AB    ' }, dialect)).toBe('E_FIELD_VALUE 63');
  });

  it('is refused with a character that is a digit but for its upper bits, wherever it stands', () => {
    const fields = {
      2: '6225881234567890128',
      4: '000000012345',
      25: '00',
      52: '1A2B3C4D5E6F7081',
    };
    for (const [field, value] of Object.entries(fields)) {
      for (let at = 0; at < value.length; at++) {
        for (const more of [0x80, 0x100, 0x4000, 0x8000]) {
          const other = String.fromCharCode(value.charCodeAt(at) + more);
          const changed = value.slice(0, at) + other + value.slice(at + 1);
          const refusal = refusalOf({ [field]: changed }, UNIONPAY_POS);
          expect([at, more, refusal]).toEqual([at, more, `E_FIELD_VALUE ${field}`]);
        }
      }
    }
  });

  it('is refused as hex of an odd length, whether it is short or long', () => {
    for (const length of [1, 63, 65, 99, 255]) {
      expect(refusalOf({ 55: 'A'.repeat(length) })).toBe('E_FIELD_VALUE 55');
    }
  });
});
