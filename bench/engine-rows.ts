import { UNIONPAY_POS } from '../protocol/dialects/unionpay-pos.ts';
import { codecOf } from '../protocol/codec/codec.ts';
import { indexMessage } from '../protocol/codec/index-message.ts';
import { MessageIndex } from '../protocol/codec/message-index.ts';
import { encodeFrame } from '../protocol/framing/envelope.ts';
import { FrameDecoder } from '../protocol/framing/frame-decoder.ts';
import { decodeMessage } from '../protocol/message/decode-message.ts';
import { encodeMessage } from '../protocol/message/encode-message.ts';
import { desCipher } from '../protocol/security/block-cipher.ts';
import { unionpayMac } from '../protocol/security/mac.ts';
import { decryptPinBlock, encryptPinBlock } from '../protocol/security/pin-block.ts';
import { concatBytes } from '../protocol/bytes/concat-bytes.ts';
import { ISO_8583_NPM } from './iso-8583-library.ts';
import { decodeAscii, decodeUnionpay, encodeAscii, encodeUnionpay } from './library-rows.ts';
import type { Work } from './measure-pairs.ts';
import { wholeSale } from './whole-sale.ts';
import { mixedBitmaps } from './mixed-bitmaps.ts';
import type { RatioRow } from './ratio-row.ts';
import { ASCII_PURCHASE, MAC_KEY, UNIONPAY_PURCHASE_BYTES } from './reference-messages.ts';

const index = new MessageIndex(codecOf(UNIONPAY_POS));

/**
 * The same message a few times over, taken in turn: of one array that it knows beforehand the compiler
 * writes address and length into its code, and no message is known beforehand.
 */
const SAME = Array.from({ length: 16 }, () => UNIONPAY_PURCHASE_BYTES.slice());

export const indexUnionpay: Work = (times) => {
  let sum = 0;
  for (let each = 0; each < times; each++) {
    const bytes = SAME[each % SAME.length]!;
    if (!indexMessage(index, bytes, 0, bytes.length)) throw new Error('refused');
    sum += index.offsets[64]!;
  }
  return sum;
};

/** Sums the bytes one by one, as fast as a plain loop can: 32-bit sums need no check for overflow. */
const sumBytes: Work = (times) => {
  let sum = 0;
  for (let each = 0; each < times; each++) {
    const bytes = SAME[each % SAME.length]!;
    let total = 0;
    for (let at = 0; at < bytes.length; at++) total = (total + bytes[at]!) | 0;
    sum = (sum + total) & 0xffffff;
  }
  return sum;
};

/** A loop that copies the bytes one by one: the least that any codec in JavaScript does. */
function copyBytes(original: Uint8Array): Work {
  return (times) => {
    const bytes = original;
    const copy = new Uint8Array(bytes.length);
    let sum = 0;
    for (let each = 0; each < times; each++) {
      for (let at = 0; at < bytes.length; at++) copy[at] = bytes[at]!;
      sum += copy[each % copy.length]!;
    }
    return sum;
  };
}

const { single, mixed, meanBytes } = mixedBitmaps();

function decodeInTurn(messages: readonly Uint8Array[]): Work {
  return (times) => {
    let sum = 0;
    let next = 0;
    for (let each = 0; each < times; each++) {
      const result = decodeMessage(UNIONPAY_POS, messages[next]!);
      if (!result.ok) throw result.error;
      sum += result.message.fields[55]!.charCodeAt(20);
      if (++next === messages.length) next = 0;
    }
    return sum;
  };
}

const mab = UNIONPAY_PURCHASE_BYTES.subarray(0, UNIONPAY_PURCHASE_BYTES.length - 8);
const cipher = desCipher(MAC_KEY);

const macWithKeptCipher: Work = (times) => {
  let sum = 0;
  for (let each = 0; each < times; each++) sum += unionpayMac(cipher, mab).charCodeAt(7);
  return sum;
};

const macWithNewCipher: Work = (times) => {
  let sum = 0;
  for (let each = 0; each < times; each++) {
    sum += unionpayMac(desCipher(MAC_KEY), mab).charCodeAt(7);
  }
  return sum;
};

const pan = ASCII_PURCHASE.fields[2]!;

const pinWithKeptCipher: Work = (times) => {
  let sum = 0;
  for (let each = 0; each < times; each++) {
    sum += encryptPinBlock(cipher, '123456', pan).charCodeAt(7);
  }
  return sum;
};

const pinWithNewCipher: Work = (times) => {
  let sum = 0;
  for (let each = 0; each < times; each++) {
    sum += encryptPinBlock(desCipher(MAC_KEY), '123456', pan).charCodeAt(7);
  }
  return sum;
};

const cryptographyOfSale: Work = (times) => {
  let sum = 0;
  for (let each = 0; each < times; each++) {
    // Sealed and verified on both sides, the PIN encrypted and decrypted.
    for (let mac = 0; mac < 4; mac++) sum += unionpayMac(cipher, mab).charCodeAt(7);
    sum += decryptPinBlock(cipher, encryptPinBlock(cipher, '123456', pan), pan).length;
  }
  return sum;
};

const FRAMES = 16;
const envelope = { tpdu: '6000030000', header: '603100310000' };
/** What a busy line delivers at once: frames one behind the other, the last one whole too. */
const chunk = concatBytes(
  Array.from({ length: FRAMES }, () =>
    encodeFrame(envelope, UNIONPAY_PURCHASE_BYTES, UNIONPAY_POS),
  ),
);

const cutFrames: Work = (times) => {
  let sum = 0;
  const decoder = new FrameDecoder({ framing: UNIONPAY_POS.framing });
  const onFrame = (body: Uint8Array): void => {
    sum += body.length + body[20]!;
  };
  for (let each = 0; each < times; each++) decoder.push(chunk, onFrame);
  return sum;
};

function againstCopy(what: string, bytes: Uint8Array, ours: Work): RatioRow {
  const reference = `byte-copy loop, ${bytes.length} bytes`;
  return { id: 'copy', what, reference, ours, theirs: copyBytes(bytes) };
}

const ascii = encodeMessage(ISO_8583_NPM, ASCII_PURCHASE);

/** Against what the machine can do, and against the slow way of doing it. */
export const ENGINE_ROWS: readonly RatioRow[] = [
  {
    id: 'C6',
    what: '(b) strict index, kept',
    reference: 'byte-sum loop over the same bytes',
    aim: 0.5,
    ours: indexUnionpay,
    theirs: sumBytes,
  },
  {
    id: 'mixed',
    what: `${mixed.length} bitmaps in turn, eager decode, per byte`,
    reference: 'one bitmap, per byte',
    aim: 0.75,
    ours: decodeInTurn(mixed),
    theirs: decodeInTurn([single]),
    bytes: { ours: meanBytes, theirs: single.length },
  },
  {
    id: 'K1',
    what: '(b) UnionPay MAC, cipher kept',
    reference: 'the same, a cipher made per call',
    aim: 3,
    ours: macWithKeptCipher,
    theirs: macWithNewCipher,
  },
  {
    id: 'PIN',
    what: 'PIN block, cipher kept',
    reference: 'the same, a cipher made per call',
    ours: pinWithKeptCipher,
    theirs: pinWithNewCipher,
  },
  {
    id: 'share',
    what: 'four MACs (two sealed, two verified) and a PIN block both ways',
    reference: 'a whole sale between terminal and host, simulated',
    ours: cryptographyOfSale,
    theirs: wholeSale,
  },
  againstCopy(`${FRAMES} frames of (b) cut`, chunk, cutFrames),
  againstCopy('(a) strict eager decode', ascii, decodeAscii),
  againstCopy('(a) encode with validation', ascii, encodeAscii),
  againstCopy('(b) strict eager decode, 6 fields read', UNIONPAY_PURCHASE_BYTES, decodeUnionpay),
  againstCopy('(b) encode with validation', UNIONPAY_PURCHASE_BYTES, encodeUnionpay),
];
