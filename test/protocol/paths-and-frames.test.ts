import { describe, expect, it } from 'vitest';
import { messageVector } from '../vectors.ts';
import { fromHex } from '../../protocol/bytes/hex.ts';
import { loadDialect } from '../../protocol/dialect/load-dialect.ts';
import type { Dialect } from '../../protocol/dialect/dialect.ts';
import type { StructureSpec } from '../../protocol/dialect/structure-spec.ts';
import { UNIONPAY_POS } from '../../protocol/dialects/unionpay-pos.ts';
import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import { FrameDecoder } from '../../protocol/framing/frame-decoder.ts';
import { unwrapMessage } from '../../protocol/framing/unwrap-message.ts';
import { readField, readPath } from '../../protocol/structure/field-structure.ts';
import { writePath } from '../../protocol/structure/write-path.ts';

function with62(structure: StructureSpec, extra: object = {}): Dialect {
  const spec = {
    name: 'x',
    zh: 'x',
    class: 'b',
    length: { max: 999 },
    prefix: 'LLL',
    structure,
    ...extra,
  };
  return loadDialect(
    {
      id: 'x',
      title: 'x',
      mti: { encoding: 'ascii' },
      bitmap: { encoding: 'hex', fields: 64 },
      fields: { 62: spec as never },
    },
    () => undefined,
  );
}
function framing(prefix: Dialect['framing']['prefix'], more: object = {}): Dialect {
  return loadDialect(
    {
      id: 'x',
      title: 'x',
      mti: { encoding: 'bcd' },
      bitmap: { encoding: 'binary', fields: 64 },
      fields: {},
      framing: { prefix, maxFrameBytes: 4096, ...more },
    },
    () => undefined,
  );
}
const message = (mti: string, fields: Record<number, string>) => ({ mti, fields });
function refusal(
  dialect: Dialect,
  old: ReturnType<typeof message>,
  path: string,
  value: string,
): string {
  try {
    return `accepted ${JSON.stringify(writePath(dialect, old, path, value).fields)}`;
  } catch (error) {
    if (!(error instanceof CountersignError)) throw error;
    return `${error.code} ${error.path ?? '-'}`;
  }
}
const x = { name: 'x', zh: 'x' };
const sub = (bitmap: boolean): Dialect =>
  with62({
    kind: 'sub-message',
    ...(bitmap ? { bitmap: { encoding: 'binary', bytes: 1 } } : {}),
    fields: {
      1: { ...x, class: 'n', encoding: 'bcd', length: 4 },
      2: { ...x, class: 'ans', length: 2 },
      3: {
        ...x,
        class: 'n',
        encoding: 'bcd',
        length: 6,
        structure: {
          kind: 'positions',
          parts: [
            { ...x, size: 4 },
            { ...x, size: 2 },
          ],
        },
      },
    },
  });
const RECORD = '0000000200006225881234567898000000010000';

describe('at the edge', () => {
  it('a bare message whose bitmap begins with 60 is no frame', () =>
    expect(
      unwrapMessage(UNIONPAY_POS, fromHex(messageVector('balance-request').hex.slice(26))),
    ).toEqual({ start: 0 }));
  it('a bare message as long as its type would say is no frame', () =>
    expect(unwrapMessage(UNIONPAY_POS, fromHex(`0200${'70'.repeat(512)}`))).toEqual({ start: 0 }));
  it('a TPDU that would be its own length prefix is a TPDU', () => {
    const d = framing({ encoding: 'binary-le', bytes: 2 }, { tpdu: '6000030000' });
    expect(unwrapMessage(d, fromHex(`6000030000${'00'.repeat(93)}`)).start).toBe(5);
  });
  it('a frame that is cut in its TPDU is refused', () =>
    expect(() => unwrapMessage(UNIONPAY_POS, fromHex('0034600003'))).toThrow(CountersignError));
  it('a path of 20 000 steps is refused', () =>
    expect(
      refusal(UNIONPAY_POS, message('0200', { 55: '' }), `55${'.70'.repeat(20000)}`, '01'),
    ).toMatch(/^E_/));
  it('nothing is written deeper than can be read', () =>
    expect(
      refusal(UNIONPAY_POS, message('0200', { 55: '' }), '55.70.70.70.70.70.5A', '01'),
    ).toMatch(/^E_/));
  it('nothing is written into a primitive tag', () =>
    expect(refusal(UNIONPAY_POS, message('0200', { 55: '' }), '55.9F26.82', '1122')).toMatch(
      /^E_PATH/,
    ));
  it('nothing is written into a primitive tag that is unknown', () =>
    expect(refusal(UNIONPAY_POS, message('0200', { 55: '5F340101' }), '55.C1.82', '1122')).toMatch(
      /^E_PATH/,
    ));
  it('a BER tag of a known size takes no other', () =>
    expect(refusal(UNIONPAY_POS, message('0200', { 55: '' }), '55.9F26', '01')).toMatch(
      /^E_FIELD_VALUE/,
    ));
  it('a text tag of a known size takes no other', () => {
    const d = with62(
      { kind: 'text-tlv', tagCharacters: 2, lengthDigits: 2, tags: { T1: { ...x, size: 6 } } },
      { class: 'ans' },
    );
    expect(refusal(d, message('0200', { 62: '' }), '62.T1', '12')).toMatch(/^E_FIELD_VALUE/);
  });
  it('the first record of an absent field is written', () =>
    expect(refusal(UNIONPAY_POS, message('0320', { 60: '00000001201' }), '48.1', RECORD)).toContain(
      `01${RECORD}`,
    ));
  it('the first sub-field of an absent field is written, with its bitmap', () =>
    expect(refusal(sub(true), message('0200', {}), '62.1', '1234')).toContain('801234'));
  it('the first sub-field of an absent field is written, without one', () =>
    expect(refusal(sub(false), message('0200', {}), '62.1', '1234')).toContain('"1234"'));
  it('nothing is left out before a sub-field without a bitmap', () =>
    expect(refusal(sub(false), message('0200', { 62: '1234' }), '62.3', '123456')).toMatch(
      /^E_PATH/,
    ));
  it('no more records are written than the count can say', () => {
    const d = with62(
      { kind: 'records', countDigits: 1, parts: [{ ...x, size: 2 }] },
      { class: 'n' },
    );
    expect(refusal(d, message('0200', { 62: `9${'11'.repeat(9)}` }), '62.10', '22')).toMatch(/^E_/);
  });
  it('no more records are written than the dialect allows', () =>
    expect(
      refusal(
        UNIONPAY_POS,
        message('0320', { 60: '00000001201', 48: `08${RECORD.repeat(8)}` }),
        '48.9',
        RECORD,
      ),
    ).toMatch(/^E_/));
  it('a sub-field has one name', () => {
    const parts = [
      { ...x, size: 4 },
      { ...x, size: 2 },
    ];
    const d = with62({
      kind: 'sub-message',
      bitmap: { encoding: 'binary', bytes: 1 },
      fields: {
        3: {
          ...x,
          class: 'ans',
          length: { max: 9 },
          prefix: 'LL',
          structure: { kind: 'positions', parts },
        },
      },
    });
    expect(refusal(d, message('0200', { 62: '203036414243444546' }), '62.03.1', '9999')).toMatch(
      /^E_/,
    );
  });
  it('a field that no GBK holds is not silently changed', () =>
    expect(refusal(UNIONPAY_POS, message('0200', { 63: 'CUP\u{1F600}' }), '63.1', 'VIS')).toMatch(
      /^E_/,
    ));
  it('half a part is no part', () =>
    expect(readPath(UNIONPAY_POS, message('0200', { 61: '00000112' }), '61.2')).toBeUndefined());
  it('a step of a path has one notation', () =>
    expect(
      ['60.1e0', '60.0x1', '60. 1', '0x3c', '6e1'].map((p) =>
        readPath(UNIONPAY_POS, message('0200', { 60: '22000001' }), p),
      ),
    ).toEqual([undefined, undefined, undefined, undefined, undefined]));
  it('a tag named as a member of objects is unknown', () => {
    const d = with62(
      { kind: 'fixed-tags', tagCharacters: 8, tags: { AAAAAAAA: { ...x, size: 1 } } },
      { class: 'ans' },
    );
    expect(readField(d, message('0200', { 62: 'toStringREST' }), 62).problem?.code).toBe(
      'E_TLV_TAG',
    );
  });
  it('a cut text TLV inside a tag is no overrun of its template', () => {
    const d = with62({
      kind: 'ber-tlv',
      tags: { C1: { ...x, structure: { kind: 'text-tlv', tagCharacters: 1, lengthDigits: 1 } } },
    });
    expect(readField(d, message('0200', { 62: '7005C103413941' }), 62).problem?.code).toBe(
      'E_TLV_TRUNCATED',
    );
  });
  it('a frame above the limit is not told to have its own form', () => {
    const d = new FrameDecoder(UNIONPAY_POS);
    let hint = '';
    try {
      d.push(Uint8Array.of(0x13, 0x88, ...new Uint8Array(5000)), () => undefined);
    } catch (error) {
      hint = (error as CountersignError).hint;
    }
    expect(hint).not.toBe(
      'read as two bytes, big-endian, the prefix would fit; this dialect has it as two bytes, big-endian',
    );
  });
  it('a BCD prefix is not called binary', () => {
    let hint = '';
    try {
      new FrameDecoder(framing({ encoding: 'bcd', bytes: 2 }, { maxFrameBytes: 2000 })).push(
        fromHex('3031313760'),
        () => undefined,
      );
    } catch (error) {
      hint = (error as CountersignError).hint;
    }
    expect(hint).not.toContain('binary');
  });
  it('a decoder that has failed waits for nothing', () => {
    const d = new FrameDecoder(UNIONPAY_POS);
    expect(() => d.push(fromHex('FFFF'), () => undefined, 5)).toThrow();
    expect([d.isInsideFrame, d.isOverdue(100, 1)]).toEqual([false, false]);
  });
});

describe('what is kept of a dialect', () => {
  const inParts = (...sizes: readonly number[]): Dialect =>
    with62({
      kind: 'positions',
      parts: sizes.map((size) => ({ name: 'x', zh: 'x', size })),
    });

  it('is not used for another one: the same path reads each as that dialect has it', () => {
    const sent = message('0200', { 62: '313233343536' });
    const [two, four] = [inParts(2, 4), inParts(4, 2)];
    for (let times = 0; times < 2; times++) {
      expect([readPath(two, sent, '62.1'), readPath(four, sent, '62.1')]).toEqual([
        '3132',
        '31323334',
      ]);
    }
  });
});
