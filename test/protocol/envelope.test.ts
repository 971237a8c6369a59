import { ENVELOPE_BYTES } from '../vectors.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UNIONPAY_POS } from '../../protocol/dialects/unionpay-pos.ts';
import { answerEnvelope, encodeFrame, readEnvelope } from '../../protocol/framing/envelope.ts';
import { fromHex, toHex } from '../../protocol/bytes/hex.ts';

const digits = (size: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: size, maxLength: size });

const { framing } = UNIONPAY_POS;

const envelope = fc.record({ tpdu: digits(8).map((rest) => `60${rest}`), header: digits(12) });

describe('the envelope', () => {
  it('of a frame is read back, and the message stands behind it', () => {
    fc.assert(
      fc.property(envelope, fc.uint8Array({ maxLength: 300 }), (given, message) => {
        const frame = encodeFrame(given, message, UNIONPAY_POS);
        expect((frame[0]! << 8) | frame[1]!).toBe(frame.length - 2);
        expect(readEnvelope(frame.subarray(2), framing)).toEqual(given);
        expect(frame.subarray(2 + ENVELOPE_BYTES)).toEqual(message);
      }),
    );
  });

  it('of an answer has destination and source exchanged, and the header kept (F023)', () => {
    expect(answerEnvelope({ tpdu: '6000031234', header: '603100310000' })).toEqual({
      tpdu: '6012340003',
      header: '603100310000',
    });
    // Each its own, although the one before had the same TPDU, or the same header.
    for (const tpdu of ['6000031234', '6000035678']) {
      for (const header of ['603100310000', '603100311111', '']) {
        const answer = { tpdu: `60${tpdu.slice(6)}0003`, header };
        expect(answerEnvelope({ tpdu, header })).toEqual(answer);
      }
    }
    fc.assert(
      fc.property(envelope, (given) => {
        expect(answerEnvelope(answerEnvelope(given))).toEqual(given);
      }),
    );
  });

  it('is cut where the framing says, whatever was read before', () => {
    const body = fromHex('6000030000603100310000');
    const whole = { ...framing, tpdu: '', header: '6000030000603100310000' };
    expect(readEnvelope(body, framing)).toEqual({ tpdu: '6000030000', header: '603100310000' });
    expect(readEnvelope(body, whole)).toEqual({ tpdu: '', header: '6000030000603100310000' });
    expect(readEnvelope(body, framing)).toEqual({ tpdu: '6000030000', header: '603100310000' });
  });

  it('is refused when the TPDU is not of id 60', () => {
    expect(() => readEnvelope(fromHex('6100030000603100310000'), framing)).toThrow(
      expect.objectContaining({ code: 'E_BAD_TPDU', offset: 0 }),
    );
  });

  it('is refused when it is cut at any byte (F024)', () => {
    const whole = fromHex('6000030000603100310000');
    expect(readEnvelope(whole, framing).header).toBe('603100310000');
    for (let length = 0; length < ENVELOPE_BYTES; length++) {
      expect(() => readEnvelope(whole.subarray(0, length), framing)).toThrow(
        expect.objectContaining({ code: 'E_TRUNCATED', offset: length }),
      );
    }
  });

  it('carries a message up to the frame limit and not one byte more', () => {
    const most = UNIONPAY_POS.framing.maxFrameBytes - ENVELOPE_BYTES;
    const given = { tpdu: '6000030000', header: '603100310000' };
    const frame = encodeFrame(given, new Uint8Array(most), UNIONPAY_POS);
    expect(toHex(frame, 0, 2)).toBe('1000');
    expect(() => encodeFrame(given, new Uint8Array(most + 1), UNIONPAY_POS)).toThrow(
      expect.objectContaining({ code: 'E_FRAME_TOO_LONG' }),
    );
  });
});
