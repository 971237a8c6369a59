import { maskPan } from '../bytes/card-number.ts';
import type { Dialect } from '../dialect/dialect.ts';
import type { Message } from './message.ts';
import { readPath } from './read-part.ts';
import { decodeTlv, encodeTlv, type TlvItem } from './ber-tlv.ts';
import { fromHex, toHex } from '../bytes/hex.ts';
import { asciiText } from '../bytes/ascii.ts';
import { CountersignError } from '../errors/countersign-error.ts';

/**
 * EMV tags that hold account or PIN data (spec 9), or a telephone or card number of a slip
 * (spec 7.2).
 */
const SECRET_TAGS = new Set([
  '57',
  '5A',
  '5F20',
  '99',
  '9F0B',
  '9F1F',
  '9F61',
  '9F20',
  '9F6B',
  '56',
  'FF0B',
  'FF25',
]);

function hidden(lengthBytes: number): string {
  return `(${lengthBytes} bytes, hidden)`;
}

/**
 * The one place where a field becomes text for people: card numbers keep six and four digits;
 * tracks, PIN blocks, keys, EMV account data and signatures never appear.
 */
export function maskField(dialect: Dialect, message: Message, field: number): string {
  const value = message.fields[field] ?? '';
  switch (dialect.fields[field]?.secret) {
    case undefined:
      // An encrypted PIN may travel here in one variant (spec 3.11).
      return value.startsWith('SM016') ? 'SM016 (PIN block, hidden)' : value;
    case 'pan':
      return maskPan(value);
    case 'track': {
      const [pan = '', rest] = value.split('D');
      return rest === undefined ? `(${value.length} digits, hidden)` : `${maskPan(pan)}D…(hidden)`;
    }
    case 'pin':
      return hidden(value.length / 2);
    case 'details':
      return maskDetails(value, message.mti);
    case 'emv':
      return maskTlv(value);
    case 'code':
      return maskText(value);
    case 'payload':
      return maskPayload(dialect, message, field, value);
  }
}

const TOTALS_DIGITS = 62;
const RECORD_DIGITS = 40;

/**
 * Field 48 is totals, a count, or the records of a batch upload: 40 digits each, 20 of them the
 * card number. What is neither totals nor short is taken for records, whatever the message says.
 */
function maskDetails(value: string, mti: string): string {
  const isTotals = value.length === TOTALS_DIGITS && mti !== '0320';
  if (isTotals || value.length <= 12) return value;
  const records = value.slice(2).match(new RegExp(`\\d{1,${RECORD_DIGITS}}`, 'g')) ?? [];
  const masked = records.map((record) => {
    if (record.length < RECORD_DIGITS) return `…(${record.length} digits, hidden)`;
    const pan = record.slice(8, 28).replace(/^0+/, '');
    return record.slice(0, 8) + maskPan(pan).padStart(20, '0') + record.slice(28);
  });
  return value.slice(0, 2) + masked.join('');
}

function maskTlv(hex: string): string {
  try {
    return encodeTlv(decodeTlv(hex).map(maskItem));
  } catch (error) {
    if (!(error instanceof CountersignError)) throw error;
    return hidden(hex.length / 2);
  }
}

/** A template is masked inside; the FFxx tags of a slip are primitive whatever their bits say. */
function maskItem({ tag, value }: TlvItem): TlvItem {
  const zeros = '00'.repeat(value.length / 2);
  if (SECRET_TAGS.has(tag)) return { tag, value: zeros };
  const isTemplate = (Number.parseInt(tag.slice(0, 2), 16) & 0x20) !== 0;
  if (!isTemplate || tag.startsWith('FF')) return { tag, value };
  const inside = maskTlv(value);
  return { tag, value: inside.length === value.length ? inside : zeros };
}

/** ASCII payloads with every number of 12 digits and more masked: payment codes are as good as cards. */
function maskText(hex: string): string {
  const bytes = fromHex(hex);
  const isText = bytes.every((byte) => byte >= 0x20 && byte < 0x7f);
  if (!isText) return hidden(bytes.length);
  // Tag and three-digit length of the TLV stand before the number and may be seen.
  return asciiText(bytes).replaceAll(
    /(A\d\d{3})?(\d(?:[ -]?\d){11,})/g,
    (_whole, prefix: string | undefined, digits: string) =>
      (prefix ?? '') + maskPan(digits.replaceAll(/\D/g, '')),
  );
}

/** Field 62 is keys, a signature, or harmless text, by message; the other private fields stay hidden. */
function maskPayload(dialect: Dialect, message: Message, field: number, hex: string): string {
  const isSignInRequest =
    message.mti === '0800' &&
    ['001', '003', '004', '006'].includes(readPath(dialect, message, '60.3') ?? '');
  const isChipUpload = message.mti === '0320';
  if (field === 62 && (isSignInRequest || isChipUpload)) {
    const bytes = fromHex(hex);
    if (bytes.every((byte) => byte >= 0x20 && byte < 0x7f)) return asciiText(bytes);
  }
  return hidden(hex.length / 2);
}

/** All fields of a message, masked. */
export function maskMessage(dialect: Dialect, message: Message): { [field: number]: string } {
  const masked: { [field: number]: string } = {};
  for (const key of Object.keys(message.fields)) {
    masked[Number(key)] = maskField(dialect, message, Number(key));
  }
  return masked;
}

/** Bytes for a log line: message type and bitmap only, never a field. */
export function maskBytes(bytes: Uint8Array): string {
  const shown = Math.min(bytes.length, 23);
  return bytes.length === shown
    ? toHex(bytes, 0, shown)
    : `${toHex(bytes, 0, shown)}… (${bytes.length} bytes)`;
}
