import { asciiText } from '../bytes/ascii.ts';
import { maskCardNumbers, maskPan } from '../bytes/card-number.ts';
import { fromHex } from '../bytes/hex.ts';
import type { Dialect, Secret } from '../dialect/dialect.ts';
import { CountersignError } from '../errors/countersign-error.ts';
import { decodeTlv, encodeTlv, isTemplate, type TlvItem } from '../structure/ber-tlv.ts';
import { readField, readPath } from '../structure/field-structure.ts';
import { flatItems, type StructureItem } from '../structure/read-structure.ts';
import type { Message } from './message.ts';

/**
 * EMV tags that hold account or PIN data (spec 9), or a telephone or card number of a slip
 * (spec 7.2): hidden whatever a dialect says.
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
  'FF4B',
]);

/** What the fields of ISO 8583 hide, in a dialect that does not say so. */
const USUAL_SECRETS: Readonly<Record<number, Secret>> = {
  2: 'pan',
  34: 'pan',
  35: 'track',
  36: 'track',
  45: 'track',
  52: 'pin',
  55: 'emv',
};

/** Whether a tag of field 55 must not be seen. */
export function isSecretTag(tag: string): boolean {
  return SECRET_TAGS.has(tag);
}

/** Tags of a slip are primitive whatever their bits say (spec 7.2). */
export const PRIMITIVE_TAGS: readonly string[] = ['FF'];

function hidden(lengthBytes: number): string {
  return `(${lengthBytes} bytes, hidden)`;
}

/** Why a field is not shown: what its dialect says, or what ISO 8583 has in it. */
export function secretOf(dialect: Dialect, field: number): Secret | undefined {
  return dialect.fields[field]?.secret ?? USUAL_SECRETS[field];
}

/**
 * The one place where a field becomes text for people: card numbers keep six and four digits;
 * tracks, PIN blocks, keys, EMV account data and signatures never appear.
 */
export function maskField(dialect: Dialect, message: Message, field: number): string {
  const value = message.fields[field] ?? '';
  const isBytes = dialect.fields[field]?.class === 'b';
  switch (secretOf(dialect, field)) {
    case undefined:
      // An encrypted PIN may travel here in one variant (spec 3.11).
      if (value.startsWith('SM016')) return 'SM016 (PIN block, hidden)';
      return withoutSecretParts(dialect, message, field, value);
    case 'pan':
      return maskPan(value);
    case 'track':
      return maskTrack(value);
    case 'pin':
      return hidden(isBytes ? value.length / 2 : value.length);
    case 'details':
      return maskDetails(value, message.mti);
    case 'emv':
      return isBytes ? maskTlv(value) : hidden(value.length);
    case 'code':
      return isBytes ? maskText(value) : maskCodes(value);
    case 'payload':
      return maskPayload(dialect, message, field, value);
  }
}

/** What is inside a field, masked: in the same order as it stands there. */
export function maskedItems(dialect: Dialect, message: Message, field: number): StructureItem[] {
  if (message.fields[field]?.startsWith('SM016') === true) return [];
  const { items } = readField(dialect, message, field);
  const secret = secretOf(dialect, field);
  return flatItems(items).map((item) => ({ ...item, value: maskItem(item, secret) }));
}

function maskItem(item: StructureItem, fieldSecret: Secret | undefined): string {
  const { value } = item;
  const lengthBytes = item.class === 'b' ? value.length / 2 : value.length;
  const tag = item.path.slice(item.path.lastIndexOf('.') + 1);
  if (item.items.length > 0) return '';
  if (fieldSecret === 'emv' && isSecretTag(tag)) return hidden(lengthBytes);
  switch (item.secret) {
    case 'pan':
      return maskPan(value.replace(/^0+/, ''));
    case 'code':
      return item.class === 'b' ? maskText(value) : maskCodes(value);
    case undefined:
      // Bytes of a private payload may be anything: keys, a signature.
      if (fieldSecret === 'payload' && item.class === 'b') return hidden(lengthBytes);
      if (fieldSecret === 'track' || fieldSecret === 'pin') return hidden(lengthBytes);
      return item.class === 'b' || value.startsWith('0') ? value : maskCardNumbers(value);
    default:
      return hidden(lengthBytes);
  }
}

/**
 * Whether a card number may stand somewhere in a value: in free text, and in what does not follow
 * its structure. Numbers of a fixed place have a meaning of their own.
 */
export function mayHoldCardNumbers(dialect: Dialect, message: Message, field: number): boolean {
  const spec = dialect.fields[field];
  if (spec === undefined || spec.class === 'b' || typeof spec.length === 'number') return false;
  const { items, problem } = readField(dialect, message, field);
  return items.length === 0 || problem !== undefined;
}

/** A value whose structure names secret parts shows the others only. */
function withoutSecretParts(
  dialect: Dialect,
  message: Message,
  field: number,
  value: string,
): string {
  const { items, problem } = readField(dialect, message, field);
  const all = flatItems(items);
  const isSuspect = problem !== undefined && all.some(({ secret }) => secret !== undefined);
  if (isSuspect) return hidden(value.length);
  const secrets = all.filter(({ secret }) => secret !== undefined);
  if (secrets.length === 0) {
    return mayHoldCardNumbers(dialect, message, field) ? maskCardNumbers(value) : value;
  }
  const unit = dialect.fields[field]?.class === 'b' ? 2 : 1;
  let masked = value;
  for (const { at, value: part, class: partClass } of secrets) {
    const size = (partClass === 'b' ? part.length / 2 : part.length) * unit;
    masked = masked.slice(0, at * unit) + '*'.repeat(size) + masked.slice(at * unit + size);
  }
  return masked;
}

function maskTrack(value: string): string {
  const at = value.search(/[D=]/);
  if (at < 0) return `(${value.length} digits, hidden)`;
  return `${maskPan(value.slice(0, at))}${value[at]!}…(hidden)`;
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

function maskTlv(hex: string, depth = 0): string {
  if (depth > MOST_DEPTH) return hidden(hex.length / 2);
  try {
    return encodeTlv(decodeTlv(hex).map((item) => maskTag(item, depth)));
  } catch (error) {
    if (!(error instanceof CountersignError)) throw error;
    return hidden(hex.length / 2);
  }
}

const MOST_DEPTH = 12;

function maskTag(item: TlvItem, depth: number): TlvItem {
  const { tag, value } = item;
  const zeros = '00'.repeat(value.length / 2);
  if (isSecretTag(tag)) return { ...item, value: zeros };
  if (!isTemplate(tag, PRIMITIVE_TAGS)) return item;
  const inside = maskTlv(value, depth + 1);
  return { ...item, value: inside.length === value.length ? inside : zeros };
}

/** ASCII payloads with every number of 12 digits and more masked: payment codes are as good as cards. */
function maskText(hex: string): string {
  const bytes = fromHex(hex);
  const isText = bytes.every((byte) => byte >= 0x20 && byte < 0x7f);
  return isText ? maskCodes(asciiText(bytes)) : hidden(bytes.length);
}

function maskCodes(text: string): string {
  // Tag and three-digit length of the TLV stand before the number and may be seen.
  return text.replaceAll(
    /(A\d\d{3})?(\d(?:[ -]?\d){11,})/g,
    (_whole, prefix: string | undefined, digits: string) =>
      (prefix ?? '') + maskPan(digits.replaceAll(/\D/g, '')),
  );
}

/** Field 62 is keys, a signature, or harmless text, by message; the other private fields stay hidden. */
function maskPayload(dialect: Dialect, message: Message, field: number, value: string): string {
  if (dialect.fields[field]?.class !== 'b') return hidden(value.length);
  const isSignInRequest =
    message.mti === '0800' &&
    ['001', '003', '004', '006'].includes(readPath(dialect, message, '60.3') ?? '');
  const isChipUpload = message.mti === '0320';
  if (field === 62 && (isSignInRequest || isChipUpload)) {
    const bytes = fromHex(value);
    if (bytes.every((byte) => byte >= 0x20 && byte < 0x7f)) return maskCodes(asciiText(bytes));
  }
  return hidden(value.length / 2);
}

/** All fields of a message, masked. */
export function maskMessage(dialect: Dialect, message: Message): { [field: number]: string } {
  const masked: { [field: number]: string } = {};
  for (const key of Object.keys(message.fields)) {
    masked[Number(key)] = maskField(dialect, message, Number(key));
  }
  return masked;
}
