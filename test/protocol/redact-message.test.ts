import { describe, expect, it } from 'vitest';
import { messageVectors } from '../vectors.ts';
import { asciiBytes } from '../../protocol/bytes/ascii.ts';
import { fromHex, toHex } from '../../protocol/bytes/hex.ts';
import type { Dialect } from '../../protocol/dialect/dialect.ts';
import { mergePatch } from '../../protocol/dialect/merge-patch.ts';
import { UNIONPAY_POS } from '../../protocol/dialects/unionpay-pos.ts';
import { checkMessage } from '../../protocol/message/check-message.ts';
import { decodeMessage } from '../../protocol/message/decode-message.ts';
import { encodeMessage } from '../../protocol/message/encode-message.ts';
import { maskMessage } from '../../protocol/message/mask.ts';
import type { Message } from '../../protocol/message/message.ts';
import { redactMessage } from '../../protocol/message/redact-message.ts';
import { decoded, secretsOf } from './vector-secrets.ts';

const PAN = '6225881234567898';
const PIN = 'BB4811E7B532AB3F';
const REDACTED_PAN = '6225880000007898';

function redacted(fields: Message['fields'], mti = '0200', dialect = UNIONPAY_POS): object {
  return redactMessage(dialect, { mti, fields }).fields;
}

describe.each(messageVectors.messages)('the redacted $name', (vector) => {
  const message = decoded(vector);
  const clean = redactMessage(UNIONPAY_POS, message);

  it('has none of its secrets, in no field', () => {
    const text = JSON.stringify(clean);
    expect(secretsOf(message).filter((secret) => text.includes(secret))).toEqual([]);
    expect(clean.mti).toBe(message.mti);
    expect(Object.keys(clean.fields)).toEqual(Object.keys(message.fields));
    for (const field of [52, 46, 56]) expect(clean.fields[field] ?? '').toMatch(/^0*$/);
    expect(clean.fields[35] ?? 'D').toMatch(/^(?:\d{6}0+\d{4}|0*)D0*$/);
  });

  it('is the same where nothing was secret', () => {
    const changed = Object.keys(message.fields)
      .map(Number)
      .filter((field) => clean.fields[field] !== message.fields[field]);
    const secret = [2, 35, 36, 46, 48, 52, 55, 56, 59, 62, 63];
    expect(changed.filter((field) => !secret.includes(field))).toEqual([]);
    if (message.fields[63]?.startsWith('SM016') === false) {
      expect(clean.fields[63]).toBe(message.fields[63]);
    }
  });

  it('can be written, is as long, and does not change when it is redacted again', () => {
    const bytes = encodeMessage(UNIONPAY_POS, clean);
    expect(bytes).toHaveLength(encodeMessage(UNIONPAY_POS, message).length);
    const again = decodeMessage(UNIONPAY_POS, bytes, 0, bytes.length, { isLenient: true });
    if (!again.ok) throw again.error;
    expect(redactMessage(UNIONPAY_POS, again.message)).toEqual(clean);
    expect(again.message).toEqual(clean);
  });

  it('breaks no rule in a field where it did not break one before', () => {
    const fieldOf = ({ path }: { readonly path: string }): string => path.split('.')[0]!;
    const before = checkMessage(UNIONPAY_POS, message).map(fieldOf);
    const after = checkMessage(UNIONPAY_POS, clean).filter(
      (finding) => !before.includes(fieldOf(finding)),
    );
    expect(after.map(({ code, path, text }) => `${code} ${path}: ${text}`)).toEqual([]);
  });
});

/** Fifteen digits with the check digit of a card. */
const MERCHANT = '622588123456701';

/** A payment code in field 59. */
function tlv(hex: string): string {
  return toHex(asciiBytes(`A300${hex.length / 2}`)) + hex;
}

describe('redaction', () => {
  it('finds secrets in many vectors', () => {
    const having = messageVectors.messages.filter(
      (vector) => secretsOf(decoded(vector)).length > 0,
    );
    expect(having.length).toBeGreaterThan(40);
  });

  it.each([
    ['a card number', { 2: PAN }, { 2: REDACTED_PAN }],
    ['a short one whole', { 2: '622588123456' }, { 2: '000000000000' }],
    ['one of thirteen digits', { 2: '6225881234567' }, { 2: '6225880004567' }],
    ['a track', { 35: `${PAN}D30121011` }, { 35: `${REDACTED_PAN}D00000000` }],
    ['a track as text', { 35: `${PAN}=30121011` }, { 35: `${REDACTED_PAN}=00000000` }],
    ['an encrypted track', { 36: '9912345678901234567890' }, { 36: '0'.repeat(22) }],
    ['a PIN block', { 52: PIN }, { 52: '0'.repeat(16) }],
    ['a card in EMV data', { 55: `5A08${PAN}9C0100` }, { 55: `5A08${'0'.repeat(16)}9C0100` }],
    ['a card in a template', { 55: `700A5A08${PAN}` }, { 55: `700A5A08${'0'.repeat(16)}` }],
    ['no cryptogram', { 55: `9F2608${PIN}` }, { 55: `9F2608${PIN}` }],
    ['EMV data that is cut', { 55: `9C01005A08${PAN.slice(2)}` }, { 55: '0'.repeat(24) }],
    ['a payload', { 62: 'DF0102AABB' }, { 62: '0000000000' }],
    ['a number in free text', { 54: `${PAN}` }, { 54: REDACTED_PAN }],
    ['a field that nobody knows', { 5: '1A2' }, { 5: '000' }],
    ['details that nobody explains', { 48: '6225881234567' }, { 48: '0'.repeat(13) }],
    ['no short detail', { 48: '622588123456' }, { 48: '622588123456' }],
    ['no merchant, though its number looks like a card', { 42: MERCHANT }, { 42: MERCHANT }],
    ['no MAC, though its bytes look like a card', { 64: PAN }, { 64: PAN }],
    ['the digits of a payment code', { 59: tlv('313233') }, { 59: tlv('303030') }],
    ['its first and last printable bytes', { 59: tlv('207E') }, { 59: tlv('3030') }],
    ['a code in bytes', { 59: tlv('1F7E') }, { 59: tlv('0000') }],
    ['another code in bytes', { 59: tlv('207F') }, { 59: tlv('0000') }],
    ['no other number', { 54: '6225881234567899' }, { 54: '6225881234567899' }],
  ])('takes %s away', (_what, fields, expected) => {
    expect(redacted(fields)).toEqual(expected);
  });

  it('takes keys away as bytes, even if they were printable', () => {
    const keys = (key: string): Message['fields'] => ({
      60: '00000001003',
      62: `${key.repeat(16)}01020304${key.repeat(16)}05060708`,
    });
    const clean = redacted(keys('41'), '0810');
    expect(JSON.stringify(clean)).not.toContain('4141');
    expect(clean).toMatchObject({ 62: expect.stringMatching(/^0{32}.{8}0{32}.{8}$/) as string });
  });

  it('takes the card numbers out of a batch upload, however well it is made', () => {
    const record = (cardClass: string, pan: string): string =>
      `${cardClass}000001${pan.padStart(20, '0')}000000000100`;
    const upload = (count: string, ...records: string[]): Message['fields'] => ({
      48: count + records.join(''),
      60: '00000001201',
    });
    expect(redacted(upload('02', record('00', PAN), record('01', PAN)), '0320')).toEqual(
      upload('02', record('00', REDACTED_PAN), record('01', REDACTED_PAN)),
    );
    for (const spoilt of [
      upload('02', record('00', PAN)),
      upload('01', record('77', PAN)),
      upload('03', record('77', PAN), record('00', PAN).slice(0, 30)),
      { 48: upload('01', record('00', PAN))[48]! },
    ]) {
      expect([spoilt, JSON.stringify(redacted(spoilt, '0320')).includes(PAN)]).toEqual([
        spoilt,
        false,
      ]);
    }
  });

  it('takes an encrypted PIN out of field 63 whatever its bytes are', () => {
    // The value is written with escapes, so that its characters are more than its bytes.
    for (const pin of [
      'CDC489E91786D0BE01F543D813611BCD',
      `${'5C'.repeat(8)}4142434445464748`,
      'B1B2B3B4B5B6B7B8B9BABBBCBDBEBFC0',
    ]) {
      const bytes = encodeMessage(UNIONPAY_POS, {
        mti: '0200',
        fields: { 63: 'SM016'.padEnd(21) },
      });
      const raw = toHex(bytes).replace('20'.repeat(16), pin);
      const read = decodeMessage(UNIONPAY_POS, fromHex(raw), 0, bytes.length, { isLenient: true });
      if (!read.ok) throw read.error;
      const clean = encodeMessage(UNIONPAY_POS, redactMessage(UNIONPAY_POS, read.message));
      expect(clean).toHaveLength(bytes.length);
      expect(toHex(clean)).not.toContain(pin.slice(-16));
    }
  });
});

/** What neither a table nor a redacted message may show. */
describe('a secret that a dialect names', () => {
  const dialect = (patch: unknown): Dialect => mergePatch(UNIONPAY_POS, patch) as Dialect;
  const named = { name: 'x', zh: 'x' };
  const secretTag = {
    fields: { 55: { structure: { tags: { DF39: { ...named, secret: 'pan' } } } } },
  };
  const parts = (...all: object[]): object => ({ kind: 'positions', parts: all });
  const behindKind = parts(
    { ...named, size: 1, class: 'n', values: { 1: 'one' } },
    { ...named, size: 16, secret: 'pin' },
  );
  const inText = { fields: { 44: { structure: behindKind } } };
  const inBytes = { fields: { 57: { secret: null, structure: behindKind } } };

  const ofClass = (cls: string): object => ({
    fields: { 54: { structure: parts({ ...named, size: 'rest', class: cls }) } },
  });
  const subFields = {
    1: { ...named, class: 'n', length: 2 },
    2: { ...named, class: 'b', length: 8, secret: 'pin' },
  };
  const inSub = {
    fields: { 57: { secret: null, structure: { kind: 'sub-message', fields: subFields } } },
  };

  it.each([
    ['in a tag of field 55', secretTag, { 55: `DF3908${PAN}9C0100` }, PAN],
    ['in a part of a text', inText, { 44: '11234567890123456' }, '1234567890123456'],
    ['behind a part that is broken', inText, { 44: '91234567890123456' }, '1234567890123456'],
    ['in bytes behind a broken part', inBytes, { 57: `39${'AB'.repeat(16)}` }, 'ABABABAB'],
    ['in a part of letters and digits', ofClass('an'), { 54: PAN }, PAN],
    ['in a part with blanks', ofClass('anp'), { 54: PAN }, PAN],
    ['in a sub-message that is broken', inSub, { 57: `5A5A${'AB'.repeat(8)}` }, 'ABABABAB'],
    ['in a field that nobody knows', {}, { 5: PAN }, PAN],
    ['in the remark of an answer', {}, { 63: `CUP${PAN.padEnd(20)}` }, PAN],
    ['in free text of an answer', {}, { 63: `CUP your card ${PAN} is old` }, PAN],
    ['in a text TLV', {}, { 59: toHex(asciiBytes(`A3016${PAN}`)) }, toHex(asciiBytes(PAN))],
  ])('is hidden %s', (_what, patch, fields, secret) => {
    const shown = JSON.stringify(maskMessage(dialect(patch), { mti: '0210', fields }));
    const clean = JSON.stringify(redacted(fields, '0210', dialect(patch)));
    expect({ shown: shown.includes(secret), clean: clean.includes(secret) }).toEqual({
      shown: false,
      clean: false,
    });
  });

  it('becomes zeros where it stands, and what is beside it stays', () => {
    const text = '11234567890123456';
    expect(redacted({ 44: text }, '0210', dialect(inText))).toEqual({ 44: `1${'0'.repeat(16)}` });
    const bytes = `31${'AB'.repeat(16)}`;
    expect(redacted({ 57: bytes }, '0210', dialect(inBytes))).toEqual({
      57: `31${'00'.repeat(16)}`,
    });
    const { fields } = secretTag;
    const clean = redacted({ 55: `DF3908${PAN}9C0100` }, '0210', dialect({ fields }));
    expect(clean).toEqual({ 55: `DF3908${'00'.repeat(8)}9C0100` });
  });
});
