import { describe, expect, it } from 'vitest';
import { ENVELOPE_BYTES, messageVectors, vectorBodyHex, type MessageVector } from '../vectors.ts';
import { UNIONPAY_POS } from '../../protocol/dialects/unionpay-pos.ts';
import { decodeMessage } from '../../protocol/message/decode-message.ts';
import { encodeMessage } from '../../protocol/message/encode-message.ts';
import { encodeFrame, readEnvelope } from '../../protocol/framing/envelope.ts';
import { fromHex, toHex } from '../../protocol/bytes/hex.ts';
import { decodeGbk } from '../../protocol/bytes/gbk.ts';
import { unionpayMacStages, verifyMac } from '../../protocol/security/mac.ts';
import { desCipher, sm4Cipher } from '../../protocol/security/block-cipher.ts';
import type { Message } from '../../protocol/message/message.ts';

const computed = messageVectors.messages.filter(({ origin }) => origin === 'computed here');
const observed = messageVectors.messages.filter(({ origin }) => origin !== 'computed here');

/** The listed value in our notation: text fields that are not ASCII are listed as hex. */
function listed(value: string | { hex: string }): string {
  return typeof value === 'string' ? value : decodeGbk(fromHex(value.hex));
}

function decoded(vector: MessageVector): Message {
  const body = fromHex(vectorBodyHex(vector));
  const result = decodeMessage(UNIONPAY_POS, body, ENVELOPE_BYTES, body.length, {
    isLenient: true,
  });
  if (!result.ok) throw result.error;
  return result.message;
}

describe('message vectors', () => {
  it('are 58 computed and 19 observed ones', () => {
    expect([computed.length, observed.length]).toEqual([58, 19]);
  });

  it.each(messageVectors.messages)('$name decodes to the listed fields', (vector) => {
    const message = decoded(vector);
    const expected = Object.fromEntries(
      Object.entries(vector.fields).map(([field, value]) => [field, listed(value)]),
    );
    expect(message.mti).toBe(vector.mti);
    expect(message.fields).toEqual(expected);
    expect(readEnvelope(fromHex(vectorBodyHex(vector)), UNIONPAY_POS.framing)).toEqual({
      tpdu: vector.tpdu,
      header: vector.header,
    });
  });

  it.each(computed)('$name encodes back to the same bytes', (vector) => {
    const bytes = encodeFrame(
      { tpdu: vector.tpdu, header: vector.header },
      encodeMessage(UNIONPAY_POS, decoded(vector)),
      UNIONPAY_POS,
    );
    expect(toHex(bytes)).toBe(vector.hex);
  });

  const sealed = messageVectors.messages.filter(({ mac }) => mac !== undefined);
  it('carry 36 MACs that can be checked', () => {
    expect(sealed.length).toBe(36);
  });

  it.each(sealed)('the MAC of $name verifies', (vector) => {
    const { algorithm, key, f64Ascii, xor } = vector.mac!;
    const keyBytes = fromHex(messageVectors.keys[key] ?? key);
    const cipher = algorithm === 'CUP-SM4' ? sm4Cipher(keyBytes) : desCipher(keyBytes);
    const message = fromHex(vectorBodyHex(vector)).subarray(ENVELOPE_BYTES);
    const stages = unionpayMacStages(cipher, message.subarray(0, message.length - 8));
    expect(stages.mac).toBe(f64Ascii);
    if (xor !== undefined) expect(stages.xor).toBe(xor);
    expect(verifyMac(cipher, message)).toBe(true);
  });
});
