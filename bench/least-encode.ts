import { ASCII_PAGE } from '../protocol/bytes/code-page.ts';
import { NIBBLE_BIT, NIBBLE_FLAGS } from '../protocol/bytes/nibbles.ts';
import type { Work } from './measure-pairs.ts';
import { UNIONPAY_PURCHASE_WITH_BYTES } from './reference-messages.ts';

/**
 * What an encoder of message (b) cannot do without: it looks for the fields in the record, turns
 * every character into its byte and judges it. No limits, no dialect, no bitmap, no bytes of its own:
 * how fast that is says how near an encoder can come.
 */
export const encodeLeast: Work = (times) => {
  const { fields } = UNIONPAY_PURCHASE_WITH_BYTES;
  let sum = 0;
  for (let each = 0; each < times; each++) {
    let at = 10;
    for (let field = 1; field <= 64; field++) {
      if (field in fields) at = writeLeast(field, fields[field]!, at);
    }
    for (let field = 65; field <= 128; field += 4) {
      if (field in fields || field + 1 in fields || field + 2 in fields || field + 3 in fields)
        at++;
    }
    sum += out[20]! + at;
  }
  return sum;
};

const out = new Uint8Array(512);
const PAIRS = new Int16Array(1 << 14).fill(-1);
for (let byte = 0; byte < 256; byte++) {
  if ((NIBBLE_FLAGS[byte]! & NIBBLE_BIT.track) === 0) continue;
  const [high, low] = [...byte.toString(16).padStart(2, '0').toUpperCase()];
  PAIRS[(high!.charCodeAt(0) << 7) | low!.charCodeAt(0)] = byte;
}

function writeLeast(field: number, value: string | Uint8Array, from: number): number {
  let at = from;
  if (field === 2 || field === 35) out[at++] = value.length;
  if (field === 55 || field === 60) at += 2;
  if (typeof value !== 'string') {
    out.set(value, at);
    return at + value.length;
  }
  if (field === 41 || field === 42 || field === 49) return writeText(value, at);
  const isPairs = field === 35 || field === 52 || field === 64;
  return isPairs ? writePairs(value, at) : writeDigits(value, at);
}

function writeText(value: string, from: number): number {
  let common = 1;
  for (let at = 0; at < value.length; at++) {
    const code = value.charCodeAt(at);
    common &= ASCII_PAGE.flags[code]!;
    out[from + at] = code;
  }
  return from + value.length + common - 1;
}

function writePairs(value: string, from: number): number {
  let at = from;
  let every = 0;
  for (let each = 0; each + 1 < value.length; each += 2) {
    const byte = PAIRS[(value.charCodeAt(each) << 7) | value.charCodeAt(each + 1)]!;
    every |= byte;
    out[at++] = byte;
  }
  return every < 0 ? at : at + 1;
}

function writeDigits(value: string, from: number): number {
  let at = from;
  let every = 0;
  // Not one character too far: what is read behind the end of a text is no number, and slow.
  for (let each = 0; each + 1 < value.length; each += 2) {
    const high = value.charCodeAt(each) - 0x30;
    const low = value.charCodeAt(each + 1) - 0x30;
    every |= high | low | (9 - high) | (9 - low);
    out[at++] = (high << 4) | low;
  }
  return every < 0 ? at : at + 1;
}
