import { describe, expect, it } from 'vitest';
import { toHex } from '../../protocol/bytes/hex.ts';
import type { FieldSpec } from '../../protocol/dialect/dialect.ts';
import { loadDialect } from '../../protocol/dialect/load-dialect.ts';
import { encodeMessage } from '../../protocol/message/encode-message.ts';

/** The bytes of field 3 in a message that has no other. */
function written(spec: Partial<FieldSpec>, value: string): string {
  const field = { name: 'x', zh: 'x', class: 'n', ...spec } as FieldSpec;
  const bitmap = { encoding: 'binary', fields: 64 } as const;
  const mti = { encoding: 'bcd' } as const;
  const fields = { 3: field };
  const dialect = loadDialect({ id: 'one', title: 'one', mti, bitmap, fields }, () => undefined);
  return toHex(encodeMessage(dialect, { mti: '0200', fields: { 3: value } })).slice(20);
}

describe('a value is written', () => {
  it('behind a prefix that counts the bytes of its digits', () => {
    const prefix = { form: 'LL', encoding: 'bcd', counts: 'bytes' } as const;
    const spec = { class: 'n', encoding: 'bcd', length: { max: 20 }, prefix } as const;
    expect(written(spec, '12345678')).toBe('0412345678');
    expect(written({ ...spec, prefix: { ...prefix, counts: 'digits' } }, '12345678')).toBe(
      '0812345678',
    );
  });

  it('filled up, and refused where its own edge could not be told from what fills it', () => {
    const spec = { class: 'ans', encoding: 'ascii', length: 3, fill: 'space', trim: true } as const;
    expect(written(spec, 'AB')).toBe('414220');
    expect(written(spec, 'ABC')).toBe('414243');
    expect(() => written(spec, 'AB ')).toThrow('fill');
  });
});
