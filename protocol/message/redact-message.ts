import { cardNumbersIn } from '../bytes/card-number.ts';
import type { Dialect } from '../dialect/dialect.ts';
import { CountersignError } from '../errors/countersign-error.ts';
import { decodeTlv, encodeTlv, isTemplate, type TlvItem } from '../structure/ber-tlv.ts';
import { readField } from '../structure/field-structure.ts';
import { flatItems } from '../structure/read-structure.ts';
import { isSecretTag, mayHoldCardNumbers, PRIMITIVE_TAGS, secretOf } from './mask.ts';
import type { Message } from './message.ts';

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
  switch (secretOf(dialect, field)) {
    case undefined:
      return redactParts(
        dialect,
        message,
        field,
        mayHoldCardNumbers(dialect, message, field) ? zeroNumbers(value) : value,
      );
    case 'pan':
      return zeroMiddle(value);
    case 'track': {
      const at = value.search(/[D=]/);
      return at < 0
        ? zeros(value)
        : `${zeroMiddle(value.slice(0, at))}${value[at]!}${zeros(value.slice(at + 1))}`;
    }
    case 'emv':
      return spec?.class === 'b' ? redactTlv(value) : zeros(value);
    case 'details':
      return redactParts(dialect, message, field, value);
    default:
      return zeros(value);
  }
}

/** Every character that means something becomes 0; blanks and separators stay. */
function zeros(value: string): string {
  return value.replaceAll(/[0-9A-Za-z]/g, '0').replaceAll(/[^\x20-\x7E]/g, '0');
}

function zeroMiddle(pan: string): string {
  if (pan.length < 13) return zeros(pan);
  return pan.slice(0, 6) + '0'.repeat(pan.length - 10) + pan.slice(-4);
}

/** Numbers that may be of cards, wherever they stand. */
function zeroNumbers(value: string): string {
  let redacted = value;
  for (const { digits } of cardNumbersIn(value)) {
    redacted = redacted.replace(digits, zeroMiddle(digits));
  }
  return redacted;
}

/** Parts that the structure calls secret; a broken structure that knows secrets is zeros. */
function redactParts(dialect: Dialect, message: Message, field: number, value: string): string {
  const { items, problem } = readField(dialect, message, field);
  const secrets = flatItems(items).filter(({ secret }) => secret !== undefined);
  if (problem !== undefined && secrets.length > 0) return zeros(value);
  const unit = dialect.fields[field]?.class === 'b' ? 2 : 1;
  let redacted = value;
  for (const { at, value: part, class: partClass, secret } of secrets) {
    const size = (partClass === 'b' ? part.length / 2 : part.length) * unit;
    const old = redacted.slice(at * unit, at * unit + size);
    const digits = old.replace(/^0+/, '');
    const zeroed = secret === 'pan' ? zeroMiddle(digits).padStart(old.length, '0') : zeros(old);
    redacted = redacted.slice(0, at * unit) + zeroed + redacted.slice(at * unit + size);
  }
  return redacted;
}

function redactTlv(hex: string): string {
  try {
    return encodeTlv(decodeTlv(hex).map(redactTag));
  } catch (error) {
    if (!(error instanceof CountersignError)) throw error;
    return '00'.repeat(hex.length / 2);
  }
}

function redactTag(item: TlvItem): TlvItem {
  if (isSecretTag(item.tag)) return { ...item, value: '00'.repeat(item.value.length / 2) };
  if (!isTemplate(item.tag, PRIMITIVE_TAGS)) return item;
  return { ...item, value: redactTlv(item.value) };
}
