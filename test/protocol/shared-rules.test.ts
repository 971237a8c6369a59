import { describe, expect, it } from 'vitest';
import { loadDialect } from '../../protocol/dialect/load-dialect.ts';
import type { Dialect } from '../../protocol/dialect/dialect.ts';
import { shippedSource } from '../../protocol/dialects/shipped.ts';
import { UNIONPAY_POS } from '../../protocol/dialects/unionpay-pos.ts';
import { applyRules } from '../../protocol/message/check-message.ts';
import { meaningOf } from '../../protocol/structure/field-structure.ts';

/** The same rules and variants, but for where the parts of field 60 begin. */
const MOVED = loadDialect(
  {
    id: 'moved',
    title: 'moved',
    extends: 'unionpay-pos',
    patch: {
      fields: {
        60: {
          structure: {
            kind: 'positions',
            parts: [
              { name: 'transaction type', zh: '交易类型码', size: 4 },
              { name: 'batch', zh: '批次号', size: 6 },
              { name: 'network code', zh: '网络管理信息码', size: 3 },
              { name: 'reserved', zh: '保留', size: 'rest' },
            ],
          },
        },
      },
    },
  },
  shippedSource,
);

/** A reversal is to have field 61 when 60.1 is one of some codes of two digits. */
function lacks61(dialect: Dialect): boolean {
  const message = { mti: '0400', fields: { 22: '021', 60: '1100000100060' } };
  const found = applyRules(dialect, message, dialect.rules['reversal']!, 'reversal');
  return found.some(({ path }) => path === '61');
}

/** Field 62 of a sign-in is told by 60.3. */
function nameOf62(dialect: Dialect, field60: string): string {
  return meaningOf(dialect, { mti: '0810', fields: { 60: field60 } }, 62).name;
}

describe('dialects that share rules and variants', () => {
  it('are each asked by their own paths, in whichever order', () => {
    expect(MOVED.rules['reversal']).toBe(UNIONPAY_POS.rules['reversal']);
    expect(MOVED.fields[62]?.variants).toBe(UNIONPAY_POS.fields[62]?.variants);
    const keys = nameOf62(UNIONPAY_POS, '00000001004');
    const plain = nameOf62(UNIONPAY_POS, '00000001000');
    expect(keys).not.toBe(plain);
    for (let turn = 0; turn < 3; turn++) {
      expect(lacks61(UNIONPAY_POS)).toBe(true);
      expect(lacks61(MOVED)).toBe(false);
      expect(nameOf62(MOVED, '0000000001004')).toBe(keys);
      expect(nameOf62(UNIONPAY_POS, '00000001004')).toBe(keys);
      // What is the code of the network for the one is something else for the other.
      expect(nameOf62(UNIONPAY_POS, '0000000001004')).toBe(plain);
      expect(nameOf62(MOVED, '0000000100400')).toBe(plain);
    }
  });
});
