import { UNIONPAY_POS } from '../protocol/dialects/unionpay-pos.ts';
import { decodeMessage, MessageReader } from '../protocol/message/decode-message.ts';
import { encodeMessage } from '../protocol/message/encode-message.ts';
import { ISO_8583_NPM, iso8583Fields, packIso8583, unpackIso8583 } from './iso-8583-library.ts';
import { jsposFields, packJspos, unpackJspos } from './jspos-library.ts';
import { encodeLeast } from './least-encode.ts';
import type { Work } from './measure-pairs.ts';
import type { RatioRow } from './ratio-row.ts';
import {
  ASCII_PURCHASE,
  UNIONPAY_PURCHASE,
  UNIONPAY_PURCHASE_BYTES,
  UNIONPAY_PURCHASE_WITH_BYTES,
} from './reference-messages.ts';

const ascii = encodeMessage(ISO_8583_NPM, ASCII_PURCHASE);
const asciiBuffer = Buffer.from(ascii);
const asciiFields = iso8583Fields(ASCII_PURCHASE);
/** jspos is faster on a Buffer than on an array of numbers, because its slices share memory. */
const unionpayBuffer = Buffer.from(UNIONPAY_PURCHASE_BYTES);
const unionpayFields = jsposFields(UNIONPAY_PURCHASE);

export const decodeAscii: Work = (times) => {
  let sum = 0;
  for (let each = 0; each < times; each++) {
    const result = decodeMessage(ISO_8583_NPM, ascii);
    if (!result.ok) throw result.error;
    const { fields } = result.message;
    sum += fields[4]!.charCodeAt(11) + fields[42]!.length + fields[123]!.charCodeAt(14);
  }
  return sum;
};

const unpackAscii: Work = (times) => {
  let sum = 0;
  for (let each = 0; each < times; each++) {
    const fields = unpackIso8583(asciiBuffer);
    sum += fields[4]!.charCodeAt(11) + fields[42]!.length + fields[123]!.charCodeAt(14);
  }
  return sum;
};

export const encodeAscii: Work = (times) => {
  let sum = 0;
  for (let each = 0; each < times; each++) sum += encodeMessage(ISO_8583_NPM, ASCII_PURCHASE)[20]!;
  return sum;
};

const packAscii: Work = (times) => {
  let sum = 0;
  for (let each = 0; each < times; each++) sum += (packIso8583(asciiFields) as Buffer)[20]!;
  return sum;
};

/** Fields that a host reads of every purchase. */
const READ = [2, 3, 4, 11, 41, 42] as const;

const reader = new MessageReader(UNIONPAY_POS);

const readUnionpay: Work = (times) => {
  let sum = 0;
  for (let each = 0; each < times; each++) {
    reader.open(UNIONPAY_PURCHASE_BYTES);
    for (const field of READ) sum += reader.get(field)!.charCodeAt(1);
  }
  return sum;
};

const unpackUnionpay: Work = (times) => {
  let sum = 0;
  for (let each = 0; each < times; each++) {
    const message = unpackJspos(unionpayBuffer);
    for (const field of READ) sum += (message.getValue(field) as string).charCodeAt(1);
  }
  return sum;
};

export const decodeUnionpay: Work = (times) => {
  let sum = 0;
  for (let each = 0; each < times; each++) {
    const result = decodeMessage(UNIONPAY_POS, UNIONPAY_PURCHASE_BYTES);
    if (!result.ok) throw result.error;
    const { fields } = result.message;
    for (const field of READ) sum += fields[field]!.charCodeAt(1);
  }
  return sum;
};

export const encodeUnionpay: Work = (times) => {
  let sum = 0;
  for (let each = 0; each < times; each++) {
    sum += encodeMessage(UNIONPAY_POS, UNIONPAY_PURCHASE)[20]!;
  }
  return sum;
};

const encodeUnionpayWithBytes: Work = (times) => {
  let sum = 0;
  for (let each = 0; each < times; each++) {
    sum += encodeMessage(UNIONPAY_POS, UNIONPAY_PURCHASE_WITH_BYTES)[20]!;
  }
  return sum;
};

const packUnionpay: Work = (times) => {
  let sum = 0;
  for (let each = 0; each < times; each++) {
    sum += packJspos(UNIONPAY_PURCHASE.mti, unionpayFields)[20]!;
  }
  return sum;
};

/** Against the packages that people use in Node today. */
export const LIBRARY_ROWS: readonly RatioRow[] = [
  {
    id: 'C1',
    what: '(a) strict eager decode',
    reference: 'iso_8583 unpack',
    aim: 12,
    ours: decodeAscii,
    theirs: unpackAscii,
  },
  {
    id: 'C2',
    what: '(a) encode with validation',
    reference: 'iso_8583 pack',
    aim: 35,
    ours: encodeAscii,
    theirs: packAscii,
  },
  {
    id: 'C3',
    what: '(b) strict reader, 6 fields read',
    reference: 'jspos unpack, the same 6 read',
    aim: 9,
    ours: readUnionpay,
    theirs: unpackUnionpay,
  },
  {
    id: 'C3e',
    what: '(b) strict eager decode, 6 fields read',
    reference: 'jspos unpack, the same 6 read',
    ours: decodeUnionpay,
    theirs: unpackUnionpay,
  },
  {
    id: 'C4',
    what: '(b) encode with validation, field 55 as bytes',
    reference: 'jspos pack, field 55 as hex',
    aim: 25,
    ours: encodeUnionpayWithBytes,
    theirs: packUnionpay,
  },
  {
    id: 'C4h',
    what: '(b) encode with validation, field 55 as hex',
    reference: 'jspos pack, field 55 as hex',
    ours: encodeUnionpay,
    theirs: packUnionpay,
  },
  {
    id: 'C4l',
    what: '(b) the least of C4: fields found, characters turned',
    reference: 'jspos pack, field 55 as hex',
    ours: encodeLeast,
    theirs: packUnionpay,
  },
];
