import { CountersignError } from '../errors/countersign-error.ts';
import type { Dialect, FieldSpec } from '../dialect/dialect.ts';
import type { FieldValues, Message } from './message.ts';
import { toHex } from '../bytes/hex.ts';
import { asciiText } from '../bytes/ascii.ts';
import { decodeGbk } from '../bytes/gbk.ts';

/** Where a field lies in the bytes: `offset` of its length prefix or first byte. */
export interface FieldPlace {
  readonly field: number;
  readonly offset: number;
  readonly lengthBytes: number;
}

export interface DecodeWarning {
  readonly leniency: string;
  readonly field: number;
  readonly offset: number;
}

export type DecodeResult =
  | {
      readonly ok: true;
      readonly message: Message;
      readonly places: readonly FieldPlace[];
      readonly warnings: readonly DecodeWarning[];
      /** Offset of the first byte that belongs to the message type. */
      readonly start: number;
      readonly end: number;
    }
  | {
      readonly ok: false;
      readonly error: CountersignError;
      /** What could be read before the damage; absent when not even the message type could. */
      readonly partial: Message | undefined;
    };

interface Cursor {
  readonly dialect: Dialect;
  readonly bytes: Uint8Array;
  readonly end: number;
  readonly warnings: DecodeWarning[];
  at: number;
}

/**
 * Decodes one message (message type, bitmap, fields) strictly: every byte must be accounted for.
 * Damage is a value, not an exception, because a host answers it.
 *
 * @param bytes any bytes that hold the message; offsets in errors count from their first byte
 * @param start offset of the message type
 */
export function decodeMessage(
  dialect: Dialect,
  bytes: Uint8Array,
  start = 0,
  end = bytes.length,
): DecodeResult {
  const cursor: Cursor = { dialect, bytes, end, warnings: [], at: start };
  const fields: FieldValues = {};
  const places: FieldPlace[] = [];
  let mti: string | undefined;
  try {
    mti = readMti(cursor);
    for (const field of readBitmap(cursor)) {
      const offset = cursor.at;
      fields[field] = readField(cursor, field);
      places.push({ field, offset, lengthBytes: cursor.at - offset });
    }
    if (cursor.at < end) {
      throw new CountersignError('E_TRAILING', {
        offset: cursor.at,
        text: `${end - cursor.at} left`,
      });
    }
    checkClearTracks(cursor, fields, places);
    const message = { mti, fields };
    return { ok: true, message, places, warnings: cursor.warnings, start, end };
  } catch (error) {
    if (!(error instanceof CountersignError)) throw error;
    return { ok: false, error, partial: mti === undefined ? undefined : { mti, fields } };
  }
}

function readMti(cursor: Cursor): string {
  need(cursor, 2, 'MTI');
  const mti = toHex(cursor.bytes, cursor.at, cursor.at + 2);
  if (!/^\d{4}$/.test(mti)) {
    throw new CountersignError('E_BAD_MTI', { path: 'MTI', offset: cursor.at, text: mti });
  }
  cursor.at += 2;
  return mti;
}

function readBitmap(cursor: Cursor): number[] {
  need(cursor, 8, 'bitmap');
  const { bytes, at } = cursor;
  if ((bytes[at]! & 0x80) !== 0) {
    throw new CountersignError('E_BAD_BITMAP', { path: '1', offset: at });
  }
  const present: number[] = [];
  for (let bit = 0; bit < 64; bit++) {
    if ((bytes[at + (bit >> 3)]! & (0x80 >> (bit & 7))) !== 0) present.push(bit + 1);
  }
  cursor.at += 8;
  return present;
}

function readField(cursor: Cursor, field: number): string {
  const spec = cursor.dialect.fields[field];
  if (spec === undefined) {
    throw new CountersignError('E_UNDEFINED_FIELD', { path: String(field), offset: cursor.at });
  }
  const size = spec.length.kind === 'fixed' ? spec.length.size : readLength(cursor, field, spec);
  if (spec.encoding === 'bcd') return readDigits(cursor, field, spec, size);
  need(cursor, size, String(field));
  const from = cursor.at;
  cursor.at += size;
  switch (spec.encoding) {
    case 'binary':
      return toHex(cursor.bytes, from, cursor.at);
    case 'gbk':
      return decodeGbk(cursor.bytes, from, cursor.at);
    case 'ascii':
      checkCharacters(cursor, field, spec, from);
      return asciiText(cursor.bytes, from, cursor.at);
  }
}

function readLength(cursor: Cursor, field: number, spec: FieldSpec): number {
  if (spec.length.kind !== 'variable') throw new CountersignError('E_INTERNAL');
  const { prefixBytes, min, max } = spec.length;
  const path = String(field);
  need(cursor, prefixBytes, path);
  const offset = cursor.at;
  let size = 0;
  for (let index = 0; index < prefixBytes; index++) {
    const byte = cursor.bytes[offset + index]!;
    if (byte >> 4 > 9 || (byte & 15) > 9) {
      const text = toHex(cursor.bytes, offset, offset + prefixBytes);
      throw new CountersignError('E_BAD_LENGTH', { path, offset: offset + index, text });
    }
    size = size * 100 + (byte >> 4) * 10 + (byte & 15);
  }
  if (size > max) {
    const text = `${size} where ${max} is the most`;
    throw new CountersignError('E_LENGTH_OVER_MAX', { path, offset, text });
  }
  if (size < min) {
    const text = `${size} where ${min} is the least`;
    throw new CountersignError('E_LENGTH_UNDER_MIN', { path, offset, text });
  }
  cursor.at += prefixBytes;
  return size;
}

/** `size` BCD digits; an odd number has one pad nibble, on the right unless the field says right. */
function readDigits(cursor: Cursor, field: number, spec: FieldSpec, size: number): string {
  const lengthBytes = (size + 1) >> 1;
  need(cursor, lengthBytes, String(field));
  const from = cursor.at;
  const path = String(field);
  let text = toHex(cursor.bytes, from, from + lengthBytes);
  if (size % 2 === 1) {
    const padLeft = spec.justify === 'right';
    const pad = padLeft ? text[0]! : text.at(-1)!;
    const offset = padLeft ? from : from + lengthBytes - 1;
    text = padLeft ? text.slice(1) : text.slice(0, -1);
    if (pad !== '0') {
      if (!cursor.dialect.leniencies.includes('pad-nibble')) {
        throw new CountersignError('E_BAD_PAD', { path, offset, text: `pad nibble ${pad}` });
      }
      cursor.warnings.push({ leniency: 'pad-nibble', field, offset });
    }
  }
  const wrong = spec.class === 'z' ? -1 : text.search(/\D/);
  if (wrong >= 0) {
    const nibble = wrong + (size % 2 === 1 && spec.justify === 'right' ? 1 : 0);
    throw badNibble(path, from + (nibble >> 1), text[wrong]!);
  }
  cursor.at += lengthBytes;
  return text;
}

function badNibble(path: string, offset: number, nibble: string): CountersignError {
  return new CountersignError('E_BAD_BCD', { path, offset, text: `nibble ${nibble}` });
}

/**
 * A track in clear holds digits and D only; an encrypted one holds any nibble. Which of the two it
 * is stands in a later field (spec 3.5, 4.6), so tracks are judged last.
 */
function checkClearTracks(
  cursor: Cursor,
  fields: FieldValues,
  places: readonly FieldPlace[],
): void {
  const { field: flagField, digit, value } = cursor.dialect.encryptedTrack;
  if (fields[flagField]?.[digit - 1] === value) return;
  for (const { field, offset } of places) {
    const spec = cursor.dialect.fields[field];
    if (spec?.class !== 'z' || spec.length.kind !== 'variable') continue;
    const wrong = fields[field]!.search(/[^0-9D]/);
    if (wrong < 0) continue;
    const at = offset + spec.length.prefixBytes + (wrong >> 1);
    throw badNibble(String(field), at, fields[field]![wrong]!);
  }
}

function checkCharacters(cursor: Cursor, field: number, spec: FieldSpec, from: number): void {
  for (let at = from; at < cursor.at; at++) {
    const byte = cursor.bytes[at]!;
    const printable = byte >= 0x20 && byte < 0x7f;
    if (printable && (spec.class === 'ans' || /[0-9A-Za-z]/.test(String.fromCharCode(byte)))) {
      continue;
    }
    throw new CountersignError('E_BAD_CLASS', {
      path: String(field),
      offset: at,
      text: `byte ${toHex(cursor.bytes, at, at + 1)} in a field of class ${spec.class}`,
    });
  }
}

function need(cursor: Cursor, lengthBytes: number, path: string): void {
  const left = cursor.end - cursor.at;
  if (left >= lengthBytes) return;
  throw new CountersignError('E_TRUNCATED', {
    path,
    offset: cursor.end,
    text: `${lengthBytes} bytes needed, ${left} left`,
  });
}
