import { describe, expect, it } from 'vitest';
import { ENVELOPE_BYTES, messageVectors, vectorBodyHex, type MessageVector } from '../vectors.ts';
import { UNIONPAY_POS } from '../../protocol/dialects/unionpay-pos.ts';
import { fromHex, toHex } from '../../protocol/bytes/hex.ts';
import { asciiBytes } from '../../protocol/bytes/ascii.ts';
import { decodeTlv, encodeTlv } from '../../protocol/structure/ber-tlv.ts';
import { decodeMessage } from '../../protocol/message/decode-message.ts';
import { describeMessage } from '../../protocol/message/describe-message.ts';
import { maskPan } from '../../protocol/bytes/card-number.ts';
import { maskField, maskMessage } from '../../protocol/message/mask.ts';
import type { Message } from '../../protocol/message/message.ts';

const PAN = '6228484123456789011';

/** All that people may get to see of a message. */
function shown(message: Message): string {
  const described = describeMessage(UNIONPAY_POS, message);
  return JSON.stringify([described, maskMessage(UNIONPAY_POS, message)]);
}

function decoded(vector: MessageVector): Message {
  const result = decodeMessage(
    UNIONPAY_POS,
    fromHex(vectorBodyHex(vector)),
    ENVELOPE_BYTES,
    undefined,
    { isLenient: true },
  );
  if (!result.ok) throw result.error;
  return result.message;
}

/** Pieces of `size` characters of a secret; a piece that is nearly all zeros says nothing. */
function pieces(secret: string, size: number): string[] {
  return Array.from({ length: Math.max(0, secret.length - size + 1) }, (_, at) =>
    secret.slice(at, at + size),
  ).filter((piece) => new Set(piece).size > 3);
}

/** EMV tags with the account in them, and what of it must not be seen. */
const ACCOUNT_TAGS = ['57', '5A', '5F20', '9F1F', '9F20', '9F6B', '56'];

/** Everything in a message that must not be seen, cut into pieces. */
function secretsOf({ mti, fields }: Message): string[] {
  const secrets: string[] = [];
  const pans = [fields[2], fields[35]?.split('D')[0], fields[36]?.split('D')[0]];
  for (const pan of pans) if (pan !== undefined) secrets.push(...pieces(pan, 11));
  for (const track of [fields[35], fields[36]]) {
    if (track !== undefined) secrets.push(...pieces(track.slice(track.indexOf('D')), 8));
  }
  if (fields[52] !== undefined) secrets.push(...pieces(fields[52], 8));
  // Field 62 of a request that signs in or uploads a batch is a serial number or a total.
  const isHarmless = mti === '0800' || mti === '0320';
  if (fields[62] !== undefined && !isHarmless) secrets.push(...pieces(fields[62], 16));
  const tlv = /^(?:FF0[0-9A-F]|[0-9]|5|8)/.test(fields[55] ?? '') ? decodeTlv(fields[55]!) : [];
  for (const { tag, value } of tlv) {
    if (ACCOUNT_TAGS.includes(tag)) secrets.push(...pieces(value, 8));
  }
  return secrets;
}

describe('masking', () => {
  it.each(messageVectors.messages)('shows nothing secret of $name (I-36)', (vector) => {
    const message = decoded(vector);
    const text = shown(message);
    expect(secretsOf(message).filter((secret) => text.includes(secret))).toEqual([]);
  });

  it('has secrets of every kind to hide in the vectors', () => {
    const having = (field: number): number =>
      messageVectors.messages.filter(
        (vector) => vector.fields[field] !== undefined && secretsOf(decoded(vector)).length > 0,
      ).length;
    for (const field of [2, 35, 52, 55, 62]) expect(having(field)).toBeGreaterThan(2);
  });

  it.each([
    [PAN, '622848*********9011'],
    ['6225881234567898', '622588******7898'],
    ['6225881234567', '622588***4567'],
    ['622588123456', '************'],
    ['6225', '****'],
    ['', ''],
  ])('keeps six and four digits of %s', (pan, masked) => {
    expect(maskPan(pan)).toBe(masked);
  });
});

const keys = '5D3D2A1A4F6E708092A2B5C4D6E6F808B5F13C95';
const account = [
  { tag: '5A', value: '6228484123456789011F' },
  { tag: '57', value: '6228484123456789011D30122200000000012F' },
  { tag: '9F26', value: 'A1B2C3D4E5F60718' },
];
const record = (stan: string, pan: string): string =>
  `00${stan}${pan.padStart(20, '0')}000000010000`;

function ascii(text: string): string {
  return toHex(asciiBytes(text));
}

describe('masking hides', () => {
  it.each<[string, Message, string[]]>([
    ['the PAN', { mti: '0200', fields: { 2: PAN } }, [PAN, '4841']],
    [
      'track 2',
      { mti: '0200', fields: { 35: `${PAN}D30122200000000012` } },
      [PAN, '484123', '3012', '2220'],
    ],
    ['track 3', { mti: '0200', fields: { 36: `99${PAN}D156555` } }, [PAN, '484123', '156555']],
    ['the PIN block', { mti: '0200', fields: { 52: 'CF9E10A2A53BCA89' } }, ['CF9E', 'CA89']],
    ['EMV account data', { mti: '0200', fields: { 55: encodeTlv(account) } }, [PAN, '484123']],
    ['working keys', { mti: '0810', fields: { 60: '00000001004', 62: keys } }, ['5D3D', '3C95']],
    ['a signature', { mti: '0820', fields: { 60: '07000001800', 62: keys } }, ['5D3D', '3C95']],
    [
      'printable bytes where a signature may be',
      { mti: '0820', fields: { 60: '07000001800', 62: ascii('0123456789ABCDEF') } },
      ['0123456789', ascii('0123456789')],
    ],
    [
      'an SM4 PIN block in field 63',
      { mti: '0200', fields: { 63: 'SM016\\xCD\\xC4\\x89abc' } },
      ['xCD', 'abc'],
    ],
    [
      'an SM4 PIN block in field 62',
      { mti: '0200', fields: { 62: `${ascii('SM016')}${keys}` } },
      ['5D3D', '3C95'],
    ],
    [
      'a payment code',
      { mti: '0200', fields: { 59: ascii('A30196225000012345678901') } },
      ['6225000012345678901', '0000123', '2345678'],
    ],
    [
      'a voucher number behind a payment code',
      { mti: '0200', fields: { 59: ascii('A30196225000012345678901A402012345678901234567890') } },
      ['6225000012345678901', '12345678901234567890', '7890123456'],
    ],
    [
      'the cards of a batch upload',
      {
        mti: '0320',
        fields: {
          48: `02${record('000002', '6225881234567898')}${record('000004', PAN)}`,
          60: '00000001201',
        },
      },
      ['6225881234567898', PAN, '812345', '484123'],
    ],
  ])('%s', (_, message, secrets) => {
    const text = shown(message);
    expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
  });

  it('nothing of a batch upload but the cards', () => {
    const message = {
      mti: '0320',
      fields: { 48: `01${record('000002', '6225881234567898')}`, 60: '00000001201' },
    };
    expect(maskField(UNIONPAY_POS, message, 48)).toBe('01000000020000622588******7898000000010000');
  });

  it('nothing of settlement totals', () => {
    const totals = '00000002500000300000001300000210000000000000000000000000000001';
    const message = { mti: '0500', fields: { 48: totals, 60: '00000001201' } };
    expect(maskField(UNIONPAY_POS, message, 48)).toBe(totals);
  });

  const upload = `01${record('000002', PAN)}`;

  // What a damaged or unusual message still carries must be hidden too.
  it.each<[string, Message, string]>([
    [
      'a PAN inside a template',
      { mti: '0200', fields: { 55: encodeTlv([{ tag: '70', value: encodeTlv(account) }]) } },
      PAN,
    ],
    [
      'the end of a track without separator',
      { mti: '0200', fields: { 35: '6225881234567898301201298765' } },
      '8765',
    ],
    [
      'the cards of an upload whose field 60 could not be read',
      { mti: '0320', fields: { 48: upload } },
      PAN,
    ],
    [
      'the card of an upload record that is cut',
      { mti: '0320', fields: { 48: upload.slice(0, 34), 60: '00000001201' } },
      PAN,
    ],
    ['a payment code that stands alone', { mti: '0200', fields: { 59: ascii(PAN) } }, '6228484'],
    [
      'the PIN data of a chip',
      { mti: '0200', fields: { 55: encodeTlv([{ tag: '99', value: 'CF9E10A2A53BCA89' }]) } },
      'CF9E',
    ],
  ])('%s', (_, message, secret) => {
    expect(shown(message)).not.toContain(secret);
  });
});
