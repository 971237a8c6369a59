import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { HostEvent } from '../../../emulator/host/host-event.ts';
import { UNIONPAY_POS } from '../../../protocol/dialects/unionpay-pos.ts';
import { locateFields } from '../../../protocol/message/decode-message.ts';
import type { FieldValues } from '../../../protocol/message/message.ts';
import { desCipher } from '../../../protocol/security/block-cipher.ts';
import { sealMac } from '../../../protocol/security/mac.ts';
import { ENVELOPE_BYTES } from '../../vectors.ts';
import { VECTOR_KEYS } from '../terminal/terminal-desk.ts';
import { encodeMessage } from '../../../protocol/message/encode-message.ts';
import type { NamedTransaction } from '../../../protocol/message/classify-request.ts';
import type { Request } from '../../../emulator/host/switch/request.ts';
import { fingerprintOf, readRequest } from '../../../emulator/host/switch/request-content.ts';
import {
  accountOf,
  frame,
  HostDesk,
  keyedSale,
  refundFields,
  saleFields,
  type FieldChanges,
} from './host-desk.ts';

/** What of a request its fingerprint looks at besides its fields. */
interface Asked {
  readonly mti: string;
  readonly pan: string;
  readonly advice: true;
}

const TRACK3 = `99${'1'.repeat(30)}`;
const SALE = keyedSale('debit', '000000010000');

function fieldsFrom(changes: FieldChanges): FieldValues {
  const fields: FieldValues = {};
  for (const [key, value] of Object.entries(changes)) {
    if (value !== undefined) fields[Number(key)] = value;
  }
  return fields;
}

/** What hosts kept of a content before: SHA-256 of the texts of its fields. */
function digestOf(mti: string, card: string, fields: FieldValues): string {
  const texts = Object.entries(fields)
    .filter(([field]) => !['2', '35', '36', '64'].includes(field))
    .map(([field, value]) => ` ${field}=${value}`);
  return createHash('sha256')
    .update(`${mti} ${card}${texts.join('')}`)
    .digest('hex');
}

function withDigest(journal: readonly HostEvent[], fingerprint: string): HostEvent[] {
  return journal.map((event) =>
    event.kind === 'exchange-answered' ? { ...event, fingerprint } : event,
  );
}

/** The same with another pad behind the three digits of field 22, and sealed again. */
function withPad(bytes: Uint8Array, pad: number): Uint8Array {
  const changed = Uint8Array.from(bytes);
  const body = changed.subarray(2 + ENVELOPE_BYTES);
  const place = locateFields(UNIONPAY_POS, body).find(({ field }) => field === 22)!;
  body[place.valueOffset + 1]! |= pad;
  sealMac(desCipher(VECTOR_KEYS.mak), body);
  return changed;
}

/** A host that has approved a sale, and a request to refund it. */
function refund(): { readonly desk: HostDesk; readonly fields: FieldValues } {
  const desk = new HostDesk();
  const sale = desk.ask(frame('0200', saleFields()));
  const fields = refundFields(sale, { 11: '000003' });
  return { desk, fields };
}

function printOf(changes: FieldChanges, more: Partial<Asked> = {}): string {
  const fields = fieldsFrom({ ...saleFields(), 36: TRACK3, 64: '00'.repeat(8), ...changes });
  const mti = more.mti ?? '0200';
  const encoded = encodeMessage(UNIONPAY_POS, { mti, fields });
  expect(readRequest(UNIONPAY_POS, encoded, 0).ok).toBe(true);
  const transaction = { name: 'sale', advice: more.advice } as NamedTransaction;
  return fingerprintOf({ message: { mti, fields }, transaction, pan: more.pan } as Request);
}

describe('the fingerprint of a request', () => {
  it.each([
    ['the card number', { 2: '6225881234567890' }],
    ['the second track', { 35: '6225881234567898D30122200000000999' }],
    ['the third track', { 36: TRACK3.replace('1', '2') }],
    ['the MAC', { 64: 'FF'.repeat(8) }],
  ])('does not count %s', (_, changes: FieldChanges) => {
    expect(printOf(changes)).toBe(printOf({}));
  });

  it('counts the message type, and the security field unless it is an advice', () => {
    const other = { 53: '2600000000000001' };
    expect(printOf({}, { mti: '0220' })).not.toBe(printOf({}));
    expect(printOf(other)).not.toBe(printOf({}));
    expect(printOf(other, { advice: true })).toBe(printOf({}, { advice: true }));
  });

  it('counts what is shown of the number of an unknown card', () => {
    const [one, same, other] = ['6225881111110128', '6225882222220128', '6225891111110128'].map(
      (pan) => printOf({}, { pan }),
    );
    expect(same).toBe(one);
    expect(other).not.toBe(one);
  });
});

describe('a request under a number that was used', () => {
  it.each([
    ['another card', { 2: accountOf('credit').pan }],
    ['another security field', { 53: '0600000000000001' }],
    ['one field less', { 14: undefined }],
    ['one field more', { 12: '093000' }],
  ])('with %s is another one', (_, changes: { [field: number]: string | undefined }) => {
    const desk = new HostDesk();
    expect(desk.rc('0200', SALE)).toBe('00');
    const before = desk.view();
    expect(desk.rc('0200', keyedSale('debit', '000000010000', changes))).toBe('94');
    expect(desk.view()).toEqual(before);
    expect(desk.rc('0200', SALE)).toBe('00');
  });

  it('is the same advice with another security field, and no other with another amount', () => {
    const { desk, fields } = refund();
    const first = desk.ask(frame('0220', fields));
    const before = desk.view();
    const again = desk.ask(frame('0220', { ...fields, 53: '0600000000000001' }));
    expect([again.fields[37], again.fields[39]]).toEqual([first.fields[37], first.fields[39]]);
    expect(desk.rc('0220', { ...fields, 4: '000000000077' })).toBe('94');
    expect(desk.view()).toEqual(before);
  });

  it.each([
    ['with a pad that is let pass', 0, 15],
    ['without it', 15, 0],
    ['with another such pad', 7, 15],
  ])('is the same %s', (_, first, second) => {
    const desk = new HostDesk();
    const bytes = frame('0200', SALE);
    const answers = [first, second].map((pad) => desk.ask(withPad(bytes, pad)));
    expect(answers.map(({ fields }) => fields[39])).toEqual(['00', '00']);
    expect(answers[1]!.fields[37]).toBe(answers[0]!.fields[37]);
    const other = keyedSale('debit', '000000010001');
    expect(desk.ask(withPad(frame('0200', other), 15)).fields[39]).toBe('94');
  });

  it.each([
    ['0200', 60, '22000001000', '220000010000'],
    ['0200', 60, '2200000100050', '22000001000500'],
    ['0220', 61, '0000000000000115102', '00000000000001151020'],
  ])('of type %s is another one with a digit more in field %i', (mti, field, short, long) => {
    for (const [one, other] of [
      [short, long],
      [long, short],
    ]) {
      const { desk, fields } = mti === '0200' ? { desk: new HostDesk(), fields: SALE } : refund();
      expect(desk.rc(mti, { ...fields, [field]: one! })).toBe('00');
      expect(desk.rc(mti, { ...fields, [field]: other! })).toBe('94');
      expect(desk.rc(mti, { ...fields, [field]: one! })).toBe('00');
    }
  });

  it('is the same with another pad also where its text is no GBK', () => {
    for (const pads of [
      [15, 0],
      [0, 15],
    ]) {
      const { desk, fields } = refund();
      const bytes = frame('0220', { ...fields, 63: `CUP${'a'.repeat(19)}\\xB0` });
      const [one, other] = pads.map((pad) => desk.ask(withPad(bytes, pad)));
      expect([one!.fields[39], other!.fields[39]]).toEqual(['00', '00']);
      expect(other!.fields[37]).toBe(one!.fields[37]);
    }
  });

  it('is compared as before with what an older journal has kept', () => {
    const first = new HostDesk();
    const answer = first.ask(frame('0200', SALE));
    const kept = first.journal.find(({ kind }) => kind === 'exchange-answered');
    expect(kept).toMatchObject({ fingerprint: expect.stringMatching(/^[\w-]{10}$/) });
    const journal = withDigest(first.journal, digestOf('0200', 'debit', SALE));
    const desk = new HostDesk(journal);
    expect(desk.ask(frame('0200', SALE)).fields[37]).toBe(answer.fields[37]);
    expect(desk.rc('0200', { ...SALE, 4: '000000010001' })).toBe('94');
    expect(desk.rc('0200', { ...SALE, 53: '0600000000000001' })).toBe('94');
    expect(desk.rc('0200', SALE)).toBe('00');
  });

  it('is compared as before with an advice that an older journal has kept', () => {
    const { desk: first, fields } = refund();
    const answer = first.ask(frame('0220', fields));
    const { 53: _security, ...content } = fields;
    const journal = withDigest(first.journal, digestOf('0220', 'debit', content));
    const desk = new HostDesk(journal);
    const again = desk.ask(frame('0220', { ...fields, 53: '0600000000000001' }));
    expect(again.fields[37]).toBe(answer.fields[37]);
    expect(desk.rc('0220', { ...fields, 4: '000000000077' })).toBe('94');
  });

  it('counts the number of an unknown card as it is shown, so that it cannot be searched for', () => {
    const kept = ['1111111', '2222222'].map((middle) => {
      const desk = new HostDesk();
      const fields = keyedSale('debit', '000000010000', { 2: `622588${middle}0128` });
      expect(desk.rc('0200', fields)).toBe('14');
      return desk.journal.find(({ kind }) => kind === 'exchange-answered');
    });
    expect(kept[0]).toMatchObject({ fingerprint: expect.stringMatching(/^[\w-]{10}$/) });
    expect(kept[1]).toEqual(kept[0]);
  });
});
