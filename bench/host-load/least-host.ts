import { realNetwork } from '../../emulator/world/real/real-network.ts';
import { roomyFields } from '../../protocol/codec/field-text.ts';
import { UNIONPAY_POS } from '../../protocol/dialects/unionpay-pos.ts';
import {
  answerEnvelope,
  encodeFrame,
  envelopeBytes,
  readEnvelope,
} from '../../protocol/framing/envelope.ts';
import { FrameDecoder } from '../../protocol/framing/frame-decoder.ts';
import { decodeMessage } from '../../protocol/message/decode-message.ts';
import { encodeMessage } from '../../protocol/message/encode-message.ts';
import { sealMac, verifyMac } from '../../protocol/security/mac.ts';
import { decryptPinBlock } from '../../protocol/security/pin-block.ts';
import { BENCH_KEYS, BENCH_PAN } from './bench-institution.ts';

const ECHOED = [3, 4, 11, 25, 41, 42, 49, 60];
const START = envelopeBytes(UNIONPAY_POS.framing);

/**
 * The least of T2: frame, message, MAC, PIN, answer, MAC, frame. Nothing is decided, booked or kept:
 * what a host with this codec and these ciphers cannot be quicker than.
 */
export function leastHost(listening: (endpoint: string) => void): void {
  realNetwork().listen('127.0.0.1:0', {
    listening,
    failed(error) {
      throw error;
    },
    accepted(link) {
      const decoder = new FrameDecoder(UNIONPAY_POS);
      return {
        opened: () => undefined,
        received: (bytes) => decoder.push(bytes, (body) => link.send(answerTo(body))),
        closed: () => undefined,
      };
    },
  });
}

function answerTo(body: Uint8Array): Uint8Array {
  const envelope = readEnvelope(body, UNIONPAY_POS.framing);
  const decoded = decodeMessage(UNIONPAY_POS, body, START);
  if (!decoded.ok || !verifyMac(BENCH_KEYS.mak, body.subarray(START))) throw new Error('no sale');
  const { fields } = decoded.message;
  const pin = decryptPinBlock(BENCH_KEYS.pik, fields[52] ?? '', BENCH_PAN);
  const answer = roomyFields();
  for (const field of ECHOED) answer[field] = fields[field]!;
  answer[12] = '093000';
  answer[13] = '0115';
  answer[15] = '0115';
  answer[32] = '00000001';
  answer[37] = '093000000001';
  answer[38] = pin;
  answer[39] = '00';
  answer[44] = '00000001   00000001   ';
  answer[63] = 'CUP';
  answer[64] = '0000000000000000';
  const encoded = encodeMessage(UNIONPAY_POS, { mti: '0210', fields: answer });
  sealMac(BENCH_KEYS.mak, encoded);
  return encodeFrame(answerEnvelope(envelope), encoded, UNIONPAY_POS);
}
