import { codecOfFields, type Codec } from '../codec/codec.ts';
import { describeRefusal } from '../codec/describe-refusal.ts';
import { fieldText } from '../codec/field-text.ts';
import { indexFields } from '../codec/index-message.ts';
import { MessageIndex } from '../codec/message-index.ts';
import { writeField, type Output } from '../codec/write-field.ts';
import { asciiBytes } from '../bytes/ascii.ts';
import { CODE_PAGES } from '../bytes/code-page.ts';
import { fromHex, hexValue, toHex } from '../bytes/hex.ts';
import { contentOf } from './content.ts';
import type { SubMessageSpec } from '../dialect/structure-spec.ts';
import { encodingOf } from '../codec/compile-field.ts';
import type { Level, LevelItem } from './level.ts';

/** Fields with forms of their own: those of a bitmap, or all in their order, the last may lack. */
export function readSubMessage(spec: SubMessageSpec, bytes: Uint8Array): Level {
  const codec = codecOfFields(spec.fields);
  const index = new MessageIndex(codec);
  index.bytes = bytes;
  index.end = bytes.length;
  const from = spec.bitmap === undefined ? 0 : readBitmap(spec.bitmap, bytes, index);
  if (from < 0) {
    const text = `its bitmap has ${spec.bitmap?.bytes ?? 0} bytes, as ${spec.bitmap?.encoding ?? ''}`;
    return { items: [], problem: { code: 'E_BAD_BITMAP', keys: ['bitmap'], at: 0, text } };
  }
  if (spec.bitmap === undefined) {
    for (const field of codec.defined) index.numbers[index.count++] = field;
  }
  const isSound = indexFields(index, from);
  const items = itemsOf(codec, index);
  const isShort =
    spec.bitmap === undefined && index.code === 'E_BIT_WITHOUT_DATA' && index.count > 0;
  if (isSound || isShort) return { items };
  const { code, path = '', offset = 0, message } = describeRefusal(index);
  return {
    items,
    problem: { code, keys: path === '' ? [] : [path], at: offset, text: message },
  };
}

function readBitmap(
  bitmap: NonNullable<SubMessageSpec['bitmap']>,
  bytes: Uint8Array,
  index: MessageIndex,
): number {
  const size = bitmap.encoding === 'binary' ? bitmap.bytes : bitmap.bytes * 2;
  if (bytes.length < size) return -1;
  for (let each = 0; each < bitmap.bytes; each++) {
    const byte =
      bitmap.encoding === 'binary' ? bytes[each]! : hexByte(bitmap.encoding, bytes, each * 2);
    if (byte < 0) return -1;
    for (let bit = 0; bit < 8; bit++) {
      if ((byte & (0x80 >> bit)) !== 0) index.numbers[index.count++] = each * 8 + bit + 1;
    }
  }
  return size;
}

function hexByte(encoding: 'hex' | 'ebcdic-hex', bytes: Uint8Array, at: number): number {
  const { toAscii } = CODE_PAGES[encoding === 'hex' ? 0 : 1]!;
  const codes = [toAscii[bytes[at]!]!, toAscii[bytes[at + 1]!]!];
  if (codes.some((code) => !/[0-9A-F]/.test(String.fromCharCode(code)))) return -1;
  return hexValue(codes[0]!) * 16 + hexValue(codes[1]!);
}

function itemsOf(codec: Codec, index: MessageIndex): LevelItem[] {
  const items: LevelItem[] = [];
  for (let each = 0; each < index.count; each++) {
    const field = index.numbers[each]!;
    const known = codec.fields[field]!;
    const value = fieldText(index, field);
    items.push({
      key: String(field),
      name: known.name,
      zh: known.zh,
      content: contentOf(known, encodingOf(known, {}), value),
      at: index.offsets[field]!,
      class: known.class,
      ...(known.secret === undefined ? {} : { secret: known.secret }),
      ...(known.structure === undefined ? {} : { structure: known.structure }),
    });
  }
  return items;
}

/** The bytes of a sub-message from the texts of its fields. @throws E_FIELD_VALUE and its like */
export function writeSubMessage(
  spec: SubMessageSpec,
  fields: ReadonlyMap<number, string>,
  parentPath: string,
): Uint8Array {
  const codec = codecOfFields(spec.fields);
  const output: Output = { bytes: new Uint8Array(256) };
  const bits = new Uint8Array(spec.bitmap?.bytes ?? 0);
  let at = 0;
  for (const [field, value] of [...fields].sort(([one], [other]) => one - other)) {
    at = writeField(codec, output, at, field, value, `${parentPath}.`);
    if (bits.length > 0) bits[(field - 1) >> 3]! |= 0x80 >> ((field - 1) & 7);
  }
  const head = bitmapBytes(spec, bits);
  const whole = new Uint8Array(head.length + at);
  whole.set(head);
  whole.set(output.bytes.subarray(0, at), head.length);
  return whole;
}

function bitmapBytes(spec: SubMessageSpec, bits: Uint8Array): Uint8Array {
  switch (spec.bitmap?.encoding) {
    case undefined:
      return fromHex('');
    case 'binary':
      return bits;
    case 'hex':
      return asciiBytes(toHex(bits));
    case 'ebcdic-hex':
      return asciiBytes(toHex(bits)).map((code) => CODE_PAGES[1]!.fromAscii[code]!);
  }
}
