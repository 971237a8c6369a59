import { CountersignError } from '../errors/countersign-error.ts';
import type { Dialect, FieldSpec } from '../dialect/dialect.ts';
import type { Message } from './message.ts';
import { fromHex } from '../bytes/hex.ts';
import { asciiBytes } from '../bytes/ascii.ts';
import { encodeGbk } from '../bytes/gbk.ts';

const CLASS_PATTERN = {
  n: /^\d*$/,
  // an encrypted track holds any nibble
  z: /^[0-9A-F]*$/,
  an: /^[0-9A-Za-z]*$/,
  ans: /^[\x20-\x7E]*$/,
  b: /^([0-9A-F]{2})*$/,
} as const;

/**
 * Bytes of a message: message type, bitmap, fields in ascending order.
 * @throws E_FIELD_VALUE, E_UNDEFINED_FIELD, E_LENGTH_OVER_MAX or E_LENGTH_UNDER_MIN with the field
 */
export function encodeMessage(dialect: Dialect, message: Message): Uint8Array {
  if (!/^\d{4}$/.test(message.mti)) {
    throw new CountersignError('E_BAD_MTI', { path: 'MTI', text: message.mti });
  }
  const bitmap = new Uint8Array(8);
  const pieces: Uint8Array[] = [fromHex(message.mti), bitmap];
  for (const [key, value] of Object.entries(message.fields)) {
    const field = Number(key);
    const spec = dialect.fields[field];
    if (spec === undefined) throw new CountersignError('E_UNDEFINED_FIELD', { path: key });
    bitmap[(field - 1) >> 3]! |= 0x80 >> ((field - 1) & 7);
    pieces.push(encodeField(key, spec, value));
  }
  return concatBytes(pieces);
}

export function concatBytes(pieces: readonly Uint8Array[]): Uint8Array {
  let total = 0;
  for (const piece of pieces) total += piece.length;
  const bytes = new Uint8Array(total);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

function encodeField(path: string, spec: FieldSpec, value: string): Uint8Array {
  if (spec.encoding !== 'gbk' && !CLASS_PATTERN[spec.class].test(value)) {
    throw new CountersignError('E_FIELD_VALUE', { path, text: `not of class ${spec.class}` });
  }
  const body = encodeValue(path, spec, value);
  const size = spec.encoding === 'bcd' ? value.length : body.length;
  const { length } = spec;
  if (length.kind === 'fixed') {
    if (size === length.size) return body;
    const text = `length ${size} where ${length.size} is due`;
    throw new CountersignError('E_FIELD_VALUE', { path, text });
  }
  if (size > length.max) {
    const text = `${size} where ${length.max} is the most`;
    throw new CountersignError('E_LENGTH_OVER_MAX', { path, text });
  }
  if (size < length.min) {
    const text = `${size} where ${length.min} is the least`;
    throw new CountersignError('E_LENGTH_UNDER_MIN', { path, text });
  }
  return concatBytes([fromHex(String(size).padStart(length.prefixBytes * 2, '0')), body]);
}

function encodeValue(path: string, spec: FieldSpec, value: string): Uint8Array {
  switch (spec.encoding) {
    case 'bcd': {
      if (value.length % 2 === 0) return fromHex(value);
      return fromHex(spec.justify === 'right' ? `0${value}` : `${value}0`);
    }
    case 'binary':
      return fromHex(value);
    case 'ascii':
      return asciiBytes(value);
    case 'gbk': {
      const bytes = encodeGbk(value);
      if (bytes !== undefined) return bytes;
      throw new CountersignError('E_FIELD_VALUE', { path, text: 'a character has no GBK form' });
    }
  }
}
