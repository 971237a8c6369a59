import { asciiText } from '../bytes/ascii.ts';
import { maskCardNumbers, maskPan } from '../bytes/card-number.ts';
import { fromHex } from '../bytes/hex.ts';
import type { Dialect, Secret } from '../dialect/dialect.ts';
import { CountersignError } from '../errors/countersign-error.ts';
import { decodeTlv, encodeTlv, isTemplate, type TlvItem } from '../structure/ber-tlv.ts';
import { contentSize, slice, textOf } from '../structure/content.ts';
import { fieldContent, meaningOf, readField, readPath } from '../structure/field-structure.ts';
import { flatItems, type StructureItem } from '../structure/read-structure.ts';
import type { Message } from './message.ts';
import { secretOf, secretSpans } from './secret-spans.ts';

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

/** Whether a tag of field 55 must not be seen. */
export function isSecretTag(tag: string): boolean {
  return SECRET_TAGS.has(tag);
}

function hidden(lengthBytes: number): string {
  return `(${lengthBytes} bytes, hidden)`;
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
      return withoutSpans(dialect, message, field, value);
    case 'pan':
      return maskPan(value);
    case 'track':
      return isTrackEncrypted(dialect, message)
        ? `(encrypted track of ${value.length} digits, hidden)`
        : maskTrack(value);
    case 'pin':
      return hidden(isBytes ? value.length / 2 : value.length);
    case 'details':
      return maskDetails(value, message.mti);
    case 'emv':
      return isBytes ? maskTlv(value, tlvSecretsOf(dialect, message, field)) : hidden(value.length);
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
  const lengthBytes = contentSize(value, item.class);
  const tag = item.path.slice(item.path.lastIndexOf('.') + 1);
  if (item.items.length > 0) return '';
  if (fieldSecret === 'emv' && isSecretTag(tag)) return hidden(lengthBytes);
  switch (item.secret) {
    case 'pan':
      return item.class === 'b' ? hidden(lengthBytes) : maskPan(value.replace(/^0+/, ''));
    case 'code':
      return item.class === 'b' ? maskText(value) : maskCodes(value);
    case undefined:
      // Bytes of a private payload may be anything: keys, a signature.
      if (fieldSecret === 'payload' && item.class === 'b') return hidden(lengthBytes);
      if (fieldSecret === 'track' || fieldSecret === 'pin') return hidden(lengthBytes);
      return item.class === 'b' || item.class === 'n' ? value : maskCardNumbers(value);
    default:
      return hidden(lengthBytes);
  }
}

/** A value with what is secret in it starred, character by character. */
function withoutSpans(dialect: Dialect, message: Message, field: number, value: string): string {
  const spec = dialect.fields[field];
  const spans = secretSpans(dialect, message, field);
  if (spans === 'all') return hidden(contentSize(value, spec?.class ?? 'ans'));
  if (spans.length === 0 || spec === undefined) return value;
  const content = fieldContent(dialect, spec, value);
  let text = '';
  let at = 0;
  for (const span of spans) {
    text += textOf(slice(content, at, span.at), spec.class);
    const secret = textOf(slice(content, span.at, span.at + span.size), spec.class);
    const isNumber = span.secret === 'pan' && spec.class !== 'b';
    text += isNumber ? maskPan(secret) : '*'.repeat(secret.length);
    at = span.at + span.size;
  }
  return text + textOf(slice(content, at, content.length), spec.class);
}

/** What of BER-TLV must not be seen, and which tags hold no tags whatever their bits say. */
export interface TlvSecrets {
  readonly isSecret: (tag: string) => boolean;
  readonly primitive: readonly string[];
}

/** Tags that the dialect calls secret in this message, besides those of every dialect. */
export function tlvSecretsOf(dialect: Dialect, message: Message, field: number): TlvSecrets {
  const { structure } = meaningOf(dialect, message, field);
  const { tags = {}, primitive = [] } = structure?.kind === 'ber-tlv' ? structure : {};
  return {
    isSecret: (tag) =>
      isSecretTag(tag) || (Object.hasOwn(tags, tag) && tags[tag]?.secret !== undefined),
    primitive,
  };
}

/** An encrypted block may lie over the card number: nothing of such a track is shown. */
function isTrackEncrypted({ encryptedTrack: flag }: Dialect, message: Message): boolean {
  return flag !== undefined && message.fields[flag.field]?.[flag.digit - 1] === flag.value;
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

function maskTlv(hex: string, secrets: TlvSecrets, depth = 0): string {
  if (depth > MOST_DEPTH) return hidden(hex.length / 2);
  try {
    return encodeTlv(decodeTlv(hex).map((item) => maskTag(item, secrets, depth)));
  } catch (error) {
    if (!(error instanceof CountersignError)) throw error;
    return hidden(hex.length / 2);
  }
}

const MOST_DEPTH = 12;

function maskTag(item: TlvItem, secrets: TlvSecrets, depth: number): TlvItem {
  const { tag, value } = item;
  const zeros = '00'.repeat(value.length / 2);
  if (secrets.isSecret(tag)) return { ...item, value: zeros };
  if (!isTemplate(tag, secrets.primitive)) return item;
  const inside = maskTlv(value, secrets, depth + 1);
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
