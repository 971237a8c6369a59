import type { Dialect } from '../dialect/dialect.ts';
import type { Message } from './message.ts';
import { readPath } from './read-part.ts';
import { decodeTlv, encodeTlv } from './ber-tlv.ts';
import { fromHex, toHex } from '../bytes/hex.ts';
import { asciiText } from '../bytes/ascii.ts';
import { CountersignError } from '../errors/countersign-error.ts';

/** First six and last four digits; shorter numbers disappear. */
export function maskPan(pan: string): string {
  if (pan.length < 13) return '*'.repeat(pan.length);
  return `${pan.slice(0, 6)}${'*'.repeat(pan.length - 10)}${pan.slice(-4)}`;
}

/** EMV tags that hold account data (spec 9) or a telephone or card number of a slip (spec 7.2). */
const ACCOUNT_TAGS = new Set(['57', 'FF0B', 'FF25', '5A', '5F20', '9F1F', '9F20', '9F6B', '56']);

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
      const [pan = ''] = value.split('D');
      return `${maskPan(pan)}D…(hidden)`;
    }
    case 'pin':
      return hidden(value.length / 2);
    case 'details':
      return maskDetails(value, message.mti, readPath(dialect, message, '60.3'));
    case 'emv':
      return maskTlv(value);
    case 'code':
      return maskText(value);
    case 'payload':
      return maskPayload(dialect, message, field, value);
  }
}

/** A batch upload lists card numbers in field 48: 40 digits a record, 20 of them the PAN. */
function maskDetails(value: string, mti: string, network: string | undefined): string {
  if (mti !== '0320' || network !== '201' || value.length < 42) return value;
  const records = value.slice(2).match(/\d{1,40}/g) ?? [];
  const masked = records.map((record) => {
    const pan = record.slice(8, 28).replace(/^0+/, '');
    return record.slice(0, 8) + maskPan(pan).padStart(20, '0') + record.slice(28);
  });
  return value.slice(0, 2) + masked.join('');
}

function maskTlv(hex: string): string {
  try {
    const items = decodeTlv(hex);
    if (!items.some(({ tag }) => ACCOUNT_TAGS.has(tag))) return hex;
    return encodeTlv(
      items.map(({ tag, value }) => {
        return ACCOUNT_TAGS.has(tag)
          ? { tag, value: '00'.repeat(value.length / 2) }
          : { tag, value };
      }),
    );
  } catch (error) {
    if (!(error instanceof CountersignError)) throw error;
    return hidden(hex.length / 2);
  }
}

/** ASCII payloads with every run of 12 to 24 digits masked: payment codes are as good as cards. */
function maskText(hex: string): string {
  const bytes = fromHex(hex);
  const isText = bytes.every((byte) => byte >= 0x20 && byte < 0x7f);
  if (!isText) return hidden(bytes.length);
  // A TLV code is preceded by its three-digit length, which joins the run: keep three digits more.
  return asciiText(bytes).replace(/\d{12,}/g, (digits) => {
    const head = digits.length > 13 ? 9 : 6;
    const hiddenDigits = Math.max(0, digits.length - head - 4);
    return digits.slice(0, head) + '*'.repeat(hiddenDigits) + digits.slice(-4);
  });
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
