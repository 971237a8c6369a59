import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../protocol/bytes/hex.ts';
import { shippedDialect } from '../../protocol/dialects/shipped.ts';
import { UNIONPAY_POS } from '../../protocol/dialects/unionpay-pos.ts';
import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import { FrameDecoder } from '../../protocol/framing/frame-decoder.ts';
import { decodeMessage, MessageReader } from '../../protocol/message/decode-message.ts';
import { describeMessage } from '../../protocol/message/describe-message.ts';
import { encodeMessage } from '../../protocol/message/encode-message.ts';
import { messageFromJson } from '../../protocol/message/message-json.ts';
import { redactMessage } from '../../protocol/message/redact-message.ts';

const PAN = '6225881234567898';

describe('writing many messages', () => {
  it('keeps its room small, whatever the messages are, and never mixes them', () => {
    const value = (at: number): string =>
      (at % 256).toString(16).toUpperCase().padStart(2, '0').repeat(900);
    const kept: Uint8Array[] = [];
    for (let at = 0; at < 3000; at++) {
      const bytes = encodeMessage(UNIONPAY_POS, { mti: '0820', fields: { 62: value(at) } });
      expect(bytes.buffer.byteLength).toBeLessThan(64 * 1024);
      if (at % 100 === 0) kept.push(bytes);
    }
    for (const [index, bytes] of kept.entries()) {
      const result = decodeMessage(UNIONPAY_POS, bytes);
      expect(result).toMatchObject({ ok: true, message: { fields: { 62: value(index * 100) } } });
    }
  });

  it('leaves nothing of one message in the next', () => {
    encodeMessage(UNIONPAY_POS, { mti: '0820', fields: { 62: 'AB'.repeat(40) } });
    for (const last of ['é', '中', '\u{1F600}']) {
      const fields = { 62: '0'.repeat(80 - last.length) + last };
      expect(() => encodeMessage(UNIONPAY_POS, { mti: '0820', fields })).toThrow(
        expect.objectContaining({ code: 'E_FIELD_VALUE' }),
      );
    }
  });
});

describe('what must not be seen', () => {
  it('is hidden in a template that only a slip has for a primitive tag', () => {
    const message = { mti: '0200', fields: { 55: `FF010A5A08${PAN}`, 60: '2200000100060' } };
    const shown = JSON.stringify([
      describeMessage(UNIONPAY_POS, message),
      redactMessage(UNIONPAY_POS, message),
    ]);
    expect(shown).not.toContain(PAN);
  });

  it('is hidden in the path of an error', () => {
    for (const key of [PAN, `55.${PAN}`]) {
      let error: unknown;
      try {
        messageFromJson(UNIONPAY_POS, { mti: '0200', fields: { [key]: '1' } });
      } catch (thrown) {
        error = thrown;
      }
      expect(error).toBeInstanceOf(CountersignError);
      const { message, path = '', hint } = error as CountersignError;
      expect(message + path + hint).not.toContain(PAN);
    }
  });

  it.each([
    ['glued to other digits', `0016${PAN}`, PAN],
    ['with blanks in it', '6225 8812 3456 7898', '8812 3456'],
    ['with track data behind it', `PAN=${PAN}=30121011234567`, '30121011234567'],
  ])('is hidden in a private text, %s', (_, text, secret) => {
    const dialect = shippedDialect('iso87-ascii')!;
    const message = { mti: '0200', fields: { 48: text } };
    const shown = JSON.stringify([
      describeMessage(dialect, message),
      redactMessage(dialect, message),
    ]);
    expect(shown).not.toContain(secret);
  });
});

describe('a reader', () => {
  it('reads nothing of a refused message, nor of the one before it', () => {
    const reader = new MessageReader(UNIONPAY_POS);
    expect([reader.mti, reader.get(11)]).toEqual(['', undefined]);
    reader.open(encodeMessage(UNIONPAY_POS, { mti: '0800', fields: { 11: '000001' } }));
    expect([reader.mti, reader.get(11)]).toEqual(['0800', '000001']);
    expect(() => reader.open(fromHex('0800 0020000000000000 00'))).toThrow(CountersignError);
    expect([reader.has(11), reader.get(11)]).toEqual([false, undefined]);
  });
});

describe('a frame', () => {
  it('cut out of a Buffer is no view of it', () => {
    const chunk = Buffer.from('0002AABB', 'hex');
    const bodies: Uint8Array[] = [];
    new FrameDecoder(UNIONPAY_POS).push(chunk, (body) => bodies.push(body));
    chunk.fill(0);
    expect(bodies.map((body) => toHex(body))).toEqual(['AABB']);
  });
});

describe('paths in the wrong order', () => {
  it('are written all the same, without going round for each', () => {
    const group = '1002156C000000123456';
    const paths = Array.from({ length: 300 }, (_, at) => [`62.${300 - at}`, group] as const);
    const records = {
      kind: 'records',
      countDigits: 0,
      parts: [{ name: 'x', zh: 'x', size: 20 }],
    } as const;
    const field = {
      name: 'x',
      zh: 'x',
      class: 'ans',
      length: { max: 9999 },
      prefix: 'LLLL',
    } as const;
    const ascii = shippedDialect('iso87-ascii')!;
    const dialect = { ...ascii, fields: { 62: { ...field, structure: records } } };
    const { message } = messageFromJson(dialect, {
      mti: '0200',
      fields: Object.fromEntries(paths),
    });
    expect(message.fields[62]).toBe(group.repeat(300));
  });
});
