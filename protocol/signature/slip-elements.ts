import { asciiBytes, asciiText } from '../bytes/ascii.ts';
import { decodeGbk, encodeGbk } from '../bytes/gbk.ts';
import { fromHex, toHex } from '../bytes/hex.ts';
import { CountersignError } from '../errors/countersign-error.ts';
import { decodeTlv, encodeTlv, type TlvItem } from '../structure/ber-tlv.ts';

/** How an element is written: Chinese text, plain text, digits two a byte, bytes. */
type Form = 'gbk' | 'text' | 'digits' | 'bytes';

interface ElementSpec {
  readonly tag: string;
  readonly form: Form;
  /** Bytes at most, and at least where it is fixed. */
  readonly mostBytes: number;
  readonly isFixed?: boolean;
}

/** What stands on a slip, in field 55 of the signature's upload (spec 7.2), in the order of its tags. */
const ELEMENTS = {
  merchantName: { tag: 'FF00', form: 'gbk', mostBytes: 40 },
  typeName: { tag: 'FF01', form: 'gbk', mostBytes: 25 },
  operator: { tag: 'FF02', form: 'digits', mostBytes: 1, isFixed: true },
  acquirer: { tag: 'FF03', form: 'text', mostBytes: 11, isFixed: true },
  issuer: { tag: 'FF04', form: 'text', mostBytes: 11, isFixed: true },
  expiry: { tag: 'FF05', form: 'digits', mostBytes: 2, isFixed: true },
  dateTime: { tag: 'FF06', form: 'digits', mostBytes: 7, isFixed: true },
  authCode: { tag: 'FF07', form: 'text', mostBytes: 6, isFixed: true },
  tip: { tag: 'FF08', form: 'digits', mostBytes: 6, isFixed: true },
  organisation: { tag: 'FF09', form: 'text', mostBytes: 3, isFixed: true },
  currency: { tag: 'FF0A', form: 'text', mostBytes: 3, isFixed: true },
  phone: { tag: 'FF0B', form: 'digits', mostBytes: 6, isFixed: true },
  oldLabel: { tag: 'FF20', form: 'text', mostBytes: 16 },
  oldPreferredName: { tag: 'FF21', form: 'text', mostBytes: 16 },
  aid: { tag: 'FF22', form: 'bytes', mostBytes: 16 },
  cryptogram: { tag: 'FF23', form: 'bytes', mostBytes: 8, isFixed: true },
  chipBalance: { tag: 'FF24', form: 'digits', mostBytes: 6, isFixed: true },
  toCard: { tag: 'FF25', form: 'digits', mostBytes: 10 },
  unpredictable: { tag: 'FF26', form: 'bytes', mostBytes: 4, isFixed: true },
  aip: { tag: 'FF27', form: 'bytes', mostBytes: 2, isFixed: true },
  tvr: { tag: 'FF28', form: 'bytes', mostBytes: 5, isFixed: true },
  tsi: { tag: 'FF29', form: 'bytes', mostBytes: 2, isFixed: true },
  atc: { tag: 'FF2A', form: 'bytes', mostBytes: 2, isFixed: true },
  issuerData: { tag: 'FF2B', form: 'bytes', mostBytes: 32 },
  label: { tag: 'FF30', form: 'text', mostBytes: 16 },
  preferredName: { tag: 'FF31', form: 'text', mostBytes: 16 },
  remark: { tag: 'FF40', form: 'text', mostBytes: 60 },
  // What is in these no source says.
  instalment1: { tag: 'FF41', form: 'bytes', mostBytes: 60 },
  instalment2: { tag: 'FF42', form: 'bytes', mostBytes: 60 },
  instalment3: { tag: 'FF43', form: 'bytes', mostBytes: 60 },
  instalment4: { tag: 'FF44', form: 'bytes', mostBytes: 60 },
  points1: { tag: 'FF45', form: 'bytes', mostBytes: 60 },
  points2: { tag: 'FF46', form: 'bytes', mostBytes: 60 },
  points3: { tag: 'FF47', form: 'bytes', mostBytes: 60 },
  points4: { tag: 'FF48', form: 'bytes', mostBytes: 60 },
  partialAmount: { tag: 'FF49', form: 'digits', mostBytes: 6, isFixed: true },
  balance: { tag: 'FF4A', form: 'digits', mostBytes: 6, isFixed: true },
  maskedPhone: { tag: 'FF4B', form: 'text', mostBytes: 11, isFixed: true },
  private: { tag: 'FF57', form: 'bytes', mostBytes: 127 },
  originalStan: { tag: 'FF60', form: 'digits', mostBytes: 3, isFixed: true },
  originalBatch: { tag: 'FF61', form: 'digits', mostBytes: 3, isFixed: true },
  originalRrn: { tag: 'FF62', form: 'digits', mostBytes: 6, isFixed: true },
  originalDate: { tag: 'FF63', form: 'digits', mostBytes: 2, isFixed: true },
  originalAuthCode: { tag: 'FF64', form: 'text', mostBytes: 6, isFixed: true },
  originalTid: { tag: 'FF65', form: 'text', mostBytes: 8, isFixed: true },
  printedSlips: { tag: 'FF70', form: 'digits', mostBytes: 1, isFixed: true },
  reserved1: { tag: 'FF71', form: 'bytes', mostBytes: 127 },
  reserved2: { tag: 'FF72', form: 'bytes', mostBytes: 127 },
  reserved3: { tag: 'FF73', form: 'bytes', mostBytes: 127 },
} as const satisfies Readonly<Record<string, ElementSpec>>;

export type SlipElement = keyof typeof ELEMENTS;

/** Elements as text: digits without pad, bytes as hex. */
export type SlipElements = Readonly<Partial<Record<SlipElement, string>>>;

export const SLIP_ELEMENTS = Object.keys(ELEMENTS) as readonly SlipElement[];

const MUST_BE_THERE: readonly SlipElement[] = [
  'merchantName',
  'typeName',
  'operator',
  'dateTime',
  'printedSlips',
];

/** What field 55 holds at most. */
const MOST_BYTES = 255;

/** Left out, in this order, where all together are too long. */
const DISPENSABLE: readonly SlipElement[] = [
  'remark',
  'issuerData',
  'label',
  'unpredictable',
  'aip',
];

/**
 * Field 55 of the upload of a signature.
 * @throws E_FIELD_VALUE with the tag, for a value that is missing or does not fit
 */
export function encodeSlip(elements: SlipElements): string {
  const items = SLIP_ELEMENTS.flatMap((name) => {
    const value = elements[name];
    if (value === undefined) {
      if (MUST_BE_THERE.includes(name)) throw wrong(name, 'it is missing');
      return [];
    }
    return [{ name, tag: ELEMENTS[name].tag as string, value: encoded(name, value) }];
  });
  let kept = items;
  for (const name of DISPENSABLE) {
    if (encodeTlv(kept).length <= MOST_BYTES * 2) break;
    kept = kept.filter((item) => item.name !== name);
  }
  const hex = encodeTlv(kept.map(({ tag, value }) => ({ tag, value })));
  if (hex.length <= MOST_BYTES * 2) return hex;
  const text = `slip elements of ${hex.length / 2} bytes where ${MOST_BYTES} are the most`;
  throw new CountersignError('E_FIELD_VALUE', { path: '55', text });
}

function encoded(name: SlipElement, value: string): string {
  const { form, mostBytes, ...rest }: ElementSpec = ELEMENTS[name];
  const bytes = bytesOf(name, form, value);
  if (bytes.length > mostBytes || (rest.isFixed === true && bytes.length !== mostBytes)) {
    const due = rest.isFixed === true ? `${mostBytes}` : `${mostBytes} at most`;
    throw wrong(name, `${bytes.length} bytes where ${due} are due`);
  }
  return toHex(bytes);
}

function bytesOf(name: SlipElement, form: Form, value: string): Uint8Array {
  switch (form) {
    case 'gbk': {
      const bytes = encodeGbk(value);
      if (bytes === undefined) throw wrong(name, 'a character has no GBK form');
      return bytes;
    }
    case 'text':
      if (!/^[\x20-\x7e]*$/.test(value)) throw wrong(name, 'plain characters are due');
      return asciiBytes(value);
    case 'digits':
      if (!/^(\d\d)*$/.test(value)) throw wrong(name, 'an even number of digits is due');
      return fromHex(value);
    case 'bytes':
      if (!/^([0-9A-F]{2})*$/.test(value)) throw wrong(name, 'upper-case hex is due');
      return fromHex(value);
  }
}

/** Slip elements out of field 55, and the tags that none of them has. */
export interface DecodedSlip {
  readonly elements: SlipElements;
  readonly others: readonly TlvItem[];
}

/**
 * Reads field 55 of an upload.
 * @throws what the TLV is refused for; E_BAD_CHARSET, E_FIELD_LENGTH, E_BAD_DIGIT, E_FIELD_MISSING
 *   with the tag
 */
export function decodeSlip(hex: string): DecodedSlip {
  const elements: Partial<Record<SlipElement, string>> = {};
  const others: TlvItem[] = [];
  for (const item of decodeTlv(hex)) {
    const name = SLIP_ELEMENTS.find((each) => ELEMENTS[each].tag === item.tag);
    if (name === undefined || elements[name] !== undefined) others.push(item);
    else elements[name] = decoded(name, item.value);
  }
  const lacking = MUST_BE_THERE.find((name) => elements[name] === undefined);
  if (lacking !== undefined) {
    const text = `a slip has its ${ELEMENTS[lacking].tag}`;
    throw new CountersignError('E_FIELD_MISSING', { path: pathOf(lacking), text });
  }
  return { elements, others };
}

function decoded(name: SlipElement, hex: string): string {
  const { form, mostBytes, isFixed }: ElementSpec = ELEMENTS[name];
  const bytes = fromHex(hex);
  if (bytes.length > mostBytes || (isFixed === true && bytes.length !== mostBytes)) {
    const text = `${bytes.length} bytes where ${mostBytes} are ${isFixed === true ? 'due' : 'the most'}`;
    throw new CountersignError('E_FIELD_LENGTH', { path: pathOf(name), text });
  }
  if (form === 'bytes') return hex;
  if (form === 'digits') {
    if (/^\d*$/.test(hex)) return hex;
    throw new CountersignError('E_BAD_DIGIT', { path: pathOf(name) });
  }
  const text = form === 'gbk' ? decodeGbk(bytes, 0, bytes.length) : asciiText(bytes);
  // What is no character is written as \xHH: no slip shows that.
  const isReadable = form === 'gbk' ? !/\\x[0-9A-F]{2}/.test(text) : /^[\x20-\x7e]*$/.test(text);
  if (isReadable) return text;
  throw new CountersignError('E_BAD_CHARSET', { path: pathOf(name) });
}

function pathOf(name: SlipElement): string {
  return `55.${ELEMENTS[name].tag}`;
}

function wrong(name: SlipElement, text: string): CountersignError {
  return new CountersignError('E_FIELD_VALUE', { path: pathOf(name), text });
}
