import { describe, expect, it } from 'vitest';
import { messageVectors } from '../vectors.ts';
import {
  decodeSlip,
  encodeSlip,
  SLIP_ELEMENTS,
  type SlipElements,
} from '../../protocol/signature/slip-elements.ts';
import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import { fromHex, toHex } from '../../protocol/bytes/hex.ts';

const upload = messageVectors.messages.find(({ name }) => name === 'esign-upload-request')!;
const F55 = upload.fields['55'] as string;

const ELEMENTS: SlipElements = {
  merchantName: '测试商户一',
  typeName: '消费',
  operator: '01',
  acquirer: '48021000   ',
  issuer: '03080000   ',
  expiry: '3012',
  dateTime: '20260115100501',
  authCode: '123456',
  printedSlips: '01',
};

const ALL: SlipElements = {
  ...ELEMENTS,
  aid: 'A000000333010101',
  cryptogram: '6444FB0F8E35A3D2',
  tvr: '0000040000',
  tsi: '7800',
  atc: '0157',
  phone: '013800138000',
  originalStan: '000002',
  originalBatch: '000001',
};

/** Every tag of spec 7.2 beside those of a void by chip, with a value of its form. */
const RARE: readonly (readonly [keyof SlipElements, string, string])[] = [
  ['tip', '000000000100', 'FF0806000000000100'],
  ['organisation', 'CUP', 'FF0903435550'],
  ['currency', '156', 'FF0A03313536'],
  ['oldLabel', 'UP', 'FF20025550'],
  ['oldPreferredName', 'UP', 'FF21025550'],
  ['chipBalance', '000000001000', 'FF2406000000001000'],
  ['toCard', '6225881234567898', 'FF25086225881234567898'],
  ['unpredictable', '01020304', 'FF260401020304'],
  ['aip', '7C00', 'FF27027C00'],
  ['issuerData', '0701', 'FF2B020701'],
  ['label', 'UP', 'FF30025550'],
  ['preferredName', 'UP', 'FF31025550'],
  ['remark', 'UP', 'FF40025550'],
  ['instalment1', '03', 'FF410103'],
  ['instalment2', '03', 'FF420103'],
  ['instalment3', '03', 'FF430103'],
  ['instalment4', '03', 'FF440103'],
  ['points1', '03', 'FF450103'],
  ['points2', '03', 'FF460103'],
  ['points3', '03', 'FF470103'],
  ['points4', '03', 'FF480103'],
  ['partialAmount', '000000001000', 'FF4906000000001000'],
  ['balance', '000000001000', 'FF4A06000000001000'],
  ['maskedPhone', '138****8000', 'FF4B0B3133382A2A2A2A38303030'],
  ['private', '03', 'FF570103'],
  ['originalRrn', '100501000002', 'FF6206100501000002'],
  ['originalDate', '0115', 'FF63020115'],
  ['originalAuthCode', '123456', 'FF6406313233343536'],
  ['originalTid', '10000001', 'FF65083130303030303031'],
  ['reserved1', '03', 'FF710103'],
  ['reserved2', '03', 'FF720103'],
  ['reserved3', '03', 'FF730103'],
];

describe('slip elements', () => {
  it.each(RARE)('have %s, both ways', (name, value, hex) => {
    const encoded = encodeSlip({ ...ELEMENTS, [name]: value });
    expect(encoded).toContain(hex);
    expect(encoded.length).toBe(F55.length + hex.length);
    expect(decodeSlip(encoded)).toEqual({ elements: { ...ELEMENTS, [name]: value }, others: [] });
  });

  it('are all of spec 7.2, each tested above', () => {
    const tested = new Set<string>([...Object.keys(ALL), ...RARE.map(([name]) => name)]);
    expect(SLIP_ELEMENTS.filter((name) => !tested.has(name))).toEqual([]);
    expect(SLIP_ELEMENTS.length).toBe(49);
  });

  it('are those of the vector, in both directions', () => {
    expect(encodeSlip(ELEMENTS)).toBe(F55);
    expect(decodeSlip(F55)).toEqual({ elements: ELEMENTS, others: [] });
  });

  it('come back as they were, with all that a chip adds', () => {
    expect(decodeSlip(encodeSlip(ALL)).elements).toEqual(ALL);
  });

  it.each([
    ['merchantName', '店'.repeat(21), /42 bytes where 40 at most/],
    ['merchantName', '商户 😀', /no GBK form/],
    ['operator', '1', /even number of digits/],
    ['operator', '0101', /2 bytes where 1 are due/],
    ['expiry', '30/1', /digits/],
    ['acquirer', '48021000', /8 bytes where 11 are due/],
    ['authCode', '12345\u00e9', /plain characters/],
    ['tvr', '00000400', /4 bytes where 5/],
    ['tvr', '00000400zz', /upper-case hex/],
  ] as const)('with %s "%s" are refused', (name, value, text) => {
    expect(() => encodeSlip({ ...ALL, [name]: value })).toThrow(
      expect.objectContaining({ code: 'E_FIELD_VALUE', message: expect.stringMatching(text) }),
    );
  });

  it.each(['merchantName', 'typeName', 'operator', 'dateTime', 'printedSlips'] as const)(
    'need %s',
    (name) => {
      const { [name]: _gone, ...rest } = ELEMENTS;
      expect(() => encodeSlip(rest)).toThrow(expect.objectContaining({ code: 'E_FIELD_VALUE' }));
    },
  );

  it('leave out the least of them where field 55 has no room for all', () => {
    const long = {
      ...ALL,
      merchantName: '店'.repeat(20),
      typeName: '撤'.repeat(12),
      issuerData: '07'.repeat(32),
      remark: 'x'.repeat(60),
      label: 'UNIONPAY DEBIT',
    };
    const { elements } = decodeSlip(encodeSlip(long));
    expect(Object.keys(elements)).not.toContain('remark');
    expect(elements.cryptogram).toBe(ALL.cryptogram);
    expect(encodeSlip(long).length).toBeLessThanOrEqual(510);
  });

  it.each<[string, string, string, string]>([
    ['a control character in a name', 'FF010102', 'E_BAD_CHARSET', '55.FF01'],
    ['half a character', 'FF0003B2E2CA', 'E_BAD_CHARSET', '55.FF00'],
    ['a control character', 'FF0706310A33343536', 'E_BAD_CHARSET', '55.FF07'],
    ['digits that are none', 'FF0502301A', 'E_BAD_DIGIT', '55.FF05'],
    ['a date that is too short', 'FF0606202601151005', 'E_FIELD_LENGTH', '55.FF06'],
    ['a name that is too long', `FF0029${'41'.repeat(41)}`, 'E_FIELD_LENGTH', '55.FF00'],
  ])('with %s are refused at their tag', (_, wrong, code, path) => {
    const error = refusal(wrong + F55);
    expect(error.code).toMatch(new RegExp(`^${code}`));
    expect(error.path).toContain(path);
  });

  it('without one that must be there are refused', () => {
    expect(refusal('FF020101')).toMatchObject({ code: 'E_FIELD_MISSING', path: '55.FF00' });
  });

  it('keep tags that nobody knows, and a second one of a kind', () => {
    const { elements, others } = decodeSlip(`${F55}FF580201FFFF020102`);
    expect(elements).toEqual(ELEMENTS);
    expect(others).toEqual([
      { tag: 'FF58', value: '01FF' },
      { tag: 'FF02', value: '02' },
    ]);
  });

  it('with any bit flipped or cut anywhere are read, or refused with our own error', () => {
    const bytes = fromHex(F55);
    for (let at = 0; at < bytes.length; at++) {
      for (let bit = 0; bit < 8; bit++) {
        const wrong = bytes.slice();
        wrong[at]! ^= 1 << bit;
        readOrRefuse(toHex(wrong));
      }
      readOrRefuse(toHex(bytes.subarray(0, at)));
    }
    expect(SLIP_ELEMENTS.length).toBeGreaterThan(25);
  });
});

function refusal(hex: string): CountersignError {
  try {
    decodeSlip(hex);
  } catch (error) {
    if (error instanceof CountersignError) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

function readOrRefuse(hex: string): void {
  try {
    decodeSlip(hex);
  } catch (error) {
    if (!(error instanceof CountersignError)) throw error;
  }
}
