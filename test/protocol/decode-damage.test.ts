import { describe, expect, it } from 'vitest';
import { ENVELOPE_BYTES, messageVectors, vectorBodyHex } from '../vectors.ts';
import { UNIONPAY_POS } from '../../protocol/dialects/unionpay-pos.ts';
import { FrameDecoder } from '../../protocol/framing/frame-decoder.ts';
import { readEnvelope } from '../../protocol/framing/envelope.ts';
import { decodeMessage } from '../../protocol/message/decode-message.ts';
import { fromHex, toHex } from '../../protocol/bytes/hex.ts';
import { concatBytes } from '../../protocol/bytes/concat-bytes.ts';
import { desCipher } from '../../protocol/security/block-cipher.ts';
import { verifyMac } from '../../protocol/security/mac.ts';
import { CountersignError } from '../../protocol/errors/countersign-error.ts';

/** A message of type 0200 by hand: `fields` is what the bitmap says, `data` what follows it. */
function message(fields: readonly number[], data: string, mti = '0200'): Uint8Array {
  const bitmap = new Uint8Array(8);
  for (const field of fields) bitmap[(field - 1) >> 3]! |= 0x80 >> ((field - 1) & 7);
  return fromHex(`${mti} ${toHex(bitmap)} ${data}`);
}

/** `code path offset` of a refusal, or the decoded fields. */
function outcome(bytes: Uint8Array, start = 0, isLenient = false): unknown {
  const result = decodeMessage(UNIONPAY_POS, bytes, start, bytes.length, { isLenient });
  if (result.ok) return result.message.fields;
  const { code, path, offset } = result.error;
  return `${code} ${path ?? '-'} ${offset ?? '-'}`;
}

const STAN = '000001';
const TID = '3132333435363738';

describe('damage', () => {
  // Offset 0: message type, 2: bitmap, 10: first field.
  it.each<[string, readonly number[], string, string]>([
    ['F025 a bit without data', [11], '', 'E_BIT_WITHOUT_DATA 11 10'],
    ['F025 a bit without data behind another field', [11, 41], STAN, 'E_BIT_WITHOUT_DATA 41 13'],
    ['F026 data without a bit', [11], `${STAN} ${TID}`, 'E_DATA_WITHOUT_BIT 41 13'],
    ['F026 one byte left over', [11], `${STAN} FF`, 'E_TRAILING - 13'],
    ['F026 data without any bit', [], '00', 'E_TRAILING - 10'],
    ['F027 bit 1 without a second bitmap', [1, 11], STAN, 'E_BAD_BITMAP 1 2'],
    ['F028 bit 65 of a second bitmap', [1], '8000000000000000', 'E_BAD_BITMAP 1 2'],
    ['F029 a variable field that is cut', [62], '0005 AABB', 'E_TRUNCATED 62 14'],
    ['F029 a variable field without its data', [62], '0005', 'E_TRUNCATED 62 12'],
    ['F029 a length prefix that is cut', [62], '00', 'E_TRUNCATED 62 11'],
    ['F029 odd digits that are cut', [2], '19 1234567890123456', 'E_TRUNCATED 2 19'],
    ['F030 a high nibble of LL', [2], 'A0', 'E_BAD_LENGTH 2 10'],
    ['F030 a low nibble of LL', [2], '1A', 'E_BAD_LENGTH 2 10'],
    ['F030 the second byte of LLL', [62], '000F', 'E_BAD_LENGTH 62 11'],
    ['F030 a length in ASCII, " 5"', [62], '2035', 'E_LENGTH_OVER_MAX 62 10'],
    ['F031 a PAN of 20 digits', [2], `20 ${'12'.repeat(10)}`, 'E_LENGTH_OVER_MAX 2 10'],
    ['F031 a track of 38 digits', [35], `38 ${'12'.repeat(19)}`, 'E_LENGTH_OVER_MAX 35 10'],
    ['F031 LLL above its maximum', [48], `0323 ${'12'.repeat(162)}`, 'E_LENGTH_OVER_MAX 48 10'],
    ['F031 field 60 of 7 digits', [60], '0007 22000000', 'E_LENGTH_UNDER_MIN 60 10'],
    ['F032 the first nibble', [11], 'A00001', 'E_BAD_BCD 11 10'],
    ['F032 the last nibble', [11], '00000F', 'E_BAD_BCD 11 12'],
    ['F032 a nibble of the second of two fields', [3, 11], '0000000B0001', 'E_BAD_BCD 11 13'],
    ['F032 D in a PAN', [2], '16 6225D81234567898', 'E_BAD_BCD 2 13'],
    ['F032 the first digit behind a pad nibble', [23], '0A01', 'E_BAD_BCD 23 10'],
    ['F032 the second digit behind a pad nibble', [23], '00C1', 'E_BAD_BCD 23 11'],
    ['F032 the last digit behind a pad nibble', [23], '001C', 'E_BAD_BCD 23 11'],
    ['F032 the last digit before a pad nibble', [22], '02E0', 'E_BAD_BCD 22 11'],
    ['F032 E in a clear track', [35], '05 1234E0', 'E_BAD_BCD 35 13'],
    ['F032 F in track 3', [36], '0004 12F4', 'E_BAD_BCD 36 13'],
    ['F035 CR in field 41', [41], '31323334350D3738', 'E_BAD_CLASS 41 15'],
    ['F035 LF in field 41', [41], '0A32333435363738', 'E_BAD_CLASS 41 10'],
    ['F035 ESC in field 41', [41], '313233343536371B', 'E_BAD_CLASS 41 17'],
    ['F035 NUL in field 41', [41], '3132003435363738', 'E_BAD_CLASS 41 12'],
    ['F035 DEL in field 41', [41], '31327F3435363738', 'E_BAD_CLASS 41 12'],
    ['F035 a byte above ASCII', [41], '3132B23435363738', 'E_BAD_CHARSET 41 12'],
    ['F035 a blank in field 38', [38], '313233343520', 'E_BAD_CLASS 38 15'],
    ['F035 a hyphen in field 39', [39], '2D30', 'E_BAD_CLASS 39 10'],
    ['F039 an undefined field', [5, 11], STAN, 'E_UNDEFINED_FIELD 5 10'],
    ['F039 an undefined field behind another', [11, 17], STAN, 'E_UNDEFINED_FIELD 17 13'],
  ])('%s is refused at the right place', (_, fields, data, expected) => {
    const bytes = message(fields, data);
    expect(outcome(bytes)).toBe(expected);
    expect(outcome(bytes, 0, true)).toBe(expected);
  });

  it.each([
    ['', 'E_TRUNCATED MTI 0'],
    ['02', 'E_TRUNCATED MTI 1'],
    ['A200', 'E_BAD_MTI MTI 0'],
    ['020F', 'E_BAD_MTI MTI 1'],
    ['0200', 'E_TRUNCATED bitmap 2'],
    ['0200 00000000000000', 'E_TRUNCATED bitmap 9'],
  ])('of a message that is only %j is refused', (hex, expected) => {
    expect(outcome(fromHex(hex))).toBe(expected);
  });

  it('behind other bytes is placed from the first of them', () => {
    const bytes = concatBytes([new Uint8Array(11), message([11], '00000F')]);
    expect(outcome(bytes, 11)).toBe('E_BAD_BCD 11 23');
  });

  it.each<[string, readonly number[], string, string, string, number]>([
    ['an odd PAN', [2], '03 123F', '123', 'E_BAD_PAD 2 12', 12],
    ['a track', [35], '05 12D34F', '12D34', 'E_BAD_PAD 35 13', 13],
    ['field 22', [22], '0217', '021', 'E_BAD_PAD 22 11', 11],
    ['field 23, padded on the left', [23], 'F001', '001', 'E_BAD_PAD 23 10', 10],
  ])(
    'F033 a wrong pad nibble of %s is refused or, leniently, warned of',
    (_, fields, data, value, refusal, offset) => {
      const bytes = message(fields, data);
      expect(outcome(bytes)).toBe(refusal);
      const result = decodeMessage(UNIONPAY_POS, bytes, 0, bytes.length, { isLenient: true });
      const field = fields[0]!;
      expect(result).toMatchObject({
        ok: true,
        message: { fields: { [field]: value } },
        warnings: [{ leniency: 'pad-nibble', code: 'E_BAD_PAD', path: String(field), offset }],
      });
    },
  );

  it('F034 an odd field that is justified the other way shows in its value or its pad', () => {
    expect(outcome(message([23], '0010'))).toEqual({ 23: '010' });
    expect(outcome(message([22], '0021'))).toBe('E_BAD_PAD 22 11');
  });

  it('F036 bytes that are no GBK are refused or, leniently, kept and shown', () => {
    const bytes = message([63], '0005 B2E2 81 20 1B');
    expect(outcome(bytes)).toBe('E_BAD_CHARSET 63 14');
    expect(outcome(bytes, 0, true)).toEqual({ 63: '测\\x81 \\x1B' });
  });

  it('of a track is judged by the flag of field 53, which stands behind it', () => {
    const data = (flag: string): string => `06 12DEFA 26${flag}0000000000000`;
    expect(outcome(message([35, 53], data('0')))).toBe('E_BAD_BCD 35 12');
    expect(outcome(message([35, 53], data('1')))).toMatchObject({ 35: '12DEFA' });
  });

  it('leaves what could be read before it', () => {
    const result = decodeMessage(UNIONPAY_POS, message([11, 41, 42], `${STAN} ${TID} 00`, '0500'));
    expect(result).toMatchObject({
      ok: false,
      partial: { mti: '0500', fields: { 11: '000001', 41: '12345678' } },
    });
    expect(decodeMessage(UNIONPAY_POS, fromHex('02F0'))).toMatchObject({ partial: undefined });
  });
});

describe('every vector', () => {
  it.each(messageVectors.messages)('$name is refused when cut at any byte', (vector) => {
    const body = fromHex(vectorBodyHex(vector));
    for (let end = ENVELOPE_BYTES; end < body.length; end++) {
      const result = decodeMessage(UNIONPAY_POS, body, ENVELOPE_BYTES, end, { isLenient: true });
      expect(result).toMatchObject({ ok: false, error: { offset: end } });
      const code = result.ok ? '' : result.error.code;
      expect(['E_TRUNCATED', 'E_BIT_WITHOUT_DATA']).toContain(code);
    }
  });

  it.each(messageVectors.messages)('$name is refused with a byte behind it', (vector) => {
    const body = fromHex(vectorBodyHex(vector));
    const longer = concatBytes([body, Uint8Array.of(0)]);
    expect(outcome(longer, ENVELOPE_BYTES, true)).toMatch(
      new RegExp(`^(E_TRAILING -|E_DATA_WITHOUT_BIT \\d+) ${body.length}$`),
    );
  });
});

/** What a host sees of a negative vector before it looks at the meaning of fields. */
function verdict(hex: string): string {
  const bodies: Uint8Array[] = [];
  const decoder = new FrameDecoder(UNIONPAY_POS);
  decoder.push(fromHex(hex), (body) => bodies.push(body));
  const rest = decoder.pendingBytes === 0 ? '' : `, ${decoder.pendingBytes} bytes pending`;
  const [body] = bodies;
  if (body === undefined) return `no frame${rest}`;
  try {
    readEnvelope(body, UNIONPAY_POS.framing);
  } catch (error) {
    if (error instanceof CountersignError) return `${error.code} ${error.offset}${rest}`;
  }
  const decoded = outcome(body, ENVELOPE_BYTES);
  if (typeof decoded === 'string') return decoded + rest;
  const mak = desCipher(fromHex(messageVectors.keys['MAK_double']!));
  return `decoded, MAC ${verifyMac(mak, body.subarray(ENVELOPE_BYTES)) ? 'right' : 'wrong'}${rest}`;
}

describe('negative vectors', () => {
  // Offsets from the TPDU: message type at 11, bitmap at 13, first field at 21.
  const verdicts: Record<string, string> = {
    'length prefix one too large (no more bytes arrive)': 'no frame, 119 bytes pending',
    'length prefix one too small': 'E_TRUNCATED 64 116, 1 bytes pending',
    'TPDU id not 60': 'E_BAD_TPDU 0',
    'bitmap bit 1 set (secondary bitmap announced)': 'E_BAD_BITMAP 1 13',
    'bitmap announces undefined field 5 in addition (bit set, no data)': 'E_UNDEFINED_FIELD 5 30',
    'F35 LLVAR length byte is not BCD': 'E_BAD_LENGTH 35 39',
    'F35 longer than 37': 'E_LENGTH_OVER_MAX 35 39',
    'truncated inside F52': 'E_TRUNCATED 52 88',
    'trailing byte after F64': 'E_TRAILING - 117',
    'MAC last character changed': 'decoded, MAC wrong',
    'amount changed after MAC (100.00 -> 900.00)': 'decoded, MAC wrong',
    'MAC in lower case': 'decoded, MAC wrong',
    'F60 only 7 digits (type + 5)': 'E_LENGTH_UNDER_MIN 60 100',
  };

  it.each(messageVectors.negative)('$name', ({ name, hex }) => {
    expect(verdict(hex)).toBe(verdicts[name]);
  });

  it('are all listed', () => {
    expect(messageVectors.negative.map(({ name }) => name)).toEqual(Object.keys(verdicts));
  });
});
