import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { messageVector } from '../vectors.ts';
import { sampleSlip } from '../../docs/sample-slip.ts';
import { fromHex } from '../../protocol/bytes/hex.ts';
import { UNIONPAY_POS } from '../../protocol/dialects/unionpay-pos.ts';
import { unwrapMessage } from '../../protocol/framing/unwrap-message.ts';
import { getPixel, type Bitmap } from '../../protocol/jbig/bitmap.ts';
import { decodeMessage } from '../../protocol/message/decode-message.ts';
import type { FieldValues, Message } from '../../protocol/message/message.ts';
import { carriesFeature } from '../../protocol/signature/feature-stamp.ts';
import { SLIP_COLUMNS, wrapped } from '../../reports/slip/slip-columns.ts';
import { displayWidth } from '../../reports/printable.ts';
import { slipPng } from '../../reports/slip/slip-png.ts';
import { slipOfUpload, type SlipRecord } from '../../reports/slip/slip-record.ts';
import { slipSvg } from '../../reports/slip/slip-svg.ts';
import { slipText } from '../../reports/slip/slip-text.ts';

function upload(name: string, changes: FieldValues = {}): Message {
  const bytes = fromHex(messageVector(name).hex);
  const { start } = unwrapMessage(UNIONPAY_POS, bytes);
  const decoded = decodeMessage(UNIONPAY_POS, bytes, start, bytes.length);
  if (!decoded.ok) throw decoded.error;
  const { mti, fields } = decoded.message;
  return { mti, fields: { ...fields, ...changes } };
}

const WHOLE = upload('esign-upload-request');
const PARTS = ['esign-upload-part1-request', 'esign-upload-part2-request'].map((name) =>
  upload(name),
);

const slip = (...messages: Message[]): SlipRecord => slipOfUpload(UNIONPAY_POS, messages);

describe('a slip as text', () => {
  it('shows what the upload of the vectors says, in either language', () => {
    const zh = slipText(slip(WHOLE), 'zh');
    for (const [label, value] of [
      ['商户名称', '测试商户一'],
      ['卡号', '622588******7898'],
      ['批次号', '000001'],
      ['凭证号', '000002'],
      ['参考号', '100501000002'],
      ['授权码', '123456'],
      ['日期时间', '2026-01-15 10:05:01'],
      ['金额', 'RMB 100.00'],
      ['持卡人签名', '[160×60]'],
      ['交易特征码', '00151007'],
    ] as const) {
      expect(zh).toMatch(new RegExp(`^${label} +${value.replaceAll(/[*[\]]/g, '\\$&')}$`, 'm'));
    }
    const en = slipText(slip(WHOLE), 'en');
    expect(en).toMatch(/^Merchant +测试商户一$/m);
    expect(en).toMatch(/^Amount +RMB 100\.00$/m);
    expect(zh + en).not.toContain(WHOLE.fields[2]);
  });

  it('keeps to its columns, also with long values', () => {
    for (const lang of ['zh', 'en'] as const) {
      const lines = slipText(sampleSlip(), lang).split('\n');
      expect(lines.filter((line) => displayWidth(line) > SLIP_COLUMNS)).toEqual([]);
    }
  });

  it('shows control characters instead of obeying them (F149)', () => {
    const record = slip(WHOLE);
    const text = slipText({ ...record, tid: 'T\u001B[2J' }, 'en');
    expect(text).toContain('T\\u001B[2J');
    expect(text).not.toContain('\u001B');
  });

  it('breaks at spaces where there are some, and loses nothing', () => {
    expect(wrapped('one two three', 7)).toEqual(['one two', 'three']);
    expect(wrapped('ABCDEFGHIJ', 4)).toEqual(['ABCD', 'EFGH', 'IJ']);
    expect(wrapped('持卡人同意', 4)).toEqual(['持卡', '人同', '意']);
    expect(wrapped('', 4)).toEqual(['']);
  });
});

describe('a slip with more on it', () => {
  it('shows tip, part that was approved, original sale and masked phone, never the phone itself', () => {
    const record = slip(WHOLE);
    const elements = {
      ...record.elements,
      tip: '000000001050',
      partialAmount: '000000009000',
      originalStan: '000007',
      phone: '013800138000',
      maskedPhone: '138****8000',
      remark: 'thank you',
    };
    const text = slipText({ ...record, elements }, 'en');
    expect(text).toMatch(/^Tip +RMB 10\.50$/m);
    expect(text).toMatch(/^Partly approved +RMB 90\.00$/m);
    expect(text).toMatch(/^Original trace +000007$/m);
    expect(text).toMatch(/^Mobile +138\*{4}8000$/m);
    expect(text).toMatch(/^Remark +thank you$/m);
    expect(text).not.toContain('13800138000');
  });
});

describe('the slip of packets', () => {
  it('is whole, in whatever order they are given', () => {
    const [first, second] = PARTS as [Message, Message];
    const record = slip(first, second);
    expect(slip(second, first)).toEqual(record);
    expect(record.signature).toMatchObject({ width: 160, height: 60 });
  });

  it.each<[string, readonly Message[], object]>([
    ['without the second', [PARTS[0]!], { code: 'E_JBIG_TRUNCATED' }],
    [
      'of two sales',
      [PARTS[0]!, { ...PARTS[1]!, fields: { ...PARTS[1]!.fields, 11: '000009' } }],
      { code: 'E_FIELD_VALUE', path: '11' },
    ],
    [
      'without a picture',
      [upload('esign-upload-request', { 62: '' })],
      { code: 'E_FIELD_MISSING', path: '62' },
    ],
    [
      'without slip elements',
      [upload('esign-upload-request', { 55: '' })],
      { code: 'E_FIELD_MISSING', path: '55' },
    ],
    ['that is none', [upload('sale-mag-pin-request')], { code: 'E_FIELD_MISSING', path: '55' }],
    ['of nothing', [], { code: 'E_FIELD_MISSING' }],
  ])('%s is refused with its place', (_, messages, refusal) => {
    expect(() => slip(...messages)).toThrow(expect.objectContaining(refusal));
  });
});

/** The bitmap that the rectangles of an SVG's second path draw. */
function drawnBitmap(svg: string, { width, height }: Bitmap): boolean[] {
  const black = Array.from({ length: width * height }, () => false);
  const d = /crispEdges" d="([^"]*)"/.exec(svg)![1]!;
  for (const [, x, y, run] of d.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    const at = Number(y) * width + Number(x);
    black.fill(true, at, at + Number(run));
  }
  return black;
}

describe('a slip as a picture', () => {
  it('is well-formed, with every pixel of the signature and the feature code in it', () => {
    const record = sampleSlip();
    const svg = slipSvg(record, 'zh');
    expect(XMLValidator.validate(svg)).toBe(true);
    const { signature } = record;
    const pixels = Array.from({ length: signature.width * signature.height }, (_, at) =>
      Boolean(getPixel(signature, at % signature.width, Math.floor(at / signature.width))),
    );
    expect(drawnBitmap(svg, signature)).toEqual(pixels);
    expect(carriesFeature(signature, record.feature)).toBe(true);
  });

  it('escapes what merchants call themselves', () => {
    const record = slip(WHOLE);
    const merchantName = 'A<b>&"\u0001店';
    const svg = slipSvg({ ...record, elements: { ...record.elements, merchantName } }, 'zh');
    expect(XMLValidator.validate(svg)).toBe(true);
    const texts: unknown[] = new XMLParser({ ignoreAttributes: true }).parse(svg).svg.text;
    expect(texts).toContain('A<b>&"\uFFFD店');
  });

  it('becomes a PNG of its size, and another one for another signature', async () => {
    const [one, two] = [sampleSlip(5), sampleSlip(6)].map((record) => slipSvg(record, 'en'));
    const png = Buffer.from(await slipPng(one!));
    expect(png.subarray(0, 8).toString('hex').toUpperCase()).toBe('89504E470D0A1A0A');
    const height = Number(/height="(\d+)"/.exec(one!)![1]);
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([416, height]);
    expect(png.equals(await slipPng(two!))).toBe(false);
    expect(png.equals(await slipPng(one!))).toBe(true);
    // Letters are drawn: without the merchant's name it is another picture.
    const nameless = one!.replace('测试商户一', '');
    expect(png.equals(await slipPng(nameless))).toBe(false);
  });
});
