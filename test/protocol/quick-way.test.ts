import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ENVELOPE_BYTES, messageVectors, vectorBodyHex } from '../vectors.ts';
import { fromHex, toHex } from '../../protocol/bytes/hex.ts';
import { codecOf, type Codec } from '../../protocol/codec/codec.ts';
import { indexMessage } from '../../protocol/codec/index-message.ts';
import { MessageIndex } from '../../protocol/codec/message-index.ts';
import { SLOT_QUICK, SLOTS } from '../../protocol/codec/slots.ts';
import { writeField, type Output } from '../../protocol/codec/write-field.ts';
import { writeQuick } from '../../protocol/codec/write-quick.ts';
import { UNIONPAY_POS } from '../../protocol/dialects/unionpay-pos.ts';
import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import { FAMILIES, joinPieces } from './dialect-families.ts';

/** The same codec without its quick way: every field is judged by the long one. */
function slowed(codec: Codec): Codec {
  const table = codec.table.slice();
  for (let at = SLOT_QUICK; at < table.length; at += SLOTS) table[at] = -1;
  return { ...codec, table };
}

/** Everything that an index says, as one text. */
function verdict(index: MessageIndex, bytes: Uint8Array): string {
  const isAccepted = indexMessage(index, bytes, 0, bytes.length);
  let text = `${isAccepted}`;
  for (let each = 0; each < index.count; each++) {
    const field = index.numbers[each]!;
    text += ` ${field}:${index.offsets[field]}/${index.sizes[field]}/${index.ends[field]}`;
  }
  const { code, field, offset, seen, due } = index;
  return isAccepted ? text : `${text} ${code} ${field} ${offset} ${seen} ${due}`;
}

const samples = [
  ...FAMILIES.map(({ dialect, pieces }) => ({ dialect, bytes: fromHex(joinPieces(pieces)) })),
  // Every third is enough: they repeat each other.
  ...messageVectors.messages
    .filter((_, index) => index % 3 === 0)
    .map((vector) => ({
      dialect: UNIONPAY_POS,
      bytes: fromHex(vectorBodyHex(vector)).subarray(ENVELOPE_BYTES),
    })),
];

describe('the quick way through a message', () => {
  it('judges every changed byte as the long way does', () => {
    for (const { dialect, bytes } of samples) {
      const quick = new MessageIndex(codecOf(dialect));
      const slow = new MessageIndex(slowed(codecOf(dialect)));
      expect(verdict(quick, bytes)).toBe(verdict(slow, bytes));
      const changed = bytes.slice();
      for (let at = 0; at < bytes.length; at++) {
        for (const value of [0x00, 0x30, 0x3a, 0x9a, 0xff]) {
          changed[at] = value;
          const [one, other] = [verdict(quick, changed), verdict(slow, changed)];
          // Two texts are compared sooner than an expectation is made of them.
          if (one !== other) expect([at, value, one]).toEqual([at, value, other]);
        }
        changed[at] = bytes[at]!;
      }
    }
  });

  it('writes every value as the long way does, or leaves it to it', () => {
    const value = fc.oneof(
      fc.string({ maxLength: 40 }),
      fc.string({ unit: fc.constantFrom(...'0123456789'), maxLength: 40 }),
      fc.string({ unit: fc.constantFrom(...'0123456789ABCDEF'), maxLength: 140 }),
      fc.string({ unit: 'binary', maxLength: 20 }),
    );
    const anyDialect = fc.constantFrom(UNIONPAY_POS, ...FAMILIES.map(({ dialect }) => dialect));
    fc.assert(
      fc.property(anyDialect, fc.nat(191), value, (dialect, pick, text) => {
        const codec = codecOf(dialect);
        const field = codec.defined[pick % codec.defined.length]!;
        const room = new Uint8Array(1024);
        const quickEnd = writeQuick(codec.table, room, 7, field, text);
        if (quickEnd < 0) return;
        const output: Output = { bytes: new Uint8Array(1024) };
        let slowEnd: number;
        try {
          slowEnd = writeField(codec, output, 7, field, text);
        } catch (error) {
          if (!(error instanceof CountersignError)) throw error;
          throw new Error(`field ${field} of ${dialect.id} takes ${text}: ${error.message}`, {
            cause: error,
          });
        }
        expect(toHex(room, 7, quickEnd)).toBe(toHex(output.bytes, 7, slowEnd));
      }),
      { numRuns: 8_000 },
    );
  });
});
