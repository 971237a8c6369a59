import { deepStrictEqual } from 'node:assert/strict';
import { toHex } from '../protocol/bytes/hex.ts';
import { UNIONPAY_POS } from '../protocol/dialects/unionpay-pos.ts';
import { decodeMessage } from '../protocol/message/decode-message.ts';
import { encodeMessage } from '../protocol/message/encode-message.ts';
import { desCipher } from '../protocol/security/block-cipher.ts';
import { verifyMac } from '../protocol/security/mac.ts';
import {
  ISO_8583_NPM,
  iso8583Fields,
  messageOfIso8583,
  packIso8583,
  unpackIso8583,
} from './iso-8583-library.ts';
import { jsposFields, jsposText, packJspos, unpackJspos } from './jspos-library.ts';
import {
  ASCII_PURCHASE,
  MAC_KEY,
  UNIONPAY_PURCHASE,
  UNIONPAY_PURCHASE_BYTES,
  UNIONPAY_PURCHASE_WITH_BYTES,
} from './reference-messages.ts';

/**
 * A ratio means something only if both sides do the same work: both read the same values out of the
 * same bytes, and both write the same bytes.
 * @throws where they differ
 */
export function checkReadings(): void {
  const ascii = encodeMessage(ISO_8583_NPM, ASCII_PURCHASE);
  deepStrictEqual(ascii.length, 179);
  deepStrictEqual(Object.keys(ASCII_PURCHASE.fields).length, 17);
  const packed = packIso8583(iso8583Fields(ASCII_PURCHASE));
  deepStrictEqual(toHex(packed as Buffer), toHex(ascii), 'iso_8583 writes other bytes');
  const read = messageOfIso8583(unpackIso8583(Buffer.from(ascii)));
  deepStrictEqual(read, ASCII_PURCHASE, 'iso_8583 reads other values');
  const ours = decodeMessage(ISO_8583_NPM, ascii);
  deepStrictEqual(ours.ok && ours.message, ASCII_PURCHASE, 'we read other values');

  deepStrictEqual(UNIONPAY_PURCHASE_BYTES.length, 253);
  const fields = Object.entries(UNIONPAY_PURCHASE.fields);
  deepStrictEqual(fields.length, 18);
  const jspos = unpackJspos(Buffer.from(UNIONPAY_PURCHASE_BYTES));
  deepStrictEqual(jspos.getMTI(), UNIONPAY_PURCHASE.mti);
  for (const [field, value] of fields) {
    deepStrictEqual(jsposText(jspos, Number(field)), value, `jspos reads another field ${field}`);
  }
  const written = packJspos(UNIONPAY_PURCHASE.mti, jsposFields(UNIONPAY_PURCHASE));
  const wanted = toHex(UNIONPAY_PURCHASE_BYTES);
  deepStrictEqual(toHex(Uint8Array.from(written)), wanted, 'jspos writes other bytes');
  const result = decodeMessage(UNIONPAY_POS, UNIONPAY_PURCHASE_BYTES);
  deepStrictEqual(result.ok && result.message, UNIONPAY_PURCHASE);
  deepStrictEqual(
    toHex(encodeMessage(UNIONPAY_POS, UNIONPAY_PURCHASE_WITH_BYTES)),
    wanted,
    'bytes are written differently',
  );
  deepStrictEqual(verifyMac(desCipher(MAC_KEY), UNIONPAY_PURCHASE_BYTES), true, 'wrong MAC');
}
