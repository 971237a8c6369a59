import type { FieldClass, FieldSpec } from '../protocol/dialect/dialect.ts';
import { locateFields, type FieldPlace } from '../protocol/message/decode-message.ts';
import type { Message } from '../protocol/message/message.ts';
import { ISO_8583_NPM } from './iso-8583-library.ts';

/** Why a changed byte can still stand in a message. */
export type ChangeKind =
  | 'message type: digit for digit'
  | 'bitmap: other fields that still fit'
  | 'length: a length that still fits'
  | 'n: digit for digit'
  | 'an: letter or digit for one'
  | 'anp: letter, digit or blank for one'
  | 'ans: printable for printable'
  | 'z: track character for one'
  | 'b: any byte for any byte'
  | 'nothing: the byte that stood there';

export interface Explanation {
  /** One change of each kind that occurs. */
  readonly changes: readonly { readonly kind: ChangeKind; readonly example: string }[];
  /** Values that are none of their field; there must be none. */
  readonly faults: readonly string[];
}

/** Written apart from the code pages of the product, which are what is being judged. */
const OF_CLASS: Partial<Readonly<Record<FieldClass, RegExp>>> = {
  n: /^[0-9]*$/,
  an: /^[0-9A-Za-z]*$/,
  anp: /^[0-9A-Za-z ]*$/,
  ans: /^[ -~]*$/,
  z: /^[0-9D=]*$/,
  b: /^(?:[0-9A-F]{2})*$/,
};

const KINDS: Partial<Readonly<Record<FieldClass, ChangeKind>>> = {
  n: 'n: digit for digit',
  an: 'an: letter or digit for one',
  anp: 'anp: letter, digit or blank for one',
  ans: 'ans: printable for printable',
  z: 'z: track character for one',
  b: 'b: any byte for any byte',
};

/** Which of the changed bytes of an accepted message lie where, and whether all values are right. */
export function explainAcceptance(
  original: Uint8Array,
  bytes: Uint8Array,
  message: Message,
): Explanation {
  const places = locateFields(ISO_8583_NPM, bytes);
  const changes = new Map<ChangeKind, string>();
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] === original[at]) continue;
    const { kind, where, isSecret } = explainByte(places, at);
    const shown = isSecret ? '' : `: ${byteText(original[at]!)} → ${byteText(bytes[at]!)}`;
    if (!changes.has(kind)) changes.set(kind, `byte ${at}, ${where}${shown}`);
  }
  if (changes.size === 0) changes.set('nothing: the byte that stood there', 'all three bytes');
  return {
    changes: [...changes].map(([kind, example]) => ({ kind, example })),
    faults: faultsOf(message),
  };
}

const MTI_BYTES = 4;

function explainByte(
  places: readonly FieldPlace[],
  at: number,
): { kind: ChangeKind; where: string; isSecret: boolean } {
  if (at < MTI_BYTES) {
    return { kind: 'message type: digit for digit', where: 'message type', isSecret: false };
  }
  const place = places.find(({ offset, lengthBytes }) => at >= offset && at < offset + lengthBytes);
  if (place === undefined) {
    const kind = 'bitmap: other fields that still fit';
    return { kind, where: 'bitmap', isSecret: false };
  }
  const { field, valueOffset } = place;
  const spec = ISO_8583_NPM.fields[field]!;
  if (at < valueOffset) {
    const kind = 'length: a length that still fits';
    return { kind, where: `length of field ${field}`, isSecret: false };
  }
  const kind = KINDS[spec.class];
  if (kind === undefined) throw new Error(`class ${spec.class} of field ${field} has no kind`);
  return { kind, where: `field ${field}`, isSecret: spec.secret !== undefined };
}

function byteText(byte: number): string {
  return byte > 0x20 && byte < 0x7f
    ? `"${String.fromCharCode(byte)}"`
    : byte.toString(16).toUpperCase().padStart(2, '0');
}

/** What a strict reader would not accept, judged by the dialect alone. */
function faultsOf({ mti, fields }: Message): string[] {
  const faults = /^\d{4}$/.test(mti) ? [] : ['the message type is not four digits'];
  for (const [key, value] of Object.entries(fields)) {
    const spec = ISO_8583_NPM.fields[Number(key)];
    if (spec === undefined) faults.push(`field ${key} is not defined`);
    else if (!isOfField(spec, value)) faults.push(`the value of field ${key} is none of its class`);
  }
  return faults;
}

function isOfField(spec: FieldSpec, value: string): boolean {
  const size = spec.class === 'b' ? value.length / 2 : value.length;
  const { min = 0, max } =
    typeof spec.length === 'number' ? { min: spec.length, max: spec.length } : spec.length;
  return size >= min && size <= max && OF_CLASS[spec.class]?.test(value) !== false;
}
