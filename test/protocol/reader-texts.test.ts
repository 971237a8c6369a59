import { describe, expect, it } from 'vitest';
import { HEX_PAIRS } from '../../protocol/bytes/hex.ts';
import type { Dialect, FieldSpec } from '../../protocol/dialect/dialect.ts';
import { loadDialect } from '../../protocol/dialect/load-dialect.ts';
import { decodeMessage, MessageReader } from '../../protocol/message/decode-message.ts';
import { encodeMessage } from '../../protocol/message/encode-message.ts';

const MOST = 110;

/** A value of every length up to {@link MOST}, of digits with the last one of its own. */
const LENGTHS = Array.from({ length: MOST }, (_, at) => at + 1);

function digits(length: number): string {
  return Array.from({ length }, (_, at) => String((at * 7 + length) % 10)).join('');
}

/** Fields of digits, of a track, of characters and of bytes, which stand left or right. */
function dialectOf(justify: 'left' | 'right'): Dialect {
  const prefix = { form: 'LLL', encoding: 'bcd', counts: 'digits' } as const;
  const spec = { zh: 'x', length: { max: MOST }, prefix, justify };
  const fields: Record<number, FieldSpec> = {
    3: { ...spec, name: 'digits', class: 'n', encoding: 'bcd' },
    4: { ...spec, name: 'track', class: 'z', encoding: 'bcd' },
    5: { ...spec, name: 'text', class: 'ans', encoding: 'ascii' },
    6: { ...spec, name: 'bytes', class: 'b', encoding: 'binary' },
  };
  const bitmap = { encoding: 'binary', fields: 64 } as const;
  const mti = { encoding: 'bcd' } as const;
  return loadDialect({ id: 'texts', title: 'texts', mti, bitmap, fields }, () => undefined);
}

describe.each(['left', 'right'] as const)('values that stand %s', (justify) => {
  const dialect = dialectOf(justify);
  const reader = new MessageReader(dialect);

  it.each(LENGTHS)(
    'of %i are read one by one as they are all at once, and as they were',
    (size) => {
      const plain = digits(size);
      // A separator in the middle: a nibble that is no digit.
      const track = `${plain.slice(0, size >> 1)}D${plain.slice((size >> 1) + 1)}`;
      const hex = Array.from({ length: size }, (_, at) => HEX_PAIRS[(at * 37 + size * 5) & 255]);
      const fields = { 3: plain, 4: track, 5: plain.replaceAll('3', 'x'), 6: hex.join('') };
      const bytes = encodeMessage(dialect, { mti: '0200', fields });
      expect(decodeMessage(dialect, bytes)).toMatchObject({ ok: true, message: { fields } });
      reader.open(bytes);
      const read = [3, 4, 5, 6].map((field) => [field, reader.get(field)]);
      expect(Object.fromEntries(read)).toEqual(fields);
      const own = decodeMessage(dialect, bytes, 0, bytes.length, { hasOwnTexts: true });
      expect(own).toMatchObject({ ok: true, message: { fields } });
    },
  );
});
