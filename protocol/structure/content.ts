import { asciiBytes } from '../bytes/ascii.ts';
import { isDigits } from '../bytes/digits.ts';
import { decodeGbk, encodeGbk } from '../bytes/gbk.ts';
import { fromHex, toHex } from '../bytes/hex.ts';
import type { FieldClass, FieldSpec } from '../dialect/dialect.ts';

/**
 * What a structure is read from: the characters of a text field, or the bytes of a binary or GBK
 * one. Positions and sizes count its characters or bytes.
 */
export type Content = string | Uint8Array;

/** The content of a field value; a value that is no hex is taken as it stands. */
export function contentOf(spec: FieldSpec, encoding: string | undefined, value: string): Content {
  if (spec.class === 'b') return isHexText(value) ? fromHex(value) : asciiBytes(value);
  if (encoding === 'gbk') return encodeGbk(value) ?? asciiBytes(value);
  return value;
}

export function isHexText(value: string): boolean {
  return value.length % 2 === 0 && /^[0-9A-F]*$/.test(value);
}

/**
 * Bytes or characters of a content that a text stands for: two hex digits, an escape `\\xHH`, a
 * Chinese character of two bytes.
 */
export function contentSize(text: string, fieldClass: FieldClass): number {
  if (fieldClass === 'b') return text.length / 2;
  if (!/[^\x20-\x5B\x5D-\x7E]/.test(text)) return text.length;
  return encodeGbk(text)?.length ?? text.length;
}

export function slice(content: Content, from: number, to: number): Content {
  return typeof content === 'string' ? content.slice(from, to) : content.subarray(from, to);
}

export function join(pieces: readonly Content[]): Content {
  if (pieces.every((piece) => typeof piece === 'string')) return pieces.join('');
  const bytes: number[] = [];
  for (const piece of pieces)
    bytes.push(...(typeof piece === 'string' ? asciiBytes(piece) : piece));
  return Uint8Array.from(bytes);
}

/** A piece of content as text: bytes of class b as hex, others as the text that they are. */
export function textOf(content: Content, fieldClass: FieldClass): string {
  if (typeof content === 'string') return content;
  return fieldClass === 'b' ? toHex(content) : decodeGbk(content);
}

/** The reverse of {@link textOf}: undefined when the text cannot stand in such content. */
export function contentFrom(
  text: string,
  fieldClass: FieldClass,
  isText: boolean,
): Content | undefined {
  if (isText) return text;
  if (fieldClass !== 'b') return encodeGbk(text);
  return isHexText(text) ? fromHex(text) : undefined;
}

const PATTERNS: Readonly<Record<Exclude<FieldClass, 'ans' | 'b' | 'n'>, RegExp>> = {
  a: /^[A-Za-z]*$/,
  an: /^[0-9A-Za-z]*$/,
  anp: /^[0-9A-Za-z ]*$/,
  z: /^[0-9D=]*$/,
  'x+n': /^([CD]\d*)?$/,
};

/** Whether a text is of a class; bytes and free text always are. */
export function isOfClass(text: string, fieldClass: FieldClass): boolean {
  if (fieldClass === 'n') return isDigits(text);
  return fieldClass === 'ans' || fieldClass === 'b' || PATTERNS[fieldClass].test(text);
}
