import { CountersignError } from '../errors/countersign-error.ts';
import type { Dialect, FieldSpec } from '../dialect/dialect.ts';
import { decodeTlv, encodeTlv, isTemplate, type TlvItem } from '../structure/ber-tlv.ts';
import { contentSize, slice, textOf, type Content } from '../structure/content.ts';
import { fieldContent, meaningOf } from '../structure/field-structure.ts';
import { tlvSecretsOf, type TlvSecrets } from './mask.ts';
import type { Message } from './message.ts';
import { secretOf, secretSpans, type SecretSpan } from './secret-spans.ts';

/**
 * A message of the same form without anything secret, to be handed on: card numbers keep six and
 * four digits around zeros, tracks, PIN blocks, keys, EMV account data and signatures are zeros. It
 * can be encoded again; its MAC no longer fits.
 */
export function redactMessage(dialect: Dialect, message: Message): Message {
  const fields: { [field: number]: string } = {};
  for (const key of Object.keys(message.fields)) {
    fields[Number(key)] = redactField(dialect, message, Number(key));
  }
  return { mti: message.mti, fields };
}

function redactField(dialect: Dialect, message: Message, field: number): string {
  const value = message.fields[field] ?? '';
  const spec = dialect.fields[field];
  if (spec === undefined) return zeros(value);
  switch (secretOf(dialect, field)) {
    case 'pan':
      return zeroMiddle(value);
    case 'track': {
      const at = value.search(/[D=]/);
      if (at < 0) return zeros(value);
      return zeroMiddle(value.slice(0, at)) + value[at]! + zeros(value.slice(at + 1));
    }
    case 'pin':
      return zeros(value);
    case 'emv':
      return spec.class === 'b'
        ? redactTlv(value, tlvSecretsOf(dialect, message, field))
        : zeros(value);
    case 'details':
      if (value.length <= 12 && meaningOf(dialect, message, field).structure === undefined) {
        return value;
      }
      return redactSpans(dialect, message, field, spec);
    default:
      return redactSpans(dialect, message, field, spec);
  }
}

function redactSpans(dialect: Dialect, message: Message, field: number, spec: FieldSpec): string {
  const value = message.fields[field] ?? '';
  const content = fieldContent(dialect, spec, value);
  const spans = secretSpans(dialect, message, field);
  if (spans === 'all') return zerosOf(value, spec);
  let text = '';
  let at = 0;
  for (const span of spans) {
    text += textOf(slice(content, at, span.at), spec.class);
    text += redactSpan(content, span, spec);
    at = span.at + span.size;
  }
  return text + textOf(slice(content, at, content.length), spec.class);
}

function redactSpan(content: Content, span: SecretSpan, spec: FieldSpec): string {
  const secret = slice(content, span.at, span.at + span.size);
  if (spec.class === 'b') {
    // Digits of a payment code stay digits, bytes of a key become zero.
    const isText =
      typeof secret !== 'string' && secret.every((byte) => byte >= 0x20 && byte < 0x7f);
    return (isText && span.secret === 'code' ? '30' : '00').repeat(span.size);
  }
  if (span.secret !== 'pan') return '0'.repeat(span.size);
  const text = textOf(secret, spec.class);
  const digits = text.replace(/^0+/, '');
  return zeroMiddle(digits).padStart(text.length, '0');
}

/** A whole value of zeros; text of two bytes a character keeps its length in bytes. */
function zerosOf(value: string, spec: FieldSpec): string {
  if (spec.class === 'b') return zeros(value);
  return '0'.repeat(contentSize(value, spec.class));
}

/** Every character that means something becomes 0; blanks and separators stay. */
function zeros(value: string): string {
  return value.replaceAll(/[0-9A-Za-z]/g, '0').replaceAll(/[^\x20-\x7E]/g, '0');
}

function zeroMiddle(pan: string): string {
  if (pan.length < 13) return zeros(pan);
  return pan.slice(0, 6) + '0'.repeat(pan.length - 10) + pan.slice(-4);
}

function redactTlv(hex: string, secrets: TlvSecrets): string {
  const redact = (item: TlvItem): TlvItem => {
    if (secrets.isSecret(item.tag)) return { ...item, value: '00'.repeat(item.value.length / 2) };
    if (!isTemplate(item.tag, secrets.primitive)) return item;
    return { ...item, value: redactTlv(item.value, secrets) };
  };
  try {
    return encodeTlv(decodeTlv(hex).map(redact));
  } catch (error) {
    if (!(error instanceof CountersignError)) throw error;
    return '00'.repeat(hex.length / 2);
  }
}
