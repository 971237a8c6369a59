import { describe, expect, it } from 'vitest';
import { messageVector } from '../../vectors.ts';
import { sampleStrokes } from '../../../emulator/signature/sample-strokes.ts';
import { seededRandom } from '../../../emulator/world/seeded-random.ts';
import { fromHex, toHex } from '../../../protocol/bytes/hex.ts';
import { makeBitmap } from '../../../protocol/jbig/bitmap.ts';
import { encodeJbig } from '../../../protocol/jbig/encode-jbig.ts';
import { featureCode } from '../../../protocol/message/feature-code.ts';
import type { FieldValues, Message } from '../../../protocol/message/message.ts';
import { stampFeature } from '../../../protocol/signature/feature-stamp.ts';
import { rasterise } from '../../../protocol/signature/rasterise.ts';
import {
  frame,
  HostDesk,
  reversalOf,
  saleFields,
  saleFrame,
  voidFields,
  type FieldChanges,
} from './host-desk.ts';

const ID = '10000001-000001-000002';

function vectorFields(name: string): FieldValues {
  const fields: FieldValues = {};
  for (const [key, value] of Object.entries(messageVector(name).fields)) {
    if (key !== '64') fields[Number(key)] = typeof value === 'string' ? value : value.hex;
  }
  return fields;
}

const VECTOR = vectorFields('esign-upload-request');
const IMAGE = VECTOR[62]!;

/** A desk with the sale that the signature of the vectors belongs to, STAN 000002. */
function sold(): { desk: HostDesk; sale: Message } {
  const desk = new HostDesk();
  const sale = desk.ask(saleFrame());
  if (sale.fields[39] !== '00') throw new Error('the sale was not approved');
  return { desk, sale };
}

function upload(sale: Message, changes: FieldChanges = {}): FieldValues {
  const fields: FieldValues = { ...VECTOR, 11: '000002', 37: sale.fields[37]! };
  for (const [key, value] of Object.entries(changes)) {
    if (value === undefined) delete fields[Number(key)];
    else fields[Number(key)] = value;
  }
  return fields;
}

function packet(sale: Message, code: number, piece: string): FieldValues {
  return upload(sale, { 60: `07000001${code}`, 62: piece });
}

describe('the upload of a signature', () => {
  it('of the vectors is stored with its sale, and moves no money', () => {
    const { desk, sale } = sold();
    const before = desk.books;
    const answer = desk.ask(frame('0820', upload(sale)));
    expect(answer.fields).toMatchObject({ 11: '000002', 39: '00', 60: '07000001800' });
    expect(answer.fields[64]).toBeDefined();
    expect(desk.state.archive.signatures.get(ID)).toMatchObject({
      pieces: [IMAGE],
      slip: VECTOR[55],
      whole: { image: { width: 160, height: 60, bytes: IMAGE.length / 2 } },
    });
    expect(desk.books).toEqual(before);
  });

  it('is known again after a restart, and a repeated one is stored already', () => {
    const { desk, sale } = sold();
    expect(desk.rc('0820', upload(sale))).toBe('00');
    expect(desk.rc('0820', upload(sale))).toBe('94');
    const again = new HostDesk(desk.journal);
    expect(again.state.archive.signatures.get(ID)).toEqual(desk.state.archive.signatures.get(ID));
    expect(again.rc('0820', upload(sale))).toBe('94');
  });

  it('with another picture than the stored one changes nothing', () => {
    const { desk, sale } = sold();
    desk.rc('0820', upload(sale));
    const other = toHex(encodeJbig(rasterise(sampleStrokes(seededRandom(1), { script: 'latin' }))));
    expect(desk.rc('0820', upload(sale, { 62: other }))).toBe('94');
    expect(desk.state.archive.signatures.get(ID)?.pieces).toEqual([IMAGE]);
  });

  it('says whether the feature code of its sale is burnt in', () => {
    const { desk, sale } = sold();
    const bitmap = rasterise(sampleStrokes(seededRandom(3), { script: 'chinese' }));
    stampFeature(bitmap, featureCode(sale.fields[15]!, sale.fields[37]!));
    expect(desk.rc('0820', upload(sale, { 62: toHex(encodeJbig(bitmap)) }))).toBe('00');
    expect(desk.state.archive.signatures.get(ID)?.whole?.image).toMatchObject({
      hasFeature: true,
      width: 320,
    });
    const other = sold();
    other.desk.rc('0820', upload(other.sale));
    expect(other.desk.state.archive.signatures.get(ID)?.whole?.image.hasFeature).toBe(false);
  });

  it.each<[string, FieldChanges, string]>([
    ['of a sale that there is not', { 11: '000099' }, '25'],
    ['of another batch', { 60: '07000009800' }, '25'],
    ['with another reference number', { 37: '000000000000' }, '25'],
    ['with another amount', { 4: '000000010001' }, '64'],
    ['with another card', { 2: '6228484123456789011' }, '14'],
    ['without slip elements', { 55: undefined }, '30'],
    ['with slip elements that are none', { 55: 'FF000AB2' }, '30'],
    ['with a merchant name that is no GBK', { 55: `FF0002B2E2CA${VECTOR[55]!}` }, '30'],
    ['without a picture', { 62: undefined }, '30'],
    ['with an empty picture', { 62: '' }, '30'],
    ['with a picture that is no JBIG', { 62: '89504E470D0A1A0A' }, '30'],
    ['with a white picture', { 62: toHex(encodeJbig(makeBitmap(160, 60))) }, '30'],
    ['with a picture of 2³²-1 columns', { 62: `00000100FFFFFFFF${IMAGE.slice(16)}` }, '30'],
    ['with bytes behind its picture', { 62: `${IMAGE}00` }, '30'],
  ])('%s is refused with its code, and the sale stays due', (_, changes, rc) => {
    const { desk, sale } = sold();
    const before = desk.view();
    expect(desk.rc('0820', upload(sale, changes))).toBe(rc);
    expect(desk.state.archive.signatures.size).toBe(0);
    expect(desk.view()).toEqual(before);
    expect(desk.rc('0820', upload(sale))).toBe('00');
  });

  it('of a declined, or of a reversed sale is refused; of a voided one and of its void it is not', () => {
    const { desk, sale } = sold();
    const wrong = desk.ask(frame('0200', saleFields({ 11: '000007', 4: '999999999999' })));
    expect(wrong.fields[39]).toBe('61');
    expect(desk.rc('0820', upload(wrong, { 11: '000007', 4: '999999999999' }))).toBe('25');
    const voided = desk.ask(frame('0200', voidFields(sale, { 11: '000008' })));
    expect(voided.fields[39]).toBe('00');
    expect(desk.rc('0820', upload(voided, { 11: '000008' }))).toBe('00');
    expect(desk.rc('0820', upload(sale))).toBe('00');
    const { desk: other, sale: undone } = sold();
    expect(other.rc('0400', reversalOf(saleFields()))).toBe('00');
    expect(other.rc('0820', upload(undone))).toBe('25');
  });

  it('without MAC gets A0, without a session 77', () => {
    const { desk, sale } = sold();
    expect(desk.ask(frame('0820', upload(sale), 'none')).fields[39]).toBe('A0');
    desk.state.terminals.get('10000001')!.isSignedIn = false;
    expect(desk.rc('0820', upload(sale))).toBe('77');
    expect(desk.state.archive.signatures.size).toBe(0);
  });

  it('cut anywhere is refused, and with any bit flipped never does more than be stored', () => {
    const { desk, sale } = sold();
    const before = desk.books;
    const bytes = fromHex(IMAGE);
    for (let size = 1; size < bytes.length; size++) {
      const piece = toHex(bytes.subarray(0, size));
      expect([size, desk.rc('0820', upload(sale, { 62: piece }))]).toEqual([size, '30']);
    }
    expect(desk.state.archive.signatures.size).toBe(0);
    for (let at = 0; at < bytes.length; at++) {
      const wrong = bytes.slice();
      wrong[at]! ^= 1 << (at % 8);
      const rc = desk.rc('0820', upload(sale, { 62: toHex(wrong) }));
      expect(['00', '30', '94']).toContain(rc);
      desk.state.archive.signatures.clear();
    }
    expect(desk.books).toEqual(before);
    expect(desk.closed.size).toBe(0);
  });
});

describe('two sales with the same STAN in two batches', () => {
  it('have each their own signature (E08)', () => {
    const { desk, sale } = sold();
    const other = toHex(encodeJbig(rasterise(sampleStrokes(seededRandom(8), { script: 'latin' }))));
    expect(desk.rc('0820', upload(sale))).toBe('00');
    desk.state.terminals.get('10000001')!.batchNo = '000002';
    desk.state.terminals.get('10000001')!.otherAnswers = undefined;
    const next = desk.ask(frame('0200', saleFields({ 60: '2200000200060' })));
    expect(next.fields[39]).toBe('00');
    const fields = upload(next, { 60: '07000002800', 62: other });
    expect(desk.rc('0820', fields)).toBe('00');
    expect(desk.state.archive.signatures.get(ID)?.pieces).toEqual([IMAGE]);
    expect(desk.state.archive.signatures.get('10000001-000002-000002')?.pieces).toEqual([other]);
    // The first one's reference number does not fit the second batch.
    expect(desk.rc('0820', upload(sale, { 60: '07000002800' }))).toBe('25');
  });
});

describe('a signature in packets', () => {
  const pieces = [IMAGE.slice(0, 60), IMAGE.slice(60, 200), IMAGE.slice(200)];
  const send = (desk: HostDesk, sale: Message, at: number, piece = pieces[at]!): string =>
    desk.rc('0820', packet(sale, 801 + at, piece));

  it('is whole with its last one', () => {
    const { desk, sale } = sold();
    expect([0, 1].map((at) => send(desk, sale, at))).toEqual(['00', '00']);
    expect(desk.state.archive.signatures.get(ID)?.whole).toBeUndefined();
    expect(send(desk, sale, 2)).toBe('00');
    expect(desk.state.archive.signatures.get(ID)).toMatchObject({
      pieces,
      whole: { image: { width: 160 } },
    });
  });

  it('of the vectors is taken as it is', () => {
    const { desk, sale } = sold();
    for (const name of ['esign-upload-part1-request', 'esign-upload-part2-request']) {
      const { 55: slip, 60: codes, 62: piece } = vectorFields(name);
      const fields = upload(sale, { 55: slip, 60: `07000001${codes!.slice(8)}`, 62: piece });
      expect([name, desk.rc('0820', fields)]).toEqual([name, '00']);
    }
    expect(desk.state.archive.signatures.get(ID)?.whole).toBeDefined();
  });

  it('with a packet doubled is told so, and is whole all the same', () => {
    const { desk, sale } = sold();
    expect([0, 0, 1, 1, 0, 2, 2].map((at) => send(desk, sale, at)).join(' ')).toBe(
      '00 94 00 94 94 00 94',
    );
    expect(desk.state.archive.signatures.get(ID)).toMatchObject({
      pieces,
      whole: { image: { width: 160 } },
    });
  });

  it('with a packet lost, or out of order, waits for the one that is due', () => {
    const { desk, sale } = sold();
    expect(send(desk, sale, 1)).toBe('96');
    expect(desk.state.archive.signatures.size).toBe(0);
    expect(send(desk, sale, 0)).toBe('00');
    expect(send(desk, sale, 2)).toBe('96');
    expect([1, 2].map((at) => send(desk, sale, at))).toEqual(['00', '00']);
    expect(desk.state.archive.signatures.get(ID)?.whole).toBeDefined();
  });

  it('with a packet that names other slip elements waits for the right one', () => {
    const { desk, sale } = sold();
    send(desk, sale, 0);
    const other = { ...packet(sale, 802, pieces[1]!), 55: `${VECTOR[55]!}FF40023132` };
    expect(desk.rc('0820', other)).toBe('96');
    expect(desk.state.archive.refusals.get(ID)).toBe('96 field 55 is not that of the first packet');
    expect([1, 2].map((at) => send(desk, sale, at))).toEqual(['00', '00']);
  });

  it('takes an earlier packet again with other content, and goes on behind it', () => {
    const { desk, sale } = sold();
    send(desk, sale, 0);
    send(desk, sale, 1, 'AABB');
    expect(send(desk, sale, 1)).toBe('00');
    expect(desk.state.archive.signatures.get(ID)?.pieces).toEqual(pieces.slice(0, 2));
    expect(send(desk, sale, 2)).toBe('00');
    expect(desk.state.archive.signatures.get(ID)?.pieces).toEqual(pieces);
    expect(desk.rebooted().archive).toEqual(desk.state.archive);
  });

  it('begins anew with another first packet, as after a power cut', () => {
    const { desk, sale } = sold();
    send(desk, sale, 0, IMAGE.slice(0, 50));
    expect([0, 1, 2].map((at) => send(desk, sale, at))).toEqual(['00', '00', '00']);
    expect(desk.state.archive.signatures.get(ID)).toMatchObject({
      pieces,
      whole: { image: { width: 160 } },
    });
  });

  it('that spoils the picture is refused, and what was there stays', () => {
    const { desk, sale } = sold();
    send(desk, sale, 0);
    expect(send(desk, sale, 1, 'FF04')).toBe('30');
    expect(desk.state.archive.signatures.get(ID)?.pieces).toEqual([pieces[0]]);
    expect([1, 2].map((at) => send(desk, sale, at))).toEqual(['00', '00']);
  });

  it('that is not whole with the ninth is refused', () => {
    const { desk, sale } = sold();
    const codes = Array.from({ length: 9 }, (_, at) =>
      send(desk, sale, at, IMAGE.slice(at * 2, at * 2 + 2)),
    );
    expect(codes).toEqual([...Array.from({ length: 8 }, () => '00'), '30']);
  });
});

describe('what is kept of a refused upload', () => {
  it('is why, until one is stored; it survives a restart', () => {
    const { desk, sale } = sold();
    expect(desk.rc('0820', upload(sale, { 4: '000000010001' }))).toBe('64');
    expect(desk.state.archive.refusals.get(ID)).toBe('64 field 4 is another amount');
    expect(desk.rebooted().archive).toEqual(desk.state.archive);
    expect(desk.rc('0820', upload(sale))).toBe('00');
    expect(desk.state.archive.refusals.size).toBe(0);
    // What comes later does not make it an open item again.
    expect(desk.rc('0820', upload(sale, { 4: '000000010001' }))).toBe('64');
    expect(desk.state.archive.refusals.size).toBe(0);
    expect(desk.rc('0820', upload(sale, { 11: '000099' }))).toBe('25');
    expect(desk.state.archive.refusals.size).toBe(0);
  });

  it('is nothing for a wrong MAC: nobody knows who has sent it', () => {
    const { desk, sale } = sold();
    const wrong = frame('0820', upload(sale), (mac) => (mac[0]! ^= 1));
    expect(desk.ask(wrong).fields[39]).toBe('A0');
    expect(desk.state.archive.refusals.size).toBe(0);
  });
});

describe('a host that needs the feature code', () => {
  it('refuses a picture without it, and one with that of another transaction', () => {
    const { desk, sale } = sold();
    desk.state.signatureFeature = 'required';
    const stamped = (rrn: string): string => {
      const bitmap = rasterise(sampleStrokes(seededRandom(3), { script: 'chinese' }));
      stampFeature(bitmap, featureCode(sale.fields[15]!, rrn));
      return toHex(encodeJbig(bitmap));
    };
    expect(desk.rc('0820', upload(sale))).toBe('30');
    expect(desk.rc('0820', upload(sale, { 62: stamped('093000000099') }))).toBe('30');
    expect(desk.state.archive.refusals.get(ID)).toContain('feature code');
    expect(desk.rc('0820', upload(sale, { 62: stamped(sale.fields[37]!) }))).toBe('00');
  });
});
