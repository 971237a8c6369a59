import { describe, expect, it } from 'vitest';
import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import { UNIONPAY_POS } from '../../protocol/dialects/unionpay-pos.ts';
import { encodeMessage } from '../../protocol/message/encode-message.ts';
import type { WritableMessage } from '../../protocol/message/message.ts';
import { FAMILIES } from './dialect-families.ts';

/** Code and path of what writing a message ends with. */
function refusalOf(fields: WritableMessage['fields'], dialect = UNIONPAY_POS): string {
  try {
    encodeMessage(dialect, { mti: '0200', fields });
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

  it('may be there when they are undefined', () => {
    const fields = Object.fromEntries([0, 5, 65, 128].map((field) => [field, undefined]));
    const plain = encodeMessage(UNIONPAY_POS, { mti: '0200', fields: { 11: '000001' } });
    const message = {
      mti: '0200',
      fields: { ...fields, 11: '000001' } as WritableMessage['fields'],
    };
    expect(encodeMessage(UNIONPAY_POS, message)).toEqual(plain);
  });

  it('are refused as hex of an odd length, whether it is short or long', () => {
    for (const length of [1, 63, 65, 99, 255]) {
      expect(refusalOf({ 55: 'A'.repeat(length) })).toBe('E_FIELD_VALUE 55');
    }
  });
});
